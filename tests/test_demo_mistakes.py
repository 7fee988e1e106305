"""Every mistake of the demo, alone: taizhang finds just that, just there."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from sync_service.demo.bureau_mistakes import OF_BUREAU
from sync_service.demo.case_mistakes import OFFICES
from sync_service.demo.county import MISTAKES
from sync_service.demo.draft import Bundle, Draft, compare, right, typed, wrong
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor
from sync_service.demo.mistake import Mistake, only
from sync_service.demo.offices import of_bureau, of_township
from sync_service.demo.people import KINDS, anybody
from sync_service.demo.places import BUREAU, TOWNSHIPS
from sync_service.demo.settling import insured, placed
from sync_service.demo.writing import save_book
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.demo_county import references
from validators.check import check
from validators.raw import RawBook
from workbook_templates.catalogue import catalogue
from workbook_templates.form import load_forms

FORMS = load_forms()
TOWNSHIP = TOWNSHIPS[0]
DAYS = (date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29))
EVERYBODYS = (*MISTAKES, *OFFICES)
IN_A_CELL = {"F20", "F21", "F24", "F25", "F33"}
UNDER_THE_FILE = {code for code in catalogue() if code[0] in "FJL"} - IN_A_CELL | {"D12", "Z01"}
"""Problems of the file, the sheet or the county, which no row causes; Z01 is what only one county asks for."""

Place = tuple[str, str, int | None, str | None]


def _draft(*mistakes: Mistake, today: date, seed: int = 0, file: str = "城关镇.xlsx") -> Draft:
    """A small workbook in which right people, one of each kind, stand before those with the mistakes."""
    of = Inventor(TOWNSHIP, today, Random(seed))
    offices = () if any(mistake in OFFICES for mistake in mistakes) else (right(of_township, of),)
    around = [right(maker, of) for maker in KINDS]
    return Draft(TOWNSHIP, file, Habits(), (*offices, *around, *(wrong(m, of) for m in mistakes)), "2026下半年")


def _draft_of_bureau(*mistakes: Mistake, today: date, seed: int = 0) -> Draft:
    """The bureau's workbook, with right entries before the mistakes."""
    of = Inventor(BUREAU, today, Random(seed))
    around = (right(maker, of) for maker in (of_bureau, placed, placed, insured))
    kept = (Bundle(only(b.records, *FORMS.of(BUREAU)), {}) for b in around)
    return Draft(BUREAU, "县本级.xlsx", Habits(), (*kept, *(wrong(m, of) for m in mistakes)), "2026下半年")


def _found(draft: Draft, today: date, book: RawBook | None = None) -> list[Place]:
    held = references(FORMS, [draft], today) if draft.township == TOWNSHIP else {}
    book = book or typed(draft, FORMS, today).book
    checked = check(FORMS, book, draft.township, today, references=held)
    return sorted(((p.code, p.sheet, p.row, p.column) for p in checked.problems), key=str)


def _wanted(draft: Draft, today: date) -> list[Place]:
    return sorted(((s.code, s.sheet, s.row, s.column) for s in typed(draft, FORMS, today).seeded), key=str)


@pytest.mark.parametrize(("number", "mistake"), [*enumerate(EVERYBODYS)], ids=[m.id for m in EVERYBODYS])
def test_a_mistake_alone_is_found_by_its_code_at_its_place_and_nothing_else_is(number: int, mistake: Mistake) -> None:
    today = DAYS[number % len(DAYS)]
    draft = _draft(mistake, today=today, seed=number)
    assert _found(draft, today) == _wanted(draft, today)


@pytest.mark.parametrize("mistake", OF_BUREAU, ids=lambda mistake: mistake.id)
def test_a_mistake_of_the_bureau_is_found_by_its_code_at_its_place_and_nothing_else_is(mistake: Mistake) -> None:
    for seed, today in enumerate(DAYS):
        draft = _draft_of_bureau(mistake, today=today, seed=seed)
        assert _found(draft, today) == _wanted(draft, today)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_all_mistakes_in_one_workbook_are_found_and_nothing_else_is(today: date) -> None:
    draft = _draft(*MISTAKES, today=today)
    assert _found(draft, today) == _wanted(draft, today)


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_every_mistake_is_still_found_after_it_was_saved_and_read(ending: str, tmp_path: Path) -> None:
    draft = _draft(*MISTAKES, today=DAYS[0], file=f"城关镇{ending}")
    save_book(typed(draft, FORMS, DAYS[0]).book, tmp_path / draft.file)
    assert _found(draft, DAYS[0], read_book(tmp_path / draft.file, Limits())) == _wanted(draft, DAYS[0])


def test_every_problem_of_a_cell_or_row_in_the_catalogue_has_a_mistake_that_causes_it() -> None:
    caused = {find.code for mistake in (*EVERYBODYS, *OF_BUREAU) for find in mistake.finds}
    assert catalogue().keys() - UNDER_THE_FILE - caused == set()


def test_every_rule_of_every_form_has_a_mistake_that_breaks_it() -> None:
    caused = {(find.form, find.column, find.code) for mistake in (*EVERYBODYS, *OF_BUREAU) for find in mistake.finds}
    asked = {(form.id, rule.at, rule.code) for form in FORMS.values() for rule in form.all_rules}
    assert asked - caused == set()


def test_no_two_mistakes_share_an_id_or_a_description() -> None:
    every = (*EVERYBODYS, *OF_BUREAU)
    assert len({mistake.id for mistake in every}) == len({mistake.what for mistake in every}) == len(every)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_people_without_a_mistake_cause_no_problem_in_any_sheet(today: date) -> None:
    of = Inventor(TOWNSHIP, today, Random(7))
    draft = Draft(
        TOWNSHIP,
        "城关镇.xlsx",
        Habits(),
        (right(of_township, of), *(right(anybody, of) for _ in range(300))),
        "2026下半年",
    )
    assert _found(draft, today) == []


def test_compare_names_the_seeded_problem_that_was_not_found() -> None:
    draft = _draft(*MISTAKES[:5], today=DAYS[0])
    work = typed(draft, FORMS, DAYS[0])
    found = [(TOWNSHIP.code, p) for p in check(FORMS, work.book, TOWNSHIP, DAYS[0]).problems]
    assert compare(work.seeded, found) == ()
    missing = compare(work.seeded, found[1:])
    assert [(one.code, one.row) for one in missing] == [(found[0][1].code, found[0][1].row)]


def test_compare_does_not_take_another_townships_problem_for_it() -> None:
    draft = _draft(MISTAKES[0], today=DAYS[0])
    work = typed(draft, FORMS, DAYS[0])
    found = [(TOWNSHIPS[1].code, p) for p in check(FORMS, work.book, TOWNSHIP, DAYS[0]).problems]
    assert compare(work.seeded, found) == work.seeded

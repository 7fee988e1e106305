"""Every mistake of the demo, alone: taizhang finds just that, just there."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from sync_service.demo.county import MISTAKES
from sync_service.demo.draft import Draft, compare, right, typed, wrong
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor
from sync_service.demo.mistake import Mistake
from sync_service.demo.people import anybody, right_rows
from sync_service.demo.places import TOWNSHIPS
from sync_service.demo.writing import save_book
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from validators.check import check
from validators.raw import RawBook
from workbook_templates.catalogue import catalogue
from workbook_templates.form import load_forms

FORMS = load_forms()
TOWNSHIP = TOWNSHIPS[0]
DAYS = (date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29))
UNDER_THE_FILE = frozenset(
    [
        "F01",
        "F02",
        "F03",
        "F04",
        "F05",
        "F06",
        "F09",
        "F10",
        "F11",
        "F12",
        "F13",
        "F14",
        "F15",
        "F16",
        "F17",
        "F18",
        "F19",
        "F22",
        "F23",
        "F26",
        "F27",
        "F28",
        "F29",
        "F30",
        "F31",
        "F32",
        "F34",
        "F35",
        "F36",
        "F37",
        "F38",
        "F39",
        "J01",
        "J17",
        "L02",
        "L03",
    ]
)
"""Problems of the file, the sheet or the county, which no row causes."""

Place = tuple[str, str, int | None, str | None]


def _draft(*mistakes: Mistake, today: date, seed: int = 0, file: str = "城关镇.xlsx") -> Draft:
    """A small workbook in which some right people stand around those with the mistakes."""
    of = Inventor(TOWNSHIP, today, Random(seed))
    before, after = ([right(anybody, of) for _ in range(6)] for _ in range(2))
    return Draft(TOWNSHIP, file, Habits(), (*before, *(wrong(m, of) for m in mistakes), *after), "2026下半年")


def _found(book: RawBook, today: date) -> list[Place]:
    checked = check(FORMS, book, TOWNSHIP, today)
    return sorted(((p.code, p.sheet, p.row, p.column) for p in checked.problems), key=str)


def _wanted(draft: Draft, today: date) -> list[Place]:
    return sorted(((s.code, s.sheet, s.row, s.column) for s in typed(draft, FORMS, today).seeded), key=str)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_mistake_alone_is_found_by_its_code_at_its_place_and_nothing_else_is(mistake: Mistake) -> None:
    for seed, today in enumerate(DAYS):
        draft = _draft(mistake, today=today, seed=seed)
        assert _found(typed(draft, FORMS, today).book, today) == _wanted(draft, today)


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_every_mistake_is_still_found_after_it_was_saved_and_read(ending: str, tmp_path: Path) -> None:
    draft = _draft(*MISTAKES, today=DAYS[0], file=f"城关镇{ending}")
    save_book(typed(draft, FORMS, DAYS[0]).book, tmp_path / draft.file)
    assert _found(read_book(tmp_path / draft.file, Limits()), DAYS[0]) == _wanted(draft, DAYS[0])


def test_every_problem_of_a_cell_or_row_in_the_catalogue_has_a_mistake_that_causes_it() -> None:
    caused = {find.code for mistake in MISTAKES for find in mistake.finds}
    assert catalogue().keys() - UNDER_THE_FILE - caused == set()


def test_no_two_mistakes_share_an_id_or_a_description() -> None:
    assert len({mistake.id for mistake in MISTAKES}) == len({mistake.what for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_people_without_a_mistake_cause_no_problem_in_any_sheet(today: date) -> None:
    of = Inventor(TOWNSHIP, today, Random(7))
    draft = Draft(TOWNSHIP, "城关镇.xlsx", Habits(), tuple(right(anybody, of) for _ in range(300)), "2026下半年")
    assert _found(typed(draft, FORMS, today).book, today) == []


@pytest.mark.parametrize("form", ["veterans", "beneficiaries", "payments"])
def test_right_rows_are_as_many_as_asked_for_and_the_same_for_the_same_seed(form: str) -> None:
    rows = right_rows(FORMS[form], TOWNSHIP, 50, Random(1), DAYS[0])
    assert len(rows) == 50
    assert rows == right_rows(FORMS[form], TOWNSHIP, 50, Random(1), DAYS[0])
    assert rows != right_rows(FORMS[form], TOWNSHIP, 50, Random(2), DAYS[0])


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

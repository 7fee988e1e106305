"""The demo county as a whole: made twice it is the same, and two syncs find and do what was planned."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from sync_service.demo.bureau_mistakes import OF_BUREAU
from sync_service.demo.case_mistakes import OFFICES
from sync_service.demo.county import MISTAKES, Demo, make_county, plan_county
from sync_service.demo.draft import Draft, Seeded, compare, typed
from sync_service.demo.inventor import Row
from sync_service.demo.places import BUREAU, COUNTY, TOWNSHIPS
from sync_service.demo.second_round import VANISHED, SecondRound, change_some_rows
from sync_service.pipeline import RunReport, run
from sync_service.settings import CountyPart, CountySetup, LimitsPart, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from sync_service.store import Store
from tests.demo_county import held
from validators.check import check
from workbook_templates.form import load_forms

FORMS = load_forms()
TODAY = date(2026, 11, 23)


def _rows_of(draft: Draft) -> dict[str, list[Row]]:
    """What the draft's workbook holds, by form."""
    rows: dict[str, list[Row]] = {}
    for bundle in draft.bundles:
        for form, more in bundle.records.items():
            if draft.township.filler in FORMS[form].filled_by:
                rows.setdefault(form, []).extend(more)
    return rows


def test_the_same_day_gives_the_same_county() -> None:
    assert plan_county(TODAY) == plan_county(TODAY)
    assert plan_county(TODAY) != plan_county(TODAY, seed=1)


def test_the_county_has_twelve_townships_and_its_bureau_about_7000_rows_and_every_mistake() -> None:
    drafts, _ = plan_county(TODAY)
    rows = sum(map(len, (sheet for draft in drafts for sheet in _rows_of(draft).values())))
    made = {bundle.mistake for draft in drafts for bundle in draft.bundles} - {""}
    assert [draft.township.filler for draft in drafts] == ["township"] * 12 + ["county"]
    assert 6000 < rows < 8000
    assert made == {mistake.what for mistake in (*MISTAKES, *OFFICES, *OF_BUREAU)}
    assert Counter(draft.file.rpartition(".")[2] for draft in drafts) == {"xlsx": 10, "xls": 2, "ods": 1}


def test_every_form_has_rows_in_every_workbook_that_holds_it() -> None:
    for draft in plan_county(TODAY)[0][:12]:
        assert set(_rows_of(draft)) == set(FORMS.of(draft.township)) - {"cover"}
    assert {"stations", "activities", "placement_history", "benefit_standards"} < set(
        _rows_of(plan_county(TODAY)[0][12])
    )


def test_no_two_people_of_the_county_share_a_number_but_those_registered_twice() -> None:
    drafts, shared = plan_county(TODAY)
    whose: dict[str, set[str]] = {}
    for draft in drafts:
        for bundle in draft.bundles:
            for row in bundle.meant.get("veterans", ()):
                whose.setdefault(str(row["id_number"]), set()).add(draft.township.code)
    assert {number for number, codes in whose.items() if len(codes) > 1} == set(shared)


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 7, 1)], ids=str)
def test_in_each_workbook_just_the_seeded_problems_are_found(today: date) -> None:
    period = f"{today.year}{'上' if today.month <= 6 else '下'}半年"
    drafts, _ = plan_county(today)
    references = held(FORMS, drafts[-1], today)
    for draft in drafts:
        work = typed(draft, FORMS, today, period)
        known = references if draft.township != BUREAU else {}
        problems = check(FORMS, work.book, draft.township, today, period, known).problems
        found = sorted(((p.code, p.sheet, p.row, p.column) for p in problems), key=str)
        assert found == sorted(((s.code, s.sheet, s.row, s.column) for s in work.seeded), key=str)


def _setup(folder: Path, demo: Demo) -> CountySetup:
    townships = [
        TownshipPart(code=t.code, name=t.name, workbook=demo.files[t.code], villages=t.villages) for t in demo.townships
    ]
    county = CountyPart(code=demo.county.code, name=demo.county.name, workbook=demo.files[BUREAU.code])
    (folder / "county.toml").write_text(
        render_settings(demo.period, county, townships, limits=LimitsPart(quiet_seconds=0)), "utf-8"
    )
    return load_settings(folder / "county.toml")


def _unseen(setup: CountySetup, seeded: tuple[Seeded, ...]) -> tuple[Seeded, ...]:
    with Store.open(setup.store_url, setup.county.code) as store:
        return compare(seeded, [(known.township, known.problem) for known in store.problems()])


Counts = dict[str, tuple[int, int, int, int]]
"""How many rows are new, changed, gone and held, by township."""


def _done(report: RunReport) -> Counts:
    counts = {line.code: (line.new, line.changed, line.gone, line.held) for line in report.townships}
    return {code: numbers for code, numbers in counts.items() if any(numbers)}


def _planned(planned: SecondRound) -> Counts:
    counts: Counts = {}
    for one in planned.outcomes:
        new, changed, gone, held_back = counts.get(one.township, (0, 0, 0, 0))
        counts[one.township] = (new + one.new, changed + one.changed, gone + one.gone, held_back + one.held)
    return counts


def test_the_settings_know_the_same_places_as_the_demo(tmp_path: Path) -> None:
    files = {unit.code: f"上报/{unit.name}.xlsx" for unit in (*TOWNSHIPS, BUREAU)}
    demo = Demo(COUNTY, TOWNSHIPS, "2026下半年", TODAY, files, (), (), ())
    assert _setup(tmp_path, demo).townships == (*TOWNSHIPS, BUREAU)


@pytest.mark.slow
def test_two_syncs_find_every_seeded_mistake_and_do_what_was_planned(tmp_path: Path) -> None:
    today = date.today()
    demo = make_county(tmp_path, FORMS, today)
    setup = _setup(tmp_path, demo)

    first = run(setup, FORMS, datetime.now().astimezone())
    assert first.exit_code == 1
    assert _unseen(setup, demo.seeded) == ()
    with Store.open(setup.store_url, setup.county.code) as store:
        assert tuple(conflict.subject for conflict in store.conflicts("veterans", by_person=False)) == demo.shared

    planned = change_some_rows(tmp_path, demo, FORMS)
    assert {one.held for one in planned.outcomes} == {0, VANISHED}
    second = run(setup, FORMS, datetime.now().astimezone())
    assert second.exit_code == 2
    assert _unseen(setup, planned.seeded) == ()
    assert _done(second) == _planned(planned)
    assert {t.code: t.status for t in second.townships if t.status != "ok"} == planned.unread
    with Store.open(setup.store_url, setup.county.code) as store:
        assert [(move.key, move.origin, move.destination) for move in store.moves()] == list(planned.moved)

"""The demo county as a whole: made twice it is the same, and two syncs find and do what was planned."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from sync_service.demo.county import MISTAKES, Demo, make_county, plan_county
from sync_service.demo.draft import Seeded, compare, typed
from sync_service.demo.second_round import change_some_rows
from sync_service.pipeline import run
from sync_service.settings import CountyPart, CountySetup, TownshipPart, load_settings, render_settings
from sync_service.store import Store
from validators.check import check
from workbook_templates.form import load_forms

FORMS = load_forms()
TODAY = date(2026, 11, 23)


def test_the_same_day_gives_the_same_county() -> None:
    assert plan_county(TODAY) == plan_county(TODAY)
    assert plan_county(TODAY) != plan_county(TODAY, seed=1)


def test_the_county_has_twelve_townships_about_4000_rows_and_every_mistake() -> None:
    drafts, _ = plan_county(TODAY)
    rows = sum(len(rows) for draft in drafts for bundle in draft.bundles for rows in bundle.records.values())
    made = {bundle.mistake for draft in drafts for bundle in draft.bundles} - {""}
    assert len(drafts) == 12
    assert 3900 < rows < 4300
    assert made == {mistake.what for mistake in MISTAKES}
    assert Counter(draft.file.rpartition(".")[2] for draft in drafts) == {"xlsx": 9, "xls": 2, "ods": 1}


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
    for draft in plan_county(today)[0]:
        work = typed(draft, FORMS, today, period)
        problems = check(FORMS, work.book, draft.township, today, period).problems
        found = sorted(((p.code, p.sheet, p.row, p.column) for p in problems), key=str)
        assert found == sorted(((s.code, s.sheet, s.row, s.column) for s in work.seeded), key=str)


def _setup(folder: Path, demo: Demo) -> CountySetup:
    townships = [
        TownshipPart(code=t.code, name=t.name, workbook=demo.files[t.code], villages=t.villages) for t in demo.townships
    ]
    county = CountyPart(code=demo.county.code, name=demo.county.name)
    (folder / "county.toml").write_text(render_settings(demo.period, county, townships), "utf-8")
    return load_settings(folder / "county.toml")


def _unseen(setup: CountySetup, seeded: tuple[Seeded, ...]) -> tuple[Seeded, ...]:
    with Store.open(setup.store_url, setup.county.code) as store:
        return compare(seeded, [(known.township, known.problem) for known in store.problems()])


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
    second = run(setup, FORMS, datetime.now().astimezone())
    assert second.exit_code == 2
    assert _unseen(setup, planned.seeded) == ()
    done = {
        (t.code, t.new, t.changed, t.gone, t.held) for t in second.townships if t.new or t.changed or t.gone or t.held
    }
    assert done == {(o.township, o.new, o.changed, o.gone, o.held) for o in planned.outcomes}
    assert {t.code: t.status for t in second.townships if t.status != "ok"} == planned.unread
    with Store.open(setup.store_url, setup.county.code) as store:
        assert [(move.key, move.origin, move.destination) for move in store.moves()] == list(planned.moved)

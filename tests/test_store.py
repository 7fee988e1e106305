"""The store on each kind of database: what goes in comes out, with its history."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from sync_service.store import AWAITING, Reading, Store
from sync_service.store.records import Conflict, Move, Output, Tally
from tests.stored import (
    COUNTY,
    EAST,
    FIRST,
    FORM,
    SECOND,
    WEST,
    marked,
    moment,
    people,
    plan,
    reading,
    row,
    sheet,
    standing,
    sync,
)
from validators.checked import Rejected
from validators.problems import Problem
from workbook_templates.catalogue import Severity


def found(code: str, key: str = "k1", *, at: int = 5, confirmed: bool = False, form: str = FORM) -> Problem:
    severity: Severity = "error" if code.startswith("I") else "warning"
    return Problem(code, severity, "错", "改", "退役军人", form, at, "C", "身份证号", "99****", key, confirmed)


def test_history_shows_each_change_of_a_row_with_its_place(store: Store) -> None:
    sync(store, 1, sheet(FIRST))
    sync(store, 2, sheet(row("k0"), SECOND))
    sync(store, 3, sheet(row("k0")))
    sync(store, 4, sheet(row("k0"), SECOND))
    assert [(one.run, one.kind, one.at, one.old, one.new, one.row) for one in store.history("k1")] == [
        (1, "new", moment(1), None, FIRST.payload, 5),
        (2, "changed", moment(2), FIRST.payload, SECOND.payload, 6),
        (3, "gone", moment(3), SECOND.payload, None, 6),
        (4, "reopened", moment(4), None, SECOND.payload, 6),
    ]
    assert {(one.file, one.sheet, one.township) for one in store.history("k1")} == {(f"{EAST}.xlsx", "退役军人", EAST)}


def test_history_finds_a_row_by_any_part_of_its_key_but_not_by_a_piece_of_a_part(store: Store) -> None:
    sync(store, 1, sheet(*(row(key, name=key) for key in ("a%|b_|c", "a%", "x|a%", "a%z", "ab|c", "b")), row("A%%")))
    assert [one.key for one in store.history("a%")] == ["a%", "a%|b_|c", "x|a%"]
    assert [one.key for one in store.history("b_")] == ["a%|b_|c"]


def test_events_are_those_of_the_run_asked_for(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("k2")))
    sync(store, 2, sheet(SECOND, row("k2")))
    assert [(one.run, one.key, one.kind, one.old) for one in store.events(2, EAST, FORM)] == [
        (2, "k1", "changed", FIRST.payload)
    ]
    assert [one.key for one in store.events(1, EAST, FORM)] == ["k1", "k2"]
    assert store.events(2, WEST, FORM) == []


def test_a_problem_keeps_the_run_that_first_found_it_as_long_as_it_is_there(store: Store) -> None:
    sync(store, 1, sheet(FIRST), problems=[found("I03", at=7)])
    sync(store, 2, sheet(FIRST), problems=[found("I03", at=9), found("I03", "k2"), found("D01", confirmed=True)])
    assert [(one.problem.row, one.first_run) for one in store.problems(EAST)] == [(9, 1), (5, 2), (5, 2)]
    assert [one.problem.confirmed for one in store.problems()] == [False, False, True]
    assert store.problems(WEST) == []
    sync(store, 3, sheet(FIRST))
    sync(store, 4, sheet(FIRST), problems=[found("I03")])
    assert [one.first_run for one in store.problems()] == [4]


def test_of_like_problems_the_first_is_the_oldest(store: Store) -> None:
    sync(store, 1, sheet(), problems=[found("I03")])
    sync(store, 2, sheet(), problems=[found("I03"), found("I03", at=6)])
    sync(store, 3, sheet(), problems=[found("I03", at=6)])
    assert [one.first_run for one in store.problems()] == [1]


def test_a_run_counts_rows_and_open_problems_for_each_form_and_township(store: Store) -> None:
    problems = [found("I03"), found("D01"), found("D02", confirmed=True), found("D03", form="")]
    sync(store, 1, sheet(FIRST), problems=problems)
    assert store.tallies() == [
        Tally(1, EAST, "", 0, 0, 0, 0, 0, 0, 1),
        Tally(1, EAST, FORM, 1, 1, 0, 0, 0, 1, 1),
    ]
    sync(store, 2, sheet(SECOND))
    assert store.tallies(2) == [Tally(2, EAST, FORM, 1, 0, 1, 0, 0, 0, 0)]


def test_the_marks_of_a_workbook_may_change_without_a_run(store: Store) -> None:
    one = reading([plan(store, sheet(FIRST))])
    store.apply([one], started_at=moment(1), at=moment(1))
    saved = replace(one.source, mtime_ns=2, digest="e", read_at=moment(2))
    applied = store.apply([replace(one, source=saved, plans=[plan(store, sheet(FIRST))])], started_at="", at=moment(2))
    assert applied.run is None
    assert store.sources() == {EAST: saved}


def test_where_a_row_stands_is_kept_for_current_rows_only(store: Store, url: str) -> None:
    sync(store, 1, sheet(FIRST, row("k2"), row("k3")))
    sync(store, 2, sheet(SECOND, row("k2")))
    store.undo(2, at=moment(3))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM whereabouts")).scalar() == len(store.rows(FORM)) == 3
    engine.dispose()


def test_a_row_that_moved_in_its_file_keeps_its_version_and_shows_its_new_place(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("k2")))
    applied = sync(store, 2, sheet(row("k2"), FIRST))
    assert applied.run == 2
    assert [(one.key, one.row, one.since) for one in store.rows(FORM)] == [("k1", 6, moment(1)), ("k2", 5, moment(1))]
    assert store.events(2, EAST, FORM) == []


def test_how_each_township_stands_is_told_in_numbers(store: Store) -> None:
    sync(store, 1, sheet(*people(1, 2)), sheet(row("p"), form="payments"))
    sync(store, 2, sheet(*people(1)), township=WEST)
    assert {code: dict(here.rows) for code, here in store.standing().items()} == {
        EAST: {FORM: 2, "payments": 1},
        WEST: {FORM: 1},
    }
    assert store.standing()[EAST].errors == 0


def test_a_published_file_is_remembered(store: Store) -> None:
    store.published(Output("县级总台账.xlsx", "f1", "d1"))
    store.published(Output("县级总台账.xlsx", "f2", "d2"))
    assert store.outputs() == {"县级总台账.xlsx": Output("县级总台账.xlsx", "f2", "d2")}


def test_a_row_that_left_one_township_for_another_is_offered_as_a_move(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("stays")))
    sync(store, 2, sheet(row("stays")))
    assert store.moves() == []
    sync(store, 3, sheet(SECOND), township=WEST)
    assert store.moves() == [Move(FORM, "k1", EAST, WEST, moment(2), moment(3))]
    sync(store, 4, sheet(FIRST, row("stays")))
    assert store.moves() == []


def test_a_person_in_two_townships_is_a_conflict_also_under_different_keys(store: Store) -> None:
    sync(store, 1, sheet(row("p1|a"), row("p2|a"), row("p2|b"), row("p3|a")))
    sync(store, 2, sheet(row("p1|b"), row("p3|a")), township=WEST)
    same = Conflict(FORM, "p3|a", ((EAST, "p3|a"), (WEST, "p3|a")))
    assert store.conflicts(FORM, by_person=False) == [same]
    assert store.conflicts(FORM, by_person=True) == [
        Conflict(FORM, "p1", ((EAST, "p1|a"), (WEST, "p1|b"))),
        same._replace(subject="p3"),
    ]


def test_a_clock_that_was_set_back_does_not_turn_history_round(store: Store) -> None:
    sync(store, 9, sheet(FIRST))
    assert sync(store, 5, sheet(SECOND)).at == moment(9)
    assert [one.payload for one in store.as_of(FORM, moment(9))] == [SECOND.payload]


def test_a_row_that_waits_to_be_mended_is_none_of_those_of_which_nothing_is_stored(store: Store) -> None:
    def rejected(township: str, *lines: int) -> Reading:
        told = [Rejected(FORM, "退役军人", line, "9901", b"{}") for line in lines]
        spoilt = sheet(row("", name="甲", valid=False))
        return replace(reading([plan(store, spoilt, township)], township), rejected=told)

    sync(store, 1, sheet(FIRST), township=EAST)
    store.apply([rejected(EAST, 5, 8), rejected(WEST, 5)], started_at=moment(2), at=moment(2))
    assert marked(store, AWAITING) == {"k1"}
    assert [(township, one.row) for township, one in store.rejected()] == [(EAST, 8), (WEST, 5)]


@pytest.mark.skipif(os.name == "nt", reason="a file system of SQLite's for POSIX")
def test_readings_are_made_while_they_are_written_also_where_a_disk_knows_no_shared_memory(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///file:{tmp_path / 'store.db'}?vfs=unix-dotfile&uri=true", COUNTY) as store:
        sync(store, 1, sheet(row("k1", name="甲")), township=WEST)

        def readings() -> Iterator[Reading]:
            yield reading([plan(store, sheet(*people(*range(50))), EAST)], EAST)
            assert (len(store.runs()), store.problems(WEST), store.forgotten()) == (1, [], {})
            assert ({*store.sources()}, store.cases(), store.outputs()) == ({WEST}, [], {})
            spoilt = sheet(row("", name="甲", valid=False))
            yield reading([plan(store, spoilt, WEST)], WEST)

        assert store.apply(readings(), started_at=moment(2), at=moment(2)).run == 2
        assert marked(store, AWAITING) == {"k1"}
        assert len(standing(store, EAST)) == 50


def test_a_township_is_read_once_in_a_run(store: Store) -> None:
    with pytest.raises(ValueError, match="more than once"):
        store.apply([reading([]), reading([])], started_at=moment(1), at=moment(1))


def test_rows_can_be_asked_for_by_their_keys_however_many(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(700))))
    every = [one.key for one in store.rows(FORM)]
    assert [one.key for one in store.rows(FORM, every[3:5])] == every[3:5]
    assert [one.key for one in store.rows(FORM, set(every[:600]))] == every[:600]
    assert store.rows(FORM, ()) == []

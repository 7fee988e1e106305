"""The laws of the design as far as merging and storing keep them: each test's name is the law."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_service.merge import Policy, merge
from sync_service.store import AWAITING, HELD, StaleError, Store
from sync_service.store.records import Conflict, Move
from tests.stored import (
    COUNTY,
    EAST,
    FORM,
    WEST,
    marked,
    moment,
    people,
    plan,
    reading,
    row,
    sheet,
    standing,
    stored,
    sync,
)  # fmt: skip
from validators.checked import CheckedRow
from validators.problems import Problem

BROKEN = Problem("I03", "error", "错", "改", "退役军人", FORM, 7, "C", "身份证号", "99****", "k001")

VALUES = st.fixed_dictionaries({"name": st.sampled_from("甲乙"), "a": st.integers(0, 2), "b": st.integers(0, 2)})
ROWS = st.lists(
    st.builds(
        lambda key, valid, values: row(key, valid=valid, **values),
        st.sampled_from(["", "k1", "k2", "k3", "k4", "k5", "k6"]),
        st.booleans(),
        VALUES,
    ),
    unique_by=lambda one: one.key if one.key else (one.payload,),
).map(lambda rows: [one._replace(valid=one.valid and bool(one.key)) for one in rows])


def dump(path: Path) -> list[str]:
    """Everything that a SQLite file holds."""
    with sqlite3.connect(path) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "taizhang.db"


@pytest.fixture
def url(path: Path) -> str:  # the laws hold above the database; tests/test_store.py tries the other kind
    return f"sqlite:///{path}"


def test_law_1_syncing_the_same_input_twice_changes_nothing_the_second_time(store: Store, path: Path) -> None:
    first = sheet(*people(1, 2, 3), row("k4", name="人4", village="东风村"))
    second = sheet(*people(1, 2), row("k003", valid=False), row("", name="人4", village="东风村", valid=False))
    sync(store, 1, first)
    for minute, incoming in ((2, second), (3, sheet(*people(3, 4)))):
        assert sync(store, minute, incoming, problems=[BROKEN]).run
        before = dump(path)
        assert sync(store, minute + 20, incoming, problems=[BROKEN]).run is None  # read again, at another time
        assert dump(path) == before


@given(before=ROWS, incoming=ROWS, shuffled=st.randoms(use_true_random=False))
def test_law_2_the_order_of_rows_does_not_matter_to_what_is_stored(
    before: list[CheckedRow], incoming: list[CheckedRow], shuffled: random.Random
) -> None:
    def outcome(rows: Sequence[CheckedRow], kept: Sequence[CheckedRow]) -> object:
        made = merge(stored(kept), sheet(*rows), Policy(1, 10, ("name",)))
        taken = {one.key: one.payload for one in (*made.new, *(change.row for change in made.changed))}
        return taken, {one.key for one in made.gone}, made.held, made.awaiting, made.counts

    kept = [one for one in before if one.key]
    expected = outcome(incoming, kept)
    mixed, mixed_kept = list(incoming), list(kept)
    shuffled.shuffle(mixed)
    shuffled.shuffle(mixed_kept)
    assert outcome(mixed, mixed_kept) == expected


def test_law_2_the_order_of_forms_does_not_matter_to_what_is_stored_and_townships_come_in_theirs(
    tmp_path: Path,
) -> None:
    found = []
    for turned in (False, True):
        path = tmp_path / f"{turned}.db"
        with Store.open(f"sqlite:///{path}", COUNTY) as store:
            sheets = [sheet(*people(1)), sheet(row("p"), form="payments")][:: -1 if turned else 1]
            readings = [reading([plan(store, one, place) for one in sheets], place) for place in (EAST, WEST)]
            with pytest.raises(ValueError, match="or after"):
                store.apply(readings[::-1], started_at=moment(1), at=moment(1))
            store.apply(readings, started_at=moment(1), at=moment(1))
            found.append((store.rows(FORM), store.rows("payments"), store.tallies()))
    assert found[0] == found[1]


def test_law_3_an_invalid_edit_never_replaces_a_valid_record(store: Store) -> None:
    good = people(1)[0]
    sync(store, 1, sheet(good))
    for minute, broken in (
        (2, good._replace(payload=b"{}", digest=b"x", valid=False)),
        (3, good._replace(key="", valid=False)),
    ):
        sync(store, minute, sheet(broken), problems=[BROKEN])
        assert standing(store) == {"k001": good.payload}
        assert marked(store, AWAITING) == {"k001"}
        assert [one.problem for one in store.problems(EAST)] == [BROKEN]
    mended = row("k001", name="人1", village="西村")
    sync(store, 4, sheet(mended))
    assert standing(store) == {"k001": mended.payload}
    assert marked(store, AWAITING) == set()


def test_law_4_nothing_accepted_is_lost_a_vanished_row_is_closed_and_can_be_reopened(store: Store) -> None:
    sync(store, 1, sheet(*people(1, 2)))
    sync(store, 2, sheet(*people(2)))
    assert set(standing(store)) == {"k002"}
    assert [one.payload for one in store.as_of(FORM, moment(1)) if one.key == "k001"] == [people(1)[0].payload]
    sync(store, 3, sheet(*people(1, 2)))
    assert [one.kind for one in store.history("k001")] == ["new", "gone", "reopened"]


def test_law_5_many_rows_vanishing_at_once_are_held_until_the_coordinator_confirms(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(100))))
    assert sync(store, 2, sheet(*people(99))).run
    assert len(standing(store)) == 100
    assert len(marked(store, HELD)) == 99
    sync(store, 3, sheet(*people(*range(50, 100))))
    assert marked(store, HELD) == {f"k{n:03d}" for n in range(50)}
    store.confirm(EAST, FORM, at=moment(4))
    assert set(standing(store)) == {f"k{n:03d}" for n in range(50, 100)}


def test_law_5_rows_that_vanish_little_by_little_while_others_are_held_are_held_too(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(100))))
    sync(store, 2, sheet(*people(*range(30, 100))))
    sync(store, 3, sheet(*people(*range(31, 100))))
    assert len(standing(store)) == 100
    assert len(marked(store, HELD)) == 31


def test_law_6_a_township_changes_only_its_own_rows(store: Store) -> None:
    mine, theirs = row("k1", name="甲"), row("k1", name="乙")
    sync(store, 1, sheet(mine))
    sync(store, 2, sheet(theirs), township=WEST)
    assert (standing(store, EAST), standing(store, WEST)) == ({"k1": mine.payload}, {"k1": theirs.payload})
    assert store.conflicts(FORM, by_person=True) == [Conflict(FORM, "k1", ((EAST, "k1"), (WEST, "k1")))]
    sync(store, 3, sheet())
    assert standing(store, WEST) == {"k1": theirs.payload}
    assert store.moves() == [Move(FORM, "k1", EAST, WEST, moment(3), moment(2))]


def test_law_7_a_run_that_fails_in_its_last_township_leaves_the_store_as_it_was(store: Store, path: Path) -> None:
    sync(store, 1, sheet(*people(1)), township=WEST)
    stale = plan(store, sheet(), WEST)
    sync(store, 2, sheet(*people(1, 2)), township=WEST)
    sync(store, 3, sheet(*people(2)), township=WEST)
    before = dump(path)
    with pytest.raises(StaleError):
        store.apply(
            [reading([plan(store, sheet(*people(7)))], EAST, [BROKEN]), reading([stale], WEST)],
            started_at=moment(4),
            at=moment(4),
        )
    assert dump(path) == before


KILLED = """
import sys
from tests.stored import COUNTY, moment, row, sheet, sync
from sync_service.store import Store
with Store.open(sys.argv[1], COUNTY) as store:
    print("open", flush=True)
    for turn in range(1, 1000):
        sync(store, turn, sheet(*(row(f"k{n}", turn=turn) for n in range(300))))
"""


@pytest.mark.parametrize("milliseconds", [1, 40, 90, 150, 230])
def test_law_7_a_run_that_is_killed_leaves_the_store_before_or_after_it(
    store: Store, url: str, milliseconds: int
) -> None:
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", KILLED, url], cwd=root, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"open\n"
        time.sleep(milliseconds / 1000)
        os.kill(child.pid, signal.SIGKILL)
    runs = store.runs()
    turns = {one.payload for one in store.rows(FORM)}
    assert turns == ({f'{{"turn":{len(runs)}}}'.encode()} if runs else set())
    assert len(store.rows(FORM)) == (300 if runs else 0)
    assert sync(store, 1000, sheet(row("after"), *(row(f"k{n}", turn=-1) for n in range(300)))).run == len(runs) + 1
    assert len(standing(store)) == 301


def test_law_8_the_store_remembers_what_each_workbook_was_when_it_was_read(store: Store, url: str) -> None:
    sync(store, 1, sheet(*people(1)))
    with Store.open(url, COUNTY) as again:
        assert again.sources() == {EAST: reading([], minute=1).source}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(ROWS, min_size=1, max_size=6))
def test_law_10_rows_can_be_seen_as_they_stood_at_every_moment(
    tmp_path_factory: pytest.TempPathFactory, states: list[list[CheckedRow]]
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('law') / 'x.db'}"
    with Store.open(url, COUNTY) as store:
        stood = []
        for minute, rows in enumerate(states):
            sync(store, minute, sheet(*rows), policy=Policy(1, 10, ("name",)))
            stood.append({one.key: one.payload for one in store.rows(FORM)})
        for minute, expected in enumerate(stood):
            assert {one.key: one.payload for one in store.as_of(FORM, moment(minute))} == expected


def test_a_township_that_cannot_be_read_keeps_its_rows(store: Store) -> None:
    sync(store, 1, sheet(*people(1, 2)))
    sync(store, 2, sheet(complete=False), problems=[BROKEN])
    assert set(standing(store)) == {"k001", "k002"}

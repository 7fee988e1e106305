"""What the coordinator decides: runs undone, and disappearances confirmed."""

import pytest

from sync_service.store import HELD, Store, StoreError
from tests.stored import EAST, FIRST, FORM, SECOND, THIRD, marked, moment, people, row, sheet, standing, sync


def test_undoing_a_run_restores_what_it_changed_closes_what_it_made_and_reopens_what_it_closed(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("gone")))
    before = standing(store)
    after = sheet(SECOND, row("made"))
    run = sync(store, 2, after).run
    assert run
    undone = store.undo(run, at=moment(3), note="改错了")
    assert (standing(store), undone.run, undone.left) == (before, 3, ())
    assert (store.runs(1)[0].kind, store.runs(1)[0].undoes) == ("undo", run)
    assert [one.kind for one in store.history("made")] == ["new", "gone"]
    assert [one.kind for one in store.history("gone")] == ["new", "gone", "reopened"]
    assert [one.kind for one in store.history("k1")] == ["new", "changed", "changed"]


def test_what_was_undone_is_not_brought_back_by_the_unchanged_file_but_by_a_changed_one(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("gone")))
    before = standing(store)
    after = sheet(SECOND, row("made"))
    sync(store, 2, after)
    store.undo(2, at=moment(3))
    assert sync(store, 4, after).run is None
    assert standing(store) == before
    sync(store, 5, sheet(THIRD, row("made", a=1), row("gone")))
    assert standing(store) == {"k1": THIRD.payload, "made": b'{"a":1}', "gone": b"{}"}
    sync(store, 6, sheet(SECOND, row("made")))
    assert standing(store) == {"k1": SECOND.payload, "made": b"{}"}


def test_undoing_an_undo_takes_its_refusals_back_and_can_itself_be_undone(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("gone")))
    after = sheet(SECOND, row("made"))
    sync(store, 2, after)
    store.undo(2, at=moment(3))
    store.undo(3, at=moment(4))
    assert standing(store) == {"k1": SECOND.payload, "made": b"{}"}
    sync(store, 5, sheet(FIRST, row("gone")))
    assert standing(store) == {"k1": FIRST.payload, "gone": b"{}"}
    sync(store, 6, after)
    store.undo(6, at=moment(7))
    store.undo(7, at=moment(8))
    store.undo(8, at=moment(9))
    assert sync(store, 10, after).run is None
    assert standing(store) == {"k1": FIRST.payload, "gone": b"{}"}


def test_undo_leaves_and_reports_what_changed_again_since(store: Store) -> None:
    sync(store, 1, sheet(FIRST, row("k2"), row("k3"), row("k4")))
    sync(store, 2, sheet(SECOND, row("k2", a=2), row("k4"), row("k5")))
    sync(store, 3, sheet(THIRD, row("k2", a=2), row("k3"), row("k4")))
    assert store.undo(2, at=moment(4)).left == tuple((FORM, EAST, key) for key in ("k1", "k3", "k5"))
    assert standing(store)["k2"] == b"{}"
    with pytest.raises(StoreError, match="没有可撤销的改动"):
        store.undo(2, at=moment(5))
    with pytest.raises(StoreError, match="没有第 9 次运行"):
        store.undo(9, at=moment(5))


def test_a_row_that_an_undo_erases_leaves_no_mark_behind(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(30))))
    sync(store, 2, sheet())
    store.undo(1, at=moment(3))
    assert store.current(EAST, [FORM])[FORM].held == frozenset()


def test_confirmed_rows_are_closed_and_held_again_when_that_is_undone(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(30))))
    sync(store, 2, sheet())
    run = store.confirm(EAST, FORM, ["k003"], at=moment(3))
    assert "k003" not in standing(store)
    assert len(marked(store, HELD)) == 29
    store.undo(run, at=moment(4))
    assert len(marked(store, HELD)) == 30
    assert sync(store, 5, sheet()).run is None
    store.confirm(EAST, FORM, at=moment(6))
    assert standing(store) == {}
    with pytest.raises(StoreError, match="没有待确认的行"):
        store.confirm(EAST, FORM, at=moment(7))


def test_only_held_rows_can_be_confirmed(store: Store) -> None:
    sync(store, 1, sheet(*people(*range(30))))
    sync(store, 2, sheet(*people(29)))
    with pytest.raises(StoreError, match="待确认"):
        store.confirm(EAST, FORM, ["k003", "k029"], at=moment(3))
    assert len(standing(store)) == 30

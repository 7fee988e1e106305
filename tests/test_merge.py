"""What follows for the stored rows from a sheet, without a store."""

from itertools import permutations

import pytest

from sync_service.merge import Counts, Plan, Policy, Refusal, merge
from tests.stored import EAST, FORM, POLICY, people, row, sheet, stored

WANG = row("k001", name="王建国", village="东风村", phone="13900000001", born="1970-01-01")


def vanishing(rows: int, percent: float, *, held: int, missing: int) -> tuple[int, int, int]:
    """(newly held, still held, gone) of 100 stored rows when the first `missing` are not in the file."""
    before = stored(people(*range(100)), held=[f"k{n:03d}" for n in range(held)])
    plan = merge(before, sheet(*people(*range(missing, 100))), Policy(rows, percent))
    return len(plan.held), len(plan.still_held), len(plan.gone)


def test_a_new_row_is_new_a_changed_one_changed_an_equal_one_the_same_and_a_missing_one_gone() -> None:
    new, equal, (before, after) = row("k9", name="新"), row("k2", name="同"), (row("k3", a=1), row("k3", a=2))
    plan = merge(stored([equal, before, row("k4", name="走")]), sheet(new, equal, after), POLICY)
    assert [one.key for one in plan.new] == ["k9"]
    assert [(change.row.payload, change.old.version) for change in plan.changed] == [(after.payload, 2)]
    assert [(one.key, one.version) for one in plan.gone] == [("k4", 3)]
    assert plan.places == ((1, 6),)
    assert plan.counts == Counts(rows=3, new=1, changed=1, gone=1, held=0)


def test_an_incomplete_sheet_changes_nothing() -> None:
    before = stored(people(1, 2), held=["k001"], refusals=[Refusal("k002", None)])
    plan = merge(before, sheet(*people(3), complete=False), POLICY)
    assert plan == Plan(EAST, FORM, "退役军人", complete=False, counts=Counts(2, 0, 0, 0, 0))


def test_an_invalid_row_leaves_the_stored_version_and_stores_nothing_new() -> None:
    plan = merge(stored([WANG]), sheet(row("k001", name="王建国", valid=False), row("k7", valid=False)), POLICY)
    assert (plan.awaiting, plan.gone, plan.new, plan.changed) == (("k001",), (), (), ())
    assert plan.places == ((1, 5),)


@pytest.mark.parametrize("key", ["", "another key"])
def test_a_row_whose_key_was_spoilt_is_known_again_by_its_name_and_half_of_its_values(key: str) -> None:
    half = row(key, name="王建国", village="东风村", phone="1", born="1999-01-01", valid=False)
    assert merge(stored([WANG]), sheet(half), POLICY).awaiting == ("k001",)
    less = row(key, name="王建国", village="西村", phone="1", born="1999-01-01", valid=False)
    assert [one.key for one in merge(stored([WANG]), sheet(less), POLICY).gone] == ["k001"]
    renamed = row(key, name="王建军", village="东风村", phone="13900000001", born="1970-01-01", valid=False)
    assert [one.key for one in merge(stored([WANG]), sheet(renamed), POLICY).gone] == ["k001"]


def test_a_spoilt_row_stands_for_the_stored_row_that_it_resembles_most_whatever_the_order() -> None:
    namesakes = [
        row("k1", name="王伟", village="甲", phone="1", born="1970"),
        row("k2", name="王伟", village="甲", phone="2", born="1980"),
        row("k3", name="王伟", village="甲", phone="3", born="1990"),
    ]
    spoilt = [
        row("", at=8, name="王伟", village="甲", phone="3", born="1990", valid=False),
        row("", at=9, name="王伟", village="甲", phone="1", born="", valid=False),
    ]
    for before in permutations(namesakes):
        for rows in permutations(spoilt):
            plan = merge(stored(before), sheet(*rows), POLICY)
            assert (plan.awaiting, [one.key for one in plan.gone]) == (("k1", "k3"), ["k2"])


def test_a_spoilt_row_never_stands_for_a_row_that_is_still_in_the_file() -> None:
    plan = merge(stored([WANG]), sheet(WANG, WANG._replace(key="", row=9, valid=False)), POLICY)
    assert (plan.awaiting, plan.places) == ((), ((1, 5),))


def test_a_valid_row_counts_although_an_invalid_one_has_the_same_key() -> None:
    plan = merge(stored([WANG]), sheet(row("k001", valid=False), WANG), POLICY)
    assert (plan.awaiting, plan.places) == ((), ((1, 6),))


def test_rows_are_held_only_when_both_limits_are_passed() -> None:
    assert vanishing(20, 10, held=0, missing=20) == (0, 0, 20)
    assert vanishing(20, 10, held=0, missing=21) == (21, 0, 0)
    assert vanishing(20, 21, held=0, missing=21) == (0, 0, 21)
    assert vanishing(20, 20.9, held=0, missing=21) == (21, 0, 0)


def test_held_rows_count_when_more_rows_vanish_and_are_not_held_twice() -> None:
    assert vanishing(20, 10, held=21, missing=21) == (0, 21, 0)
    assert vanishing(20, 10, held=21, missing=22) == (1, 21, 0)
    assert vanishing(20, 10, held=10, missing=20) == (0, 10, 10)


def test_a_held_row_that_is_back_is_released_even_if_it_is_not_valid() -> None:
    before = stored(people(1, 2, 3), held=["k001", "k002", "k003"])
    plan = merge(before, sheet(*people(1), row("k002", valid=False)), POLICY)
    assert (plan.released, plan.still_held, plan.awaiting) == (("k001", "k002"), ("k003",), ("k002",))


def test_undone_content_is_refused_until_it_changes() -> None:
    before, undone, other = row("k1", a=1), row("k1", a=2), row("k1", a=3)
    refusal = Refusal("k1", undone.digest)
    again = merge(stored([before], refusals=[refusal]), sheet(undone), POLICY)
    assert (again.refused, again.changed, again.lapsed, again.gone) == ((refusal,), (), (), ())
    changed = merge(stored([before], refusals=[refusal]), sheet(other), POLICY)
    assert (len(changed.changed), changed.lapsed) == (1, (refusal,))
    spoilt = merge(stored([before], refusals=[refusal]), sheet(other._replace(valid=False)), POLICY)
    assert (spoilt.awaiting, spoilt.lapsed) == (("k1",), ())


def test_an_undone_new_row_is_refused_until_it_has_left_the_file() -> None:
    undone = row("k1", a=1)
    refusal = Refusal("k1", undone.digest)
    assert merge(stored([], refusals=[refusal]), sheet(undone), POLICY).new == ()
    assert merge(stored([], refusals=[refusal]), sheet(), POLICY).lapsed == (refusal,)


def test_an_undone_disappearance_does_not_close_the_row_until_it_has_been_in_the_file_again() -> None:
    refusal = Refusal("k001", None)
    still_missing = merge(stored([WANG], refusals=[refusal]), sheet(), POLICY)
    assert (still_missing.gone, still_missing.refused, still_missing.lapsed) == ((), (refusal,), ())
    assert merge(stored([WANG], refusals=[refusal]), sheet(WANG), POLICY).lapsed == (refusal,)


def test_two_equal_rows_count_once_and_two_different_ones_of_one_key_are_refused_without_naming_anybody() -> None:
    plan = merge(stored([]), sheet(WANG, WANG._replace(row=9)), POLICY)
    assert [one.row for one in plan.new] == [5]
    with pytest.raises(ValueError, match=r"valid rows \[5, 6\] share a key") as raised:
        merge(stored([]), sheet(WANG, row("k001", name="别人")), POLICY)
    assert "k001" not in str(raised.value)


def test_a_sheet_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="payments"):
        merge(stored([]), sheet(form="payments"), POLICY)

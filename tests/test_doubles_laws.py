"""Likely doubles as a whole: order plays no part, nobody is shown twice, and what is shown is as sure as it says."""

from collections import Counter
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.doubles import EXPECTED, precision, recall
from benchmarks.invented_doubles import Invented, invent
from sync_service.doubles.clusters import person_of
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions
from tests.doubled import BORN, EAST, WEST, number, person

NAMES = ("张建国", "章建国", "张建军", "李大山")
NUMBERS = (number(11), number(13), number(11)[:10] + "9" + number(11)[11:], number(11)[:6] + number(11)[8:17], "")

people = st.lists(
    st.builds(
        person,
        st.sampled_from(NUMBERS),
        name=st.sampled_from(NAMES),
        township=st.sampled_from((EAST, WEST)),
        form=st.sampled_from(("veterans", "beneficiaries")),
        phone=st.sampled_from(("", "13900000001")),
        birth=st.sampled_from(("", BORN.isoformat())),
        enlisted=st.sampled_from(("", "1986-11")),
        discharged=st.just("1990-03"),
        state=st.sampled_from(("", "去世")),
    ),
    max_size=9,
    unique_by=lambda one: one.place,
)


def _identities(one: Suspicion) -> tuple[object, ...]:
    same = one.left.number == one.right.number and one.left.whole
    forms = (one.left.form, one.right.form, one.left.township, one.right.township) if same else ()
    return (frozenset((one.left.identity, one.right.identity)), *forms)


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_plays_no_part(rows: list[Person], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    changes = (IdChange(NUMBERS[0], NUMBERS[1]),)
    assert suspicions(shuffled, changes) == suspicions(rows, changes)
    assert person_of(shuffled, changes=changes) == person_of(rows, changes=changes)


@given(people)
def test_no_two_people_are_shown_twice_nor_a_row_beside_itself(rows: list[Person]) -> None:
    found = suspicions(rows)
    assert max(Counter(map(_identities, found)).values(), default=1) == 1
    assert all(one.left.place < one.right.place for one in found)
    assert all(one.left.whole or one.right.whole for one in found)


@given(people)
def test_what_is_certain_is_one_person_and_nothing_else_is(rows: list[Person]) -> None:
    who = person_of(rows)
    for one in suspicions(rows):
        if one.strength == "certain":
            assert who[one.left.place] == who[one.right.place]
        elif one.left.identity != one.right.identity:
            assert who[one.left.place] != who[one.right.place]


@settings(max_examples=20)
@given(people)
def test_what_she_decides_joins_or_parts_people(rows: list[Person]) -> None:
    for one in suspicions(rows):
        pair = (one.left.place, one.right.place)
        joined = person_of(rows, [pair])
        assert joined[pair[0]] == joined[pair[1]]


def test_two_people_of_one_number_are_parted_when_she_says_so() -> None:
    here, there = person(), person(township=WEST)
    assert len({*person_of([here, there]).values()}) == 1
    assert len({*person_of([here, there], apart=[(here.place, there.place)]).values()}) == 2
    other = person(township=WEST, name="李大山")
    assert len({*person_of([here, other]).values()}) == 2
    assert len({*person_of([here, other], [(here.place, other.place)]).values()}) == 1


@cache
def _county() -> tuple[Invented, list[Suspicion]]:
    county = invent(3000, share=0.01)
    return county, suspicions(county.rows, county.changes)


def test_each_rule_is_as_sure_as_it_was_expected_to_be_and_misses_little() -> None:
    county, found = _county()
    for (code, strength), score in precision(county, found).items():
        if strength != "review":  # of these, it is planted how many are one person
            assert score.right >= EXPECTED[code] * score.shown - 1, code
    seen = recall(county, found)
    for (kind, code), one in seen.items():
        if not code:
            assert not one.shown, kind
        elif code in {"J01", "J02", "J03", "J06", "J09", "J10", "J11"}:
            assert one.by_rule == one.planted, kind
        else:
            assert one.shown >= 0.3 * one.planted, kind


def test_rows_are_joined_only_if_they_are_about_one_person() -> None:
    county, _ = _county()
    who = person_of(county.rows, changes=county.changes)
    certain = [one for one in county.planted if one.code in {"J01", "J06", "J09", "J11"}]
    assert all(who[one.left.place] == who[one.right.place] for one in certain)
    assert all(county.owners[place] == county.owners[first] for place, first in who.items())

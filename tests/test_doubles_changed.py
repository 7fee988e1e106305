"""The search for doubles after a change finds what a whole search finds."""

from collections.abc import Collection, Mapping
from datetime import date
from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.invented_doubles import invent
from sync_service.doubles.changed import suspicions_after
from sync_service.doubles.index import Index
from sync_service.doubles.person import Person
from sync_service.doubles.register import Register
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions, suspicions_in
from tests.doubled import EAST, WEST, number, person

NAMES = ("张建国", "章建国", "李大山", "")
NUMBERS = (
    *(number(n) for n in (11, 13, 15, 17)),
    number(11)[:10] + "9" + number(11)[11:],
    number(11)[:6] + number(11)[8:17],
    number(13)[:-1],
    "",
)
ROWS = st.builds(
    person,
    st.sampled_from(NUMBERS),
    name=st.sampled_from(NAMES),
    township=st.sampled_from((EAST, WEST)),
    form=st.sampled_from(("veterans", "beneficiaries")),
    key=st.sampled_from(("", "a", "b", "c", "d")),
    phone=st.sampled_from(("", "13900000001")),
    account=st.sampled_from(("", "6222")),
    birth=st.sampled_from(("", "1968-03-12")),
    village=st.sampled_from(("", "东风村")),
    stored=st.booleans(),
    row=st.integers(1, 3),
)
PEOPLE = st.lists(ROWS, max_size=40, unique_by=lambda one: one.place)


def _register(before: list[Person], now: list[Person], changes: tuple[IdChange, ...]) -> Register:
    """Those who are there now: those who were there before in an index, the others beside it."""
    known = dict(enumerate(before))

    def read(rows: Collection[int]) -> Mapping[int, Person]:
        return {row: known[row] for row in rows}

    gone = {row for row, one in known.items() if one not in now}
    come = [one for one in now if one not in before]
    return Register(Index().updated((), known.items()), read, come, gone, changes)


def _after(before: list[Person], now: list[Person], changes: tuple[IdChange, ...]) -> list[Suspicion]:
    register = _register(before, now, changes)
    return suspicions_after(suspicions(before, changes), register, {*before} ^ {*now})


@settings(max_examples=200)
@given(PEOPLE, PEOPLE, st.integers(0, 40), st.booleans())
def test_a_search_by_the_index_or_after_a_change_finds_what_a_search_among_all_rows_finds(
    before: list[Person], others: list[Person], kept: int, replaced: bool
) -> None:
    places = {one.place for one in others[:6]}
    now = [*others[:6], *(one for one in before[:kept] if one.place not in places)]
    changes = (IdChange(NUMBERS[0], NUMBERS[1]),) if replaced else ()
    expected = suspicions(now, changes)
    assert _after(before, now, changes) == expected
    assert suspicions_in(_register(before, now, changes)) == expected


@settings(max_examples=30)
@given(PEOPLE, st.integers(0, 40), st.sets(st.integers(0, 39)))
def test_an_index_that_is_kept_up_to_date_is_the_one_that_would_be_made_anew(
    people: list[Person], first: int, gone: set[int]
) -> None:
    rows = list(enumerate(people))
    kept = Index.unpacked(Index().updated((), rows[:first]).packed()).updated(gone, ())
    anew = Index().updated((), [(row, one) for row, one in rows if row >= first or row not in gone])
    assert kept.updated((), rows[first:]).packed() == anew.packed()


def test_a_telephone_is_nobodys_own_once_others_have_it_whatever_they_are_called() -> None:
    phone = "13900000001"
    pair = [person(number(11), phone=phone), person(number(13, date(1970, 1, 2)), phone=phone)]
    others = [
        person(number(n, date(1950 + n, 1, 2)), name=name, phone=phone)
        for n, name in ((15, "李大山"), (17, "王小川"), (19, "赵子龙"))
    ]
    assert [one.code for one in _after([*pair, others[0]], [*pair, *others[:2]], ())] == ["J05"]
    now = [*pair, *others]
    assert _after([*pair, *others[:2]], now, ()) == suspicions_in(_register(now, now, ())) == suspicions(now) == []


def test_two_people_whose_numbers_have_one_checksum_are_two_people() -> None:
    numbers = ("998088196803126798", "996543196803129668")
    assert crc32(numbers[0].encode()) == crc32(numbers[1].encode())
    now = [person(one) for one in numbers]
    assert suspicions_in(_register(now, now, ())) == suspicions(now) != []


def test_nor_does_it_miss_anything_in_a_county() -> None:
    county = invent(1500, share=0.01)
    changed = {*county.rows[::150]}
    before = [one for one in county.rows if one not in changed]
    now = [one._replace(phone="13900000001") if n % 97 == 0 else one for n, one in enumerate(county.rows)]
    changes = tuple(county.changes)
    assert suspicions(now, changes)
    assert _after(before, now, changes) == suspicions(now, changes)

"""The search for doubles after a change finds what a whole search finds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.invented_doubles import invent
from sync_service.doubles.changed import suspicions_after
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions
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


def _said(one: Person) -> Person:
    return one._replace(row=0, sheet="") if one.stored else one


def _after(before: list[Person], now: list[Person], changes: tuple[IdChange, ...]) -> list[Suspicion]:
    changed = {_said(one) for one in before} ^ {_said(one) for one in now}
    spoilt = [one for one in now if one.number and not one.whole]
    return suspicions_after(suspicions(before, changes), now, spoilt, changed, changes)


@settings(max_examples=80)
@given(PEOPLE, PEOPLE, st.integers(0, 40), st.booleans())
def test_a_search_after_a_change_finds_what_a_whole_search_finds(
    before: list[Person], others: list[Person], kept: int, replaced: bool
) -> None:
    places = {one.place for one in others[:6]}
    now = [*others[:6], *(one for one in before[:kept] if one.place not in places)]
    changes = (IdChange(NUMBERS[0], NUMBERS[1]),) if replaced else ()
    assert _after(before, now, changes) == suspicions(now, changes)


def test_nor_does_it_miss_anything_in_a_county() -> None:
    county = invent(1500, share=0.01)
    changed = {*county.rows[::150]}
    before = [one for one in county.rows if one not in changed]
    now = [one._replace(phone="13900000001") if n % 97 == 0 else one for n, one in enumerate(county.rows)]
    changes = tuple(county.changes)
    assert suspicions(now, changes)
    assert _after(before, now, changes) == suspicions(now, changes)

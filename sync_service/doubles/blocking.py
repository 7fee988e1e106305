"""Which rows are worth comparing: among 60,000 people, only those that have something telling in common."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from operator import attrgetter

from sync_service.doubles.evidence import DAY, MONTH
from sync_service.doubles.person import Person, renewed
from sync_service.doubles.sounds import sound_keys

MANY = 12
"""In a larger group than this only neighbours are compared, so that a column filled with one value costs no more than it is worth."""
DIGITS = "0123456789"
LONG = 18

Key = Callable[[Person], tuple[str, ...]]
"""What rows have to share to be compared; one that lacks any of it shares nothing."""

AT_HOME: Key = attrgetter("birth", "township", "village")
"""Those of one birth date in one village are compared by how their names sound."""
NAME_AND_PHONE: Key = attrgetter("name", "phone")
NAMESAKES: tuple[Key, ...] = (
    lambda one: (one.name, one.birth if len(one.birth) == DAY else ""),
    NAME_AND_PHONE,
    attrgetter("name", "account"),
    lambda one: (one.name, one.enlisted[:MONTH], one.discharged[:MONTH]),
)
"""What those of one name have to share besides."""


def _groups(keyed: Iterable[tuple[Hashable, Person]]) -> Iterator[Sequence[Person]]:
    groups: dict[Hashable, list[Person]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one)
    return (group for group in groups.values() if len(group) > 1)


def _sharing(people: Iterable[Person], key: Key) -> Iterator[Sequence[Person]]:
    return _groups((shared, one) for one in people if all(shared := key(one)))


def pairs_in(group: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Every two of a group; of a very large one, each with the next."""
    return combinations(group, 2) if len(group) <= MANY else pairwise(group)


def slips(number: str) -> Iterator[str]:
    """What a spoilt number may have been before one slip: a digit wrong, too many or missing, or two exchanged."""
    heads = [(number[:i], number[i:]) for i in range(len(number) + 1)]
    if len(number) == LONG:
        for head, tail in heads[:-1]:
            yield from (head + digit + tail[1:] for digit in (DIGITS if len(head) < LONG - 1 else DIGITS + "X"))
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
    elif len(number) == LONG + 1:
        yield from (head + tail[1:] for head, tail in heads[:-1])
    elif len(number) == LONG - 1:
        yield from (head + digit + tail for head, tail in heads for digit in (DIGITS if tail else DIGITS + "X"))


def _by_number(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Those with a spoilt number, each with those who have the number that it may have been (J02, J03)."""
    owners: Mapping[str, list[Person]] = defaultdict(list)
    for one in people:
        if one.whole:
            owners[one.number].append(one)
    for one in people:
        if one.number and not one.whole:
            numbers = {renewed(one.number), *slips(one.number)} & owners.keys()
            yield from ((one, owner) for number in sorted(numbers) for owner in owners[number][:MANY])


def candidates(
    people: Sequence[Person], changes: Mapping[str, str], *, dialect: bool
) -> Iterator[tuple[Person, Person]]:
    """Pairs of rows with different numbers that one of the rules J02 to J08 or J11 may suspect; some of them come twice."""
    yield from _by_number(people)
    for key in NAMESAKES:
        for group in _sharing(people, key):
            yield from pairs_in(group)
    for home in _sharing(people, AT_HOME):
        for group in _groups((sound, one) for one in home for sound in sound_keys(one.name, dialect=dialect)):
            yield from pairs_in(group)
    if changes:
        numbered = (one for one in people if one.number and one.stored)
        for group in _groups((changes.get(one.number, one.number), one) for one in numbered):
            yield from pairs_in(group)

"""How many people the rows are about: rows of one person form a cluster, which figures count once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sync_service.doubles.evidence import Evidence
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import IdChange

Place = tuple[str, str, str]
"""Form, township and key of a row."""


class _Union:
    """Sets that grow together; each is known by the first of its members in their order."""

    def __init__(self) -> None:
        self._up: dict[Place, Place] = {}

    def top(self, one: Place) -> Place:
        """What the set of `one` is known by."""
        path = []
        while (above := self._up.get(one, one)) != one:
            path.append(one)
            one = above
        self._up |= dict.fromkeys(path, one)
        return one

    def join(self, one: Place, other: Place) -> None:
        """Makes one set of both."""
        first, second = sorted((self.top(one), self.top(other)))
        self._up[second] = first


def person_of(
    people: Iterable[Person],
    linked: Iterable[tuple[Place, Place]] = (),
    changes: Iterable[IdChange] = (),
    *,
    apart: Iterable[tuple[Place, Place]] = (),
    dialect: bool = False,
) -> Mapping[Place, Place]:
    """For each row, the row that stands for its person: the first by form, township and key of all that are about him or her.

    Rows of one good ID number, or of one that the police replaced by it, are one person if the names are alike (J01, J06,
    J09, J11); what only the coordinator can tell is in `linked`, pairs of rows that she says are one person, and `apart`, of
    which she says that they are two though number and name are alike.
    """
    rows = sorted(people, key=lambda one: one.place)
    union, evidence = _Union(), Evidence(dialect=dialect)
    renewed = {change.old: change.new for change in changes}
    parted = {frozenset(pair) for pair in apart}
    names: dict[str, list[Person]] = defaultdict(list)
    for one in rows:
        if not one.whole:
            continue
        owners = names[renewed.get(one.number, one.number)]
        alike = [
            first
            for first in owners
            if "J10" not in evidence.same_number(first, one) and frozenset((first.place, one.place)) not in parted
        ]
        for first in alike:
            union.join(first.place, one.place)
        if not any(first.name == one.name for first in alike):
            owners.append(one)
    for place, other in linked:
        union.join(place, other)
    return {one.place: union.top(one.place) for one in rows}

"""The search for doubles after a few rows have changed: only what they may have to do with is looked at again.

The outcome is the very one of a whole search (a law of its own): two rows are suspected by what both say, by who else shares
their number, name, birth or telephone, and by nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from sync_service.doubles import person
from sync_service.doubles.blocking import slips
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import found_among, surest_first


class _Neighbours:
    """Who shares something with others by which rows are grouped or judged: more than the groups themselves, never less."""

    def __init__(self, people: Sequence[Person], spoilt: Sequence[Person], renewed: Mapping[str, str]) -> None:
        self._people, self._spoilt, self._renewed = people, spoilt, renewed

    def _slipping(self, some: Iterable[Person]) -> set[str]:
        """The spoilt numbers that may have been meant for those of `some`, and the numbers that their spoilt ones may mean."""
        whole = {one.number for one in some if one.whole}
        meant = {
            one.number
            for one in self._spoilt
            if person.renewed(one.number) in whole
            or any(DamerauLevenshtein.distance(one.number, number, score_cutoff=1) <= 1 for number in whole)
        }
        for one in some:
            if one.number and not one.whole:
                meant |= {person.renewed(one.number), *slips(one.number)}
        return meant

    def of(self, some: Collection[Person]) -> list[Person]:
        """`some` as far as they are among the people, and their neighbours."""
        renewed = self._renewed
        names, phones = {one.name for one in some} - {""}, {one.phone for one in some} - {""}
        said = {one.number for one in some} | self._slipping(some)
        numbers = {renewed.get(number, number) for number in said - {""}}
        homes = {(one.birth, one.township, one.village) for one in some if one.birth and one.village}
        places = {one.place for one in some if not (one.name or one.number)}
        return [
            one
            for one in self._people
            if one.name in names
            or renewed.get(one.number, one.number) in numbers
            or one.phone in phones
            or (one.birth, one.township, one.village) in homes
            or (places and one.place in places)
        ]

    def namesakes(self, some: Collection[Person]) -> list[Person]:
        """Those with the number of one of `some`."""
        numbers = {one.number for one in some if one.whole}
        return [one for one in self._people if one.number in numbers]


def suspicions_after(
    known: Iterable[Suspicion],
    people: Sequence[Person],
    spoilt: Sequence[Person],
    changed: Collection[Person],
    changes: Iterable[IdChange] = (),
    *,
    dialect: bool = False,
) -> list[Suspicion]:
    """What `suspicions(people, changes)` gives, from what was `known` before `changed` came, went or said something else.

    `people` are all rows of rosters as they are now, `spoilt` those of them with a number that does not hold together; `changed`
    are rows as they were and as they are. A stored row that only stands elsewhere in its sheet has not changed.
    """
    renewed = {change.old: change.new for change in changes}
    neighbours = _Neighbours(people, spoilt, renewed)
    touched = [*changed, *neighbours.of(changed)]
    again = {one.identity for one in touched}
    rows = neighbours.of([*touched, *neighbours.namesakes(touched)])
    found = [
        one
        for one in found_among(rows, renewed, dialect=dialect)
        if one.left.identity in again and one.right.identity in again
    ]
    kept = [one for one in known if not (one.left.identity in again and one.right.identity in again)]
    wanted = {row.place for one in kept for row in (one.left, one.right) if row.stored}
    keys = {key for _, _, key in wanted}
    now = {one.place: one for one in people if one.key in keys and one.stored}
    moved = [
        one._replace(left=now.get(one.left.place, one.left), right=now.get(one.right.place, one.right)) for one in kept
    ]
    return surest_first([*moved, *found])

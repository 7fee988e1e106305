"""What the coordinator has stated so far, sorted by what it is about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from sync_service.review.records import Side
from sync_service.review.subjects import Place
from sync_service.store.review_records import DONE, ENDED, REFUSED, STALE, Statement, StatementKind

SETTLING = {"采用甲": 1, "采用乙": 0}
"""Which side a decision closes."""
CLOSING = frozenset(["person", "row", "double"])
"""The kinds of cases in which taking one row closes the other."""


class Excluded(NamedTuple):
    """A row that another township's row was taken for: it is not stored as long as its `identity` stays and `winner` stands."""

    identity: str
    winner: Place
    subject: str


class Stated:
    """Every statement, and the newest one of each subject."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._versions: dict[tuple[StatementKind, str], list[Statement]] = defaultdict(list)
        for one in statements:
            self._versions[one.kind, one.subject].append(one)

    def newest(self, kind: StatementKind) -> Mapping[str, Statement]:
        """The newest statement of each subject."""
        return {subject: found[-1] for (of, subject), found in self._versions.items() if of == kind}

    def in_force(self, kind: StatementKind) -> Mapping[str, Statement]:
        """What holds of each subject: the newest statement that was not refused, unless that took it back or it is over."""
        found = {}
        for (of, subject), said in self._versions.items():
            taken = [one for one in said if one.state not in {REFUSED, STALE}]
            if of == kind and taken and taken[-1].state == DONE:
                found[subject] = taken[-1]
        return found

    def strays(self) -> list[Statement]:
        """What belonged to nothing when the coordinator last wrote something, the last first: until she writes again."""
        hers = [one for said in self._versions.values() for one in said if one.state != ENDED]
        last = max((one.run for one in hers), default=0)
        return sorted((one for one in self.newest("stray").values() if one.run == last), key=lambda one: -one.n)

    def versions(self, kind: StatementKind, subject: str) -> Sequence[Statement]:
        """All statements about a subject, oldest first."""
        return self._versions.get((kind, subject), ())

    def excluded(self) -> Mapping[Place, Excluded]:
        """The rows that standing decisions keep out."""
        found = {}
        for subject, one in self.in_force("case").items():
            if one.choice in SETTLING and one.detail["kind"] in CLOSING:
                loser = SETTLING[one.choice]
                sides = [side_of(side) for side in one.detail["sides"]]
                found[place_of(sides[loser])] = Excluded(
                    one.detail["identities"][loser], place_of(sides[1 - loser]), subject
                )
        return found

    def linked(self) -> list[tuple[Place, Place]]:
        """Pairs of rows that the coordinator says are about one person."""
        return self._pairs(lambda choice: choice in SETTLING or choice == "两者保留")

    def apart(self) -> list[tuple[Place, Place]]:
        """Pairs of rows that she says are about two persons."""
        return self._pairs(lambda choice: choice == "不是同一人")

    def _pairs(self, meant: Callable[[str], bool]) -> list[tuple[Place, Place]]:
        pairs = []
        for one in self.in_force("case").values():
            if one.detail["kind"] in {"person", "double"} and meant(one.choice):
                left, right = (place_of(side_of(side)) for side in one.detail["sides"])
                pairs.append((left, right))
        return sorted(pairs)


def side_of(stored: Sequence[object]) -> Side:
    """A side as the store keeps it."""
    return Side(*stored)  # type: ignore[arg-type]  # JSON has no types; it was a Side when it was stored


def place_of(side: Side) -> Place:
    """Form, township and key of the side's row."""
    return side.form, side.township, side.key

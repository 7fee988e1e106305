"""The rows of all rosters of a county, of which only those are read with whom a search has to do."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sync_service.doubles.blocking import NAME_AND_PHONE
from sync_service.doubles.index import Index, Wanted
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import IdChange

Reader = Callable[[Collection[int]], Mapping[int, Person]]


class Register:
    """Rows in an index but for those that are `gone` since it was made, read by `read`; and `others`, which are not in it.

    `changes` are the ID numbers that the police replaced.
    """

    def __init__(
        self,
        index: Index,
        read: Reader,
        others: Sequence[Person] = (),
        gone: Collection[int] = (),
        changes: Iterable[IdChange] = (),
    ) -> None:
        self.renewed: Mapping[str, str] = {change.old: change.new for change in changes}
        self._earlier: Mapping[str, set[str]] = defaultdict(set)
        for old, new in self.renewed.items():
            self._earlier[new].add(old)
        self._index, self._gone, self._read = index, gone, read
        self._others = others
        self._index_of_others = Index().updated((), enumerate(others))
        self._known: dict[int, Person] = {}

    def _people(self, rows: Collection[int]) -> list[Person]:
        wanted = sorted(row for row in rows if row not in self._gone)
        self._known |= self._read([row for row in wanted if row not in self._known])
        return [self._known[row] for row in wanted]

    def _holding(self, wanted: Wanted, rows: Iterable[int] = ()) -> list[Person]:
        others = sorted(self._index_of_others.holding(wanted))
        return [*self._people({*rows, *self._index.holding(wanted)}), *(self._others[n] for n in others)]

    def neighbours(self, some: Iterable[Person]) -> list[Person]:
        """Who shares with one of `some` anything by which rows are grouped or judged; they themselves as far as they are here."""
        wanted = Wanted()
        for one in some:
            wanted.neighbours_of(one)
            number = self.renewed.get(one.number, one.number)
            wanted.numbers({number, *self._earlier.get(number, ())} - {""})
        return self._holding(wanted)

    def company(self) -> list[Person]:
        """All who share with somebody else what rows are grouped by, with whatever they are judged by."""
        rows = self._index.shared()
        called = Counter(map(NAME_AND_PHONE, self._people(rows)))
        wanted = Wanted()
        wanted.phones(phone for (name, phone), n in called.items() if n > 1 and name and phone)
        wanted.numbers(number for change in self.renewed.items() for number in change)
        for one in (*self._others, *self._people(self._index.spoilt)):
            wanted.neighbours_of(one)
        return self._holding(wanted, rows)

"""How sure a figure is: what it comes to if what is still open turns out one way or the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync_service.figures.counting import Counter, Number, People
from sync_service.figures.selecting import Selection
from sync_service.figures.table import Table

Marks = Mapping[str, set[tuple[str, str]]]
"""By form, the (township, key) of its rows that carry a mark."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is not settled in the county.

    `held` and `awaiting` are rows by form: vanished together with many, and standing as they last were right. `wrong` is how many
    rows of each form have errors and have never been taken over, by township. `suspects` is who is who if all those who may be one
    are one.
    """

    held: Marks
    awaiting: Marks
    wrong: Mapping[tuple[str, str], int]
    suspects: People


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A figure is at least `least` and at most `most`; the rest is how many rows each reason concerns.

    `held`: vanished, to be confirmed; they count. `twice`: the same row stands in two townships, and counts twice where rows are
    counted. `awaiting`: wrong now, counted as they last were right. `wrong`: never right so far, not counted at all.
    """

    least: Number | None
    most: Number | None
    held: int = 0
    twice: int = 0
    awaiting: int = 0
    wrong: int = 0
    suspected: int = 0

    @property
    def sure(self) -> bool:
        """Whether nothing that is open could change it."""
        return self.least == self.most and not (self.awaiting or self.wrong)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not sure, in Chinese."""
        said = (
            (self.held, f"{self.held} 行待确认删除（现在算在内）"),
            (self.twice, f"{self.twice} 行在两个乡镇重复登记"),
            (self.suspected, f"另有 {self.suspected} 对疑似重复待核实"),
            (self.awaiting, f"{self.awaiting} 行有错误待更正，按上一次正确的内容算"),
            (self.wrong, f"另有 {self.wrong} 行有错误没收进来，没算"),
        )
        return tuple(text for number, text in said if number)


class Doubts:
    """Tells of figures how sure they are. What several figures ask of the same rows is found once."""

    def __init__(self, unsettled: Open) -> None:
        self._open = unsettled
        self._marked: dict[tuple[int, int], tuple[Table, set[int]]] = {}
        self._again: dict[int, tuple[Sequence[int], set[int]]] = {}

    def _marked_in(self, table: Table, marks: Marks) -> set[int]:
        """The rows of a table that carry a mark."""
        marked = marks.get(table.form.id)
        if not marked:
            return set()
        known = id(table), id(marks)
        if known not in self._marked:  # kept with the table, so that no other takes its place in memory
            places = enumerate(zip(table.township, table.key, strict=True))
            self._marked[known] = table, {i for i, place in places if place in marked and table.closed[i] is None}
        return self._marked[known][1]

    def _repeated(self, table: Table, rows: Sequence[int]) -> set[int]:
        """Those of the rows whose key came before, from another township."""
        if id(rows) not in self._again:
            again, seen = set[int](), set[str]()
            keys = [table.key[i] for i in rows]
            if len({*keys}) < len(keys):
                for i, key in zip(rows, keys, strict=True):
                    again |= {i} if key in seen else set()
                    seen.add(key)
            self._again[id(rows)] = rows, again
        return self._again[id(rows)][1]

    def of(self, counter: Counter, value: Number | None, parts: Sequence[Selection]) -> Uncertainty:
        """How sure the value is that `parts` come to."""
        if value is None:
            return Uncertainty(None, None)
        held = [self._marked_in(table, self._open.held).intersection(rows) for table, rows in parts]
        persons = counter.figure.count == "persons"
        again = [set[int]() if persons else self._repeated(table, rows) for table, rows in parts]
        bounds = [value]
        fewer = parts
        if any(held) or any(again):
            fewer = _without(parts, [one | other for one, other in zip(held, again, strict=True)])
            bounds.append(counter.count(fewer) or 0)
        suspected = 0
        if persons and self._open.suspects.numbers:
            supposing = Counter(counter.figure, self._open.suspects)
            suspected = int(value - (supposing.count(parts) or 0))
            bounds.append(supposing.count(fewer) or 0)
        forms = {table.form.id for table, _ in parts}
        return Uncertainty(
            min(bounds),
            max(bounds),
            sum(map(len, held)),
            sum(map(len, again)),
            sum(len(self._marked_in(table, self._open.awaiting).intersection(rows)) for table, rows in parts),
            sum(number for (form, _), number in self._open.wrong.items() if form in forms),
            suspected,
        )


def _without(parts: Sequence[Selection], left_out: Sequence[set[int]]) -> Sequence[Selection]:
    return [(table, [i for i in rows if i not in some]) for (table, rows), some in zip(parts, left_out, strict=True)]

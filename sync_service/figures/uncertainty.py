"""How sure a figure is: what it comes to if what is still open turns out one way or the other."""

from collections.abc import Callable, Mapping, Sequence
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
    rows of each form have errors and have never been taken over, by township. `suspects` are people who may be one, or None
    where nobody looked.
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
            (self.suspected, f"{self.suspected} 人疑似和别人是同一人"),
            (self.awaiting, f"{self.awaiting} 行有错误待更正，按上一次正确的内容算"),
            (self.wrong, f"另有 {self.wrong} 行有错误没收进来，没算"),
        )
        return tuple(text for number, text in said if number)


def _without(parts: Sequence[Selection], left_out: Callable[[Table, int], bool]) -> list[Selection]:
    return [(table, [i for i in rows if not left_out(table, i)]) for table, rows in parts]


def _marked(marks: Marks) -> Callable[[Table, int], bool]:
    def is_marked(table: Table, i: int) -> bool:
        return table.closed[i] is None and (table.township[i], table.key[i]) in marks.get(table.form.id, ())

    return is_marked


def _count(parts: Sequence[Selection], marks: Marks, marked: Callable[[Table, int], bool]) -> int:
    return sum(marked(table, i) for table, rows in parts if table.form.id in marks for i in rows)


def _again(parts: Sequence[Selection]) -> set[tuple[str, int]]:
    """The rows whose key was counted before, in another township: (form, version)."""
    again = set()
    for table, rows in parts:
        if len({table.key[i] for i in rows}) == len(rows):
            continue
        seen: set[str] = set()
        for i in rows:
            key = table.key[i]
            if key in seen:
                again.add((table.form.id, table.version[i]))
            seen.add(key)
    return again


def uncertainty_of(counter: Counter, value: Number | None, parts: Sequence[Selection], unsettled: Open) -> Uncertainty:
    """How sure the value is that `parts` come to."""
    if value is None:
        return Uncertainty(None, None)
    held, awaiting = _marked(unsettled.held), _marked(unsettled.awaiting)
    n_held = _count(parts, unsettled.held, held)
    persons = counter.figure.count == "persons"
    again = set() if persons else _again(parts)
    bounds = [value]
    if n_held or again:
        fewer = _without(parts, lambda table, i: held(table, i) or (table.form.id, table.version[i]) in again)
        bounds.append(counter.count(fewer) or 0)
    suspected = 0
    if persons and unsettled.suspects.linked:
        least = Counter(counter.figure, unsettled.suspects).count(_without(parts, held)) or 0
        suspected = int(value - (Counter(counter.figure, unsettled.suspects).count(parts) or 0))
        bounds.append(least)
    forms = {table.form.id for table, _ in parts}
    return Uncertainty(
        min(bounds),
        max(bounds),
        n_held,
        len(again),
        _count(parts, unsettled.awaiting, awaiting),
        sum(number for (form, _), number in unsettled.wrong.items() if form in forms),
        suspected,
    )

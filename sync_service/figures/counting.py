"""What is made of the rows that a figure counts: how many, how many people, or what sum."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_service.figures.selecting import Selection
from sync_service.figures.table import Table
from workbook_templates.expression import FUNCTIONS
from workbook_templates.figure import Figure

Number = int | float
Row = tuple[Table, int]
"""A row of a table, by its number."""


Place = tuple[str, str, str]
"""Form, township and key of a row."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is who: the rows of some ID numbers lead to the row that stands for their person (review.people); a row that is not
    known there any more is about the person of the row in `numbers`.

    A row of any other number is about the person of its number, and one without a number about somebody of its own.
    """

    linked: Mapping[Place, Place] = field(default_factory=dict)
    numbers: Mapping[str, Place] = field(default_factory=dict)

    def among(self, table: Table, rows: Sequence[int]) -> set[object]:
        """The people that rows are about."""
        numbers = table.values[table.form.person]
        found: set[object] = {numbers[i] for i in rows}
        if None not in found and found.isdisjoint(self.numbers):
            return found
        asked = found & {None, *self.numbers}
        return found - asked | {self._person(table, i) for i in rows if numbers[i] in asked}

    def _person(self, table: Table, i: int) -> Place:
        place = table.form.id, table.township[i], table.key[i]
        number = table.values[table.form.person][i]
        if place in self.linked or number is None:
            return self.linked.get(place, place)
        return self.linked[self.numbers[number]]


EACH_BY_NUMBER = People()
"""Every ID number is a person."""


def _values(figure: Figure, table: Table) -> Callable[[int], Any]:
    """What `of` of the figure comes to in a row; None where something in it is blank."""
    expression = table.form.expression(figure.of)
    columns: dict[str, object] = {f"c_{name}": table.values[name] for name in expression.names}
    places = {name: f"c_{name}[i]" for name in expression.names}
    guards = " and ".join(f"{place} is not None" for place in places.values()) or "True"
    scope: dict[str, object] = {name: function.python for name, function in FUNCTIONS.items()} | columns
    function: Callable[[int], Any] = eval(f"lambda i: ({expression.python(places)}) if {guards} else None", scope)
    return function


def _summed(values: Iterable[Number]) -> Number:
    """The sum; money is in yuan with two decimals, and is added without the errors of binary fractions."""
    total = math.fsum(values)
    return int(total) if total.is_integer() else round(total, 2)


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts rows as one figure wants it."""

    figure: Figure
    people: People

    def count(self, parts: Sequence[Selection]) -> Number | None:
        """What the rows come to; None where there is no smallest or largest."""
        match self.figure.count:
            case "rows":
                return sum(len(rows) for _, rows in parts)
            case "persons":
                return len(set[object]().union(*(self.people.among(table, rows) for table, rows in parts)))
        values = [value for table, rows in parts for value in self._valued(table, rows) if value is not None]
        match self.figure.count:
            case "sum":
                return _summed(values)
            case "distinct":
                return len(set(values))
            case "smallest":
                return min(values, default=None)
        return max(values, default=None)

    def by_township(self, parts: Sequence[Selection]) -> dict[str, Number | None]:
        """What the rows come to in each township that has one."""
        tables = [table for table, _ in parts]
        found: dict[str, list[list[int]]] = defaultdict(lambda: [[] for _ in tables])
        for number, (table, rows) in enumerate(parts):
            for code, some in table.in_townships(rows).items():
                found[code][number] = some
        return {code: self.count(list(zip(tables, rows, strict=True))) for code, rows in found.items()}

    def _valued(self, table: Table, rows: Sequence[int]) -> list[Any]:
        if self.figure.of in table.values:
            column = table.values[self.figure.of]
            return [column[i] for i in rows]
        return list(map(_values(self.figure, table), rows))

    def contributions(self, table: Table, rows: Sequence[int]) -> Sequence[Number | None]:
        """What each of the rows adds to a sum; 1 where rows or people are counted."""
        return [1] * len(rows) if self.figure.count in {"rows", "persons"} else self._valued(table, rows)

    def grouped(
        self, parts: Sequence[Selection], by: Callable[[Table, int], Iterable[str]]
    ) -> dict[str, Number | None]:
        """What the rows come to in each group; a row may belong to several."""
        tables = [table for table, _ in parts]
        found: dict[str, list[list[int]]] = defaultdict(lambda: [[] for _ in tables])
        for number, (table, rows) in enumerate(parts):
            for i in rows:
                for name in by(table, i):
                    found[name][number].append(i)
        return {name: self.count(list(zip(tables, rows, strict=True))) for name, rows in found.items()}

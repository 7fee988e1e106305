"""One figure as it was computed, with the very rows that it counts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sync_service.figures.counting import Counter, Number
from sync_service.figures.selecting import Selection
from sync_service.figures.table import Table
from sync_service.figures.uncertainty import Uncertainty
from workbook_templates.figure import Figure

BLANK = "（没有填）"
_TIMES = re.compile(r"\d+次$")


@dataclass(frozen=True, slots=True)
class Reported:
    """Who has reported: the codes of those who have, and of all who should."""

    done: tuple[str, ...]
    expected: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of those who have not."""
        return tuple(code for code in self.expected if code not in self.done)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row that a figure counts: where it belongs and stands, the number of its version, and what it adds."""

    form: str
    township: str
    key: str
    version: int
    file: str
    sheet: str
    row: int
    adds: Number | None


@dataclass(frozen=True)
class Result:
    """A figure's value (None: not known, never 0), for the county and for each township by code.

    `parts` are the rows that it counts; nothing for ratios and what is counted without rows. It does not apply to a period that has no
    Spring Festival if it is about that.
    """

    figure: Figure
    value: Number | None
    by_township: Mapping[str, Number | None]
    reported: Reported
    uncertainty: Uncertainty
    parts: Sequence[Selection] = ()
    counter: Counter | None = None
    applies: bool = True

    @property
    def row_count(self) -> int:
        """How many rows it counts."""
        return sum(len(rows) for _, rows in self.parts)

    def rows(self) -> Iterable[CountedRow]:
        """The rows that it counts, form by form."""
        for table, rows in self.parts:
            adding = self.counter.contributions(table, rows) if self.counter else [None] * len(rows)
            for i, adds in zip(rows, adding, strict=True):
                yield CountedRow(
                    table.form.id, table.township[i], table.key[i], table.version[i], *table.place(i), adds
                )

    @cached_property
    def by_village(self) -> Mapping[tuple[str, str], Number | None]:
        """What it comes to in each village that has a row, by the township's code and the village's name."""
        named = self._grouped(lambda table, i: (f"{table.township[i]} {_village(table, i)}",))
        return {(name[:9], name[10:]): number for name, number in named.items()}

    @cached_property
    def by_category(self) -> Mapping[str, Number | None]:
        """What it comes to in each category of the column that it is broken down by, the largest first."""
        named = self._grouped(lambda table, i: _categories(table, self.figure.by, i)) if self.figure.by else {}
        return dict(sorted(named.items(), key=lambda pair: (-(pair[1] or 0), pair[0])))

    def _grouped(self, by: object) -> Mapping[str, Number | None]:
        return self.counter.grouped(self.parts, by) if self.counter else {}  # type: ignore[arg-type]


def _village(table: Table, i: int) -> str:
    villages = table.values.get("village")
    return (villages[i] if villages else None) or BLANK


def _categories(table: Table, by: str, i: int) -> Sequence[str]:
    """The categories of a row: the parts of a list, without how many times, in a column that takes several."""
    value = table.values[by][i]
    if value is None:
        return (BLANK,)
    if table.form.by_id[by].kind == "multi":
        return [_TIMES.sub("", part) for part in str(value).split("、")]
    return (str(value),)

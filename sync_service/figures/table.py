"""The rows of one form as figures look at them: column by column, each value as conditions compare it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sync_service.store.versions import Versions
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.resident_id import check_digit, lengthened


@dataclass(slots=True)
class Table:
    """Rows of a form; row i is the i-th entry of every list.

    `closed` is the moment at which a row that does not stand any more was closed, `file`, `sheet` and `row` are where it stands,
    `values` the columns that figures ask for, by id: None where blank.
    """

    form: Form
    township: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    version: list[int] = field(default_factory=list)
    closed: list[str | None] = field(default_factory=list)
    file: list[str] = field(default_factory=list)
    sheet: list[str] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)

    _texts: dict[str, str] = field(default_factory=dict)
    _townships: frozenset[str] | None = None
    _parted: dict[int, tuple[Sequence[int], Mapping[str, list[int]]]] = field(default_factory=dict)

    @property
    def townships(self) -> frozenset[str]:
        """The townships that have rows."""
        if self._townships is None:
            self._townships = frozenset(self.township)
        return self._townships

    def in_townships(self, rows: Sequence[int]) -> Mapping[str, list[int]]:
        """Some rows parted by township; the same selection is parted once."""
        if id(rows) not in self._parted:
            townships, parted = self.township, defaultdict[str, list[int]](list)
            for i in rows:
                parted[townships[i]].append(i)
            self._parted[id(rows)] = (
                rows,
                parted,
            )  # kept with the rows, so that no other list takes their place in memory
        return self._parted[id(rows)][1]

    def place(self, i: int) -> tuple[str, str, int]:
        """File, sheet and number of a row."""
        return self.file[i], self.sheet[i], self.row[i]

    def __len__(self) -> int:
        return len(self.version)

    def extend(self, versions: Iterable[Versions]) -> None:
        """Adds rows, read with the columns that `values` has, in their order."""
        columns = [_Filler(self.form.by_id[name], values) for name, values in self.values.items()]
        self._townships = None
        for some in versions:
            values = zip(*orjson.loads(f"[{','.join(some.values)}]"), strict=True)
            for column, raws in zip(columns, values, strict=False):  # a database may give more than was asked for
                column.fill(raws)
            self.version += some.id
            self.key += some.key
            self.closed += some.closed
            self.row += some.row
            for texts, read in ((self.township, some.township), (self.file, some.file), (self.sheet, some.sheet)):
                texts += map(self._texts.setdefault, read, read)


def _comparer(column: Column) -> Callable[[Any], Any]:
    """How a column's values become comparable; numbers of 15 digits, from before 1999, are those of 18 that replaced them."""
    if column.kind == "idold":
        return lambda value: value if len(value) == 18 else (first := lengthened(value)) + check_digit(first)
    return column.of.comparable


class _Filler:
    """Appends a column's values to a list; equal ones become one object, made comparable once."""

    def __init__(self, column: Column, values: list[Any]) -> None:
        self._values, self._compare = values, _comparer(column)
        self._known: dict[Any, Any] = {None: None}

    def fill(self, raws: Sequence[Any]) -> None:
        known, compare = self._known, self._compare
        for raw in {*raws} - known.keys():
            known[raw] = compare(raw)
        self._values += map(known.__getitem__, raws)


def table_of(
    form: Form, columns: Collection[str], read: Callable[[Sequence[str]], Iterable[Versions]] | None = None
) -> Table:
    """The rows of a form with these columns, as `read` reads them."""
    table = Table(form, values={name: [] for name in sorted(columns)})
    if read:
        table.extend(read([*table.values]))
    return table

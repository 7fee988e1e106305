"""The rows of one form as figures look at them: column by column, each value as conditions compare it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

from sync_service.store.versions import Version
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.resident_id import check_digit, lengthened

_AT_ONCE = 5_000
"""So many rows are parsed together: quicker than one by one, and their dictionaries are gone before the next ones come."""


@dataclass(slots=True)
class Table:
    """Rows of a form; row i is the i-th entry of every list.

    `closed` is the moment at which a row that does not stand any more was closed, `place` its file, sheet and row number,
    `values` the columns that figures ask for, by id: None where blank.
    """

    form: Form
    township: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    version: list[int] = field(default_factory=list)
    closed: list[str | None] = field(default_factory=list)
    place: list[tuple[str, str, int]] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)

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

    def __len__(self) -> int:
        return len(self.version)

    def extend(self, versions: Iterable[Version]) -> None:
        """Adds rows; the columns are those that `values` has."""
        columns = [_Filler(self.form.by_id[name], values) for name, values in self.values.items()]
        coming = iter(versions)
        while some := list(islice(coming, _AT_ONCE)):
            payloads = orjson.loads("[" + ",".join([one[3] for one in some]) + "]")
            for column in columns:
                column.fill(payloads)
            self._place(some)

    def _place(self, versions: Sequence[Version]) -> None:
        self._townships = None
        ids, townships, keys, _, _, closed, files, sheets, rows = zip(*versions, strict=True)
        self.version += ids
        self.township += townships
        self.key += keys
        self.closed += closed
        self.place += zip(files, sheets, rows, strict=True)


def _comparer(column: Column) -> Callable[[Any], Any]:
    """How a column's values become comparable; numbers of 15 digits, from before 1999, are those of 18 that replaced them."""
    if column.kind == "idold":
        return lambda value: value if len(value) == 18 else (first := lengthened(value)) + check_digit(first)
    return column.of.comparable


class _Filler:
    """Appends a column's values to a list; equal ones become one object, made comparable once."""

    def __init__(self, column: Column, values: list[Any]) -> None:
        self._name, self._values, self._compare = column.id, values, _comparer(column)
        self._known: dict[Any, Any] = {None: None}

    def fill(self, payloads: Sequence[dict[str, Any]]) -> None:
        name, known, compare = self._name, self._known, self._compare
        raws = [payload.get(name) for payload in payloads]
        for raw in {*raws} - known.keys():
            known[raw] = compare(raw)
        self._values += map(known.__getitem__, raws)


def table_of(form: Form, columns: Collection[str], versions: Iterable[Version]) -> Table:
    """The rows `versions` of a form, with these columns."""
    table = Table(form, values={name: [] for name in sorted(columns)})
    table.extend(versions)
    return table

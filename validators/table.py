"""A sheet while it is being judged: parsed columns, and what was found in each cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import CodeType
from typing import Any

from validators.layout import Layout
from workbook_templates.catalogue import Severity, catalogue
from workbook_templates.cells import CellError, Raw
from workbook_templates.expression import Expression, environment
from workbook_templates.form import Form
from workbook_templates.kinds.base import Finding, Parser, Setting, Value

_NUMBERS = frozenset[type]([bool, int, float])


def severity_of(finding: Finding) -> Severity:
    """How bad a finding is."""
    return finding.severity or catalogue()[finding.code].severity


@dataclass(frozen=True, slots=True)
class Reference:
    """A row that the county holds: its number on the county's sheet, and its values by column id."""

    row: int
    values: Mapping[str, Value]


@dataclass(slots=True)
class Table:
    """One sheet's rows, column by column; row i is the i-th data row of the layout.

    `found` holds the findings of a cell by (i, column id); `errors` the rows of each column that have one; `bad` the rows
    that must not be taken over; `extra` are findings about several cells that need no cell of their own to be wrong.
    """

    layout: Layout
    values: dict[str, list[Value | None]] = field(default_factory=dict)
    found: dict[tuple[int, str], list[Finding]] = field(default_factory=dict)
    errors: dict[str, set[int]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    comparables: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form that the sheet holds."""
        return self.layout.form

    def __len__(self) -> int:
        return len(self.layout.rows)

    def report(self, i: int, column: str, finding: Finding) -> None:
        """Notes a finding at a cell; an error hides what was found there before that is less."""
        here = self.found.setdefault((i, column), [])
        if severity_of(finding) == "error":
            self.errors.setdefault(column, set()).add(i)
            self.bad.add(i)
            here[:] = [other for other in here if severity_of(other) == "error"]
        elif i in self.errors.get(column, ()):
            return
        here.append(finding)

    def judged(self, rows: Iterable[int], columns: Sequence[str]) -> list[int]:
        """Those of `rows` that have no error in any of `columns`: only they can be judged further."""
        wrong = set().union(*(self.errors.get(column, ()) for column in columns))
        return [i for i in rows if i not in wrong] if wrong else list(rows)

    def comparable(self, column: str) -> list[Any]:
        """The column's values as rules compare them."""
        if column not in self.comparables:
            convert = self.form.by_id[column].of.comparable
            values = self.values[column]
            known = {value: convert(value) for value in set(values) if value is not None}
            self.comparables[column] = [None if value is None else known[value] for value in values]
        return self.comparables[column]


def _told_apart(raws: Sequence[Raw]) -> Sequence[object]:
    """The cells of a column so that only equal ones are alike: 1 and TRUE are not, though Python says so."""
    if len(_NUMBERS.intersection(map(type, raws))) < 2:
        return raws
    return [(type(raw), raw) for raw in raws]


def _parse(parse: Parser, raws: Sequence[Raw]) -> tuple[list[Value | None], list[tuple[int, tuple[Finding, ...]]]]:
    """A column's values and findings. Equal cells are read once: most columns have few different values."""
    cells = _told_apart(raws)
    parsed = {cell: parse(raw) for cell, raw in dict(zip(cells, raws, strict=True)).items()}
    values = {cell: one.value for cell, one in parsed.items()}
    told = {cell: one.findings for cell, one in parsed.items() if one.findings}
    found = [(i, told[cell]) for i, cell in enumerate(cells) if cell in told] if told else []
    return [values[cell] for cell in cells], found


def parse_table(layout: Layout, setting: Setting) -> Table:
    """Reads every cell of a sheet."""
    table = Table(layout)
    for column in layout.form.stored:
        raws = layout.columns.get(column.id)
        if not raws:
            table.values[column.id] = [None] * len(table)
            continue
        if column.derive:  # its formula shows an error where its source is wrong: the source is what is reported
            raws = [None if isinstance(raw, CellError) else raw for raw in raws]
        table.values[column.id], found = _parse(column.of.parser(column, setting), raws)
        for i, findings in found:
            for finding in findings:
                table.report(i, column.id, finding)
    for i, name in layout.merged:
        table.errors.setdefault(name, set()).add(i)
        table.bad.add(i)
    return table


def reference_table(form: Form, rows: Iterable[Reference]) -> Table:
    """Rows that the county holds, for this workbook's rows to be looked up in; their own problems are not asked for."""
    listed = list(rows)
    numbers = [reference.row for reference in listed]
    table = Table(Layout(form, form.title, numbers, {}, {}, frozenset(), frozenset(), ()))
    for column in form.stored:
        table.values[column.id] = [reference.values.get(column.id) for reference in listed]
    return table


@cache
def compiled(source: str) -> CodeType:
    """What expressions were rendered into, compiled once: every sheet of a form asks for the same."""
    return compile(source, "<rule>", "eval")


def rows_where(table: Table, expression: Expression, today: date) -> list[int]:
    """The rows for which `expression` is true, as far as they can be judged."""
    if not expression.names:
        return []
    places = {name: f"c{n}" for n, name in enumerate(expression.names)}
    source = f"lambda columns: [i for i, ({','.join(places.values())},) in enumerate(zip(*columns)) if {expression.python(places)}]"
    select: Callable[[Sequence[Sequence[Any]]], list[int]] = eval(compiled(source), environment(today))
    return table.judged(select([table.comparable(name) for name in expression.names]), expression.names)


def values_of(table: Table, expression: Expression, today: date) -> list[Any]:
    """The expression's value for each row; None where a column in it is blank or wrong."""
    places = {name: f"c{n}" for n, name in enumerate(expression.names)}
    guards = " and ".join(f"{place} is not None" for place in places.values())
    arguments = ",".join(places.values())
    source = f"lambda columns: [({expression.python(places)}) if {guards} else None for {arguments}, in zip(*columns)]"
    compute: Callable[[Sequence[Sequence[Any]]], list[Any]] = eval(compiled(source), environment(today))
    return compute([table.comparable(name) for name in expression.names])

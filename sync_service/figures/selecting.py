"""Which rows a part of a figure counts."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_service.figures.period import Span
from sync_service.figures.table import Table
from workbook_templates.expression import environment
from workbook_templates.figure import PARAMETERS, Join, Part, Window
from workbook_templates.figure_names import condition
from workbook_templates.form import Form
from workbook_templates.kinds.base import serial

Selection = tuple[Table, Sequence[int]]
"""A table, and which of its rows."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A form's rows for one span: `state` is how every township stood at its end (closed rows in it do not count).

    `events` are the rows of all times; `filed_before[i]` is the day before which row i must be dated to count though it has
    been closed, None if it stands.
    """

    state: Table
    events: Table
    filed_before: Sequence[int | None]


def parameters(span: Span) -> Mapping[str, int | None]:
    """The days that conditions may name, as serial numbers; None where the period has no Spring Festival."""
    spring = span.spring
    days = (span.period.first, span.last, span.last, *(spring or (None, None)))
    return {name: serial(day) if day else None for name, day in zip(PARAMETERS, days, strict=True)}


def _window(within: Window, span: Span) -> tuple[int, int] | None:
    """The first and the last day that count; None if none do."""
    last = serial(span.last)
    match within:
        case "until":
            return 0, last
        case "year":
            return serial(span.last.replace(month=1, day=1)), last
        case "period":
            return serial(span.period.first), last
        case "spring":
            spring = span.spring
            return (serial(spring[0]), serial(spring[1])) if spring else None


def _globals(span: Span) -> dict[str, Any]:
    return environment(span.last) | {f"p_{name}": day for name, day in parameters(span).items()}


def _place(name: str, row: str = "") -> str:
    """What a name of an expression is called in Python: a column, or the list of it at `row`; days go by their own names."""
    return f"p_{name}" if name in PARAMETERS else f"c_{name.replace('.', '_')}{row}"


def columns_of(form: Form, text: str, other: Form | None = None) -> set[str]:
    """The columns that a condition names, days left out; those of the other row as other.x."""
    return set(condition(form, text, other).names) - PARAMETERS.keys() if text else set()


@dataclass(slots=True)
class Selector:
    """Selects rows for one span; what was selected once is kept. `rows` gives a form's rows."""

    span: Span
    reported: frozenset[str]
    rows: Callable[[str], Rows]
    _kept: dict[tuple[object, ...], Selection] = field(default_factory=dict)
    _matched: dict[tuple[object, ...], Mapping[tuple[Any, ...], Sequence[int]]] = field(default_factory=dict)

    def applies(self, part: Part) -> bool:
        """Whether the part can have rows in the span at all: around a Spring Festival it cannot where there is none."""
        return not part.happened or _window(part.within, self.span) is not None

    def select(self, part: Part) -> Selection:
        """The rows that a part counts, of the townships that have reported."""
        known = (part.form, part.where, part.date, part.within, str(part.joins))
        if known not in self._kept:
            table, chosen = self._dated(part.form, part.where, part.date, part.within)
            for join in part.joins:
                chosen = self._joined(table, chosen, join)
            self._kept[known] = table, chosen
        return self._kept[known]

    def _dated(self, form: str, where: str, date: str, within: Window) -> tuple[Table, list[int]]:
        rows = self.rows(form)
        happened = bool(date) and within != "until"
        table = rows.events if happened else rows.state
        window = _window(within, self.span)
        if window is None:
            return table, []
        used = sorted(columns_of(table.form, where) | ({date} if date else set()))
        names = ["i", "filed", *map(_place, used)]
        filed = rows.filed_before if happened else table.closed
        columns: list[Sequence[Any]] = [range(len(table)), filed, *(table.values[name] for name in used)]
        tests = [f"(filed is None or {_place(date)} < filed)" if happened else "filed is None"]
        if date:
            tests.insert(0, f"{_place(date)} is not None and {window[0]} <= {_place(date)} <= {window[1]}")
        if where:
            expression = condition(table.form, where)
            tests.append(expression.python({name: _place(name) for name in expression.names}))
        source = f"lambda columns: [i for {', '.join(names)}, in zip(*columns) if {' and '.join(tests)}]"
        chosen: list[int] = eval(source, _globals(self.span))(columns)
        if not self.reported >= table.townships:
            chosen = [i for i in chosen if table.township[i] in self.reported]
        return table, chosen

    def _joined(self, table: Table, chosen: Sequence[int], join: Join) -> list[int]:
        """Those of the rows for which the other form has a row, or has none, as the join expects."""
        other, matched = self._others(join)
        own = [table.values[name] for name in join.match]
        asks = _asking(join.that, table, other, self.span)
        wanted = join.expect == "some"
        return [
            i
            for i in chosen
            if any(asks(i, j) for j in matched.get(tuple([column[i] for column in own]), ())) is wanted
        ]

    def _others(self, join: Join) -> tuple[Table, Mapping[tuple[Any, ...], Sequence[int]]]:
        """The other form's rows in the join's window, by what they are matched by."""
        columns = tuple(join.match.values())
        known = (join.form, columns, join.date, join.within)
        table, chosen = self._dated(join.form, "", join.date, join.within)
        if known not in self._matched:
            found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
            for j in chosen:
                found[tuple([table.values[name][j] for name in columns])].append(j)
            self._matched[known] = {values: rows for values, rows in found.items() if None not in values}
        return table, self._matched[known]


def _asking(that: str, table: Table, other: Table, span: Span) -> Callable[[int, int], bool]:
    """The condition of a join as a question about row i of one table and row j of the other."""
    if not that:
        return lambda i, j: True  # noqa: ARG005 - to be matched is enough
    expression = condition(table.form, that, other.form)
    scope = _globals(span)
    for name in expression.names:
        if name not in PARAMETERS:
            scope[_place(name)] = (other if "." in name else table).values[name.removeprefix("other.")]
    places = {name: _place(name, "[j]" if "." in name else "[i]") for name in expression.names}
    asks: Callable[[int, int], bool] = eval(f"lambda i, j: {expression.python(places)}", scope)
    return asks

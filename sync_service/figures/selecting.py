"""Which rows a part of a figure counts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sync_service.figures.period import Span
from sync_service.figures.table import Table
from workbook_templates.expression import Expression, environment
from workbook_templates.figure import PARAMETERS, Join, Part, Window
from workbook_templates.figure_names import condition
from workbook_templates.form import Form
from workbook_templates.kinds.base import serial

Selection = tuple[Table, Sequence[int]]
"""A table, and which of its rows."""


@dataclass(frozen=True, slots=True)
class Events:
    """A form's rows of all times. `filed_before[i]` is the day before which row i must be dated to count though it has been
    closed, None if it stands."""

    table: Table
    filed_before: Sequence[int | None]


class _Dated:
    """The rows of a form that a window of time lets count, whatever else is asked of them."""

    def __init__(self, table: Table, rows: Sequence[int]) -> None:
        self.table, self.rows = table, rows
        self._columns: dict[str, Sequence[Any]] = {}

    def column(self, name: str) -> Sequence[Any]:
        """A column of these rows."""
        if name not in self._columns:
            values = self.table.values[name]
            self._columns[name] = [values[i] for i in self.rows]
        return self._columns[name]


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


def _place(name: str, row: str = "") -> str:
    """What a name of an expression is called in Python: a column, or the list of it at `row`; days go by their own names."""
    return f"p_{name}" if name in PARAMETERS else f"c_{name.replace('.', '_')}{row}"


def columns_of(form: Form, text: str, other: Form | None = None) -> set[str]:
    """The columns that a condition names, days left out; those of the other row as other.x."""
    return set(condition(form, text, other).names) - PARAMETERS.keys() if text else set()


class Selector:
    """Selects rows for one span; what was selected once is kept.

    `state` gives a form's rows as every township stood at the end of the span (closed rows in it do not count), `events` its rows
    of all times; only those of the townships that have `reported` count.
    """

    def __init__(
        self,
        span: Span,
        reported: Collection[str],
        state: Callable[[str], Table],
        events: Callable[[str], Events],
    ) -> None:
        self._span, self.reported = span, frozenset(reported)
        self._state, self._events = cache(state), events
        self._globals = environment(span.last) | {f"p_{name}": day for name, day in parameters(span).items()}
        self._dated: dict[tuple[str, str, Window], _Dated] = {}
        self._selected: dict[tuple[object, ...], Selection] = {}
        self._matched: dict[tuple[object, ...], Mapping[object, Sequence[int]]] = {}

    def applies(self, part: Part) -> bool:
        """Whether the part can have rows in the span at all: around a Spring Festival it cannot where there is none."""
        return not part.happened or _window(part.within, self._span) is not None

    def select(self, part: Part) -> Selection:
        """The rows that a part counts, of the townships that have reported."""
        known = (part.form, part.where, part.date, part.within, str(part.joins))
        if known not in self._selected:
            dated = self._of_window(part.form, part.date, part.within)
            chosen = self._where(dated, part.where)
            for join in part.joins:
                chosen = self._joined(dated.table, chosen, join)
            self._selected[known] = dated.table, chosen
        return self._selected[known]

    def _of_window(self, form: str, date: str, within: Window) -> _Dated:
        known = form, date, within
        if known not in self._dated:
            self._dated[known] = self._in_window(form, date, within)
        return self._dated[known]

    def _in_window(self, form: str, date: str, within: Window) -> _Dated:
        window = _window(within, self._span)
        if date and within != "until":
            events = self._events(form)
            table, days = events.table, events.table.values[date]
            first, last = window or (1, 0)
            rows: list[int] = [
                i
                for i, (day, filed) in enumerate(zip(days, events.filed_before, strict=True))
                if day is not None and first <= day <= last and (filed is None or day < filed)
            ]
        else:
            table = self._state(form)
            rows = [i for i, closed in enumerate(table.closed) if closed is None]
            if date and window:
                days = table.values[date]
                rows = [i for i in rows if (day := days[i]) is not None and day <= window[1]]
        if not self.reported >= table.townships:
            rows = [i for i in rows if table.township[i] in self.reported]
        return _Dated(table, rows)

    def _where(self, dated: _Dated, where: str) -> Sequence[int]:
        """Those of the rows where a condition holds."""
        return self._filtered(dated, condition(dated.table.form, where)) if where else dated.rows

    def _filtered(self, dated: _Dated, asked: Expression) -> Sequence[int]:
        used = sorted({*asked.names} - PARAMETERS.keys())
        names = ", ".join(["i", *map(_place, used)])
        text = asked.python({name: _place(name) for name in asked.names})
        columns = [dated.rows, *(dated.column(name.removeprefix("other.")) for name in used)]
        chosen: list[int] = eval(f"lambda columns: [i for {names}, in zip(*columns) if {text}]", self._globals)(columns)
        return chosen

    def _joined(self, table: Table, chosen: Sequence[int], join: Join) -> Sequence[int]:
        """Those of the rows for which the other form has a row, or has none, as the join expects."""
        other = self._of_window(join.form, join.date, join.within)
        asked = condition(table.form, join.that, other.table.form) if join.that else None
        of_both = asked is not None and any("." not in name for name in {*asked.names} - PARAMETERS.keys())
        # What is asked of the other row alone is asked before anything is matched: few rows are left then.
        there = self._filtered(other, asked) if asked and not of_both else other.rows
        matched = self._by_values(join, other.table, there, "" if of_both else join.that)
        own = _keys(table, [*join.match], chosen)
        wanted = join.expect == "some"
        if asked is None or not of_both:
            return [i for i, values in zip(chosen, own, strict=True) if (values in matched) is wanted]
        asks = _asking(asked, table, other.table, self._globals)
        return [
            i
            for i, values in zip(chosen, own, strict=True)
            if any(asks(i, j) for j in matched.get(values, ())) is wanted
        ]

    def _by_values(self, join: Join, table: Table, rows: Sequence[int], asked: str) -> Mapping[object, Sequence[int]]:
        """The other form's rows by the values that they are matched by."""
        columns = tuple(join.match.values())
        known = join.form, columns, join.date, join.within, asked
        if known not in self._matched:
            found: dict[object, list[int]] = defaultdict(list)
            for values, j in zip(_keys(table, columns, rows), rows, strict=True):
                found[values].append(j)
            self._matched[known] = {
                values: some
                for values, some in found.items()
                if values is not None and not (isinstance(values, tuple) and None in values)
            }
        return self._matched[known]


def _keys(table: Table, columns: Sequence[str], rows: Sequence[int]) -> Iterable[object]:
    """What rows are matched by: the values of columns, or of the only one."""
    lists = [[values[i] for i in rows] for values in (table.values[name] for name in columns)]
    return lists[0] if len(lists) == 1 else zip(*lists, strict=True)


def _asking(asked: Expression, table: Table, other: Table, days: Mapping[str, Any]) -> Callable[[int, int], bool]:
    """The condition of a join as a question about row i of one table and row j of the other."""
    scope = dict(days)
    for name in {*asked.names} - PARAMETERS.keys():
        scope[_place(name)] = (other if "." in name else table).values[name.removeprefix("other.")]
    places = {name: _place(name, "[j]" if "." in name else "[i]") for name in asked.names}
    asks: Callable[[int, int], bool] = eval(f"lambda i, j: {asked.python(places)}", scope)
    return asks

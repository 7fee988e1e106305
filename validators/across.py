"""What must hold between rows and between sheets: no row twice, no dragged numbers, references that exist."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from validators.layout import spans
from validators.table import Table, rows_where
from workbook_templates.expression import Expression, environment
from workbook_templates.form import Lookup
from workbook_templates.kinds.base import Finding
from workbook_templates.kinds.resident_id import ResidentId

DRAGGED = 3


def dragged_numbers(table: Table) -> None:
    """Reports runs of ID numbers that count up by one: the fill handle was dragged (I14). The first may be right."""
    for column in table.form.stored:
        raws = table.layout.columns.get(column.id)
        if raws is None or not isinstance(column.of, ResidentId):
            continue
        numbers = [int(raw) if isinstance(raw, str) and len(raw) == 18 and raw.isdecimal() else None for raw in raws]
        start = 0
        for i in range(1, len(numbers) + 1):
            previous = numbers[i - 1]
            if i < len(numbers) and previous is not None and numbers[i] == previous + 1:
                continue
            if i - start >= DRAGGED:
                rows = spans(table.layout.rows[k] for k in range(start, i))
                for k in range(start + 1, i):
                    table.found.pop((k, column.id), None)
                    table.errors.setdefault(column.id, set()).add(k)
                    table.bad.add(k)
                table.report(start + 1, column.id, Finding("I14", {"rows": rows}))
            start = i


def repeated_keys(table: Table, keys: Sequence[str], digests: Sequence[bytes]) -> None:
    """Reports rows with the same key: alike, one is kept (K03); different, none is taken over (K01)."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            by_key[key].append(i)
    what = "＋".join(table.form.by_id[name].header for name in table.form.key)
    at = table.form.key[0]
    for alike in by_key.values():
        if len(alike) == 1:
            continue
        words = {"rows": spans(table.layout.rows[i] for i in alike), "what": what}
        if len({digests[i] for i in alike}) == 1:
            table.dropped.update(alike[1:])
            table.report(alike[1], at, Finding("K03", words))
            continue
        for i in alike:
            table.report(i, at, Finding("K01", words))


def _index(table: Table, columns: Sequence[str]) -> Mapping[tuple[Any, ...], list[int]]:
    index: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, values in enumerate(zip(*(table.values[name] for name in columns), strict=True)):
        if None not in values:
            index[values].append(i)
    return index


def _condition(table: Table, other: Table, that: str, today: date) -> Callable[[int, int], bool]:
    if not that:
        return lambda i, j: True  # noqa: ARG005 - any row will do
    expression: Expression = table.form.expression(that, other.form)
    places, columns = {}, {}
    for n, name in enumerate(expression.names):
        theirs = name.startswith("other.")
        columns[f"c{n}"] = (other if theirs else table).comparable(name.removeprefix("other."))
        places[name] = f"c{n}[{'j' if theirs else 'i'}]"
    condition: Callable[[int, int], bool] = eval(
        f"lambda i, j: {expression.python(places)}", environment(today) | columns
    )
    return condition


def _misspelt(other: Table, columns: Sequence[str]) -> set[tuple[Any, ...]]:
    """Names on rows of `other` whose looked-up cells are wrong: a row that is missing may be one of these."""
    wrong = set().union(*(other.errors.get(name, ()) for name in columns))
    names = [other.values[name] for name in other.form.recognise]
    return {tuple(column[j] for column in names) for j in wrong}


def look_up(table: Table, lookup: Lookup, other: Table, today: date) -> None:
    """Reports the rows of `table` that break a rule between it and another sheet."""
    own, theirs = list(lookup.match), list(lookup.match.values())
    rows = rows_where(table, table.form.expression(lookup.when), today) if lookup.when else range(len(table))
    index = _index(other, theirs)
    condition = _condition(table, other, lookup.that, today)
    misspelt = _misspelt(other, theirs) if lookup.expect == "some" else set()
    names = [table.values[name] for name in other.form.recognise if name in table.values]
    needed = [*own, *(name for name in _own_names(table, lookup, other) if name in table.values)]
    for i in table.judged(rows, needed):
        key = tuple(table.values[name][i] for name in own)
        if None in key:
            continue
        matching = [j for j in index.get(key, ()) if condition(i, j)]
        if lookup.expect == "none" and matching:
            words = {"other_sheet": other.layout.sheet, "other_row": other.layout.rows[matching[0]]}
            table.report(i, lookup.at, Finding(lookup.code, words))
        elif lookup.expect == "some" and not matching and tuple(column[i] for column in names) not in misspelt:
            table.report(i, lookup.at, Finding(lookup.code))


def _own_names(table: Table, lookup: Lookup, other: Table) -> Sequence[str]:
    return table.form.expression(lookup.that, other.form).names if lookup.that else ()

"""What must hold between sheets, and between a row and the others of its sheet: references that exist and agree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from validators.table import Table, compiled, rows_where
from workbook_templates.expression import environment
from workbook_templates.form import Form
from workbook_templates.kinds.base import Finding
from workbook_templates.rule import Lookup, Target

Condition = Callable[[int, int], bool]


def _index(table: Table, columns: Sequence[str]) -> Mapping[tuple[Any, ...], list[int]]:
    index: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, values in enumerate(zip(*(table.values[name] for name in columns), strict=True)):
        if None not in values:
            index[values].append(i)
    return index


def _condition(table: Table, other: Table, that: str, today: date) -> Condition:
    if not that:
        return lambda i, j: True  # noqa: ARG005 - any row will do
    expression = table.form.expression(that, other.form)
    places, columns = {}, {}
    for n, name in enumerate(expression.names):
        theirs = name.startswith("other.")
        columns[f"c{n}"] = (other if theirs else table).comparable(name.removeprefix("other."))
        places[name] = f"c{n}[{'j' if theirs else 'i'}]"
    source = compiled(f"lambda i, j: {expression.python(places)}")
    condition: Condition = eval(source, environment(today) | columns)
    return condition


def _called(form: Form) -> Iterator[str]:
    """The column with the name of the person that a row is about, if it is about one."""
    return (name for name in form.recognise if form.by_id[name].kind == "name")


def _wrong(table: Table, columns: Iterable[str]) -> set[int]:
    return set().union(*(table.errors.get(name, ()) for name in columns))


def _misspelt(table: Table, other: Table, columns: Sequence[str]) -> Callable[[int], bool]:
    """Whether what row i looks for may be a row of `other` whose looked-up cells are wrong: one of the same name."""
    shared = [(name, name) for name in other.form.recognise if name in table.values]
    pairs = shared or [*zip(_called(table.form), _called(other.form), strict=False)]
    wrong = _wrong(other, columns) if pairs else ()
    names = {tuple(other.values[theirs][j] for _, theirs in pairs) for j in wrong}
    return lambda i: tuple(table.values[own][i] for own, _ in pairs) in names


class _Search:
    """One target of a lookup, made ready: `found` are the rows of the other sheet that row i finds there."""

    def __init__(self, table: Table, other: Table, target: Target, today: date) -> None:
        self.other = other
        self._keys = [*zip(*(table.values[name] for name in target.match), strict=True)]
        self._itself = table is other
        self._index = _index(other, [*target.match.values()])
        self._condition = _condition(table, other, target.that, today)
        self._misspelt = _misspelt(table, other, [*target.match.values()])
        asked = table.form.expression(target.that, other.form).names if target.that else ()
        self._unsure = _wrong(other, [name.removeprefix("other.") for name in asked if name.startswith("other.")])

    def found(self, i: int) -> Iterator[int]:
        for j in self._index.get(self._keys[i], ()):
            if not (self._itself and i == j) and self._condition(i, j):
                yield j

    def misspelt(self, i: int) -> bool:
        """Whether what row i looks for may be there, in a row of which something that is asked for is wrong."""
        return self._misspelt(i) or any(j in self._unsure for j in self._index.get(self._keys[i], ()))

    def asks(self, i: int) -> bool:
        """Whether row i has what it is looked up by."""
        return None not in self._keys[i]


def _needed(table: Table, targets: Sequence[Target], tables: Mapping[str, Table]) -> list[str]:
    """The own columns that must not be wrong for a row to be judged."""
    needed = [name for target in targets for name in target.match]
    for target in targets:
        if target.that:
            names = table.form.expression(target.that, tables[target.form].form).names
            needed += [name for name in names if not name.startswith("other.")]
    return needed


def look_up(table: Table, lookup: Lookup, tables: Mapping[str, Table], today: date) -> None:
    """Reports the rows of `table` that break a rule between it and other sheets.

    A sheet that could not be read, or that this workbook does not have, says nothing; nor does one in which nothing was
    filled in yet, where rows are expected to be found.
    """
    there = [target for target in lookup.targets if target.form in tables]
    some = lookup.expect == "some"
    nothing = not any(len(tables[target.form]) for target in there)  # there is nothing to be found
    if not len(table) or nothing or (some and len(there) < len(lookup.targets)):
        return
    searches = [_Search(table, tables[target.form], target, today) for target in there]
    rows = rows_where(table, table.form.expression(lookup.when), today) if lookup.when else range(len(table))
    for i in table.judged(rows, _needed(table, there, tables)):
        if not any(search.asks(i) for search in searches):
            continue
        found = next(((search, j) for search in searches for j in search.found(i)), None)
        if found and not some:
            layout = found[0].other.layout
            words = {"other_sheet": layout.sheet, "other_row": layout.rows[found[1]], **lookup.words}
            table.report(i, lookup.at, Finding(lookup.code, words, lookup.severity_on(today)))
        elif some and not found and not any(search.misspelt(i) for search in searches):
            table.report(i, lookup.at, Finding(lookup.code, lookup.words, lookup.severity_on(today)))


def partners(table: Table, other: Table, target: Target, today: date) -> list[int | None]:
    """For each row of `table` the first row of `other` that it finds by the target; None where there is none."""
    search = _Search(table, other, target, today)
    return [next(search.found(i), None) for i in range(len(table))]

"""Rows of every form for which sheet and Python shall give the same verdict: every kind, every rule, inside and outside.

Nothing here knows a form: what is tried follows from its columns and expressions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import NamedTuple

from tests.boundary_rows import Pair, Rows, boundaries, sample
from tests.judged_rows import judged, right_rows
from tests.typed_rows import ANY, Row, as_typed, bounds, sort, variations, written_out
from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.in_sheet import INEXPRESSIBLE, Inexpressible
from workbook_templates.kinds.base import Setting

RIGHT, WRONG = 16, 16
"""Right rows of each form; and rows with three cells of any sort."""
ETHNIC = "ethnic"
"""The list of which the known cases of a choice speak."""
OTHERS = 2
"""Writings tried in a column if all were tried in another that is judged alike."""


@dataclass(frozen=True)
class Generated:
    """Rows of one form; how many pairs of rows were found on either side of a bound, for each of its expressions by name;
    and the rows on which sheet and Python are known to differ."""

    form: Form
    setting: Setting
    rows: list[Row]
    pairs: dict[str, int]
    cases: list[tuple[Inexpressible, Column, Row]]


def surplus_of(form: Form, column: Column) -> str:
    """How the expression is called that is true where a cell is filled in that must not be (M03)."""
    return f"{form.id} {column.id} surplus"


class Asked(NamedTuple):
    """An expression that the sheet judges rows by: how it is called, how many pairs of rows are kept on either side of each
    of its bounds, and the column that must be filled in where it is true."""

    name: str
    text: str
    kept: int
    column: Column | None = None


def _asked(form: Form) -> Iterator[Asked]:
    for number, rule in enumerate(form.rules, 1):
        if catalogue()[rule.code].short:
            yield Asked(f"{form.id} {rule.code} {rule.at} ({number})", rule.when, 2)
    for column in form.stored:
        if column.required_when and not column.required:
            yield Asked(f"{form.id} {column.id} required_when", column.required_when, 1, column)
            told = (column.id, *form.expression(column.required_when).compared)
            allowed = filter(None, (column.required_when, column.optional_when))
            surplus = " and ".join((*(f"filled({name})" for name in told), *(f"not ({text})" for text in allowed)))
            yield Asked(surplus_of(form, column), surplus, 1)
        if column.derive:
            yield Asked(f"{form.id} {column.id} derive", f"{column.id} != ({column.derive})", 2)


def _clearest(pairs: Sequence[Pair], problems: Sequence[int], n: int) -> list[Pair]:
    """The `n` pairs with which least else is wrong, so that the status cell tells them apart; `problems` of each pair."""
    return [pair for pair, _ in sorted(zip(pairs, problems, strict=True), key=lambda two: two[1])[:n]]


def _around(
    form: Form, right: Sequence[Row], setting: Setting, random: Random
) -> Iterator[tuple[str, list[Pair], list[Row]]]:
    """For each expression its name, the pairs of rows found, and the rows to be judged."""
    known = Rows(form, setting)
    for name, text, kept, column in _asked(form):
        found = boundaries(known, text, right, random)
        pairs = [pair for some in found for pair in some]
        wrong = [len(problems) for problems in judged(form, [row for pair in pairs for row in pair], setting)]
        problems = iter([inside + outside for inside, outside in zip(wrong[::2], wrong[1::2], strict=True)])
        clear = [pair for some in found for pair in _clearest(some, [*islice(problems, len(some))], kept)]
        rows = [row for pair in clear for row in pair]
        if column:
            values = (None, sample(column, setting, random))
            rows += [row | {column.id: value} for row in rows for value in values]
        yield name, pairs, rows


def _cells(form: Form, right: Sequence[Row], setting: Setting, covered: set[str], random: Random) -> Iterator[Row]:
    """Each column in every writing, or in a few if one that is judged alike is `covered` (which grows)."""
    for column in form.stored:
        filled = [row for row in right if row.get(column.id) is not None] or right
        raws = variations(column, random.choice(filled), setting)
        if sort(column) in covered:
            raws = [*ANY, *random.sample(raws[len(ANY) :], min(OTHERS, len(raws) - len(ANY)))]
            raws += bounds(column, setting) if sort(column, bounded=True) not in covered else []
        covered |= {sort(column), sort(column, bounded=True)}
        for raw in raws:
            yield random.choice(filled) | {column.id: raw}
        if column.derive:
            row = random.choice(right)
            yield from (
                row | {column.id: raw} for raw in written_out(column, Rows(form, setting).comparable(column.id, row))
            )


def _mixed(form: Form, right: Sequence[Row], setting: Setting, random: Random) -> Iterator[Row]:
    for _ in range(WRONG):
        row = random.choice(right)
        columns = random.sample(form.stored, min(3, len(form.stored)))
        yield row | {column.id: random.choice(variations(column, row, setting)) for column in columns}


def _cases(form: Form, right: Sequence[Row], setting: Setting) -> Iterator[tuple[Inexpressible, Column, Row]]:
    """Rows on which sheet and Python are known to differ, and Python says what it is known to say."""
    for case in INEXPRESSIBLE:
        tried = [
            (column, row | {column.id: as_typed(column, case.writing)})
            for column in form.columns
            for row in right
            if column.kind == case.kind and column.typed and row.get(column.id) is not None
            if column.list == ETHNIC or case.kind != "enum"
        ]
        found = judged(form, [row for _, row in tried], setting)
        shown = {
            column.id: (case, column, row)
            for (column, row), problems in zip(tried, found, strict=True)
            if [problem.code for problem in problems] == ([case.python] if case.python else [])
        }
        yield from shown.values()


def generated(form: Form, setting: Setting, covered: set[str], random: Random) -> Generated:
    """Rows of `form`. `covered` are the sorts of columns that need not be tried in every writing any more; it grows."""
    right = right_rows(form, setting, RIGHT, random)
    around = [*_around(form, right, setting, random)]
    rows = [*right, *_cells(form, right, setting, covered, random), *_mixed(form, right, setting, random)]
    rows += [row for _, _, some in around for row in some]
    random.shuffle(rows)
    pairs = {name: len(pairs) for name, pairs, _ in around}
    return Generated(form, setting, rows, pairs, [*_cases(form, right, setting)])

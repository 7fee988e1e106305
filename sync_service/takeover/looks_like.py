"""What the cells of a nameless column look like: judged by the readers of the form's own columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from validators.table import severity_of
from workbook_templates.cells import CellError, Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.wording import DITTO, PLACEHOLDERS

KINDS = (
    ("id18",), ("phone",), ("date", "pdate", "month"), ("year",), ("village",), ("enum", "bool", "multi"), ("unit",),
    ("account",), ("name",),
)  # fmt: skip
"""Kinds of which the cells tell something, the strictest first: what passes for an ID number is no account. A text or an
amount may be anything."""
SAMPLE = 500
LEAST_CELLS = 3
FITTING, FITTING_ID = 0.8, 0.5
"""Share of the cells that must fit: old registers are full of slips. A check digit does not fit by chance."""
LONG_ACCOUNT = 12
SHORT_NAME = 4
VARIED = 0.5
"""Share of different cells in a column of names; a column of notes or of a few words has fewer."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A column that `cells` filled cells might be: `fitting` of them do."""

    column: Column
    fitting: int
    cells: int

    @property
    def share(self) -> float:
        """The share of cells that fit, 0 to 1."""
        return self.fitting / self.cells


def _telling(cells: Sequence[Raw]) -> Sequence[Raw]:
    """The cells that say something."""
    return [
        cell
        for cell in cells
        if cell is not None
        and not isinstance(cell, CellError)
        and (text := plain_text(cell).strip())
        and text not in PLACEHOLDERS
        and text not in DITTO
    ][:SAMPLE]


def _wanted(kind: str) -> Callable[[Raw], bool]:
    """What a cell must be besides readable: bare numbers are neither dates nor codes of choices, short ones no accounts."""
    match kind:
        case "date" | "pdate" | "month":
            return lambda cell: isinstance(cell, str | date)
        case "enum" | "bool" | "multi":
            return lambda cell: isinstance(cell, str) and not cell.strip().isdecimal()
        case "account":
            return lambda cell: len(plain_text(cell)) >= LONG_ACCOUNT
        case "name":
            return lambda cell: isinstance(cell, str) and (len(cell.strip()) <= SHORT_NAME or "·" in cell)
    return lambda cell: True  # noqa: ARG005


def _fit(column: Column, cells: Sequence[Raw], setting: Setting) -> Fit:
    parse, wanted = column.of.parser(column, setting), _wanted(column.kind)
    worst = (
        {"error", "warning"} if column.kind == "unit" else {"error"}
    )  # a unit's reader takes anything, with a warning
    fitting = 0
    for cell in cells:
        value, findings = parse(cell)
        fitting += value is not None and wanted(cell) and not any(severity_of(one) in worst for one in findings)
    return Fit(column, fitting, len(cells))


def looks_like(form: Form, cells: Sequence[Raw], setting: Setting) -> list[Fit]:
    """The columns of the strictest kind whose cells these might be; none if there are too few cells to tell."""
    telling = _telling(cells)
    if len(telling) < LEAST_CELLS:
        return []
    for kinds in KINDS:
        if kinds == ("name",) and len({plain_text(cell) for cell in telling}) < VARIED * len(telling):
            continue
        fits = [_fit(column, telling, setting) for column in form.columns if column.kind in kinds]
        if near := [fit for fit in fits if fit.share >= (FITTING_ID if kinds == ("id18",) else FITTING)]:
            return near
    return []

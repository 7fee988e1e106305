"""The colours by which a form's sheet shows what is wrong, as conditional formats; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_templates.form import Form
from workbook_templates.in_sheet import MARKS, RIGHT, InSheet, column_token, said
from workbook_templates.sheet import FIRST_ROW, confirm_column, last_row, letter, places

BLANK_FORM_ROW = 30
"""Down to this row lines are printed even if nothing is filled in."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the `formula` (for the first data row, without the equals sign) is true, cells look as `style` says.

    It holds for the columns `first` to `last`, from the first data row to the last one. An earlier mark wins.
    """

    first: int
    last: int
    formula: str
    style: str


def _repeated(form: Form) -> str:
    """TRUE where another row has the same key. The wildcard keeps long numbers from being compared as numbers."""
    keys = [letter(place.number) for place in places(form) if place.column.id in form.key]
    pairs = ",".join(f'${key}${FIRST_ROW}:${key}${last_row(form)},${key}{FIRST_ROW}&"*"' for key in keys)
    filled = ",".join(f'${key}{FIRST_ROW}<>""' for key in keys)
    return f"AND({filled},COUNTIFS({pairs})>1)"


def _status(form: Form) -> Iterator[Mark]:
    typed = "&".join(f"${letter(place.number)}{FIRST_ROW}" for place in places(form) if place.column.id in form.key)
    begins = {MARKS["error"]: "status_wrong", MARKS["warning"]: "status_doubtful", RIGHT: "status_right"}
    for sign, style in begins.items():
        yield Mark(1, 1, f'LEFT($A{FIRST_ROW},1)="{sign}"', style)
    yield Mark(1, 1, f'AND($A{FIRST_ROW}="",{typed}<>"")', "status_missing")


def _cells(form: Form, checks: InSheet) -> Iterator[Mark]:
    """The problems are found in the hidden columns by their tokens."""
    listed = "&".join(f"${letter(number)}{FIRST_ROW}" for number in checks.parts)

    def holds(token: str) -> str:
        return f"ISNUMBER(FIND({token},{listed}))"

    for place in places(form):
        column, at = place.column, place.number
        if not column.stored:
            continue
        if column.id in form.key:
            yield Mark(at, at, _repeated(form), "twice")
        missing = {said(column.header, column.absent, severity) for severity in MARKS}
        for token, text in checks.sayings.items():
            if text in missing:
                yield Mark(at, at, holds(token), "missing")
        yield Mark(at, at, holds(column_token(form, column, "error")), "wrong")
        yield Mark(at, at, holds(column_token(form, column, "warning")), "doubtful")


def marks(form: Form, checks: InSheet) -> tuple[Mark, ...]:
    """Every mark of the form's sheet, the first ones winning; `checks` are the sheet's formulas."""
    lined = f"OR(${letter(checks.filled)}{FIRST_ROW}=1,ROW()<={BLANK_FORM_ROW})"
    return (*_status(form), *_cells(form, checks), Mark(1, confirm_column(form), lined, "lined"))

"""A small workbook of right rows, how to spoil it, and what the clerk is told of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tests.right_people import COUNTY, FORMS, PERIOD, ROWS, TODAY, TOWNSHIP, Cells
from validators.check import check
from validators.raw import RawBook, RawSheet
from validators.table import Reference
from workbook_templates.cells import Raw
from workbook_templates.place import Township

Said = tuple[str, str, str]
"""A problem as it is expected: its code, its place (退役军人 C2), and the message."""
Rows = Mapping[str, Sequence[Cells]]


def cells(form: str, nth: int = 0, /, **changes: Raw) -> Rows:
    """The right rows with some cells of one row of `form` changed."""
    rows = list(ROWS[form])
    rows[nth] = {**rows[nth], **changes}
    return {**ROWS, form: rows}


def more(form: str, nth: int = 0, /, **changes: Raw) -> Rows:
    """The right rows with one more row of `form`: the nth with some cells changed."""
    return {**ROWS, form: (*ROWS[form], {**ROWS[form][nth], **changes})}


def sheet_of(form: str, rows: Sequence[Cells]) -> RawSheet:
    """The form's sheet with its header in row 1, then `rows`."""
    columns = FORMS[form].columns
    body = (tuple(row.get(column.id) for column in columns) for row in rows)
    return RawSheet(FORMS[form].title, (tuple(column.header for column in columns), *body))


def cover(unit: Township = TOWNSHIP, **changes: Raw) -> RawSheet:
    """The cover of the unit's workbook."""
    filled: Cells = {
        "county": COUNTY.name, "township": unit.name, "period": PERIOD, "filler": "王小芳", "phone": "13900000000",
        "reviewer": "李建国", "report_date": TODAY, "confirmed": "是", **changes,
    }  # fmt: skip
    form = FORMS["cover"]
    return RawSheet(form.title, tuple((column.header, filled.get(column.id)) for column in form.columns))


def workbook(rows: Rows = ROWS, unit: Township = TOWNSHIP) -> RawBook:
    """The unit's workbook with these rows (of the bureau: in the county's forms), with a cover and without a stamp."""
    forms = FORMS.of(unit)
    filled = (
        rows
        if unit == TOWNSHIP
        else {form: rows[form] for form in ("activities", "placement_history", "benefit_standards", "number_changes")}
    )
    sheets = (sheet_of(form, filled.get(form, ())) for form in forms if form != "cover")
    return RawBook(f"{unit.name}.xlsx", (cover(unit), *sheets))


def with_sheet(book: RawBook, title: str, change: Callable[[RawSheet], RawSheet | None]) -> RawBook:
    """The workbook with one sheet changed, or taken out."""
    changed = (change(sheet) if sheet.title == title else sheet for sheet in book.sheets)
    return replace(book, sheets=tuple(sheet for sheet in changed if sheet))


def _held(rows: Rows) -> Mapping[str, Sequence[Reference]]:
    """What the bureau holds, for the township to be judged by; its rows start in row 2."""
    return {
        form: [Reference(number, _parsed(form, row)) for number, row in enumerate(rows[form], 2)]
        for form in ("placement_history", "benefit_standards")
    }


def _parsed(form: str, row: Cells) -> dict[str, str | int | float]:
    kinds = {column.id: column.kind for column in FORMS[form].columns}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name in kinds and isinstance(value, str | int | float | date)
    }


def said(book: RawBook, unit: Township = TOWNSHIP, rows: Rows = ROWS) -> list[Said]:
    """What the unit's clerk is told of the workbook: code, place and message of each problem."""
    held = _held(rows) if unit == TOWNSHIP else {}
    problems = check(FORMS, book, unit, TODAY, PERIOD, held).problems
    return [(problem.code, problem.place, problem.message) for problem in problems]

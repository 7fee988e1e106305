"""One form as a sheet of a Google spreadsheet; the twin of workbook_templates.table_sheet."""

from collections.abc import Iterator, Mapping, Sequence

from workbook_templates.form import Form
from workbook_templates.google.looks import highlight, pixels_high, pixels_wide
from workbook_templates.google.requests import (
    Area,
    Band,
    Request,
    accept,
    add_sheet,
    cell,
    fill,
    filter_rows,
    guard,
    highlight_where,
    note_down,
    resize,
    write,
)
from workbook_templates.google.validation import validation
from workbook_templates.in_sheet import InSheet
from workbook_templates.kinds.base import Setting
from workbook_templates.marks import marks
from workbook_templates.sheet import FIRST_ROW, HEADER_ROW, ID_ROW, TITLE_ROW, confirm_column, last_row
from workbook_templates.table_columns import (
    HEAD_HEIGHTS,
    HIDDEN_WIDTH,
    ROW_HEIGHT,
    TableColumn,
    name_column,
    note_line,
    table_columns,
)


def _head(form: Form, sheet: int, columns: Sequence[TableColumn]) -> Iterator[Request]:
    for row, height in HEAD_HEIGHTS.items():
        yield resize(Band(sheet, "ROWS", row, row), pixels_high(height) if height else None, hidden=row == ID_ROW)
    rows = [
        [cell(form.title, "title")],
        [cell(note_line(form), "note")],
        [cell(column.id, "locked") for column in columns],
        [cell(column.header, column.header_style) for column in columns if column.header],
    ]
    yield write(sheet, TITLE_ROW, 1, rows)
    yield guard(Area(sheet, TITLE_ROW, 1, HEADER_ROW, columns[-1].number))


def _columns(form: Form, sheet: int, columns: Sequence[TableColumn]) -> Iterator[Request]:
    yield resize(Band(sheet, "ROWS", FIRST_ROW, last_row(form)), pixels_high(ROW_HEIGHT))
    hidden = [column.number for column in columns if column.hidden]
    yield resize(Band(sheet, "COLUMNS", hidden[0], hidden[-1]), pixels_wide(HIDDEN_WIDTH), hidden=True)
    for column in columns:
        if not column.hidden:
            band = Band(sheet, "COLUMNS", column.number, column.number)
            yield resize(band, pixels_wide(column.width))
            yield note_down("-column", column.id, band)
        content = cell(None, column.style, column.number_format, column.formula)
        yield fill(Area(sheet, FIRST_ROW, column.number, last_row(form), column.number), content)


def _entries(
    form: Form, sheet: int, columns: Sequence[TableColumn], setting: Setting, areas: Mapping[str, str]
) -> Iterator[Request]:
    for column in columns:
        if column.place and not column.formula:
            rule = validation(column.place.column, column.place.cell, setting, areas)
            if rule:
                yield accept(Area(sheet, FIRST_ROW, column.number, last_row(form), column.number), rule)


def _marks(form: Form, sheet: int, checks: InSheet) -> Iterator[Request]:
    seen = [(mark, look) for mark in marks(form, checks) if (look := highlight(mark.style))]
    for index, (mark, look) in enumerate(seen):
        yield highlight_where(Area(sheet, FIRST_ROW, mark.first, last_row(form), mark.last), mark.formula, look, index)


def add_table(form: Form, sheet: int, checks: InSheet) -> Request:
    """Adds the form's sheet, with nothing on it; `checks` are its formulas."""
    columns = table_columns(form, checks)
    return add_sheet(sheet, form.title, last_row(form), columns[-1].number, frozen=(HEADER_ROW, name_column(form)))


def table_requests(
    form: Form, sheet: int, checks: InSheet, setting: Setting, areas: Mapping[str, str]
) -> Iterator[Request]:
    """Fills the form's sheet; `checks` are its formulas, `areas` the places of lists by the names of their ranges.

    The rows of data are not guarded, their formulas neither: Google would ask back at each row that is deleted.
    """
    columns = table_columns(form, checks)
    yield note_down("-form", form.id, sheet)
    yield from _head(form, sheet, columns)
    yield from _columns(form, sheet, columns)
    yield from _entries(form, sheet, columns, setting, areas)
    yield from _marks(form, sheet, checks)
    yield filter_rows(Area(sheet, HEADER_ROW, 1, last_row(form), confirm_column(form)))

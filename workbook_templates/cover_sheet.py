"""The cover sheet of a township workbook: labels in column A, what is filled in in column B, hints in column C."""

from collections.abc import Mapping
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_templates.entry import accept
from workbook_templates.form import Form
from workbook_templates.kinds.base import Cell, Setting
from workbook_templates.looks import Looks
from workbook_templates.sheet import COVER_FIRST_ROW, COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, letter

LOCKED = ("county", "township")
"""What the template knows better than the clerk."""


def write_cover(
    book: Workbook, looks: Looks, form: Form, setting: Setting, values: Mapping[str, object], version: str
) -> Worksheet:
    """Adds the cover with `values` by column id filled in and the template's `version` below, and returns it."""
    page = book.add_worksheet(form.title)
    page.hide_gridlines(2)
    page.set_column(0, 16383, None, looks("locked"))
    page.set_column(COVER_LABEL_COLUMN - 1, COVER_LABEL_COLUMN - 1, 18)
    page.set_column(COVER_VALUE_COLUMN - 1, COVER_VALUE_COLUMN - 1, 40)
    page.set_column(COVER_VALUE_COLUMN, COVER_VALUE_COLUMN, 60)
    page.set_row(0, 30)
    page.write_string(0, 0, f"{setting.township.county.name}{setting.township.name} 退役军人事务台账", looks("title"))
    page.write_string(1, 0, form.note, looks("note"))
    for row, column in enumerate((column for column in form.columns if column.stored), COVER_FIRST_ROW - 1):
        page.set_row(row, 26)
        page.write_string(row, COVER_LABEL_COLUMN - 1, column.header, looks("label"))
        style = looks("fixed" if column.id in LOCKED else "input", column.of.number_format)
        match values.get(column.id):
            case None:
                page.write_blank(row, COVER_VALUE_COLUMN - 1, None, style)
            case date() as day:
                page.write_datetime(row, COVER_VALUE_COLUMN - 1, day, style)
            case value:
                page.write_string(row, COVER_VALUE_COLUMN - 1, str(value), style)
        wanted = "必填。" if column.required and column.id not in LOCKED else ""
        page.write_string(row, COVER_VALUE_COLUMN, wanted + column.hint, looks("hint"))
        if column.id not in LOCKED:
            cell = Cell(f"{letter(COVER_VALUE_COLUMN)}{row + 1}")
            accept(page, (row, COVER_VALUE_COLUMN - 1, row, COVER_VALUE_COLUMN - 1), column, cell, setting)
    page.set_row(row + 2, 26)
    page.write_string(row + 2, COVER_LABEL_COLUMN - 1, "模板版本", looks("label"))
    page.write_string(row + 2, COVER_VALUE_COLUMN - 1, version, looks("fixed", "@"))
    first = next(row for row, c in enumerate(form.columns, COVER_FIRST_ROW - 1) if c.id not in LOCKED)
    page.set_selection(first, COVER_VALUE_COLUMN - 1, first, COVER_VALUE_COLUMN - 1)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 1)
    return page

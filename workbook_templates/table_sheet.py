"""One form as a sheet of a township workbook: what the clerk types into, and what checks it."""

from collections.abc import Collection, Mapping, Sequence
from itertools import count

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_templates.bar import Button, add_bar
from workbook_templates.entry import accept
from workbook_templates.form import Form
from workbook_templates.in_sheet import InSheet, in_sheet
from workbook_templates.kinds.base import Setting
from workbook_templates.looks import Looks
from workbook_templates.marks import BLANK_FORM_ROW, marks
from workbook_templates.sheet import (
    CONFIRM_ID,
    FIRST_ROW,
    HEADER_ROW,
    ID_ROW,
    NOTE_ROW,
    TITLE_ROW,
    confirm_column,
    last_row,
    letter,
    places,
)
from workbook_templates.table_columns import (
    HEAD_HEIGHTS,
    ROW_HEIGHT,
    TableColumn,
    name_column,
    note_line,
    table_columns,
)
from workbook_templates.value_cells import write_value

SCALE = 70
"""Percent of full size on paper: 12 to 15 columns fit across a page and stay readable."""
ALLOWED = (
    "insert_rows",
    "delete_rows",
    "sort",
    "autofilter",
    "format_cells",
    "format_columns",
    "format_rows",
    "objects",
)
"""What protection leaves open. Without objects nobody could write a note, the clerk no more than the 校验 button."""

Payload = Mapping[str, object]
"""A row: column id to value, CONFIRM_ID to what stands under 属实说明. A value is one of a payload, or a raw cell as it was
typed. A derived column's value is typed over its formula."""


def _head(page: Worksheet, looks: Looks, form: Form, columns: Sequence[TableColumn]) -> None:
    for row, height in HEAD_HEIGHTS.items():
        page.set_row(row - 1, height, looks("locked"), {"hidden": row == ID_ROW})
    page.write_string(TITLE_ROW - 1, 0, form.title, looks("title"))
    page.write_string(NOTE_ROW - 1, 0, note_line(form), looks("note"))
    for column in columns:
        page.write_string(ID_ROW - 1, column.number - 1, column.id, looks("locked"))
        if column.header:
            page.write_string(HEADER_ROW - 1, column.number - 1, column.header, looks(column.header_style))


def _columns(page: Worksheet, looks: Looks, columns: Sequence[TableColumn]) -> None:
    """The column after the last is unlocked, to stand for all to its right (workbook_templates.widened): a locked cell anywhere in a row forbids deleting the row."""
    page.set_default_row(ROW_HEIGHT)
    page.set_column(0, columns[-1].number, None, looks("entry"))
    for column in columns:
        at, style = column.number - 1, looks(column.style, column.number_format)
        page.set_column(at, at, column.width, style, {"hidden": column.hidden})


def _marks(page: Worksheet, looks: Looks, form: Form, checks: InSheet) -> None:
    for mark in marks(form, checks):
        area = (FIRST_ROW - 1, mark.first - 1, last_row(form) - 1, mark.last - 1)
        page.conditional_format(*area, {"type": "formula", "criteria": f"={mark.formula}", "format": looks(mark.style)})


def _print_setup(page: Worksheet, form: Form, owner: str) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_print_scale(SCALE)
    page.hide_gridlines(1)
    page.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.repeat_columns(0, name_column(form) - 1)
    page.set_footer(f"&L{owner}　{form.title}&R第 &P 页 共 &N 页")


def _fill(page: Worksheet, looks: Looks, form: Form, rows: Sequence[Payload]) -> Mapping[str, Collection[int]]:
    """Writes `rows`; returns the rows (from 0) in which each column that fills itself was typed over."""
    by_id = {place.column.id: place for place in places(form) if place.column.stored}
    over: dict[str, set[int]] = {}
    for number, payload in enumerate(rows, FIRST_ROW - 1):
        for name, value in payload.items():
            if name == CONFIRM_ID:
                page.write_string(number, confirm_column(form) - 1, str(value), looks("entry", "@"))
            elif name in by_id and value is not None:
                column = by_id[name].column
                style = "computed" if column.derive else "entry"
                write_value(page, number, by_id[name].number - 1, column, value, looks, style)
                if column.derive:
                    over.setdefault(name, set()).add(number)
    return over


def write_table(
    book: Workbook,
    looks: Looks,
    form: Form,
    setting: Setting,
    rows: Sequence[Payload],
    repeated: dict[str, str],
    buttons: Sequence[Button] = (),
) -> None:
    """Adds the form's sheet with `rows` filled in, as payloads: column id to value, and `buttons` to the right of its title.

    The formulas that every row has are written as marks in one row only, the first that is not typed over, to be repeated
    to the last row by workbook_templates.shared: `repeated` takes in mark -> formula.
    """
    page = book.add_worksheet(form.title)
    checks = in_sheet(form, setting)
    columns = table_columns(form, checks)
    _columns(page, looks, columns)
    _head(page, looks, form, columns)
    over = _fill(page, looks, form, rows)
    for column in columns:
        at = column.number - 1
        if column.formula:
            mark = f"TZ_{form.id}_{column.number}"
            repeated[mark] = column.formula
            free = next(row for row in count(FIRST_ROW - 1) if row not in over.get(column.id, ()))
            page.write_formula(free, at, f"={mark}", looks(column.style, column.number_format), "")
        elif column.place:
            area = (FIRST_ROW - 1, at, last_row(form) - 1, at)
            accept(page, area, column.place.column, column.place.cell, setting)
    _marks(page, looks, form, checks)
    page.freeze_panes(HEADER_ROW, name_column(form))
    page.autofilter(HEADER_ROW - 1, 0, last_row(form) - 1, confirm_column(form) - 1)
    first = next(place.number for place in places(form) if place.column.typed)
    page.set_selection(FIRST_ROW - 1, first - 1, FIRST_ROW - 1, first - 1)
    page.protect("", dict.fromkeys(ALLOWED, True))
    add_bar(page, buttons, form.title, [column.width for column in columns[: name_column(form)]])
    _print_setup(page, form, f"{setting.township.county.name}{setting.township.name}")
    end = last_row(form)
    begun = f"'{form.title}'!${letter(checks.filled)}$1:${letter(checks.filled)}${end}"
    last = f"INDEX('{form.title}'!${letter(confirm_column(form))}$1:${letter(confirm_column(form))}${end},IFERROR(MATCH(9,{begun}),{BLANK_FORM_ROW}))"
    book.define_name(f"'{form.title}'!_xlnm.Print_Area", f"='{form.title}'!$A$1:{last}")

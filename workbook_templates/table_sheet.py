"""One form as a sheet of a township workbook: what the clerk types into, and what checks it."""

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_templates.entry import accept
from workbook_templates.form import Column, Form
from workbook_templates.in_sheet import MARKS, InSheet, column_token, in_sheet, said
from workbook_templates.kinds.base import Cell, Setting
from workbook_templates.looks import Looks
from workbook_templates.sheet import (
    CONFIRM_HEADER,
    CONFIRM_ID,
    FIRST_ROW,
    HEADER_ROW,
    ID_ROW,
    NOTE_ROW,
    ROOM,
    STATUS_HEADER,
    STATUS_ID,
    TITLE_ROW,
    confirm_column,
    letter,
    places,
)

LAST_ROW = FIRST_ROW + ROOM - 1
LAST_COLUMN = 16383
STATUS_WIDTH, CONFIRM_WIDTH = 26, 20
SCALE = 70
"""Percent of full size on paper: 12 to 15 columns fit across a page and stay readable."""
BLANK_FORM_ROW = 30
"""Down to this row lines are printed even if nothing is filled in."""
LEGEND = "深蓝＝必填　浅蓝加粗＝视情况填　浅蓝＝选填　灰＝自动生成"
ALLOWED = ("insert_rows", "delete_rows", "sort", "autofilter", "format_cells", "format_columns", "format_rows")

Payload = Mapping[str, object]


def _header_style(column: Column) -> str:
    if not column.typed:
        return "by_sheet"
    if column.required:
        return "required"
    return "sometimes" if column.required_when else "optional"


def name_column(form: Form) -> int:
    """The number of the column up to which a sheet stays in view: the first with a name, else the first key."""
    named = [place.number for place in places(form) if place.column.of.name == "name"]
    return named[0] if named else next(place.number for place in places(form) if place.column.id in form.key)


def _head(page: Worksheet, looks: Looks, form: Form, checks: InSheet) -> None:
    for row, height in ((TITLE_ROW, 30), (NOTE_ROW, 20), (ID_ROW, None), (HEADER_ROW, 44)):
        page.set_row(row - 1, height, looks("locked"), {"hidden": row == ID_ROW})
    page.write_string(TITLE_ROW - 1, 0, form.title, looks("title"))
    page.write_string(NOTE_ROW - 1, 0, f"{form.note}　表头颜色：{LEGEND}。", looks("note"))
    ids = {1: STATUS_ID, confirm_column(form): CONFIRM_ID}
    ids |= {place.number: place.column.id for place in places(form)}
    ids |= {formula.number: formula.id for formula in checks.formulas}
    for number, text in ids.items():
        page.write_string(ID_ROW - 1, number - 1, text, looks("locked"))
    page.write_string(HEADER_ROW - 1, 0, STATUS_HEADER, looks("by_sheet"))
    page.write_string(HEADER_ROW - 1, confirm_column(form) - 1, CONFIRM_HEADER, looks("optional"))
    for place in places(form):
        page.write_string(HEADER_ROW - 1, place.number - 1, place.column.header, looks(_header_style(place.column)))


def _columns(page: Worksheet, looks: Looks, form: Form, checks: InSheet) -> None:
    """Every column is unlocked to the last one: a locked cell anywhere in a row forbids deleting the row."""
    page.set_default_row(18)
    page.set_column(0, LAST_COLUMN, None, looks("entry"))
    page.set_column(0, 0, STATUS_WIDTH, looks("status"))
    for place in places(form):
        column, number = place.column, place.number - 1
        style = looks(
            "entry" if column.typed else "computed", column.of.number_format if column.typed else _shown(column)
        )
        page.set_column(number, number, column.width or column.of.width, style)
    confirm = confirm_column(form) - 1
    page.set_column(confirm, confirm, CONFIRM_WIDTH, looks("entry", "@"))
    hidden = [formula.number - 1 for formula in checks.formulas if formula.hidden]
    page.set_column(min(hidden), max(hidden), 9, looks("entry"), {"hidden": True})


def _shown(column: Column) -> str:
    """The number format of a cell that fills itself; a formula in a text cell would be shown as its own text."""
    return "General" if column.of.number_format == "@" else column.of.number_format


def _marks(page: Worksheet, looks: Looks, form: Form, checks: InSheet) -> None:
    """Colours: the problems are found in the hidden columns by their tokens."""
    listed = "&".join(f"${letter(number)}{FIRST_ROW}" for number in checks.parts)

    def mark(number: int, formula: str, style: str) -> None:
        area = (FIRST_ROW - 1, number - 1, LAST_ROW - 1, number - 1)
        page.conditional_format(*area, {"type": "formula", "criteria": f"={formula}", "format": looks(style)})

    def holds(token: str) -> str:
        return f"ISNUMBER(FIND({token},{listed}))"

    typed = [f"${letter(place.number)}{FIRST_ROW}" for place in places(form) if place.column.id in form.key]
    mark(1, f'LEFT($A{FIRST_ROW},1)="{MARKS["error"]}"', "status_wrong")
    mark(1, f'LEFT($A{FIRST_ROW},1)="{MARKS["warning"]}"', "status_doubtful")
    mark(1, f'LEFT($A{FIRST_ROW},1)="√"', "status_right")
    mark(1, f'AND($A{FIRST_ROW}="",{"&".join(typed)}<>"")', "status_missing")
    for place in places(form):
        column = place.column
        if not column.stored:
            continue
        if column.id in form.key:
            mark(place.number, _repeated(form), "twice")
        missing = said(column.header, "M01" if column.required else "M02")
        for token, text in checks.sayings.items():
            if text == missing:
                mark(place.number, holds(token), "missing")
        mark(place.number, holds(column_token(form, column, "error")), "wrong")
        mark(place.number, holds(column_token(form, column, "warning")), "doubtful")
    lined = f"OR(${letter(checks.filled)}{FIRST_ROW}=1,ROW()<={BLANK_FORM_ROW})"
    whole = (FIRST_ROW - 1, 0, LAST_ROW - 1, confirm_column(form) - 1)
    page.conditional_format(*whole, {"type": "formula", "criteria": f"={lined}", "format": looks("lined")})


def _repeated(form: Form) -> str:
    """TRUE where another row has the same key. The wildcard keeps long numbers from being compared as numbers."""
    keys = [letter(place.number) for place in places(form) if place.column.id in form.key]
    pairs = ",".join(f'${key}${FIRST_ROW}:${key}${LAST_ROW},${key}{FIRST_ROW}&"*"' for key in keys)
    filled = ",".join(f'${key}{FIRST_ROW}<>""' for key in keys)
    return f"AND({filled},COUNTIFS({pairs})>1)"


def _print_setup(page: Worksheet, form: Form, owner: str) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_print_scale(SCALE)
    page.hide_gridlines(1)
    page.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.repeat_columns(0, name_column(form) - 1)
    page.set_footer(f"&L{owner}　{form.title}&R第 &P 页 共 &N 页")


def _as_cell(kind: Column, value: object) -> object:
    """A payload's value as the cell holds it: days are real dates in date cells."""
    if kind.of.name == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:  # a day that does not exist stays the text that it is
            return value
    return value


def _write(page: Worksheet, row: int, column: int, kind: Column, value: object, looks: Looks) -> None:
    style = looks("entry", kind.of.number_format)
    match _as_cell(kind, value):
        case date() as day:
            page.write_datetime(row, column, day, style)
        case int() | float() as number:
            page.write_number(row, column, number, style)
        case text:
            page.write_string(row, column, str(text), style)


def write_table(
    book: Workbook, looks: Looks, form: Form, setting: Setting, rows: Sequence[Payload], repeated: dict[str, str]
) -> None:
    """Adds the form's sheet with `rows` filled in, as payloads: column id to value.

    The formulas that every row has are written as marks in the first row only, to be repeated to the last row by
    workbook_templates.shared: `repeated` takes in mark -> formula.
    """
    page = book.add_worksheet(form.title)
    checks = in_sheet(form, setting)
    _columns(page, looks, form, checks)
    _head(page, looks, form, checks)
    by_id = {place.column.id: place for place in places(form)}
    for formula in checks.formulas:
        mark = f"TZ_{form.id}_{formula.number}"
        repeated[mark] = formula.formula
        if formula.id == STATUS_ID:
            style = looks("status")
        elif formula.hidden:
            style = looks("entry")
        else:
            style = looks("computed", _shown(form.by_id[formula.id]))
        page.write_formula(FIRST_ROW - 1, formula.number - 1, f"={mark}", style, "")
    for number, payload in enumerate(rows, FIRST_ROW - 1):
        for name, value in payload.items():
            if name in by_id and by_id[name].column.typed and value is not None:
                _write(page, number, by_id[name].number - 1, by_id[name].column, value, looks)
    for place in places(form):
        if place.column.typed:
            cell = Cell(*(f"{letter(n)}{FIRST_ROW}" if n else "" for n in (place.number, place.helper, place.tidy)))
            area = (FIRST_ROW - 1, place.number - 1, LAST_ROW - 1, place.number - 1)
            accept(page, area, place.column, cell, setting)
    _marks(page, looks, form, checks)
    page.freeze_panes(HEADER_ROW, name_column(form))
    page.autofilter(HEADER_ROW - 1, 0, LAST_ROW - 1, confirm_column(form) - 1)
    first = next(place.number for place in places(form) if place.column.typed)
    page.set_selection(FIRST_ROW - 1, first - 1, FIRST_ROW - 1, first - 1)
    page.protect("", dict.fromkeys(ALLOWED, True))
    _print_setup(page, form, f"{setting.township.county.name}{setting.township.name}")
    begun = f"'{form.title}'!${letter(checks.filled)}$1:${letter(checks.filled)}${LAST_ROW}"
    last = f"INDEX('{form.title}'!${letter(confirm_column(form))}$1:${letter(confirm_column(form))}${LAST_ROW},IFERROR(MATCH(9,{begun}),{BLANK_FORM_ROW}))"
    book.define_name(f"'{form.title}'!_xlnm.Print_Area", f"='{form.title}'!$A$1:{last}")

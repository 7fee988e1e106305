"""Values put into cells so that they are read back as what they are: a payload's, or raw ones as they were typed."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from xlsxwriter.worksheet import Worksheet

from workbook_templates.cells import CellError
from workbook_templates.column import Column
from workbook_templates.looks import Looks
from workbook_templates.printable import printable

DAY = "yyyy-mm-dd"
MOMENTS: Mapping[type, str] = {datetime: "yyyy-mm-dd hh:mm:ss", date: DAY, time: "hh:mm:ss", timedelta: "[h]:mm:ss"}
"""How moments are shown, in a text column too."""
ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
EARLIEST = 1900
"""The first year that a spreadsheet has."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _as_cell(kind: Column, value: object) -> object:
    """A payload's value as the cell holds it: days are real dates in date cells."""
    if kind.of.number_format == DAY and isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:  # a day that does not exist stays the text that it is
            return value
    return value


def _whole(text: str) -> str:
    """A text that stays what it is: XlsxWriter takes one between <r> and </r> for its own rich text."""
    text = printable(text)
    return text + " " if text.startswith("<r>") and text.endswith("</r>") else text


def shown_as(column: Column) -> str:
    """The number format of a column's cells. A formula in a text cell would be shown as its own text."""
    own = column.of.number_format
    return own if column.typed or own != "@" else "General"


def write_value(page: Worksheet, row: int, column: int, kind: Column, value: object, looks: Looks, style: str) -> None:
    """Writes a value that is not None. An error stays an error, a number that is no date does not become one."""
    shown = shown_as(kind)
    look = looks(style, shown)
    match _as_cell(kind, value):
        case bool() as truth:
            page.write_boolean(row, column, truth, look)
        case date() as day if day.year < EARLIEST:
            page.write_string(row, column, day.isoformat(), look)
        case date() | time() | timedelta() as moment:
            page.write_datetime(row, column, moment, looks(style, MOMENTS[type(moment)]))
        case int() | float() as number:
            page.write_number(row, column, number, looks(style, "General") if shown == DAY else look)
        case CellError(text=text) if text in ERRORS:
            page.write_formula(row, column, f"={text}", look, text)
        case CellError(text=text):
            page.write_string(row, column, text, look)
        case text:
            page.write_string(row, column, _whole(str(text)), look)

"""What people do to a shared spreadsheet: type, paste, hide, and rename, move, copy and delete its tabs."""

from datetime import date, datetime, time

from tests.drawn import Drawn
from tests.google_stand_in.a1 import Json
from tests.google_stand_in.book import Spreadsheet, new_sheet
from tests.google_stand_in.cells import Cell, serial, type_into
from tests.google_stand_in.changes import carry_out, new_id
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw


def type_raw(cell: Cell, value: Raw) -> None:
    """Types what a reader would hand over as `value`."""
    match value:
        case datetime():
            cell.value = serial(value)
            cell.look_like("DATE_TIME", "yyyy-mm-dd hh:mm")
        case date():
            cell.value = serial(datetime.combine(value, time.min))
            cell.look_like("DATE", "yyyy-mm-dd")
        case CellError(text=text):
            cell.formula = f"={text}"
        case str():
            type_into(cell, f"'{value}" if not cell.number_format else value)
        case None | bool() | int() | float():
            cell.value = value
        case _:
            raise AssertionError(value)


def type_rows(book: Spreadsheet, title: str, raw: RawSheet, first: int = 1) -> None:
    """Types the cells of `raw` into the tab, from row `first` of both on; blanks are passed over."""
    sheet = book.titled(title)
    assert sheet
    for row, values in enumerate(raw.rows[first - 1 :], first):
        for column, value in enumerate(values, 1):
            if value is not None:
                type_raw(sheet.cell(row, column), value)
    book.touched()


def draw(book: Spreadsheet, sheets: Drawn) -> None:
    """Makes these the only tabs of the spreadsheet; a tab of a known title keeps its id."""
    kept = {sheet.title: sheet.id for sheet in book.sheets}
    book.sheets = [
        new_sheet(kept.get(title, new_id()), title, max(100, len(raw.rows)), max([26, *map(len, raw.rows)]))
        for title, raw in sheets.items()
    ]
    book.numbered()
    for title, raw in sheets.items():
        type_rows(book, title, raw)


def do(book: Spreadsheet, *requests: Json) -> None:
    """Something that the program's menus do."""
    carry_out(book, list(requests))
    book.touched()


def rename_tab(book: Spreadsheet, title: str, new: str) -> None:
    do(book, {"updateSheetProperties": {"properties": {"sheetId": _id(book, title), "title": new}, "fields": "title"}})


def move_tab(book: Spreadsheet, title: str, index: int) -> None:
    properties = {"sheetId": _id(book, title), "index": index}
    do(book, {"updateSheetProperties": {"properties": properties, "fields": "index"}})


def copy_tab(book: Spreadsheet, title: str, new: str) -> None:
    do(book, {"duplicateSheet": {"sourceSheetId": _id(book, title), "newSheetName": new}})


def delete_tab(book: Spreadsheet, title: str) -> None:
    do(book, {"deleteSheet": {"sheetId": _id(book, title)}})


def hide_rows(book: Spreadsheet, title: str, first: int, last: int) -> None:
    band = {"sheetId": _id(book, title), "dimension": "ROWS", "startIndex": first - 1, "endIndex": last}
    properties = {"hiddenByUser": True}
    do(book, {"updateDimensionProperties": {"range": band, "properties": properties, "fields": "hiddenByUser"}})


def _id(book: Spreadsheet, title: str) -> int:
    sheet = book.titled(title)
    assert sheet
    return sheet.id

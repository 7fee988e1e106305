"""Reading .xls and WPS's .et, which are the same format."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code

from sync_service.sources.archive import check_extent
from sync_service.sources.base import Limits
from validators.raw import Range, RawSheet
from workbook_templates.cells import CellError, Raw


class ProtectedError(Exception):
    """The workbook is encrypted."""


def _day(serial: float, epoch_1904: int) -> date | datetime | time | timedelta | float:
    """What a number in a date format shows; the number itself if it only looks like a date (before 1900, after 9999)."""
    if serial < 0:
        return serial
    if serial < 1:
        return (datetime.min + timedelta(days=serial)).time()
    try:
        moment: datetime = xlrd.xldate_as_datetime(serial, epoch_1904)
    except (OverflowError, ValueError):
        return serial
    return moment


def _value(cell: xlrd.sheet.Cell, epoch_1904: int) -> Raw:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER:
            return float(cell.value)
        case xlrd.XL_CELL_DATE:
            return _day(cell.value, epoch_1904)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return CellError(error_text_from_code.get(cell.value, "#N/A"))
    return None


def _sheet(page: xlrd.sheet.Sheet, epoch_1904: int, limits: Limits) -> RawSheet:
    rows = [[_value(cell, epoch_1904) for cell in page.row(number)] for number in range(page.nrows)]
    filled = [(number, len(row)) for number, row in enumerate(rows, 1) if any(value is not None for value in row)]
    if filled:
        check_extent(filled[-1][0], max(width for _, width in filled), limits)
    hidden = frozenset(number + 1 for number, info in page.rowinfo_map.items() if info.hidden)
    merged = tuple(
        Range(first_row + 1, first_column + 1, last_row, last_column)
        for first_row, last_row, first_column, last_column in page.merged_cells
    )
    return RawSheet(page.name, rows, page.visibility == 0, hidden, merged)


def _open(data: bytes, formatting: bool, on_demand: bool = False) -> xlrd.Book:
    return xlrd.open_workbook(
        file_contents=data,
        on_demand=on_demand,
        logfile=StringIO(),  # it would print its remarks otherwise
        formatting_info=formatting,
        ragged_rows=True,
        ignore_workbook_corruption=True,
    )


def read_xls(data: bytes, limits: Limits) -> tuple[RawSheet, ...]:
    """The sheets of a BIFF workbook, blanks and numbers not yet normalised.

    Raises ProtectedError if it is encrypted, TooBigError, and whatever xlrd stumbles over if it is damaged.
    """
    try:
        book = _open(data, formatting=True)
    except XLRDError as error:
        if "encrypted" in str(error):
            raise ProtectedError from error
        raise
    except Exception:  # xlrd trips over damaged formats in many ways; the values may still be sound
        book = _open(data, formatting=False)
    return tuple(_sheet(page, book.datemode, limits) for page in book.sheets())


def date_mode(data: bytes) -> int:
    """From where a sound BIFF workbook counts days: 0 for 1900, 1 for 1904."""
    return int(_open(data, formatting=False, on_demand=True).datemode)

"""What xlwings' own clients send of a workbook, byte for byte as their code builds it.

`vba_body` follows RunServerPython and ConvertToJson of the package's addin/Remote.bas and addin/WebHelpers.bas;
`google_payload` follows runPython of js/xlwings.js (tests/test_buttons_google.py runs that file itself). Both take a real
file, with the results of its formulas as they were saved. The end of what is used counts formatted cells too, as in Excel.
"""

import json
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import absolute_coordinate
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
VERSION = "0.37.8"
_LARGE = re.compile(r"[.0-9Ee]{16,100}")


def opened(path: Path) -> Workbook:
    """The file as a spreadsheet program shows it: the results of its formulas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Print area")  # openpyxl knows none that a formula tells
        return load_workbook(path, data_only=True)


def _used(page: Worksheet) -> tuple[int, int]:
    """The last row and column of what is used; openpyxl starts with a cell that is not there."""
    return page.max_row, page.max_column


def _values(page: Worksheet) -> list[list[object]]:
    return [list(row) for row in page.iter_rows(1, page.max_row, 1, page.max_column, values_only=True)]


def _moment(value: date | time) -> datetime:
    match value:
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case time():  # day 0 of the calendar
            return datetime.combine(date(1899, 12, 30), value)


def _vba_number(value: float) -> str:
    """A Double as text: 15 digits, a plus sign in the exponent."""
    text = format(value, ".15g").upper()
    return re.sub(r"E([+-])0*(\d{2})", r"E\1\2", text)


def _vba_text(text: str, numbers_stay_text: bool) -> str:
    """json_Encode; a text of 16 digits or more is sent as a number unless UseDoubleForLargeNumbers says otherwise."""
    if not numbers_stay_text and _LARGE.fullmatch(text):
        return text
    return json.dumps(text).replace("\x7f", "\\u007F")


def vba_json(value: object, numbers_stay_text: bool = False) -> str:
    """ConvertToJson of a cell's Value, of an array or of a Dictionary."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _vba_number(value)
        case date() | time():
            return f'"{_moment(value):%Y-%m-%dT%H:%M:%S}.000Z"'
        case str() if value in ERRORS:
            return f'"{value}"'
        case str() if value.startswith("#") and value.endswith("!"):
            return ""  # an error younger than the writer: nothing at all
        case str():
            return _vba_text(value, numbers_stay_text)
        case dict():
            inside = (f'"{key}":{vba_json(one, numbers_stay_text)}' for key, one in value.items())
            return "{" + ",".join(inside) + "}"
        case list():
            return "[" + ",".join(vba_json(one, numbers_stay_text) for one in value) + "]"
    raise TypeError(type(value))


def _names(book: Workbook) -> Iterator[dict[str, object]]:
    """The names that are ranges."""
    scopes = [(None, book.defined_names), *((page, page.defined_names) for page in book.worksheets)]
    for scope, names in scopes:
        for name, defined in names.items():
            for title, area in defined.destinations if defined.type == "RANGE" else ():
                yield {
                    "name": name if scope is None else f"'{scope.title}'!{name}",
                    "sheet_index": book.sheetnames.index(title),
                    "address": area.replace("$", ""),
                    "book_scope": scope is None,
                    "scope_sheet_name": scope and scope.title,
                    "scope_sheet_index": scope and book.sheetnames.index(scope.title),
                }


def _tables(page: Worksheet) -> Iterator[dict[str, object]]:
    for table in page.tables.values():
        first, last = table.ref.split(":")
        column = re.sub(r"\d", "", last)
        yield {
            "name": table.name,
            "range_address": absolute_coordinate(table.ref),
            "header_row_range_address": absolute_coordinate(f"{first}:{column}{re.sub(r'[A-Z]', '', first)}"),
            "data_body_range_address": None,
            "total_row_range_address": None,
            "show_headers": True,
            "show_totals": False,
            "table_style": "TableStyleMedium9",
            "show_autofilter": True,
        }


def vba_body(
    path: Path | Workbook, *, name: str = "", active: int = 0, selection: str | None = "A1",
    exclude: tuple[str, ...] = (), numbers_stay_text: bool = False,
) -> bytes:  # fmt: skip
    """What RunServerPython sends of the file: the request's body."""
    book = opened(path) if isinstance(path, Path) else path
    sheets = []
    for page in book.worksheets:
        values = _values(page)
        if page.title in exclude or (_used(page) == (1, 1) and values[0][0] is None):
            values = [[]]
        tables = [] if page.title in exclude else [*_tables(page)]
        sheets.append({"name": page.title, "pictures": [], "tables": tables, "values": values})
    payload = {
        "client": "VBA",
        "version": VERSION,
        "book": {
            "name": name or (path.name if isinstance(path, Path) else ""), "active_sheet_index": active,
            "selection": selection,
        },
        "names": [*_names(book)],
        "sheets": sheets,
    }  # fmt: skip
    return vba_json(payload, numbers_stay_text).encode("ascii")


def _google(value: object) -> object:
    match value:
        case None:
            return ""
        case date() | time():
            return f"{_moment(value):%Y-%m-%dT%H:%M:%S}.000Z"
        case float() if value.is_integer() and abs(value) < 1e21:
            return int(value)
    return value


def google_payload(path: Path | Workbook, *, name: str = "", active: int = 0, selection: str = "A1") -> dict[str, Any]:
    """What runPython sends of the same sheets from Google; there the end of what is used is that of the content."""
    book = opened(path) if isinstance(path, Path) else path
    sheets = []
    for page in book.worksheets:
        values = _values(page)
        filled = [(r, c) for r, row in enumerate(values, 1) for c, value in enumerate(row, 1) if value is not None]
        rows, columns = max((r for r, _ in filled), default=1), max((c for _, c in filled), default=1)
        cells = [[_google(value) for value in row[:columns]] for row in values[:rows]]
        sheets.append({"name": page.title, "values": cells, "pictures": [], "tables": []})
    about = {"name": name or (path.stem if isinstance(path, Path) else ""), "active_sheet_index": active}
    names = [
        {**one, "address": one["address"], "scope_sheet_name": None, "scope_sheet_index": None, "book_scope": True}
        for one in _names(book)
        if one["book_scope"]
    ]
    payload = {
        "client": "Google Apps Script",
        "version": VERSION,
        "book": {**about, "selection": selection},
        "names": names,
        "sheets": sheets,
    }
    return json.loads(json.dumps(payload))  # type: ignore[no-any-return]


def a1(row: int, column: int) -> str:
    """An address such as C7."""
    return f"{get_column_letter(column)}{row}"

"""An Excel on the clerk's own PC, as xlwings sees it through COM: an engine of xlwings over a workbook in memory.

Only what the buttons ask for is there. Values
come as COM gives them: numbers are Doubles, moments datetimes, errors codes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import xlwings as xw
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from tests.excel_stand_in import Spreadsheet

ERRORS = {
    "#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288, "#NUM!": -2146826252,
    "#REF!": -2146826265, "#VALUE!": -2146826273,
}  # fmt: skip
_CODES = {code: text for text, code in ERRORS.items()}


def _com(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case int() | float():
            return float(value)
        case str() if value in ERRORS:
            return ERRORS[value]
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return datetime.combine(date(1899, 12, 30), value)
    return value


class Engine:
    """What xlwings calls an engine."""

    name, type = "stand-in", "desktop"
    apps: Sequence["App"] = ()

    @staticmethod
    def prepare_xl_data_element(value: object, date_format: object) -> object:
        del date_format
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[object]],
        datetime_builder: object,
        empty_as: object,
        number_builder: object,
        err_to_str: bool,
    ) -> list[list[object]]:
        del datetime_builder, number_builder

        def clean(value: object) -> object:
            if value in ("", None):
                return empty_as
            if isinstance(value, int) and value in _CODES:
                return _CODES[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Range:
    """A rectangle of cells."""

    def __init__(self, sheet: "Sheet", first: Any, last: Any = None) -> None:
        self._sheet = sheet
        if isinstance(first, str):
            first = coordinate_to_tuple(first)
        self.row, self.column = first if isinstance(first, tuple) else (first.row, first.column)
        end = last if isinstance(last, tuple) else (last.row, last.column) if last else (self.row, self.column)
        self.shape = end[0] - self.row + 1, end[1] - self.column + 1

    max_cells_per_read = max_cells_per_write = None

    @property
    def api(self) -> object:
        return self

    @property
    def sheet(self) -> "Sheet":
        return self._sheet

    def __len__(self) -> int:
        return int(self.shape[0] * self.shape[1])

    def __call__(self, row: int, column: int) -> "Range":
        return Range(self._sheet, (self.row + row - 1, self.column + column - 1))

    def _end(self) -> tuple[int, int]:
        return self.row + self.shape[0] - 1, self.column + self.shape[1] - 1

    @property
    def raw_value(self) -> object:
        rows = self._sheet.page.iter_rows(self.row, self._end()[0], self.column, self._end()[1], values_only=True)
        values = tuple(tuple(map(_com, row)) for row in rows)
        return values[0][0] if self.shape == (1, 1) else values

    @raw_value.setter
    def raw_value(self, values: list[list[object]]) -> None:
        self._sheet.act(
            "setValues", values=values, start_row=self.row - 1, start_column=self.column - 1, row_count=len(values),
            column_count=len(values[0]),
        )  # fmt: skip

    def select(self) -> None:
        self._sheet.act("rangeSelect", start_row=self.row - 1, start_column=self.column - 1)


class Sheet:
    """A sheet, whatever comes before it."""

    def __init__(self, book: "Book", page: Worksheet) -> None:
        self._book, self.page = book, page

    def act(self, func: str, **more: object) -> None:
        """Has the spreadsheet do something to this sheet."""
        self._book.excel.apply({"actions": [{"func": func, "sheet_position": self.index - 1, "args": [None], **more}]})

    @property
    def api(self) -> object:
        return self

    @property
    def name(self) -> str:
        return str(self.page.title)

    @property
    def index(self) -> int:
        return int(self._book.excel.book.worksheets.index(self.page)) + 1

    @property
    def book(self) -> "Book":
        return self._book

    @property
    def visible(self) -> bool:
        return bool(self.page.sheet_state == "visible")

    def range(self, first: Any, last: Any = None) -> Range:
        return Range(self, first, last)

    @property
    def used_range(self) -> Range:
        page = self.page
        return Range(self, (page.min_row, page.min_column), (page.max_row, page.max_column))

    def activate(self) -> None:
        self._book.excel.active = self.index - 1

    def clear(self) -> None:
        self.act("sheetClear")

    def delete(self) -> None:
        self.act("sheetDelete")


class Sheets:
    """The sheets of the book."""

    def __init__(self, book: "Book") -> None:
        self._book = book

    @property
    def api(self) -> object:
        return self

    @property
    def active(self) -> Sheet:
        return Sheet(self._book, self._book.excel.sheet(self._book.excel.active))

    def __call__(self, name_or_index: str | int) -> Sheet:
        pages = self._book.excel.book
        return Sheet(
            self._book, pages[name_or_index] if isinstance(name_or_index, str) else pages.worksheets[name_or_index - 1]
        )

    def __len__(self) -> int:
        return len(self._book.excel.book.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self._book, page) for page in self._book.excel.book.worksheets)

    def add(self, before: Sheet | None, after: Sheet, name: str) -> Sheet:
        del before
        self._book.excel.apply({"actions": [{"func": "addSheet", "args": [after.index, name]}]})
        return self.active


class App:
    """The program."""

    def __init__(self, book: "Book") -> None:
        self._book, self.engine = book, Engine()

    @property
    def pid(self) -> int:
        return 1

    def activate(self, steal_focus: bool) -> None:
        """It is in front already."""

    @property
    def selection(self) -> Range | None:
        chosen = self._book.excel.selection
        return Range(self._book.sheets.active, chosen) if chosen else None

    def alert(self, prompt: str, title: str, buttons: str, mode: str | None, callback: str | None) -> str:
        del title, buttons, mode, callback
        self._book.excel.told.append(prompt)
        return "ok"

    def run(self, macro: str, args: Sequence[object]) -> None:
        book, _, name = macro.rpartition("!")
        assert (book, list(args)) == (f"'{self._book.name}'", [])
        self._book.excel.run(name)


class Book:
    """The one workbook that is open."""

    def __init__(self, excel: Spreadsheet) -> None:
        self.excel = excel
        self.sheets, self.app = Sheets(self), App(self)

    def activate(self) -> None:
        """It is the only one."""

    @property
    def api(self) -> object:
        return self

    @property
    def name(self) -> str:
        return str(self.excel.path.name)


def desktop_book(excel: Spreadsheet) -> xw.Book:
    """The workbook as xlwings gives it to a program on the same PC; its Excel is the one in front."""
    book = Book(excel)
    book.app.engine.apps = [book.app]
    xw.main.Engine(impl=book.app.engine).activate()
    return xw.Book(impl=book)

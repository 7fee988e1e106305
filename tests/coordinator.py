"""Does in a workbook what a coordinator does, through LibreOffice; run by the system's python3, which has `uno`.

Usage, in the repository's folder: python3 -m tests.coordinator PIPE JOB, where JOB is a JSON file:
{"open": URL, "steps": [[what, sheet, ...]], "save": URL}. The steps are the functions of STEPS, and "move_last".
"""

import json
import sys
from pathlib import Path
from typing import Any

import uno
from com.sun.star.sheet import TableFilterField
from com.sun.star.table import TableSortField

from tests.office_desktop import desktop, end, named

XLSX = "Calc MS Excel 2007 XML"
SEARCHED = 12
"""The header stands in one of the first rows."""


class Table:
    """A sheet's table: its header row is the first in which every one of some headers stands."""

    def __init__(self, sheet: Any, *wanted: str) -> None:
        self.sheet = sheet
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        self.last, self.end = cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn
        whole = sheet.getCellRangeByPosition(0, 0, self.end, self.last)
        self.texts = [[str(value) for value in row] for row in whole.getDataArray()]
        self.header = next(n for n, row in enumerate(self.texts[:SEARCHED]) if {*wanted} <= {*row})
        self.columns = {text: column for column, text in enumerate(self.texts[self.header]) if text}

    @property
    def body(self) -> Any:
        """The lines, with the hidden columns."""
        return self.sheet.getCellRangeByPosition(0, self.header + 1, self.end, self.last)

    def cell(self, header: str, row: int) -> Any:
        """A cell."""
        return self.sheet.getCellByPosition(self.columns[header], row)

    def find(self, where: dict[str, str]) -> int:
        """The first line whose cells contain these texts."""
        return next(
            row
            for row in range(self.header + 1, self.last + 1)
            if all(text in self.texts[row][self.columns[header]] for header, text in where.items())
        )


def sort(sheet: Any, header: str, descending: bool) -> None:
    """Sorts the lines by one column."""
    table = Table(sheet, header)
    field = TableSortField()
    field.Field, field.IsAscending = table.columns[header], not descending
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    table.body.sort((named("SortFields", fields), named("ContainsHeader", False)))


def filter_by(sheet: Any, header: str, text: str) -> None:
    """Hides the lines that do not contain `text`."""
    table = Table(sheet, header)
    whole = sheet.getCellRangeByPosition(0, table.header, table.end, table.last)
    descriptor = whole.createFilterDescriptor(True)
    field = TableFilterField()
    field.Field, field.IsNumeric, field.StringValue = table.columns[header], False, f".*{text}.*"
    field.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    descriptor.ContainsHeader = True
    descriptor.UseRegularExpressions = True
    descriptor.setFilterFields((field,))
    whole.filter(descriptor)


def insert(sheet: Any, row: int) -> None:
    """Inserts an empty row before row `row`, as people count."""
    sheet.Rows.insertByIndex(row - 1, 1)


def delete(sheet: Any, where: dict[str, str]) -> None:
    """Deletes a line."""
    sheet.Rows.removeByIndex(Table(sheet, *where).find(where), 1)


def colour(sheet: Any, where: dict[str, str]) -> None:
    """Paints a line."""
    table = Table(sheet, *where)
    row = table.find(where)
    sheet.getCellRangeByPosition(0, row, table.end, row).CellBackColor = 0x33CC33


def write(sheet: Any, where: dict[str, str], cells: dict[str, str]) -> None:
    """Types into the cells of a line."""
    table = Table(sheet, *where, *cells)
    row = table.find(where)
    for header, text in cells.items():
        table.cell(header, row).setString(text)


STEPS = {step.__name__: step for step in (sort, filter_by, insert, delete, colour, write)}


def main(pipe: str, job: str) -> None:
    """Opens the workbook, takes every step, saves it."""
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    office = desktop(pipe)
    document = office.loadComponentFromURL(work["open"], "_blank", 0, (named("Hidden", True),))
    for what, sheet, *how in work["steps"]:
        if what == "move_last":
            document.Sheets.moveByName(sheet, document.Sheets.Count)
        else:
            STEPS[what](document.Sheets.getByName(sheet), *how)
    document.storeToURL(work["save"], (named("FilterName", XLSX),))
    document.close(True)
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""Cells for the coordinator to write in: how they look, and the lists that they offer.

What may be written stands on one hidden sheet, and a cell finds its list by a number in its own row: rows can be sorted, inserted
and deleted, and every one keeps its list.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from sync_service.look import Look, quoted
from workbook_templates.sheet import letter

LISTS = "选项"
"""The hidden sheet: a list in each column, its length in row 1."""

Area = tuple[int, int, int, int]
"""First row and column, last row and column, all from 0."""


def input_header(look: Look) -> Format:
    """The header over cells to write in."""
    return look("header", bg_color="#FFF3C4", font_color="#5C4400")


def input_cell(look: Look) -> Format:
    """A cell to write in. It is text: a number of 18 digits stays whole."""
    return look("cell", "text", "wrap", "input")


def prepare_inputs(sheet: Any, look: Look, area: Area) -> None:
    """Dresses the cells of `area`, which are empty and need not be written, as cells to write in."""
    sheet.conditional_format(*area, {"type": "formula", "criteria": "=TRUE", "format": look("input")})


def write_lists(book: Workbook, lists: Iterable[Sequence[str]]) -> None:
    """Add the hidden sheet with the lists; the first is number 1."""
    sheet = book.add_worksheet(LISTS)
    columns = list(lists)
    longest = max(map(len, columns), default=0)
    for row in range(longest + 1):
        for number, column in enumerate(columns):
            if row == 0:
                sheet.write_number(0, number, len(column))
            elif row <= len(column):
                sheet.write_string(row, number, column[row - 1])
    sheet.hide()


def offer(sheet: Any, area: Area, source: str, title: str, message: str) -> None:
    """Have the cells of `area` offer the list that the formula `source` gives, and refuse anything else."""
    sheet.data_validation(*area, {
        "validate": "list", "source": source, "error_title": title, "error_message": message,
    })  # fmt: skip


def one_list(number: int, length: int) -> str:
    """The formula that gives list `number`."""
    column = letter(number)
    return f"={quoted(LISTS)}!${column}$2:${column}${length + 1}"


def list_in_row(column: int, row: int) -> str:
    """The formula that gives the list whose number stands in `column` of the cell's own row; `row` is the first one's."""
    number = f"${letter(column + 1)}{row + 1}"
    lists = quoted(LISTS)
    return f"=OFFSET({lists}!$A$2,0,{number}-1,INDEX({lists}!$1:$1,1,{number}),1)"

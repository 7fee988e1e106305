"""What the 校验 button writes and marks: the lines of the result sheet, and with them the marks of the cells; pure.

The result sheet is the order to draw the marks as well: three hidden columns say which cell gets which fill and which note.
The workbook's own code carries it out (vba/TaizhangMarks.bas, apps_script/taizhang.js), with a local Python and with the
endpoint alike, for xlwings' clients cannot: the one for VBA writes no notes and takes no fill away, neither says what a cell
looked like before. A cell that has a fill gets none, a cell that has a note gets none: nothing of anybody else's is ever
covered, and the marks can be taken away without a memory, by sign and colour, wherever rows have moved to meanwhile.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from validators.noted import noted, standing
from validators.problems import Problem
from workbook_templates.severities import FILLS

SIGN = "【校验】"
"""How our notes begin."""
MOST_MARKS = 1000
"""So many cells are marked at most, errors first: Excel grows slow with notes, and nobody mends more at a sitting."""

HEADERS = ("轻重", "表", "单元格", "列", "现在的内容", "问题", "怎么改", "_位置", "_底色", "_批注")
HEADER_ROW, FIRST_LINE = 5, 6
SHEET_COLUMN, ADDRESS_COLUMN, FILL_COLUMN, NOTE_COLUMN = 2, 8, 9, 10
"""Columns of the result sheet, counted from 1; the last three are hidden."""

_RANKS = {"error": 0, "warning": 1, "notice": 2}
_READ_OTHERWISE = re.compile(r"[=+@'-]|[\d\s.,/:eE+%￥¥$()年月日时分秒上下午-]*$|(?i:true|false)$")
"""What a spreadsheet would take for a formula, a number, a date or a truth value, were it written into a cell."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are; warnings that were explained count as notices, for nobody has to act."""

    errors: int
    warnings: int
    notices: int

    def __str__(self) -> str:
        return f"{self.errors} 处错误，{self.warnings} 处提醒，{self.notices} 处提示"


@dataclass(frozen=True, slots=True)
class Results:
    """The result sheet: all its rows from the first one on, each as long as HEADERS, and what they count."""

    rows: Sequence[Sequence[str]]
    counts: Counts
    unmarked: int


def address_of(found: Problem) -> str:
    """The cell that a problem is about; column A for a whole row, "" for a whole sheet."""
    return f"{found.column or 'A'}{found.row}" if found.row else ""


def _named(found: Problem) -> str:
    if found.row is None:
        return f"{found.column} 列" if found.column else ""
    return f"{found.column}{found.row}" if found.column else f"第 {found.row} 行"


def written(text: str) -> str:
    """`text` for a cell, in quotation marks if a spreadsheet would read it as something else than text."""
    return f"“{text}”" if text and _READ_OTHERWISE.match(text) else text


def _link(found: Problem) -> str:
    """A formula: one request writes thousands of them, where each hyperlink would be a request of its own."""
    if not found.sheet or not address_of(found):
        return _named(found)
    place = "#'" + found.sheet.replace("'", "''") + f"'!{address_of(found)}"
    return '=HYPERLINK("{}","{}")'.format(place.replace('"', '""'), _named(found))


def _rank(found: Problem) -> int:
    return _RANKS[found.severity] + (found.severity == "warning" and found.confirmed)


def _cells(problems: Iterable[Problem]) -> dict[tuple[str, str], list[Problem]]:
    cells: dict[tuple[str, str], list[Problem]] = {}
    for found in problems:
        if found.sheet and address_of(found) and not found.confirmed:
            cells.setdefault((found.sheet, address_of(found)), []).append(found)
    return cells


def _lines(ordered: Sequence[Problem]) -> Iterator[Sequence[str]]:
    cells = _cells(ordered)
    marked = set(sorted(cells, key=lambda cell: _rank(cells[cell][0]))[:MOST_MARKS])
    for found in ordered:
        cell = (found.sheet, address_of(found))
        first = cell in marked and cells[cell][0] is found
        yield (
            standing(found),
            written(found.sheet),
            _link(found),
            found.header,
            written(found.value),
            found.message,
            found.cure,
            address_of(found) if found.sheet else "",
            FILLS["notice" if found.confirmed else found.severity],
            f"{SIGN}\n{noted(cells[cell])}" if first else "",
        )


def results(heading: str, problems: Sequence[Problem], titles: Sequence[str], at: datetime) -> Results:
    """The result sheet of `problems`, of a workbook with the sheets `titles`; `heading` says what was judged, `at` when.

    Within a sheet the lines go by row and column; the worst problem of a cell comes first and colours it.
    """
    order = {title: number for number, title in enumerate(titles)}

    def place(found: Problem) -> tuple[object, ...]:
        column = found.column or ""
        return order.get(found.sheet, -1), found.sheet, found.row or 0, len(column), column, _rank(found), found.code

    ordered = sorted(problems, key=place)
    n = Counter(_rank(found) for found in ordered)
    counts = Counts(n[0], n[1], n[2])
    unmarked = max(0, len(_cells(ordered)) - MOST_MARKS)
    hint = "点单元格名称可以跳到那一格。提醒如果属实，在那一行的“属实说明”里写一句。"
    if unmarked:
        hint = f"问题太多：只在最要紧的 {MOST_MARKS} 格上做了标记，另外 {unmarked} 格请看下面各行。"
    top = (heading, str(counts), f"校验时间：{at:%Y-%m-%d %H:%M}", hint)
    rows = [(line, *[""] * (len(HEADERS) - 1)) for line in top]
    return Results((*rows, HEADERS, *_lines(ordered)), counts, unmarked)

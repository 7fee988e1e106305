"""The account of what became of an old workbook: a small workbook beside the new one, row by row and cell by cell.

It is for whoever took the old workbook over, and stays out of the clerk's template.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from sync_service.look import Look, line_count, open_book, print_page, safe
from sync_service.takeover.carrying import BLANK, DATA, HEADER, Carried
from validators.problems import Problem, problem

Row = Sequence[str | int | None]
COLUMNS = ("旧表", "第几列", "旧列名", "新列", "根据", "说明")
LINE_HEIGHT, MOST_LINES = 15, 20
"""Points; a row is never higher than a screen."""
_WIDTHS = {
    "旧表": 16, "旧行号": 8, "旧序号": 8, "是什么": 18, "新行号": 8, "内容": 80, "第几列": 8, "旧列名": 24, "新列": 20, "根据": 28,
    "说明": 30,
}  # fmt: skip
_UNTOLD = frozenset(["F12", "F13", "F15", "F16", "F17", "F23", "F35", "F11"])
"""Remarks that the account tells row by row and column by column."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is written down: `facts` in sentences, `columns` as COLUMNS, and each sheet's rows."""

    title: str
    facts: tuple[str, ...]
    columns: tuple[Row, ...]
    sheets: tuple[Carried, ...]


def counted(carried: Carried) -> str:
    """An old sheet's rows in one sentence that adds up."""
    counts = Counter(fate.what for fate in carried.fates)
    order = [HEADER, DATA, *(what for what in counts if what not in {HEADER, DATA, BLANK}), BLANK]
    parts = " + ".join(f"{what} {counts[what]}" for what in order if counts[what])
    return f"旧表“{carried.sheet}”{len(carried.fates)} 行 = {parts or '0'}"


def remarked(carried: Carried) -> list[Problem]:
    """What there is to say about the old sheet besides its rows and columns: merged cells, hidden rows."""
    return [
        problem(
            remark.code, remark.words, sheet=carried.sheet, row=remark.row, column=remark.column, value=remark.value
        )
        for remark in carried.remarks
        if remark.code not in _UNTOLD
    ]


def _table(book: Workbook, look: Look, title: str, headers: Sequence[str], rows: Iterable[Row]) -> None:
    page = book.add_worksheet(title)
    for number, header in enumerate(headers):
        page.set_column(number, number, _WIDTHS[header])
    page.write_row(0, 0, headers, look("header"))
    text, number_style = look("cell", "text", "wrap"), look("cell", "centre")
    last = 0
    for last, row in enumerate(rows, 1):
        widths = [_WIDTHS[header] for header in headers]
        lines = max(line_count(str(value or ""), width) for value, width in zip(row, widths, strict=True))
        page.set_row(last, LINE_HEIGHT * min(lines, MOST_LINES))
        for number, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(last, number, value, number_style)
            else:
                page.write_string(last, number, safe(value or ""), text)
    print_page(page, landscape=True, heading=title)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(last, 1), len(headers) - 1)


def _rows(sheets: Sequence[Carried]) -> Iterable[Row]:
    for carried in sheets:
        for fate in carried.fates:
            if fate.what != BLANK:
                yield carried.sheet, fate.row, fate.serial, fate.what, fate.new, fate.content


def _left(sheets: Sequence[Carried]) -> Iterable[Row]:
    for carried in sheets:
        for left in carried.left:
            yield carried.sheet, left.row, left.new, left.name, left.value


def write_account(account: Account, path: Path, made_at: datetime) -> None:
    """Writes the account to `path`. Raises OSError if it cannot be written."""
    with open_book(path, made_at.replace(tzinfo=None), account.title) as book:
        look = Look(book)
        page = book.add_worksheet("概况")
        page.set_column(0, 0, 120)
        page.write_string(0, 0, account.title, look("title"))
        remarks = [f"{one.place}：{one.message}。{one.cure}" for carried in account.sheets for one in remarked(carried)]
        for number, fact in enumerate([*account.facts, *map(counted, account.sheets), *remarks], 2):
            page.write_string(number, 0, safe(fact), look("wrap"))
        _table(book, look, "列对照", COLUMNS, account.columns)
        _table(book, look, "行去向", ("旧表", "旧行号", "旧序号", "是什么", "新行号", "内容"), _rows(account.sheets))
        _table(book, look, "没有接收的内容", ("旧表", "旧行号", "新行号", "旧列名", "内容"), _left(account.sheets))

"""How a list of people looks in a workbook: one printable sheet, with columns to fill in where somebody is to work it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlsxwriter import Workbook

from sync_service.crosscheck.records import Likeness, Whom
from sync_service.look import Look, display_width, line_count, print_page
from sync_service.quick_sheet import QuickSheet
from workbook_templates.kinds import KINDS

HEADER_ROW, FIRST_ROW = 2, 3
LINE = 15
"""Points that a line of text takes."""
YES_NO = ("是", "否")
INPUT = {"bg_color": "#FFF8E1"}
"""What is to be filled in stands out from what is given; the header says so too, for a black-and-white print."""


class Column(NamedTuple):
    """A column: its header, its width in Latin letters, and the styles of its cells."""

    header: str
    width: float
    styles: tuple[str, ...] = ("wrap",)


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet with a list: what it is called, what is said above it, its columns, and a row of texts for each person.

    `asked` are the headers of the columns to be filled in; the first of them takes yes or no, the second a day.
    """

    title: str
    heading: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    asked: Sequence[str] = ()


WHO = (
    Column("序号", 6, ("centre",)), Column("村(社区)", 12), Column("姓名", 10), Column("身份证号", 21, ("text",)),
    Column("联系电话", 14, ("text",)), Column("最近走访", 12, ("centre", "text")),
)  # fmt: skip
"""The columns that tell who somebody is and how to reach him or her."""


def who(number: int, whom: Whom, shown_number: str) -> list[str]:
    """The cells of WHO for somebody."""
    return [str(number), whom.village, whom.name, shown_number, whom.phone, whom.visited or "没有记录"]


def alike(one: Likeness | None, townships: Mapping[str, str], own: str = "") -> str:
    """Who may be the same person, in words; for a township (`own`) people of others are masked."""
    if one is None:
        return ""
    if own and one.township != own:
        return f"另一乡镇的 {KINDS['name'].mask(one.name)}（{one.form}）：{one.why}"
    where = "" if own else townships.get(one.township, "")
    return f"{where}{one.form} 第 {one.row} 行 {one.name}：{one.why}"


def _height(page: Page, row: Sequence[str]) -> float:
    lines = [line_count(text, column.width) for column, text in zip(page.columns, row, strict=True) if text]
    return 7 + LINE * max(lines, default=1)


def _asked(sheet: QuickSheet, page: Page, last: int) -> None:
    """What the cells to be filled in accept."""
    first = len(page.columns)
    if not (page.asked and page.rows):
        return
    sheet.data_validation(FIRST_ROW, first, last, first, {
        "validate": "list", "source": list(YES_NO), "error_title": "请选择", "error_message": "请选“是”或“否”。",
    })  # fmt: skip


def write_list(book: Workbook, look: Look, page: Page, margin: str) -> None:
    """Add the sheet to `book`; `margin` stands at the top of each printed page."""
    sheet: QuickSheet = book.add_worksheet(page.title, QuickSheet)
    asked = [Column(header, max(12, display_width(header) + 3)) for header in page.asked]
    columns = [*page.columns, *asked]
    width = sum(column.width for column in columns)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, page.heading, look("title"))
    sheet.set_row(1, 6 + LINE * line_count(page.note, width))
    sheet.merge_range(1, 0, 1, len(columns) - 1, page.note, look("subtitle", "wrap"))
    sheet.set_row(HEADER_ROW, 32)
    for number, column in enumerate(columns):
        own = {} if number < len(page.columns) else {"bg_color": "#8A5A00"}
        sheet.write_string(HEADER_ROW, number, column.header, look("header", **own))
    styles = [look("cell", *column.styles) for column in page.columns]
    days = [{"num_format": "yyyy-mm-dd"} if header == "日期" else {} for header in page.asked]
    filled = [(None, look("cell", "wrap", **INPUT, **day)) for day in days]
    last = HEADER_ROW
    for last, row in enumerate(page.rows, FIRST_ROW):
        sheet.put_cells(last, [*zip(row, styles, strict=True), *filled], max(22, _height(page, row)))
    _asked(sheet, page, last)
    sheet.autofilter(HEADER_ROW, 0, max(last, FIRST_ROW), len(columns) - 1)
    sheet.freeze_panes(FIRST_ROW, 3)
    sheet.repeat_rows(HEADER_ROW)
    print_page(sheet, landscape=True, heading=margin)

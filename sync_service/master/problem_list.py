"""The sheet 问题: every problem of every township, to be filtered, each with a link to the cell in the township's file."""

import re

from xlsxwriter import Workbook

from sync_service.look import Look, line_count, plain, print_page, quoted
from sync_service.master.content import MasterContent, TownshipProblem
from sync_service.quick_sheet import QuickSheet
from validators.problems import Problem
from workbook_templates.severities import CONFIRMED, SEVERITIES

_COLUMNS = {
    "乡镇": 12, "严重程度": 9, "表": 12, "单元格": 9, "列名": 15, "现值": 22, "问题": 42, "怎么改": 46,
    "首次发现": 12, "是否已说明": 11, "代码": 7,
}  # fmt: skip
_HEADER_ROW, _FIRST_ROW = 1, 2
_MOST_LINKS = 65_000  # Excel takes 65,530 on a sheet
_LONGEST_LINK = 1_500  # Excel takes 2,079 characters
_ESCAPED = re.compile('[%#" <>\\[\\]^`{}]')
_ORDER = {"error": 0, "warning": 1, "notice": 2}
_WHOLE_BOOK, _WHOLE_SHEET = "整个文件", "整张表"


def _link(item: TownshipProblem) -> str:
    path = _ESCAPED.sub(lambda found: f"%{ord(found[0]):02x}", plain(item.file))
    found = item.problem
    if not found.sheet:
        return f"external:{path}"
    return f"external:{path}#{quoted(plain(found.sheet))}!{found.column or 'A'}{found.row or 1}"


def _cell_name(found: Problem) -> str:
    if not found.sheet:
        return _WHOLE_BOOK
    if found.row is None:
        return f"{found.column} 列" if found.column else _WHOLE_SHEET
    return f"{found.column}{found.row}" if found.column else f"第 {found.row} 行"


def _sorted(content: MasterContent) -> list[TownshipProblem]:
    townships = {line.name: number for number, line in enumerate(content.townships)}

    def order(item: TownshipProblem) -> tuple[object, ...]:
        found = item.problem
        return (
            townships.get(item.township, len(townships)), item.township, found.confirmed, _ORDER[found.severity],
            found.form, found.sheet, found.row or 0, len(found.column or ""), found.column or "", found.code, found.message,
        )  # fmt: skip

    return sorted(content.problems, key=order)


def write_problem_list(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 问题 to `book`."""
    sheet: QuickSheet = book.add_worksheet("问题", QuickSheet)
    widths = list(_COLUMNS.values())
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, "问题清单", look("title"))
    tip = "可按乡镇、严重程度、代码筛选；点“单元格”打开该乡镇的工作簿。"
    sheet.write_string(0, 4, tip, look("subtitle"))
    sheet.set_row(_HEADER_ROW, 24)
    for number, header in enumerate(_COLUMNS):
        sheet.write_string(_HEADER_ROW, number, header, look("header"))
    text, wrapped, centre = look("cell", "text"), look("cell", "text", "wrap"), look("cell", "text", "centre")
    linked, day = look("cell", "link", "centre"), look("cell", "centre", num_format="yyyy-mm-dd")
    last, links = _FIRST_ROW, 0
    for last, item in enumerate(_sorted(content), _FIRST_ROW):
        found = item.problem
        url = _link(item)
        leads = bool(item.file) and links < _MOST_LINKS and len(url) < _LONGEST_LINK
        colour = "confirmed" if found.confirmed else found.severity
        lines = max(line_count(found.message, widths[6]), line_count(found.cure, widths[7]))
        sheet.put_cells(last, [
            (item.township, text), (SEVERITIES[found.severity], look("cell", "centre", colour)), (found.sheet, text),
            (_cell_name(found), linked if leads else centre), (found.header, wrapped), (found.value, wrapped),
            (found.message, wrapped), (found.cure, wrapped), (item.first_seen, day),
            (CONFIRMED if found.confirmed else "", centre), (found.code, centre),
        ], 5 + 15 * lines)  # fmt: skip
        if leads:
            sheet.put_link(last, 3, url)
            links += 1
    if not content.problems:
        sheet.write_string(_FIRST_ROW, 0, "√ 没有问题。", look("subtitle"))
    sheet.autofilter(_HEADER_ROW, 0, last, len(widths) - 1)
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.repeat_rows(0, _HEADER_ROW)
    print_page(sheet, landscape=True, heading=f"{content.county.name}　问题清单")

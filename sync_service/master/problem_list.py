"""The sheet 问题: every problem of every township, to be filtered, each with a link to the cell in the township's file."""

import re

from xlsxwriter import Workbook

from sync_service.look import Look, line_count, plain, print_page, quoted, safe
from sync_service.master.content import MasterContent, TownshipProblem
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
    sheet = book.add_worksheet("问题")
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
    last, links = _FIRST_ROW, 0
    for last, item in enumerate(_sorted(content), _FIRST_ROW):
        found = item.problem
        sheet.set_row(last, 5 + 15 * max(line_count(found.message, widths[6]), line_count(found.cure, widths[7])))
        sheet.write_string(last, 0, item.township, text)
        colour = "confirmed" if found.confirmed else found.severity
        sheet.write_string(last, 1, SEVERITIES[found.severity], look("cell", "centre", colour))
        sheet.write_string(last, 2, safe(found.sheet), text)
        url, name = _link(item), _cell_name(found)
        if item.file and links < _MOST_LINKS and len(url) < _LONGEST_LINK:
            sheet.write_url(last, 3, url, look("cell", "link", "centre"), name)
            links += 1
        else:
            sheet.write_string(last, 3, name, centre)
        sheet.write_string(last, 4, safe(found.header), wrapped)
        sheet.write_string(last, 5, safe(found.value), wrapped)
        sheet.write_string(last, 6, safe(found.message), wrapped)
        sheet.write_string(last, 7, safe(found.cure), wrapped)
        sheet.write_datetime(last, 8, item.first_seen, look("cell", "centre", num_format="yyyy-mm-dd"))
        sheet.write_string(last, 9, CONFIRMED if found.confirmed else "", centre)
        sheet.write_string(last, 10, found.code, centre)
    if not content.problems:
        sheet.write_string(_FIRST_ROW, 0, "√ 没有问题。", look("subtitle"))
    sheet.autofilter(_HEADER_ROW, 0, last, len(widths) - 1)
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.repeat_rows(0, _HEADER_ROW)
    print_page(sheet, landscape=True, heading=f"{content.county.name}　问题清单")

"""The sheet 总览: the county at a glance, a row for each township, with two charts; one A4 landscape page."""

from typing import Any

from xlsxwriter import Workbook

from sync_service.look import SERIES, Look, print_page
from sync_service.master.content import NORMAL, MasterContent
from sync_service.master.overview_charts import CHART_ROWS, write_charts
from sync_service.master.overview_table import OverviewTable, put
from workbook_templates.sheet import letter

TITLE = "总览"
_CARD_ROW, _HEADER_ROW, _FIRST_ROW = 3, 6, 7


def _cards(sheet: Any, look: Look, content: MasterContent, width: int) -> None:
    lines = content.townships
    attention = [line for line in lines if line.state != NORMAL or line.errors]
    cards: list[tuple[str, int | str]] = [
        ("登记总行数", sum(sum(line.counts.values()) for line in lines)),
        ("× 待改正的错误", sum(line.errors for line in lines)),
        ("▲ 待核对的提醒", sum(line.warnings for line in lines)),
        ("？ 等县里决定的事", len(content.review.open)),
        (f"要关注的乡镇（共 {len(lines)} 个）", len(attention)),
    ]
    sheet.set_row(_CARD_ROW, 20)
    sheet.set_row(_CARD_ROW + 1, 36)
    edges = [round(number * width / len(cards)) for number in range(len(cards) + 1)]
    for offset, name in ((0, "label"), (1, "figure")):
        for (label, figure), left, right in zip(cards, edges, edges[1:], strict=False):
            value, style = figure if offset else label, look(name, right=5, right_color="#FFFFFF")
            sheet.merge_range(_CARD_ROW + offset, left, _CARD_ROW + offset, right - 1, value, style)


def _lines(sheet: Any, look: Look, content: MasterContent, table: OverviewTable) -> int:
    """Write the table; the number of its last row, that of the sums."""
    sheet.set_row(_HEADER_ROW, 34)
    for number, column in enumerate(table.columns):
        sheet.write_string(_HEADER_ROW, number, column.header, look("header"))
    total = _FIRST_ROW
    for row, line in enumerate(content.townships, _FIRST_ROW):
        sheet.set_row(row, 21)
        for number, column in enumerate(table.columns):
            put(sheet, row, number, column.shown(line))
        total = row + 1
    sheet.set_row(total, 24)
    for number, column in enumerate(table.columns):
        summed = isinstance(column.total, int)
        share = {"num_format": "0.0%"} if isinstance(column.total, float) else {}
        style = look("cell", *(["count"] if summed else ["centre"] if number else []), "total", **share)
        if summed and column.header != "待决定":
            at = letter(number + 1)
            sheet.write_formula(total, number, f"=SUM({at}{_FIRST_ROW + 1}:{at}{total})", style, column.total)
        else:
            put(sheet, total, number, (column.total, style))
    return total


def write_overview(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 总览 to `book`."""
    sheet = book.add_worksheet(TITLE)
    table = OverviewTable(look, content)
    sheet.hide_gridlines(2)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
    sheet.set_row(0, 38)
    sheet.write_string(0, 0, f"{content.county.name}县级总台账", look("title", font_size=22))
    deadline = f"　　截止 {content.deadline:%Y-%m-%d}" if content.deadline else ""
    told = f"填报期：{content.period}{deadline}　　数据截至 {content.made_at:%Y-%m-%d %H:%M}　　各表怎么看见“说明”"
    sheet.write_string(1, 0, told, look("subtitle"))
    _cards(sheet, look, content, len(table.columns))
    total = _lines(sheet, look, content, table)
    end = len(table.columns) - 1
    bottom = total
    if content.townships:
        for number, column in enumerate(table.columns):
            if column.bar:
                sheet.conditional_format(_FIRST_ROW, number, total - 1, number, {
                    "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": column.bar,
                    "min_type": "num", "min_value": 0, "bar_border_color": column.bar,
                })  # fmt: skip
        write_charts(book, sheet, look, content, table, (_HEADER_ROW, total))
        bottom = total + 2 + CHART_ROWS
    sheet.print_area(0, 0, bottom, end)
    sheet.freeze_panes(_FIRST_ROW, 1)
    print_page(sheet, landscape=True, heading=content.county.name)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_tab_color(SERIES[0])
    sheet.activate()

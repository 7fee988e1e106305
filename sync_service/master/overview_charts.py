"""The charts under the table in 总览: each township's open problems, and how the county's have gone.

Patterns and dashes tell the series apart where there is no colour.
"""

from typing import Any

from xlsxwriter import Workbook

from sync_service.look import ERROR_SERIES, FONT, SERIES, Look
from sync_service.master.content import MasterContent
from sync_service.master.overview_table import OverviewTable

CHART_ROWS = 15
"""How many rows of the usual height the charts cover."""
_HEIGHT = CHART_ROWS * 20 - 8
_WARNING = "#B97800"
_SMALL = {"name": FONT, "size": 9, "color": "#52606D"}
_STRIPED = {"pattern": "wide_upward_diagonal", "fg_color": _WARNING, "bg_color": "#FFE9A8"}


def _dress(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": SERIES[0]}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.set_x_axis({"num_font": _SMALL, "line": {"color": "#B8C2CC"}})
    lines = {"visible": True, "line": {"color": "#E3E8ED"}}
    chart.set_y_axis(
        {"num_font": _SMALL, "num_format": "#,##0", "major_gridlines": lines, "line": {"none": True}, "min": 0}
    )
    chart.set_chartarea({"border": {"color": "#B8C2CC"}})


def _problems(book: Workbook, sheet: str, table: OverviewTable, header: int, total: int) -> Any:
    """Errors and warnings of each township, from the table itself."""
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for name, style in (
        ("× 错误", {"fill": {"color": ERROR_SERIES}, "border": {"color": ERROR_SERIES}}),
        ("▲ 提醒", {"pattern": _STRIPED, "border": {"color": _WARNING}}),
    ):
        column = table.number(name)
        chart.add_series({
            "name": [sheet, header, column], "categories": [sheet, header + 1, 0, total - 1, 0],
            "values": [sheet, header + 1, column, total - 1, column], "gap": 60, **style,
        })  # fmt: skip
    _dress(chart, "各乡镇待处理的问题")
    return chart


def _trend(book: Workbook, sheet: str, top: int, bottom: int, left: int) -> Any:
    """The county's open problems after each of the last runs, from the small table that the chart covers."""
    chart = book.add_chart({"type": "line"})
    for offset, colour, dash, marker, position in (
        (1, ERROR_SERIES, "solid", "diamond", "above"),
        (2, _WARNING, "dash", "triangle", "below"),
    ):
        chart.add_series({
            "name": [sheet, top, left + offset], "categories": [sheet, top + 1, left, bottom, left],
            "values": [sheet, top + 1, left + offset, bottom, left + offset],
            "line": {"color": colour, "width": 2, "dash_type": dash},
            "marker": {"type": marker, "size": 7, "fill": {"color": colour}, "border": {"color": colour}},
            "data_labels": {"value": True, "position": position, "font": _SMALL},
        })  # fmt: skip
    _dress(chart, "全县待处理问题的走势（不算乡镇之间的）")
    return chart


def write_charts(
    book: Workbook, sheet: Any, look: Look, content: MasterContent, table: OverviewTable, rows: tuple[int, int]
) -> None:
    """Add the charts under the table. `rows` are its header's and that of its sums."""
    header, total = rows
    left = table.number("待决定")  # the middle of the chart that covers them, however wide a program takes the columns
    top = total + 3
    plain = look("subtitle")
    for number, text in enumerate(("时间", "× 错误", "▲ 提醒"), left):
        sheet.write_string(top, number, text, plain)
    bottom = top
    for bottom, point in enumerate(content.trend, top + 1):
        sheet.write_string(bottom, left, f"{point.at:%m-%d %H:%M}", plain)
        sheet.write_number(bottom, left + 1, point.errors, plain)
        sheet.write_number(bottom, left + 2, point.warnings, plain)
    width = sum(7 * column.width + 5 for column in table.columns)
    problems = _problems(book, sheet.name, table, header, total)
    problems.set_size({"width": width * 3 // 5 - 6, "height": _HEIGHT})
    sheet.insert_chart(total + 2, 0, problems, {"x_offset": 2, "y_offset": 4, "object_position": 2})
    if content.trend:
        trend = _trend(book, sheet.name, top, bottom, left)
        trend.set_size({"width": width * 2 // 5 - 6, "height": _HEIGHT})
        place = {"x_offset": 2 + width * 3 // 5, "y_offset": 4, "object_position": 2}
        sheet.insert_chart(total + 2, 0, trend, place)

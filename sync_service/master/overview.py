"""The sheet 总览: the county at a glance, a row for each township, with two charts; one A4 landscape page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

from sync_service.look import ERROR_SERIES, FONT, SERIES, Look, print_page
from sync_service.master.content import NORMAL, MasterContent, TownshipLine
from workbook_templates.form import Form
from workbook_templates.sheet import letter

TITLE = "总览"
_CARD_ROW, _HEADER_ROW, _FIRST_ROW = 3, 6, 7
_CHART_HEIGHT = 300
_BARS = "▁▂▃▄▅▆▇█"  # GBK has them, so Chinese fonts do


_Series = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The numbers of the columns, from 0."""

    forms: tuple[Form, ...]

    @property
    def total(self) -> int:
        return len(self.forms) + 1

    @property
    def pulled(self) -> int:
        return self.total + 1

    @property
    def errors(self) -> int:
        return self.total + 2

    @property
    def held(self) -> int:
        return self.total + 5

    @property
    def trend(self) -> int:
        return self.total + 6

    @property
    def state(self) -> int:
        return self.total + 7

    @property
    def widths(self) -> list[int]:
        each = 11 if len(self.forms) <= len(SERIES) else 9
        return [14, *(each for _ in self.forms), 10, 17, 11, 11, 10, 10, 22, 26]

    @property
    def charted(self) -> range:
        """The columns whose rows the chart stacks: those of the forms, or their sum where colours would repeat."""
        return range(1, self.total) if len(self.forms) <= len(SERIES) else range(self.total, self.total + 1)


def _cards(sheet: Any, look: Look, content: MasterContent, columns: _Columns) -> None:
    lines = content.townships
    waiting = [line for line in lines if line.state != NORMAL or line.errors or line.held]
    cards: list[tuple[str, int]] = [
        ("登记总行数", sum(sum(line.counts.values()) for line in lines)),
        ("× 待改正的错误", sum(line.errors for line in lines)),
        ("▲ 待核对的提醒", sum(line.warnings for line in lines)),
        (f"要关注的乡镇（共 {len(lines)} 个）", len(waiting)),
    ]
    sheet.set_row(_CARD_ROW, 20)
    sheet.set_row(_CARD_ROW + 1, 36)
    edges = [round(number * (columns.state + 1) / len(cards)) for number in range(len(cards) + 1)]
    for offset, name in ((0, "label"), (1, "figure")):
        for (label, figure), left, right in zip(cards, edges, edges[1:], strict=False):
            value = figure if offset else label
            sheet.merge_range(
                _CARD_ROW + offset,
                left,
                _CARD_ROW + offset,
                right - 1,
                value,
                look(name, right=5, right_color="#FFFFFF"),
            )


def _headers(sheet: Any, look: Look, columns: _Columns) -> None:
    sheet.set_row(_HEADER_ROW, 34)
    sheet.write_string(_HEADER_ROW, 0, "乡镇（街道）", look("header"))
    for number, form in enumerate(columns.forms, 1):
        sheet.write_string(_HEADER_ROW, number, form.title, look("header"))
    rest = ("合计行数", "最近读取", "× 错误", "▲ 提醒", "○ 提示", "待确认\n删除", "行数走势", "状态")
    for number, header in enumerate(rest, columns.total):
        sheet.write_string(_HEADER_ROW, number, header, look("header"))


def _trend(rows: Sequence[int]) -> str:
    """Bars and the change from first to last, as text: sparklines are not shown by every program."""
    if len(rows) < 2:
        return ""
    low, span = min(rows), max(rows) - min(rows)
    bars = "".join(_BARS[(count - low) * (len(_BARS) - 1) // span if span else len(_BARS) // 2] for count in rows)
    change = rows[-1] - rows[0]
    return f"{bars} {change:+,}" if change else bars


def _line(sheet: Any, look: Look, row: int, line: TownshipLine, columns: _Columns) -> None:
    count = look("cell", "count")
    sheet.set_row(row, 21)
    sheet.write_string(row, 0, line.name, look("cell", "text", bold=True))
    for number, form in enumerate(columns.forms, 1):
        sheet.write_number(row, number, line.counts.get(form.id, 0), count)
    total = sum(line.counts.get(form.id, 0) for form in columns.forms)
    sheet.write_formula(
        row,
        columns.total,
        f"=SUM(B{row + 1}:{letter(columns.total)}{row + 1})",
        look("cell", "count", bold=True),
        total,
    )
    if line.last_pull:
        sheet.write_datetime(row, columns.pulled, line.last_pull, look("cell", "moment"))
    else:
        sheet.write_string(row, columns.pulled, "从未", look("cell", "centre", "warning"))
    for number, value in enumerate((line.errors, line.warnings, line.notices), columns.errors):
        sheet.write_number(row, number, value, count)
    sheet.write_number(
        row, columns.held, line.held, look("cell", "count", "warning", bold=True) if line.held else count
    )
    sheet.write_string(row, columns.trend, _trend(line.trend), look("cell", "text", font_color=SERIES[0], indent=1))
    fine = line.state == NORMAL
    state = f"√ {line.state}" if fine else f"▲ {line.state}"
    sheet.write_string(row, columns.state, state, look("cell", "wrap", "confirmed" if fine else "warning", indent=1))


def _totals(sheet: Any, look: Look, row: int, content: MasterContent, columns: _Columns) -> None:
    style = look("cell", "count", "total")
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, "合计", look("cell", "total"))
    sums = [sum(line.counts.get(form.id, 0) for line in content.townships) for form in columns.forms]
    figures = dict(enumerate([*sums, sum(sums)], 1))
    figures |= dict(
        enumerate(
            (
                sum(getattr(line, name) for line in content.townships)
                for name in ("errors", "warnings", "notices", "held")
            ),
            columns.errors,
        )
    )
    for number in range(1, columns.state + 1):
        if number in figures:
            at = letter(number + 1)
            sheet.write_formula(row, number, f"=SUM({at}{_FIRST_ROW + 1}:{at}{row})", style, figures[number])
        else:
            sheet.write_blank(row, number, None, look("cell", "total"))


def _chart(book: Workbook, title: str, series: list[_Series], last: int) -> Any:
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    small = {"name": FONT, "size": 9, "color": "#52606D"}
    for column, style in series:
        chart.add_series({
            "name": [TITLE, _HEADER_ROW, column], "categories": [TITLE, _FIRST_ROW, 0, last, 0],
            "values": [TITLE, _FIRST_ROW, column, last, column], "gap": 60, **style,
        })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": SERIES[0]}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_x_axis({"num_font": small, "line": {"color": "#B8C2CC"}})
    chart.set_y_axis(
        {
            "num_font": small,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#E3E8ED"}},
            "line": {"none": True},
            "min": 0,
        }
    )
    chart.set_chartarea({"border": {"color": "#B8C2CC"}})
    return chart


def _charts(book: Workbook, sheet: Any, columns: _Columns, row: int, last: int) -> None:
    rows: list[_Series] = [
        (number, {"fill": {"color": SERIES[nth]}, "border": {"color": "#FFFFFF"}})
        for nth, number in enumerate(columns.charted)
    ]
    # The pattern tells warnings from errors on a black-and-white print.
    problems: list[_Series] = [
        (columns.errors, {"fill": {"color": ERROR_SERIES}, "border": {"color": ERROR_SERIES}}),
        (
            columns.errors + 1,
            {
                "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B97800", "bg_color": "#FFE9A8"},
                "border": {"color": "#B97800"},
            },
        ),
    ]
    width = sum(7 * chars + 5 for chars in columns.widths)
    for number, (title, series) in enumerate((("各乡镇登记行数", rows), ("各乡镇待处理的问题", problems))):
        chart = _chart(book, title, series, last)
        chart.set_size({"width": width // 2 - 6, "height": _CHART_HEIGHT})
        sheet.insert_chart(
            row, 0, chart, {"x_offset": 2 + number * (width // 2 + 4), "y_offset": 4, "object_position": 2}
        )


def write_overview(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 总览 to `book`."""
    sheet = book.add_worksheet(TITLE)
    columns = _Columns(content.tables)
    sheet.hide_gridlines(2)
    for number, width in enumerate(columns.widths):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 38)
    sheet.write_string(0, 0, f"{content.county.name}县级总台账", look("title", font_size=22))
    sheet.write_string(
        1,
        0,
        f"填报期：{content.period}　　数据截至 {content.made_at:%Y-%m-%d %H:%M}　　各表怎么看见“说明”",
        look("subtitle"),
    )
    _cards(sheet, look, content, columns)
    _headers(sheet, look, columns)
    total = _FIRST_ROW
    for row, line in enumerate(content.townships, _FIRST_ROW):
        _line(sheet, look, row, line, columns)
        total = row + 1
    _totals(sheet, look, total, content, columns)
    if content.townships:
        for column, colour in ((columns.errors, "#EBA197"), (columns.errors + 1, "#F7D684")):
            sheet.conditional_format(_FIRST_ROW, column, total - 1, column, {
                "type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": colour, "min_type": "num", "min_value": 0,
                "bar_border_color": colour,
            })  # fmt: skip
        _charts(book, sheet, columns, total + 2, total - 1)
    chart_rows = _CHART_HEIGHT // 20 + 1
    sheet.print_area(0, 0, total + 2 + chart_rows, columns.state)
    sheet.freeze_panes(_FIRST_ROW, 1)
    print_page(sheet, landscape=True, heading=content.county.name)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_tab_color(SERIES[0])
    sheet.activate()

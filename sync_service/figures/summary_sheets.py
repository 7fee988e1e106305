"""The sheets 统计 (each figure with its comparisons), 分乡镇 (each figure by township) and 分村."""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from sync_service.figures.sheet_kit import FORMATS, Kit, label_of
from sync_service.figures.shown import KINDS, bounds_text, change_text, missing_text
from sync_service.look import FONT, SERIES, line_count
from workbook_templates.figure import Figure

SUMMARY, TOWNSHIPS, CHARTS, VILLAGES = "统计", "分乡镇", "图", "分村"
_HEADER, _FIRST = 3, 4
_FIRST_PLACE = 5
"""The column of the first township."""
_NOTE_WIDTH = 46
_COLUMNS = {
    "编号": 7, "指标": 32, "单位": 6, "性质": 6, "数值": 16, "行文": 15, "上期": 14, "比上期": 12, "上年同期": 14, "同比": 12,
    "已报": 8, "要注意的": _NOTE_WIDTH,
}  # fmt: skip
_MOST_VILLAGE_COLUMNS = 22


def _to_note(kit: Kit, figure_id: str) -> str:
    """What has to be known about a figure before it is used."""
    figures = kit.figures
    result = figures.results[figure_id]
    sure = figures.uncertainty(figure_id)
    said = [bounds_text(result.figure, sure), *sure.reasons]
    lacking = figures.lacking(figure_id)
    if lacking:
        said.append(f"缺 {len(lacking)} 个，见“缺项名单”")
    if any(one.large for one in figures.compared(figure_id)):
        said.append("▲ 变动较大，请说明")
    return "；".join(filter(None, said))


def _line(kit: Kit, sheet: Any, row: int, figure_id: str) -> None:
    result = kit.figures.results[figure_id]
    figure = result.figure
    main = {"bold": not figure.beside}
    kit.link(sheet, row, 0, figure_id)
    kit.words(sheet, row, 1, label_of(figure), "wrap", **main)
    kit.words(sheet, row, 2, figure.unit, "centre")
    kit.words(sheet, row, 3, KINDS[figure.kind], "centre")
    kit.number(sheet, row, 4, figure, result.value)
    gap = ("error",) if result.value is None and result.applies else ()
    kit.words(sheet, row, 5, kit.figures.text(figure_id), "centre", *gap)
    compared = {one.name: one for one in kit.figures.compared(figure_id)}
    for column, name in ((6, "上期"), (8, "上年同期")):
        one = compared.get(name)
        kit.number(sheet, row, column, figure, one.before.value if one else None)
        text = change_text(result, one) if one and one.before.value is not None else ""
        kit.words(sheet, row, column + 1, text, "centre", *(("warning",) if one and one.large else ()))
    done, expected = len(result.reported.done), len(result.reported.expected)
    kit.words(sheet, row, 10, f"{done}/{expected}", "centre", *(("warning",) if done < expected else ()))
    note = _to_note(kit, figure_id)
    kit.words(sheet, row, 11, note, "wrap")
    sheet.set_row(row, max(20, 5 + 14 * line_count(note, _NOTE_WIDTH)))


def write_summary(kit: Kit) -> None:
    """统计: a line for each figure, parted by line of business."""
    sheet = kit.sheet(
        SUMMARY,
        "统计",
        list(_COLUMNS.values()),
        "点编号看每个数的明细行；“—”是还不知道，不是 0；“不可比”是两期报的乡镇不一样",
    )
    missing = missing_text(kit.figures)
    said = f"▲ 还没有报这一期、没有算进来的：{missing}" if missing else "√ 各乡镇都已报这一期"
    sheet.write_string(2, 0, said, kit.look("subtitle", bold=True, font_color="#8E1B0E" if missing else "#1E5B3A"))
    kit.headers(sheet, _HEADER, list(_COLUMNS))
    row = _FIRST
    line = ""
    for figure_id, figure in kit.figures.definitions.figures.items():
        if figure.line != line and not figure.beside:
            line = figure.line
            sheet.set_row(row, 20)
            for column in range(len(_COLUMNS)):
                sheet.write_string(row, column, line if not column else "", kit.look("label", align="left", bold=True))
            row += 1
        _line(kit, sheet, row, figure_id)
        row += 1
    sheet.freeze_panes(_FIRST, 2)
    sheet.set_tab_color(SERIES[0])
    sheet.activate()


def _chart(kit: Kit, figure: Figure, row: int, first: int, last: int) -> Any:
    chart = kit.book.add_chart({"type": "column"})
    small = {"name": FONT, "size": 9, "color": "#52606D"}
    chart.add_series(
        {
            "name": figure.label,
            "categories": [TOWNSHIPS, _HEADER, first, _HEADER, last],
            "values": [TOWNSHIPS, row, first, row, last],
            "gap": 60,
            "fill": {"color": SERIES[0]},
            "data_labels": {"value": True, "font": small, "num_format": "#,##0.0" if figure.unit == "%" else "#,##0"},
        }
    )
    name = {"name": FONT, "size": 11, "color": SERIES[0]}
    chart.set_title({"name": f"{figure.label}（{figure.unit}）", "name_font": name, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": small, "line": {"color": "#B8C2CC"}})
    chart.set_y_axis(
        {
            "num_font": small,
            "num_format": "#,##0",
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": "#E3E8ED"}},
            "line": {"none": True},
        }
    )
    chart.set_chartarea({"border": {"color": "#B8C2CC"}})
    return chart


def write_townships(kit: Kit) -> None:
    """分乡镇: a line for each figure, a column for each township, the sum of these beside the county's own figure."""
    places = list(kit.figures.townships)
    widths = [7, 32, 6, 15, 15, *(12 for _ in places), 12, 12]
    note = "同一个人在两个乡镇登记的，全县只算一次，所以“各乡镇相加”可以大于“全县”"
    sheet = kit.sheet(TOWNSHIPS, "统计（分乡镇）", widths, note)
    names = ["编号", "指标", "单位", "全县", "各乡镇相加", *(one.name for one in places), "比上期", "同比"]
    kit.headers(sheet, _HEADER, names)
    first, last = _FIRST_PLACE, _FIRST_PLACE - 1 + len(places)
    row = _FIRST
    for figure_id, result in kit.figures.results.items():
        figure = result.figure
        sheet.set_row(row, 20)
        kit.link(sheet, row, 0, figure_id)
        kit.words(sheet, row, 1, label_of(figure), bold=not figure.beside)
        kit.words(sheet, row, 2, figure.unit, "centre")
        kit.number(sheet, row, 3, figure, result.value, "pale")
        known = [value for value in result.by_township.values() if value is not None]
        if figure.kind == "ratio" or figure.count in {"smallest", "largest", "distinct"} or not known:
            kit.words(sheet, row, 4, "", "pale")
        else:
            cells = f"{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)}"
            shape = FORMATS.get(figure.unit, "#,##0")
            sheet.write_formula(
                row, 4, f"=SUM({cells})", kit.look("cell", "count", "pale", num_format=shape), sum(known)
            )
        for column, one in enumerate(places, first):
            if one.code in result.by_township:
                kit.number(sheet, row, column, figure, result.by_township[one.code])
            else:
                kit.words(sheet, row, column, "")
        changes = {
            one.name: change_text(result, one) for one in kit.figures.compared(figure_id) if one.change is not None
        }
        kit.words(sheet, row, last + 1, changes.get("上期", ""), "centre")
        kit.words(sheet, row, last + 2, changes.get("上年同期", ""), "centre")
        row += 1
    sheet.freeze_panes(_FIRST, 3)
    sheet.repeat_columns(0, 2)
    sheet.fit_to_pages(1, 0)
    sheet.set_tab_color(SERIES[2])


def write_charts(kit: Kit) -> None:
    """图: the figures that ask for a picture, by township."""
    sheet = kit.sheet(CHARTS, "统计图", [12] * 18, "乡镇没有报的，图上是空的")
    places = [number for number, one in enumerate(kit.figures.townships) if one.filler == "township"]
    charted = [
        (figure, row) for row, figure in enumerate(kit.figures.definitions.figures.values(), _FIRST) if figure.chart
    ]
    for number, (figure, row) in enumerate(charted):
        chart = _chart(kit, figure, row, _FIRST_PLACE + places[0], _FIRST_PLACE + places[-1])
        chart.set_size({"width": 780, "height": 320})
        place = {"x_offset": 4 + 796 * (number % 2), "y_offset": 8 + 336 * (number // 2), "object_position": 2}
        sheet.insert_chart(_HEADER, 0, chart, place)
    sheet.print_area(0, 0, _HEADER + 17 * -(-len(charted) // 2), 17)
    sheet.fit_to_pages(1, 1)


def write_villages(kit: Kit) -> None:
    """分村: a line for each village, a column for each main figure whose rows name their village."""
    shown = [
        result
        for result in kit.figures.results.values()
        if not result.figure.beside
        and result.figure.each != "townships"
        and any("village" in table.values for table, _ in result.parts)
        and result.row_count
    ][:_MOST_VILLAGE_COLUMNS]
    sheet = kit.sheet(VILLAGES, "统计（分村）", [12, 14, *(11 for _ in shown)], "没有行的村是 0；还没有报的乡镇是“—”")
    kit.headers(
        sheet, _HEADER, ["乡镇", "村(社区)", *(f"{one.figure.label}\n({one.figure.unit})" for one in shown)], 62
    )
    row = _FIRST
    for place in kit.figures.townships:
        there = {village for one in shown for town, village in one.by_village if town == place.code}
        for village in [*place.villages, *sorted(there - {*place.villages})] if place.filler == "township" else []:
            kit.words(sheet, row, 0, place.name, bold=True)
            kit.words(sheet, row, 1, village)
            for column, one in enumerate(shown, 2):
                reported = place.code in one.reported.done
                kit.number(
                    sheet, row, column, one.figure, one.by_village.get((place.code, village), 0) if reported else None
                )
            row += 1
    sheet.autofilter(_HEADER, 0, max(row - 1, _FIRST), len(shown) + 1)
    sheet.freeze_panes(_FIRST, 2)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(2, 0)

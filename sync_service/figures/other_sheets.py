"""The sheets 分类别, 核对, 缺项名单, 和上报的差别 and 口径."""

from collections.abc import Sequence

from sync_service.figures.sealing import Difference
from sync_service.figures.sheet_kit import Kit, label_of
from sync_service.figures.shown import CALLED, KINDS, OUTCOMES
from sync_service.figures.wording import rounded, tabled
from sync_service.look import line_count
from workbook_templates.form import Forms

CATEGORIES, CHECKS, LACKING, DIFFERENCES, MEANINGS = "分类别", "核对", "缺项名单", "和上报的差别", "口径"
_HEADER, _FIRST = 3, 4
_STYLES = {"holds": "confirmed", "fails": "error", "unknown": "notice"}


def write_categories(kit: Kit, forms: Forms) -> None:
    """分类别: each figure that is broken down by a column, with the share of each category."""
    sheet = kit.sheet(
        CATEGORIES, "统计（分类别）", [7, 34, 18, 34, 16, 6, 12], "一人属于几类的，各类都算，所以各类相加可以大于总数"
    )
    kit.headers(sheet, _HEADER, ["编号", "指标", "按什么分", "类别", "数值", "单位", "占总数(%)"])
    row = _FIRST
    for figure_id, result in kit.figures.results.items():
        figure = result.figure
        for category, value in result.by_category.items():
            header = forms[figure.form].by_id[figure.by].header
            kit.link(sheet, row, 0, figure_id)
            for column, text in enumerate((figure.label, header, category), 1):
                kit.words(sheet, row, column, text)
            kit.number(sheet, row, 4, figure, value)
            kit.words(sheet, row, 5, figure.unit, "centre")
            share = f"{rounded(100 * value / result.value, 1)}" if value is not None and result.value else ""
            kit.words(sheet, row, 6, share, "right")
            row += 1
    sheet.autofilter(_HEADER, 0, max(row - 1, _FIRST), 6)
    sheet.freeze_panes(_FIRST, 0)


def write_checks(kit: Kit) -> None:
    """核对: what must hold between the figures, and whether it does; the figures that moved much."""
    sheet = kit.sheet(CHECKS, "统计核对", [8, 54, 14, 84])
    kit.headers(sheet, _HEADER, ["编号", "应当这样", "结果", "数"])
    row = _FIRST
    for one in kit.figures.checks:
        mark = f"{CALLED[one.check.severity]} " if one.outcome == "fails" else ""
        style = "warning" if one.outcome == "fails" and one.check.severity == "warning" else _STYLES[one.outcome]
        outcome = OUTCOMES[one.outcome] if style != "warning" else "▲ 请核对"
        for column, text in enumerate((one.check.id, one.check.text)):
            kit.words(sheet, row, column, text, "wrap")
        kit.words(sheet, row, 2, outcome if not mark or outcome[0] in "×▲" else mark + outcome, "centre", style)
        kit.words(sheet, row, 3, one.shown, "wrap")
        sheet.set_row(row, 6 + 14 * max(line_count(one.shown, 84), line_count(one.check.text, 54)))
        row += 1
    for figure_id, result in kit.figures.results.items():
        for change in kit.figures.compared(figure_id):
            if change.large:
                kit.words(sheet, row, 0, figure_id)
                kit.words(sheet, row, 1, f"{result.figure.label}和{change.name}相差不应太大", "wrap")
                kit.words(sheet, row, 2, "▲ 请说明", "centre", "warning")
                then, now = tabled(result.figure, change.before.value), tabled(result.figure, result.value)
                kit.words(sheet, row, 3, f"{change.before.period.name} {then}，现在 {now}", "wrap")
                row += 1
    sheet.freeze_panes(_FIRST, 0)


def write_lacking(kit: Kit) -> None:
    """缺项名单: who has not reported, and the townships and villages that have no row where each should have one."""
    sheet = kit.sheet(LACKING, "缺项名单", [8, 40, 20, 40])
    kit.headers(sheet, _HEADER, ["编号", "缺什么", "乡镇", "村(社区)或说明"])
    row = _FIRST
    figures = kit.figures
    for place in figures.townships:
        if not figures.covers.reported(place.code, figures.span):
            latest = figures.covers.latest(place.code, figures.span)
            told = f"封面写的是{latest.name}" if latest else "没有交"
            for column, text in enumerate(("", f"没有报{figures.span.period.name}", place.name, told)):
                kit.words(sheet, row, column, text)
            row += 1
    by_name = {
        f"{place.name}{village}": (place.name, village) for place in figures.townships for village in place.villages
    }
    for figure_id, result in figures.results.items():
        for name in figures.lacking(figure_id):
            township, village = by_name.get(name, (name, ""))
            for column, text in enumerate((figure_id, result.figure.label, township, village)):
                kit.words(sheet, row, column, text)
            row += 1
    if row == _FIRST:
        sheet.write_string(row, 0, "√ 没有缺项。", kit.look("subtitle"))
    sheet.autofilter(_HEADER, 0, max(row - 1, _FIRST), 3)
    sheet.freeze_panes(_FIRST, 0)


def write_differences(kit: Kit, forms: Forms, found: Sequence[Difference]) -> None:
    """和上报的差别: what is not as it was reported and sealed, row by row."""
    names = {one.code: one.name for one in kit.figures.townships}
    sheet = kit.sheet(DIFFERENCES, "和上报（封存）的差别", [7, 30, 14, 14, 8, 12, 14, 40, 12, 12, 26, 14, 8])
    headers = [
        "编号",
        "指标",
        "上报时",
        "现在",
        "变化",
        "表",
        "乡镇",
        "哪一行",
        "原来算",
        "现在算",
        "来源文件",
        "工作表",
        "行号",
    ]
    kit.headers(sheet, _HEADER, headers)
    row = _FIRST
    for one in found:
        kit.link(sheet, row, 0, one.figure.id)
        kit.words(sheet, row, 1, one.figure.label, bold=True)
        kit.number(sheet, row, 2, one.figure, one.then)
        kit.number(sheet, row, 3, one.figure, one.now)
        kit.words(sheet, row, 4, f"{len(one.rows)} 行" + ("，口径改过" if one.redefined else ""))
        row += 1
        for line in one.rows:
            texts = (
                "",
                "",
                "",
                "",
                line.what,
                forms[line.form].title,
                names.get(line.township, line.township),
                line.key,
            )
            for column, text in enumerate(texts):
                kit.words(sheet, row, column, text, "text")
            kit.number(sheet, row, 8, one.figure, line.then)
            kit.number(sheet, row, 9, one.figure, line.now)
            for column, text in enumerate((line.place[0], line.place[1], str(line.place[2])), 10):
                kit.words(sheet, row, column, text)
            row += 1
    if not found:
        sheet.write_string(row, 0, "√ 和上报的完全一样。", kit.look("subtitle"))
    sheet.freeze_panes(_FIRST, 0)


def write_meanings(kit: Kit, forms: Forms) -> None:
    """口径: what each figure means, which rows it is made from and how."""
    sheet = kit.sheet(MEANINGS, "统计口径", [7, 32, 6, 6, 12, 14, 92])
    kit.headers(sheet, _HEADER, ["编号", "指标", "单位", "性质", "业务线", "来自", "口径"])
    for row, (figure_id, figure) in enumerate(kit.figures.definitions.figures.items(), _FIRST):
        kit.link(sheet, row, 0, figure_id)
        if figure.kind == "ratio":
            source = f"{figure.part} ÷ {figure.whole}"
        else:
            source = "、".join(dict.fromkeys(forms[part.form].title for part in figure.parts)) or "县里给定"
        for column, text in enumerate(
            (label_of(figure), figure.unit, KINDS[figure.kind], figure.line, source, figure.meaning), 1
        ):
            kit.words(sheet, row, column, text, "wrap")
        sheet.set_row(
            row, 6 + 14 * max(line_count(figure.meaning, 92), line_count(source, 14), line_count(figure.label, 30))
        )
    sheet.freeze_panes(_FIRST, 0)

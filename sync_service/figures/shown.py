"""Figures on the terminal and as JSON."""

from collections.abc import Sequence

import orjson
from rich import box
from rich.console import Console
from rich.table import Table as Grid

from sync_service.figures.comparing import Comparison
from sync_service.figures.figures import Figures
from sync_service.figures.result import Result
from sync_service.figures.sealing import Difference
from sync_service.figures.uncertainty import Uncertainty
from sync_service.figures.wording import rounded, tabled
from sync_service.store.sealing import Seal
from workbook_templates.figure import Figure

KINDS = {"stock": "存量", "flow": "流量", "ratio": "比率"}
OUTCOMES = {"holds": "√ 符合", "fails": "× 不符合", "unknown": "— 核对不了"}
CALLED = {"error": "×", "warning": "▲"}


def change_text(result: Result, one: Comparison) -> str:
    """A comparison in a few characters: +12.3%, percentage points for ratios; why there is none."""
    figure = result.figure
    if one.change is None and result.value is None:
        return ""
    if one.change is None:
        if one.before.value is None:
            return "没有上期数" if one.name == "上期" else "没有上年数"
        return "不可比"
    mark = "▲" if one.large else ""
    if figure.unit == "%":
        return f"{mark}{rounded(one.change, 1):+}个百分点"
    if one.percent is None:
        return f"{mark}{one.change:+,}" if one.change else "持平"
    return f"{mark}{rounded(one.percent, 1):+}%" if one.change else "持平"


def bounds_text(figure: Figure, sure: Uncertainty) -> str:
    """At least and at most, where they differ."""
    if sure.least is None or sure.most is None or sure.least == sure.most:
        return ""
    return f"至少 {tabled(figure, sure.least)}，至多 {tabled(figure, sure.most)}"


def heading(figures: Figures) -> str:
    """Which period, up to which day."""
    return f"{figures.span.period.name}　截止 {figures.span.last}"


def missing_text(figures: Figures) -> str:
    """Which townships have not reported the period, each with what its cover states."""
    said = []
    for one in figures.townships:
        if not figures.covers.reported(one.code, figures.span):
            latest = figures.covers.latest(one.code, figures.span)
            said.append(f"{one.name}（{'封面写的是' + latest.name if latest else '没有交'}）")
    return "、".join(said)


def print_figures(figures: Figures, sealed: Seal | None) -> None:
    """A line for each figure."""
    console = Console()
    console.print(f"[bold]{heading(figures)}[/bold]", highlight=False)
    grid = Grid(box=box.SIMPLE, pad_edge=False)
    grid.add_column("编号", no_wrap=True)
    grid.add_column("指标", overflow="fold")
    grid.add_column("数值", justify="right", no_wrap=True)
    for name in ("单位", "性质", "已报", "比上期", "同比"):
        grid.add_column(name, no_wrap=True)
    for figure_id, result in figures.results.items():
        figure = result.figure
        changes = {one.name: change_text(result, one) for one in figures.compared(figure_id) if one.change is not None}
        grid.add_row(
            figure_id,
            ("  " if figure.beside else "") + figure.label,
            ("≈ " if bounds_text(figure, result.uncertainty) else "") + tabled(figure, result.value),
            figure.unit,
            KINDS[figure.kind],
            f"{len(result.reported.done)}/{len(result.reported.expected)}",
            changes.get("上期", ""),
            changes.get("上年同期", ""),
        )
    console.print(grid)
    if missing := missing_text(figures):
        console.print(f"还没有报这一期的：{missing}。它们没有算成 0，而是没有算进来。", highlight=False, soft_wrap=True)
    for figure_id in figures.results:
        sure = figures.uncertainty(figure_id)
        if text := bounds_text(figures.results[figure_id].figure, sure):
            console.print(f"≈ {figure_id}：{text}；{'，'.join(sure.reasons)}。", highlight=False, soft_wrap=True)
    failed = [one for one in figures.checks if one.outcome == "fails"]
    for one in failed:
        console.print(
            f"{CALLED[one.check.severity]} {one.check.text}：{one.shown}。",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )
    console.print(f"核对了 {len(figures.checks)} 条口径，{len(failed)} 条不符合。")
    if sealed:
        console.print(f"这一期已由 {sealed.sealed_by} 封存（{sealed.note}）。", markup=False, highlight=False)


def print_differences(found: Sequence[Difference]) -> None:
    """What is not as it was reported."""
    console = Console()
    if not found:
        console.print("和封存时上报的完全一样。")
    for one in found:
        then, now = tabled(one.figure, one.then), tabled(one.figure, one.now)
        moved = f"上报 {then}，现在 {now}" if then != now else f"仍是 {now}"
        console.print(
            f"▲ {one.figure.id} {one.figure.label}：{moved}{'；口径改过' if one.redefined else ''}"
            f"{f'；{len(one.rows)} 行有变化' if one.rows else ''}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if found:
        console.print("逐行的变化在 --out 写的工作簿“和上报的差别”表里。")


def _comparison(result: Result, one: Comparison) -> dict[str, object]:
    return {
        "name": one.name,
        "period": one.before.period.name,
        "value": one.before.value,
        "sealed": one.before.sealed,
        "change": one.change,
        "percent": one.percent,
        "large": one.large,
        "text": change_text(result, one),
    }


def figures_json(figures: Figures, sealed: Seal | None, found: Sequence[Difference]) -> str:
    """Everything but the rows themselves, for programs. Numbers are as they were counted, not rounded."""
    names = {one.code: one.name for one in figures.townships}
    listed = []
    for figure_id, result in figures.results.items():
        figure, sure = result.figure, result.uncertainty
        listed.append(
            {
                "id": figure_id,
                "label": figure.label,
                "unit": figure.unit,
                "line": figure.line,
                "kind": figure.kind,
                "meaning": figure.meaning,
                "value": result.value,
                "text": figures.text(figure_id),
                "rows": figures.row_count(figure_id),
                "townships": dict(figures.by_township(figure_id)),
                "villages": [
                    {"township": names.get(town, town), "village": village, "value": value}
                    for (town, village), value in sorted(result.by_village.items())
                ],
                "categories": dict(result.by_category),
                "reported": len(result.reported.done),
                "expected": len(result.reported.expected),
                "missing": [names[code] for code in result.reported.missing],
                "lacking": list(figures.lacking(figure_id)),
                "at_least": sure.least,
                "at_most": sure.most,
                "reasons": list(sure.reasons),
                "compared": [_comparison(result, one) for one in figures.compared(figure_id)],
            }
        )
    checks = [
        {
            "id": one.check.id,
            "text": one.check.text,
            "severity": one.check.severity,
            "outcome": one.outcome,
            "figures": one.shown,
        }
        for one in figures.checks
    ]
    changed = [
        {"id": one.figure.id, "then": one.then, "now": one.now, "redefined": one.redefined, "rows": len(one.rows)}
        for one in found
    ]
    content = {
        "period": figures.span.period.name,
        "as_of": figures.span.last.isoformat(),
        "stored_before": figures.span.before,
        "figures": listed,
        "checks": checks,
        "sealed": sealed._asdict() if sealed else None,
        "changed_since": changed,
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()

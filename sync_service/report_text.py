"""A run's report as people read it, and as programs do."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import orjson

from sync_service.pipeline import RunReport, TownshipReport
from sync_service.store.records import READ
from sync_service.terminal import coloured

_HEADERS = ("乡镇", "行数", "新增", "变更", "关闭", "待确认", "错误", "提醒", "情况")
_BETWEEN = "   "
_LINE = "─"


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes; the signs before a state count as one each."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _state(line: TownshipReport) -> tuple[str, str]:
    """How it stands with a township, and the colour for it."""
    if line.status != READ:
        return "× 没有读到", "red"
    if line.held:
        return "▲ 有行待确认", "yellow"
    if line.errors:
        return "▲ 有错误待改", "yellow"
    return "√ 已读取" if line.read else "√ 没有变化", ""


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of a line beside each other: the name to the left, numbers to the right, and the state as it is."""
    name, *numbers, state = cells
    padded = [name + " " * (widths[0] - _width(name))]
    padded += [" " * (width - _width(text)) + text for text, width in zip(numbers, widths[1:], strict=False)]
    return " " + _BETWEEN.join([*padded, state])


def _table(lines: Sequence[TownshipReport]) -> Iterator[str]:
    states = [_state(line) for line in lines]
    rows = [
        (line.name, *map(str, (line.rows, line.new, line.changed, line.gone, line.held, line.errors, line.warnings)), said)
        for line, (said, _) in zip(lines, states, strict=True)
    ]  # fmt: skip
    widths = [max(map(_width, column)) for column in zip(_HEADERS, *rows, strict=True)]
    yield coloured(_aligned(_HEADERS, widths), "bold")
    yield " " + _LINE * (sum(widths) + len(_BETWEEN) * (len(widths) - 1))
    for row, (said, colour) in zip(rows, states, strict=True):
        yield _aligned((*row[:-1], coloured(said, colour) if colour else said), widths)


def _told(report: RunReport) -> Iterator[str]:
    for line in report.townships:
        if line.status != READ:
            yield coloured(f"× {line.name}：{line.message}", "red")
    if report.decided:
        yield f"总台账里填写的决定已读取（第 {report.decided} 次运行），结果写在总台账里。"
    if report.run:
        yield f"第 {report.run} 次运行已入库。"
    else:
        yield "各乡镇的工作簿没有变化。" if report.decided else "各乡镇没有变化，登记库没有写入。"
    for one in report.published:
        if one.trouble:
            yield coloured(one.message, "red")
    written = sum(not one.trouble for one in report.published)
    if written:
        yield f"已更新 {written} 个文件（总台账和校验反馈）。"


def report_text(report: RunReport) -> str:
    """One line for each township, and what is to be said besides. Colours stand in it as `sync_service.terminal` shows them."""
    return "\n".join(["", *_table(report.townships), "", *_told(report)])


def report_json(report: RunReport) -> str:
    """The report for programs."""
    record = asdict(report) | {"exit_code": report.exit_code}
    return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode()

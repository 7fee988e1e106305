"""What `taizhang status` and `taizhang doctor` show on the terminal."""

from collections.abc import Sequence

import orjson
from rich import box
from rich.console import Console
from rich.table import Table as Grid

from sync_service.service import words
from sync_service.service.doctor import Finding
from sync_service.service.status import Status


def status_json(status: Status) -> str:
    """The status for programs."""
    return orjson.dumps(status, option=orjson.OPT_INDENT_2).decode()


def print_status(status: Status) -> None:
    """A line for each township, then the county as a whole, then what is in the way of whom."""
    console = Console()
    grid = Grid(box=box.SIMPLE, pad_edge=False)
    grid.add_column("乡镇", no_wrap=True)
    grid.add_column("上次读到", no_wrap=True)
    for name in ("行数", "错误", "提醒", "待确认"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("情况")
    for one in status.townships:
        numbers = map(str, (one.rows, one.errors, one.warnings, one.held))
        grid.add_row(
            one.name, words.ago(one.reached_at, status.at), *numbers, f"{words.symbol(one)} {words.state(one)}"
        )
    console.print(grid)
    for name, said in words.facts(status):
        console.print(f"{name}：{said}", markup=False, highlight=False, soft_wrap=True)
    for one in status.townships:
        if words.trouble(one):
            line = f"× {one.name}：{words.trouble(one)}"
            console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)


_MARKS = {"fine": ("√", ""), "warn": ("▲", "yellow"), "bad": ("×", "red")}


def findings_json(findings: Sequence[Finding]) -> str:
    """What was found for programs."""
    return orjson.dumps(findings, option=orjson.OPT_INDENT_2).decode()


def print_findings(findings: Sequence[Finding]) -> None:
    """A line for each finding, with its cure under it; at the end, how many are to be mended."""
    console = Console()
    for one in findings:
        mark, style = _MARKS[one.grade]
        console.print(f"{mark} {one.topic}：{one.what}", style=style, markup=False, highlight=False, soft_wrap=True)
        if one.cure:
            console.print(f"   怎么办：{one.cure}", markup=False, highlight=False, soft_wrap=True)
    bad, warn = (sum(one.grade == grade for one in findings) for grade in ("bad", "warn"))
    console.print(f"{bad} 处有毛病，{warn} 处要留意。" if bad or warn else "都好。", highlight=False)

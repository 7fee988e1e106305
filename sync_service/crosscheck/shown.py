"""What the terminal shows of a crosscheck: numbers only, nobody's name."""

from collections import Counter

import orjson
from rich import box
from rich.console import Console
from rich.table import Table

from sync_service.crosscheck.records import PLACED, PLACED_TITLE, RESULTS, Crosscheck

NOWHERE = "（乡镇不详）"


def _lines(found: Crosscheck) -> list[tuple[str, list[int]]]:
    """Each township with its numbers; those that belong to none last, if there are any."""
    lines = []
    for code, name in (*found.townships.items(), ("", NOWHERE)):
        counts = found.counts(code)
        numbers = [counts[PLACED], *(counts[check] for check in found.titles)]
        if code or any(numbers):
            lines.append((name, numbers))
    return lines


def print_crosscheck(found: Crosscheck) -> None:
    """The results for the roster, and how many people of each township are on which list."""
    console = Console(highlight=False, soft_wrap=True)
    results = Counter(one.result for one in found.placements)
    console.print(f"安排工作名册（{found.roster}）{len(found.placements)} 人：", markup=False)
    console.print("　".join(f"{name} {results[name]}" for name in RESULTS))
    for remark in found.remarks:
        console.print(remark, markup=False)
    grid = Table(box=box.SIMPLE, pad_edge=False)
    grid.add_column("乡镇", no_wrap=True)
    for title in (PLACED_TITLE, *found.titles.values()):
        grid.add_column(title, justify="right", overflow="fold")
    lines = _lines(found)
    for name, numbers in lines:
        grid.add_row(name, *map(str, numbers))
    grid.add_section()
    grid.add_row("合计", *(str(sum(column)) for column in zip(*(numbers for _, numbers in lines), strict=True)))
    Console().print(grid)
    if not found.unnotified:
        console.print("√ 名册上的人都已通知到，一人不漏。" if found.placements else "名册是空的，没有可以比对的人。")


def crosscheck_json(found: Crosscheck, paths: list[str]) -> str:
    """The same for programs, with the files that were written."""
    results = Counter(one.result for one in found.placements)
    lists = (PLACED, *found.titles)
    record = {
        "period": found.period,
        "day": found.day,
        "roster": {"name": found.roster, "rows": len(found.placements), "results": {n: results[n] for n in RESULTS}},
        "townships": {name: dict(zip(lists, numbers, strict=True)) for name, numbers in _lines(found)},
        "files": paths,
    }
    return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode()

"""A verdict on the terminal, and for programs."""

import orjson
from rich.console import Console

from sync_service.checking.verdict import Verdict, as_record
from sync_service.copies import cell_name
from sync_service.grouping import WHOLE_BOOK, Block

SHOWN = 12
STYLES = {"error": "red", "warning": "yellow", "confirmed": "green", "notice": "cyan"}


def verdict_json(verdict: Verdict) -> str:
    """The verdict for programs."""
    return orjson.dumps(as_record(verdict), option=orjson.OPT_INDENT_2).decode()


def _cells(block: Block) -> str:
    named = [f"{cell_name(one)}{f' {one.value}' if one.value else ''}" for one in block.problems if cell_name(one)]
    return "、".join(named[:SHOWN]) + (f" …… 共 {len(named)} 处" if len(named) > SHOWN else "")


def print_verdict(verdict: Verdict) -> None:
    """Every kind of problem by sheet, with its cells and its cure, and the totals last, where the eye ends."""
    console = Console()

    def tell(text: str, style: str = "") -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    for part in verdict.parts:
        if not part.blocks:
            continue
        tell(f"{part.heading}（共 {part.count} 处）", f"bold {STYLES[part.style]}")
        sheet = None
        for block in part.blocks:
            if block.sheet != sheet:
                sheet = block.sheet
                tell(f"【{sheet or WHOLE_BOOK}】")
            tell(f"  {block.heading}（{len(block.problems)} 处）", STYLES[part.style])
            if cells := _cells(block):
                tell(f"    {cells}")
            if block.cure and part.in_full:
                tell(f"    怎么改：{block.cure}")
        tell("")
    counts = verdict.counts
    state = "" if verdict.readable else "，没有查下去"
    tell(
        f"{verdict.township.name}　{verdict.book.name}：{counts.errors} 处错误，{counts.warnings} 处提醒，"
        f"{counts.confirmed} 处已说明{state}。",
        "bold",
    )

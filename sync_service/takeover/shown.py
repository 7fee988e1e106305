"""What the terminal shows while an old workbook is taken over."""

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as Grid

from sync_service.takeover.account import counted, remarked
from sync_service.takeover.adopting import Adopted, by_column, first_cell, grounds
from sync_service.takeover.carrying import Carried
from sync_service.takeover.drafting import Draft
from sync_service.takeover.matching import Match, Proposal
from sync_service.takeover.upgrading import Upgraded
from validators.problems import Problem
from workbook_templates.column import Column
from workbook_templates.printable import printable
from workbook_templates.severities import SEVERITIES, SYMBOLS
from workbook_templates.sheet import letter

LONGEST_EXAMPLE = 20
NARROWEST = 100
SHOWN_LEFT = 10


def _console() -> Console:
    """The terminal; a table that is squeezed into a few columns says nothing."""
    console = Console()
    return console if console.width >= NARROWEST else Console(width=NARROWEST)


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(printable(text), style=style, markup=False, highlight=False, soft_wrap=True)


def _certainty(match: Match) -> str:
    return "√ 接收" if match.sure else "？待确认"


def print_proposal(one: Draft, *, keep_rest: bool) -> None:
    """Which old column becomes which new one, what is unclear, and what stays blank."""
    console, proposal = _console(), one.proposal
    _say(console, f"“{one.sheet.title}”→ {one.township.name} {one.form.title}")
    grid = Grid("旧表列", "旧列名", "例子", "→ 新列", "根据", "把握", box=box.SIMPLE, pad_edge=False)
    for match in proposal.matches:
        example = first_cell(one, match)
        shown = example if len(example) <= LONGEST_EXAMPLE else example[:LONGEST_EXAMPLE] + "…"
        new = match.column.header if match.column.stored else f"{match.column.header}（自动编号）"
        style = "" if match.sure else "yellow"
        cells = (letter(match.old.j + 1), match.old.name, shown, new, grounds(match), _certainty(match))
        grid.add_row(*map(_plain, cells), style=style)
    console.print(grid)
    for left in proposal.unmatched:
        filled = len(one.samples.get(left.old.j, ()))
        might = f"；可能是：{'、'.join(column.header for column in left.candidates)}" if left.candidates else ""
        where = f"{letter(left.old.j + 1)} 列“{left.old.name}”"
        what = "写进备注" if keep_rest and filled else "不接收"
        _say(console, f"{what}：{where}，{left.why}（{filled} 格有内容）{might}", "yellow" if filled else "")
    _print_blank(console, proposal)
    if one.others:
        _say(console, f"没有接收的工作表：{'、'.join(one.others)}")


def _plain(text: str) -> str:
    return printable(text).replace("[", "\\[")


def _print_blank(console: Console, proposal: Proposal) -> None:
    required = [column.header for column in proposal.blank if column.required]
    if required:
        _say(console, f"旧表没有、要补填的必填列：{'、'.join(required)}")


def how_to_confirm(proposal: Proposal) -> str:
    """What to type to confirm the suggestions one by one or all together."""
    match = proposal.suggestions[0]
    return (
        f"有 {len(proposal.suggestions)} 列待确认，没有写任何文件。全部接收请加 --yes；"
        f"逐列指定请加 --map，例如 --map {letter(match.old.j + 1)}={match.column.header}，"
        f"不要某一列就写 --map {letter(match.old.j + 1)}= 。"
    )


def question(match: Match) -> str:
    """A suggestion as a question."""
    return f"{letter(match.old.j + 1)} 列“{printable(match.old.name)}”作为“{match.column.header}”，对吗？依据：{grounds(match)}"


def print_carried(carried: Carried) -> None:
    """Where every row and every cell of an old sheet went."""
    console = _console()
    _say(console, counted(carried) + "。")
    for one in remarked(carried):
        _say(console, f"{SYMBOLS[one.severity]} {one.place}：{one.message}。{one.cure}")
    if carried.left:
        counts = Counter(left.name for left in carried.left)
        listed = "、".join(f"“{name}”{n} 格" for name, n in counts.most_common(SHOWN_LEFT))
        _say(console, f"没有接收的内容：{listed}；逐格写在说明里。要写进备注请加 --keep-rest。", "yellow")


def _sum(problems: Sequence[Problem], blank: Sequence[Column]) -> str:
    if not problems:
        return "没有要改的"
    counts = Counter(one.severity for one in problems)
    headers = {column.header for column in blank}
    lacking = sum(one.severity == "error" and one.header in headers for one in problems)
    of_them = f"（其中 {lacking} 处是旧表没有的列，要补填）" if lacking else ""
    return f"还有 {counts['error']} 处要改{of_them}、{counts['warning']} 处要核对，{counts['notice']} 处已自动处理"


def print_adopted(adopted: Adopted) -> None:
    """What was written, and how much of it is still to be mended, column by column."""
    console = _console()
    print_carried(adopted.carried)
    _say(console, f"已写好 {adopted.path}，{len(adopted.carried.rows)} 行；逐行去向在 {adopted.account.name}。")
    _say(console, _sum(adopted.problems, adopted.carried.blank) + "。")
    columns = by_column(adopted)
    if columns:
        grid = Grid("列", *SEVERITIES.values(), box=box.SIMPLE, pad_edge=False)
        for header, counts in columns.items():
            grid.add_row(header, *(str(counts[severity] or "") for severity in SEVERITIES))
        console.print(grid)


def print_upgraded(upgraded: Upgraded) -> None:
    """What moved, sheet by sheet, what has no place today, and what is new."""
    console = _console()
    telling = [one for one in upgraded.sheets if one.rows or one.left or one.blank]
    for carried in telling:
        _say(console, f"{carried.form.title}：搬了 {len(carried.rows)} 行。")
        print_carried(carried)
        if carried.blank:
            names = "、".join(column.header + ("（必填）" if column.required else "") for column in carried.blank)
            _say(console, f"新增的列，待填：{names}")
    if len(telling) < len(upgraded.sheets):
        _say(console, f"另有 {len(upgraded.sheets) - len(telling)} 张表没有填过，和今天的模板一样。")
    for fact in upgraded.facts:
        _say(console, fact)
    _say(console, f"已写好 {upgraded.path}（{upgraded.township.name}）；逐行去向在 {upgraded.account.name}。")

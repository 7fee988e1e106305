"""What the terminal shows."""

import csv
import re
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from sync_service.asking import Change, Table
from sync_service.look import safe
from sync_service.store.records import Undone
from workbook_templates.kinds import KINDS

SHOWN_COLUMNS = 7
WIDE = 150
SHOWN_ROWS = 30
_CALCULATES = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def as_json_lines(records: Sequence[Any]) -> str:
    """One JSON object a line."""
    return "\n".join(orjson.dumps(record, default=_plain).decode() for record in records)


def print_history(changes: Sequence[Change]) -> None:
    """The changes of a row, oldest first."""
    console = Console()
    for change in changes:
        console.print(
            f"{change.at:%Y-%m-%d %H:%M}  第 {change.run} 次运行（{change.why}）  {change.township} {change.form}  "
            f"[bold]{change.what}[/bold]  来自 {escape(change.place)}",
            highlight=False,
            soft_wrap=True,
        )
        for one in change.differences:
            old = "（空）" if one.old is None else one.old
            new = "（空）" if one.new is None else one.new
            arrow = f"{old} → {new}" if change.what == "变更" else str(new)
            console.print(f"    {one.header}：{arrow}", markup=False, highlight=False, soft_wrap=True)


def print_table(table: Table) -> None:
    """The first columns of a form, a line a row."""
    console = Console(width=WIDE)  # a number that is cut off is worth less than a line that wraps
    grid = Grid(*table.headers[:SHOWN_COLUMNS], box=box.SIMPLE, pad_edge=False)
    for row in table.rows[:SHOWN_ROWS]:
        grid.add_row(*("" if value is None else escape(str(value)) for value in row[:SHOWN_COLUMNS]))
    console.print(grid)
    console.print(f"{table.form.title}：{len(table.rows)} 行。")
    if len(table.rows) > SHOWN_ROWS or len(table.headers) > SHOWN_COLUMNS:
        console.print("这里只列出前面的一些行和列，加 --out 文件.xlsx 看全。")


def write_table(table: Table, path: Path) -> None:
    """Writes a form to an .xlsx or .csv file; texts stay texts, so that nothing in them is calculated."""
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.headers)
            writer.writerows([harmless(value) for value in row] for row in table.rows)
        return
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(table.form.title)
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        sheet.write_row(0, 0, table.headers, bold)
        for number, row in enumerate(table.rows, 1):
            sheet.write_row(number, 0, [safe(value) if isinstance(value, str) else value for value in row])
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headers) - 1)
        sheet.set_column(0, len(table.headers) - 1, 14)


def harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it, which our own readers take away again.

    After OWASP's advice on CSV injection: signs of a formula, full-width too, behind spaces too, tabs and line breaks.
    """
    return f"'{value}" if isinstance(value, str) and _CALCULATES.match(value) else value


def print_undone(undone: Undone, run: int) -> None:
    """What undoing a run did, and what it had to leave."""
    console = Console()
    console.print(f"第 {run} 次运行已撤销，记为第 {undone.run} 次运行。运行 taizhang sync 后总台账随之更新。")
    if undone.left:
        console.print(f"有 {len(undone.left)} 行在那之后又变过，没有动：")
        for form, township, key in undone.left:
            console.print(f"  {form} {township} {KINDS['text'].mask(key)}", markup=False, highlight=False)

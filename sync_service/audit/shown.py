"""The audit entries on the terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import orjson
from rich.console import Console

from sync_service.audit.chain import Broken, Entry, Head
from sync_service.audit.words import told
from sync_service.moments import local


def print_entries(entries: Sequence[Entry]) -> None:
    """A line for each entry, oldest first."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for entry in entries:
        console.print(f"{entry.n:>6}  {local(entry.at):%Y-%m-%d %H:%M:%S}  {entry.who}  {told(entry)}")


def entries_json(entries: Iterable[Entry]) -> str:
    """One JSON object a line, hashes and all: enough to verify the chain elsewhere."""
    return "\n".join(orjson.dumps(asdict(entry)).decode() for entry in entries)


def print_verified(broken: Broken | None, head: Head) -> None:
    """Whether the chain holds, and what to note for the next time."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if broken:
        console.print(
            f"× 第 {broken.n} 条记录：{broken.why}。请保护好这台电脑和备份，报告上级，不要再改动。", style="red"
        )
    else:
        console.print(f"√ {head.n} 条记录首尾相接，没有改动过。")
        console.print(f"请把这一行另外记下来，以后用 --noted 核对有没有被截短：{head.n}:{head.hash}")

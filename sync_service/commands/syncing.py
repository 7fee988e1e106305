"""taizhang sync: one run by hand."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT, AsJson, CountyFile, setup_of, this_moment
from sync_service.terminal import show

if TYPE_CHECKING:
    from sync_service.gather import Progress

PATIENCE = 30
"""So many seconds `sync` waits for a run of the service to end."""


@contextmanager
def _progress(*, shown: bool) -> Iterator["Progress"]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not shown:
        yield lambda done, total, name: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("读取"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # The bar is drawn by hand: a drawing thread beside forked readers could hold a lock when they fork.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name, refresh=True)

        yield tell


def sync(
    county: CountyFile = DEFAULT,
    full: Annotated[bool, typer.Option("--full", help="没有变化的工作簿也重新读取、校验。")] = False,
    as_json: AsJson = False,
) -> None:
    """读取各乡镇的工作簿，校验、合并，更新登记库、总台账和反馈。退出码：0 正常，1 有待改的问题，2 有读不到或写不了的。"""
    from sync_service.pipeline import run
    from sync_service.report_text import report_json, report_text
    from sync_service.watching import had_nothing_to_do, leave_note, watch_over

    began = time.time_ns()
    setup, now = setup_of(county), this_moment()
    watch = watch_over(setup, county, began, now)
    with _progress(shown=sys.stderr.isatty() and not as_json) as progress:
        report = run(setup, setup.forms(), now, full=full, patience=PATIENCE, progress=progress)
    show(report_json(report) if as_json else report_text(report))
    if watch and had_nothing_to_do(watch, setup, report):
        leave_note(watch, county, report)
    raise typer.Exit(report.exit_code)

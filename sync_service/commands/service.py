"""taizhang run, status and doctor: the service, how it stands, and what it lacks."""

import signal
from typing import NoReturn

import typer

from sync_service.commands.options import DEFAULT, AsJson, CountyFile, setup_of, this_moment


def _interrupt(number: int, frame: object) -> NoReturn:
    """The system asks for an end as Ctrl-C does: a pass that is given up leaves everything as it was before."""
    del number, frame
    raise KeyboardInterrupt


def run(county: CountyFile = DEFAULT) -> None:
    """一直运行：按时读取各乡镇，每天夜里全部重读、备份、发早报；按 Ctrl-C 停止。

    间隔和时间在 county.toml 的 [service] 里。
    """
    from sync_service.service.runner import Runner

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        Runner(county, console=True).run()
    except KeyboardInterrupt:
        typer.echo("已停止；登记库和总台账都是完整的。", err=True)


def status(county: CountyFile = DEFAULT, as_json: AsJson = False) -> None:
    """各乡镇上次什么时候读到、有多少待改，自动运行、夜间汇总、登记库、备份现在怎么样。"""
    from sync_service.service.shown import print_status, status_json
    from sync_service.service.status import county_status

    found = county_status(setup_of(county), this_moment())
    typer.echo(status_json(found)) if as_json else print_status(found)


def doctor(county: CountyFile = DEFAULT, as_json: AsJson = False) -> None:
    """体检：设置、时钟、权限、磁盘、登记库、各处工作簿、备份，哪里不对、怎么办。退出码：0 都好，1 有要留意的，2 有毛病。"""
    from sync_service.service.doctor import examine
    from sync_service.service.shown import findings_json, print_findings

    findings = examine(setup_of(county), this_moment())
    typer.echo(findings_json(findings)) if as_json else print_findings(findings)
    grades = {one.grade for one in findings}
    raise typer.Exit(2 if "bad" in grades else 1 if "warn" in grades else 0)

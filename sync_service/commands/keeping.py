"""taizhang backup, restore and service: what keeps the county's data safe and the service running."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.commands.options import DEFAULT, CountyFile, setup_of, this_moment

if TYPE_CHECKING:
    from types import ModuleType

    from sync_service.install.program import Program

service_app = typer.Typer(help="让 taizhang run 随开机自动运行。", no_args_is_help=True)


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB"


def backup(
    county: CountyFile = DEFAULT,
    listed: Annotated[bool, typer.Option("--list", help="不备份，列出现有的备份。")] = False,
) -> None:
    """现在就备份登记库、总台账和设置，写完再读回来核对。放在哪里、留多少份，见 county.toml 的 [backup]。"""
    from sync_service.backup.keeping import backup_folder, keep
    from sync_service.backup.records import records
    from sync_service.errors import TaizhangError
    from sync_service.moments import local

    setup = setup_of(county)
    folder = backup_folder(setup)
    if folder is None:
        raise TaizhangError("没有设备份文件夹，没有备份", "请在 county.toml 的 [backup] 里写 folder。")
    if listed:
        for one in records(folder):
            typer.echo(f"{local(one.at):%Y-%m-%d %H:%M}  {_size(one.bytes)}  核对过  {folder / one.file}")
        return
    record = keep(setup, this_moment(), "manual")
    if record is None:
        raise TaizhangError("还没有登记库，没有可备份的", "请先运行 taizhang sync。")
    typer.echo(f"已备份并核对：{folder / record.file}（{_size(record.bytes)}）")


def restore(
    file: Annotated[Path, typer.Argument(metavar="备份文件", help="要恢复的备份（.zip）。")],
    county: CountyFile = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="不再问，直接恢复。")] = False,
) -> None:
    """从备份恢复登记库。先核对备份，现在的登记库、总台账、反馈都移到旁边的“恢复前_…”文件夹，不删除。"""
    from sync_service.backup.restoring import restore as bring_back

    if not yes and not typer.confirm(
        "恢复以后，备份那时起的改动要重新读一遍才会回来。现在的登记库会移到旁边。要恢复吗？"
    ):
        typer.echo("没有恢复，什么都没有动。")
        raise typer.Exit(1)
    done = bring_back(file, county, this_moment())
    typer.echo(f"已恢复到第 {done.run} 次运行。原来的登记库、总台账和反馈在：{done.aside}")
    for name in done.put_back:
        typer.echo(f"原来没有 {name}，也从备份里取出来了。")
    if done.forgotten:
        typer.echo(f"备份以后删除过的 {done.forgotten} 个人，又照规定删除了一次。")
    typer.echo(
        "请接着运行 taizhang sync --full，把备份以后的改动重新读进来。总台账里备份以后写的处理决定，要照旧总台账再写一遍。"
    )


def _installer(county: Path) -> "tuple[ModuleType, Program]":
    """What installs services on this system, and what is to be installed."""
    import os
    import sys

    from sync_service.errors import TaizhangError
    from sync_service.install import systemd, windows
    from sync_service.install.program import program_of

    if os.name != "nt" and sys.platform != "linux":
        raise TaizhangError("这种系统上不会装成自动运行", "请开机后自己运行 taizhang run。")
    return windows if os.name == "nt" else systemd, program_of(setup_of(county), county)


@service_app.command()
def install(
    county: CountyFile = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示要装的内容，什么都不装。")] = False,
) -> None:
    """装成自动运行：Linux 用 systemd，Windows 用任务计划程序；出错会自动重启。再运行一次就是重装。"""
    installer, program = _installer(county)
    typer.echo(installer.text(program) if dry_run else installer.install(program))


@service_app.command()
def status(county: CountyFile = DEFAULT) -> None:
    """看有没有装成自动运行、现在运行着没有。"""
    installer, program = _installer(county)
    typer.echo(installer.status(program))


@service_app.command()
def remove(county: CountyFile = DEFAULT) -> None:
    """停止并取消自动运行；数据都留着。"""
    installer, program = _installer(county)
    typer.echo(installer.remove(program))

"""What several commands have in common: their options, the county's settings, the time."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_service.errors import TaizhangError

if TYPE_CHECKING:
    from sync_service.settings import CountySetup

DEFAULT = Path("county.toml")
CountyFile = Annotated[Path, typer.Option("--county", help="设置文件 county.toml 在哪里。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取。")]
OnePeriod = Annotated[
    str, typer.Option("--period", help="哪一期：2026上半年、2026H1 或整年 2026；不写就是 county.toml 里的。")
]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of", metavar="日期", help="算到哪一天，用那天结束时登记库里的样子，例如 2026-06-15；不写就是现在。"
    ),
]
Reveal = Annotated[bool, typer.Option("--reveal", help="姓名、号码、地址不打星号；会记进审计。")]


def this_moment() -> datetime:
    """The present moment in the county's time zone."""
    return datetime.now().astimezone()


def setup_of(county: Path) -> "CountySetup":
    """The county's settings. Raises TaizhangError if they cannot be used."""
    from sync_service.settings import load_settings

    return load_settings(county)


def synced(county: Path) -> "CountySetup":
    """The settings of a county that has been synced. Raises TaizhangError if it has not."""
    setup = setup_of(county)
    if not setup.has_store:
        raise TaizhangError("还没有登记库", "请先运行 taizhang sync。")
    return setup

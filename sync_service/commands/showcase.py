"""taizhang demo: the invented county."""

from pathlib import Path
from typing import Annotated

import typer

from sync_service.commands.options import this_moment
from sync_service.errors import TaizhangError


def demo(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="示范县放在哪里。")] = Path("demo"),
) -> None:
    """做一个示范县：12 个乡镇、约 7000 行虚构的人和事，带着各种填写错误；同步两次，看查出了什么。"""
    try:
        from sync_service.demo.show import show_demo
    except ModuleNotFoundError as error:  # only the demo's clerks need it: it writes .xls and .ods
        raise TaizhangError(
            f"示范县还要用到 {error.name}", "请运行 pip install 'taizhang[demo]'，或用 make demo。"
        ) from error

    raise typer.Exit(show_demo(folder, this_moment()))

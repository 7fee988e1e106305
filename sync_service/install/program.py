"""What the system is to start, and how it is called there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup


@dataclass(frozen=True, slots=True)
class Program:
    """A county's service: its name in the system, its title for people, the command and the folder that it is started in."""

    name: str
    title: str
    command: tuple[str, ...]
    folder: Path


def program_of(setup: CountySetup, county: Path) -> Program:
    """The service of the county whose settings lie at `county`. Raises TaizhangError if the program is not installed whole."""
    beside = Path(sys.executable).with_name("taizhang.exe" if os.name == "nt" else "taizhang")
    taizhang = str(beside) if beside.exists() else shutil.which("taizhang")
    if not taizhang:
        raise TaizhangError("找不到 taizhang 这个命令", "请用 pip 重新安装 taizhang，再运行一次。")
    return Program(
        f"taizhang-{setup.county.code}",
        f"台账自动汇总（{setup.county.name}）",
        (taizhang, "run", "--county", str(county.resolve())),
        setup.folder,
    )


def call(command: Sequence[str], hint: str, *, may_fail: bool = False) -> str:
    """Runs one of the system's own programs; what it said. Raises TaizhangError with its words if it is missing or fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except FileNotFoundError as error:
        raise TaizhangError(f"这台电脑上没有 {command[0]}", hint) from error
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode and not may_fail:
        raise TaizhangError(f"{' '.join(command)} 没有成功：{said}", hint)
    return said

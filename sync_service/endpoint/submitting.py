"""A workbook that was handed in through the check page, put in the township's place; the earlier one is kept beside."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.publish import digest_of, discard, prepare
from sync_service.settings import CountySetup
from sync_service.sources.folder import FolderSource
from workbook_templates.place import Township

EARLIER = "历次上报"
"""The folder beside the workbooks that keeps those that were replaced; a run does not look into it."""

_IN_THE_WAY = {"F27": "县里正打开着这个乡镇的文件", "F29": "县里的文件夹里有好几个这个乡镇的文件"}
_TELL = "请告诉县里处理好这个文件，再交一次。"


def _keep(old: Path, now: datetime) -> None:
    """A dated copy of the workbook that is about to be replaced; copied to the end before that happens."""
    folder = old.parent / EARLIER
    folder.mkdir(exist_ok=True)
    kept = folder / f"{old.stem}_{now:%Y-%m-%d_%H%M%S_%f}{old.suffix}"
    shutil.copy2(old, kept)
    with kept.open("rb+") as file:
        os.fsync(file.fileno())


def submit(setup: CountySetup, township: Township, ending: str, data: bytes, now: datetime) -> bool:
    """Puts the workbook `data` where a run looks for the township's; whether it is another than the one already there.

    Killed at any moment, the earlier or the new one lies there, whole. Raises TaizhangError if the county has the earlier
    one open, or several are there, or the folder cannot be written, or is on another machine.
    """
    if township.code not in setup.workbooks:
        raise TaizhangError(
            "没有交成：县里收这个乡镇的表的地方不在这台电脑上",
            "县里直接读网上表格的，在那里改好保存就行；别的请照县里说的办法交。",
        )
    places = FolderSource(setup.workbooks).look()
    found = next(place for place in places if place.township == township.code)
    for hindrance in found.problems:
        if hindrance.code in _IN_THE_WAY:
            raise TaizhangError(f"没有交成：{_IN_THE_WAY[hindrance.code]}", _TELL)

    def write(path: Path) -> None:
        path.write_bytes(data)

    target = setup.workbooks[township.code].with_suffix(ending)
    old = Path(found.item.place) if found.item else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        prepared = prepare(target, write)
        try:
            if old == target and digest_of(target) == prepared.digest:
                return False
            if old:
                _keep(old, now)
            prepared.temporary.replace(target)
            if old and old != target:
                old.unlink()
        finally:
            discard(prepared)
    except PermissionError as error:  # Windows: another program holds it open
        raise TaizhangError(f"没有交成：{_IN_THE_WAY['F27']}", _TELL) from error
    except OSError as error:
        raise TaizhangError("没有交成：县里的电脑存不下", "请告诉县里检查磁盘空间和文件夹的写入权限。") from error
    return True

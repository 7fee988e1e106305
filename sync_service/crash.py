"""An error that nobody foresaw: told without its words, for they may quote somebody's row."""

import traceback
from datetime import datetime
from pathlib import Path

from sync_service.whole_files import write_whole

_OURS = ("sync_service", "validators", "workbook_templates", "macros")


def own_frames(error: BaseException) -> list[str]:
    """Where in our code an error came up, outermost first: files and lines, no values."""
    places = []
    for frame in traceback.extract_tb(error.__traceback__):
        *folders, name = Path(frame.filename).parts
        ours = [at for at, folder in enumerate(folders) if folder in _OURS]
        if ours:
            places.append(f"{'/'.join([*folders[ours[-1] :], name])}:{frame.lineno}")
    return places


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those that it came from."""
    found = [error]
    while cause := found[-1].__cause__ or found[-1].__context__:
        found.append(cause)
    return found


def write_crash_report(error: BaseException, folder: Path, command: str, version: str, now: datetime) -> Path | None:
    """Writes what a maintainer needs and nothing personal: kinds of errors and our own lines; None if it cannot be written.

    `command` is the command's name alone: what stands behind it may be somebody's number.
    """
    lines = [f"时间 {now:%Y-%m-%d %H:%M:%S}", f"命令 taizhang {command}", f"版本 {version}"]
    for one in _chain(error):
        kind = type(one)
        lines += [f"{kind.__module__}.{kind.__qualname__}", *(f"    {place}" for place in own_frames(one))]
    path = folder / f"崩溃报告_{now:%Y%m%d_%H%M%S}.txt"
    try:
        write_whole(path, lambda file: file.write("\n".join([*lines, ""]).encode()))
    except OSError:
        return None
    return path

"""What each channel has been told, kept in a file beside county.toml: a restart, or a restored store, repeats nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import orjson

from sync_service.notify.digest import Told
from sync_service.whole_files import write_whole

FILE = ".taizhang.notify.json"
_unwritten: dict[Path, dict[str, Told]] = {}
"""What could not be written down. A full disk is the very thing to tell of, and once, for as long as this process lives."""


def remembered(folder: Path) -> dict[str, Told]:
    """What each channel has been told, by its name; nothing if the file is not there or cannot be read."""
    if folder in _unwritten:
        return _unwritten[folder]
    try:
        return {name: Told(**told) for name, told in orjson.loads((folder / FILE).read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(folder: Path, told: Mapping[str, Told]) -> None:
    """Keeps what each channel has been told, in this process alone where it cannot be written."""
    content = orjson.dumps({name: asdict(one) for name, one in told.items()}, option=orjson.OPT_INDENT_2)
    try:
        write_whole(folder / FILE, lambda file: file.write(content))
        _unwritten.pop(folder, None)
    except OSError:
        _unwritten[folder] = dict(told)

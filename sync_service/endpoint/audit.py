"""The log of the endpoint: who did what when, one JSON object a line, without anything personal."""

import os
from pathlib import Path

import orjson

from sync_service.errors import TaizhangError


class Audit:
    """A file that only grows, readable by its owner alone. It is opened for each line, so that it may be moved away any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, **line: str | int) -> None:
        """Adds a line. Raises TaizhangError if it cannot: what cannot be logged is not to be done."""
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            raise TaizhangError(f"记录文件“{self._path.name}”写不了", "请检查磁盘空间和文件夹的写入权限。") from error

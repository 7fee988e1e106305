"""The service's log: one JSON object a line, in files that take turns, without anything personal; the console shows the words."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

import orjson

from sync_service.crash import own_frames
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.settings import CountySetup

Fact = str | int | float | None


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return orjson.dumps(record.__dict__["facts"]).decode()


class _OwnersFile(RotatingFileHandler):
    """A rotating file that only its owner can read. It is opened for each line, so that it may be moved away any time."""

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        self.close()

    def probe(self) -> None:
        """Raises OSError if it cannot be written."""
        self._open().close()

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8")


class Log:
    """Writes what happens to the log file and says it on the console. A full disk costs lines, never the service."""

    def __init__(self, path: Path, most_bytes: int, files: int, *, console: bool) -> None:
        """Opens the log at `path`. Raises TaizhangError if it cannot be written."""
        self._logger = logging.Logger("taizhang", logging.INFO)  # of its own: nothing of other libraries gets in
        try:
            lines = _OwnersFile(path, maxBytes=most_bytes, backupCount=files, encoding="utf-8", delay=True)
            lines.probe()
        except OSError as error:
            raise TaizhangError(
                f"运行记录“{path.name}”写不了：{error.strerror}",
                "请检查磁盘空间、文件夹权限，和 county.toml 里 [service] 的 log。",
            ) from error
        lines.setFormatter(_JsonLines())
        self._logger.addHandler(lines)
        if console:
            words = logging.StreamHandler()
            words.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%m-%d %H:%M:%S"))
            self._logger.addHandler(words)

    def tell(self, event: str, words: str, now: datetime, *, level: int = logging.INFO, **facts: Fact) -> None:
        """One line: what happened (`event`, for programs), in words, and facts that hold nothing personal."""
        line: Mapping[str, Fact] = {
            "at": moment(now),
            "level": logging.getLevelName(level).lower(),
            "event": event,
            **facts,
            "words": words,
        }
        self._logger.log(level, "%s", words, extra={"facts": line})

    def failed(self, event: str, what: str, error: Exception, now: datetime) -> None:
        """One line for an error. Of one that we did not foresee, only its kind and our own lines: its text may quote a row."""
        if isinstance(error, TaizhangError):
            self.tell(event, f"{what}：{error}。{error.hint}", now, level=logging.ERROR, kind=type(error).__name__)
            return
        kind = type(error).__name__
        words = f"{what}：程序出了意外的错（{kind}），稍后再试。总是这样，请把运行记录交给维护的人。"
        self.tell(event, words, now, level=logging.ERROR, kind=kind, where=" > ".join(own_frames(error)))


def open_log(setup: CountySetup, *, console: bool) -> Log:
    """The log that county.toml names. Raises TaizhangError if it cannot be written."""
    part = setup.settings.service
    return Log(setup.path(part.log), int(part.log_mb * 2**20), part.log_files, console=console)

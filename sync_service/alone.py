"""Only one at a time works on a county's files. Locks are files that the operating system lets go of when a process dies."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from sync_service.errors import TaizhangError
from sync_service.moments import local, moment
from sync_service.troubles import of_system

LOCK = ".taizhang.lock"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: the number of its process, and since which moment (UTC text)."""

    pid: int
    since: str

    @property
    def told(self) -> str:
        """Who it is, for people."""
        return f"进程号 {self.pid}，{local(self.since):%m月%d日 %H:%M} 开始"


def _note(lock: Path) -> Path:
    """Where a lock's holder says who it is: Windows lets nobody read the locked file itself."""
    return lock.with_name(f"{lock.name}.json")


def _noted(lock: Path) -> Holder | None:
    try:
        return Holder(**orjson.loads(_note(lock).read_bytes()))
    except (OSError, ValueError, TypeError):  # being written this very moment, or left half by a power cut
        return None


@contextmanager
def held(lock: Path, patience: float, message: str, hint: str) -> Iterator[None]:
    """Holds `lock` meanwhile, after waiting up to `patience` seconds for whoever has it.

    Raises TaizhangError of `message`, with who it is, and `hint` if that one stays longer; or if the folder cannot be written.
    """
    locked = FileLock(lock)
    try:
        locked.acquire(timeout=patience)
    except Timeout as error:
        who = _noted(lock)
        raise TaizhangError(f"{message}（{who.told}）" if who else message, hint) from error
    except OSError as error:
        what, cure = of_system(error)
        raise TaizhangError(f"文件夹“{lock.parent.name}”里写不了文件：{what}", f"{cure}，再运行一次。") from error
    try:
        with suppress(OSError):  # a full disk: nobody is told who it is, and nothing else depends on it
            _note(lock).write_bytes(orjson.dumps({"pid": os.getpid(), "since": moment(datetime.now(UTC))}))
        yield
    finally:
        with suppress(OSError):
            _note(lock).unlink()
        locked.release()


def holder(lock: Path) -> Holder | None:
    """Who holds `lock` now, None if nobody does; with a pid of 0, somebody who has not said yet who it is."""
    try:
        with FileLock(lock, timeout=0):
            return None
    except Timeout:
        return _noted(lock) or Holder(0, moment(datetime.now(UTC)))


def alone(folder: Path, patience: float = 0) -> AbstractContextManager[None]:
    """Keeps every other run away from `folder` meanwhile, after waiting up to `patience` seconds for one that is at work.

    Raises TaizhangError, with who it is, if another run is still at work there.
    """
    return held(folder / LOCK, patience, "另一个 taizhang 正在这里运行，这一次没有做任何事", "等它结束后再运行一次。")

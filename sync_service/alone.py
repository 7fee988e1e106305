"""Only one run at a time works on a county's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sync_service.errors import TaizhangError

LOCK = ".taizhang.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps every other run away from `folder` meanwhile; the operating system lets go when the process dies.

    Raises TaizhangError if another run is at work there.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise TaizhangError("另一个 taizhang 正在这里运行，这一次没有做任何事", "等它结束后再运行一次。") from error
    try:
        yield
    finally:
        lock.release()

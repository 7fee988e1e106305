"""Putting a freshly made workbook where people open it, without ever harming what lies there.

The new file is written in a folder of its own beside it, forced to disk, and takes the old one's place in one step: killed at any
moment, either the old or the new file is there, whole. A file that somebody has open, or has saved since we published it,
is never overwritten; the new one is put beside it (县级总台账（新）.xlsx) and takes its place as soon as the way is free.
"""

import errno
import glob
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

Write = Callable[[Path], None]

_OWNER_FILES = ("~${name}", ".~lock.{name}#", ".~{name}")  # Excel and WPS, LibreOffice, WPS on Linux
_BUSY = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication.

    `path` is where the new file lies, None if there was no place for it. `digest` is to be remembered and given to the next
    publication of the same file. `message` is "" or says, in Chinese, why the file itself could not be replaced and what to do.
    """

    path: Path | None
    digest: bytes | None
    message: str = ""

    @property
    def settled(self) -> bool:
        """Whether the new file lies under its own name."""
        return not self.message


def beside(path: Path) -> Path:
    """Where the new file waits while the way is not free."""
    return path.with_name(f"{path.stem}（新）{path.suffix}")


def digest_of(path: Path) -> bytes | None:
    """16 bytes of BLAKE2b over the file, or None if there is none. Raises PermissionError if another program holds it."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()
    except FileNotFoundError:
        return None


def _owner(path: Path) -> Path | None:
    names = (path.with_name(pattern.format(name=path.name)) for pattern in _OWNER_FILES)
    return next((name for name in names if name.exists()), None)


def _open_message(path: Path, owner: Path | None) -> str:
    cure = f"如果其实已经关闭，请删除同一文件夹里的“{owner.name}”。" if owner else ""
    return f"“{path.name}”正开着，没有覆盖。请关闭它，下次同步会自动换上新的。{cure}"


def obstacle(path: Path, known_digest: bytes | None) -> str:
    """Why the file at `path` must not be replaced now, in Chinese, with what to do; "" if the way is free."""
    owner = _owner(path)
    if owner and path.exists():
        return _open_message(path, owner)
    try:
        found = digest_of(path)
    except PermissionError:
        return _open_message(path, None)
    if found is not None and found != known_digest:
        return f"“{path.name}”在上次生成以后被人保存过，没有覆盖。请把其中自己写的内容另存到别处，再删除或移走它，下次同步会自动换上新的。"
    return ""


def _clean(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        shutil.rmtree(left)


@contextmanager
def _fresh(path: Path, write: Write) -> Iterator[Path]:
    # A folder of its own, so that whatever `write` leaves about when it is killed is cleaned away with it.
    folder = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    folder.mkdir()
    try:
        temporary = folder / path.name
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        yield temporary
    finally:
        shutil.rmtree(folder)


def _holds(path: Path, digest: bytes | None) -> bool:
    try:
        return digest_of(path) == digest
    except PermissionError:
        return False


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such call; its file systems log renames
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replaced(temporary: Path, target: Path) -> bool:
    """Whether `temporary` took the place of `target`; False if another program holds it."""
    try:
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    _sync_folder(target.parent)
    return True


def publish(path: Path, write: Write, known_digest: bytes | None) -> Published:
    """Publish at `path` the file that `write` makes at the path that it is given.

    `known_digest` is the digest of the last Published, or None before the first. A file already there with the very bytes is left
    untouched. Two publications of one file must not run at once. Raises OSError if the folder cannot be written.
    """
    _clean(path)
    waiting = beside(path)
    with _fresh(path, write) as temporary:
        digest = digest_of(temporary)
        # The very bytes may be there already: a killed run published them and could not say so any more.
        same = _holds(path, digest)
        message = "" if same else obstacle(path, known_digest)
        if not message and not same and not _replaced(temporary, path):
            message = _open_message(path, None)
        if not message:
            if not _owner(waiting):  # an open one is an old copy now, and goes with the next publication
                with suppress(PermissionError):
                    waiting.unlink(missing_ok=True)
            return Published(path, digest)
        if _owner(waiting) or not _replaced(temporary, waiting):
            lost = f"旁边的“{waiting.name}”也正开着，这次的新文件没有写成；请把两个都关闭。"
            return Published(None, known_digest, message + lost)
    note = f"新的已放在旁边：“{waiting.name}”；它每次同步都会重写，请不要在里面写东西。"
    return Published(waiting, known_digest, message + note)

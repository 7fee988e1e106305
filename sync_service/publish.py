"""Putting a freshly made workbook where people open it, without ever harming what lies there.

`prepare` writes the new file in a folder of its own beside the old one and forces it to disk; `install` has it take the old one's
place in one step: killed at any moment, either the old or the new file is there, whole. In between the caller remembers the new
digest, so that a run killed right after that step is not taken for somebody's saving. A file that somebody has open, or has saved
since we published it, is never overwritten; the new one is put beside it (县级总台账（新）.xlsx) and takes its place as soon as
the way is free.
"""

import errno
import glob
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from sync_service.whole_files import sync_folder

Write = Callable[[Path], None]

_OWNER_FILES = ("~${name}", ".~lock.{name}#", ".~{name}")  # Excel and WPS, LibreOffice, WPS on Linux
_RESTED = 2 * 10**9
"""Nanoseconds: the coarsest file system (FAT) tells times to two seconds."""
_BUSY = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is ready to take the place of `path`: where it lies, forced to disk, and the digest of its bytes."""

    path: Path
    temporary: Path
    digest: bytes


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication.

    `path` is where the new file lies, None if there was no place for it. `message` is "" or says, in Chinese, why the file
    itself could not be replaced and what to do.
    """

    path: Path | None
    message: str = ""

    @property
    def settled(self) -> bool:
        """Whether the new file lies under its own name."""
        return not self.message


def beside(path: Path) -> Path:
    """Where the new file waits while the way is not free."""
    return path.with_name(f"{path.stem}（新）{path.suffix}")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()


@lru_cache(maxsize=1024)
def _remembered(path: Path, *state: int) -> bytes:
    del state
    return _digest(path)


def digest_of(path: Path) -> bytes | None:
    """16 bytes of BLAKE2b over the file, or None if there is none. Raises PermissionError if another program holds it.

    A file that has come to rest is read once for as long as it lies there untouched.
    """
    try:
        # Opened in any case: only that tells whether another program holds it, and what a file server knows of it by now.
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
        changed = max(about.st_mtime_ns, about.st_ctime_ns)
        if time.time_ns() - changed < _RESTED:  # another change may bear the same time
            return _digest(path)
        return _remembered(path, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    except FileNotFoundError:
        return None


def _owner(path: Path) -> Path | None:
    names = (path.with_name(pattern.format(name=path.name)) for pattern in _OWNER_FILES)
    return next((name for name in names if name.exists()), None)


def is_open(path: Path) -> bool:
    """Whether a spreadsheet program says that somebody has the file open."""
    return _owner(path) is not None


def _open_message(path: Path, owner: Path | None) -> str:
    cure = f"如果其实已经关闭，请删除同一文件夹里的“{owner.name}”。" if owner else ""
    return f"“{path.name}”正开着，没有覆盖。请关闭它，下次同步会自动换上新的。{cure}"


def obstacle(path: Path, known_digests: Collection[bytes]) -> str:
    """Why the file at `path` must not be replaced now, in Chinese, with what to do; "" if the way is free."""
    owner = _owner(path)
    if owner and path.exists():
        return _open_message(path, owner)
    try:
        found = digest_of(path)
    except PermissionError:
        return _open_message(path, None)
    if found is not None and found not in known_digests:
        return f"“{path.name}”在上次生成以后被人保存过，没有覆盖。请把其中自己写的内容另存到别处，再删除或移走它，下次同步会自动换上新的。"
    return ""


def _waiting(path: Path, message: str) -> Published:
    note = f"新的已放在旁边：“{beside(path).name}”；内容一有变化它就会重写，请不要在里面写东西。"
    return Published(beside(path), message + note)


def _lost(path: Path, message: str) -> Published:
    return Published(None, f"{message}旁边的“{beside(path).name}”也正开着，这次的新文件没有写成；请把两个都关闭。")


def _clean(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        shutil.rmtree(left)


def _holds(path: Path, digest: bytes) -> bool:
    try:
        return digest_of(path) == digest
    except PermissionError:
        return False


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
    return True


def unmade(path: Path, digest: bytes | None, known_digests: Collection[bytes]) -> Prepared | Published | None:
    """What can be had without making the file; None if it must be made.

    `digest` is that of the file that is wanted, or None before it was ever made. If it waits beside `path`, it is Prepared when
    the way is free, or Published and goes on waiting. If both places are taken, making it would be in vain: Published nowhere.
    """
    waiting = beside(path)
    message = obstacle(path, known_digests)
    if digest is not None and _holds(waiting, digest):
        if message:
            return _waiting(path, message)
        return None if _owner(waiting) else Prepared(path, waiting, digest)
    return _lost(path, message) if message and _owner(waiting) else None


def prepare(path: Path, write: Write) -> Prepared:
    """The file that `write` makes at the path that it is given, ready to be installed at `path`, which is not touched.

    What killed runs left is cleaned away, so that two publications of one file must not run at once. Raises OSError if
    the folder cannot be written.
    """
    _clean(path)
    # A folder of its own, so that whatever `write` leaves about when it is killed is cleaned away with it.
    folder = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    folder.mkdir()
    temporary = folder / path.name
    try:
        try:
            write(temporary)
        except FileCreateError as error:  # what XlsxWriter makes of an OSError
            raise error.args[0] from None
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        return Prepared(path, temporary, _digest(temporary))
    except BaseException:
        shutil.rmtree(folder)
        raise


def discard(prepared: Prepared) -> None:
    """Removes what `prepare` made for this file and is still there; a file that waits beside goes on waiting."""
    folder = prepared.temporary.parent
    if folder != prepared.path.parent and folder.exists():
        shutil.rmtree(folder)


def _install(prepared: Prepared, known_digests: Collection[bytes]) -> Published:
    path, temporary = prepared.path, prepared.temporary
    waiting = beside(path)
    try:
        same = _holds(path, prepared.digest)
        message = "" if same else obstacle(path, known_digests)
        if not message and not same and not _replaced(temporary, path):
            message = _open_message(path, None)
        if message:
            taken = _owner(waiting) or not _replaced(temporary, waiting)
            return _lost(path, message) if taken else _waiting(path, message)
        if not _owner(waiting):  # an open one is an old copy now, and goes with the next publication
            with suppress(PermissionError):
                waiting.unlink(missing_ok=True)
        return Published(path)
    finally:
        discard(prepared)


def install_all(ready: Sequence[tuple[Prepared, Collection[bytes]]]) -> list[Published]:
    """Puts prepared files under their own names, or beside where the way is not free; they outlast a power cut then.

    With each go the digests of all files of ours that may lie there. A file already there with the very bytes is left
    untouched. Raises OSError if a folder cannot be written.
    """
    done = [_install(prepared, known_digests) for prepared, known_digests in ready]
    for folder in {prepared.path.parent for prepared, _ in ready}:
        sync_folder(folder)
    return done


def install(prepared: Prepared, known_digests: Collection[bytes]) -> Published:
    """Puts one prepared file in its place, as install_all does."""
    return install_all([(prepared, known_digests)])[0]

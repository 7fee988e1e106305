"""Workbooks that lie in folders: found by name, marked by their bytes, left alone while they are open."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from sync_service.sources.base import Found, Item, ItemBusy, ItemGone, Limits, Mark, Refused, SourceDown
from sync_service.sources.deadline import within
from sync_service.sources.excel import bytes_within, read_bytes
from sync_service.sources.naming import Entry, choose, matters
from validators.problems import Problem, problem
from validators.raw import RawBook

_RACY_NS = 2_000_000_000
"""Times of files are as coarse as 2 seconds (FAT): a file changed within them may change again unseen."""


@dataclass(frozen=True, slots=True)
class _File(Entry):
    """What lies in a folder: a file, or a link, a pipe or a device. Who may write into the folder must not have taizhang
    read what lies elsewhere, or wait for ever."""

    real: bool


def _list(folder: Path) -> list[_File]:
    entries = []
    try:
        with os.scandir(folder) as found:
            for file in found:
                if matters(file.name):
                    try:
                        if not file.is_dir(follow_symlinks=False):
                            changed = file.stat(follow_symlinks=False).st_mtime
                            entries.append(_File(file.name, changed, file.is_file(follow_symlinks=False)))
                    except OSError:  # gone since it was listed
                        continue
    except OSError:  # the folder is missing or the share is away: every workbook in it is then not found
        return []
    return sorted(entries, key=lambda entry: entry.name)


def _silent(folder: Path) -> Problem:
    return problem("F41", {"place": str(folder), "why": "没有回音"})


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _unreachable(path: Path, error: OSError) -> Refused:
    """Windows denies access to a file that another program holds open; anything but silence is as good as not there."""
    if isinstance(error, TimeoutError):
        return SourceDown(_silent(path.parent))
    if error.errno == errno.ELOOP:
        return Refused(problem("F48", {"file": path.name}))
    if isinstance(error, PermissionError):
        return ItemBusy(problem("F27", {"file": path.name}))
    return ItemGone(problem("F28", {"file": _shown(path)}))


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """The file itself, even if a link or a pipe has taken its place since the look (not so on Windows).

    Raises OSError; its number is ELOOP if something else lies there.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        yield file


def _mark(path: Path, known: Mark | None) -> Mark:
    before = path.lstat()
    if known and (before.st_size, before.st_mtime_ns) == (known.size, known.mtime_ns):
        return known
    looked_at = time.time_ns()
    with _opened(path) as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    settled = before.st_mtime_ns < looked_at - _RACY_NS
    return Mark(before.st_size, before.st_mtime_ns if settled else 0, digest)


def _bytes(path: Path, limits: Limits) -> bytes:
    with _opened(path) as file:
        return bytes_within(file, path.name, limits)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The workbooks of townships by code, at the absolute paths that the settings give.

    A folder may lie on a share that hangs: it is waited for `patience` seconds.
    """

    workbooks: Mapping[str, Path]
    patience: float = 30

    def look(self) -> tuple[Found, ...]:
        """Each township's workbook: the file itself or, if it is missing, the same name with another ending.

        Problems: F27 open (not to be read now), F28 missing, F29 several, F34 copies beside it (not read), F41 share hangs,
        F48 no file but a link.
        """
        folders = {path.parent for path in self.workbooks.values()}
        listings = {folder: self._listed(folder) for folder in folders}
        taken = {folder: {p.name for p in self.workbooks.values() if p.parent == folder} for folder in folders}
        now = time.time()
        looks = []
        for township, path in self.workbooks.items():
            folder, listing = path.parent, listings[path.parent]
            if isinstance(listing, Problem):
                looks.append(Found(township, None, (listing,)))
                continue
            entry, problems = choose(path.name, folder.name, listing, taken[folder], now)
            if entry and not entry.real:
                looks.append(Found(township, None, (*problems, problem("F48", {"file": entry.name}))))
                continue
            item = Item(township, entry.name, str(folder / entry.name), entry.changed) if entry else None
            looks.append(Found(township, item, problems))
        return tuple(looks)

    def _listed(self, folder: Path) -> list[_File] | Problem:
        try:
            return within(self.patience, _list, folder)
        except TimeoutError:
            return _silent(folder)

    def mark(self, item: Item, known: Mark | None) -> Mark:
        """The file's mark; its bytes are digested only if size or time differ from `known`.

        Raises ItemBusy (F27), ItemGone (F28), SourceDown (F41) or Refused (F48) if the file cannot be reached.
        """
        path = Path(item.place)
        try:
            return within(self.patience, _mark, path, known)
        except OSError as error:
            raise _unreachable(path, error) from error

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The workbook's sheets; see read_bytes. Raises Refused."""
        path = Path(item.place)
        try:
            data = within(limits.seconds * 0.7, _bytes, path, limits)
        except OSError as error:
            raise _unreachable(path, error) from error
        return read_bytes(path.name, data, limits)

"""Workbooks that lie in folders: found by name, marked by their bytes, left alone while they are open."""

import hashlib
import re
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync_service.sources.base import Found, Item, Limits, Mark, Refused
from sync_service.sources.excel import read_book
from validators.problems import Problem, problem
from validators.raw import RawBook

_ENDINGS = frozenset(
    [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".xltx", ".xltm", ".xlt", ".ett", ".ots", ".fods"]
)
_LOCK_LIFE = 12 * 3600
"""Seconds after which an owner file is taken for a leftover of a crash."""

_COPY_BEHIND = re.compile(
    r"\s*[(（]\d+[)）].*"
    r"|\s*[(（\[_.\-–—].*(?:副本|复件|备份|冲突|copy|conflict).*"
    r"|\s*(?:副本|复件|备份|copy).*",
)
_COPY_BEFORE = re.compile(r"(?:副本|复件|备份|copy of|copy)[\s_\-–—(（\d)）]*")

_RACY_NS = 2_000_000_000
"""Times of files are as coarse as 2 seconds (FAT): a file changed within them may change again unseen."""


def _same(name: str) -> str:
    """A file name as it is compared: composed (macOS stores it decomposed) and without regard to case."""
    return unicodedata.normalize("NFC", name).casefold()


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # the folder is missing or the share is away: every workbook in it is then not found
        return []


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def _owner_files(name: str) -> frozenset[str]:
    """What Excel (also with the name's first two letters replaced), WPS and LibreOffice put beside an open file."""
    return frozenset(_same(owner) for owner in (f"~${name}", f"~${name[2:]}", f".~{name}", f".~lock.{name}#"))


def _is_open(path: Path, beside: Iterable[Path]) -> bool:
    owners = _owner_files(path.name)
    for other in beside:
        if _same(other.name) in owners:
            try:
                age = time.time() - other.stat().st_mtime
            except OSError:  # closed just now
                continue
            if age < _LOCK_LIFE:
                return True
    return False


def _is_copy(name: str, stem: str) -> bool:
    """Whether a file called so is what Windows, WPS, cloud folders or a careful hand make of `stem`."""
    if name.startswith(stem):
        return bool(_COPY_BEHIND.fullmatch(name[len(stem) :]))
    return name.endswith(stem) and bool(_COPY_BEFORE.fullmatch(name[: -len(stem)]))


def _look_for(township: str, path: Path, beside: list[Path], taken: frozenset[Path]) -> Found:
    stem = _same(path.stem)
    books = [other for other in beside if other.suffix.lower() in _ENDINGS and other.is_file()]
    mine = [book for book in books if _same(book.stem) == stem and (book not in taken or book == path)]
    if not mine:
        return Found(township, None, (problem("F28", {"file": _shown(path)}),))
    if len(mine) > 1:
        return Found(township, None, (problem("F29", {"files": "、".join(book.name for book in mine)}),))
    found = mine[0]
    problems: tuple[Problem, ...] = ()
    copies = [book.name for book in books if book not in taken and _is_copy(_same(book.stem), stem)]
    if copies:
        problems += (problem("F34", {"files": "、".join(copies)}),)
    if _is_open(found, beside):
        return Found(township, None, (*problems, problem("F27", {"file": found.name})))
    return Found(township, Item(township, found), problems)


def _unreachable(path: Path, error: OSError) -> Refused:
    """Windows denies access to a file that another program holds open; anything else is as good as not there."""
    if isinstance(error, PermissionError):
        return Refused(problem("F27", {"file": path.name}))
    return Refused(problem("F28", {"file": _shown(path)}))


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The workbooks of townships by code, at the absolute paths that the settings give."""

    workbooks: Mapping[str, Path]

    def look(self) -> tuple[Found, ...]:
        """Each township's workbook: the file itself or, if it is missing, the same name with another ending.

        Problems: F27 open (not to be read now), F28 missing, F29 several, F34 copies beside it (not read).
        """
        listings = {path.parent: _list(path.parent) for path in self.workbooks.values()}
        taken = frozenset(self.workbooks.values())
        return tuple(
            _look_for(township, path, listings[path.parent], taken) for township, path in self.workbooks.items()
        )

    def mark(self, item: Item, known: Mark | None) -> Mark:
        """The file's mark; its bytes are digested only if size or time differ from `known`.

        Raises Refused (F27, F28) if the file cannot be reached.
        """
        try:
            before = item.path.stat()
            if known and (before.st_size, before.st_mtime_ns) == (known.size, known.mtime_ns):
                return known
            looked_at = time.time_ns()
            with item.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise _unreachable(item.path, error) from error
        settled = before.st_mtime_ns < looked_at - _RACY_NS
        return Mark(before.st_size, before.st_mtime_ns if settled else 0, digest)

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The workbook's sheets; see read_book. Raises Refused."""
        try:
            return read_book(item.path, limits)
        except OSError as error:
            raise _unreachable(item.path, error) from error

"""Which of the files in a folder is a township's workbook: by name, whatever kind of place the folder lies in."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeVar

from validators.problems import Problem, problem

ENDINGS = frozenset(
    [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".xltx", ".xltm", ".xlt", ".ett", ".ots", ".fods"]
)
"""How the names of workbooks end, in small letters."""

_NAMES = 10_000
"""So many names are remembered: every file of a folder is looked at for each township's workbook that lies in it."""

_LOCK_LIFE = 12 * 3600
"""Seconds after which an owner file is taken for a leftover of a crash."""

_COPY_BEHIND = re.compile(
    r"\s*[(（]\d+[)）].*"
    r"|\s*[(（\[_.\-–—].*(?:副本|复件|备份|冲突|copy|conflict).*"
    r"|\s*的?(?:副本|复件|备份|冲突|copy).*"
    r"|-(?:desktop|laptop|pc|win)-?\w*(?:-\d+)?",  # OneDrive adds the name of the computer
)
_COPY_BEFORE = re.compile(r"(?:副本|复件|备份|copy of|copy)[\s_\-–—(（\d)）]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a listing: its name, and when it was last changed (seconds since 1970)."""

    name: str
    changed: float


File = TypeVar("File", bound=Entry)


@lru_cache(_NAMES)
def _same(name: str) -> str:
    """A file name as it is compared: composed (macOS stores it decomposed) and without regard to case."""
    return unicodedata.normalize("NFC", name).casefold()


@lru_cache(_NAMES)
def _stem(name: str) -> str:
    return _same(PurePosixPath(name).stem)


@lru_cache(_NAMES)
def _is_workbook(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ENDINGS


def _owner_files(name: str) -> frozenset[str]:
    """What Excel (also with the name's first two letters replaced), WPS and LibreOffice put beside an open file."""
    return frozenset(_same(owner) for owner in (f"~${name}", f"~${name[2:]}", f".~{name}", f".~lock.{name}#"))


def _is_open(name: str, beside: Sequence[Entry], now: float) -> bool:
    owners = _owner_files(name)
    return any(_same(other.name) in owners and now - other.changed < _LOCK_LIFE for other in beside)


def _is_copy(name: str, stem: str) -> bool:
    """Whether a file called so is what Windows, WPS, cloud folders or a careful hand make of `stem`."""
    if name.startswith(stem):
        return bool(_COPY_BEHIND.fullmatch(name[len(stem) :]))
    return name.endswith(stem) and bool(_COPY_BEFORE.fullmatch(name[: -len(stem)]))


def matters(name: str) -> bool:
    """Whether a file called so can be a workbook or tell that one is open; a folder may hold much else."""
    return _is_workbook(name) or name.startswith(("~$", ".~"))


def choose(
    wanted: str, folder: str, files: Sequence[File], taken: Collection[str], now: float
) -> tuple[File | None, tuple[Problem, ...]]:
    """The workbook called `wanted` among `files`, or the same name with another ending; None if it must not be read now.

    `folder` is what messages call the folder, `taken` are the names that the settings give to townships in it, `now` is in
    seconds since 1970. Problems: F27 open, F28 missing, F29 several, F34 copies beside it (not read).
    """
    stem = _stem(wanted)
    books = [file for file in files if _is_workbook(file.name)]
    mine = [book for book in books if _stem(book.name) == stem and (book.name not in taken or book.name == wanted)]
    if not mine:
        shown = f"{folder}/{wanted}" if folder else wanted
        return None, (problem("F28", {"file": shown}),)
    if len(mine) > 1:
        return None, (problem("F29", {"files": "、".join(book.name for book in mine)}),)
    copies = [book.name for book in books if book.name not in taken and _is_copy(_stem(book.name), stem)]
    told = (problem("F34", {"files": "、".join(copies)}),) if copies else ()
    if _is_open(mine[0].name, files, now):
        return None, (*told, problem("F27", {"file": mine[0].name}))
    return mine[0], told

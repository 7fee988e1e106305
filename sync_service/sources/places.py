"""Every township's workbook as one source, wherever it lies: each place is looked at once, for all its townships together."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sync_service.sources.access import Access
from sync_service.sources.address import is_local, local_path, scheme_of
from sync_service.sources.base import Found, Item, Limits, Mark, Source, SourceDown
from sync_service.sources.crew import run_all
from sync_service.sources.folder import FolderSource
from sync_service.sources.kinds import KINDS, Kind
from sync_service.sources.pace import pace_of
from sync_service.sources.worker import Failure
from validators.problems import Problem, problem
from validators.raw import RawBook

Call = TypeVar("Call")
AT_ONCE = 8
"""How many places are looked at side by side: that is waiting, not work."""


def kept(folder: Path, place: str) -> str:
    """How the store keeps an item's place: paths as seen from the county's folder, so that it may move."""
    return os.path.relpath(place, folder) if is_local(place) else place


def item_kept(folder: Path, township: str, path: str) -> Item:
    """The item whose place was kept as `path`."""
    place = str(folder / path) if is_local(path) else path
    return Item(township, path.replace(os.sep, "/").rpartition("/")[2], place)


@dataclass(frozen=True, slots=True)
class Place:
    """One place other than a folder of this machine: its name in messages, and the townships whose workbooks lie there."""

    name: str
    townships: tuple[str, ...]
    source: Source
    a_minute: int = 0


def _looked(source: Source) -> tuple[Found, ...] | Problem:
    try:
        return source.look()
    except SourceDown as down:
        return down.problem


@dataclass(frozen=True, slots=True)
class Places:
    """The workbooks of all townships. A look at another machine happens in a process of its own, `patience` seconds long."""

    local: FolderSource
    others: tuple[Place, ...] = ()
    patience: float = 30

    def look(self) -> tuple[Found, ...]:
        """What lies everywhere. A place that is down (F41, F42) takes nothing from the townships elsewhere."""
        looks = [*self.local.look()]
        calls = [(place.source,) for place in self.others]
        for index, outcome in run_all(_looked, calls, Limits(seconds=self.patience), AT_ONCE):
            place = self.others[index]
            if isinstance(outcome, Failure):
                outcome = problem("F41", {"place": place.name, "why": f"等了 {self.patience:g} 秒没有回音"})
            if isinstance(outcome, Problem):
                outcome = tuple(Found(township, None, (outcome,)) for township in place.townships)
            looks += outcome
        return tuple(looks)

    def only(self, townships: Collection[str]) -> "Places":
        """Those places where a workbook of one of `townships` lies. A folder or server is one place, with all that lies there."""
        folders = {path.parent for code, path in self.local.workbooks.items() if code in townships}
        local = {code: path for code, path in self.local.workbooks.items() if path.parent in folders}
        others = tuple(place for place in self.others if not set(townships).isdisjoint(place.townships))
        return Places(replace(self.local, workbooks=local), others, self.patience)

    def in_turn(self, calls: Iterable[tuple[Item | None, Call]]) -> Iterator[Call]:
        """The calls, each with the item that it reads: yielded as soon as the place where that lies allows one more."""
        for item, call in calls:
            place = self._place(item) if item else None
            if place and place.a_minute:
                pace_of(place.name, place.a_minute).turn()
            yield call

    def _place(self, item: Item) -> Place | None:
        return next((place for place in self.others if item.township in place.townships), None)

    def _source(self, item: Item) -> Source:
        place = self._place(item)
        return place.source if place else self.local

    def mark(self, item: Item, known: Mark | None) -> Mark:
        return self._source(item).mark(item, known)

    def read(self, item: Item, limits: Limits) -> RawBook:
        return self._source(item).read(item, limits)


def place_of(address: str) -> str:
    """Which place a workbook's address lies in: its folder, or the server with what its address begins with."""
    scheme = scheme_of(address)
    return str(local_path(address).parent) if is_local(address) else f"{scheme}:{KINDS[scheme].server(address)}"


def places(workbooks: Mapping[str, str], access: Access, patience: float) -> Places:
    """The places where `workbooks` (an absolute path or an address by township code) lie.

    Raises TaizhangError if the accounts file cannot be used, or what such a place needs is not installed.
    """
    local = {code: local_path(text) for code, text in workbooks.items() if is_local(text)}
    groups: dict[tuple[Kind, str], dict[str, str]] = {}
    for code, text in workbooks.items():
        if code not in local:
            kind = KINDS[scheme_of(text)]
            groups.setdefault((kind, place_of(text)), {})[code] = text
    others = (
        Place(name.partition(":")[2], tuple(books), kind.make(books, access), kind.a_minute)
        for (kind, name), books in groups.items()
    )
    return Places(FolderSource(local, patience), tuple(others), patience)

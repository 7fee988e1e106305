"""The workbooks that are to be made for publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync_service.reuse.shelf import Shelf
from sync_service.sources.base import Item
from sync_service.store.records import KnownProblem
from validators.problems import Problem
from workbook_templates.place import Township


@dataclass(frozen=True, slots=True)
class WantedFeedback:
    """What a feedback workbook is made from: for whom, from which file, saying what.

    `item` is the township's workbook, None if it cannot be read now; `digest` is what it was known by when `problems` were
    found in it, `made_at` when that was, in local time. The file is locked with `password` unless that is "".
    """

    township: Township
    item: Item | None
    digest: str
    problems: Sequence[Problem]
    made_at: datetime
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WantedMaster:
    """What the master is made from besides the store: its `problems`, those between townships, by township, and the shelf, if any."""

    problems: Sequence[KnownProblem]
    shared: Mapping[str, Sequence[Problem]]
    shelf: Shelf | None

"""The feedback that a township is to get."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync_service.sources.base import Item
from validators.problems import Problem
from workbook_templates.place import Township


@dataclass(frozen=True, slots=True)
class Wanted:
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

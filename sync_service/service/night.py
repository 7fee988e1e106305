"""The night: which one is due, and what is done in it, step by step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)
LONGEST_NAP = 600
"""So many seconds pass at most between two looks at the PC's clock: it may have been set, or the PC been asleep."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a night: its name for programs, for people, and what does it. It raises where it fails."""

    name: str
    words: str
    do: Callable[[], object]


def due_night(now: datetime, at: time, last: date | None) -> date | None:
    """The day of the night that is to be gone through now, None if `last` was the latest that there has been.

    `now` is local. Of several nights that were missed only the latest is made up: one consolidation does for all. A night is told
    by its day, so that an hour that comes twice, or never, makes no difference. If `last` lies more than a day ahead, the
    clock was wrong then, and what it said does not count.
    """
    latest = now.date() if now.time() >= at else now.date() - ONE_DAY
    if last is None or last > latest + ONE_DAY:
        return latest
    return latest if last < latest else None


def until_night(now: datetime, at: time) -> float:
    """Seconds by the PC's clock until the next night begins. `now` is local."""
    day = now.date() if now.time() < at else now.date() + ONE_DAY
    return (datetime.combine(day, at) - now.replace(tzinfo=None)).total_seconds()

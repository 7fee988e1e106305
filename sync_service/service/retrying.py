"""How a township's pulls went, one after the other, and when a place that cannot be reached is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sync_service.gather import DOWN
from sync_service.moments import moment
from sync_service.pipeline import TownshipReport
from sync_service.store.pulls import Pull
from sync_service.store.records import READ

JITTER = 0.2
"""So much of a wait is left to chance, so that what failed together does not come back all at once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What changed for one township: it fails with another code than before, or is well again ("ok"). `since` is when it began to fail."""

    township: str
    name: str
    status: str
    since: str


def pulled(report: TownshipReport, before: Pull | None, now: datetime) -> Pull:
    """How a township's pull went, after how it went before."""
    at = moment(now)
    if report.status == READ:
        return Pull(report.code, at, at, READ, 0, "", "")
    if before is None:
        return Pull(report.code, at, "", report.status, 1, at, "")
    return before._replace(
        looked_at=at, status=report.status, failures=before.failures + 1, failing_since=before.failing_since or at
    )


def failures(pulls: Sequence[Pull]) -> int:
    """How often in a row a place was out of reach as a whole, by how its townships' pulls went; 0 if it is not."""
    if not all(pull.status in DOWN for pull in pulls):
        return 0
    return min(pull.failures for pull in pulls)


def wait(interval: int, failed: int, longest: int, chance: Random) -> float:
    """Seconds until what failed so often in a row is tried again: doubling from the interval on, up to `longest`."""
    if not failed:
        return interval
    doubled: int = min(interval * 2 ** min(failed, 30), max(longest, interval))
    return doubled * (1 - JITTER * chance.random())


def turns(before: Mapping[str, Pull], after: Mapping[str, Pull], names: Mapping[str, str]) -> list[Turn]:
    """Which townships began to fail, fail for another reason, or are well again: what is told once."""
    found = []
    for code, now in after.items():
        old = before.get(code)
        if now.status != (old.status if old else READ):
            found.append(Turn(code, names[code], now.status, now.failing_since or (old.failing_since if old else "")))
    return found

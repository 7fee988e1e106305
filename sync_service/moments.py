"""Moments: the store keeps them as UTC text, people see the county's local time."""

from datetime import UTC, datetime
from functools import cache


def moment(now: datetime) -> str:
    """A moment as the store writes it: 2026-03-05T08:30:00Z."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def local(at: str) -> datetime:
    """A moment of the store in local time, without a zone: what workbooks can hold."""
    return datetime.fromisoformat(at).astimezone().replace(tzinfo=None)

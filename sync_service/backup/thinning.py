"""Which backups are kept: the newest of each of the last hours, days, weeks and months."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sync_service.backup.records import Record
from sync_service.backup.settings import BackupPart
from sync_service.moments import local

Period = Callable[[datetime], object]


def _tiers(part: BackupPart) -> Sequence[tuple[int, Period]]:
    return (
        (part.hourly, lambda at: (at.date(), at.hour)),
        (part.daily, lambda at: at.date()),
        (part.weekly, lambda at: at.isocalendar()[:2]),
        (part.monthly, lambda at: (at.year, at.month)),
    )


def superfluous(found: Sequence[Record], part: BackupPart) -> list[Record]:
    """Those of the backups, given newest first, that no tier wants. The last verified one is never among them.

    A period without a backup does not count: after a month of silence, all that was kept before is still kept.
    """
    verified = [record for record in found if record.verified]
    wanted = {verified[0].file} if verified else set()
    for many, period in _tiers(part):
        newest: dict[object, str] = {}
        for record in verified:
            newest.setdefault(period(local(record.at)), record.file)
        wanted |= set(list(newest.values())[:many])
    return [record for record in found if record.file not in wanted]

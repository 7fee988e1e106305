"""What passes of the service found that had nothing to do: they need not be made again while everything lies as it lay."""

import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path

from sync_service.alone import alone
from sync_service.errors import TaizhangError
from sync_service.pipeline import RunReport
from sync_service.settings import CountySetup
from sync_service.standstill import Seen, stamps
from sync_service.watching import Watch, begin_watch, had_nothing_to_do, is_coarse, watched


class Unchanged:
    """The reports of passes that had nothing to do, by the townships whose places they looked at.

    They all were made on the same day and with everything lying the same way. `county` is the county.toml.
    """

    def __init__(self, setup: CountySetup, county: Path) -> None:
        self._setup = setup
        self._watched = watched(setup, county)
        self._day: date | None = None
        self._seen: Seen = {}
        self._reports: dict[frozenset[str], RunReport] = {}

    def _lasts(self) -> bool:
        return self._watched is not None and self._watched.look() == self._seen

    def report(self, townships: Collection[str], now: datetime) -> RunReport | None:
        """What a pass over these townships would report, if it would have nothing to do; None if it has to be made."""
        known = self._reports.get(frozenset(townships))
        return known if known and self._day == now.date() and self._lasts() else None

    def watch(self, now: datetime) -> Watch | None:
        """Begins to watch over a pass; None if that cannot be done."""
        return begin_watch(self._watched, time.time_ns(), now) if self._watched else None

    def learn(self, townships: Collection[str], watch: Watch | None, report: RunReport) -> None:
        """Keeps what a pass over these townships reported, if it had nothing to do and all of their workbooks can be watched."""
        if watch is None or not self._setup.workbooks.keys() >= set(townships):
            return
        if had_nothing_to_do(watch, self._setup, report):
            if (self._day, self._seen) != (watch.now.date(), watch.seen):
                self._reports.clear()
            self._day, self._seen = watch.now.date(), watch.seen
            self._reports[frozenset(townships)] = report

    @contextmanager
    def writing(self) -> Iterator[None]:
        """For what the service notes in the store about its own work: that alone changes no outcome.

        Meanwhile no run may write anything else there; if one is at work, what is known does not hold any more.
        """
        if self._watched is None or not self._reports:
            yield
            return
        with ExitStack() as stack:
            try:
                stack.enter_context(alone(self._setup.folder))
                lasts = self._lasts()
            except TaizhangError:
                lasts = False
            yield
            written = stamps(self._watched.store)
            self._seen = {**self._seen, **written}
            if not lasts or any(map(is_coarse, written.values())):
                self._reports.clear()

"""When what is due: schedule's jobs on a steady clock, so that setting the PC's clock neither doubles nor loses one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import schedule

_BEGINNING = datetime(2000, 1, 1)
"""Where the steady clock is counted from: schedule thinks in dates, and which ones does not matter to intervals."""


class _SteadyJob(schedule.Job):
    """A job that asks `moment` where schedule's own asks the PC's clock."""

    def __init__(self, interval: int, scheduler: schedule.Scheduler, moment: Callable[[], datetime]) -> None:
        super().__init__(interval, scheduler)
        self._moment = moment

    @property
    def should_run(self) -> bool:
        return self.next_run is not None and self._moment() >= self.next_run

    def _schedule_next_run(self) -> None:
        self.next_run = self._moment() + timedelta(seconds=self.interval)


class Timetable:
    """Names that become due again and again, each after its own interval in seconds; for the first time at once."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._scheduler = schedule.Scheduler()
        self._due: set[str] = set()

    def _moment(self) -> datetime:
        return _BEGINNING + timedelta(seconds=self._steady())

    def set(self, intervals: Mapping[str, int]) -> None:
        """These names are the ones from now on; one that stays with its interval keeps its turn."""
        for job in self._scheduler.get_jobs():
            (name,) = map(str, job.tags)
            if intervals.get(name) != job.interval:
                self._scheduler.cancel_job(job)
                self._due.discard(name)
        for name in [name for name in intervals if not self._scheduler.get_jobs(name)]:
            job = _SteadyJob(intervals[name], self._scheduler, self._moment).seconds.tag(name)
            job.do(self._due.add, name)
            self.again(name, 0)

    def due(self) -> frozenset[str]:
        """Those that are due, once each, however long nobody asked. Each stays due until `again` says when it is next."""
        self._scheduler.run_pending()
        return frozenset(self._due)

    def again(self, name: str, seconds: float) -> None:
        """Makes a name due in so many seconds from now, and not before."""
        self._due.discard(name)
        for job in self._scheduler.get_jobs(name):
            job.next_run = self._moment() + timedelta(seconds=seconds)

    def idle(self) -> float:
        """Seconds until one is due; 0 if one is."""
        upcoming = self._scheduler.next_run
        if self._due or upcoming is None:
            return 0.0
        seconds: float = (upcoming - self._moment()).total_seconds()
        return max(0.0, seconds)

"""A clock that stands still until it is told to go on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sync_service.service.runner import Runner

SUNDAY = datetime(2026, 11, 22, 10).astimezone()


@dataclass
class SimulatedClock:
    """Both clocks of the service. Sleeping takes no time."""

    at: datetime = field(default_factory=lambda: SUNDAY)
    passed: float = 0

    def now(self) -> datetime:
        """The moment on the wall."""
        return self.at

    def steady(self) -> float:
        """Seconds since the beginning."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Lets time go by."""
        self.at += timedelta(seconds=seconds)
        self.passed += seconds

    def set(self, at: datetime) -> None:
        """Somebody sets the clock on the wall."""
        self.at = at

    def live(self, runner: Runner, **much: float) -> None:
        """Lets the service do what is due for so long (hours=2)."""
        end = self.passed + timedelta(**much).total_seconds()
        while self.passed < end:
            self.sleep(min(runner.tick(), end - self.passed))

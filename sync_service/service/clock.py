"""The clocks that the service lives by. Tests and the soak bring a simulated one."""

import time
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two clocks and a way to wait.

    People set `now` back and forth, so it only says which day and hour it is; `steady` measures how long something took.
    """

    def now(self) -> datetime:
        """The moment, with the county's time zone."""

    def steady(self) -> float:
        """Seconds since some moment; they pass evenly, whatever is done to the PC's clock."""

    def sleep(self, seconds: float) -> None:
        """Waits."""


class SystemClock:
    """The PC's own."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def steady(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

"""Not asking faster than a place allows."""

import time
from collections import deque
from collections.abc import Callable
from functools import cache

MINUTE = 60.0


class Pace:
    """At most `most` turns in any minute."""

    def __init__(
        self, most: int, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._turns: deque[float] = deque(maxlen=most)
        self._now, self._sleep = now, sleep

    def turn(self) -> None:
        """Waits for the next turn, and takes it."""
        if len(self._turns) == self._turns.maxlen:
            wait = self._turns[0] + MINUTE - self._now()
            if wait > 0:
                self._sleep(wait)
        self._turns.append(self._now())


@cache
def pace_of(name: str, most: int) -> Pace:
    """The pace at which a place is asked; one for all the runs of a process."""
    del name
    return Pace(most)

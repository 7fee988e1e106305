"""How much one client may have: tries in a minute, requests at once, bytes of a body, seconds for sending it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.requests import ClientDisconnect, Request

from sync_service.endpoint.answers import BUSY, TOO_SLOW, Refusal, TurnedAway

MINUTE = 60
IDLE_SECONDS = 15
"""So long nothing may come while a body is being sent."""
BODY_SECONDS = 180
"""So long sending a body may take: 20 MB at a megabit a second."""
DRAIN_SECONDS = 20


class EachMinute:
    """Counts what each of many does in a minute, and forgets it all with the minute."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._began = clock()
        self._counts: Counter[str] = Counter()

    def exceeded(self, who: str) -> bool:
        """Whether `who` has done it as often as is allowed."""
        if self._clock() - self._began >= MINUTE:
            self._began = self._clock()
            self._counts.clear()
        return self._counts[who] >= self._most

    def count(self, who: str) -> None:
        """`who` has done it once more."""
        self._counts[who] += 1


class AtOnce:
    """Bounds how many requests of each are in the house at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: Counter[str] = Counter()

    @contextmanager
    def inside(self, who: str) -> Iterator[None]:
        """One more of `who` while this lasts. Raises TurnedAway (BUSY) if there are too many."""
        if self._inside[who] >= self._most:
            raise TurnedAway(BUSY)
        self._inside[who] += 1
        try:
            yield
        finally:
            self._inside[who] -= 1
            if not self._inside[who]:
                del self._inside[who]


async def read_body(request: Request, most: int, too_large: Refusal) -> bytes:
    """The body of a request, of `most` bytes at most: counted while it comes in, not after.

    Raises TurnedAway: `too_large`, or TOO_SLOW if it comes too slowly or not to its end.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most:
        raise TurnedAway(too_large)
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                async with asyncio.timeout(IDLE_SECONDS):
                    part = await anext(stream, b"")
                if not part:
                    return b"".join(parts)
                size += len(part)
                if size > most:
                    raise TurnedAway(too_large)
                parts.append(part)
    except (TimeoutError, ClientDisconnect):
        raise TurnedAway(TOO_SLOW) from None


async def drain(request: Request, most: int) -> None:
    """Lets the rest of a refused body run out, `most` bytes of it and not for long: many clients read no answer before."""
    left = most
    stream = request.stream()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0 and (part := await anext(stream, b"")):
                left -= len(part)
    except (TimeoutError, ClientDisconnect, RuntimeError):  # RuntimeError: it has been read already
        return

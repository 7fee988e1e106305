"""Running a function on untrusted input in processes of its own, several at a time.

An abort takes nothing along but its own call. What is the same for all calls belongs into the function (functools.partial):
it is sent to a process once, not with each call.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import wait
from time import monotonic
from typing import Self, TypeVar, TypeVarTuple
from weakref import finalize

from sync_service.sources.base import Limits
from sync_service.sources.worker import Failure, Worker

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

CALLS = 500
"""After so many calls a process is replaced, whatever they have left in it."""


@dataclass(frozen=True, slots=True)
class _Run:
    index: int
    worker: Worker
    deadline: float


def _ended(workers: list[Worker]) -> None:
    while workers:
        workers.pop().stop()


class Crew:
    """Processes that are kept, with all that they have loaded, from one function to the next until the crew is closed.

    Where processes cannot be forked, to start one takes longer than most of what it is then given to do. Where they are
    forked, they must not outlive what was open when they were: SQLite takes what it inherits for its own, and would read
    from a journal that is gone. So only those last that were started at the beginning of a shift, when nothing is open yet.
    """

    def __init__(self) -> None:
        self._idle: list[Worker] = []
        finalize(self, _ended, self._idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes. The crew may be used again afterwards, with others."""
        _ended(self._idle)

    def _rested(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.stop()
        return None

    def _rest(self, worker: Worker, *, fit: bool) -> None:
        if fit and worker.calls < CALLS:
            self._idle.append(worker)
        else:
            worker.stop()

    @contextmanager
    def shift(self, jobs: int) -> Iterator[Self]:
        """The crew with `jobs` processes or more; others that are started meanwhile end with the shift. No store may be open yet."""
        while len(self._idle) < jobs:
            self._idle.append(Worker())
        lasting = {*self._idle}
        try:
            yield self
        finally:
            for worker in {*self._idle} - lasting:
                self._idle.remove(worker)
                worker.stop()

    def run_all(
        self,
        function: Callable[[*Arguments], Result],
        calls: Iterable[tuple[*Arguments]],
        limits: Limits,
        jobs: int = 2,
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Call `function` with each tuple of arguments, at most `jobs` at a time.

        Yields the position of a call among `calls` with its result or failure, as they finish. Raises WorkerError if the
        function raises: expected refusals are to be results. What is still at work when the iterator is closed or raises is
        killed.
        """
        waiting = enumerate(calls)
        running: list[_Run] = []
        packed = cache(lambda: pickle.dumps(function, pickle.HIGHEST_PROTOCOL))
        try:
            while True:
                for index, arguments in waiting:
                    worker = self._rested() or Worker()
                    running.append(_Run(index, worker, monotonic() + limits.seconds))
                    worker.begin(function, packed, arguments, limits.memory_mb)
                    if len(running) >= jobs:
                        break
                if not running:
                    return
                patience = max(0.0, min(run.deadline for run in running) - monotonic())
                ready = wait([end for run in running for end in (run.worker.pipe, run.worker.sentinel)], patience)
                for run in tuple(running):
                    outcome: Result | Failure
                    if run.worker.pipe in ready or run.worker.sentinel in ready:
                        outcome, fit = run.worker.collect()
                    elif monotonic() >= run.deadline:
                        outcome, fit = Failure("time"), False
                    else:
                        continue
                    running.remove(run)
                    self._rest(run.worker, fit=fit)
                    yield run.index, outcome
        finally:
            for run in running:
                run.worker.stop()
            for worker in self._idle:
                worker.forget()


def run_all(
    function: Callable[[*Arguments], Result],
    calls: Iterable[tuple[*Arguments]],
    limits: Limits,
    jobs: int = 2,
) -> Iterator[tuple[int, Result | Failure]]:
    """As Crew.run_all, in processes that are ended when the iterator is done, is closed or raises."""
    with Crew() as crew:
        yield from crew.run_all(function, calls, limits, jobs)

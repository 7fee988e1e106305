"""Running a function on untrusted input in processes of its own, which may be killed, starve or crash.

One process for each call: an abort takes nothing along but its own call. On Linux the process is forked, its memory is
bounded by RLIMIT_AS, and the kernel kills it when its parent dies. Elsewhere (Windows, macOS) it is spawned, so that
function, arguments and results must be picklable and importable; there is NO memory limit there, only the time limit,
and a thread of the process watches its parent.
"""

import ctypes
import faulthandler
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import IO, Generic, Literal, TypeVar, TypeVarTuple

from sync_service.sources.base import Limits
from validators.problems import Problem, problem

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

_PR_SET_PDEATHSIG = 1
_STARTING = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that gave nothing: it took too long, wanted too much memory, or took its process down."""

    kind: Literal["time", "memory", "crash"]


class WorkerError(RuntimeError):
    """The function raised an exception, which is a fault of ours. The text is its kind and where it happened."""


@dataclass(frozen=True, slots=True)
class _Message(Generic[Result]):
    kind: Literal["result", "fault", "memory", "crash"]
    result: Result | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    index: int
    process: BaseProcess
    pipe: Connection
    noise: IO[bytes]
    deadline: float


def confine(memory_mb: int, parent: int) -> None:
    """Binds this process to its limits and to its parent's life; `parent` is the id of the process that began it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "linux":
        watched = multiprocessing.parent_process()
        if watched:
            threading.Thread(target=lambda: (watched.join(), os._exit(1)), daemon=True).start()
        return
    import resource

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(1)
    inherited = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (inherited + memory_mb * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold people's data


def where_raised(error: Exception) -> str:
    """The kind of an exception and the lines it came through, without its message, which may quote a cell."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__qualname__])


def fault(error: Exception, file: str) -> Problem:
    """What is told of a fault of ours that came to light while `file` was judged (F50): its place and kind, not its words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name} 第 {last.lineno} 行 {type(error).__name__}"
    return problem("F50", {"file": file, "where": where})


def _serve(
    function: Callable[[*Arguments], Result],
    arguments: tuple[*Arguments],
    memory_mb: int,
    parent: int,
    noise: int | None,
    pipe: Connection,
) -> None:
    # What a dying library writes to standard error is no use to the clerk and would tear the progress bar.
    silent = os.open(os.devnull, os.O_WRONLY) if noise is None else noise
    os.dup2(silent, 2)
    faulthandler.disable()
    confine(memory_mb, parent)
    message: _Message[Result]
    try:
        message = _Message("result", function(*arguments))
        pipe.send(message)
    except MemoryError:
        message = _Message("memory")
        pipe.send(message)
    except Exception as error:
        message = _Message("fault", text=where_raised(error))
        pipe.send(message)
    except BaseException:  # a panic of a Rust library is no Exception
        message = _Message("crash")
        pipe.send(message)


def _start(
    index: int,
    function: Callable[[*Arguments], Result],
    arguments: tuple[*Arguments],
    limits: Limits,
) -> _Run:
    ours, theirs = _STARTING.Pipe(duplex=False)
    noise = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the run)
    process = _STARTING.Process(
        target=_serve,
        args=(
            function,
            arguments,
            limits.memory_mb,
            os.getpid(),
            noise.fileno() if sys.platform == "linux" else None,
            theirs,
        ),
        daemon=True,
    )
    process.start()
    theirs.close()  # the only open end must be the child's, or its death would go unnoticed
    return _Run(index, process, ours, noise, monotonic() + limits.seconds)


def _stop(run: _Run) -> None:
    run.process.kill()
    run.process.join()
    run.process.close()
    run.pipe.close()
    run.noise.close()


def _cause_of_death(run: _Run) -> Failure:
    run.process.join()
    run.noise.seek(0)
    starved = b"memory allocation of" in run.noise.read()  # what Rust says before it aborts
    # Nobody but the kernel, short of memory, kills a process that we have not killed.
    return Failure("memory" if starved or run.process.exitcode == -getattr(signal, "SIGKILL", 9) else "crash")


def _collect(run: _Run) -> object:
    """What the call gave. Raises WorkerError if the function raised."""
    message = None
    with suppress(EOFError, ConnectionResetError):
        if run.pipe.poll():
            message = run.pipe.recv()
    match message:
        case None:
            return _cause_of_death(run)
        case _Message(kind="result"):
            return message.result
        case _Message(kind="fault"):
            raise WorkerError(message.text)
    return Failure(message.kind)


def refusal(failure: Failure, file: str, limits: Limits) -> Problem:
    """What the clerk is told when reading `file` failed: too big (F30) or damaged (F32)."""
    match failure.kind:
        case "time":
            return problem("F30", {"file": file, "limit": f"超过 {limits.seconds:g} 秒"})
        case "memory":
            return problem("F30", {"file": file, "limit": f"内存超过 {limits.memory_mb} MB"})
    return problem("F32", {"file": file})


def run_all(
    function: Callable[[*Arguments], Result],
    calls: Iterable[tuple[*Arguments]],
    limits: Limits,
    jobs: int = 2,
) -> Iterator[tuple[int, Result | Failure]]:
    """Call `function` with each tuple of arguments, at most `jobs` at a time, each call in a process of its own.

    Yields the position of a call among `calls` with its result or failure, as they finish. Raises WorkerError if the
    function raises: expected refusals are to be results. Processes still running are killed when the iterator is
    closed or raises.
    """
    waiting = enumerate(calls)
    running: list[_Run] = []
    try:
        while True:
            for index, arguments in waiting:
                running.append(_start(index, function, arguments, limits))
                if len(running) >= jobs:
                    break
            if not running:
                return
            patience = max(0.0, min(run.deadline for run in running) - monotonic())
            ready = wait([end for run in running for end in (run.pipe, run.process.sentinel)], patience)
            for run in tuple(running):
                if run.pipe in ready or run.process.sentinel in ready:
                    outcome = _collect(run)
                elif monotonic() >= run.deadline:
                    outcome = Failure("time")
                else:
                    continue
                running.remove(run)
                _stop(run)
                yield run.index, outcome  # type: ignore[misc]
    finally:
        for run in running:
            _stop(run)

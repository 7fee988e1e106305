"""Running a function on untrusted input in processes of its own, which may be killed, starve or crash.

A process does one call at a time, and the next one if the last left it in order: an abort takes nothing along but its own
call. On Linux processes are forked, so that the function and what is bound to it come along for nothing; their memory is
bounded by RLIMIT_AS, and the kernel kills them when their parent dies. Elsewhere (Windows, macOS) they are spawned, and the
function must be picklable and importable; there is NO memory limit there, only the time limit, and a thread of the process
watches its parent. Arguments and results are pickled everywhere: what is the same for all calls belongs into the function
(functools.partial).
"""

import ctypes
import faulthandler
import gc
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
    fit: bool = False
    """Whether the process can do another call."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    noise: IO[bytes]


@dataclass(frozen=True, slots=True)
class _Run:
    index: int
    worker: _Worker
    deadline: float


def _address_space() -> int:
    import resource

    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()


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
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory_mb * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold people's data


def where_raised(error: Exception) -> str:
    """The kind of an exception and the lines it came through, without its message, which may quote a cell."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__qualname__])


def fault(error: Exception, file: str) -> Problem:
    """What is told of a fault of ours that came to light while `file` was judged (F50): its place and kind, not its words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name} 第 {last.lineno} 行 {type(error).__name__}"
    return problem("F50", {"file": file, "where": where})


def _has_room(memory_mb: int) -> bool:
    """Bounds the next call to its own memory beside what earlier calls left behind; False if they left too much for that."""
    if sys.platform != "linux":
        return True
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _address_space() + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (min(wanted, most), most))
    return wanted <= most


def _do(function: Callable[[*Arguments], Result], memory_mb: int, pipe: Connection) -> bool:
    """Does the next call; whether the process can do another."""
    arguments = pipe.recv()
    _has_room(memory_mb)
    message: _Message[Result]
    try:
        result = function(*arguments)
        message = _Message("result", result, fit=_has_room(memory_mb))
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
    return message.fit


def _serve(
    function: Callable[[*Arguments], Result], memory_mb: int, parent: int, noise: int | None, pipe: Connection
) -> None:
    # What a dying library writes to standard error is no use to the clerk and would tear the progress bar.
    silent = os.open(os.devnull, os.O_WRONLY) if noise is None else noise
    os.dup2(silent, 2)
    faulthandler.disable()
    confine(2 * memory_mb, parent)  # half for a call, half for what calls may leave behind
    gc.freeze()  # to look for garbage among the parent's objects would copy them all
    while _do(function, memory_mb, pipe):
        pass


def _start(function: Callable[[*Arguments], Result], limits: Limits) -> _Worker:
    ours, theirs = _STARTING.Pipe()
    noise = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
    process = _STARTING.Process(
        target=_serve,
        args=(function, limits.memory_mb, os.getpid(), noise.fileno() if sys.platform == "linux" else None, theirs),
        daemon=True,
    )
    process.start()
    theirs.close()  # the only open end must be the child's, or its death would go unnoticed
    return _Worker(process, ours, noise)


def _stop(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()
    worker.noise.close()


def _cause_of_death(worker: _Worker) -> Failure:
    worker.process.join()
    worker.noise.seek(0)
    starved = b"memory allocation of" in worker.noise.read()  # what Rust says before it aborts
    # Nobody but the kernel, short of memory, kills a process that we have not killed.
    return Failure("memory" if starved or worker.process.exitcode == -getattr(signal, "SIGKILL", 9) else "crash")


def _collect(worker: _Worker) -> tuple[object, bool]:
    """What the call gave, and whether the worker can do another. Raises WorkerError if the function raised."""
    message = None
    with suppress(EOFError, ConnectionError):
        if worker.pipe.poll():
            message = worker.pipe.recv()
    match message:
        case None:
            return _cause_of_death(worker), False
        case _Message(kind="result"):
            return message.result, message.fit
        case _Message(kind="fault"):
            raise WorkerError(message.text)
    return Failure(message.kind), False


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
    """Call `function` with each tuple of arguments in processes of its own, at most `jobs` at a time.

    Yields the position of a call among `calls` with its result or failure, as they finish. Raises WorkerError if the
    function raises: expected refusals are to be results. The processes are killed when the iterator is done, is closed or
    raises.
    """
    waiting = enumerate(calls)
    idle: list[_Worker] = []
    running: list[_Run] = []
    try:
        while True:
            for index, arguments in waiting:
                # The kernel, short of memory, may have taken it meanwhile.
                rested = idle and idle[-1].process.is_alive()
                worker = idle.pop() if rested else _start(function, limits)
                running.append(_Run(index, worker, monotonic() + limits.seconds))
                with suppress(ConnectionError):  # it died at once: that is found out below
                    worker.pipe.send(arguments)
                if len(running) >= jobs:
                    break
            if not running:
                return
            patience = max(0.0, min(run.deadline for run in running) - monotonic())
            ready = wait([end for run in running for end in (run.worker.pipe, run.worker.process.sentinel)], patience)
            for run in tuple(running):
                if run.worker.pipe in ready or run.worker.process.sentinel in ready:
                    outcome, fit = _collect(run.worker)
                elif monotonic() >= run.deadline:
                    outcome, fit = Failure("time"), False
                else:
                    continue
                running.remove(run)
                if fit:
                    idle.append(run.worker)
                else:
                    _stop(run.worker)
                yield run.index, outcome  # type: ignore[misc]
    finally:
        for worker in (*idle, *(run.worker for run in running)):
            _stop(worker)

"""A process that does calls on untrusted input, which may be killed, starve or crash.

It does one call at a time, and the next one if the last left it in order. On Linux it is forked, its memory is bounded by
RLIMIT_AS, and the kernel kills it when its parent dies. Elsewhere (Windows, macOS) it is spawned, which takes seconds; there
is NO memory limit there, only the time limit, and a thread of the process watches its parent. Functions, arguments and
results are pickled.
"""

import ctypes
import faulthandler
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sync_service.sources.base import Limits
from validators.problems import Problem, problem

_PR_SET_PDEATHSIG = 1
_STARTING = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that gave nothing: it took too long, wanted too much memory, or took its process down."""

    kind: Literal["time", "memory", "crash"]


class WorkerError(RuntimeError):
    """The function raised an exception, which is a fault of ours. The text is its kind and where it happened."""


class _Call(NamedTuple):
    """What a process is to do: the pickled `function`, or if it is None the one that it did last."""

    function: bytes | None
    arguments: Sequence[object]
    memory_mb: int


class _Answer(NamedTuple):
    """What became of a call, and whether the process is `fit` to do another."""

    kind: Literal["result", "fault", "memory", "crash"]
    result: object = None
    text: str = ""
    fit: bool = False


def _address_space() -> int:
    import resource

    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()


def _bind(parent: int) -> None:
    """Binds this process to the life of its parent, which is the process with the id `parent`."""
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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold people's data


def confine(memory_mb: int, parent: int) -> None:
    """Binds this process for good to so much more memory and to its parent's life; `parent` is the id of the process that began it."""
    _bind(parent)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory_mb * 2**20,) * 2)


def where_raised(error: Exception) -> str:
    """The kind of an exception and the lines it came through, without its message, which may quote a cell."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__qualname__])


def fault(error: Exception, file: str) -> Problem:
    """What is told of a fault of ours that came to light while `file` was judged (F50): its place and kind, not its words."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name} 第 {last.lineno} 行 {type(error).__name__}"
    return problem("F50", {"file": file, "where": where})


def refusal(failure: Failure, file: str, limits: Limits) -> Problem:
    """What the clerk is told when reading `file` failed: too big (F30) or damaged (F32)."""
    match failure.kind:
        case "time":
            return problem("F30", {"file": file, "limit": f"超过 {limits.seconds:g} 秒"})
        case "memory":
            return problem("F30", {"file": file, "limit": f"内存超过 {limits.memory_mb} MB"})
    return problem("F32", {"file": file})


def _has_room(memory_mb: int, own: int) -> bool:
    """Bounds the next call to its memory beside what earlier calls left behind; False if they left as much as a call may take.

    `own` is what the process took before its first call, in bytes.
    """
    if sys.platform != "linux":
        return True
    import resource

    now, more = _address_space(), memory_mb * 2**20
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = now + more if most == resource.RLIM_INFINITY else min(now + more, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))
    return now - own <= more


def _serve(parent: int, noise: int | None, pipe: Connection) -> None:
    # What a dying library writes to standard error is no use to the clerk and would tear the progress bar.
    silent = os.open(os.devnull, os.O_WRONLY) if noise is None else noise
    os.dup2(silent, 2)
    faulthandler.disable()
    _bind(parent)
    gc.freeze()  # to look for garbage among the parent's objects would copy them all
    own = _address_space() if sys.platform == "linux" else 0
    function: Callable[..., object] | None = None
    fit = True
    while fit:
        try:
            call: _Call = pipe.recv()
        except EOFError:  # nobody wants anything of it any more
            return
        _has_room(call.memory_mb, own)
        try:
            function = pickle.loads(call.function) if call.function else function
            assert function
            result = function(*call.arguments)
            fit = _has_room(call.memory_mb, own)
            pipe.send(_Answer("result", result, fit=fit))
            continue
        except MemoryError:
            answer = _Answer("memory")
        except Exception as error:
            answer = _Answer("fault", text=where_raised(error))
        except BaseException:  # a panic of a Rust library is no Exception
            answer = _Answer("crash")
        pipe.send(answer)
        return


class Worker:
    """The process, as its parent sees it. `pipe` and `sentinel` are what to wait for; `calls` are those that it was given."""

    def __init__(self) -> None:
        self.pipe, theirs = _STARTING.Pipe()
        self.calls = 0
        self._function: Callable[..., object] | None = None
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
        inherited = self._noise.fileno() if _STARTING.get_start_method() == "fork" else None
        self._process = _STARTING.Process(target=_serve, args=(os.getpid(), inherited, theirs), daemon=True)
        self._process.start()
        theirs.close()  # the only open end must be the child's, or its death would go unnoticed

    @property
    def sentinel(self) -> int:
        return self._process.sentinel

    @property
    def alive(self) -> bool:
        """Whether it can be given a call: the kernel, short of memory, may have taken it while it was idle."""
        return self._process.is_alive()

    def begin(
        self, function: Callable[..., object], packed: Callable[[], bytes], arguments: Sequence[object], memory_mb: int
    ) -> None:
        """Gives it a call. `packed` pickles the function, which is asked for only if the process does not have it yet."""
        self.calls += 1
        sent = None if self._function is function else packed()
        self._function = function
        with suppress(ConnectionError):  # it died at once: collect finds out
            self.pipe.send(_Call(sent, arguments, memory_mb))

    def forget(self) -> None:
        """Lets go of the function that it was given last, with all that is bound to it."""
        self._function = None

    def collect(self) -> tuple[Any, bool]:
        """What the call gave, or a Failure; and whether it can do another. Raises WorkerError if the function raised."""
        answer = None
        with suppress(EOFError, ConnectionError):
            if self.pipe.poll():
                answer = self.pipe.recv()
        match answer:
            case None:
                return self._cause_of_death(), False
            case _Answer(kind="result"):
                return answer.result, answer.fit
            case _Answer(kind="fault"):
                raise WorkerError(answer.text)
        return Failure(answer.kind), False

    def _cause_of_death(self) -> Failure:
        self._process.join()
        self._noise.seek(0)
        starved = b"memory allocation of" in self._noise.read()  # what Rust says before it aborts
        # Nobody but the kernel, short of memory, kills a process that we have not killed.
        killed = self._process.exitcode == -getattr(signal, "SIGKILL", 9)
        return Failure("memory" if starved or killed else "crash")

    def stop(self) -> None:
        """Kills it, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()
        self._noise.close()

"""Wall seconds, CPU seconds and peak memory of a command with all the processes that it starts."""

import os
import resource
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

_EVERY = 0.02


class Cost(NamedTuple):
    """Wall seconds, CPU seconds, and the peak of the tree's memory in MiB, pages that processes share counted once (PSS)."""

    wall: float
    cpu: float
    mib: float


def cpu_seconds(who: int) -> float:
    """What this process (resource.RUSAGE_SELF) or its children that ended (RUSAGE_CHILDREN) have cost, kernel included."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _ticked(pid: int) -> int:
    """CPU ticks of a process and its children that ended."""
    try:
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    except OSError:  # it has ended
        return 0


def cpu_of_all() -> float:
    """CPU seconds of this process, of those that it started and that ended, and of those that still live (to a hundredth)."""
    _, *living = _tree(os.getpid())
    ended = cpu_seconds(resource.RUSAGE_SELF) + cpu_seconds(resource.RUSAGE_CHILDREN)
    return ended + sum(map(_ticked, living)) / os.sysconf("SC_CLK_TCK")


def _kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measure(command: Sequence[str], allowed: Sequence[int] = (0, 1)) -> Cost:
    """What a command costs; what it prints is thrown away. Raises SystemExit if it ends with another code than those allowed."""
    before, started = cpu_seconds(resource.RUSAGE_CHILDREN), perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0

    def watch() -> None:
        nonlocal peak
        while child.poll() is None:
            peak = max(peak, sum(map(_kib, _tree(child.pid))))
            sleep(_EVERY)

    watcher = threading.Thread(target=watch)
    watcher.start()
    child.wait()
    wall, cpu = perf_counter() - started, cpu_seconds(resource.RUSAGE_CHILDREN) - before
    watcher.join()
    if child.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(wall, cpu, peak / 1024)

"""Wall seconds, CPU seconds and peak memory of a command with all the processes that it starts."""

import os
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


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measure(command: Sequence[str], allowed: Sequence[int] = (0, 1)) -> Cost:
    """What a command costs; what it prints is thrown away. Raises SystemExit if it ends with another code than those allowed."""
    before, started = os.times(), perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0

    def watch() -> None:
        nonlocal peak
        while child.poll() is None:
            peak = max(peak, sum(map(_kib, _tree(child.pid))))
            sleep(_EVERY)

    watcher = threading.Thread(target=watch)
    watcher.start()
    watcher.join()
    wall, after = perf_counter() - started, os.times()
    if child.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, cpu, peak / 1024)

"""What starting costs: how many modules a command loads and how long that takes, as `python -X importtime` tells.

python -m benchmarks.starting county.toml
"""

import argparse
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import measure

PROGRAM = (sys.executable, "-c", "from sync_service.door import main; main()")
"""The console script, but for the name of the file."""

_LOADED = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)


class Start(NamedTuple):
    """The modules that a command loads, and in how many milliseconds."""

    modules: frozenset[str]
    milliseconds: float


def start_of(*words: str) -> Start:
    """What the program loads for these words. Counted in are those that Python itself begins with."""
    python, *program = PROGRAM
    done = subprocess.run(
        (python, "-X", "importtime", *program, *words), capture_output=True, text=True, encoding="utf-8", check=False
    )
    found = _LOADED.findall(done.stderr)
    return Start(frozenset(name for _, name in found), sum(int(microseconds) for microseconds, _ in found) / 1000)


def printed(name: str, words: Sequence[str], rounds: int) -> None:
    """A line on how a command starts, its seconds the medians of several rounds."""
    start = start_of(*words)
    costs = [measure((*PROGRAM, *words)) for _ in range(rounds)]
    wall, cpu = (statistics.median(values) for values in list(zip(*costs, strict=True))[:2])
    modules = f"{len(start.modules)} modules in {start.milliseconds:.0f} ms"
    print(f"{name:20} {wall:7.3f} s   CPU {cpu:7.3f} s   {modules}")


def main() -> None:
    """Prints how a pass with nothing changed starts, and --help. The county must be at rest: synced until nothing changed, twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("county", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    printed("nothing changed", ("sync", "--county", str(options.county)), options.rounds)
    printed("--help", ("--help",), options.rounds)


if __name__ == "__main__":
    main()

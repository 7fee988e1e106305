"""What a pass costs inside the service, which has everything loaded: with nothing changed, and with one row changed.

python -m benchmarks.in_service county.toml costs.json [--rounds 3] [--spawn]

The service is the real one; only its clock jumps to the next pass. With --spawn, processes are started as on Windows.
"""

import argparse
import json
import shutil
import statistics
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter, sleep

from benchmarks.inventing import change_one_cell
from benchmarks.measuring import cpu_of_all
from sync_service.service.runner import Runner
from sync_service.sources import worker

BETWEEN = 600
"""So many simulated seconds lie between two passes, for every place is due again by then."""
REST = 3
"""So many real seconds, for the time stamp of a file changed just now does not tell whether it has changed once more."""


class _Clock:
    """A clock that moves only when it is told."""

    def __init__(self) -> None:
        self._start, self._passed = datetime.now().astimezone(), 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def steady(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self._passed += seconds


def _cost(runner: Runner) -> tuple[float, float]:
    """Wall seconds and CPU seconds of what is due now."""
    before, started = cpu_of_all(), perf_counter()
    runner.tick()
    return perf_counter() - started, cpu_of_all() - before


def _save_as_clerk(workbook: Path) -> None:
    """Changes a cell in a process of its own, so that the service has nothing to do with what that loads."""
    clerk = get_context("spawn").Process(target=change_one_cell, args=(workbook,))
    clerk.start()
    clerk.join()


def main() -> None:
    """Writes the medians as JSON: for each kind of pass, wall and CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("county", type=Path)
    parser.add_argument("costs", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spawn", action="store_true")
    options = parser.parse_args()
    if options.spawn:
        worker._STARTING = get_context("spawn")
    shutil.rmtree(options.county.parent / "备份", ignore_errors=True)  # of other clocks, that went ahead of this one
    clock = _Clock()
    runner = Runner(options.county, clock, Random(1))
    settling, nothing, row = "settling", "nothing changed", "one row changed"
    taken: dict[str, list[tuple[float, float]]] = {settling: [], nothing: [], row: []}
    workbook = next((options.county.parent / "上报").glob("*.xlsx"))
    for number in range(options.rounds + 1):
        for name in (row, settling, settling, nothing):  # it takes a pass or two until all has come to rest
            if name == row:
                _save_as_clerk(workbook)
            sleep(REST)
            clock.sleep(BETWEEN)
            cost = _cost(runner)
            if number:  # the first round also makes up for what was due at the start: a night, a backup
                taken[name].append(cost)
    del taken[settling]
    runner.close()
    medians = {name: [statistics.median(one[n] for one in costs) for n in (0, 1)] for name, costs in taken.items()}
    options.costs.write_text(json.dumps(medians), "utf-8")


if __name__ == "__main__":
    main()

"""The service of the soak: the real one, by a simulated clock, told on standard input how far to go.

python -m benchmarks.soak_service county.toml
"""

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sync_service.service.runner import Runner

START = datetime(2026, 8, 1, 12).astimezone()


class SimulatedClock:
    """A clock that only moves when somebody sleeps; `wrong` is how far the PC's date is off."""

    def __init__(self, at: float) -> None:
        self.at, self.wrong = at, 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at + self.wrong)

    def steady(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def serve(county: Path) -> None:
    """The service: told on standard input until when to go on, tells on standard output how far it has come."""
    clock, runner = SimulatedClock(0), None
    for line in sys.stdin:
        order = json.loads(line)
        if runner is None:
            clock.at = order["at"]
            runner = Runner(county, clock, Random(1))
        clock.wrong = order["wrong"]
        while clock.at < order["until"]:
            nap = max(1.0, runner.tick())
            clock.sleep(min(nap, order["until"] - clock.at))
            memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            print(json.dumps({"at": clock.at, "memory": memory}), flush=True)
        print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))

"""Spoiled workbooks, one after the other, for as long as one likes: what tests/test_fuzzing.py does for a few seconds.

python -m benchmarks.fuzz [--seconds 600] [--seed 0] [--keep FOLDER]

Prints how many were read, refused by which code, and ended their process (which a run takes for damage). A fault of ours, or a
small file that takes too long, is printed with its seed, and kept in FOLDER if there is one; the exit code is then 1.
"""

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from sync_service.sources.crew import run_all
from sync_service.sources.worker import Failure, where_raised
from tests.fuzzing import BASES, LIMITS, judged, spoiled

BATCH = 25
"""So many files are judged in one process: to begin one takes as long as to judge a small workbook."""


class Trial(NamedTuple):
    """A file by how it was made."""

    name: str
    seed: int


class Finding(NamedTuple):
    """What became of it; `fault` says where something of ours fell over."""

    trial: Trial
    outcome: str
    fault: str = ""


def _one(trial: Trial) -> Finding:
    try:
        return Finding(trial, judged(trial.name, spoiled(trial.name, trial.seed)))
    except MemoryError:
        return Finding(trial, "memory")
    except Exception as error:
        return Finding(trial, "fault", where_raised(error))


def _batch(trials: list[Trial]) -> list[Finding]:
    return [_one(trial) for trial in trials]


def _alone(trial: Trial) -> Finding:
    """A file whose batch died, in a process of its own."""
    ((_, outcome),) = run_all(_one, [(trial,)], LIMITS)
    return Finding(trial, outcome.kind) if isinstance(outcome, Failure) else outcome


def findings(first: int, jobs: int) -> list[Finding]:
    """The outcome of some batches, whose seeds begin with `first`."""
    batches = [[Trial(name, first + n) for n in range(BATCH)] for name in BASES]
    found: list[Finding] = []
    for index, outcome in run_all(_batch, [(batch,) for batch in batches], LIMITS, jobs):
        found += map(_alone, batches[index]) if isinstance(outcome, Failure) else outcome
    return found


def main() -> None:
    """Spoils and judges until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    wrong, seed, end = 0, asked.seed, time.monotonic() + asked.seconds
    while time.monotonic() < end:
        for found in findings(seed, asked.jobs):
            counts[f"{found.trial.name} {found.outcome}"] += 1
            if found.outcome in {"fault", "time"}:
                wrong += 1
                print(found.trial, found.outcome, found.fault, sep="\n", flush=True)
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    kept = asked.keep / f"{found.trial.seed}_{found.trial.name}"
                    kept.write_bytes(spoiled(found.trial.name, found.trial.seed))
        seed += BATCH
    for outcome, count in sorted(counts.items()):
        print(f"{count:8} {outcome}")
    print(f"{sum(counts.values())} files, {wrong} faults; the next seed is {seed}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()

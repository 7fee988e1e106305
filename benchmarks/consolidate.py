"""The whole consolidation against the pandas script, on the same 30 workbooks of 2,000 rows x 35 columns, in one run.

python -m benchmarks.consolidate [--townships 30] [--rows 2000] [--rounds 3]
"""

import argparse
import json
import os
import shutil
import statistics
import sys
from pathlib import Path
from time import sleep

from benchmarks.in_service import REST
from benchmarks.inventing import change_one_cell, make_county
from benchmarks.measuring import Cost, measure
from benchmarks.starting import PROGRAM, printed

DATA = Path(__file__).parent / "data"
PANDAS = "pandas"
SETTLING = 2
"""So many passes it takes until what was saved and written has come to rest, and a pass notes down that there was nothing to do."""


def forget(folder: Path) -> None:
    """Leaves nothing of a county but its settings and workbooks."""
    for leftover in (*folder.glob("taizhang.db*"), folder / "县级总台账.xlsx"):
        leftover.unlink(missing_ok=True)
    for derived in (folder / "反馈", folder / ".taizhang.shelf"):
        shutil.rmtree(derived, ignore_errors=True)


def _printed(passes: dict[str, list[Cost]]) -> None:
    """Medians of seconds, with their ratios to the pandas script; memory is the highest of all rounds."""
    medians = {name: Cost(*map(statistics.median, zip(*costs, strict=True))) for name, costs in passes.items()}
    base = medians[PANDAS]
    for name, cost in medians.items():
        peak = max(one.mib for one in passes[name])
        print(
            f"{name:54} {cost.wall:8.3f} s {base.wall / cost.wall:8.1f} x"
            f"   CPU {cost.cpu:8.3f} s {base.cpu / max(cost.cpu, 0.001):8.1f} x  {peak:6.0f} MiB"
        )


def main() -> None:
    """Prints each pass with its seconds and its ratio to the pandas script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--townships", type=int, default=30)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    shutil.rmtree(DATA, ignore_errors=True)
    settings = make_county(DATA, options.townships, options.rows)
    books, costs = DATA / "上报", DATA / "costs.json"
    sync = (*PROGRAM, "sync", "--county", str(settings))
    script = (sys.executable, "-W", "ignore", str(Path(__file__).parent / "pandas_script.py"), str(books))
    service = (sys.executable, "-m", "benchmarks.in_service", str(settings), str(costs), "--rounds", "1")
    passes: dict[str, list[Cost]] = {}

    def run(name: str, *command: str) -> None:
        passes.setdefault(name, []).append(measure(command))

    def settle() -> None:
        for _ in range(SETTLING):
            sleep(REST)
            measure(sync)

    for _ in range(options.rounds):
        forget(DATA)
        run(PANDAS, *script, str(DATA / "pandas.xlsx"))
        run("pandas, calamine + XlsxWriter", *script, str(DATA / "pandas.xlsx"), "calamine", "xlsxwriter")
        run(
            "floor: read all, write all", sys.executable, "-m", "benchmarks.floor", str(books), str(DATA / "floor.xlsx")
        )
        run("cold", *sync)
        change_one_cell(next(books.glob("*.xlsx")))
        run("one row changed", *sync)
        settle()
        run("nothing changed", *sync)
        run("--help", *PROGRAM, "--help")
        for where, started in (("inside the service", ()), ("so, processes started as on Windows", ("--spawn",))):
            memory = measure((*service, *started)).mib
            for name, (wall, cpu) in json.loads(costs.read_text("utf-8")).items():
                passes.setdefault(f"{name}, {where}", []).append(Cost(wall, cpu, memory))
    print(
        f"{options.townships} workbooks x {options.rows} rows x 35 columns, medians of {options.rounds} rounds,"
        f" {os.cpu_count()} cores; x: how many times as fast as pandas with its defaults"
    )
    _printed(passes)
    settle()
    print("\nwhat starts, of it Python's own modules:")
    printed("nothing changed", sync[len(PROGRAM) :], options.rounds)
    printed("--help", ["--help"], options.rounds)


if __name__ == "__main__":
    main()

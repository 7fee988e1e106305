"""A prefecture on one PC: a million rows in 500 workbooks, read for the first time, against the county of 60,000.

python -m benchmarks.million [--townships 500] [--rows 2000]

Takes a quarter of an hour and 3 GB of disk.
"""

import argparse
import shutil

from benchmarks.consolidate import DATA, forget
from benchmarks.inventing import COUNTY, make_county
from benchmarks.measuring import Cost, measure
from benchmarks.starting import PROGRAM


def _cold(townships: int, rows: int) -> Cost:
    shutil.rmtree(DATA, ignore_errors=True)
    settings = make_county(DATA, townships, rows)
    cost = measure((*PROGRAM, "sync", "--county", str(settings)))
    forget(DATA)
    return cost


def main() -> None:
    """Prints what both cost, in all and a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--townships", type=int, default=500)
    parser.add_argument("--rows", type=int, default=2000)
    options = parser.parse_args()
    for townships in (COUNTY, options.townships):
        cost, rows = _cold(townships, options.rows), townships * options.rows
        print(
            f"{rows:9,} rows: {cost.wall:7.1f} s, CPU {cost.cpu:7.1f} s, {1e6 * cost.cpu / rows:5.0f} µs a row,"
            f" {cost.mib:5.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()

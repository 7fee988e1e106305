"""How well and how fast likely doubles are found: precision and recall by rule over invented people, and CPU time.

python -m benchmarks.doubles [--people 20000] [--more 60000]
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from time import process_time
from typing import NamedTuple

from benchmarks.invented_doubles import Invented, invent
from sync_service.doubles.suspicion import Strength, Suspicion
from sync_service.doubles.suspicions import suspicions

EXPECTED: Mapping[str, float] = {
    "J01": 0.999, "J02": 0.97, "J03": 0.99, "J04": 0.50, "J05": 0.95, "J06": 0.99, "J07": 0.90, "J08": 0.85, "J09": 0.999, "J11": 1.0,
}  # fmt: skip
"""The share of one person among the pairs of a rule that was expected before measuring."""


class Score(NamedTuple):
    """How a rule did: the pairs that it shows, and those of them that are one person."""

    shown: int
    right: int


class Recall(NamedTuple):
    """How a way to be registered twice was seen: how often it was planted, shown at all, and shown under its own rule."""

    planted: int
    shown: int
    by_rule: int


def precision(county: Invented, found: Sequence[Suspicion]) -> Mapping[tuple[str, Strength], Score]:
    """By rule and how sure it says to be, how many pairs are shown and how many are one person."""
    shown: Counter[tuple[str, Strength]] = Counter()
    right: Counter[tuple[str, Strength]] = Counter()
    for one in found:
        shown[one.code, one.strength] += 1
        right[one.code, one.strength] += county.owners[one.left.place] == county.owners[one.right.place]
    return {rule: Score(shown[rule], right[rule]) for rule in sorted(shown)}


def recall(county: Invented, found: Sequence[Suspicion]) -> Mapping[tuple[str, str], Recall]:
    """By what happened and the rule that should see it, how often it was seen."""
    codes = {frozenset((one.left.place, one.right.place)): one for one in found}
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in county.planted:
        seen = codes.get(frozenset((one.left.place, one.right.place)))
        for i, yes in enumerate((True, seen is not None, seen is not None and one.code in seen.codes)):
            counts[one.kind, one.code][i] += yes
    return {kind: Recall(*numbers) for kind, numbers in counts.items()}


def _timed(n: int) -> tuple[Invented, Sequence[Suspicion], float]:
    county = invent(n)
    before = process_time()
    found = suspicions(county.rows, county.changes)
    return county, found, process_time() - before


def main() -> None:
    """Prints both tables and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--more", type=int, default=60_000)
    arguments = parser.parse_args()
    county, found, seconds = _timed(arguments.people)
    print(f"{len(county.rows):,} rows, {len(found):,} pairs shown, {seconds:.1f} s of CPU\n")
    print("rule              shown  one person  precision  expected")
    for (code, strength), score in precision(county, found).items():
        expected = f"{EXPECTED[code]:8.1%}" if code in EXPECTED else " nobody knows"
        print(f"{code} {strength:<11} {score.shown:7}  {score.right:10}  {score.right / score.shown:9.1%}  {expected}")
    print("\nrule  planted  shown  by the rule  what happened")
    for (kind, code), one in recall(county, found).items():
        print(f"{code or ' - '}  {one.planted:8}  {one.shown:5}  {one.by_rule:11}  {kind}")
    county, found, seconds = _timed(arguments.more)
    print(f"\n{len(county.rows):,} rows, {len(found):,} pairs shown, {seconds:.1f} s of CPU")


if __name__ == "__main__":
    main()

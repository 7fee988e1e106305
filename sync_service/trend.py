"""How rows and open problems went from run to run."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sync_service.master.content import TrendPoint
from sync_service.moments import local
from sync_service.store.records import Run, Tally

POINTS = 12
"""How many points a trend has at most."""


def _points(runs: Sequence[Run]) -> list[Run]:
    """The runs after which a trend is told, oldest first: the last of each day, and others while there is room."""
    of_day: dict[date, Run] = {}
    for run in runs:
        of_day.setdefault(local(run.finished_at).date(), run)
    days = sorted(of_day.values(), key=lambda run: -run.id)[:POINTS]
    others = [run for run in runs if run not in days][: POINTS - len(days)]
    return sorted([*days, *others], key=lambda run: run.id)


def trends(
    runs: Sequence[Run], tallies: Sequence[Tally], tables: Collection[str]
) -> tuple[list[TrendPoint], Mapping[str, tuple[int, ...]]]:
    """The county's open problems, and the rows of each township, after some of the runs, oldest first.

    `runs` come newest first. A run tells only of what it read: the rest stood as it was told last. Rows of the forms `tables`
    count, problems of all.
    """
    latest: dict[tuple[str, str], Tally] = {}
    points: list[TrendPoint] = []
    rows: dict[str, list[int]] = defaultdict(list)
    told = iter(sorted(tallies, key=lambda tally: tally.run))
    tally = next(told, None)
    for run in _points(runs):
        while tally and tally.run <= run.id:
            latest[tally.township, tally.form] = tally
            tally = next(told, None)
        errors, warnings = (sum(getattr(one, name) for one in latest.values()) for name in ("errors", "warnings"))
        points.append(TrendPoint(local(run.finished_at), errors, warnings))
        standing: Counter[str] = Counter()
        for (township, form), one in latest.items():
            standing[township] += one.rows if form in tables else 0
        for township, count in standing.items():
            rows[township].append(count)
    return points, {township: tuple(counts) for township, counts in rows.items()}

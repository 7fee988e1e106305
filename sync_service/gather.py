"""The first half of a run: which workbooks changed, and what they say. Only changed workbooks are read (law 8)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sync_service.references import References
from sync_service.settings import CountySetup
from sync_service.sources.base import Found, Item, Limits, Mark, Refused, Source, unchanged
from sync_service.sources.worker import Failure, refusal, run_all
from sync_service.store import Source as KnownSource
from validators.check import check
from validators.checked import Checked
from validators.problems import Problem, problem
from workbook_templates.form import Forms
from workbook_templates.place import Township

VERDICTS = 1
"""Goes up whenever the code judges differently, so that workbooks that lie unchanged are judged again."""

LOOKED_FOR = frozenset(["F27", "F28", "F29", "F34", "F36"])
"""What a look at the folder finds; it holds only as long as the look finds it again."""

Progress = Callable[[int, int, str], None]
"""Told how many of how many workbooks are read, and the name of the township that was last."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One township's place before reading. Without a mark, there is nothing that could be read now."""

    township: Township
    found: Found
    mark: Mark | None
    setup: str
    due: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A workbook after reading: its verdict, or the one problem that kept it from being read."""

    verdict: Checked | Problem
    mark: Mark


def setup_digest(forms: Forms, township: Township, period: str, today: date, held: str) -> str:
    """What a verdict depends on besides the workbook: of the day, only which rules are in force on it."""
    parts = [
        str(VERDICTS),
        forms.digest,
        str(forms.stage(today)),
        held,
        township.code,
        township.name,
        township.county.code,
        period,
        *township.villages,
    ]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _known_mark(known: KnownSource | None) -> Mark | None:
    return Mark(known.size, known.mtime_ns, bytes.fromhex(known.digest)) if known and known.digest else None


def _never_sent(found: Found, workbook: Path) -> Found:
    """A workbook that never was here is not lost (F28), but has yet to come (F36)."""
    yet_to_come = problem("F36", {"file": f"{workbook.parent.name}/{workbook.name}"})
    told = [yet_to_come if one.code == "F28" else one for one in found.problems]
    return Found(found.township, found.item, tuple(told))


def _is_known(mark: Mark, setup: str, known: KnownSource | None) -> bool:
    """Whether this very workbook was read before, by the same forms and settings."""
    if known is None or known.status in LOOKED_FOR:  # what was in the way is gone: reading tells how it stands now
        return False
    return (known.digest, known.setup) == (mark.digest.hex(), setup)


def look(
    setup: CountySetup,
    forms: Forms,
    source: Source,
    places: Sequence[tuple[Township, Found]],
    known: Mapping[str, KnownSource],
    today: date,
    held: str,
    *,
    full: bool,
) -> list[Sighting]:
    """Looks at what was found in every township's place without reading any workbook. With `full`, every one is due.

    `held` tells what the county bureau holds that the townships' rows are looked up in.
    """
    looks = []
    for township, found in places:
        digest = setup_digest(forms, township, setup.settings.period, today, held)
        before = known.get(township.code)
        if before is None or not before.digest:
            found = _never_sent(found, setup.workbooks[township.code])
        mark = None
        if found.item:
            try:
                mark = source.mark(found.item, _known_mark(before))
            except Refused as refused:
                found = Found(found.township, None, (*found.problems, refused.problem))
        due = mark is not None and (full or not _is_known(mark, digest, before))
        looks.append(Sighting(township, found, mark, digest, due))
    return looks


def _judge(
    source: Source,
    item: Item,
    mark: Mark,
    forms: Forms,
    township: Township,
    today: date,
    period: str,
    references: References,
    limits: Limits,
) -> Judged:
    """Reads and judges one workbook; runs in a process of its own."""
    try:
        book = source.read(item, limits)
        after = unchanged(source, item, mark)
    except Refused as refused:
        return Judged(refused.problem, mark)
    return Judged(check(forms, book, township, today, period, references), after)


def judge(
    setup: CountySetup,
    forms: Forms,
    source: Source,
    due: Sequence[Sighting],
    today: date,
    references: References,
    progress: Progress,
) -> Iterator[tuple[Sighting, Judged]]:
    """Reads and judges the workbooks that are due, several at a time, in the order in which they finish."""
    settings = setup.settings
    limits = Limits(seconds=settings.limits.seconds, memory_mb=settings.limits.memory_mb)
    readable = [(one, one.found.item, one.mark) for one in due]
    calls = [
        (source, item, mark, forms, one.township, today, settings.period, references, limits)
        for one, item, mark in readable
        if item and mark
    ]
    for done, (index, outcome) in enumerate(run_all(_judge, calls, limits, settings.limits.jobs), 1):
        _, item, mark, _, township, *_ = calls[index]
        if isinstance(outcome, Failure):
            outcome = Judged(refusal(outcome, item.path.name, limits), mark)
        progress(done, len(calls), township.name)
        yield due[index], outcome

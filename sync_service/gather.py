"""The first half of a run: which workbooks changed, and what they say. Only changed workbooks are read (law 8)."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sync_service.errors import TaizhangError
from sync_service.references import References
from sync_service.settings import CountySetup
from sync_service.sources.base import Found, Item, Limits, Mark, Refused, Source, content_mark, unchanged
from sync_service.sources.crew import Crew
from sync_service.sources.places import Places
from sync_service.sources.worker import Failure, fault, refusal
from sync_service.spool import Spool
from sync_service.store import Source as KnownSource
from sync_service.unfinished import TYPING, Patience, is_fresh
from validators.check import check
from validators.problems import Problem, problem
from workbook_templates.form import Forms
from workbook_templates.place import Township

VERDICTS = 2
"""Goes up whenever the code judges differently, so that workbooks that lie unchanged are judged again."""

DOWN = frozenset(["F41", "F42", "F46"])
"""What is told of every workbook in a place that cannot be reached, or lets nobody in."""

LOOKED_FOR = frozenset(["F27", "F28", "F29", "F34", "F36", "F43", "F45", "F48"]) | DOWN
"""What a look at the place finds; it holds only as long as the look finds it again."""

UNREAD = frozenset(["F01", "F02", "F26", "F30", "F32", "F47", "F50"])
"""What is told of a workbook that could not be read: to read it once more would end the same way, and may take as long."""

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
    """A workbook after reading: its mark, and the one problem that kept it from being read.

    If there is none, the workbook and its verdict lie in the run's spool.
    """

    mark: Mark
    refused: Problem | None = None


def verdict_of(township: str) -> str:
    """The name under which the verdict on a township's workbook is kept in the spool (Checked)."""
    return f"verdict-{township}"


def book_of(township: str, digest: str) -> str:
    """The name under which a township's workbook is kept in the spool as it was read (RawBook), by the digest of its mark."""
    return f"book-{township}-{digest}"


def _setup_digest(forms: Forms, township: Township, period: str, stage: int, held: str) -> str:
    """What a verdict depends on besides the workbook: of the day, only which rules are in force on it (`stage`)."""
    parts = [
        str(VERDICTS),
        forms.digest,
        str(stage),
        held,
        township.code,
        township.name,
        township.county.code,
        period,
        *township.villages,
        *township.county.townships,
    ]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _known_mark(known: KnownSource | None) -> Mark | None:
    return Mark(known.size, known.mtime_ns, bytes.fromhex(known.digest)) if known and known.digest else None


def _never_sent(found: Found, workbook: str) -> Found:
    """A workbook that never was here is not lost (F28), but has yet to come (F36)."""
    yet_to_come = problem("F36", {"file": "/".join(re.split(r"[/\\]", workbook)[-2:])})
    told = [yet_to_come if one.code == "F28" else one for one in found.problems]
    return replace(found, problems=tuple(told))


def _is_known(mark: Mark, setup: str, known: KnownSource | None) -> bool:
    """Whether this very workbook was read before, by the same forms and settings."""
    if known is None or known.status in LOOKED_FOR:  # what was in the way is gone: reading tells how it stands now
        return False
    if mark.by_version:
        return (known.size, known.mtime_ns, known.setup) == (mark.size, mark.mtime_ns, setup)
    return (known.digest, known.setup) == (mark.digest.hex(), setup)


def _is_awaited(item: Item, mark: Mark, known: KnownSource, now: datetime, patience: Patience) -> bool:
    """Whether a sheet with rows that are held lies as it was, and has not come to rest yet."""
    same = (mark.size, mark.mtime_ns) == (known.size, known.mtime_ns)
    return known.setup == TYPING and same and is_fresh(item.changed, now, patience)


def look(
    setup: CountySetup,
    forms: Forms,
    source: Source,
    places: Sequence[tuple[Township, Found]],
    known: Mapping[str, KnownSource],
    now: datetime,
    held: str,
    *,
    full: bool,
) -> list[Sighting]:
    """Looks at what was found in every township's place without reading any workbook. With `full`, every one is due.

    `held` tells what the county bureau holds that the townships' rows are looked up in.
    """
    looks = []
    stage = forms.stage(now.date())
    for township, found in places:
        digest = _setup_digest(forms, township, setup.settings.period, stage, held)
        before = known.get(township.code)
        if before is None or not before.digest:
            found = _never_sent(found, setup.addresses[township.code])
        mark = found.mark
        if found.item and mark is None:
            try:
                mark = source.mark(found.item, _known_mark(before))
            except Refused as refused:
                found = Found(found.township, None, (*found.problems, refused.problem))
        awaited = before and mark and found.item and _is_awaited(found.item, mark, before, now, setup.patience)
        due = mark is not None and (full or not (awaited or _is_known(mark, digest, before)))
        looks.append(Sighting(township, found, mark, digest, due))
    return looks


def _judge(
    source: Source,
    forms: Forms,
    today: date,
    period: str,
    references: References,
    limits: Limits,
    spool: Spool,
    item: Item,
    mark: Mark,
    township: Township,
) -> Judged | TaizhangError:
    """Reads and judges one workbook; runs in a process of its own."""
    try:
        book = source.read(item, limits)
        after = unchanged(source, item, mark)
        verdict = check(forms, book, township, today, period, references)
        judged = Judged(content_mark(after, book))
    except Refused as refused:
        return Judged(mark, refused.problem)
    except MemoryError:
        raise
    except Exception as error:  # no workbook holds up the other townships', not even by a fault of ours
        return Judged(mark, fault(error, item.name))
    try:
        spool.keep(verdict_of(township.code), verdict)
        spool.keep(book_of(township.code, judged.mark.digest.hex()), book)
    except TaizhangError as error:  # the disk failed: raised again where the run is
        return error
    return judged


def says_the_same(judged: Judged, one: Sighting, known: KnownSource | None) -> bool:
    """Whether a workbook that had to be read again turns out to hold what it held."""
    is_new = one.mark is None or not one.mark.by_version or judged.refused is not None
    return not is_new and _is_known(judged.mark, one.setup, known)


def judge(
    setup: CountySetup,
    forms: Forms,
    source: Places,
    due: Sequence[Sighting],
    today: date,
    references: References,
    spool: Spool,
    crew: Crew,
    progress: Progress,
) -> Iterator[tuple[Sighting, Judged]]:
    """Reads and judges the workbooks that are due, several at a time by `crew`, in the order in which they finish.

    Raises TaizhangError if the disk fails.
    """
    settings = setup.settings
    limits = Limits(seconds=settings.limits.seconds, memory_mb=settings.limits.memory_mb)
    readable = [(one, one.found.item, one.mark) for one in due]
    calls = [(item, mark, one.township) for one, item, mark in readable if item and mark]
    in_turn = source.in_turn((call[0], call) for call in calls)
    judging = partial(_judge, source, forms, today, settings.period, references, limits, spool)
    for done, (index, outcome) in enumerate(crew.run_all(judging, in_turn, limits, settings.limits.jobs), 1):
        item, mark, township = calls[index]
        if isinstance(outcome, Failure):
            outcome = Judged(mark, refusal(outcome, item.name, limits))
        if isinstance(outcome, TaizhangError):
            raise outcome
        progress(done, len(calls), township.name)
        yield due[index], outcome

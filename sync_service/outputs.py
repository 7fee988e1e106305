"""The second half of a run: the master workbook and every township's feedback, written where they are out of date."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from sync_service.contents import between_townships, master_content
from sync_service.errors import TaizhangError
from sync_service.feedback import write_feedback
from sync_service.gather import VERDICTS
from sync_service.master.writer import write_master
from sync_service.moments import local
from sync_service.publish import Published, digest_of, publish
from sync_service.settings import CountySetup
from sync_service.sources.base import Item, Limits, Refused, Source
from sync_service.sources.worker import Failure, run_all
from sync_service.store import Source as KnownSource
from sync_service.store import Store
from sync_service.store.records import KnownProblem, Output
from validators.problems import Problem
from validators.raw import RawBook
from workbook_templates.form import Forms
from workbook_templates.place import Township

LAYOUTS = 1
"""Goes up whenever the code lays out master or feedback differently, so that they are written again."""

MASTER = "master"
NOTHING = RawBook("", ())
"""Stands for a workbook that could not be read: there are no sheets to copy."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A published file: its name, where it lies now, and what the coordinator is told. `trouble`: it could not be put there."""

    name: str
    path: str
    message: str
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class _Due:
    """A feedback workbook that is out of date: for whom, from which file, saying what."""

    township: Township
    item: Item | None
    digest: str
    problems: Sequence[Problem]
    name: str
    target: Path
    fingerprint: str
    known: bytes | None


def _hash(*parts: object) -> str:
    return hashlib.blake2b(orjson.dumps([LAYOUTS, VERDICTS, *parts], default=repr), digest_size=16).hexdigest()


def _remembered(output: Output | None) -> bytes | None:
    return bytes.fromhex(output.digest) if output else None


def _is_current(output: Output | None, fingerprint: str, path: Path) -> bool:
    if output is None or output.fingerprint != fingerprint:
        return False
    try:
        return digest_of(path) == bytes.fromhex(output.digest)
    except PermissionError:  # somebody has it open; it is the one that we published last
        return True


def _settle(store: Store, name: str, fingerprint: str, label: str, published: Published) -> Publication:
    """Remembers what was published; a file that had to wait beside is published again next time."""
    if published.settled and published.digest is not None:
        store.published(Output(name, fingerprint, published.digest.hex()))
        return Publication(name, str(published.path), f"{label}：{published.path}")
    return Publication(name, str(published.path or ""), f"{label}：{published.message}", trouble=True)


def _master(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
) -> Publication | None:
    path = setup.path(setup.settings.files.master)
    last = store.runs(1)
    townships = [[t.code, t.name] for t in setup.townships]
    sources = [[s.township, s.status, s.read_at, s.path] for _, s in sorted(store.sources().items())]
    fingerprint = _hash(last[0].id if last else 0, forms.digest, setup.settings.period, townships, sources)
    output = store.outputs().get(MASTER)
    if _is_current(output, fingerprint, path):
        return None
    content = master_content(store, setup, forms, problems, shared)
    published = publish(path, lambda target: write_master(content, target), _remembered(output))
    return _settle(store, MASTER, fingerprint, "县级总台账", published)


def _write_one(source: Source, due: _Due, forms: Forms, made_at: datetime, limits: Limits) -> Published | None:
    """Reads the workbook once more and writes its feedback; None if it changed since. Runs in a process of its own."""
    book = NOTHING
    if due.item:
        try:
            if source.mark(due.item, None).digest.hex() != due.digest:
                return None
            book = source.read(due.item, limits)
        except Refused:
            book = NOTHING  # it could not be read in this run either: there is nothing to copy
    return publish(
        due.target,
        lambda target: write_feedback(target, due.township, book, due.problems, forms, made_at),
        due.known,
    )


def _feedback_due(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
    sources: Mapping[str, KnownSource],
) -> list[_Due]:
    outputs = store.outputs()
    folder = setup.path(setup.settings.files.feedback)
    by_township: dict[str, list[Problem]] = {township.code: [] for township in setup.townships}
    for known in problems:
        by_township.setdefault(known.township, []).append(known.problem)
    due = []
    for township in setup.townships:
        told = [*by_township[township.code], *shared.get(township.code, ())]
        known_source = sources.get(township.code)
        digest = known_source.digest if known_source else ""
        item = Item(township.code, setup.folder / known_source.path) if known_source and digest else None
        name = f"feedback/{township.code}"
        target = folder / f"{township.name}_校验反馈.xlsx"
        fingerprint = _hash(township.name, digest, forms.digest, told)
        output = outputs.get(name)
        if not _is_current(output, fingerprint, target):
            due.append(_Due(township, item, digest, told, name, target, fingerprint, _remembered(output)))
    return due


def publish_outputs(store: Store, setup: CountySetup, forms: Forms, source: Source) -> tuple[Publication, ...]:
    """Publishes what is out of date; nothing is written that has not changed (law 1).

    Raises TaizhangError if a folder cannot be written.
    """
    known_problems = store.problems()
    shared = between_townships(store, forms)
    sources = store.sources()
    limits = Limits(seconds=setup.settings.limits.seconds * 2, memory_mb=setup.settings.limits.memory_mb)
    try:
        setup.path(setup.settings.files.feedback).mkdir(parents=True, exist_ok=True)
        master = _master(store, setup, forms, known_problems, shared)
    except OSError as error:
        raise TaizhangError(
            f"写不了总台账或反馈：{error.strerror}", "请检查磁盘空间和文件夹的写入权限，再运行一次。"
        ) from error
    done = [master] if master else []
    due = _feedback_due(store, setup, forms, known_problems, shared, sources)
    calls = []
    for one in due:
        read_at = sources[one.township.code].read_at if one.township.code in sources else ""
        calls.append((source, one, forms, local(read_at) if read_at else datetime(2000, 1, 1), limits))
    for index, outcome in run_all(_write_one, calls, limits, setup.settings.limits.jobs):
        one = due[index]
        label = f"{one.township.name}校验反馈"
        if isinstance(outcome, Failure):
            done.append(Publication(one.name, str(one.target), f"{label}：没有写成，请再运行一次。", trouble=True))
        elif outcome is not None:
            done.append(_settle(store, one.name, one.fingerprint, label, outcome))
    return tuple(done)

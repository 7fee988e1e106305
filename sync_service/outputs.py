"""The second half of a run: the master workbook and every township's feedback, written where they are out of date."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from sync_service.errors import TaizhangError
from sync_service.gather import DOWN, UNREAD, VERDICTS, book_of
from sync_service.making import Maker
from sync_service.moments import local
from sync_service.privacy.locking import feedback_password, master_password, password_mark
from sync_service.publish import Prepared, Published, digest_of, discard, install_all, unmade
from sync_service.reuse.borrowing import borrowed
from sync_service.review.refreshing import CASES
from sync_service.settings import CountySetup
from sync_service.sources.base import Item, Limits
from sync_service.sources.crew import Crew
from sync_service.sources.places import Places, item_kept
from sync_service.sources.worker import Failure
from sync_service.spool import Spool
from sync_service.store import Source as KnownSource
from sync_service.store import Store
from sync_service.store.records import KnownProblem, Output, Run
from sync_service.troubles import of_system
from sync_service.wanted import WantedFeedback, WantedMaster
from validators.problems import Problem
from workbook_templates.form import Forms

LAYOUTS = 3
"""Goes up whenever the code lays out master or feedback differently, so that they are written again."""

PATIENCE = 10
"""How many times the time limit of reading one workbook may go into making one: the master holds all of them."""

MASTER = "master"
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Publication:
    """A published file: its name, where it lies now, and what the coordinator is told. `trouble`: it could not be put there."""

    name: str
    path: str
    message: str
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is to be published, as it is wanted now (`fingerprint`), and the digests of what may lie there, newest last."""

    name: str
    label: str
    target: Path
    fingerprint: str
    known: tuple[bytes, ...]
    newest: str
    """What the newest known file was made from."""

    @property
    def made(self) -> bytes | None:
        """The digest of the wanted file, if it was made already."""
        return self.known[-1] if self.known and self.newest == self.fingerprint else None


@dataclass(frozen=True, slots=True)
class _Making:
    """A file that is due, and the workbook that is read for it, if any is: places let only so many be read at a time."""

    file: _File
    wanted: WantedMaster | WantedFeedback
    item: Item | None = None


def _hash(*parts: object) -> str:
    return hashlib.blake2b(orjson.dumps([LAYOUTS, VERDICTS, *parts], default=repr), digest_size=16).hexdigest()


def _file(name: str, label: str, target: Path, fingerprint: str, output: Output | None) -> _File:
    known = tuple(bytes.fromhex(digest) for digest in output.digests.split()) if output else ()
    return _File(name, label, target, fingerprint, known, output.fingerprint if output else "")


def _is_current(file: _File) -> bool:
    if file.made is None:
        return False
    try:
        return digest_of(file.target) == file.made
    except PermissionError:  # somebody has it open: it is the one that we published last, unless that waits beside
        return file.known == (file.made,)


def _told(file: _File, published: Published) -> Publication:
    if published.settled:
        return Publication(file.name, str(published.path), f"{file.label}：{published.path}")
    return Publication(file.name, str(published.path or ""), f"{file.label}：{published.message}", trouble=True)


def _targets(setup: CountySetup) -> Mapping[str, Path]:
    """Every file that is published, by name."""
    folder = setup.path(setup.settings.files.feedback)
    feedback = {f"feedback/{t.code}": folder / f"{t.name}_校验反馈.xlsx" for t in setup.townships}
    return {MASTER: setup.path(setup.settings.files.master), **feedback}


def _master(
    setup: CountySetup,
    forms: Forms,
    runs: Sequence[Run],
    sources: Mapping[str, KnownSource],
    outputs: Mapping[str, Output],
) -> _File:
    path = _targets(setup)[MASTER]
    townships = [[t.code, t.name] for t in setup.townships]
    read = [[s.township, s.status, s.read_at, s.path] for _, s in sorted(sources.items())]
    review = setup.settings.review.model_dump(mode="json")
    lock = password_mark(setup, master_password(setup))
    quick = setup.settings.files.quick_master
    newest = runs[0].id if runs else 0
    cases = outputs.get(CASES)  # other settings of the search find others without any run
    fingerprint = _hash(newest, cases, forms.digest, setup.settings.period, review, townships, read, lock, quick)
    return _file(MASTER, "县级总台账", path, fingerprint, outputs.get(MASTER))


def _feedback(
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
    sources: Mapping[str, KnownSource],
    outputs: Mapping[str, Output],
) -> Iterator[tuple[_File, WantedFeedback]]:
    """Each township's feedback: the file, and what is to stand in it."""
    targets = _targets(setup)
    by_township: dict[str, list[Problem]] = defaultdict(list)
    for known in problems:
        by_township[known.township].append(known.problem)
    for township in setup.townships:
        told = [*by_township[township.code], *shared.get(township.code, ())]
        source = sources.get(township.code)
        digest = source.digest if source else ""
        reached = source and digest and source.status not in DOWN | UNREAD
        item = item_kept(setup.folder, township.code, source.path) if source and reached else None
        made_at = local(source.read_at) if source and source.read_at else datetime(2000, 1, 1)
        name = f"feedback/{township.code}"
        password = feedback_password(setup, township)
        fingerprint = _hash(township.name, digest, forms.digest, told, password_mark(setup, password))
        file = _file(name, f"{township.name}校验反馈", targets[name], fingerprint, outputs.get(name))
        yield file, WantedFeedback(township, item, digest, told, made_at, password)


def _may_lie(file: _File) -> tuple[bytes, ...]:
    """Those of the known digests that the file under its own name can still have."""
    try:
        found = digest_of(file.target)
    except PermissionError:
        return file.known
    # What waited beside and never came to its place is forgotten, or the list would grow for as long as the way is barred.
    return (found,) if found in file.known else file.known[:1]


def _put(store: Store, ready: Sequence[tuple[_File, Prepared]]) -> list[Publication]:
    """Installs what was made. The digests are stored first: a run killed in between must know its own files again."""

    def output(file: _File, fingerprint: str, digests: Iterable[bytes]) -> Output:
        return Output(file.name, fingerprint, " ".join(digest.hex() for digest in digests))

    if not ready:
        return []
    known = [(*(d for d in _may_lie(file) if d != prepared.digest), prepared.digest) for file, prepared in ready]
    store.published(*(output(file, "", digests) for (file, _), digests in zip(ready, known, strict=True)))
    told, done = [], []
    installed = install_all([(prepared, digests) for (_, prepared), digests in zip(ready, known, strict=True)])
    for (file, _), digests, published in zip(ready, known, installed, strict=True):
        fingerprint = file.fingerprint if published.path else ""
        done.append(output(file, fingerprint, digests[-1:] if published.settled else digests))
        told.append(_told(file, published))
    store.published(*done)
    return told


def _make(
    makings: Sequence[_Making], setup: CountySetup, forms: Forms, source: Places, spool: Spool, crew: Crew
) -> Iterator[tuple[_File, Prepared | Failure]]:
    """What is due, made side by side; without the feedback on workbooks that changed since they were read.

    Raises OSError, TaizhangError.
    """
    limits = setup.settings.limits
    reading = Limits(seconds=limits.seconds, memory_mb=limits.memory_mb)
    patient = replace(reading, seconds=limits.seconds * PATIENCE)
    calls = source.in_turn((one.item, (one.wanted, one.file.target)) for one in makings)
    for index, outcome in crew.run_all(Maker(setup, forms, source, spool, reading), calls, patient, limits.jobs):
        if isinstance(outcome, OSError | TaizhangError):
            raise outcome
        if outcome is not None:
            yield makings[index].file, outcome


def _all_done(setup: CountySetup, outputs: Mapping[str, Output], fingerprint: str) -> bool:
    """Whether an earlier run has published everything that follows from what the store holds, and it lies where it was put.

    This spares a pass with nothing changed from reading the store.
    """
    if EVERYTHING not in outputs or outputs[EVERYTHING].fingerprint != fingerprint:
        return False
    files = (_file(name, "", target, "", outputs.get(name)) for name, target in _targets(setup).items())
    return all(len(file.known) == 1 and _lies(file.target, file.known[0]) for file in files)


def _lies(target: Path, digest: bytes) -> bool:
    try:
        return digest_of(target) == digest
    except PermissionError:  # somebody has it open: nobody else can have replaced it
        return True


def publish_outputs(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    source: Places,
    spool: Spool,
    crew: Crew,
    shared: Mapping[str, Sequence[Problem]],
) -> tuple[Publication, ...]:
    """Publishes what is out of date; nothing is written that has not changed (law 1).

    `spool` holds the workbooks that this run has read, `crew` makes what is due, `shared` are the problems between townships, by township. A file
    that has to wait beside because its own place is taken is told in every run. Raises TaizhangError if a folder cannot be
    written.
    """
    sources, outputs = store.sources(), store.outputs()
    master = _master(setup, forms, store.runs(1), sources, outputs)
    if _all_done(setup, outputs, master.fingerprint):
        return ()
    problems = store.problems()
    feedback = list(_feedback(setup, forms, problems, shared, sources, outputs))
    told: list[Publication] = []
    ready: list[tuple[_File, Prepared]] = []
    due = set()
    try:
        setup.path(setup.settings.files.feedback).mkdir(parents=True, exist_ok=True)
        for file in (master, *(file for file, _ in feedback)):
            if _is_current(file):
                continue
            match unmade(file.target, file.made, file.known):
                case Prepared() as waiting:
                    ready.append((file, waiting))
                case Published() as published:
                    told.append(_told(file, published))
                case None:
                    due.add(file.name)
        makings = [
            _Making(file, one, None if spool.holds(book_of(one.township.code, one.digest)) else one.item)
            for file, one in feedback
            if file.name in due
        ]
        with ExitStack() as stack:
            if MASTER in due:  # the longest comes first, so that the others fill the time beside it
                quick = setup.settings.files.quick_master
                shelf = stack.enter_context(borrowed(store, setup.folder)) if quick else None
                makings.insert(0, _Making(master, WantedMaster(problems, shared, shelf)))
            for file, made in _make(makings, setup, forms, source, spool, crew):
                if isinstance(made, Failure):
                    message = f"{file.label}：没有写成，请再运行一次。"
                    told.append(Publication(file.name, str(file.target), message, trouble=True))
                else:
                    ready.append((file, made))
        told += _put(store, ready)
        if due <= {file.name for file, _ in ready} and not any(one.trouble for one in told):
            store.published(Output(EVERYTHING, master.fingerprint, ""))
        return tuple(told)
    except OSError as error:
        what, cure = of_system(error)
        raise TaizhangError(
            f"写不了总台账或反馈：{what}", f"{cure}，再运行一次。已经入库的都在，总台账和反馈会补上。"
        ) from error
    finally:
        for _, prepared in ready:
            discard(prepared)

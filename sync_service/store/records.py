"""What goes into the store and what comes out of it, as plain records. Moments are UTC text: 2026-03-05T08:30:00Z."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sync_service.merge import Plan
from sync_service.store.review_records import Statement
from validators.checked import Rejected
from validators.problems import Problem

AWAITING = "待更正"
"""The row in the file is not valid; the last good version stands."""

HELD = "待确认"
"""The row vanished together with many others; the coordinator has to confirm."""

TOMBSTONE = "已删除|"
"""What the keys of erased versions begin with."""

READ = "ok"
"""The status of a workbook that nothing hinders."""

RunKind = Literal["sync", "undo", "confirm"]
EventKind = Literal["new", "changed", "gone", "reopened"]


@dataclass(frozen=True, slots=True)
class Source:
    """A township's workbook as it was last looked at.

    `size` is in bytes, `mtime_ns` in nanoseconds, `digest` is over the file, `setup` over the forms and settings that
    it was judged by. `read_at` is the moment of that reading, `status` "ok" or what hindered it.
    """

    township: str
    path: str
    size: int
    mtime_ns: int
    digest: str
    setup: str
    status: str
    read_at: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one township's workbook brought: a plan for each form, and all its problems.

    `statements` are what it means for the county's corrections, `rejected` the rows of which nothing can be stored; None
    if the workbook was not read.
    """

    source: Source
    plans: Sequence[Plan]
    problems: Sequence[Problem]
    statements: Sequence[Statement] = ()
    rejected: Sequence[Rejected] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did. `run` is the new run's number, or None if there was nothing to change.

    `at` is the moment that versions carry: the given one, or the last run's if the clock was set back since.
    """

    run: int | None
    at: str


@dataclass(frozen=True, slots=True)
class Undone:
    """A run that took another one's effect back, and the (form, township, key) that had changed again since and were left."""

    run: int
    left: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `undoes` is the number of the run whose effect it took back."""

    id: int
    kind: RunKind
    started_at: str
    finished_at: str
    note: str
    undoes: int | None


class Tally(NamedTuple):
    """One form of one township in one run, for trends. Problems of the workbook as a whole stand under form ""."""

    run: int
    township: str
    form: str
    rows: int
    new: int
    changed: int
    gone: int
    held: int
    errors: int
    warnings: int


class Row(NamedTuple):
    """A stored row. `since` is when this version came; file, sheet and row are where it stands, or stood when it came.

    `version` is the number of the version, by which what the coordinator writes beside the row finds it again.
    """

    township: str
    key: str
    payload: bytes
    since: str
    file: str
    sheet: str
    row: int
    marks: tuple[str, ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A problem that is in the open list now, and the run that first found it."""

    township: str
    problem: Problem
    first_run: int


class Event(NamedTuple):
    """One change of one row. `old` or `new` payload is None where there was or is no row; the place is that of `new`."""

    run: int
    run_kind: RunKind
    kind: EventKind
    at: str
    form: str
    township: str
    key: str
    old: bytes | None
    new: bytes | None
    file: str
    sheet: str
    row: int


class Conflict(NamedTuple):
    """The same row, or the same person, standing in several townships. `places` are (township, key)."""

    form: str
    subject: str
    places: tuple[tuple[str, str], ...]


class Move(NamedTuple):
    """A key that was closed in one township and stands in another."""

    form: str
    key: str
    origin: str
    destination: str
    closed_at: str
    opened_at: str


class Output(NamedTuple):
    """A published file.

    `digests` are those of all files of ours that may lie under its name, parted by spaces: several while one is being put there
    or has to wait beside. The last is that of the newest file, and `fingerprint` tells what that was made from; it is "" until
    the file has been put somewhere.
    """

    name: str
    fingerprint: str
    digests: str

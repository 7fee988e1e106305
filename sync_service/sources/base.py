"""What every source of workbooks offers, and the records that pass between a source and its caller."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from validators.problems import Problem, problem
from validators.raw import Range, RawBook
from workbook_templates.cells import CellError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one workbook may cost before it is refused; generous beside the 3,000 rows of a template.

    `seconds` of wall time and `memory_mb` MiB of memory bound the reading process. `rows` and `columns` bound where
    a sheet's last value may stand and `cells` the rectangle up to it, because a reader fills that rectangle.
    `unpacked_mb` MiB bounds what a zipped workbook may inflate to.
    """

    seconds: float = 60
    memory_mb: int = 1024
    rows: int = 100_000
    columns: int = 512
    cells: int = 5_000_000
    unpacked_mb: int = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """What a workbook looked like from outside. Two marks with the same `digest` stand for the same content.

    For a local file `digest` is the SHA-256 of its bytes; elsewhere it may be made of what the place says of its version
    (an etag, a size and a time), which is had without fetching the workbook. `mtime_ns` is the time of its last change in
    nanoseconds, or a number that moves with every change. It is 0 when a local file had changed so shortly before that a
    later change might not move its time: such a mark never equals a file's time, so the digest is compared next time.
    """

    size: int
    mtime_ns: int
    digest: bytes
    by_version: bool = field(default=False, compare=False)
    """The place moves its version on although nobody sees a change: what is kept then is the digest of the rows, and
    `size` and `mtime_ns` tell whether they have to be read at all."""


@dataclass(frozen=True, slots=True)
class Item:
    """A workbook that can be read now.

    `township` is its township's code, `name` what messages call it (城关镇.xlsx, or an online sheet's title), `place` where
    it lies, in words that only its source understands (a path, a URL), never with a password. `changed` is when it was
    last changed, in seconds since 1970, 0 if nobody knows.
    """

    township: str
    name: str
    place: str
    changed: float = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at one township's place gave: the workbook unless it must not be read now, and problems.

    `mark` is the workbook's mark where the look tells it by the way; otherwise `Source.mark` is asked.
    """

    township: str
    item: Item | None
    problems: tuple[Problem, ...] = ()
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet's own bytes say that the reader of its values does not. Positions are (row, column) from 1."""

    hidden_rows: frozenset[int] = frozenset()
    errors: Mapping[tuple[int, int], CellError] = field(default_factory=dict)
    merged: tuple[Range, ...] = ()


class Refused(Exception):  # noqa: N818 (a finding about the file, not a fault)
    """A workbook cannot be read; `problem` is what the clerk is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.message


class ItemBusy(Refused):
    """The workbook is open, or being saved: the next run tries again (F26, F27, F43)."""


class ItemGone(Refused):
    """The workbook is not where it was (F28). What is stored of it stands."""


class SourceDown(Refused):
    """The place as a whole cannot be reached (F41) or lets nobody in (F42): true of every workbook that lies there."""


class TooBigError(Exception):
    """A workbook exceeds a limit; the text names the limit in the clerk's words."""


class SuspectError(Exception):
    """A workbook holds what no clerk puts there, but who wants to harm its reader does."""


class Source(Protocol):
    """A place where townships' workbooks lie. Reading never changes anything there. It can be pickled.

    Refused, with its kinds ItemBusy, ItemGone and SourceDown, is all that a source ever raises.
    """

    def look(self) -> tuple[Found, ...]:
        """What lies there now, one record for each township. Never raises for the sake of one workbook.

        Raises SourceDown if the whole place cannot be reached. Where that takes a network, it is called in a process of
        its own.
        """

    def mark(self, item: Item, known: Mark | None) -> Mark:
        """The workbook's mark now. It is fetched only if it looks different from `known`.

        Raises Refused if the workbook cannot be reached.
        """

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The workbook's sheets. Raises Refused if it cannot be read. To be called in a process of its own."""


def unchanged(source: Source, item: Item, before: Mark) -> Mark:
    """The mark of a workbook that has been read since `before` was taken.

    Raises ItemBusy (F26, F43) if its content changed meanwhile: what was read may be half of two states.
    """
    after = source.mark(item, before)
    if after.digest != before.digest:
        raise ItemBusy(problem("F43" if after.by_version else "F26", {"file": item.name}))
    return after


def content_mark(mark: Mark, book: RawBook) -> Mark:
    """The mark by which a workbook that has been read is known again."""
    if not mark.by_version:
        return mark
    said = [(one.title, one.visible, sorted(one.hidden_rows), one.merged, [*one.rows]) for one in book.sheets]
    digest = hashlib.blake2b(repr((said, book.stamp)).encode("utf-8", "surrogatepass"), digest_size=32).digest()
    return Mark(mark.size, mark.mtime_ns, digest)

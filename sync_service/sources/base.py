"""What every source of workbooks offers, and the records that pass between a source and its caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
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
    """What a workbook looked like from outside; `digest` is the SHA-256 of its bytes.

    `mtime_ns` is 0 when the file had changed so shortly before that a later change might not move its time:
    such a mark never equals a file's time, so the digest is compared next time.
    """

    size: int
    mtime_ns: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """A workbook that can be read now: the township's code and where the file lies."""

    township: str
    path: Path


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at one township's place gave: the workbook unless it must not be read now, and problems."""

    township: str
    item: Item | None
    problems: tuple[Problem, ...] = ()


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


class TooBigError(Exception):
    """A workbook exceeds a limit; the text names the limit in the clerk's words."""


class Source(Protocol):
    """A place where townships' workbooks lie. Reading never changes anything there."""

    def look(self) -> tuple[Found, ...]:
        """What lies there now, one record for each township. Never raises for the sake of one workbook."""

    def mark(self, item: Item, known: Mark | None) -> Mark:
        """The workbook's mark now. Its bytes are read only if it looks different from `known`.

        Raises Refused if the workbook cannot be reached.
        """

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The workbook's sheets. Raises Refused if it cannot be read. To be called in a process of its own."""


def unchanged(source: Source, item: Item, before: Mark) -> Mark:
    """The mark of a workbook that has been read since `before` was taken.

    Raises Refused (F26) if its content changed meanwhile: what was read may be half of two states.
    """
    after = source.mark(item, before)
    if after.digest != before.digest:
        raise Refused(problem("F26", {"file": item.path.name}))
    return after

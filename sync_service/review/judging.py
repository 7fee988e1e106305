"""What the coordinator typed, compared with what stood there: is it news, and one thing only?"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from sync_service.review.history import Stated
from sync_service.review.subjects import unstamped
from sync_service.store.review_records import DONE, Statement, StatementKind

Cells = tuple[str, str, str]
NOTHING: Cells = ("", "", "")


class Line(Protocol):
    """A line with input cells and what stood hidden beside them."""

    @property
    def stamp(self) -> str:
        """What stood beside the inputs."""

    @property
    def cells(self) -> Cells:
        """What is in the inputs: the choice or value, 处理人, 处理说明."""

    @property
    def place(self) -> str:
        """Where the line stands, for a message."""


class News(NamedTuple):
    """What is newly said of a subject: in `cells`, under `stamp`. `places` are several if they contradict each other."""

    cells: Cells
    stamp: str
    places: tuple[str, ...]


def shown_before(stated: Stated, kind: StatementKind, subject: str, stamp: str) -> Statement | None:
    """The statement that stood in the input cells when this master was made."""
    _, number = unstamped(stamp)
    return next((one for one in stated.versions(kind, subject) if one.n == number), None)


def news(stated: Stated, kind: StatementKind, subject: str, lines: Iterable[Line]) -> News | None:
    """What the lines say that is new. None where they hold what stood there, or what has been read from them already.

    A line that is missing says nothing. A master that was saved several times, or an older one, repeats itself only.
    """
    newest = stated.newest(kind).get(subject)
    found: dict[Cells, list[Line]] = {}
    for line in lines:
        before = shown_before(stated, kind, subject, line.stamp)
        if line.cells not in {before.cells if before else NOTHING, newest.cells if newest else NOTHING}:
            found.setdefault(line.cells, []).append(line)
    if not found:
        return None
    typed = sorted(found)
    cells = typed[0] if len(typed) == 1 else _together(typed)
    stamp = " ".join(sorted({line.stamp for same in found.values() for line in same}))
    if newest and (newest.choice, newest.hand, newest.note, newest.stamp) == (*cells, stamp):
        return None
    places = [line.place for same in found.values() for line in same] if len(typed) > 1 else []
    return News(cells, stamp, tuple(places))


def _together(typed: Sequence[Cells]) -> Cells:
    choices, hands, notes = (" / ".join(dict.fromkeys(one)) for one in zip(*typed, strict=True))
    return choices, hands, notes


def stands_still(stated: Stated, kind: StatementKind, subject: str, stamp: str) -> bool:
    """Whether what was in force stood in the cells, so that clearing or changing them is meant for it."""
    force = stated.in_force(kind).get(subject)
    before = shown_before(stated, kind, subject, stamp)
    return bool(force and before and (before.n == force.n or before.state != DONE))

"""What the store keeps of the coordinator's work, as plain records."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

StatementKind = Literal["case", "correction", "review", "stray"]
DONE, REFUSED, STALE, CLEARED, ENDED = "done", "refused", "stale", "cleared", "ended"
"""States of a statement: carried out; not taken, and still to be seen in the input cells; not taken because what it was about
has changed since; taken back by the coordinator; over by itself (a township took a correction over)."""

ActKind = Literal["drop", "delete", "reopen", "keep", "hold", "write", "refuse"]


class Statement(NamedTuple):
    """One thing that the coordinator wrote (or that followed by itself, `hand` ""), as a version: a later one of the same
    `subject` takes its place, and none is ever changed.

    `choice`, `hand` and `note` are what stood in the input cells, `stamp` what stood beside them. `detail` is what its kind
    needs besides, as JSON holds it. `n`, `run` and `at` are given when it is stored.
    """

    kind: StatementKind
    subject: str
    choice: str
    hand: str
    note: str
    stamp: str
    state: str
    outcome: str
    detail: Mapping[str, Any]
    n: int = 0
    run: int = 0
    at: str = ""

    @property
    def cells(self) -> tuple[str, str, str]:
        """What its input cells show in the next master: blank once it is void."""
        return (self.choice, self.hand, self.note) if self.state in {DONE, REFUSED} else ("", "", "")


class Act(NamedTuple):
    """Something that a decision does to a row.

    drop: the row is closed, and this content of it is not taken again. delete: a held row is closed. reopen: the row stands
    again as it was closed last, and nothing of it is refused. keep: the row stands although it vanished; hold takes that back
    or holds a row. write: the row's content becomes `payload`. refuse: the content that stands now is not taken again.
    """

    kind: ActKind
    form: str
    township: str
    key: str
    payload: bytes = b""


class StoredCase(NamedTuple):
    """A case as the store keeps it between two runs. `sides` and `choices` are JSON."""

    id: str
    kind: str
    code: str
    sides: str
    why: str
    choices: str
    shown: str
    since: str

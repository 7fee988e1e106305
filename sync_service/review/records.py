"""Cases, decisions, corrections and reviews as plain records: what the master shows, and what comes back from it.

Moments of the store are UTC text; those of the `…Line` records, which the master shows, are local time without a zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Choice = Literal["采用甲", "采用乙", "两者保留", "不是同一人", "确认删除", "恢复", "已迁移", "退回更正"]
CaseKind = Literal["person", "row", "double", "correction", "held", "move", "reviewed"]
"""The same person in two townships, the same row (a payment) from two, likely the same person, a corrected cell that the
township changed too; a held deletion, a move between townships, a row changed after its form was reviewed."""

LineState = Literal["待处理", "已处理", "没有采用", "请再看一遍"]
CorrectionState = Literal["已更正", "已采纳", "有冲突", "已撤销", "没有采用"]
ReviewState = Literal["未审核", "已审核", "审核后有变更"]

CONFLICTS: frozenset[CaseKind] = frozenset(["person", "row", "double", "correction"])
"""The kinds of cases that stand in 重复与冲突; the others stand in 待确认."""

OFFERED: Mapping[CaseKind, tuple[Choice, ...]] = {
    "person": ("采用甲", "采用乙", "两者保留", "不是同一人", "退回更正"),
    "row": ("采用甲", "采用乙", "两者保留", "退回更正"),
    "double": ("采用甲", "采用乙", "两者保留", "不是同一人", "退回更正"),
    "correction": ("采用甲", "采用乙", "退回更正"),
    "held": ("确认删除", "恢复", "退回更正"),
    "move": ("已迁移", "退回更正"),
    "reviewed": ("采用甲", "采用乙", "退回更正"),
}
"""What may be chosen in each kind of case. A likely double whose two rows stand in different forms offers no 采用."""

Values = Mapping[str, str | int | float]


class Side(NamedTuple):
    """One of the two rows of a case, with its values by column id and where it stands, or stood, in its township's file."""

    township: str
    form: str
    key: str
    values: Values
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Case:
    """Something for the coordinator to settle.

    `id` is the same in every run; `code` is that of the catalogue (J01, L02, J17 …). `sides` are 甲 and 乙, or 甲 alone.
    In a case of kind correction 甲 is the row as the county corrected it, 乙 as the township has it now; in one of kind
    reviewed 甲 is the row as it was reviewed, 乙 as it is now (a row that is new or gone has one side with no values).
    `why` says in Chinese why it is asked. `shown` changes when what the decision is about changes.
    """

    id: str
    kind: CaseKind
    code: str
    sides: tuple[Side, ...]
    why: str
    choices: tuple[Choice, ...]
    shown: str
    since: str = ""

    @property
    def differing(self) -> tuple[str, ...]:
        """The ids of the columns in which the two sides differ, sorted."""
        if len(self.sides) < 2:
            return ()
        left, right = (side.values for side in self.sides)
        return tuple(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as the master shows it: with what is in its input cells, and what came of that.

    `stamp` goes into the hidden column 校对码 as it is.
    """

    case: Case
    stamp: str
    state: LineState
    choice: str = ""
    hand: str = ""
    note: str = ""
    outcome: str = ""
    since: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction as the master shows it. `base` is what the township had, `theirs` what it has now, as people read them.

    `subject` tells the row (a name and the key). `value` is what stands in the input cell 更正为.
    """

    id: str
    stamp: str
    township: str
    form: str
    key: str
    subject: str
    column: str
    base: str
    theirs: str
    value: str
    hand: str
    note: str
    state: CorrectionState
    outcome: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One township's form in the present period. `mark` is what stands in the input cell 审核 ("" or 已审核).

    `rows` stand now, `changed` of them changed, came or went since they were reviewed.
    """

    id: str
    stamp: str
    township: str
    form: str
    state: ReviewState
    rows: int
    changed: int = 0
    mark: str = ""
    hand: str = ""
    note: str = ""
    outcome: str = ""
    at: datetime | None = None


class Stray(NamedTuple):
    """Something written in the master that belongs to no case, row or form: where, what it said, and what to do."""

    place: str
    said: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """All that the master's review sheets show. Newest first, and in the same order from run to run."""

    open: tuple[CaseLine, ...] = ()
    done: tuple[CaseLine, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    reviews: tuple[ReviewLine, ...] = ()
    strays: tuple[Stray, ...] = ()

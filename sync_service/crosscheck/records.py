"""What a crosscheck finds, as plain records."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Result = Literal["已申请", "在册未申请", "疑似匹配", "查无此人", "已去世"]
"""What becomes of somebody on the roster of those who were given work (domain: 历年安排工作退役人员交叉比对)."""
RESULTS: tuple[Result, ...] = ("已申请", "在册未申请", "疑似匹配", "查无此人", "已去世")
DONE = frozenset(["已申请", "已去世"])
"""Results after which nobody has to be told any more."""
PLACED, PLACED_TITLE = "placed", "社保接续未通知"


class Whom(NamedTuple):
    """Who somebody is and how he or she is reached; "" where nobody says it. `visited` is the day of the last visit.

    `township` is the code of the township that it is for, "" if no roster tells. The ID number is whole.
    """

    name: str
    number: str
    township: str = ""
    village: str = ""
    phone: str = ""
    visited: str = ""


class Likeness(NamedTuple):
    """Somebody who may be the same person: where the row stands (form's title and row number), and the reason."""

    name: str
    township: str
    form: str
    row: int
    why: str


class Entry(NamedTuple):
    """Somebody on a list. `about` says what is known of the matter; `likely` who may be the same person elsewhere."""

    check: str
    whom: Whom
    about: str
    source: str
    likely: Likeness | None = None


class Placement(NamedTuple):
    """Somebody on the roster of those who were given work, and what was found.

    `said` is what the roster tells of the placement, `notified` what it tells of the notice, `basis` by what the result
    follows. `source` is where the roster has this row.
    """

    whom: Whom
    result: Result
    basis: str
    said: str
    notified: str
    source: str
    likely: Likeness | None = None

    @property
    def to_notify(self) -> bool:
        """Whether somebody has yet to be told: by the roster not told, or out of reach, and the matter is still open."""
        return self.result not in DONE and self.notified in {"", "未通知", "联系不上"}


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """What was found on a day: everybody on the roster, and the lists by the ids of their checks.

    `townships` are names by code. `roster` says which roster it was, `remarks` what is to be said of it.
    """

    county: str
    period: str
    day: str
    roster: str
    remarks: Sequence[str]
    townships: Mapping[str, str]
    titles: Mapping[str, str]
    placements: Sequence[Placement]
    entries: Sequence[Entry]

    @property
    def unnotified(self) -> Sequence[Placement]:
        """Who has yet to be told of the programme: nobody is missed when there is none."""
        return [one for one in self.placements if one.to_notify]

    def counts(self, township: str) -> Mapping[str, int]:
        """How many people of a township ("" for those of none) each list has, by its id."""
        counted = Counter(one.check for one in self.entries if one.whom.township == township)
        return counted | Counter({PLACED: sum(one.whom.township == township for one in self.unnotified)})

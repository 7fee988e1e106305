"""What the master workbook shows, as plain records. Moments are in the county's local time, without a zone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from sync_service.review.records import ReviewContent
from validators.problems import Problem
from workbook_templates.form import Form, Forms
from workbook_templates.place import County

NORMAL = "正常"
"""The state of a township whose workbook could be read."""


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """A township's line in 总览.

    `counts` are its current rows by the id of each form that it fills in, `expected` those that the county expects where it
    does. `last_pull` is when its workbook was last really read; `first_change` and `last_change` are when it changed its rows in this period. `errors` and
    `warnings` are the open ones. `blanks` of `required` cells that must be filled in are not. `idle` are its villages of
    which no form has a row. `state` is NORMAL or says what hinders reading. `trend` are its rows of all forms at the points
    of the county's trend.
    """

    code: str
    name: str
    counts: Mapping[str, int]
    last_pull: datetime | None = None
    errors: int = 0
    warnings: int = 0
    notices: int = 0
    state: str = NORMAL
    trend: tuple[int, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
    blanks: int = 0
    required: int = 0
    idle: tuple[str, ...] = ()
    first_change: datetime | None = None
    last_change: datetime | None = None


class TrendPoint(NamedTuple):
    """The county's open problems after a run."""

    at: datetime
    errors: int
    warnings: int


class MasterRow(NamedTuple):
    """A row of a merged sheet. `values` is the stored payload by column id; blanks are left out.

    `since` is from when on the row has stood in this form; `file`, `sheet` and `row` are where it stands or stood.
    `mark` is "", 待更正 or 待确认. `version` is the number by which the store knows the row again.
    """

    township: str
    values: Mapping[str, str | int | float]
    since: datetime
    file: str
    sheet: str
    row: int
    mark: str = ""
    version: int = 0


class RowBlock(NamedTuple):
    """The rows of one township on a merged sheet: how many, a text that changes with anything in them, and how to get them."""

    township: str
    total: int
    mark: str
    rows: Callable[[], Iterable[MasterRow]]


class TownshipProblem(NamedTuple):
    """A problem of a township. `file` is the path to its workbook from the master's folder; "" if there is none."""

    township: str
    file: str
    problem: Problem
    first_seen: datetime


class Change(NamedTuple):
    """One changed column of one row, or (`header` "") a row that came, went or came back.

    `form` is the form's title and `subject` the key or name to show. `old` and `new` are as the coordinator reads them.
    """

    run: int
    at: datetime
    township: str
    form: str
    subject: str
    what: Literal["新增", "变更", "关闭", "恢复"]
    header: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class MasterContent:
    """Everything that the master workbook shows. Equal contents give equal bytes.

    `made_at` is the moment up to which it is true, not when it was written; `townships` and `changes` come in the order in which
    they are shown, `rows` by form id. A form without rows is shown empty.
    """

    county: County
    period: str
    made_at: datetime
    forms: Forms
    townships: Sequence[TownshipLine]
    rows: Mapping[str, Sequence[RowBlock]]
    problems: Sequence[TownshipProblem] = ()
    changes: Sequence[Change] = ()
    trend: Sequence[TrendPoint] = ()
    deadline: date | None = None
    review: ReviewContent = field(default_factory=ReviewContent)

    @property
    def tables(self) -> tuple[Form, ...]:
        """The forms with a merged sheet: all but the cover."""
        return tuple(form for form in self.forms.values() if form.layout == "table")

    @property
    def names(self) -> Mapping[str, str]:
        """The townships' names by their codes."""
        return {line.code: line.name for line in self.townships}

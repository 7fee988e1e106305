"""The rules of a form: within a row, between rows of a sheet, and between sheets.

Every rule puts a problem `code` of the catalogue at a column `at`. A new rule may begin as a warning: with `error_from` it
is one until that day, and an error from then on. `severity` says how bad it is where it is not as the catalogue says.
`when` narrows a rule down to the rows for which it is true. Conditions are expressions (see workbook_templates.expression).
"""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbook_templates.catalogue import Severity, catalogue, no_code
from workbook_templates.errors import PartError, Wrong
from workbook_templates.place import Filler

OWN = "Z01"
"""The code of a rule that brings its own words: what only one county asks for."""


class Record(BaseModel):
    """A part of a form file: nothing in it may be unknown, and nothing changes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Record):
    """A rule within a row: the problem stands at `at` where `when` is true.

    With the code Z01, `message` and `cure` are what the clerk is told.
    """

    code: str
    at: str
    when: str = ""
    severity: Severity | None = None
    error_from: date | None = None
    message: str = ""
    cure: str = ""

    def severity_on(self, today: date) -> Severity:
        """How bad it is to break the rule on a day."""
        if self.error_from:
            return "error" if today >= self.error_from else "warning"
        return self.severity or catalogue()[self.code].severity

    @property
    def words(self) -> dict[str, object]:
        """The rule's own words for the catalogue's placeholders."""
        return {"message": self.message, "cure": self.cure} if self.code == OWN else {}

    @model_validator(mode="after")
    def _coded(self) -> Self:
        if self.code not in catalogue():
            raise PartError(Wrong(no_code(self.code), ("code",)))
        if (self.code == OWN) != bool(self.message and self.cure):
            raise PartError(Wrong(f'message 和 cure 只和 code = "{OWN}" 一起写，并且都要写', ("code",)))
        return self


class Target(Record):
    """Rows of the sheet `form` whose columns equal this row's as `match` says (own column = the other's), where `that`."""

    form: str
    match: dict[str, str] = Field(min_length=1)
    that: str = ""


class Lookup(Rule):
    """A rule between two sheets, or between a row and the other rows of its own sheet.

    The problem stands at `at` if `expect` is "some" and no row is found by the target (`form`, `match`, `that`) or any
    target in `also`; or if it is "none" and one is. A row does not find itself. Where "some" is expected, nothing follows
    from a sheet in which nothing is filled in yet.
    """

    form: str
    match: dict[str, str] = Field(min_length=1)
    that: str = ""
    also: tuple[Target, ...] = ()
    expect: Literal["some", "none"]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where rows are looked for, in order."""
        return (Target(form=self.form, match=self.match, that=self.that), *self.also)


class Repeat(Rule):
    """Rows that say the same thing: one problem at the first of them, naming all.

    Rows belong together if they agree in all of `same` (expressions; none may be blank). They are a problem if there are
    `least` of them; or, with `distinct`, if that column has `least` different values among them.
    """

    same: tuple[str, ...] = Field(min_length=1)
    distinct: str = ""
    least: int = Field(2, ge=2)


class Outlier(Rule):
    """An amount in `at` over `times` the median of the rows that agree in `same`, or under a `times`-th of it.

    Fewer than `least` such rows have no median to speak of.
    """

    same: tuple[str, ...] = Field(min_length=1)
    times: float = Field(10, gt=1)
    least: int = Field(5, ge=3)


class Coverage(Rule):
    """Each of `of` (or every village of the township) has a row that says it in `at`: one problem names those that have none.

    It is asked of those who fill the sheet in as `by`.
    """

    of: Literal["villages"] | tuple[str, ...]
    by: Filler = "township"

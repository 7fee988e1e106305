"""A column of a form, as its form file writes it down."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from workbook_templates.catalogue import Severity, catalogue, no_code
from workbook_templates.codes import code_lists
from workbook_templates.errors import PartError, Wrong, near
from workbook_templates.kinds import KINDS
from workbook_templates.kinds.base import Kind
from workbook_templates.rule import Record


class Column(Record):
    """One column. `kind` names the kind (see workbook_templates.kinds); the rest says how this column differs.

    `required_when` and `derive` are expressions (see workbook_templates.expression). A derived column is filled by a formula
    and compared with it where it was typed over. Where `required_when` is false a cell must be left blank (else M03), but for
    where `optional_when` is true. A cell that must be filled in and is not is reported as `missing`, else as
    M01 or M02; with `error_from` it is a warning until that day, for a column that has newly become required. `past` dates
    may not be later than today; `low` and `high` bound numbers, amounts (a warning from `high` on), and the age shown by an
    ID number. A `free` text is searched for what must not be written there: where troops stand (S02), illnesses (S04).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    header: str = Field(min_length=1)
    kind: str
    required: bool = False
    required_when: str = ""
    optional_when: str = ""
    missing: str = ""
    error_from: date | None = None
    derive: str = ""
    list: str = ""
    choices: tuple[str, ...] = ()
    choice_aliases: dict[str, str] = Field(default_factory=dict)
    min_length: int = 0
    max_length: int = 200
    free: bool = False
    low: float | None = None
    high: float | None = None
    negative: bool = False
    positive: bool = False
    earliest: str = Field("1920-01-01", pattern=r"^\d{4}-\d{2}(-\d{2})?$")
    past: bool = True
    hint: str = Field("", max_length=255)
    example: str = ""
    aliases: tuple[str, ...] = ()
    width: int | None = None

    @property
    def of(self) -> Kind:
        """The kind itself."""
        return KINDS[self.kind]

    @property
    def stored(self) -> bool:
        """Whether the column's values are kept."""
        return self.of.stored

    @property
    def sql(self) -> Literal["TEXT", "INTEGER", "REAL"]:
        """The type of its values in the store's views."""
        return self.of.sql

    @property
    def typed(self) -> bool:
        """Whether the clerk types into it (a running number or a derived column fills itself)."""
        return self.of.stored and not self.derive

    @property
    def absent(self) -> str:
        """The code of the problem that the cell must be filled in and is not."""
        return self.missing or ("M01" if self.required else "M02")

    def absence_on(self, today: date) -> Severity | None:
        """How bad that is on a day; None: as the catalogue says."""
        if self.error_from is None:
            return None
        return "error" if today >= self.error_from else "warning"

    @model_validator(mode="after")
    def _known(self) -> Self:
        wrongs = []
        if self.kind not in KINDS:
            wrongs.append(Wrong(f"没有“{self.kind}”这种列{near(self.kind, KINDS)}", ("kind",)))
        if self.list and self.list not in code_lists():
            wrongs.append(Wrong(f"没有“{self.list}”这张代码表{near(self.list, code_lists())}", ("list",)))
        if self.kind in {"enum", "multi"} and not (self.list or self.choices):
            wrongs.append(
                Wrong('这种列要写 list（代码表）或 choices（可选项），例如 choices = ["是", "否"]', ("kind",))
            )
        if self.missing and self.missing not in catalogue():
            wrongs.append(Wrong(no_code(self.missing), ("missing",)))
        if wrongs:
            raise PartError(*wrongs)
        return self

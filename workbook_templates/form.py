"""What a form is: its columns, its rules, and how to load it from a form file.

A form file is the only place where a column or a rule is written down; template, checks, views, master sheet and data
dictionary all derive from it.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workbook_templates.catalogue import Severity, catalogue
from workbook_templates.codes import code_lists
from workbook_templates.errors import FormError
from workbook_templates.expression import Expression, ExpressionError, parse_expression
from workbook_templates.kinds import KINDS
from workbook_templates.kinds.base import Kind
from workbook_templates.kinds.choices import Choice, choices_of
from workbook_templates.kinds.texts import folded

HEADERS: Mapping[str, Sequence[str]] = tomllib.loads((files(__package__) / "headers.toml").read_text("utf-8"))
"""Other headers that old workbooks use for a column, by column id; they hold in every form."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Column(_Record):
    """One column. `kind` names the kind (see workbook_templates.kinds); the rest says how this column differs.

    `required_when` and `derive` are expressions (see workbook_templates.expression). A derived column is filled by a formula
    and compared with it where it was typed over. `past` dates may not be later than today; `low` and `high` bound
    numbers, amounts (a warning from `high` on), and the age shown by an ID number.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    header: str = Field(min_length=1)
    kind: str
    required: bool = False
    required_when: str = ""
    derive: str = ""
    list: str = ""
    choices: tuple[str, ...] = ()
    choice_aliases: dict[str, str] = {}
    min_length: int = 0
    max_length: int = 200
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

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.kind not in KINDS:
            raise ValueError(f"没有“{self.kind}”这种列；可用的有：{'、'.join(KINDS)}")
        if self.list and self.list not in code_lists():
            raise ValueError(f"codes.toml 里没有“{self.list}”这张代码表")
        if self.kind in {"enum", "multi"} and not (self.list or self.choices):
            raise ValueError("要写 list（代码表）或 choices（可选项）")
        return self


class Rule(_Record):
    """A rule between the columns of one row: the problem `code` stands at column `at` where `when` is true."""

    code: str
    at: str
    when: str
    severity: Severity | None = None


class Lookup(_Record):
    """A rule between two sheets of one workbook.

    For each row where `when` is true, the rows of `form` are looked up whose columns equal this row's as `match` says (own
    column = the other's) and for which `that` is true. The problem `code` stands at column `at` if `expect` is "some" and
    there is none, or "none" and there is one.
    """

    code: str
    at: str
    form: str
    match: dict[str, str]
    expect: Literal["some", "none"]
    when: str = ""
    that: str = ""


class Form(_Record):
    """One sheet of the township workbook. `key` are the columns that tell one row from another.

    `person` is the column with the ID number of the person that a row is about; `recognise` are columns by which a row
    whose key was spoilt is known again. On a `roster` a person stands in one township of the county only. A cover has labels in column A and values in column B, and one row only.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    no: str
    title: str = Field(min_length=1, max_length=31)
    version: int = Field(ge=1)
    layout: Literal["table", "cover"] = "table"
    row: str
    key: tuple[str, ...] = Field(min_length=1)
    person: str = ""
    roster: bool = False
    recognise: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    columns: tuple[Column, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    lookups: tuple[Lookup, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Column]:
        """The columns by their ids."""
        return {column.id: column for column in self.columns}

    @cached_property
    def stored(self) -> Sequence[Column]:
        """The columns whose values are kept, in order."""
        return tuple(column for column in self.columns if column.stored)

    @cached_property
    def headers(self) -> Mapping[str, Column]:
        """Every header by which a column is known (folded), the form's own headers winning over aliases."""
        known: dict[str, Column] = {}
        for column in self.columns:
            for alias in (*column.aliases, *HEADERS.get(column.id, ())):
                known.setdefault(folded(alias), column)
        return known | {folded(column.header): column for column in self.columns}

    def expression(self, text: str, other: "Form | None" = None) -> Expression:
        """An expression over this form's columns (and `other`'s as other.x). Raises ExpressionError if it is none."""

        def group(name: str, wanted: str) -> Sequence[str] | None:
            column = self._column(name, other)
            return choices_of(column).groups.get(wanted) if column and isinstance(column.of, Choice) else None

        expression = parse_expression(text, group)
        for name in expression.names:
            if not self._column(name, other):
                raise ExpressionError(f"没有“{name}”这一列：{text}")
        for name, choice in expression.chosen:
            column = self._column(name, other)
            listed = column.of.codes(column).names if column and isinstance(column.of, Choice) else ()
            if column and listed and column.kind != "village" and choice not in listed:
                raise ExpressionError(f"“{column.header}”没有“{choice}”这个选项：{text}")
        return expression

    def _column(self, name: str, other: "Form | None") -> Column | None:
        if name.startswith("other."):
            return other.by_id.get(name.removeprefix("other.")) if other else None
        return self.by_id.get(name)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.by_id) < len(self.columns):
            raise ValueError("有两列的 id 相同")
        known = catalogue()
        for name in (*self.key, *self.recognise, *filter(None, [self.person])):
            if name not in self.by_id:
                raise ValueError(f"没有“{name}”这一列")
        for column in self.columns:
            for text in filter(None, (column.required_when, column.derive)):
                self._try(f"columns.{column.id}", text)
        for code, at in [(rule.code, rule.at) for rule in self.rules] + [(rule.code, rule.at) for rule in self.lookups]:
            if code not in known:
                raise ValueError(f"catalogue.toml 里没有“{code}”这条")
            if at not in self.by_id:
                raise ValueError(f"{code}：没有“{at}”这一列")
        for rule in self.rules:
            self._try(rule.code, rule.when)
        return self

    def _try(self, place: str, text: str) -> None:
        try:
            self.expression(text)
        except ExpressionError as error:
            raise ValueError(f"{place}：{error}") from error


class Forms(Mapping[str, Form]):
    """All forms by id, in the order of their numbers. `digest` changes with anything that a verdict depends on."""

    def __init__(self, forms: Sequence[Form], digest: str) -> None:
        self._forms = {form.id: form for form in sorted(forms, key=lambda form: form.no)}
        self.digest = digest

    def __getitem__(self, form_id: str) -> Form:
        return self._forms[form_id]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)

    @property
    def versions(self) -> dict[str, int]:
        """Each form's version, for the stamp."""
        return {form.id: form.version for form in self.values()}


def _load(path: Traversable) -> Form:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{path.name}：{error}") from error
    raw = {
        {"column": "columns", "rule": "rules", "lookup": "lookups"}.get(key, key): value for key, value in raw.items()
    }
    try:
        return Form.model_validate(raw)
    except ValidationError as error:
        lines = []
        for item in error.errors():
            where = ".".join(str(part + 1) if isinstance(part, int) else part for part in item["loc"])
            lines.append(f"{path.name} {where}：{item['msg'].removeprefix('Value error, ')}")
        raise FormError("\n".join(lines)) from error


def _joined(forms: Sequence[Form]) -> None:
    by_id = {form.id: form for form in forms}
    for form in forms:
        for lookup in form.lookups:
            other = by_id.get(lookup.form)
            try:
                if other is None:
                    raise ExpressionError(f"没有“{lookup.form}”这张表")
                for own, theirs in lookup.match.items():
                    if own not in form.by_id or theirs not in other.by_id:
                        raise ExpressionError(f"match 里没有“{own}”或“{theirs}”这一列")
                for text in filter(None, (lookup.when, lookup.that)):
                    form.expression(text, other)
            except ExpressionError as error:
                raise FormError(f"{form.id}.toml {lookup.code}：{error}") from error


def load_forms(folder: Path | None = None) -> Forms:
    """Every form in `folder`, or taizhang's own. Raises FormError naming the file and the place in it."""
    root: Traversable = folder or files(__package__) / "forms"
    paths = sorted((path for path in root.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    forms = [_load(path) for path in paths]
    _joined(forms)
    package = files(__package__)
    sources = [*paths, package / "codes.toml", package / "catalogue.toml", package / "headers.toml"]
    digest = hashlib.blake2b(b"\0".join(path.read_bytes() for path in sources), digest_size=16).hexdigest()
    return Forms(forms, digest)

"""What a form is: its columns, its rules, and how to load it from a form file.

A form file is the only place where a column or a rule is written down; template, checks, views, master sheet and data
dictionary all derive from it.
"""

import hashlib
import pickle
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, NamedTuple, Self
from weakref import WeakValueDictionary

from pydantic import ConfigDict, Field, ValidationError, model_validator

from workbook_templates.column import Column
from workbook_templates.errors import FormError, Mistake, PartError, Wrong, near
from workbook_templates.expression import Expression, ExpressionError, parse_expression
from workbook_templates.form_file import FormFile, read_form_file
from workbook_templates.form_names import names_between, names_within
from workbook_templates.form_sayings import Remainder, wrongs_of
from workbook_templates.kinds.choices import Choice, choices_of
from workbook_templates.kinds.resident_id import ResidentId
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Filler, Township
from workbook_templates.rule import Coverage, Lookup, Outlier, Record, Repeat, Rule

HEADERS: Mapping[str, Sequence[str]] = tomllib.loads((files(__package__) / "headers.toml").read_text("utf-8"))
"""Other headers that old workbooks use for a column, by column id; they hold in every form."""
STANDARD = files(__package__) / "forms"
"""taizhang's own form files."""


class Form(Record):
    """One sheet of a workbook, and who fills it in: the townships, the county bureau itself, or both.

    `key` are the columns that tell one row from another. One of them that need not be filled in may be blank, and counts as
    an empty part; where the form has `key_else`, that is the row's key then. Two different rows of one key are reported as
    `repeated`. `person` is the column with the ID number of the person that a row is about; `recognise` are columns by which
    a row whose key was spoilt is known again. On a `roster` a person stands in one township of the county only. A sheet has
    `room` for so many rows. A cover has labels in column A and values in column B, and one row only.
    """

    model_config = ConfigDict(ignored_types=(cached_property,))

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    no: str
    title: str = Field(min_length=1, max_length=31)
    version: int = Field(ge=1)
    layout: Literal["table", "cover"] = "table"
    filled_by: tuple[Filler, ...] = Field(("township",), min_length=1)
    row: str
    key: tuple[str, ...] = Field(min_length=1)
    key_else: tuple[str, ...] = ()
    repeated: str = "K01"
    person: str = ""
    roster: bool = False
    recognise: tuple[str, ...] = ()
    room: int = Field(3000, ge=50, le=3000)
    note: str = ""
    source: str = ""
    columns: tuple[Column, ...] = Field(min_length=1, alias="column")
    rules: tuple[Rule, ...] = Field((), alias="rule")
    lookups: tuple[Lookup, ...] = Field((), alias="lookup")
    repeats: tuple[Repeat, ...] = Field((), alias="repeat")
    outliers: tuple[Outlier, ...] = Field((), alias="outlier")
    coverages: tuple[Coverage, ...] = Field((), alias="coverage")

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

    @property
    def all_rules(self) -> Sequence[Rule]:
        """Every rule, of every sort, in the order in which rows are judged by them."""
        return (*self.rules, *self.lookups, *self.repeats, *self.outliers, *self.coverages)

    @property
    def _dates(self) -> Iterator[date | None]:
        yield from (column.error_from for column in self.columns)
        yield from (rule.error_from for rule in self.all_rules)

    @property
    def dates(self) -> Iterator[date]:
        """The days from which on something is an error that was a warning before."""
        return (day for day in self._dates if day)

    def expression(
        self, text: str, other: "Form | None" = None, parameters: Collection[str] = frozenset()
    ) -> Expression:
        """An expression over this form's columns (and `other`'s as other.x), and over `parameters` that whoever runs it gives.

        Raises ExpressionError if it is none.
        """
        known = (text, other.id if other else "", bool(parameters))
        if known not in self._expressions:
            self._expressions[known] = self._parsed(text, other, parameters)
        return self._expressions[known]

    @cached_property
    def _expressions(self) -> dict[tuple[str, str, bool], Expression]:
        return {}

    def _parsed(self, text: str, other: "Form | None", parameters: Collection[str]) -> Expression:
        def group(name: str, wanted: str) -> Sequence[str] | None:
            column = self._column(name, other)
            return choices_of(column).groups.get(wanted) if column and isinstance(column.of, Choice) else None

        expression = parse_expression(text, group)
        for name in expression.names:
            if name not in parameters and not self._column(name, other):
                owner = other if name.startswith("other.") else self
                known = owner.by_id if owner else ()
                raise ExpressionError(f"没有“{name}”这一列{near(name.removeprefix('other.'), known)}")
        for name, choice in expression.chosen:
            column = self._column(name, other)
            listed = column.of.codes(column).names if column and isinstance(column.of, Choice) else ()
            if column and listed and choice not in listed:
                raise ExpressionError(f"“{column.header}”没有“{choice}”这个选项：{text}")
        return expression

    def roomy(self, rows: int) -> "Form":
        """The form with room for `rows` that are there already, and for a fifth more."""
        needed = rows + rows // 5
        return self if needed <= self.room else self.model_copy(update={"room": needed})

    def derived_code(self, column: Column) -> str:
        """The code of the problem that a derived cell was typed over with something else."""
        sources = self.expression(column.derive).names
        return "I08" if any(isinstance(self.by_id[name].of, ResidentId) for name in sources) else "M14"

    def _column(self, name: str, other: "Form | None") -> Column | None:
        if name.startswith("other."):
            return other.by_id.get(name.removeprefix("other.")) if other else None
        return self.by_id.get(name)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if wrongs := tuple(names_within(self)):
            raise PartError(*wrongs)
        return self


def _place(form: Form) -> tuple[bool, bool, str]:
    """Where a form stands among others: the cover, then what is first of all the townships', then the county's."""
    return form.layout != "cover", form.filled_by[0] != "township", form.no


class Forms(Mapping[str, Form]):
    """Forms by id, in the order in which they stand in a workbook. `digest` changes with anything that a verdict depends on.

    A process that is sent forms which it has already goes on with its own, and with all that it has worked out from them.
    """

    def __init__(self, forms: Sequence[Form], digest: str) -> None:
        self._forms = {form.id: form for form in sorted(forms, key=_place)}
        self.digest = digest

    @cached_property
    def _pickled(self) -> bytes:
        return pickle.dumps([*self.values()], pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[object, ...]:
        return _unpickled, (self.digest, tuple(self), self._pickled)

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

    def of(self, township: Township) -> "Forms":
        """The forms that a township (or the county bureau) fills in."""
        return Forms([form for form in self.values() if township.filler in form.filled_by], self.digest)

    def stage(self, today: date) -> int:
        """How many dates are past from which on something is an error: what a verdict depends on besides the digest."""
        return sum(day <= today for form in self.values() for day in form.dates)


_unpickled_before: WeakValueDictionary[tuple[str, ...], Forms] = WeakValueDictionary()


def _unpickled(digest: str, ids: tuple[str, ...], pickled: bytes) -> Forms:
    forms = _unpickled_before.get((digest, *ids))
    if forms is None:
        forms = _unpickled_before[digest, *ids] = Forms(pickle.loads(pickled), digest)
    return forms


class ReadForms(NamedTuple):
    """Forms with the files that they stand in, by id, and every mistake in the files that were read."""

    forms: Mapping[str, tuple[Form, FormFile]]
    mistakes: Sequence[Mistake]


def _validated(file: FormFile) -> Form:
    """Raises FormError with every mistake that can be told."""
    try:
        return Form.model_validate(file.raw)
    except ValidationError as error:
        wrongs = [*wrongs_of(error, Form)]
    if rest := Remainder.of(file.raw, wrongs):
        try:
            Form.model_validate(rest.raw)
        except ValidationError as error:
            wrongs += map(rest.placed, filter(rest.is_news, wrongs_of(error, Form)))
    raise FormError([file.mistake(wrong) for wrong in wrongs])


def read_forms(paths: Iterable[Traversable]) -> ReadForms:
    """The forms in these files, a later one winning over an earlier one of the same id, and all that is wrong."""
    forms: dict[str, tuple[Form, FormFile]] = {}
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            file = read_form_file(path)
            form = _validated(file)
            other = forms.get(form.id)
            if other and other[1].folder == file.folder:
                mistakes.append(file.mistake(Wrong(f"{other[1].name} 的 id 也是“{form.id}”；请改其中一个", ("id",))))
            forms[form.id] = form, file
        except FormError as error:
            mistakes += error.mistakes
    by_id = {form.id: form for form, _ in forms.values()}
    # While a form cannot be read, it is no use to say of others that they are not there.
    vain = ("form",) if mistakes else ()
    for form, file in forms.values():
        mistakes += [file.mistake(wrong) for wrong in names_between(form, by_id) if wrong.place[-1] not in vain]
    return ReadForms(forms, sorted(mistakes, key=lambda mistake: (mistake.path, mistake.line)))


def form_paths(folder: Traversable) -> list[Traversable]:
    """The form files in a folder, by name."""
    return sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)


def load_forms(folder: Path | None = None, own: Path | None = None) -> Forms:
    """Every form in `folder`, or taizhang's own, and those in `own`, which win over others of the same id.

    Raises FormError naming each mistake with its file and line.
    """
    paths = form_paths(folder or STANDARD) + (form_paths(own) if own else [])
    found = read_forms(paths)
    if found.mistakes:
        raise FormError(found.mistakes)
    package = files(__package__)
    sources = [*paths, package / "codes.toml", package / "catalogue.toml", package / "headers.toml"]
    digest = hashlib.blake2b(b"\0".join(path.read_bytes() for path in sources), digest_size=16).hexdigest()
    return Forms([form for form, _ in found.forms.values()], digest)

"""What is asked of the rosters: the lists of checks.toml."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from workbook_templates.rule import Record, Target


class Sought(Target):
    """Where a row is looked for: by the target itself or, failing that, by one in `also`."""

    also: tuple[Target, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where rows are looked for, in order."""
        return (self, *self.also)


class Asked(Record):
    """Rows of `form` where `where`, that find a row in each of `some` and in none of `none`.

    `show` are columns that help whoever follows it up, `sum` an amount that is added up for each person.
    """

    form: str
    where: str
    show: tuple[str, ...] = ()
    sum: str = ""
    some: tuple[Sought, ...] = ()
    none: tuple[Sought, ...] = ()


class ListCheck(Record):
    """One list: `meaning` says who is on it, `ask` what the township is to do about it.

    Of a form in `dated` only the rows count whose date in that column lies in the period. `likely` is the form in which a person
    who was not found may stand under a number that was typed wrongly; with `unless_likely` such a person is left out, because
    another list tells of him or her already.
    """

    id: str
    title: str = Field(min_length=1, max_length=20)
    meaning: str
    ask: str
    likely: str = ""
    unless_likely: bool = False
    dated: dict[str, str] = Field(default_factory=dict)
    of: tuple[Asked, ...] = Field(min_length=1)


class _File(Record):
    check: tuple[ListCheck, ...]


@cache
def list_checks() -> tuple[ListCheck, ...]:
    """Every list, in the order of checks.toml."""
    text = (files(__package__) / "checks.toml").read_text("utf-8")
    return _File.model_validate(tomllib.loads(text)).check

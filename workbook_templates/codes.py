"""Code lists: what may be chosen, by which standard, and the other ways in which clerks write it."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter


class CodeList(BaseModel):
    """One list. `items` are (code, name) in the standard's order; clerks see and choose names.

    `aliases` lead from other writings to names. A writing with two readings (义务兵 as a category) is never guessed: it is
    `ambiguous`, with the names it may mean, or the words that say what to choose where no name can be told.
    `groups` are named parts of the list that rules and figures speak of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: str
    items: tuple[tuple[str, str], ...]
    aliases: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...] | str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(name for _, name in self.items)


@cache
def code_lists() -> dict[str, CodeList]:
    """Every code list by its id."""
    text = (files(__package__) / "codes.toml").read_text("utf-8")
    return TypeAdapter(dict[str, CodeList]).validate_python(tomllib.loads(text))

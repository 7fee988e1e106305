"""The catalogue of problems: each code once, with its severity and its words."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

Severity = Literal["error", "warning", "notice"]


class Entry(BaseModel):
    """One code: what is wrong, how to mend it, and the few words that fit into a status cell.

    `message` and `cure` may hold placeholders in braces that are filled in from the place and the finding.
    `example` fills them for the handbook.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    message: str
    cure: str = ""
    short: str = ""
    example: dict[str, str | int | float] = {}


@cache
def catalogue() -> dict[str, Entry]:
    """Every code with its entry, in the order of the catalogue file."""
    text = (files(__package__) / "catalogue.toml").read_text("utf-8")
    return TypeAdapter(dict[str, Entry]).validate_python(tomllib.loads(text))


def no_code(code: str) -> str:
    """What is said of a code that the catalogue does not have."""
    return f"问题目录里没有“{code}”这个代码；请从问题目录里选一个，或者用 Z01，自己写 message 和 cure"

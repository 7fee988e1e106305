"""What can go wrong with form files, and how it is told: the file, the line, what is wrong, what to write instead."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, NamedTuple


class Wrong(NamedTuple):
    """Something wrong in a form file, in Chinese with its cure. `place` leads to it: ("column", 3, "kind")."""

    text: str
    place: tuple[str | int, ...] = ()


class PartError(ValueError):
    """A part of a form that cannot be as it is; the places of `wrongs` start from that part."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__("\n".join(wrong.text for wrong in wrongs))
        self.wrongs = wrongs


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake on a line of a form file. `part` names the table around it: [[column]] village."""

    path: str
    line: int
    part: str
    text: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{PurePath(self.path).name} 第 {self.line} 行{' ' * bool(self.part)}{self.part}：{self.text}"


class FormError(Exception):
    """Form files that cannot be used; the message has a line for each mistake, with the file and the place in it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


MANY = 20
"""So many names are too many to list in a message."""


def near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, as the end of a message: ；是不是 village？ Without one, all if they are few."""
    listed = list(known)
    if close := difflib.get_close_matches(word, listed, n=1):
        return f"；是不是 {close[0]}？"
    return f"；可用的有：{'、'.join(listed)}" if 0 < len(listed) <= MANY else "；请核对后改正"

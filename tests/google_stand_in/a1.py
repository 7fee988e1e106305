"""Ranges as people write them (退役军人!A1:B2) and as the API counts them."""

import re
from dataclasses import dataclass
from typing import Any

from workbook_templates.sheet import letter

Json = dict[str, Any]
_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]+)?")
_BARE_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


@dataclass(frozen=True)
class Box:
    """Cells of a sheet; rows and columns count from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def number_of(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for char in letters.upper():
        number = number * 26 + ord(char) - 64
    return number


def quoted(title: str) -> str:
    """A sheet's title as ranges need it."""
    if _BARE_TITLE.fullmatch(title) and not _LOOKS_LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def split(text: str) -> tuple[str | None, str | None]:
    """The title and the cells of a range; None for what it does not name, and for what is no range at all."""
    if text.startswith("'"):
        found = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        return (found[1].replace("''", "'"), found[2]) if found else ("", text)
    if "!" in text:
        title, cells = text.rsplit("!", 1)
        return title, cells
    return None, text


def parse(cells: str) -> tuple[int | None, int | None, int | None, int | None] | None:
    """Top, left, bottom and right of A1:B2, None where it is open; None if it is no range."""
    ends: list[tuple[int | None, int | None]] = []
    for part in cells.split(":"):
        found = _CELL.fullmatch(part)
        if not part or not found:
            return None
        ends.append((int(found[2]) if found[2] else None, number_of(found[1]) if found[1] else None))
    if len(ends) == 1 and None not in ends[0]:
        ends *= 2
    if len(ends) != 2:
        return None
    (top, left), (bottom, right) = ends
    if top and bottom and bottom < top:
        top, bottom = bottom, top
    if left and right and right < left:
        left, right = right, left
    return top, left, bottom, right


def written(title: str, box: Box) -> str:
    """The range as the API writes it back."""
    first, last = f"{letter(box.left)}{box.top}", f"{letter(box.right)}{box.bottom}"
    return f"{quoted(title)}!{first if first == last else f'{first}:{last}'}"

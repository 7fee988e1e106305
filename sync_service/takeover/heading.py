"""The header of an old register: which rows it takes, and what each column is called, on one level or several."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from validators.header import SEARCHED_ROWS, column_of
from validators.raw import Range, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Form
from workbook_templates.kinds.base import SPACES, plain_text

FEWEST_KNOWN, FEWEST_TEXTS = 2, 3
"""How many known headers make a header row; and, where there are none, how many short texts."""
DEEPEST = 4
LONGEST = 20
_NO_HEADER = re.compile(r"\d{3,}|[:：]")


@dataclass(frozen=True, slots=True)
class OldColumn:
    """A column of an old sheet at position `j` (from 0): its `own` name, and those of the levels above, outermost first."""

    j: int
    own: str
    above: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """Its names from the outermost level in."""
        return (*self.above, self.own)

    @property
    def name(self) -> str:
        """The column as a person names it: 户籍／地址."""
        return "／".join(self.levels) if self.own else f"第 {self.j + 1} 列（没有列名）"

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be known by: all levels together (户籍地址), then its own name."""
        return tuple(dict.fromkeys(filter(None, ("".join(self.levels), self.own))))


@dataclass(frozen=True, slots=True)
class Heading:
    """The header's rows, from `first` to `last`, and every column that has a name or a cell below."""

    first: int
    last: int
    columns: tuple[OldColumn, ...]


def _text(cell: Raw) -> str:
    return SPACES.sub("", plain_text(cell))


def _row(sheet: RawSheet, number: int) -> Sequence[Raw]:
    return sheet.rows[number - 1] if 1 <= number <= len(sheet.rows) else ()


def _known(form: Form, sheet: RawSheet, number: int) -> int:
    return sum(1 for cell in _row(sheet, number) if column_of(form, cell))


def _texts(sheet: RawSheet, number: int) -> int:
    """How many short texts the row holds; 0 if anything else stands in it."""
    filled = [cell for cell in _row(sheet, number) if cell is not None]
    short = all(isinstance(cell, str) and len(cell) <= LONGEST and not _NO_HEADER.search(cell) for cell in filled)
    return len(filled) if short else 0


def _best(count: Callable[[int], int], least: int) -> int | None:
    """The row for which `count` is highest, the first of several."""
    best, number = max((count(number), -number) for number in range(1, SEARCHED_ROWS + 1))
    return -number if best >= least else None


def _names_groups(sheet: RawSheet, number: int) -> bool:
    """Whether a row holds names of groups: texts that lie over several columns each."""
    texts = _texts(sheet, number)
    wide = [area for area in sheet.merged if area.first_row == area.last_row == number]
    return texts >= FEWEST_KNOWN and any(area.last_column > area.first_column for area in wide)


def _levels(form: Form, sheet: RawSheet, number: int) -> tuple[int, int]:
    """The first and the last row of the header of which `number` is one."""
    first = last = number
    for _ in range(DEEPEST):
        tall = [
            area
            for area in sheet.merged
            if area.first_row < area.last_row < area.first_row + DEEPEST
            and area.first_row <= last
            and area.last_row >= first
        ]
        first = min([first, *(area.first_row for area in tall)])
        last = max([last, *(area.last_row for area in tall)])
    if first > 1 and (_known(form, sheet, first - 1) >= FEWEST_KNOWN or _names_groups(sheet, first - 1)):
        first -= 1
    if _known(form, sheet, last + 1) >= FEWEST_KNOWN or (
        first == last and _names_groups(sheet, last) and _texts(sheet, last + 1) >= FEWEST_KNOWN
    ):
        last += 1
    return first, last


def _spread(sheet: RawSheet, first: int, last: int, width: int) -> list[list[str]]:
    """The header's texts, level by level, where those that lie over several columns stand in each of them."""
    levels = [
        [_text(row[j]) if j < len(row) else "" for j in range(width)]
        for row in (_row(sheet, number) for number in range(first, last + 1))
    ]
    for area in _wide(sheet, first, last):
        level = levels[area.first_row - first]
        level[area.first_column - 1 : area.last_column] = [level[area.first_column - 1]] * (
            area.last_column - area.first_column + 1
        )
    return levels


def _wide(sheet: RawSheet, first: int, last: int) -> list[Range]:
    return [area for area in sheet.merged if first <= area.first_row <= last and area.last_column > area.first_column]


def find_heading(form: Form, sheet: RawSheet) -> Heading | None:
    """The header of an old register that is to become `form`; None if no row looks like one."""
    number = _best(lambda n: _known(form, sheet, n), FEWEST_KNOWN) or _best(lambda n: _texts(sheet, n), FEWEST_TEXTS)
    if number is None:
        return None
    first, last = _levels(form, sheet, number)
    width = max(map(len, sheet.rows[first - 1 :]), default=0)
    levels = _spread(sheet, first, last, width)
    filled = {j for row in sheet.rows[last:] for j, cell in enumerate(row) if cell is not None}
    columns = []
    for j in range(width):
        texts = list(dict.fromkeys(filter(None, (level[j] for level in levels))))
        if texts or j in filled:
            columns.append(OldColumn(j, texts[-1] if texts else "", tuple(texts[:-1])))
    return Heading(first, last, tuple(columns))

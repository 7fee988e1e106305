"""What a reader hands over: sheets as the clerk sees them, not yet understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_templates.cells import Raw
from workbook_templates.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells; rows and columns count from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet. `rows[0]` is row 1 as the clerk sees it and its first cell is column A; blank cells are None.

    Rows may have different lengths. `merged` cells hold their value in the top left cell only.
    """

    title: str
    rows: Sequence[Sequence[Raw]]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class RawBook:
    """One workbook: its file name, its sheets in order, and the stamp if it carries one.

    `notices` are problem codes with their arguments that the reader itself has to report (an old file format).
    `from_1904`: the workbook counts days from 1904 on; dates are converted, but a bare number may be such a day's.
    `lists` are the rows of the hidden sheet of lists, where a reader tells them.
    """

    name: str
    sheets: tuple[RawSheet, ...]
    stamp: Stamp | None = None
    notices: tuple[tuple[str, dict[str, object]], ...] = ()
    from_1904: bool = False
    lists: Sequence[Sequence[object]] = ()

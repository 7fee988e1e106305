"""What every reader makes of the cells that it finds, so that a workbook says the same in every format."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from sync_service.sources.base import TooBigError
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.printable import printable
from workbook_templates.sheet import DICTIONARY
from workbook_templates.stamp import Stamp, parse_stamp

_LONGEST = 32_767
"""Characters in a cell: Excel and WPS take no more."""
_BLANKS = frozenset(["", None])


def _plain(value: Raw) -> Raw:
    """A value as every format gives it: blank is None, whole numbers are ints, midnights are dates. Raises TooBigError."""
    match value:
        case "" | None:
            return None
        case float() if value.is_integer():
            return int(value)
        case datetime() if value.time() == time.min:
            return value.date()
        case str() if len(value) > _LONGEST:
            raise TooBigError(f"有一格超过 {_LONGEST} 字")
    return value


def _line(row: Sequence[Raw]) -> list[Raw]:
    """A row's values. Most rows of a template are blank and most cells are texts: those are told without a look at each."""
    if _BLANKS.issuperset(row):
        return []
    return [(value or None) if type(value) is str and len(value) <= _LONGEST else _plain(value) for value in row]


def trimmed(
    rows: Iterable[Sequence[Raw]], errors: Mapping[tuple[int, int], CellError] | None = None
) -> list[tuple[Raw, ...]]:
    """The rows without trailing blanks; `errors` are put in by (row, column) from 1.

    Raises TooBigError if a cell holds more than any program lets anybody type.
    """
    cells = [_line(row) for row in rows]
    for (row, column), error in sorted((errors or {}).items()):
        cells.extend([] for _ in range(row - len(cells)))
        line = cells[row - 1]
        line.extend(None for _ in range(column - len(line)))
        line[column - 1] = error
    for line in cells:
        while line and line[-1] is None:
            line.pop()
    while cells and not cells[-1]:
        cells.pop()
    return [tuple(line) for line in cells]


def _telling(page: RawSheet) -> RawSheet:
    """The sheet under a title that can be told, with those hidden rows that hold something: a filter hides empty rows too,
    and formats differ in which."""
    hidden = frozenset(row for row in page.hidden_rows if row <= len(page.rows) and page.rows[row - 1])
    return replace(page, title=printable(page.title), hidden_rows=hidden)


def bound(
    name: str,
    sheets: Iterable[RawSheet],
    notices: tuple[tuple[str, dict[str, object]], ...] = (),
    stamp: Stamp | None = None,
    *,
    from_1904: bool = False,
) -> RawBook:
    """The workbook of these sheets, without the sheet of lists, whose first cell is the stamp.

    `stamp` is the workbook's where the reader found it elsewhere: it holds if that sheet is gone.
    """
    pages = tuple(map(_telling, sheets))
    lists: Sequence[Sequence[Raw]] = ()
    for page in pages:
        if page.title == DICTIONARY and page.rows and page.rows[0] and isinstance(page.rows[0][0], str):
            found = parse_stamp(page.rows[0][0])
            stamp, lists = found or stamp, page.rows if found else ()
    shown = tuple(page for page in pages if page.title != DICTIONARY or (page.visible and not lists))
    return RawBook(name, shown, stamp, notices, from_1904, lists)

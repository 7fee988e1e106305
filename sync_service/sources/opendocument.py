"""What an .ods says in its XML and the fast reader does not tell: error cells, hidden rows, merged cells."""

import html
import re
from collections.abc import Iterator

from sync_service.sources.archive import check_extent, open_archive, part_of
from sync_service.sources.base import Limits, SheetFacts
from sync_service.sources.guard import NO_RESULT
from validators.raw import Range
from workbook_templates.cells import CellError

_TABLE = re.compile(rb"<table:table\s([^>]*)>")
_NAME = re.compile(rb"""table:name=(?:"([^"]*)"|'([^']*)')""")
_ROW = re.compile(rb"<table:table-row\b([^>]*)>")
_CELL = re.compile(rb"""<table:(?:covered-)?table-cell\b((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ROWS_REPEATED = re.compile(rb"""number-rows-repeated=["'](\d{1,9})""")
_COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated=["'](\d{1,9})""")
_ROWS_SPANNED = re.compile(rb"""number-rows-spanned=["'](\d{1,9})""")
_COLUMNS_SPANNED = re.compile(rb"""number-columns-spanned=["'](\d{1,9})""")
_ERROR_TEXT = re.compile(rb"<text:p>(#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!)|Err:\d{3})</text:p>")
_HIDDEN = re.compile(rb"""table:visibility=["'](?:collapse|filter)["']""")


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _error(attributes: bytes, body: bytes) -> CellError | None:
    """The error that a cell shows. Only a formula's: somebody may have typed the text #N/A."""
    if b"formula=" not in attributes and b'"error"' not in attributes:
        return None
    found = _ERROR_TEXT.search(body)
    if found:
        return CellError(found[1].decode())
    return NO_RESULT if b"value-type=" not in attributes and b"<text:p" not in body else None


def _cells(xml: bytes, begin: int, end: int) -> Iterator[tuple[int, int, bytes, bytes]]:
    """First and last column, attributes and body of each cell between two places in the XML."""
    column = 0
    tags = list(_CELL.finditer(xml, begin, end))
    stops = [tag.start() for tag in tags[1:]] + [end]
    for tag, stop in zip(tags, stops, strict=True):
        first, column = column + 1, column + _number(_COLUMNS_REPEATED, tag[1])
        yield first, column, tag[1], b"" if tag[1].endswith(b"/") else xml[tag.end() : stop]


def _inspect(xml: bytes, begin: int, end: int, limits: Limits) -> SheetFacts:
    hidden: set[int] = set()
    errors: dict[tuple[int, int], CellError] = {}
    merged = []
    row = last_row = last_column = 0
    tags = list(_ROW.finditer(xml, begin, end))
    stops = [tag.start() for tag in tags[1:]] + [end]
    for tag, stop in zip(tags, stops, strict=True):
        first_row, row = row + 1, row + _number(_ROWS_REPEATED, tag[1])
        for first, last, attributes, body in _cells(xml, tag.end(), stop):
            error = _error(attributes, body)
            if error or b"value-type=" in attributes or b"<text:p" in body:
                last_row, last_column = row, max(last_column, last)
                check_extent(last_row, last_column, limits)
            if error:
                errors |= {(r, c): error for r in range(first_row, row + 1) for c in range(first, last + 1)}
            if b"-spanned=" in attributes:
                height, width = _number(_ROWS_SPANNED, attributes), _number(_COLUMNS_SPANNED, attributes)
                if height > 1 or width > 1:
                    merged.append(Range(first_row, first, first_row + height - 1, first + width - 1))
        # A filter hides whole ranges of empty rows below the table too: rows after the last value do not matter.
        if _HIDDEN.search(tag[1]) and last_row == row:
            hidden.update(range(first_row, row + 1))
    return SheetFacts(frozenset(hidden), errors, tuple(merged))


def inspect_ods(data: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """The facts of each sheet, by title.

    Raises TooBigError if the reader would not survive it, SuspectError if it declares entities, zipfile.BadZipFile, zlib.error
    or KeyError if the file is damaged.
    """
    with open_archive(data, limits) as archive:
        xml = part_of(archive, "content.xml")
    tables = [table for table in _TABLE.finditer(xml) if _NAME.search(table[1])]
    stops = [table.start() for table in tables[1:]] + [len(xml)]
    facts = {}
    for table, stop in zip(tables, stops, strict=True):
        found = _NAME.search(table[1])
        if found:
            title = html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace"))
            facts[title] = _inspect(xml, table.end(), stop, limits)
    return facts

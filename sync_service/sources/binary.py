"""What an .xlsb says in its records and the fast reader does not tell: error cells, hidden rows, merged cells.

A record (MS-XLSB 2.1.4) is a type and a length, both in bytes of seven bits with a continuation bit, then a body.
"""

from collections.abc import Iterator
from struct import unpack_from

from xlrd.biffh import error_text_from_code

from sync_service.sources.archive import check_extent, linked_parts, open_archive, part_names, part_of
from sync_service.sources.base import Limits, SheetFacts
from validators.raw import Range
from workbook_templates.cells import CellError

_ROW, _BLANK, _ERROR, _FORMULA_ERROR = 0, 1, 3, 11  # BrtRowHdr, BrtCellBlank, BrtCellError, BrtFmlaError
_PROPERTIES, _SHEET, _MERGED = 153, 156, 176  # BrtWbProp, BrtBundleSh, BrtMergeCell
_HIDDEN = 0x10  # fDyZero in the twelfth byte of BrtRowHdr


def _varied(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, where the body begins, and its length, of each record."""
    at = 0
    while at < len(data):
        first = data[at]
        if first < 0x80:
            kind, at = first, at + 1
        else:
            kind, at = first & 0x7F | (data[at + 1] & 0x7F) << 7, at + 2
        length, at = _varied(data, at)
        if at + length > len(data):
            raise EOFError("a record goes beyond its part")
        yield kind, at, length
        at += length


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _inspect(data: bytes, limits: Limits) -> SheetFacts:
    hidden = set()
    errors = {}
    merged = []
    row = last_row = last_column = 0
    for kind, at, length in _records(data):
        if kind == _ROW:
            row = unpack_from("<I", data, at)[0] + 1
            if length > 11 and data[at + 11] & _HIDDEN:
                hidden.add(row)
        elif _BLANK < kind <= _FORMULA_ERROR:
            last_row, last_column = row, max(last_column, unpack_from("<I", data, at)[0] + 1)
            if kind in (_ERROR, _FORMULA_ERROR):
                column = unpack_from("<I", data, at)[0] + 1
                errors[row, column] = CellError(error_text_from_code.get(data[at + 8], "#N/A"))
        elif kind == _MERGED:
            first_row, end_row, first_column, end_column = unpack_from("<4I", data, at)
            merged.append(Range(first_row + 1, first_column + 1, end_row + 1, end_column + 1))
    check_extent(last_row, last_column, limits)
    return SheetFacts(frozenset(hidden), errors, tuple(merged))


def book_properties(book: bytes) -> int:
    """The flags of BrtWbProp in the part that lists the sheets; 0 if it has none."""
    return next((unpack_from("<I", book, at)[0] for kind, at, _ in _records(book) if kind == _PROPERTIES), 0)


def inspect_xlsb(data: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """The facts of each sheet, by title.

    Raises TooBigError if the reader would not survive it; zipfile.BadZipFile, EOFError, struct.error, IndexError or KeyError if the
    file is damaged.
    """
    with open_archive(data, limits) as archive:
        names = part_names(archive)
        links = linked_parts(archive, "workbook.bin")
        book = part_of(archive, names["xl/workbook.bin"])
        facts = {}
        for kind, at, _ in _records(book):
            if kind == _SHEET:
                link, behind = _text(book, at + 8)
                title, _ = _text(book, behind)
                if link in links:
                    facts[title] = _inspect(part_of(archive, links[link]), limits)
    return facts

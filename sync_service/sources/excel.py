"""Reading one workbook file, whatever program saved it, into what the clerk sees."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import msoffcrypto
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sync_service.sources.base import Limits, Refused, SheetFacts, TooBigError
from sync_service.sources.biff import ProtectedError, read_xls
from sync_service.sources.binary import inspect_xlsb
from sync_service.sources.epoch import counts_from_1904
from sync_service.sources.formats import Format, detect
from sync_service.sources.guard import inspect_xlsx, without_new_errors
from sync_service.sources.opendocument import inspect_ods
from validators.problems import problem
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.stamp import Stamp, parse_stamp

STAMP_SHEET = "字典"
"""The hidden sheet of lists that every template has; its first cell is the stamp."""

_ENDINGS: dict[Format, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xlsb": (".xlsb",),
    "ods": (".ods", ".ots"),
    "xls": (".xls", ".et", ".xlt", ".ett"),
}
_REFUSALS: dict[Format, str] = {"encrypted": "F02", "torn": "F26", "foreign": "F01", "broken": "F32"}
_DEFAULT_PASSWORD = "VelvetSweatshop"
"""With this Excel and WPS encrypt a workbook that is protected against changes only; they open it without asking."""


class _DamagedError(Exception):
    """A reader stumbled."""


def _unlocked(data: bytes) -> bytes:
    """The workbook decrypted if no password is needed. Raises ProtectedError if one is."""
    opened = BytesIO()
    try:
        lock = msoffcrypto.OfficeFile(BytesIO(data))
        lock.load_key(password=_DEFAULT_PASSWORD)
        lock.decrypt(opened)
    except Exception as error:  # whatever the library stumbles over, the lock stays shut
        raise ProtectedError from error
    if detect(opened.getvalue()) not in _ENDINGS:  # a wrong key may open it to noise
        raise ProtectedError
    return opened.getvalue()


def _plain(value: Raw) -> Raw:
    """A value as every format gives it: blank is None, whole numbers are ints, midnights are dates."""
    match value:
        case "" | None:
            return None
        case float() if value.is_integer():
            return int(value)
        case datetime() if value.time() == time.min:
            return value.date()
    return value


def _trimmed(rows: Iterable[Iterable[Raw]], errors: Mapping[tuple[int, int], CellError]) -> list[tuple[Raw, ...]]:
    cells = [[_plain(value) for value in row] for row in rows]
    for (row, column), error in sorted(errors.items()):
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


def _zipped_sheets(data: bytes, facts: Mapping[str, SheetFacts]) -> tuple[RawSheet, ...]:
    """The sheets as calamine reads them, completed with the facts that it does not tell."""
    sheets = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            page = book.get_sheet_by_name(about.name)
            known = facts.get(about.name, SheetFacts())
            merged = known.merged or tuple(
                Range(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
                for first, last in page.merged_cell_ranges or ()
            )
            rows = _trimmed(page.to_python(skip_empty_area=False), known.errors)
            visible = about.visible == SheetVisibleEnum.Visible
            sheets.append(RawSheet(about.name, rows, visible, known.hidden_rows, merged))
    return tuple(sheets)


def _sheets(data: bytes, kind: Format, limits: Limits) -> tuple[RawSheet, ...]:
    match kind:
        case "xls":
            return tuple(replace(page, rows=_trimmed(page.rows, {})) for page in read_xls(data, limits))
        case "xlsx":
            facts = inspect_xlsx(data, limits)
            return _zipped_sheets(without_new_errors(data, facts), facts)
        case "ods":
            return _zipped_sheets(data, inspect_ods(data, limits))
    return _zipped_sheets(data, inspect_xlsb(data, limits))


def _read(data: bytes, kind: Format, limits: Limits) -> tuple[RawSheet, ...]:
    try:
        sheets = _sheets(data, kind, limits)
    except (ProtectedError, TooBigError, MemoryError):
        raise
    except Exception as error:  # readers meet damage in countless ways: struct.error, IndexError, XmlError, zlib.error
        raise _DamagedError from error
    if not sheets:  # calamine takes a workbook without its directory of sheets for an empty one
        raise _DamagedError
    return tuple(replace(page, hidden_rows=_telling(page)) for page in sheets)


def _telling(page: RawSheet) -> frozenset[int]:
    """The hidden rows that hold something: a filter hides empty rows too, and formats differ in which."""
    return frozenset(row for row in page.hidden_rows if row <= len(page.rows) and page.rows[row - 1])


def _stamp(sheets: tuple[RawSheet, ...]) -> Stamp | None:
    for page in sheets:
        if page.title == STAMP_SHEET and page.rows and page.rows[0] and isinstance(page.rows[0][0], str):
            return parse_stamp(page.rows[0][0])
    return None


def _old_format(path: Path, kind: Format) -> tuple[tuple[str, dict[str, object]], ...]:
    ending = path.suffix.lower()
    if ending not in _ENDINGS[kind]:
        return (("F03", {"file": path.name, "fmt": f"后缀是 {ending}，内容是 {kind}"}),)
    return () if kind == "xlsx" else (("F03", {"file": path.name, "fmt": ending[1:]}),)


def read_book(path: Path, limits: Limits) -> RawBook:
    """The workbook at `path`: its sheets with rows as the clerk counts them, without the sheet of lists.

    To be called in a process of its own (see worker.py): a damaged file may abort the process or never end.
    Raises Refused: F01 not a workbook, F02 password, F26 not completely saved, F30 too big, F32 damaged; OSError if
    the file cannot be read at all.
    """
    file: dict[str, object] = {"file": path.name}
    try:
        if path.stat().st_size > limits.unpacked_mb * 2**20:
            raise TooBigError(f"文件超过 {limits.unpacked_mb} MB")
        data = path.read_bytes()
        kind = detect(data)
        if kind == "encrypted":
            data = _unlocked(data)
            kind = detect(data)
        if kind in _REFUSALS:
            raise Refused(problem(_REFUSALS[kind], file))
        try:
            sheets = _read(data, kind, limits)
        except ProtectedError:
            data = _unlocked(data)
            sheets = _read(data, kind, limits)
    except ProtectedError:
        raise Refused(problem("F02", file)) from None
    except TooBigError as error:
        raise Refused(problem("F30", {**file, "limit": str(error)})) from None
    except _DamagedError as error:
        raise Refused(problem("F32", file)) from error
    stamp = _stamp(sheets)
    shown = tuple(page for page in sheets if page.title != STAMP_SHEET or (page.visible and not stamp))
    notices = _old_format(path, kind)
    from_1904 = counts_from_1904(data, kind, limits)
    if from_1904:
        notices = (*notices, ("D12", file))
    return RawBook(path.name, shown, stamp, notices, from_1904)

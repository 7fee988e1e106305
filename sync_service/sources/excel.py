"""Reading one workbook file, whatever program saved it, into what the clerk sees."""

import os
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

import msoffcrypto
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sync_service.sources.archive import check_extent, look_for_traps
from sync_service.sources.base import Limits, Refused, SheetFacts, SuspectError, TooBigError
from sync_service.sources.biff import ProtectedError, read_xls
from sync_service.sources.binary import inspect_xlsb
from sync_service.sources.epoch import counts_from_1904
from sync_service.sources.formats import Format, detect
from sync_service.sources.guard import inspect_xlsx, without_new_errors
from sync_service.sources.opendocument import inspect_ods
from sync_service.sources.shaping import bound, trimmed
from validators.problems import problem
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.printable import printable

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
            rows = trimmed(page.to_python(skip_empty_area=False), known.errors)
            visible = about.visible == SheetVisibleEnum.Visible
            sheets.append(RawSheet(about.name, rows, visible, known.hidden_rows, merged))
    return tuple(sheets)


def _sheets(data: bytes, kind: Format, limits: Limits) -> tuple[RawSheet, ...]:
    match kind:
        case "xls":
            return tuple(replace(page, rows=trimmed(page.rows)) for page in read_xls(data, limits))
        case "xlsx":
            facts = inspect_xlsx(data, limits)
            return _zipped_sheets(without_new_errors(data, facts), facts)
        case "ods":
            return _zipped_sheets(data, inspect_ods(data, limits))
    return _zipped_sheets(data, inspect_xlsb(data, limits))


def _tell_traps(data: bytes, limits: Limits) -> None:
    """Raises SuspectError if a workbook that cannot be read was made so."""
    try:
        look_for_traps(data, limits)
    except SuspectError:
        raise
    except Exception:  # it is damaged too
        return


def _read(data: bytes, kind: Format, limits: Limits) -> tuple[RawSheet, ...]:
    try:
        sheets = _sheets(data, kind, limits)
    except (ProtectedError, SuspectError, TooBigError, MemoryError):
        raise
    except Exception as error:  # readers meet damage in countless ways: struct.error, IndexError, XmlError, zlib.error
        if kind != "xls":
            _tell_traps(data, limits)
        raise _DamagedError from error
    # Calamine takes a workbook without its directory of sheets for an empty one, and of two sheets of one title reads one twice.
    if not sheets or len({printable(page.title).casefold() for page in sheets}) < len(sheets):
        raise _DamagedError
    for page in sheets:  # what the guards looked for beforehand may have been written in a way that they do not know
        check_extent(len(page.rows), max(map(len, page.rows), default=0), limits)
    return sheets


def ending_for(name: str, data: bytes) -> str:
    """The ending under which the workbook `data`, called `name`, is to be kept: its own if that fits its content."""
    kind, ending = detect(data), PurePath(name).suffix.lower()
    fitting = _ENDINGS.get(kind) or tuple(one for endings in _ENDINGS.values() for one in endings)
    return ending if ending in fitting else fitting[0]


def _old_format(name: str, kind: Format) -> tuple[tuple[str, dict[str, object]], ...]:
    ending = PurePath(name).suffix.lower()
    if ending not in _ENDINGS[kind]:
        return (("F03", {"file": name, "fmt": f"后缀是 {ending}，内容是 {kind}"}),)
    return () if kind == "xlsx" else (("F03", {"file": name, "fmt": ending[1:]}),)


def read_bytes(name: str, data: bytes, limits: Limits) -> RawBook:
    """The workbook `data`, called `name`: its sheets with rows as the clerk counts them, without the sheet of lists.

    To be called in a process of its own (see worker.py): damaged bytes may abort the process or never end.
    Raises Refused: F01 not a workbook, F02 password, F26 not completely saved, F30 too big, F32 damaged, F47 made to harm.
    """
    file: dict[str, object] = {"file": name}
    try:
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
    except SuspectError:
        raise Refused(problem("F47", file)) from None
    except _DamagedError as error:
        raise Refused(problem("F32", file)) from error
    notices = _old_format(name, kind)
    from_1904 = counts_from_1904(data, kind, limits)
    if from_1904:
        notices = (*notices, ("D12", file))
    return bound(name, sheets, notices, from_1904=from_1904)


def bytes_within(file: BinaryIO, name: str, limits: Limits) -> bytes:
    """The bytes that an open file, called `name`, has now, and none that are added. Raises Refused (F30) if they are too many."""
    size = os.fstat(file.fileno()).st_size
    if size > limits.unpacked_mb * 2**20:
        raise Refused(problem("F30", {"file": name, "limit": f"文件超过 {limits.unpacked_mb} MB"}))
    return file.read(size)


def bytes_of(path: Path, limits: Limits) -> bytes:
    """The bytes of the workbook at `path`. Raises Refused (F30) if they are too many, OSError if they cannot be read."""
    with path.open("rb") as file:
        return bytes_within(file, path.name, limits)


def read_book(path: Path, limits: Limits) -> RawBook:
    """The workbook at `path`; see read_bytes. Raises Refused, or OSError if the file cannot be read at all."""
    return read_bytes(path.name, bytes_of(path, limits), limits)

"""What spreadsheets.get says of a spreadsheet, as sheets with typed cells; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from sync_service.sources.archive import check_extent
from sync_service.sources.base import Limits
from sync_service.sources.shaping import bound, trimmed
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.google.requests import KEY
from workbook_templates.stamp import parse_stamp

FIELDS = (
    "properties.title,developerMetadata(metadataKey,metadataValue),"
    "sheets(properties(sheetId,title,hidden,sheetType),merges,"
    "data(startRow,startColumn,rowMetadata(hiddenByFilter,hiddenByUser),"
    "rowData.values(effectiveValue,formattedValue,effectiveFormat.numberFormat.type)))"
)
"""All that is asked of a spreadsheet, in one request."""

_EPOCH = datetime(1899, 12, 30)
_BLANK = re.compile(
    rb'\{(?:"effectiveValue":\{"stringValue":""\}(?:,"formattedValue":"")?,?)?'
    rb'(?:"effectiveFormat":\{(?:"numberFormat":\{(?:"type":"[A-Z_]+")?\})?\})?\}'
)
"""A cell without content. It cannot be part of a text, in which every quotation mark has a backslash before it."""


def _moment(days: float) -> Raw:
    """What a number in a date format shows; the number itself if it only looks like a date (before 1900, after 9999)."""
    if days < 0:
        return days
    if days < 1:
        return (datetime.min + timedelta(days=days)).time()
    try:
        return _EPOCH + timedelta(seconds=round(days * 86400))
    except OverflowError:
        return days


def _cell(cell: Mapping[str, Any]) -> Raw:
    match cell.get("effectiveValue"):
        case {"numberValue": int() | float() as number}:
            kind = cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type")
            return _moment(number) if kind in {"DATE", "DATE_TIME", "TIME"} else number
        case {"boolValue": bool() as truth}:
            return truth
        case {"stringValue": str() as text}:
            return text
        case {"errorValue": _}:
            return CellError(cell.get("formattedValue") or "#ERROR!")
    return None


def _rows(data: Sequence[Mapping[str, Any]]) -> list[list[Raw]]:
    rows: list[list[Raw]] = []
    for part in data:
        rows += [[] for _ in range(part.get("startRow", 0))]
        lead: list[Raw] = [None] * part.get("startColumn", 0)
        rows += [[*lead, *map(_cell, row.get("values", ()))] for row in part.get("rowData", ())]
    return rows


def _hidden(data: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    for part in data:
        for number, row in enumerate(part.get("rowMetadata", ()), part.get("startRow", 0) + 1):
            if row.get("hiddenByUser") or row.get("hiddenByFilter"):
                yield number


def _merged(area: Mapping[str, int]) -> Range:
    first = (area.get("startRowIndex", 0) + 1, area.get("startColumnIndex", 0) + 1)
    return Range(*first, area["endRowIndex"], area["endColumnIndex"])


def _sheet(sheet: Mapping[str, Any], limits: Limits) -> RawSheet:
    properties, data = sheet["properties"], sheet.get("data", ())
    rows = trimmed(_rows(data))
    check_extent(len(rows), max(map(len, rows), default=0), limits)
    merged = tuple(map(_merged, sheet.get("merges", ())))
    hidden = frozenset(_hidden(data))
    return RawSheet(properties["title"], rows, not properties.get("hidden", False), hidden, merged)


def without_blanks(answer: bytes) -> bytes:
    """The answer with every cell that has a format, or a formula that shows nothing, but no content, as {}.

    A template has a million of them, which is some 80 MB: to parse those costs a gigabyte.
    """
    return _BLANK.sub(b"{}", answer)


def parse_answer(answer: bytes) -> Any:
    """The JSON of an answer. Raises ValueError if it is none."""
    return orjson.loads(without_blanks(answer))


def book_told(told: Any, limits: Limits) -> RawBook:
    """The spreadsheet that spreadsheets.get described, asked for FIELDS.

    Raises TooBigError, and ValueError if it is no such answer: it has no sheets, and even an empty spreadsheet has one.
    """
    if not isinstance(told, dict) or not told.get("sheets") or "properties" not in told:
        raise ValueError("no spreadsheet")
    grids = [one for one in told["sheets"] if one["properties"].get("sheetType", "GRID") == "GRID"]
    notes = {one["metadataKey"]: one["metadataValue"] for one in told.get("developerMetadata", ())}
    sheets = [_sheet(one, limits) for one in grids]
    return bound(told["properties"]["title"], sheets, stamp=parse_stamp(notes.get(KEY, "")))

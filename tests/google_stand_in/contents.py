"""The requests of spreadsheets.batchUpdate that fill cells."""

from functools import cache

from tests.google_stand_in.a1 import Box, Json
from tests.google_stand_in.book import Spreadsheet
from tests.google_stand_in.cells import Cell
from tests.google_stand_in.masks import parse_mask

_mask = cache(parse_mask)


def _put(cell: Cell, content: Json, fields: str) -> None:
    """Takes over the named fields of a CellData."""
    mask = _mask(fields)
    everything = "*" in mask
    if everything or "userEnteredValue" in mask:
        value = content.get("userEnteredValue") or {}
        cell.clear()
        cell.formula = value.get("formulaValue", "")
        for name in ("stringValue", "numberValue", "boolValue"):
            cell.value = value.get(name, cell.value)
    if everything or "note" in mask:
        cell.note = content.get("note") or ""
    if everything or "dataValidation" in mask:
        cell.validation = content.get("dataValidation")
    if everything or "userEnteredFormat" in mask:
        asked, inner = content.get("userEnteredFormat") or {}, mask.get("userEnteredFormat")
        if inner and not everything:
            cell.format = cell.format | {name: asked[name] for name in asked if name in inner}
        else:
            cell.format = asked


def _places(box: Box) -> list[tuple[int, int]]:
    return [(row, column) for row in range(box.top, box.bottom + 1) for column in range(box.left, box.right + 1)]


def repeat_cell(book: Spreadsheet, body: Json) -> None:
    sheet, box = book.grid(body["range"])
    for at in _places(box):
        # Nothing is calculated: a formula need not move along.
        _put(sheet.cell(*at), body.get("cell", {}), body["fields"])


def update_cells(book: Spreadsheet, body: Json) -> None:
    rows = [row.get("values", []) for row in body.get("rows", [])]
    if "range" in body:
        sheet, box = book.grid(body["range"])
        places = _places(box)
    else:
        start = body["start"]
        sheet = book.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0) + 1, start.get("columnIndex", 0) + 1
        box = Box(top, left, top + len(rows) - 1, left + max(map(len, rows), default=0) - 1)
        places = [(top + row, left + column) for row, values in enumerate(rows) for column in range(len(values))]
    for row, column in places:
        values = rows[row - box.top] if row - box.top < len(rows) else []
        content = values[column - box.left] if column - box.left < len(values) else {}
        _put(sheet.cell(row, column), content, body["fields"])


def accept(book: Spreadsheet, body: Json) -> None:
    sheet, box = book.grid(body["range"])
    for at in _places(box):
        sheet.cell(*at).validation = body.get("rule")

"""What spreadsheets.get, spreadsheets.values and Drive answer."""

import json
from collections.abc import Mapping, Sequence

import orjson

from tests.google_stand_in.a1 import Box, Json, parse, split, written
from tests.google_stand_in.book import Sheet, Spreadsheet
from tests.google_stand_in.cells import Cell, Value, is_day, shown, type_into
from tests.google_stand_in.changes import without_sheet_0
from tests.google_stand_in.errors import ApiError
from tests.google_stand_in.masks import masked
from workbook_templates.sheet import letter

_ERRORS = {"#N/A": "N_A", "#REF!": "REF", "#DIV/0!": "DIVIDE_BY_ZERO", "#VALUE!": "VALUE", "#NAME?": "NAME"}
"""The texts of errors, typed as formulas (=#N/A), that the stand-in takes for the formula's result."""


def _value(value: Value) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def _result(cell: Cell) -> tuple[Json, str]:
    """A formula's result and how it is shown: nothing is calculated here, so it is blank, unless it is an error."""
    text = cell.formula[1:]
    if text in _ERRORS:
        return {"errorValue": {"type": _ERRORS[text], "message": text}}, text
    return {"stringValue": ""}, ""


def _cell(cell: Cell | None) -> Json:
    if cell is None:
        return {}
    found: Json = {}
    if cell.formula:
        effective, text = _result(cell)
        found |= {"userEnteredValue": {"formulaValue": cell.formula}, "effectiveValue": effective}
        found |= {"formattedValue": text} if text else {}
    elif cell.value is not None:
        found |= {"userEnteredValue": _value(cell.value), "effectiveValue": _value(cell.value)}
        found["formattedValue"] = shown(cell)
    if cell.format:
        found["userEnteredFormat"] = _with_color_styles(cell.format)
    if cell.number_format:  # Google's has every inherited format besides
        found["effectiveFormat"] = {"numberFormat": cell.number_format}
    return found | ({"note": cell.note} if cell.note else {}) | (
        {"dataValidation": cell.validation} if cell.validation else {}
    )  # fmt: skip


def _with_color_styles(look: Json) -> Json:
    """The old fields of colours come back in the new ones too."""
    found = dict(look)
    if "backgroundColor" in look:
        found["backgroundColorStyle"] = {"rgbColor": look["backgroundColor"]}
    if "foregroundColor" in look.get("textFormat", {}):
        color = look["textFormat"]["foregroundColor"]
        found["textFormat"] = look["textFormat"] | {"foregroundColorStyle": {"rgbColor": color}}
    return found


def _data(sheet: Sheet, box: Box) -> Json:
    widths: dict[int, int] = {}
    for (row, column), cell in sheet.cells.items():
        if box.holds(row, column) and (cell.filled or cell.format or cell.note or cell.validation):
            widths[row] = max(column, widths.get(row, 0))
    rows = [
        {"values": [_cell(sheet.cells.get((row, column))) for column in range(box.left, widths[row] + 1)]}
        if row in widths
        else {}
        for row in range(box.top, max(widths, default=box.top - 1) + 1)
    ]
    found: Json = {"rowData": rows} if rows else {}
    found |= {"startRow": box.top - 1} if box.top > 1 else {}
    found |= {"startColumn": box.left - 1} if box.left > 1 else {}
    found["rowMetadata"] = [{"pixelSize": 21} | sheet.rows.get(at, {}) for at in range(box.top - 1, box.bottom)]
    found["columnMetadata"] = [{"pixelSize": 100} | sheet.columns.get(at, {}) for at in range(box.left - 1, box.right)]
    return found


def _sheet(sheet: Sheet, boxes: Sequence[Box] | None) -> Json:
    found: Json = {"properties": sheet.properties}
    if boxes is not None:
        found["data"] = [_data(sheet, box) for box in boxes]
    marks = [mark | {"ranges": [without_sheet_0(area) for area in mark["ranges"]]} for mark in sheet.marks]
    guards = [guard | {"range": without_sheet_0(guard["range"])} for guard in sheet.guards]
    kept = {
        "merges": [without_sheet_0(one) for one in sheet.merges],
        "conditionalFormats": marks,
        "protectedRanges": guards,
        "developerMetadata": sheet.notes,
        "basicFilter": sheet.filter and sheet.filter | {"range": without_sheet_0(sheet.filter["range"])},
    }
    return found | {name: value for name, value in kept.items() if value}


def spreadsheet(book: Spreadsheet, ranges: Sequence[str], *, grid: bool, mask: Json) -> Json:
    """What spreadsheets.get answers; cells only if the mask asks for them, or `grid` does."""
    wanted = grid or "data" in mask.get("sheets", {})
    places = [book.place(text) for text in ranges] or [(sheet, sheet.whole) for sheet in book.sheets]
    boxes: dict[int, list[Box]] = {}
    for sheet, box in places:
        boxes.setdefault(sheet.id, []).append(box)
    found: Json = {
        "spreadsheetId": book.id,
        "properties": book.properties,
        "sheets": [_sheet(one, boxes[one.id] if wanted else None) for one in book.sheets if one.id in boxes],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }
    if book.names:
        found["namedRanges"] = [one | {"range": without_sheet_0(one["range"])} for one in book.names]
    if book.notes:
        found["developerMetadata"] = book.notes
    settled: Json = orjson.loads(orjson.dumps(masked(found, mask)))  # nothing that changes while it is sent
    return settled


def values(book: Spreadsheet, text: str, asked: Mapping[str, str]) -> Json:
    """What spreadsheets.values.get answers: trailing blanks are left out."""
    how = asked.get("valueRenderOption") or "FORMATTED_VALUE"
    days = asked.get("dateTimeRenderOption") or "SERIAL_NUMBER"
    major = asked.get("majorDimension") or "ROWS"
    if how not in {"FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"}:
        option = "type.googleapis.com/google.apps.sheets.v4.ValueRenderOption"
        raise ApiError(400, f"Invalid value at 'value_render_option' ({option}), \"{how}\"")
    sheet, box = book.place(text)
    grid: dict[int, dict[int, Value]] = {}
    for (row, column), cell in sheet.cells.items():
        if box.holds(row, column) and cell.filled:
            value: Value = cell.formula if how == "FORMULA" and cell.formula else cell.value
            if how == "FORMATTED_VALUE" or (days == "FORMATTED_STRING" and is_day(cell)):
                value = shown(cell)
            if value not in {"", None}:
                line, at = (row - box.top, column - box.left) if major == "ROWS" else (column - box.left, row - box.top)
                grid.setdefault(line, {})[at] = value
    found: Json = {"range": written(sheet.title, box), "majorDimension": major}
    if grid:
        lines = [grid.get(line, {}) for line in range(max(grid) + 1)]
        found["values"] = [[line.get(at, "") for at in range(max(line, default=-1) + 1)] for line in lines]
    return found


def write_values(book: Spreadsheet, text: str, body: Json, how: str) -> Json:
    """What spreadsheets.values.update does and answers."""
    lines = body.get("values", [])
    wrong = next((one for one in lines if not isinstance(one, list)), None) if isinstance(lines, list) else lines
    if wrong is not None:
        kind = "type.googleapis.com/google.protobuf.ListValue"
        message = f"Invalid value at 'data.values' ({kind}), {json.dumps(wrong)}"
        error = ApiError(400, message)
        raise error
    if how not in {"RAW", "USER_ENTERED"}:
        raise ApiError(400, "'valueInputOption' is required but not specified")
    sheet, box = book.place(text)
    if (body.get("majorDimension") or "ROWS") == "COLUMNS":
        height = max(map(len, lines), default=0)
        lines = [[line[at] if at < len(line) else None for line in lines] for at in range(height)]
    rows, columns = len(lines), max(map(len, lines), default=0)
    cells = split(text)[1]
    bottom, right = box.top + rows - 1, box.left + columns - 1
    if not (cells and parse(cells) and ":" not in cells) and (bottom > box.bottom or right > box.right):
        beyond = f"row [{box.bottom + 1}]" if bottom > box.bottom else f"column [{letter(box.right + 1)}]"
        inside = written(sheet.title, box)
        raise ApiError(400, f"Requested writing within range [{inside}], but tried writing to {beyond}")
    target = Box(box.top, box.left, max(bottom, box.top), max(right, box.left))
    if bottom > sheet.height or right > sheet.width:
        limits = f"Max rows: {sheet.height}, max columns: {sheet.width}"
        raise ApiError(400, f"Range ({written(sheet.title, target)}) exceeds grid limits. {limits}")
    done: set[tuple[int, int]] = set()
    for row, line in enumerate(lines, box.top):
        for column, value in enumerate(line, box.left):
            if value is not None:
                cell = sheet.cell(row, column)
                if how == "RAW":
                    cell.clear()
                    cell.value = None if value == "" else value
                else:
                    type_into(cell, value)
                done.add((row, column))
    counts = {"updatedRows": len({row for row, _ in done}), "updatedColumns": len({column for _, column in done})}
    return {
        "spreadsheetId": book.id, "updatedRange": written(sheet.title, target), **counts, "updatedCells": len(done),
    }  # fmt: skip


def clear_values(book: Spreadsheet, text: str) -> Json:
    """What spreadsheets.values.clear does and answers."""
    sheet, box = book.place(text)
    for at, cell in sheet.cells.items():
        if box.holds(*at):
            cell.clear()
    return {"spreadsheetId": book.id, "clearedRange": written(sheet.title, box)}


def file(book: Spreadsheet) -> Json:
    """A spreadsheet as Drive describes it."""
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.properties["title"],
        "mimeType": "application/vnd.google-apps.spreadsheet",
        "createdTime": book.created,
        "modifiedTime": book.modified,
        "version": str(book.version),
        "trashed": book.trashed,
    }

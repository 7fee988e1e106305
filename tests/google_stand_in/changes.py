"""The requests of spreadsheets.batchUpdate: what our template asks for, and what a clerk's hands do to sheets."""

import copy
import secrets
from collections.abc import Callable, Mapping

from tests.google_stand_in.a1 import Box, Json
from tests.google_stand_in.book import Sheet, Spreadsheet, new_sheet
from tests.google_stand_in.contents import accept, repeat_cell, update_cells
from tests.google_stand_in.errors import ApiError
from tests.google_stand_in.masks import take_fields

Change = Callable[[Spreadsheet, Json], Json | None]
_FALSE_IS_LEFT_OUT = ("frozenRowCount", "frozenColumnCount", "hideGridlines")


def new_id() -> int:
    """An id such as Google gives."""
    return secrets.randbelow(2**31 - 1) + 1


def without_sheet_0(area: Json) -> Json:
    """A GridRange as it is answered: an id of 0 is left out."""
    return {name: value for name, value in area.items() if (name, value) != ("sheetId", 0)}


def _check_title(book: Spreadsheet, title: str) -> None:
    if book.titled(title):
        raise ApiError(
            400, f'A sheet with the name "{title}" already exists. Please enter another name.'
        )  # fmt: skip


def _visible(book: Spreadsheet) -> list[Sheet]:
    return [sheet for sheet in book.sheets if not sheet.properties.get("hidden")]


def _add_sheet(book: Spreadsheet, body: Json) -> Json:
    asked = body.get("properties", {})
    title = asked.get("title") or f"Sheet{len(book.sheets) + 1}"
    _check_title(book, title)
    sheet_id = asked.get("sheetId", new_id())
    if any(sheet.id == sheet_id for sheet in book.sheets):
        raise ApiError(400, f"Sheet with id {sheet_id} already exists.")
    grid = asked.get("gridProperties", {})
    sheet = new_sheet(sheet_id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    sheet.properties |= {
        k: v for k, v in asked.items() if k not in {"sheetId", "title", "index", "gridProperties"} and v
    }
    sheet.properties["gridProperties"] |= {name: value for name, value in grid.items() if value}
    book.sheets.insert(asked.get("index", len(book.sheets)), sheet)
    book.numbered()
    return {"addSheet": {"properties": copy.deepcopy(sheet.properties)}}


def _delete_sheet(book: Spreadsheet, body: Json) -> None:
    sheet = book.sheet(body["sheetId"])
    if _visible(book) == [sheet]:
        raise ApiError(400, "You can't remove all the visible sheets in a document.")
    book.sheets.remove(sheet)
    book.numbered()


def _duplicate_sheet(book: Spreadsheet, body: Json) -> Json:
    source = book.sheet(body["sourceSheetId"])
    sheet = copy.deepcopy(source)
    title = body.get("newSheetName") or f"Copy of {source.title}"
    sheet.properties |= {"sheetId": body.get("newSheetId") or new_id(), "title": title}
    book.sheets.insert(body.get("insertSheetIndex", source.properties["index"] + 1), sheet)
    book.numbered()
    return {"duplicateSheet": {"properties": copy.deepcopy(sheet.properties)}}


def _update_sheet(book: Spreadsheet, body: Json) -> None:
    asked, fields = body["properties"], body["fields"].split(",")
    sheet = book.sheet(asked.get("sheetId", 0))
    if "hidden" in fields and asked.get("hidden") and _visible(book) == [sheet]:
        raise ApiError(400, "You can't hide all the sheets in a document.")
    if "title" in fields and asked["title"] != sheet.title:
        _check_title(book, asked["title"])
    if "index" in fields:
        index = asked.get("index", 0)
        index -= index > sheet.properties["index"]
        book.sheets.remove(sheet)
        book.sheets.insert(index, sheet)
        book.numbered()
        fields.remove("index")
    if fields:
        take_fields(sheet.properties, asked, ",".join(fields))
    grid = sheet.properties["gridProperties"]
    for name in _FALSE_IS_LEFT_OUT:
        if not grid.get(name):
            grid.pop(name, None)
    if not sheet.properties.get("hidden"):
        sheet.properties.pop("hidden", None)
    sheet.cells = {at: cell for at, cell in sheet.cells.items() if sheet.whole.holds(*at)}


def _update_spreadsheet(book: Spreadsheet, body: Json) -> None:
    take_fields(book.properties, body["properties"], body["fields"])


def _guard(book: Spreadsheet, body: Json) -> Json:
    asked = {name: value for name, value in body["protectedRange"].items() if value}
    area = asked.get("range", {"sheetId": 0})
    sheet = book.sheet(area.get("sheetId", 0))
    kept = asked | {"protectedRangeId": new_id(), "range": area, "requestingUserCanEdit": True}
    kept["editors"] = {"users": [*(asked.get("editors") or {}).get("users", []), book.owner]}
    sheet.guards.append(kept)
    # As recorded: this answer shows no addresses, the next spreadsheets.get does.
    return {"addProtectedRange": {"protectedRange": kept | {"range": without_sheet_0(area), "editors": {}}}}


def _unguard(book: Spreadsheet, body: Json) -> None:
    for sheet in book.sheets:
        sheet.guards = [one for one in sheet.guards if one["protectedRangeId"] != int(body["protectedRangeId"])]


def _mark(book: Spreadsheet, body: Json) -> None:
    rule = copy.deepcopy(body["rule"])
    book.sheet(rule["ranges"][0].get("sheetId", 0)).marks.insert(body.get("index", 0), rule)


def _shift(sign: int) -> Change:
    def change(book: Spreadsheet, body: Json) -> None:
        area = body["range"]
        count = sign * (area["endIndex"] - area["startIndex"])
        book.sheet(area.get("sheetId", 0)).shift(area["dimension"], area["startIndex"], count)

    return change


def _resize(book: Spreadsheet, body: Json) -> None:
    area = body["range"]
    sheet = book.sheet(area.get("sheetId", 0))
    kept = sheet.rows if area["dimension"] == "ROWS" else sheet.columns
    for index in range(area["startIndex"], area["endIndex"]):
        take_fields(kept.setdefault(index, {}), body["properties"], body["fields"])


def _add_name(book: Spreadsheet, body: Json) -> Json:
    asked = body["namedRange"]
    if any(one["name"] == asked["name"] for one in book.names):
        raise ApiError(400, f"A named range with the name {asked['name']} already exists.")
    named = {"namedRangeId": str(asked.get("namedRangeId") or new_id()), "name": asked["name"], "range": asked["range"]}
    book.sheet(asked["range"].get("sheetId", 0))
    book.names.append(named)
    return {"addNamedRange": {"namedRange": named | {"range": without_sheet_0(named["range"])}}}


def _delete_name(book: Spreadsheet, body: Json) -> None:
    book.names = [one for one in book.names if one["namedRangeId"] != body["namedRangeId"]]


def _update_name(book: Spreadsheet, body: Json) -> None:
    for one in book.names:
        if one["namedRangeId"] == body["namedRange"]["namedRangeId"]:
            take_fields(one, body["namedRange"], body["fields"])


def _boxes(sheet: Sheet, area: Json, how: str) -> list[Json]:
    top, bottom = area.get("startRowIndex", 0), area.get("endRowIndex", sheet.height)
    left, right = area.get("startColumnIndex", 0), area.get("endColumnIndex", sheet.width)
    match how:
        case "MERGE_ROWS":
            edges = [(row, row + 1, left, right) for row in range(top, bottom)]
        case "MERGE_COLUMNS":
            edges = [(top, bottom, column, column + 1) for column in range(left, right)]
        case _:
            edges = [(top, bottom, left, right)]
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return [{"sheetId": sheet.id, **dict(zip(names, one, strict=True))} for one in edges]


def _unmerge(book: Spreadsheet, body: Json) -> None:
    sheet, box = book.grid(body["range"])
    sheet.merges = [
        one
        for one in sheet.merges
        if one["startRowIndex"] >= box.bottom
        or one["endRowIndex"] < box.top
        or one["startColumnIndex"] >= box.right
        or one["endColumnIndex"] < box.left
    ]


def _merge(book: Spreadsheet, body: Json) -> None:
    _unmerge(book, body)
    sheet = book.sheet(body["range"].get("sheetId", 0))
    for one in _boxes(sheet, body["range"], body.get("mergeType", "MERGE_ALL")):
        sheet.merges.append(one)
        first = (one["startRowIndex"] + 1, one["startColumnIndex"] + 1)
        inside = Box(*first, one["endRowIndex"], one["endColumnIndex"])
        for at, cell in sheet.cells.items():
            if inside.holds(*at) and at != first:
                cell.clear()


def _filter(book: Spreadsheet, body: Json) -> None:
    found = copy.deepcopy(body["filter"])
    sheet, box = book.grid(found["range"])
    ends = {"startRowIndex": box.top - 1, "endRowIndex": box.bottom}
    found["range"] = ends | {"startColumnIndex": box.left - 1, "endColumnIndex": box.right} | found["range"]
    sheet.filter = found


def _unfilter(book: Spreadsheet, body: Json) -> None:
    book.sheet(body.get("sheetId", 0)).filter = None


def _note(book: Spreadsheet, body: Json) -> Json:
    note = {"metadataId": new_id(), **copy.deepcopy(body["developerMetadata"])}
    match note["location"]:
        case {"sheetId": sheet}:
            book.sheet(sheet).notes.append(note)
        case {"dimensionRange": {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": start}}:
            book.sheet(sheet).columns.setdefault(start, {}).setdefault("developerMetadata", []).append(note)
        case _:
            book.notes.append(note)
    return {"createDeveloperMetadata": {"developerMetadata": note}}


def _delete_notes(book: Spreadsheet, body: Json) -> Json:
    asked = body["dataFilter"]["developerMetadataLookup"]
    gone = [note for note in book.notes if note["metadataId"] == asked["metadataId"]]
    book.notes = [note for note in book.notes if note not in gone]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone}}


CHANGES: Mapping[str, Change] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "duplicateSheet": _duplicate_sheet,
    "updateSheetProperties": _update_sheet,
    "updateSpreadsheetProperties": _update_spreadsheet,
    "repeatCell": repeat_cell,
    "updateCells": update_cells,
    "setDataValidation": accept,
    "addProtectedRange": _guard,
    "deleteProtectedRange": _unguard,
    "addConditionalFormatRule": _mark,
    "insertDimension": _shift(1),
    "deleteDimension": _shift(-1),
    "updateDimensionProperties": _resize,
    "addNamedRange": _add_name,
    "updateNamedRange": _update_name,
    "deleteNamedRange": _delete_name,
    "mergeCells": _merge,
    "unmergeCells": _unmerge,
    "setBasicFilter": _filter,
    "clearBasicFilter": _unfilter,
    "createDeveloperMetadata": _note,
    "deleteDeveloperMetadata": _delete_notes,
}


def carry_out(book: Spreadsheet, requests: list[Json]) -> list[Json]:
    """Carries the requests out in order and gives their answers. Raises ApiError; then the book is to be thrown away."""
    if not requests:
        raise ApiError(400, "Must specify at least one request.")
    answers = []
    for number, request in enumerate(requests):
        [(kind, body)] = request.items()
        if kind not in CHANGES:
            unknown = f"Unknown name \"{kind}\" at 'requests[{number}]': Cannot find field."
            raise ApiError(400, f"Invalid JSON payload received. {unknown}")
        try:
            answers.append(CHANGES[kind](book, body) or {})
        except ApiError as error:
            raise ApiError(error.code, f"Invalid requests[{number}].{kind}: {error.message}") from error
    return answers

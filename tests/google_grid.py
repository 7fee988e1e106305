"""A spreadsheet on which the requests of spreadsheets.batchUpdate are carried out, as far as our templates use them.

As at Google, a request that names a sheet, a cell or a name that is not there (or one that is there already) is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl.formula.translate import Translator

from workbook_templates.sheet import letter


@dataclass
class Grid:
    """One sheet. Cells by (row, column), counted from 1, hold what the API calls CellData."""

    properties: Mapping[str, Any]
    cells: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    marks: list[Mapping[str, Any]] = field(default_factory=list)
    guards: list[Mapping[str, Any]] = field(default_factory=list)
    merges: list[Mapping[str, Any]] = field(default_factory=list)
    filter: Mapping[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> str | int | None:
        """What was written into a cell; a formula with its equals sign."""
        values = self.cells.get((row, column), {}).get("userEnteredValue", {})
        return next(iter(values.values()), None)

    def is_formula(self, row: int, column: int) -> bool:
        """Whether the cell calculates."""
        return "formulaValue" in self.cells.get((row, column), {}).get("userEnteredValue", {})

    def places(self, area: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """The cells of a GridRange."""
        size = self.properties["gridProperties"]
        bottom, right = (
            area.get(f"end{of}Index", size[f"{low}Count"]) for of, low in (("Row", "row"), ("Column", "column"))
        )
        top, left = area.get("startRowIndex", 0), area.get("startColumnIndex", 0)
        assert 0 <= top < bottom <= size["rowCount"], area
        assert 0 <= left < right <= size["columnCount"], area
        return ((row, column) for row in range(top + 1, bottom + 1) for column in range(left + 1, right + 1))

    def put(self, at: tuple[int, int], content: Mapping[str, Any], fields: str) -> None:
        """Takes over the named fields of a cell, those that it lacks as blank."""
        size = self.properties["gridProperties"]
        assert at[0] <= size["rowCount"], at
        assert at[1] <= size["columnCount"], at
        assert set(content) <= set(fields.split(","))
        cell = self.cells.setdefault(at, {})
        for name in fields.split(","):
            cell.pop(name, None)
        cell.update(content)


def _moved(content: Mapping[str, Any], first: tuple[int, int], at: tuple[int, int]) -> dict[str, Any]:
    formula = content.get("userEnteredValue", {}).get("formulaValue")
    if formula is None:
        return dict(content)
    origin, target = (f"{letter(column)}{row}" for row, column in (first, at))
    return {**content, "userEnteredValue": {"formulaValue": Translator(formula, origin).translate_formula(target)}}


class Spreadsheet:
    """A new spreadsheet: one blank sheet with the id 0."""

    def __init__(self) -> None:
        blank = {"sheetId": 0, "title": "工作表1", "gridProperties": {"rowCount": 1000, "columnCount": 26}}
        self.by_id = {0: Grid(blank)}
        self.names: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self.properties: dict[str, Any] = {}
        self.notes: dict[str, str] = {}

    def __getitem__(self, title: str) -> Grid:
        return next(grid for grid in self.by_id.values() if grid.properties["title"] == title)

    @property
    def titles(self) -> list[str]:
        """The titles of the sheets, in order."""
        return [grid.properties["title"] for grid in self.by_id.values()]

    def apply(self, requests: Iterable[Mapping[str, Any]]) -> "Spreadsheet":
        """Carries the requests out, in order."""
        for request in requests:
            [(kind, body)] = request.items()
            self._apply(kind, body)
        return self

    def _apply(self, kind: str, body: Mapping[str, Any]) -> None:
        match kind:
            case "updateSpreadsheetProperties":
                self.properties |= body["properties"]
            case "addSheet":
                properties = body["properties"]
                assert properties["sheetId"] not in self.by_id
                assert properties["title"] not in self.titles
                self.by_id[properties["sheetId"]] = Grid(properties)
            case "deleteSheet":
                del self.by_id[body["sheetId"]]
                assert not all(grid.properties.get("hidden") for grid in self.by_id.values())
            case "addNamedRange":
                named = body["namedRange"]
                grid = self.by_id[named["range"]["sheetId"]]
                assert named["name"] not in self.names
                assert list(grid.places(named["range"]))
                self.names[named["name"]] = (grid.properties["title"], named["range"])
            case "createDeveloperMetadata":
                self._note(body["developerMetadata"])
            case "addConditionalFormatRule":
                grid = self.by_id[body["rule"]["ranges"][0]["sheetId"]]
                assert 0 <= body["index"] <= len(grid.marks)
                grid.marks.insert(body["index"], body["rule"])
            case "addProtectedRange":
                self.by_id[body["protectedRange"]["range"]["sheetId"]].guards.append(body["protectedRange"])
            case "setBasicFilter":
                self.by_id[body["filter"]["range"]["sheetId"]].filter = body["filter"]["range"]
            case "mergeCells":
                self.by_id[body["range"]["sheetId"]].merges.append(body["range"])
            case _:
                self._write(kind, body)

    def _write(self, kind: str, body: Mapping[str, Any]) -> None:
        area = body.get("range") or body["start"]
        grid = self.by_id[area["sheetId"]]
        match kind:
            case "updateCells":
                for row, cells in enumerate(body["rows"], area["rowIndex"] + 1):
                    for column, content in enumerate(cells["values"], area["columnIndex"] + 1):
                        grid.put((row, column), content, body["fields"])
            case "repeatCell":
                places = list(grid.places(area))
                for at in places:
                    grid.put(at, _moved(body["cell"], places[0], at), body["fields"])
            case "setDataValidation":
                places = list(grid.places(area))
                for at in places:
                    grid.cells.setdefault(at, {})["dataValidation"] = (places[0], body["rule"])
            case "updateDimensionProperties":
                assert set(body["properties"]) == set(body["fields"].split(","))
                kept = grid.rows if area["dimension"] == "ROWS" else grid.columns
                for number in range(area["startIndex"] + 1, area["endIndex"] + 1):
                    kept.setdefault(number, {}).update(body["properties"])
            case _:
                raise AssertionError(kind)

    def _note(self, note: Mapping[str, Any]) -> None:
        match note["location"]:
            case {"spreadsheet": True}:
                self.notes[note["metadataKey"]] = note["metadataValue"]
            case {"sheetId": sheet}:
                self.by_id[sheet].notes[note["metadataKey"]] = note["metadataValue"]
            case {"dimensionRange": band}:
                assert band["endIndex"] == band["startIndex"] + 1
                column = self.by_id[band["sheetId"]].columns.setdefault(band["endIndex"], {})
                column[note["metadataKey"]] = note["metadataValue"]

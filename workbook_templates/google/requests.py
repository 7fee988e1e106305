"""The single requests of which a Google spreadsheet is made: spreadsheets.batchUpdate of the Sheets API v4; pure.

Rows and columns count from 1 here, as everywhere in this package; Google counts from 0 and leaves the end out. A text is
always written as a string value, never as something typed: whatever it begins with, it is shown and not calculated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbook_templates.google.looks import CellFormat, cell_format
from workbook_templates.google.validation import Validation

Request = Mapping[str, Any]
CellData = Mapping[str, Any]
KEY = "taizhang"
"""What the keys of our developer metadata begin with."""


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of the sheet with the id `sheet`, from row `top` and column `left` to row `bottom` and column `right`."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def grid(self) -> dict[str, int]:
        """The area as Google names it."""
        rows = {"startRowIndex": self.top - 1, "endRowIndex": self.bottom}
        return {"sheetId": self.sheet, **rows, "startColumnIndex": self.left - 1, "endColumnIndex": self.right}


@dataclass(frozen=True, slots=True)
class Band:
    """Whole rows or columns of a sheet, `first` to `last`."""

    sheet: int
    dimension: Literal["ROWS", "COLUMNS"]
    first: int
    last: int

    @property
    def grid(self) -> dict[str, Any]:
        """The rows or columns as Google names them."""
        return {
            "sheetId": self.sheet,
            "dimension": self.dimension,
            "startIndex": self.first - 1,
            "endIndex": self.last,
        }


def cell(value: str | int | None = None, style: str = "", number_format: str = "", formula: str = "") -> CellData:
    """A cell with a value, or a formula (without the equals sign), or neither, in `style`."""
    found: dict[str, Any] = {}
    if formula:
        found["userEnteredValue"] = {"formulaValue": f"={formula}"}
    elif value is not None:
        found["userEnteredValue"] = {"stringValue" if isinstance(value, str) else "numberValue": value}
    if style:
        found["userEnteredFormat"] = cell_format(style, number_format)
    return found


def add_sheet(
    sheet: int, title: str, rows: int, columns: int, *, frozen: tuple[int, int] = (0, 0), hidden: bool = False,
    gridlines: bool = True,
) -> Request:  # fmt: skip
    """Adds a sheet of so many rows and columns behind all others; of them, `frozen` rows and columns stay in view."""
    grid = {"rowCount": rows, "columnCount": columns, "frozenRowCount": frozen[0], "frozenColumnCount": frozen[1]}
    grid["hideGridlines"] = not gridlines
    return {"addSheet": {"properties": {"sheetId": sheet, "title": title, "hidden": hidden, "gridProperties": grid}}}


def write(sheet: int, row: int, column: int, rows: Sequence[Sequence[CellData]]) -> Request:
    """Writes rows of cells, each from `column` on, the first of them into `row`."""
    fields = dict.fromkeys(name for cells in rows for one in cells for name in one)
    start = {"sheetId": sheet, "rowIndex": row - 1, "columnIndex": column - 1}
    return {
        "updateCells": {
            "start": start, "rows": [{"values": list(cells)} for cells in rows], "fields": ",".join(fields),
        }
    }  # fmt: skip


def fill(area: Area, content: CellData) -> Request:
    """Writes the same cell all over the area; the references of its formula move along, as if it were filled down."""
    return {"repeatCell": {"range": area.grid, "cell": content, "fields": ",".join(content)}}


def resize(band: Band, pixels: int | None = None, *, hidden: bool = False) -> Request:
    """Makes rows so high or columns so wide, or hides them."""
    properties = ({} if pixels is None else {"pixelSize": pixels}) | ({"hiddenByUser": True} if hidden else {})
    return {"updateDimensionProperties": {"range": band.grid, "properties": properties, "fields": ",".join(properties)}}


def merge(area: Area) -> Request:
    """Makes one cell of each row of the area."""
    return {"mergeCells": {"range": area.grid, "mergeType": "MERGE_ROWS"}}


def name_range(name: str, area: Area) -> Request:
    """Gives the area a name that formulas may use."""
    return {"addNamedRange": {"namedRange": {"name": name, "range": area.grid}}}


def accept(area: Area, rule: Validation) -> Request:
    """Lets the cells of the area accept what `rule` says; it speaks of the area's first cell."""
    return {"setDataValidation": {"range": area.grid, "rule": rule}}


def highlight_where(area: Area, formula: str, look: CellFormat, index: int) -> Request:
    """Shows cells of the area as `look` says where the formula (for its first cell) is true; a lower `index` wins."""
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={formula}"}]}
    rule = {"ranges": [area.grid], "booleanRule": {"condition": condition, "format": look}}
    return {"addConditionalFormatRule": {"rule": rule, "index": index}}


def filter_rows(area: Area) -> Request:
    """Puts filter buttons into the first row of the area."""
    return {"setBasicFilter": {"filter": {"range": area.grid}}}


def guard(where: Area | int, free: Sequence[Area] = ()) -> Request:
    """Asks whoever edits the area, or the whole sheet but its `free` areas, whether that was meant.

    It warns and does not forbid, like the protection without a password in the Excel workbook: that guards against slips as
    well, shuts nobody out, and needs no list of people who may edit, which nobody would keep.
    """
    protected: dict[str, Any] = {
        "range": {"sheetId": where} if isinstance(where, int) else where.grid,
        "warningOnly": True,
    }
    if free:
        protected["unprotectedRanges"] = [one.grid for one in free]
    return {"addProtectedRange": {"protectedRange": protected}}


def note_down(about: str, value: str, where: int | Band | None = None) -> Request:
    """Keeps a value out of sight (developer metadata) with a sheet, a single column or, without `where`, the spreadsheet."""
    location: dict[str, Any] = {"spreadsheet": True}
    if isinstance(where, Band):
        location = {"dimensionRange": where.grid}
    elif where is not None:
        location = {"sheetId": where}
    kept = {"metadataKey": f"{KEY}{about}", "metadataValue": value, "location": location, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": kept}}

"""A spreadsheet with its sheets, and what Drive knows of it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.google_stand_in.a1 import Box, Json, parse, quoted, split
from tests.google_stand_in.cells import Cell
from tests.google_stand_in.errors import ApiError


@dataclass
class Sheet:
    """One tab. Cells stand by (row, column) from 1."""

    properties: Json
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    guards: list[Json] = field(default_factory=list)
    marks: list[Json] = field(default_factory=list)
    merges: list[Json] = field(default_factory=list)
    filter: Json | None = None
    rows: dict[int, Json] = field(default_factory=dict)
    columns: dict[int, Json] = field(default_factory=dict)
    notes: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def height(self) -> int:
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def width(self) -> int:
        return int(self.properties["gridProperties"]["columnCount"])

    @property
    def whole(self) -> Box:
        return Box(1, 1, self.height, self.width)

    def cell(self, row: int, column: int) -> Cell:
        return self.cells.setdefault((row, column), Cell())

    def shift(self, dimension: str, start: int, count: int) -> None:
        """Inserts `count` rows or columns before the one with the index `start`, or deletes -`count` from there on."""
        axis = 0 if dimension == "ROWS" else 1
        moved = {}
        for at, cell in self.cells.items():
            index = at[axis] - 1
            if count < 0 and start <= index < start - count:
                continue
            step = count if index >= start else 0
            moved[(at[0] + step, at[1]) if axis == 0 else (at[0], at[1] + step)] = cell
        self.cells = moved
        self.properties["gridProperties"]["rowCount" if axis == 0 else "columnCount"] += count
        boxes = [one["range"] for one in self.guards] + [one for mark in self.marks for one in mark["ranges"]]
        first, last = ("startRowIndex", "endRowIndex") if axis == 0 else ("startColumnIndex", "endColumnIndex")
        for box in [*boxes, *self.merges]:
            if last in box:
                _shift_box(box, first, last, start, count)


def _shift_box(box: Json, first: str, last: str, start: int, count: int) -> None:
    if count > 0:
        if box.get(first, 0) >= start:
            box[first] = box.get(first, 0) + count
        if box[last] > start:
            box[last] += count
        return
    for end in (first, last):
        index = box.get(end, 0)
        box[end] = index + count if index >= start - count else min(index, start)


def new_sheet(sheet_id: int, title: str, rows: int = 1000, columns: int = 26) -> Sheet:
    """A blank sheet."""
    grid = {"rowCount": rows, "columnCount": columns}
    return Sheet({"sheetId": sheet_id, "title": title, "index": 0, "sheetType": "GRID", "gridProperties": grid})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Spreadsheet:
    """A new spreadsheet with one blank sheet; `readers` and `writers` may open it besides its owner."""

    def __init__(self, title: str, owner: str) -> None:
        self.id = "1" + secrets.token_urlsafe(32)
        self.properties: Json = {"title": title, "locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
        self.sheets = [new_sheet(0, "Sheet1")]
        self.names: list[Json] = []
        self.notes: list[Json] = []
        self.owner = owner
        self.readers: set[str] = set()
        self.writers: set[str] = set()
        self.version = 1
        self.created = self.modified = _now()
        self.trashed = False

    def touched(self) -> None:
        """Its version moves on."""
        self.version += 1
        self.modified = _now()

    def numbered(self) -> None:
        """Gives the sheets their places anew."""
        for index, sheet in enumerate(self.sheets):
            sheet.properties["index"] = index

    def sheet(self, sheet_id: int) -> Sheet:
        """The sheet with this id."""
        for sheet in self.sheets:
            if sheet.id == sheet_id:
                return sheet
        raise ApiError(400, f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Sheet | None:
        """The sheet with this title, whatever its case."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def grid(self, area: Json) -> tuple[Sheet, Box]:
        """The cells that a GridRange names."""
        sheet = self.sheet(area.get("sheetId", 0))
        bottom = min(area.get("endRowIndex", sheet.height), sheet.height)
        right = min(area.get("endColumnIndex", sheet.width), sheet.width)
        return sheet, Box(area.get("startRowIndex", 0) + 1, area.get("startColumnIndex", 0) + 1, bottom, right)

    def place(self, text: str) -> tuple[Sheet, Box]:
        """The cells that a range names, as far as the sheet goes."""
        title, cells = split(text)
        named = next((one["range"] for one in self.names if one["name"] == cells), None)
        if title is None:
            if named:
                return self.grid(named)
            # A bare word is a range first and only then a title.
            sheet = None if cells and parse(cells) else self.titled(cells or "")
            if sheet:
                return sheet, sheet.whole
            sheet = self.sheets[0]
        else:
            sheet = self.titled(title)
        if sheet is None:
            raise ApiError(400, f"Unable to parse range: {text}")
        if cells is None:
            return sheet, sheet.whole
        ends = parse(cells)
        if ends is None:
            if named:
                return self.grid(named)
            raise ApiError(400, f"Unable to parse range: {text}")
        top, left, bottom, right = ends
        top, left = top or 1, left or 1
        if top > sheet.height or left > sheet.width:
            limits = f"Max rows: {sheet.height}, max columns: {sheet.width}"
            raise ApiError(400, f"Range ({quoted(sheet.title)}!{cells}) exceeds grid limits. {limits}")
        bottom, right = bottom or sheet.height, right or sheet.width
        return sheet, Box(top, left, min(bottom, sheet.height), min(right, sheet.width))

"""A workbook in memory that does what xlwings' clients are told to: the actions of a response, applied one by one.

Each action does what its namesake in addin/Remote.bas does. The marks are drawn by the workbook's own code; what stands for
it here is a translation of macros/vba/TaizhangMarks.bas, which tests/test_buttons_vba.py runs itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from macros.marks import ADDRESS_COLUMN, FILL_COLUMN, FIRST_LINE, NOTE_COLUMN, SHEET_COLUMN, SIGN
from tests.xlwings_clients import a1, google_payload, opened, vba_body
from workbook_templates.severities import FILLS
from workbook_templates.sheet import RESULT

Looks = Mapping[tuple[str, str], tuple[object, ...]]
"""Value, note, link, fill and the rest of the style of each cell."""
_NO_FILL = PatternFill()


def fill_of(cell: Cell) -> str:
    """The colour of a cell's fill, "" for none."""
    return "#" + cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else ""


@dataclass
class Spreadsheet:
    """A program with one workbook open."""

    path: Path
    selection: str | None = "A1"
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = opened(self.path)
        self.active = 0

    def body(self, **more: Any) -> bytes:
        """What the VBA client sends of the workbook as it is now."""
        return vba_body(self.book, name=self.path.name, active=self.active, selection=self.selection, **more)

    def google(self) -> dict[str, Any]:
        """What the Apps Script client would send of it."""
        return google_payload(self.book, name=self.path.stem, active=self.active, selection=self.selection or "")

    def sheet(self, position: int) -> Worksheet:
        """The sheet at a position from 0."""
        return self.book.worksheets[position]

    def marks(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Fill and note of each marked cell."""
        return {
            (page.title, cell.coordinate): (fill_of(cell), cell.comment.text if cell.comment else "")
            for page in self.book.worksheets
            if page.title != RESULT
            for cell in list(page._cells.values())
            if fill_of(cell) in FILLS.values() or (cell.comment and cell.comment.text.startswith(SIGN))
        }

    def looks(self) -> Looks:
        """All there is to see of each cell but those of the result sheet."""
        return {
            (page.title, cell.coordinate): (
                cell.value, cell.comment and cell.comment.text, cell.hyperlink and cell.hyperlink.target,
                cell._style.fillId, (*cell._style[:1], *cell._style[2:]),
            )
            for page in self.book.worksheets
            if page.title != RESULT
            for cell in list(page._cells.values())
            if cell.value is not None or cell.has_style or cell.comment
        }  # fmt: skip

    def lines(self) -> list[list[Any]]:
        """The result sheet from the first problem on."""
        return [list(row) for row in self.book[RESULT].iter_rows(FIRST_LINE, values_only=True)]

    def apply(self, response: Mapping[str, Any]) -> None:
        """Does what a response says."""
        for action in response["actions"]:
            getattr(self, "_" + re.sub("(?=[A-Z])", "_", action["func"]).lower())(action)

    def _set_values(self, action: Mapping[str, Any]) -> None:
        page = self.sheet(action["sheet_position"])
        assert len(action["values"]) == action["row_count"]
        for r, row in enumerate(action["values"], action["start_row"] + 1):
            assert len(row) == action["column_count"]
            for c, value in enumerate(row, action["start_column"] + 1):
                link = re.fullmatch(r'=HYPERLINK\("((?:[^"]|"")*)","([^"]*)"\)', str(value))
                cell = page.cell(r, c)
                cell.value = link[2] if link else (None if value == "" else value)
                cell.hyperlink = link[1].replace('""', '"') if link else None

    def _add_sheet(self, action: Mapping[str, Any]) -> None:
        position, title = action["args"]
        self.book.create_sheet(title, position)
        self.active = position

    def _sheet_clear(self, action: Mapping[str, Any]) -> None:
        page = self.sheet(action["sheet_position"])
        page.delete_rows(1, page.max_row)

    def _sheet_delete(self, action: Mapping[str, Any]) -> None:
        self.book.remove(self.sheet(action["sheet_position"]))
        self.active = min(self.active, len(self.book.worksheets) - 1)

    def _activate_sheet(self, action: Mapping[str, Any]) -> None:
        self.active = action["args"][0]

    def _range_select(self, action: Mapping[str, Any]) -> None:
        assert action["sheet_position"] == self.active, "a cell of a sheet that is not in front cannot be selected"
        self.selection = a1(action["start_row"] + 1, action["start_column"] + 1)

    def _alert(self, action: Mapping[str, Any]) -> None:
        self.told.append(action["args"][0])

    def _run_macro(self, action: Mapping[str, Any]) -> None:
        [name] = action["args"]
        self.run(name)

    def run(self, macro: str) -> None:
        """Runs one of the workbook's own macros."""
        {"TaizhangMark": self._mark, "TaizhangClear": self._clear}[macro]()

    def _clear(self) -> None:
        for title, address in self.marks():
            cell = self.book[title][address]
            if cell.comment and cell.comment.text.startswith(SIGN):
                cell.comment = None
            if fill_of(cell) in FILLS.values():
                cell.fill = _NO_FILL

    def _mark(self) -> None:
        for line in self.lines():
            if not line[NOTE_COLUMN - 1]:
                continue
            cell = self.book[line[SHEET_COLUMN - 1]][line[ADDRESS_COLUMN - 1]]
            if not fill_of(cell):
                cell.fill = PatternFill("solid", fgColor="FF" + line[FILL_COLUMN - 1][1:])
            if not cell.comment:
                cell.comment = Comment(line[NOTE_COLUMN - 1], "")

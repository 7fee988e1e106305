"""Does in LibreOffice what xlwings' client does in Excel, and runs the workbook's own VBA; run by the system's python3.

Usage, in the repository's folder: python3 -m tests.macro_runner PIPE JOB, where JOB is a JSON file:
{"open": URL, "fills": ["#F6C9C0", ...], "own": {title: {"C7": {"fill": colour, "note": text}}}, "responses": [...], "seen": path}.
After each response, what is marked is noted down: fill and note of each cell that has one of the fills, or a note.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.office_desktop import desktop, end, named

COLUMNS = 45
OURS = ("Taizhang", "ThisWorkbook", "Sheet")


def _colour(text: str) -> int:
    return int(text[1:], 16)


def _note(sheet: Any, cell: Any, text: str) -> None:
    sheet.Annotations.insertNew(cell.CellAddress, text)


def _apply(document: Any, action: Any) -> None:
    sheets, func = document.Sheets, action["func"]
    if func == "addSheet":
        sheets.insertNewByName(action["args"][1], action["args"][0])
    elif func == "sheetClear":
        sheet = sheets.getByIndex(action["sheet_position"])
        sheet.getCellRangeByPosition(0, 0, COLUMNS, 1000).clearContents(1023)
    elif func == "sheetDelete":
        sheets.removeByName(sheets.getByIndex(action["sheet_position"]).Name)
    elif func == "setValues":
        sheet = sheets.getByIndex(action["sheet_position"])
        for r, row in enumerate(action["values"], action["start_row"]):
            for c, value in enumerate(row, action["start_column"]):
                cell = sheet.getCellByPosition(c, r)
                cell.setFormula(value) if str(value).startswith("=") else cell.setString(value)
    elif func == "runMacro":
        address = f"vnd.sun.star.script:VBAProject.TaizhangMarks.{action['args'][0]}?language=Basic&location=document"
        document.getScriptProvider().getScript(address).invoke((), (), ())


def _seen(document: Any, fills: list[int]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for sheet in document.Sheets:
        for alike in sheet.getUniqueCellFormatRanges():
            if alike.CellBackColor in fills:
                for part in alike:
                    for cell in _cells(sheet, part.RangeAddress):
                        found[_name(cell)] = [f"#{cell.CellBackColor:06X}", ""]
        for note in sheet.Annotations:
            cell = sheet.getCellByPosition(note.Position.Column, note.Position.Row)
            fill = cell.CellBackColor
            found[_name(cell)] = ["" if fill == -1 else f"#{fill:06X}", note.String]
    return found


def _cells(sheet: Any, area: Any) -> Iterator[Any]:
    for row in range(area.StartRow, area.EndRow + 1):
        for column in range(area.StartColumn, area.EndColumn + 1):
            yield sheet.getCellByPosition(column, row)


def _name(cell: Any) -> str:
    return str(cell.AbsoluteName.replace("$", "").replace("'", ""))


def main(pipe: str, job: str) -> None:
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    office = desktop(pipe)
    document = office.loadComponentFromURL(
        work["open"], "_blank", 0, (named("Hidden", True), named("MacroExecutionMode", 4))
    )
    library = document.BasicLibraries.getByName("VBAProject")
    for name in library.ElementNames:
        if not name.startswith(OURS):  # xlwings' modules call Windows, which LibreOffice's Basic refuses
            library.removeByName(name)
    for title, cells in work["own"].items():
        sheet = document.Sheets.getByName(title)
        for address, looks in cells.items():
            cell = sheet.getCellRangeByName(address)
            if "fill" in looks:
                cell.CellBackColor = _colour(looks["fill"])
            if "note" in looks:
                _note(sheet, cell, looks["note"])
    seen = []
    for response in work["responses"]:
        for action in response["actions"]:
            _apply(document, action)
        seen.append(_seen(document, [_colour(fill) for fill in work["fills"]]))
    Path(work["seen"]).write_text(json.dumps(seen), encoding="utf-8")
    document.close(True)
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

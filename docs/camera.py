"""Takes pictures of cells through LibreOffice, as .pdf of exactly their size; run by the system's python3, which has `uno`.

Usage, in the repository's folder: python3 -m docs.camera PIPE JOB, where JOB is a JSON file, a list of
{"open": URL, "shots": [{"sheet": title, "cells": "A1:K20", "hide": ["M:AF"], "note": "C7" or "", "save": URL}]}.
The comment of the cell `note` is shown.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uno

from tests.office_desktop import desktop, end, named

HEADINGS = (1010, 470)
"""Room for the letters and numbers of columns and rows, in 1/100 mm: width, height."""


def _page(document: Any, sheet: Any, cells: Any) -> None:
    """The sheet's page becomes as large as the cells, with the letters of columns and the numbers of rows beside them."""
    page = document.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    for name in ("HeaderIsOn", "FooterIsOn", "CenterHorizontally", "CenterVertically", "PrintGrid"):
        page.setPropertyValue(name, False)
    for name in ("TopMargin", "BottomMargin", "LeftMargin", "RightMargin"):
        page.setPropertyValue(name, 0)
    page.PrintHeaders = True
    page.IsLandscape = False
    page.PageScale = 100
    page.Width, page.Height = cells.Size.Width + HEADINGS[0], cells.Size.Height + HEADINGS[1]


def _take(document: Any, shot: Mapping[str, Any]) -> None:
    sheet = document.Sheets.getByName(shot["sheet"])
    for columns in shot["hide"]:
        sheet.getCellRangeByName(columns).Columns.IsVisible = False
    sheet.setPrintTitleColumns(False)
    sheet.setPrintTitleRows(False)
    cells = sheet.getCellRangeByName(shot["cells"])
    _page(document, sheet, cells)
    if shot["note"]:
        sheet.getCellRangeByName(shot["note"]).getCellByPosition(0, 0).Annotation.IsVisible = True
    data = uno.Any("[]com.sun.star.beans.PropertyValue", (named("Selection", cells), named("ExportNotes", False)))
    document.storeToURL(shot["save"], (named("FilterName", "calc_pdf_Export"), named("FilterData", data)))


def main(pipe: str, job: str) -> None:
    """Opens each workbook of the job, recalculates it and takes its pictures, then ends LibreOffice."""
    office = desktop(pipe)
    for work in json.loads(Path(job).read_text(encoding="utf-8")):
        document = office.loadComponentFromURL(work["open"], "_blank", 0, (named("Hidden", True),))
        document.calculateAll()
        for shot in work["shots"]:
            _take(document, shot)
        document.close(True)
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

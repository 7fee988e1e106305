"""Types into a workbook as a person would, through LibreOffice's own cells; run by the system's python3, which has `uno`.

Usage, in the repository's folder: python3 -m tests.typist PIPE JOB, where JOB is a JSON file:
{"open": URL, "sheets": {title: {"A5": text}}, "save": {filter: URL}}.
"""

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.office_desktop import desktop, end, named

TEXT_FORMAT = 256  # com.sun.star.util.NumberFormat.TEXT


def _type(cell: Any, text: str, is_text: Callable[[int], bool]) -> None:
    """A text cell keeps what is typed; any other cell takes it for a number or a date where it looks like one."""
    if is_text(cell.NumberFormat):
        cell.setString(text)
    else:
        cell.FormulaLocal = text


def main(pipe: str, job: str) -> None:
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    office = desktop(pipe)
    document = office.loadComponentFromURL(work["open"], "_blank", 0, (named("Hidden", True),))
    is_text = cache(lambda key: bool(document.NumberFormats.getByKey(key).Type & TEXT_FORMAT))
    document.enableAutomaticCalculation(False)  # once at the end, not after each of thousands of cells
    for title, cells in work["sheets"].items():
        sheet = document.Sheets.getByName(title)
        for at, text in cells.items():
            _type(sheet.getCellRangeByName(at), text, is_text)
    document.calculate()
    document.enableAutomaticCalculation(True)
    for name, url in work["save"].items():
        document.storeToURL(url, (named("FilterName", name),))
    document.close(True)
    end(office)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

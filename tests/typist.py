"""Types into a workbook as a person would, through LibreOffice's own cells; run by the system's python3, which has `uno`.

Usage: typist.py PIPE JOB, where JOB is a JSON file: {"open": URL, "sheets": {title: {"A5": text}}, "save": {filter: URL}}.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

TEXT_FORMAT = 256  # com.sun.star.util.NumberFormat.TEXT
WAIT = 40


def _property(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _desktop(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + WAIT
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def _type(document: Any, cell: Any, text: str) -> None:
    """A text cell keeps what is typed; any other cell takes it for a number or a date where it looks like one."""
    if document.NumberFormats.getByKey(cell.NumberFormat).Type & TEXT_FORMAT:
        cell.setString(text)
    else:
        cell.FormulaLocal = text


def main(pipe: str, job: str) -> None:
    work = json.loads(Path(job).read_text(encoding="utf-8"))
    desktop = _desktop(pipe)
    document = desktop.loadComponentFromURL(work["open"], "_blank", 0, (_property("Hidden", True),))
    for title, cells in work["sheets"].items():
        sheet = document.Sheets.getByName(title)
        for at, text in cells.items():
            _type(document, sheet.getCellRangeByName(at), text)
    for name, url in work["save"].items():
        document.storeToURL(url, (_property("FilterName", name),))
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

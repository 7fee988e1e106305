"""Small tables drawn in Markdown, as sheets and as real workbooks.

A cell is written | like this |: blank is None, `=12.5` a number, `=TRUE` a truth value, `@1985-03-12` a date,
`@1985-03-12T08:30` a moment, `#N/A` an error; anything else is text, and 'quotes' keep what would be
read otherwise, spaces too. A line of dashes between bars is skipped; a row of blanks is drawn as `| |`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sync_service.demo.writing import save_ods, save_xls, save_xlsx
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import CellError, Raw

Drawn = Mapping[str, RawSheet]


def _cell(text: str) -> Raw:
    if not text:
        return None
    if re.fullmatch(r"'.*'", text):
        return text[1:-1]
    if text.startswith("#"):
        return CellError(text)
    if text.startswith("@"):
        return datetime.fromisoformat(text[1:]) if "T" in text else date.fromisoformat(text[1:])
    if text in {"=TRUE", "=FALSE"}:
        return text == "=TRUE"
    if text.startswith("="):
        return float(text[1:]) if re.search(r"[.e]", text) else int(text[1:])
    return text


def _row(line: str) -> tuple[Raw, ...]:
    cells = [_cell(part.strip()) for part in line.strip().strip("|").split("|")]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def sheet(
    markdown: str,
    title: str = "表",
    *,
    visible: bool = True,
    hidden_rows: frozenset[int] = frozenset(),
    merged: tuple[Range, ...] = (),
) -> RawSheet:
    """The sheet that `markdown` draws: its first line of bars is row 1, trailing blanks are left out of rows."""
    lines = [
        line for line in markdown.splitlines() if "|" in line and not re.fullmatch(r"\s*\|[-:|\s]*-[-:|\s]*", line)
    ]
    return RawSheet(title, tuple(_row(line) for line in lines), visible, hidden_rows, merged)


def _book(path: Path, sheets: Drawn) -> RawBook:
    return RawBook(path.name, tuple(replace(drawn, title=title) for title, drawn in sheets.items()))


def write_xlsx(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .xlsx under the mapping's titles; returns `path`."""
    save_xlsx(_book(path, sheets), path)
    return path


def write_xls(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .xls (BIFF8) under the mapping's titles; returns `path`."""
    save_xls(_book(path, sheets), path)
    return path


def write_ods(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .ods under the mapping's titles, errors as LibreOffice writes them; returns `path`."""
    save_ods(_book(path, sheets), path)
    return path


WRITERS: Mapping[str, Callable[[Path, Drawn], Path]] = {
    ".xlsx": write_xlsx,
    ".xls": write_xls,
    ".ods": write_ods,
}
"""How each ending is written."""

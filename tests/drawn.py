"""Small tables drawn in Markdown, as sheets and as real workbooks.

A cell is written | like this |: blank is None, `=12.5` a number, `=TRUE` a truth value, `@1985-03-12` a date,
`@1985-03-12T08:30` a moment, `#N/A` an error; anything else is text, and 'quotes' keep what would be
read otherwise, spaces too. A line of dashes between bars is skipped; a row of blanks is drawn as `| |`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
import xlwt
from odf.namespaces import nsdict
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from xlrd import error_text_from_code

from validators.raw import Range, RawSheet
from workbook_templates.cells import CellError, Raw

Drawn = Mapping[str, RawSheet]

_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_ERROR_CODES = {text: code for code, text in error_text_from_code.items()}
nsdict[_CALCEXT] = "calcext"  # the prefix that LibreOffice itself writes


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


def _merges(drawn: RawSheet) -> dict[tuple[int, int], Range]:
    return {(area.first_row, area.first_column): area for area in drawn.merged}


def write_xlsx(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .xlsx under the mapping's titles; returns `path`."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for title, drawn in sheets.items():
            page = book.add_worksheet(title)
            if not drawn.visible:
                page.hide()
            for area in drawn.merged:
                page.merge_range(area.first_row - 1, area.first_column - 1, area.last_row - 1, area.last_column - 1, "")
            for r, row in enumerate(drawn.rows):
                for c, value in enumerate(row):
                    match value:
                        case None:
                            pass
                        case bool():
                            page.write_boolean(r, c, value)
                        case str():
                            page.write_string(r, c, value)
                        case datetime():
                            page.write_datetime(r, c, value, moment)
                        case date():
                            page.write_datetime(r, c, value, day)
                        case CellError():
                            page.write_formula(r, c, f"={value.text}", value=value.text)
                        case _:
                            page.write_number(r, c, value)
            for hidden in drawn.hidden_rows:
                page.set_row(hidden - 1, None, None, {"hidden": True})
    return path


def write_xls(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .xls (BIFF8) under the mapping's titles; returns `path`."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    moment = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for title, drawn in sheets.items():
        page = book.add_sheet(title)
        page.visibility = 0 if drawn.visible else 1
        for r, row in enumerate(drawn.rows):
            for c, value in enumerate(row):
                match value:
                    case None:
                        pass
                    case datetime():
                        page.write(r, c, value, moment)
                    case date():
                        page.write(r, c, value, day)
                    case CellError():
                        page.row(r).set_cell_error(c, _ERROR_CODES[value.text])
                    case _:
                        page.write(r, c, value)
        for area in drawn.merged:
            page.merge(area.first_row - 1, area.last_row - 1, area.first_column - 1, area.last_column - 1)
        for hidden in drawn.hidden_rows:
            page.row(hidden - 1).hidden = True
    book.save(str(path))
    return path


def _ods_cell(value: Raw, area: Range | None) -> TableCell:
    span = {}
    if area:
        span = {
            "numberrowsspanned": area.last_row - area.first_row + 1,
            "numbercolumnsspanned": area.last_column - area.first_column + 1,
        }
    match value:
        case None:
            return TableCell(**span)
        case bool():
            return TableCell(valuetype="boolean", booleanvalue=str(value).lower(), **span)
        case date():
            return TableCell(valuetype="date", datevalue=value.isoformat(), **span)
        case CellError():
            cell = TableCell(valuetype="string", stringvalue="", formula=f"of:={value.text}", **span)
            cell.setAttrNS(_CALCEXT, "value-type", "error")
            cell.addElement(P(text=value.text))
            return cell
        case str():
            cell = TableCell(valuetype="string", **span)
            for line in value.split("\n"):
                cell.addElement(P(text=line))
            return cell
    return TableCell(valuetype="float", value=repr(value), **span)


def write_ods(path: Path, sheets: Drawn) -> Path:
    """Write the sheets as .ods under the mapping's titles, errors as LibreOffice writes them; returns `path`."""
    book = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(unseen)
    for title, drawn in sheets.items():
        page = Table(name=title) if drawn.visible else Table(name=title, stylename=unseen)
        merges = _merges(drawn)
        covered = {
            (r, c)
            for area in drawn.merged
            for r in range(area.first_row, area.last_row + 1)
            for c in range(area.first_column, area.last_column + 1)
        } - merges.keys()
        width = max([1, *map(len, drawn.rows), *(area.last_column for area in drawn.merged)])
        for r, row in enumerate(drawn.rows or ((),), 1):
            line = TableRow(visibility="collapse") if r in drawn.hidden_rows else TableRow()
            for c in range(1, width + 1):
                value = row[c - 1] if c <= len(row) else None
                line.addElement(CoveredTableCell() if (r, c) in covered else _ods_cell(value, merges.get((r, c))))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    book.save(str(path))
    return path


WRITERS: Mapping[str, Callable[[Path, Drawn], Path]] = {
    ".xlsx": write_xlsx,
    ".xls": write_xls,
    ".ods": write_ods,
}
"""How each ending is written."""

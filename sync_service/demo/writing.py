"""Saving a workbook as a clerk's program does: .xlsx, .xls (BIFF8) or .ods.

A time of day becomes the number 0, which a cell for dates shows as 1900-01-00.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
import xlwt
from odf.namespaces import nsdict
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from xlrd import error_text_from_code

from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import CellError, Raw

_ERROR_CODES = {text: code for code, text in error_text_from_code.items()}
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
nsdict[_CALCEXT] = "calcext"  # the prefix that LibreOffice itself writes


def save_xlsx(book: RawBook, path: Path) -> None:
    """Saves the workbook as .xlsx, whatever the file's ending. Raises FileCreateError."""
    with xlsxwriter.Workbook(str(path)) as file:
        file.set_properties({"created": datetime(2000, 1, 1)})  # the same county gives the same bytes
        day = file.add_format({"num_format": "yyyy-mm-dd"})
        moment = file.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for sheet in book.sheets:
            page = file.add_worksheet(sheet.title)
            if not sheet.visible:
                page.hide()
            for area in sheet.merged:
                page.merge_range(area.first_row - 1, area.first_column - 1, area.last_row - 1, area.last_column - 1, "")
            for r, row in enumerate(sheet.rows):
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
                        case time():
                            page.write_number(r, c, 0, day)
                        case CellError():
                            page.write_formula(r, c, f"={value.text}", value=value.text)
                        case _:
                            page.write_number(r, c, value)
            for hidden in sheet.hidden_rows:
                page.set_row(hidden - 1, None, None, {"hidden": True})


def save_xls(book: RawBook, path: Path) -> None:
    """Saves the workbook as .xls (BIFF8), whatever the file's ending. Raises OSError."""
    file = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    moment = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for sheet in book.sheets:
        page = file.add_sheet(sheet.title)
        page.visibility = 0 if sheet.visible else 1
        for r, row in enumerate(sheet.rows):
            for c, value in enumerate(row):
                match value:
                    case None:
                        pass
                    case datetime():
                        page.write(r, c, value, moment)
                    case date():
                        page.write(r, c, value, day)
                    case time():
                        page.write(r, c, 0, day)
                    case CellError():
                        page.row(r).set_cell_error(c, _ERROR_CODES[value.text])
                    case _:
                        page.write(r, c, value)
        for area in sheet.merged:
            page.merge(area.first_row - 1, area.last_row - 1, area.first_column - 1, area.last_column - 1)
        for hidden in sheet.hidden_rows:
            page.row(hidden - 1).hidden = True
    file.save(str(path))


def _ods_cell(value: Raw, area: Range | None) -> TableCell:
    span: Mapping[str, int] = {}
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
        case time():
            return TableCell(valuetype="float", value="0", **span)
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


def _ods_table(sheet: RawSheet, table: Table) -> Table:
    merges = {(area.first_row, area.first_column): area for area in sheet.merged}
    covered = {
        (r, c)
        for area in sheet.merged
        for r in range(area.first_row, area.last_row + 1)
        for c in range(area.first_column, area.last_column + 1)
    } - merges.keys()
    width = max([1, *map(len, sheet.rows), *(area.last_column for area in sheet.merged)])
    for r, row in enumerate(sheet.rows or ((),), 1):  # a table without a row is not valid
        line = TableRow(visibility="collapse") if r in sheet.hidden_rows else TableRow()
        for c in range(1, width + 1):
            value = row[c - 1] if c <= len(row) else None
            line.addElement(CoveredTableCell() if (r, c) in covered else _ods_cell(value, merges.get((r, c))))
        table.addElement(line)
    return table


def save_ods(book: RawBook, path: Path) -> None:
    """Saves the workbook as .ods, whatever the file's ending, errors as LibreOffice writes them. Raises OSError."""
    file = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    file.automaticstyles.addElement(unseen)
    for sheet in book.sheets:
        table = Table(name=sheet.title) if sheet.visible else Table(name=sheet.title, stylename=unseen)
        file.spreadsheet.addElement(_ods_table(sheet, table))
    file.save(str(path))


_SAVERS: Mapping[str, Callable[[RawBook, Path], None]] = {".xlsx": save_xlsx, ".xls": save_xls, ".ods": save_ods}


def save_book(book: RawBook, path: Path) -> None:
    """Saves the workbook in the format that the file's ending says. Raises as the function for that format does."""
    _SAVERS[path.suffix](book, path)

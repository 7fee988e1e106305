"""Saving a workbook as a clerk's program does: .xlsx, .xls (BIFF8) or .ods."""

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


def _save_xlsx(book: RawBook, path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as file:
        file.set_properties({"created": datetime(2000, 1, 1)})  # the same county gives the same bytes
        day = file.add_format({"num_format": "yyyy-mm-dd"})
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
                        case str():
                            page.write_string(r, c, value)
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


def _save_xls(book: RawBook, path: Path) -> None:
    file = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for sheet in book.sheets:
        page = file.add_sheet(sheet.title)
        page.visibility = 0 if sheet.visible else 1
        for r, row in enumerate(sheet.rows):
            for c, value in enumerate(row):
                match value:
                    case None:
                        pass
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
            cell.addElement(P(text=value))
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
    width = max([len(row) for row in sheet.rows] + [area.last_column for area in sheet.merged], default=0)
    for r, row in enumerate(sheet.rows, 1):
        line = TableRow(visibility="collapse") if r in sheet.hidden_rows else TableRow()
        for c in range(1, width + 1):
            value = row[c - 1] if c <= len(row) else None
            line.addElement(CoveredTableCell() if (r, c) in covered else _ods_cell(value, merges.get((r, c))))
        table.addElement(line)
    return table


def _save_ods(book: RawBook, path: Path) -> None:
    file = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    file.automaticstyles.addElement(unseen)
    for sheet in book.sheets:
        table = Table(name=sheet.title) if sheet.visible else Table(name=sheet.title, stylename=unseen)
        file.spreadsheet.addElement(_ods_table(sheet, table))
    file.save(str(path))


_SAVERS: Mapping[str, Callable[[RawBook, Path], None]] = {".xlsx": _save_xlsx, ".xls": _save_xls, ".ods": _save_ods}


def save_book(book: RawBook, path: Path) -> None:
    """Saves the workbook in the format that the file's ending says. Raises OSError if it cannot be written."""
    _SAVERS[path.suffix](book, path)

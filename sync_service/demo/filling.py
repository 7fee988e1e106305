"""Filling in the official template, as a clerk's program leaves it: her cells beside the template's own.

openpyxl would take half a minute and write 3,000 rows of formulas out one by one; here only the cells that are typed
are put into the sheets' XML.
"""

import re
import zipfile
from collections.abc import Mapping
from datetime import date, time
from io import BytesIO
from xml.sax.saxutils import escape

from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import number_text, serial
from workbook_templates.sheet import COVER_FIRST_ROW, COVER_VALUE_COLUMN, FIRST_ROW, letter

_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.S)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?[^>]*?(?:/>|>.*?</c>)', re.S)
_COL = re.compile(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"')


def _typed_cell(at: str, value: Raw, style: str, day_style: str) -> str:
    match value:
        case str():
            return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case date():
            return f'<c r="{at}" s="{day_style}"><v>{serial(value)}</v></c>'
        case time():
            return f'<c r="{at}" s="{day_style}"><v>0</v></c>'
        case CellError():
            return f'<c r="{at}" s="{style}" t="e"><v>{value.text}</v></c>'
    return f'<c r="{at}" s="{style}"><v>{number_text(float(str(value)))}</v></c>'


def _column_styles(xml: str) -> dict[int, str]:
    return {
        number: style
        for first, last, style in _COL.findall(xml)
        for number in range(int(first), min(int(last), 200) + 1)
    }


def _number(letters: str) -> int:
    number = 0
    for c in letters:
        number = number * 26 + ord(c) - 64
    return number


def _filled(xml: str, typed: Mapping[int, Mapping[int, Raw]], hidden: frozenset[int], day_style: str) -> str:
    """The sheet's XML with the typed cells, by row and column, put in."""
    styles = _column_styles(xml)

    def row(match: re.Match[str]) -> str:
        number = int(match[1])
        values = typed.get(number)
        if not values:
            return match[0]
        cells = {_number(cell[1]): (cell[0], cell[2] or "0") for cell in _CELL.finditer(match[3] or "")}
        for column, value in values.items():
            old, style = cells.get(column, ("", styles.get(column, "0")))
            if ' ref="' in old:
                raise ValueError(f"{letter(column)}{number} holds a formula that other rows share")
            cells[column] = (_typed_cell(f"{letter(column)}{number}", value, style, day_style), style)
        inside = "".join(cells[column][0] for column in sorted(cells))
        unseen = ' hidden="1"' if number in hidden else ""
        return f'<row r="{number}"{match[2]}{unseen}>{inside}</row>'

    return _ROW.sub(row, xml)


def _typed_cells(form: Form, sheet: RawSheet) -> dict[int, dict[int, Raw]]:
    """What the clerk typed, by row and column: the header stays the template's."""
    cover = form.layout == "cover"
    found = {}
    for number, row in enumerate(sheet.rows, 1):
        cells: dict[int, Raw] = {column: value for column, value in enumerate(row, 1) if value is not None}
        if cover:
            cells = {column: value for column, value in cells.items() if column == COVER_VALUE_COLUMN}
        if cells and number >= (COVER_FIRST_ROW if cover else FIRST_ROW):
            found[number] = cells
    return found


def _day_style(form: Form, xml: str) -> str:
    """The style that the template gives to cells of dates; the plain one where it has none."""
    index = next((i for i, column in enumerate(form.columns) if column.kind == "date"), None)
    if index is None:
        return "0"
    if form.layout == "cover":
        found = re.search(rf'<c r="{letter(COVER_VALUE_COLUMN)}{COVER_FIRST_ROW + index}" s="(\d+)"', xml)
        assert found
        return found[1]
    return _column_styles(xml)[index + 2]


def fill_template(template: bytes, book: RawBook, forms: Forms) -> bytes:
    """The official template with the workbook's cells typed into it, sheet by sheet.

    Raises ValueError if a cell lies over a formula of the first row, which the rows below share.
    """
    sheets = {sheet.title: sheet for sheet in book.sheets}
    filled = BytesIO()
    with zipfile.ZipFile(BytesIO(template)) as source, zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED) as target:
        names = re.findall(r'<sheet name="([^"]+)"', source.read("xl/workbook.xml").decode())
        parts = {f"xl/worksheets/sheet{i}.xml": name for i, name in enumerate(names, 1)}
        for part in source.infolist():
            data = source.read(part)
            form = next((f for f in forms.values() if f.title == parts.get(part.filename)), None)
            if form:
                xml, sheet = data.decode(), sheets[form.title]
                data = _filled(xml, _typed_cells(form, sheet), sheet.hidden_rows, _day_style(form, xml)).encode()
            target.writestr(part, data, zipfile.ZIP_DEFLATED, 1)
    return filled.getvalue()

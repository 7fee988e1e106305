"""The forms as a Google spreadsheet: what spreadsheets.batchUpdate is asked, made from the forms; pure.

Formulas, lists, what cells accept, and colours come from the same definitions as for Excel; only how they are said differs.
The same input gives the same requests.
"""

import zlib
from collections.abc import Iterator

from workbook_templates.cover_sheet import cover_lines, cover_values, version_line
from workbook_templates.excel import LONG_AGO
from workbook_templates.form import Forms
from workbook_templates.google.pages import (
    add_cover,
    add_dictionary,
    add_guide,
    cover_requests,
    dictionary_requests,
    guide_requests,
)
from workbook_templates.google.requests import Request, note_down
from workbook_templates.google.table import add_table, table_requests
from workbook_templates.guide_sheet import guide_rows
from workbook_templates.in_sheet import in_sheet
from workbook_templates.kinds.base import Setting
from workbook_templates.lists import named_lists
from workbook_templates.place import Township
from workbook_templates.sheet import DICTIONARY, GUIDE
from workbook_templates.stamp import Stamp

LOCALE = {"locale": "zh_CN", "timeZone": "Asia/Shanghai"}
"""How the spreadsheet reads what is typed, and when its TODAY() begins: all of China has one time."""


def sheet_id(name: str) -> int:
    """The id of the sheet of the form with the id `name`, or of the sheet 说明 or 字典: always the same, and never 0."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF or 1


def _requests(forms: Forms, township: Township, period: str, first_sheet: int) -> Iterator[Request]:
    setting = Setting(township, LONG_AGO.date())  # the sheet asks for today itself, wherever it matters
    stamp = Stamp(township.county.code, township.code, forms.versions)
    covers = [form for form in forms.values() if form.layout == "cover"]
    tables = [(form, in_sheet(form, setting)) for form in forms.values() if form.layout == "table"]
    values, version = cover_values(setting, period), version_line(forms.values())
    lines = {form.id: cover_lines(form, values, version) for form in covers}
    guide = tuple(guide_rows(forms.values(), setting))
    lists = named_lists(tuple(forms.values()), setting)
    areas = {one.name: one.area for one in lists}

    yield {"updateSpreadsheetProperties": {"properties": LOCALE, "fields": ",".join(LOCALE)}}
    for form in covers:
        yield add_cover(form, sheet_id(form.id), lines[form.id])
    yield add_guide(sheet_id(GUIDE), guide)
    for form, checks in tables:
        yield add_table(form, sheet_id(form.id), checks)
    yield add_dictionary(sheet_id(DICTIONARY), lists)
    yield {"deleteSheet": {"sheetId": first_sheet}}
    yield note_down("", str(stamp))
    yield from dictionary_requests(sheet_id(DICTIONARY), lists, stamp)
    for form in covers:
        yield from cover_requests(form, sheet_id(form.id), lines[form.id], setting, areas)
    yield from guide_requests(sheet_id(GUIDE), guide)
    for form, checks in tables:
        yield from table_requests(form, sheet_id(form.id), checks, setting, areas)


def template_requests(forms: Forms, township: Township, period: str, first_sheet: int = 0) -> tuple[Request, ...]:
    """The requests that make the township's workbook for `period` (2026上半年) in an empty spreadsheet, in one batch.

    `first_sheet` is the id of the only sheet that an empty spreadsheet has, which goes: Google makes it 0.
    """
    return tuple(_requests(forms.of(township), township, period, first_sheet))

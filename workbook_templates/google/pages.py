"""The cover, the guide and the hidden sheet of lists of a Google spreadsheet; twins of the modules for Excel."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from workbook_templates.cover_sheet import (
    COVER_WIDTHS,
    LINE_HEIGHT,
    TITLE_HEIGHT,
    CoverLine,
    cover_title,
)
from workbook_templates.form import Form
from workbook_templates.google.looks import pixels_high, pixels_wide
from workbook_templates.google.requests import (
    Area,
    Band,
    Request,
    accept,
    add_sheet,
    cell,
    fill,
    guard,
    merge,
    name_range,
    note_down,
    resize,
    write,
)
from workbook_templates.google.validation import validation
from workbook_templates.guide_sheet import GUIDE_WIDTHS, GuideRow
from workbook_templates.kinds.base import Setting
from workbook_templates.lists import LIST_FIRST_ROW, LIST_NAME_ROW, NamedList
from workbook_templates.sheet import COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, DICTIONARY, GUIDE, STAMP_NAME
from workbook_templates.stamp import Stamp


def _widths(sheet: int, widths: Sequence[int]) -> Iterator[Request]:
    for number, width in enumerate(widths, 1):
        yield resize(Band(sheet, "COLUMNS", number, number), pixels_wide(width))


def add_cover(form: Form, sheet: int, lines: Sequence[CoverLine]) -> Request:
    """Adds the cover, with nothing on it."""
    return add_sheet(sheet, form.title, lines[-1].row, len(COVER_WIDTHS), gridlines=False)


def cover_requests(
    form: Form, sheet: int, lines: Sequence[CoverLine], setting: Setting, areas: Mapping[str, str]
) -> Iterator[Request]:
    """Fills the cover; `areas` are the places of lists by the names of their ranges."""
    yield note_down("-form", form.id, sheet)
    yield from _widths(sheet, COVER_WIDTHS)
    yield resize(Band(sheet, "ROWS", 1, 1), pixels_high(TITLE_HEIGHT))
    yield write(sheet, 1, 1, [[cell(cover_title(setting), "title")], [cell(form.note, "note")]])
    free = []
    for line in lines:
        at = Area(sheet, line.row, COVER_VALUE_COLUMN, line.row, COVER_VALUE_COLUMN)
        yield resize(Band(sheet, "ROWS", line.row, line.row), pixels_high(LINE_HEIGHT))
        value = None if line.value is None else str(line.value)
        yield fill(at, cell(value, line.style, line.number_format))
        yield write(sheet, line.row, COVER_LABEL_COLUMN, [[cell(line.label, "label")]])
        if line.hint:
            yield write(sheet, line.row, COVER_VALUE_COLUMN + 1, [[cell(line.hint, "hint")]])
        if line.column and not line.locked:
            free.append(at)
            if rule := validation(line.column, line.cell, setting, areas):
                yield accept(at, rule)
    yield guard(sheet, free)


def add_guide(sheet: int, rows: Sequence[GuideRow]) -> Request:
    """Adds the guide, with nothing on it."""
    return add_sheet(sheet, GUIDE, len(rows), len(GUIDE_WIDTHS), gridlines=False)


def guide_requests(sheet: int, rows: Sequence[GuideRow]) -> Iterator[Request]:
    """Fills the guide."""
    yield from _widths(sheet, GUIDE_WIDTHS)
    yield write(sheet, 1, 1, [list(map(cell, row.cells)) for row in rows])
    numbered = enumerate(rows, 1)
    for (style, width), run in groupby(numbered, key=lambda pair: (pair[1].style, len(pair[1].cells))):
        numbers = [number for number, _ in run]
        if width:
            yield fill(Area(sheet, numbers[0], 1, numbers[-1], width), cell(style=style))
    for number, row in enumerate(rows, 1):
        if row.height:
            yield resize(Band(sheet, "ROWS", number, number), pixels_high(row.height))
        if row.wide:
            yield merge(Area(sheet, number, 1, number, len(GUIDE_WIDTHS)))
    yield guard(sheet)


def add_dictionary(sheet: int, lists: Sequence[NamedList]) -> Request:
    """Adds the hidden sheet of lists, with nothing on it."""
    rows, columns = max(one.last_row for one in lists), lists[-1].last_column
    return add_sheet(sheet, DICTIONARY, rows, columns, hidden=True)


def dictionary_requests(sheet: int, lists: Sequence[NamedList], stamp: Stamp) -> Iterator[Request]:
    """Fills the sheet of lists, with a name for the range of each, and the stamp in A1."""
    yield write(sheet, 1, 1, [[cell(str(stamp))]])
    yield name_range(STAMP_NAME, Area(sheet, 1, 1, 1, 1))
    for one in lists:
        entries = [list(map(cell, row)) for row in zip(*one.columns, strict=True)]
        yield write(sheet, LIST_NAME_ROW, one.number, [[cell(one.name)], *entries])
        yield name_range(one.name, Area(sheet, LIST_FIRST_ROW, one.number, one.last_row, one.last_column))
    yield guard(sheet)

"""One sheet for each form: the rows of all townships, with where each one stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from xlsxwriter import Workbook

from sync_service.look import Look, print_page
from sync_service.master.content import MasterContent, MasterRow
from sync_service.quick_sheet import QuickSheet, Written
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.written_dates import iso_serial

HEADER_ROW, FIRST_ROW = 1, 2
_BEFORE = {"乡镇": 12, "状态": 9}
_AFTER = {"来源文件": 22, "工作表": 12, "行号": 7, "起始时间": 17}
_PAGE = 190  # columns of a Latin letter that are still readable across one A4 landscape page
_FIRST_EXACT = 61  # 1900-03-01: before it, spreadsheets count a day that never was
_LEFT = {"text", "name", "unit", "multi", "village", "enum", "account"}


@lru_cache(maxsize=65536)
def _day(iso: Written) -> Written:
    days = iso_serial(str(iso))
    return days if days >= _FIRST_EXACT else iso


@lru_cache(maxsize=4096)
def _moment(when: datetime) -> float:
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.toordinal() - 693594 + round((when - midnight).total_seconds()) / 86400


def _style(look: Look, column: Column) -> object:
    shape = column.of.number_format
    if column.sql != "TEXT":
        return look("cell", "right", num_format=shape)
    return look("cell", num_format=shape) if column.kind in _LEFT else look("cell", "centre", num_format=shape)


def _head(sheet: QuickSheet, look: Look, content: MasterContent, form: Form) -> None:
    rows = sum(line.counts.get(form.id, 0) for line in content.townships)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{content.county.name}{form.title}汇总", look("title"))
    sheet.write_string(
        0, 4, f"共 {rows:,} 行　{content.period}　截至 {content.made_at:%Y-%m-%d %H:%M}", look("subtitle")
    )
    sheet.set_row(HEADER_ROW, 32)
    headers = [*_BEFORE, *(column.header for column in form.stored), *_AFTER]
    for number, header in enumerate(headers):
        ours = number < len(_BEFORE) or number >= len(headers) - len(_AFTER)
        sheet.write_string(HEADER_ROW, number, header, look("header", **({"bg_color": "#52606D"} if ours else {})))


def _widths(form: Form) -> list[int]:
    return [*_BEFORE.values(), *(column.width or column.of.width for column in form.stored), *_AFTER.values()]


def write_merged(book: Workbook, look: Look, content: MasterContent, form: Form, rows: Iterable[MasterRow]) -> None:
    """Add the form's sheet to `book`."""
    sheet: QuickSheet = book.add_worksheet(form.title, QuickSheet)
    widths = _widths(form)
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    _head(sheet, look, content, form)
    ids = [column.id for column in form.stored]
    dates = [number for number, column in enumerate(form.stored, len(_BEFORE)) if column.kind == "date"]
    where = look("cell", "text", font_color="#52606D")
    styles = [_style(look, column) for column in form.stored]
    after = [where, where, look("cell", "right", font_color="#52606D"), look("cell", "moment", font_color="#52606D")]
    town = look("cell", "text", bold=True)
    plain = sheet.layout([town, look("cell", "text", "centre"), *styles, *after])
    marked = sheet.layout([town, look("cell", "text", "centre", "warning", bold=True), *styles, *after])
    last = FIRST_ROW
    for last, row in enumerate(rows, FIRST_ROW):
        values: Mapping[str, Written] = row.values
        line = [row.township, row.mark, *map(values.get, ids), row.file, row.sheet, row.row, _moment(row.since)]
        for number in dates:
            if line[number]:
                line[number] = _day(line[number])
        sheet.put_row(last, line, marked if row.mark else plain)
    sheet.autofilter(HEADER_ROW, 0, last, len(widths) - 1)
    lead = len(_BEFORE) + (form.stored[0].kind == "name")
    sheet.freeze_panes(FIRST_ROW, lead)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.repeat_columns(0, lead - 1)
    print_page(
        sheet, landscape=True, pages_wide=-(-sum(widths) // _PAGE), heading=f"{content.county.name}　{form.title}"
    )

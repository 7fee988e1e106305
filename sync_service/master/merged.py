"""One sheet for each form: the rows of all townships, with where each one stands, and room for a correction beside each.

The cells for corrections are empty, so they are not written: column formats and a conditional colour dress them for nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from xlsxwriter import Workbook

from sync_service.look import Look, print_page
from sync_service.master.content import MasterContent, MasterRow, RowBlock
from sync_service.master.input_cells import input_header, offer, prepare_inputs
from sync_service.master.splicer import Splicer
from sync_service.quick_sheet import Layout, QuickSheet, Written, rendered
from sync_service.review.places import HAND, NOTE, ROW_COLUMN, ROW_ID, ROW_VALUE
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.written_dates import iso_serial
from workbook_templates.sheet import letter

HEADER_ROW, FIRST_ROW = 1, 2
_BEFORE = {"乡镇": 12, "状态": 9}
_AFTER = {"来源文件": 22, "工作表": 12, "行号": 7, "起始时间": 17}
_INPUTS = {ROW_COLUMN: 16, ROW_VALUE: 20, HAND: 10, NOTE: 24}
ROWS = 1
"""Goes up whenever the code writes rows differently, so that none are used again that were written before."""
_PAGE = 190  # columns of a Latin letter that are still readable across one A4 landscape page
_FIRST_EXACT = 61  # 1900-03-01: before it, spreadsheets count a day that never was
_LEFT = {"text", "address", "name", "unit", "multi", "village", "enum", "account"}


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


def _headers(form: Form) -> list[str]:
    """The headers of what is written in each row; those of the inputs follow."""
    return [*_BEFORE, *(column.header for column in form.stored), *_AFTER, ROW_ID]


def _head(sheet: QuickSheet, look: Look, content: MasterContent, form: Form) -> None:
    rows = sum(line.counts.get(form.id, 0) for line in content.townships)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{content.county.name}{form.title}汇总", look("title"))
    told = (
        f"共 {rows:,} 行　{content.period}　截至 {content.made_at:%Y-%m-%d %H:%M}　　要更正哪一行，在它最右边的黄格里写"
    )
    sheet.write_string(0, 4, told, look("subtitle"))
    sheet.set_row(HEADER_ROW, 32)
    headers = _headers(form)
    for number, header in enumerate(headers):
        ours = number < len(_BEFORE) or number >= len(headers) - len(_AFTER) - 1
        sheet.write_string(HEADER_ROW, number, header, look("header", **({"bg_color": "#52606D"} if ours else {})))
    for number, header in enumerate(_INPUTS, len(headers)):
        sheet.write_string(HEADER_ROW, number, header, input_header(look))


def _columns(sheet: QuickSheet, look: Look, form: Form) -> list[int]:
    """Sets the columns; the widths of those that are printed."""
    widths = [*_BEFORE.values(), *(column.width or column.of.width for column in form.stored), *_AFTER.values()]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.set_column(len(widths), len(widths), None, None, {"hidden": True})
    for number, width in enumerate(_INPUTS.values(), len(widths) + 1):
        sheet.set_column(number, number, width, look("text", "wrap"))
    return widths


def _layouts(sheet: QuickSheet, look: Look, form: Form) -> tuple[Layout, Layout]:
    """How a row looks, and one that awaits something."""
    where = look("cell", "text", font_color="#52606D")
    styles = [_style(look, column) for column in form.stored]
    after = [where, where, look("cell", "right", font_color="#52606D"), look("cell", "moment", font_color="#52606D")]
    town = look("cell", "text", bold=True)
    rest = [*styles, *after, look("text")]
    return (
        sheet.layout([town, look("cell", "text", "centre"), *rest]),
        sheet.layout([town, look("cell", "text", "centre", "warning", bold=True), *rest]),
    )


def _lines(form: Form) -> Callable[[MasterRow], list[Written]]:
    """What turns a row into the values of its cells."""
    ids = [column.id for column in form.stored]
    dates = [number for number, column in enumerate(form.stored, len(_BEFORE)) if column.kind == "date"]

    def line(row: MasterRow) -> list[Written]:
        values: Mapping[str, Written] = row.values
        cells = [
            row.township, row.mark, *map(values.get, ids), row.file, row.sheet, row.row, _moment(row.since), str(row.version),
        ]  # fmt: skip
        for number in dates:
            if cells[number]:
                cells[number] = _day(cells[number])
        return cells

    return line


def _put_blocks(sheet: QuickSheet, look: Look, content: MasterContent, form: Form, splicer: Splicer | None) -> int:
    """The rows, township by township; the number of the last one."""
    plain, marked = _layouts(sheet, look, form)
    line = _lines(form)
    last = FIRST_ROW - 1

    def texts(first: int, block: RowBlock) -> Iterator[str]:
        for number, row in enumerate(block.rows(), first):
            yield rendered(number, line(row), marked if row.mark else plain)

    for block in content.rows.get(form.id, ()):
        first, last = last + 1, last + block.total
        if splicer is None:
            for number, text in enumerate(texts(first, block), first):
                sheet.put_text(number, text, len(plain))
            continue
        styles = [slot.style for slot in (*plain, *marked)]
        made_from = (ROWS, content.forms.digest, form.id, first, styles, block.mark)
        splicer.put(sheet, f"{form.id}-{block.township}", made_from, texts(first, block))
        sheet.reach(first, last, len(plain))
    return last


def write_merged(book: Workbook, look: Look, content: MasterContent, form: Form, splicer: Splicer | None) -> None:
    """Add the form's sheet to `book`. With a `splicer`, its rows are put into the finished workbook, the unchanged ones as they were."""
    sheet: QuickSheet = book.add_worksheet(form.title, QuickSheet)
    widths = _columns(sheet, look, form)
    _head(sheet, look, content, form)
    last = _put_blocks(sheet, look, content, form, splicer)
    last = max(last, FIRST_ROW)
    first_input = len(widths) + 1
    end = first_input + len(_INPUTS) - 1
    prepare_inputs(sheet, look, (FIRST_ROW, first_input, last, end))
    headers = [letter(number) for number in (len(_BEFORE) + 1, len(_BEFORE) + len(form.stored))]
    offered = f"=${headers[0]}${HEADER_ROW + 1}:${headers[1]}${HEADER_ROW + 1}"
    offer(
        sheet, (FIRST_ROW, first_input, last, first_input), offered, "没有这一列", "请点右边的箭头，选要更正的那一列。"
    )
    sheet.autofilter(HEADER_ROW, 0, last, end)
    lead = len(_BEFORE) + (form.stored[0].kind == "name")
    sheet.freeze_panes(FIRST_ROW, lead)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.repeat_columns(0, lead - 1)
    sheet.print_area(0, 0, last, len(widths) - 1)
    print_page(
        sheet, landscape=True, pages_wide=-(-sum(widths) // _PAGE), heading=f"{content.county.name}　{form.title}"
    )

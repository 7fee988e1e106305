"""One sheet for each form: the rows of all townships, with where each one stands, and room for a correction beside each.

The cells for corrections are empty, so they are not written: column formats and a conditional colour dress them for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

from sync_service.look import Look, open_book, print_page
from sync_service.master.content import MasterContent, RowBlock
from sync_service.master.input_cells import input_header, offer, prepare_inputs
from sync_service.master.merged_rows import AFTER, BEFORE, MergedRows, number_styles
from sync_service.master.splicer import Splicer
from sync_service.quick_sheet import LightSheet, QuickSheet
from sync_service.reuse.shelf import Shelf
from sync_service.review.places import HAND, NOTE, ROW_COLUMN, ROW_ID, ROW_VALUE
from workbook_templates.form import Form, Forms
from workbook_templates.sheet import letter

HEADER_ROW, FIRST_ROW = 1, 2
_INPUTS = {ROW_COLUMN: 16, ROW_VALUE: 20, HAND: 10, NOTE: 24}
ROWS = 1
"""Goes up whenever the code writes rows differently, so that none are used again that were written before."""
_MOST_ROWS = 1_048_576
"""So many rows a sheet has in Excel, WPS and LibreOffice."""
_PAGE = 190  # columns of a Latin letter that are still readable across one A4 landscape page


def _headers(form: Form) -> list[str]:
    """The headers of what is written in each row; those of the inputs follow."""
    return [*BEFORE, *(column.header for column in form.stored), *AFTER, ROW_ID]


def _fitting(blocks: Iterable[RowBlock]) -> tuple[list[RowBlock], list[RowBlock]]:
    """The townships whose rows there is room for on one sheet, and those for which there is none."""
    shown, left, room = list[RowBlock](), list[RowBlock](), _MOST_ROWS - FIRST_ROW
    for block in blocks:
        (shown if block.total <= room else left).append(block)
        room -= block.total if block.total <= room else 0
    return shown, left


def _head(sheet: QuickSheet, look: Look, content: MasterContent, form: Form, left: Sequence[RowBlock]) -> None:
    rows = sum(line.counts.get(form.id, 0) for line in content.townships)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{content.county.name}{form.title}汇总", look("title"))
    told = (
        f"共 {rows:,} 行　{content.period}　截至 {content.made_at:%Y-%m-%d %H:%M}　　要更正哪一行，在它最右边的黄格里写"
    )
    if left:
        names = "、".join(content.names.get(block.township, block.township) for block in left)
        told = (
            f"▲ 一张表最多 {_MOST_ROWS:,} 行，放不下{names}的 {sum(block.total for block in left):,} 行。"
            f"它们都在库里，没有少，可用 taizhang as-of 导出成 .csv。　{told}"
        )
    sheet.write_string(0, 4, told, look("warning" if left else "subtitle"))
    sheet.set_row(HEADER_ROW, 32)
    headers = _headers(form)
    for number, header in enumerate(headers):
        ours = number < len(BEFORE) or number >= len(headers) - len(AFTER) - 1
        sheet.write_string(HEADER_ROW, number, header, look("header", **({"bg_color": "#52606D"} if ours else {})))
    for number, header in enumerate(_INPUTS, len(headers)):
        sheet.write_string(HEADER_ROW, number, header, input_header(look))


def _columns(sheet: QuickSheet, look: Look, form: Form) -> list[int]:
    """Sets the columns; the widths of those that are printed."""
    widths = [*BEFORE.values(), *(column.width or column.of.width for column in form.stored), *AFTER.values()]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.set_column(len(widths), len(widths), None, None, {"hidden": True})
    for number, width in enumerate(_INPUTS.values(), len(widths) + 1):
        sheet.set_column(number, number, width, look("text", "wrap"))
    return widths


def _put_blocks(
    sheet: QuickSheet,
    look: Look,
    forms: Forms,
    form: Form,
    blocks: Sequence[RowBlock],
    splicer: Splicer | None,
) -> int:
    """The rows, township by township; the number of the last one."""
    rows = MergedRows(sheet, look, form)
    last = FIRST_ROW - 1
    for block in blocks:
        first, last = last + 1, last + block.total
        if splicer is None:
            for number, row in enumerate(rows.rendered(first, block), first):
                sheet.put_text(number, row.decode(), rows.width)
            continue
        made_from = (ROWS, forms.digest, form.id, rows.styles, block.mark)
        splicer.put(sheet, f"{form.id}-{block.township}", made_from, first, rows.width, rows.rendered(first, block))
        sheet.reach(first, last, rows.width)
    return last


def write_merged(book: Workbook, look: Look, content: MasterContent, form: Form, splicer: Splicer | None) -> None:
    """Add the form's sheet to `book`. With a `splicer`, its rows are put into the finished workbook, the unchanged ones as they were."""
    sheet: QuickSheet = book.add_worksheet(form.title, QuickSheet)
    widths = _columns(sheet, look, form)
    shown, left = _fitting(content.rows.get(form.id, ()))
    _head(sheet, look, content, form, left)
    last = _put_blocks(sheet, look, content.forms, form, shown, splicer)
    last = max(last, FIRST_ROW)
    first_input = len(widths) + 1
    end = first_input + len(_INPUTS) - 1
    prepare_inputs(sheet, look, (FIRST_ROW, first_input, last, end))
    headers = [letter(number) for number in (len(BEFORE) + 1, len(BEFORE) + len(form.stored))]
    offered = f"=${headers[0]}${HEADER_ROW + 1}:${headers[1]}${HEADER_ROW + 1}"
    offer(
        sheet, (FIRST_ROW, first_input, last, first_input), offered, "没有这一列", "请点右边的箭头，选要更正的那一列。"
    )
    sheet.autofilter(HEADER_ROW, 0, last, end)
    lead = len(BEFORE) + (form.stored[0].kind == "name")
    sheet.freeze_panes(FIRST_ROW, lead)
    sheet.repeat_rows(0, HEADER_ROW)
    sheet.repeat_columns(0, lead - 1)
    sheet.print_area(0, 0, last, len(widths) - 1)
    print_page(
        sheet, landscape=True, pages_wide=-(-sum(widths) // _PAGE), heading=f"{content.county.name}　{form.title}"
    )


def shelve_rows(forms: Forms, rows: Mapping[str, Sequence[RowBlock]], shelf: Shelf) -> None:
    """Leave the rows of every merged sheet on the `shelf`, those that are not there yet: write_merged takes them from there.

    `rows` are by form id, as in MasterContent.
    """
    tables = [form for form in forms.values() if form.layout == "table"]
    splicer = Splicer(shelf)
    with open_book(BytesIO(), datetime(2000, 1, 1), "") as book:  # it lends the rows its styles, and is thrown away
        look = Look(book)
        number_styles(look, tables)
        for form in tables:
            sheet = book.add_worksheet(form.title, LightSheet)
            shown, _ = _fitting(rows.get(form.id, ()))
            _put_blocks(sheet, look, forms, form, shown, splicer)
        splicer.shelve()

"""The sheet 更正: what the county corrected in the townships' rows, with empty lines for more."""

from xlsxwriter import Workbook

from sync_service.look import Look
from sync_service.master.content import MasterContent
from sync_service.master.input_cells import input_cell, offer, one_list
from sync_service.master.review_sheet import FIRST_ROW, ReviewSheet
from sync_service.review.places import (
    CORRECTED,
    CORRECTION_COLUMN,
    CORRECTION_FORM,
    CORRECTION_ID,
    CORRECTION_KEY,
    CORRECTION_TOWNSHIP,
    CORRECTIONS,
    HAND,
    NOTE,
    OUTCOME,
    STAMP,
    STATE,
)

_EMPTY_LINES = 8
_WHEN = "更正时间"
_COLUMNS = {
    STATE: 12, CORRECTION_TOWNSHIP: 12, CORRECTION_FORM: 14, CORRECTION_KEY: 24, "是谁": 20, CORRECTION_COLUMN: 16,
    "乡镇原来填的": 18, "乡镇现在填的": 18, CORRECTED: 18, HAND: 10, NOTE: 22, OUTCOME: 26, _WHEN: 17,
}  # fmt: skip
_INPUTS = (CORRECTED, HAND, NOTE)
_TIP = "每行是县里更正过的一格。改“更正为”就换一个值，清空它就撤回。要添新的：填最上面的空行，或者在各汇总表最右边的黄格里写（那里不用填主键）。"


def write_corrections(book: Workbook, look: Look, content: MasterContent, townships: int, forms: int) -> None:
    """Add 更正 to `book`. The lists number `townships` and `forms` are those of the names that may be written."""
    sheet = ReviewSheet(book, look, CORRECTIONS, _COLUMNS, _INPUTS, (CORRECTION_ID, STAMP))
    lines = content.review.corrections
    standing = sum(line.state in {"已更正", "有冲突"} for line in lines)
    sheet.head(f"现在有效的更正 {standing} 处，共 {len(lines)} 处", _TIP)
    here, plain = input_cell(look), look("cell", "text", "wrap")
    typed = (CORRECTION_TOWNSHIP, CORRECTION_FORM, CORRECTION_KEY, CORRECTION_COLUMN, *_INPUTS)
    for _ in range(_EMPTY_LINES):
        sheet.put([("添在这里", look("cell", "centre", "done")), *(
            ("", here if header in typed else plain) for header in sheet.headers[1:]
        )])  # fmt: skip
    for line in lines:
        sheet.put([
            sheet.state(line.state), (content.names.get(line.township, line.township), plain),
            (content.forms[line.form].title, plain),
            (line.key, plain), (line.subject, plain), (content.forms[line.form].by_id[line.column].header, plain), (line.base, plain), (line.theirs, plain),
            (line.value, here), (line.hand, here), (line.note, here), (line.outcome, plain),
            (line.at, look("cell", "moment")), (line.id, look("text")), (line.stamp, look("text")),
        ])  # fmt: skip
    for header, number, names in (
        (CORRECTION_TOWNSHIP, townships, len(content.townships)),
        (CORRECTION_FORM, forms, len(content.tables)),
    ):
        column = sheet.column(header)
        area = (FIRST_ROW, column, FIRST_ROW + _EMPTY_LINES - 1, column)
        if names:
            offer(sheet.sheet, area, one_list(number, names), "没有这个名称", "请点右边的箭头来选。")
    sheet.close(content, "", CORRECTION_TOWNSHIP, None)

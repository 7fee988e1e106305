"""The sheet 审核: each township's form in the present period, with the cells to mark it as reviewed."""

from xlsxwriter import Workbook

from sync_service.look import Look
from sync_service.master.content import MasterContent
from sync_service.master.input_cells import input_cell, offer
from sync_service.master.review_sheet import FIRST_ROW, ReviewSheet
from sync_service.review.places import (
    HAND,
    MARK,
    NOTE,
    OUTCOME,
    REVIEW_ID,
    REVIEWED,
    REVIEWED_AGAIN,
    REVIEWS,
    STAMP,
    STATE,
)

_COLUMNS = {
    STATE: 18, "乡镇": 14, "表": 18, "行数": 9, "审核后变更": 12, MARK: 13, HAND: 11, NOTE: 28, OUTCOME: 30, "审核时间": 17,
}  # fmt: skip
_TIP = (
    f"看过一张表、没有问题，就在黄格“{MARK}”里选“{REVIEWED}”、填“{HAND}”。以后它再变，这里会说变了几行，“待确认”里逐行列出；"
    f"看过以后选“{REVIEWED_AGAIN}”。清空就撤回。"
)


def write_reviews(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 审核 to `book`."""
    sheet = ReviewSheet(book, look, REVIEWS, _COLUMNS, (MARK, HAND, NOTE), (REVIEW_ID, STAMP))
    lines = content.review.reviews
    done = sum(line.state == "已审核" for line in lines)
    again = sum(line.state == "审核后有变更" for line in lines)
    sheet.head(f"{content.period}：已审核 {done} 张，审核后有变更 {again} 张，共 {len(lines)} 张", _TIP)
    here, plain, count = input_cell(look), look("cell", "text", "wrap"), look("cell", "count")
    for line in lines:
        sheet.put([
            sheet.state(line.state), (content.names[line.township], look("cell", "text", bold=True)),
            (content.forms[line.form].title, plain), (line.rows, count), (line.changed, count) if line.changed else ("", count),
            (line.mark, here), (line.hand, here), (line.note, here), (line.outcome, plain), (line.at, look("cell", "moment")),
            (line.id, look("text")), (line.stamp, look("text")),
        ])  # fmt: skip
    if lines:
        column = sheet.column(MARK)
        area = (FIRST_ROW, column, sheet.row - 1, column)
        offer(
            sheet.sheet, area, f'"{REVIEWED},{REVIEWED_AGAIN}"', "这里不能这样填", "请点右边的箭头来选；要撤回就清空。"
        )
    sheet.close(content, "还没有可以审核的表。", MARK, None)

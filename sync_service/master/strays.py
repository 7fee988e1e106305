"""The sheet 没有认出: what was written in the master and belongs to no line of it. It is only there while there is anything."""

from xlsxwriter import Workbook

from sync_service.look import Look
from sync_service.master.content import MasterContent
from sync_service.master.review_sheet import ReviewSheet

TITLE = "没有认出"
_COLUMNS = {"写在哪里": 26, "写的是什么": 50, "怎么办": 70, "读到的时间": 17}


def write_strays(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 没有认出 to `book`, if there is anything to say."""
    if not content.review.strays:
        return
    sheet = ReviewSheet(book, look, TITLE, _COLUMNS, (), ())
    sheet.head(
        f"{len(content.review.strays)} 处",
        "下面这些写在总台账里的话，没有认出指的是哪一行，所以没有照办。请在对的地方再写一次。",
    )
    plain = look("cell", "text", "wrap", "top")
    for stray in content.review.strays:
        sheet.put(
            [(stray.place, plain), (stray.said, plain), (stray.outcome, plain), (stray.at, look("cell", "moment"))]
        )
    sheet.close(content, "", "写在哪里", "#D55E00")

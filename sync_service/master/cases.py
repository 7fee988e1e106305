"""The sheets 重复与冲突 and 待确认: each case on one line, both rows side by side, and the cells for her decision.

A case is one line, so that sorting and filtering never part its two rows.
"""

from collections.abc import Iterator, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from sync_service.look import Look
from sync_service.master.content import MasterContent
from sync_service.master.input_cells import input_cell, list_in_row, offer
from sync_service.master.review_sheet import FIRST_ROW, Cell, ReviewSheet
from sync_service.master.side_by_side import compared
from sync_service.review.places import CASE_ID, CHOICE, CONFLICTS, HAND, NOTE, OUTCOME, PENDING, STAMP, STATE
from sync_service.review.records import CONFLICTS as CONFLICT_KINDS
from sync_service.review.records import CaseLine

_COLUMNS = {
    STATE: 12, "为什么": 24, "甲：在哪里": 12, "乙：在哪里": 12, "甲：是谁": 21, "乙：是谁": 21, "甲：内容": 30, "乙：内容": 30,
    CHOICE: 13, HAND: 9, NOTE: 16, OUTCOME: 24, "提出": 11,
}  # fmt: skip
_LIST = "选项号"
_TABS = {CONFLICTS: "#D55E00", PENDING: "#E69F00"}
_TIPS = {
    CONFLICTS: "一行是一件事。看甲、乙两边，不同的地方标着 ≠ 并涂了颜色；在黄格里选“处理决定”、填“处理人”，保存、关闭，下次运行就照办。"
    "清空“处理决定”就撤回。",
    PENDING: "一行是一件事：一起消失的行、从一个乡镇到了另一个乡镇的行、审核以后变了的行（甲是审核时，乙是现在）。"
    "在黄格里选“处理决定”、填“处理人”，保存、关闭。",
}


def choice_lists(content: MasterContent) -> Sequence[Sequence[str]]:
    """The different choices that the cases offer; a case names its own by its number in this list, from 1."""
    return sorted({line.case.choices for line in (*content.review.open, *content.review.done)})


def _sides(look: Look, content: MasterContent, line: CaseLine, plain: Format) -> Iterator[Cell]:
    found = compared(line.case, content.forms, content.names)
    differs = look("cell", "text", "wrap", "top", "differs")
    for part, apart in (("where", False), ("who", found.other_person), ("what", found.other_content)):
        for side in (found.left, found.right):
            yield (getattr(side, part), differs if apart else plain) if side else (None, plain)


def _write(
    book: Workbook, look: Look, content: MasterContent, title: str, lines: Sequence[CaseLine], first_list: int
) -> None:
    sheet = ReviewSheet(book, look, title, _COLUMNS, (CHOICE, HAND, NOTE), (CASE_ID, STAMP, _LIST))
    waiting = sum(line.state != "已处理" for line in lines)
    sheet.head(f"还有 {waiting} 件要处理，已处理 {len(lines) - waiting} 件", _TIPS[title])
    lists = {choices: number for number, choices in enumerate(choice_lists(content), first_list)}
    here, day = input_cell(look), look("cell", "centre", "top", num_format="yyyy-mm-dd")
    for line in lines:
        plain = look("cell", "text", "wrap", "top", *(["done"] if line.state == "已处理" else []))
        sheet.put([
            sheet.state(line.state), (line.case.why, plain), *_sides(look, content, line, plain),
            (line.choice, here), (line.hand, here), (line.note, here), (line.outcome, plain), (line.since, day),
            *((value, look("text")) for value in (line.case.id, line.stamp, lists[line.case.choices])),
        ])  # fmt: skip
    if lines:
        column = sheet.column(CHOICE)
        source = list_in_row(sheet.column(_LIST), FIRST_ROW)
        message = "请点右边的箭头，从列出的里面选；要撤回就清空。"
        offer(sheet.sheet, (FIRST_ROW, column, sheet.row - 1, column), source, "这里不能这样填", message)
    sheet.close(content, "√ 现在没有。", CHOICE, _TABS[title] if waiting else None)


def write_cases(book: Workbook, look: Look, content: MasterContent, first_list: int) -> None:
    """Add 重复与冲突 and 待确认 to `book`. `first_list` is the number that the first of `choice_lists` has in the book."""
    lines = [
        line
        for line in (*content.review.open, *content.review.done)
        if all(side.form in content.forms for side in line.case.sides)  # the county may have given up a form since
    ]
    conflicts = [line for line in lines if line.case.kind in CONFLICT_KINDS]
    pending = [line for line in lines if line.case.kind not in CONFLICT_KINDS]
    _write(book, look, content, CONFLICTS, conflicts, first_list)
    _write(book, look, content, PENDING, pending, first_list)

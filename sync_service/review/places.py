"""Where in the master workbook the coordinator writes: the sheets, headers and hidden columns, for writer and reader alike.

The reader finds a sheet by its title, the header row by its texts, and a row by its hidden columns; where the columns stand and
in what order plays no part. Every hidden column must lie inside the range that the filter sorts.
"""

from typing import NamedTuple

CONFLICTS, PENDING, CORRECTIONS, REVIEWS = "重复与冲突", "待确认", "更正", "审核"
"""The sheets."""

HAND, NOTE = "处理人", "处理说明"
STATE, OUTCOME = "状态", "结果"
STAMP = "校对码"
"""Hidden: what was shown, and which earlier decision. Written as `stamp` of the line says, read back as text."""

CASE_ID, CHOICE = "案号", "处理决定"
"""In 重复与冲突 and 待确认. A case of two sides may take two rows: the id, the stamp and the inputs stand in its first row
(甲), and the second row (乙) leaves them blank."""

CORRECTION_ID, CORRECTED = "更正号", "更正为"
"""In 更正: hidden id, and the new value. Blank 更正为 withdraws a correction."""
CORRECTION_TOWNSHIP, CORRECTION_FORM, CORRECTION_KEY, CORRECTION_COLUMN = "乡镇", "表", "登记主键", "列名"
"""In 更正, visible: by these a line that the coordinator adds herself, which has no hidden id, is understood."""

REVIEW_ID, MARK = "审核号", "审核"
"""In 审核: hidden id, and the mark."""
REVIEWED, REVIEWED_AGAIN = "已审核", "重新审核"
"""What 审核 offers. 重新审核 is for a form that has changed since; it is shown as 已审核 afterwards."""

ROW_ID, ROW_COLUMN, ROW_VALUE = "行标识", "更正列名", "更正为"
"""In every merged sheet, with 处理人 and 处理说明: the inbox for a correction, blank again once it has been read. 行标识 is hidden
and holds the number of the row's version in the store (store.records.Row.version)."""


class Inputs(NamedTuple):
    """How a sheet is read: the header of the column with a row's identity, and those of its inputs."""

    identity: str
    inputs: tuple[str, ...]


SHEETS = {
    CONFLICTS: Inputs(CASE_ID, (CHOICE, HAND, NOTE)),
    PENDING: Inputs(CASE_ID, (CHOICE, HAND, NOTE)),
    CORRECTIONS: Inputs(CORRECTION_ID, (CORRECTED, HAND, NOTE)),
    REVIEWS: Inputs(REVIEW_ID, (MARK, HAND, NOTE)),
}
"""The review sheets; every other sheet is a merged one, or nothing is read from it."""

MERGED = Inputs(ROW_ID, (ROW_COLUMN, ROW_VALUE, HAND, NOTE))

EMPTY = "（空）"
"""Written in 更正为, it says that nothing is to stand in the cell."""

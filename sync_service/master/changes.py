"""The sheet 变更记录: what the last runs changed."""

from xlsxwriter import Workbook

from sync_service.look import Look, print_page, safe
from sync_service.master.content import MasterContent

_COLUMNS = {"时间": 17, "运行号": 7, "乡镇": 12, "表": 12, "哪一行": 30, "变更": 8, "列名": 16, "原值": 28, "新值": 28}
_STYLES = {"新增": "confirmed", "变更": "notice", "关闭": "warning", "恢复": "confirmed"}
_HEADER_ROW, _FIRST_ROW = 1, 2


def write_changes(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 变更记录 to `book`."""
    sheet = book.add_worksheet("变更记录")
    for number, width in enumerate(_COLUMNS.values()):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, "变更记录", look("title"))
    sheet.set_row(_HEADER_ROW, 24)
    for number, header in enumerate(_COLUMNS):
        sheet.write_string(_HEADER_ROW, number, header, look("header"))
    last = _FIRST_ROW
    for last, change in enumerate(content.changes, _FIRST_ROW):
        sheet.write_datetime(last, 0, change.at, look("cell", "moment"))
        sheet.write_number(last, 1, change.run, look("cell", "count"))
        for number, value in enumerate((change.township, change.form, change.subject), 2):
            sheet.write_string(last, number, safe(value), look("cell", "text"))
        sheet.write_string(last, 5, change.what, look("cell", "centre", _STYLES[change.what]))
        for number, value in enumerate((change.header, change.old, change.new), 6):
            sheet.write_string(last, number, safe(value), look("cell", "text", "wrap"))
    if not content.changes:
        sheet.write_string(_FIRST_ROW, 0, "最近没有变更。", look("subtitle"))
    sheet.autofilter(_HEADER_ROW, 0, last, len(_COLUMNS) - 1)
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.repeat_rows(0, _HEADER_ROW)
    print_page(sheet, landscape=True, heading=f"{content.county.name}　变更记录")

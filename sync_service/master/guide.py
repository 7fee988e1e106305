"""The sheet 说明: what each sheet is and how to work with it."""

from xlsxwriter import Workbook

from sync_service.look import Look, line_count, print_page, quoted
from sync_service.master.content import MasterContent

_WIDTH = 92


def _lines(content: MasterContent) -> list[tuple[str, str]]:
    forms = [
        (
            form.title,
            f"各乡镇“{form.title}”表合在一起，每行是{form.row}。前两列是乡镇和状态，最后几列是这一行出自哪个文件、哪张表、第几行，从什么时候起是这个样子。"
            "可以筛选、排序、打印。",
        )
        for form in content.tables
    ]
    return [
        (
            "总览",
            "每个乡镇一行：各表有多少行、最近一次读取是什么时候、还有多少错误和提醒没有处理。",
        ),
        *forms,
        ("问题", "各乡镇现有的全部问题。点“单元格”一列，会打开该乡镇的工作簿并停在那一格（文件要还在原来的位置）。"),
        ("变更记录", "最近几次同步里新增、变更、关闭、恢复的行，最新的在最上面。"),
        ("", ""),
        ("状态：待更正", "乡镇工作簿里这一行现在有错误。这里显示的是上一次正确的内容，乡镇改正以后自动更新。"),
        ("状态：待确认", "这一行在乡镇工作簿里和许多行一起消失了。在县里确认以前不会删除。"),
        ("错误", "必须由乡镇改正，改正前新的内容不进总台账。"),
        ("提醒", "内容已收进总台账，但看上去不寻常，要核对；属实的，由乡镇在该行的“属实说明”里写明，就不再计入。"),
        ("提示", "系统已自动处理，告诉一声，不用做什么。"),
        ("", ""),
        ("怎样更正", "数据一律由乡镇在自己的工作簿里改，下次同步会自动反映到这里。在这本总台账里改数据不会传回乡镇。"),
        (
            "文件正开着时",
            "这本总台账正打开着、或者被人另外保存过，系统不会覆盖它，新的会放在旁边，名字带“（新）”。关闭或移走旧的，下次同步自动换上新的。",
        ),
        ("保管", "本工作簿含有公民个人信息，只在县局的电脑上保管和使用，不得上网、不得转发，不得用于涉密内容。"),
    ]


def write_guide(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 说明 to `book`."""
    sheet = book.add_worksheet("说明")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, _WIDTH)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, "这本总台账怎么看", look("title"))
    sheets = {"总览", "问题", "变更记录", *(form.title for form in content.tables)}
    for row, (name, text) in enumerate(_lines(content), 2):
        if not name:
            continue
        sheet.set_row(row, 10 + 15 * line_count(text, _WIDTH))
        if name in sheets:
            sheet.write_url(row, 0, f"internal:{quoted(name)}!A1", look("cell", "link", bold=True), name)
        else:
            sheet.write_string(row, 0, name, look("cell", bold=True))
        sheet.write_string(row, 1, text, look("cell", "wrap"))
    print_page(sheet, landscape=True, heading=content.county.name)
    sheet.fit_to_pages(1, 1)

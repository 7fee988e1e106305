"""The sheet 说明: what each sheet is and how to work with it."""

from xlsxwriter import Workbook

from sync_service.look import Look, line_count, print_page, quoted
from sync_service.master.content import MasterContent
from sync_service.master.form_counts import TITLE as FORM_COUNTS
from sync_service.master.overview import TITLE as OVERVIEW
from sync_service.review.places import CONFLICTS, CORRECTIONS, PENDING, REVIEWS

_WIDTH = 92


def _lines(content: MasterContent) -> list[tuple[str, str]]:
    forms = [
        (
            form.title,
            f"各乡镇“{form.title}”表合在一起，每行是{form.row}。前两列是乡镇和状态，后面有这一行出自哪个文件、哪张表、第几行，从什么时候起是这个样子。"
            "最右边的黄格可以写更正。可以筛选、排序、打印。",
        )
        for form in content.tables
    ]
    return [
        (
            OVERVIEW,
            "每个乡镇一行：登记了多少行、应报多少、必填的格子填齐了没有、哪些村还没有记录、最近什么时候改过、是不是按时、还有多少错误、提醒和等县里决定的事。"
            "可以打印成一页。",
        ),
        (
            CONFLICTS,
            "同一个人或同一行出现在两个乡镇、像是同一个人登记了两次、县里更正过的格乡镇又改了。一行是一件事，甲、乙两边并排。",
        ),
        (PENDING, "一起消失、还没有删除的行；从一个乡镇到了另一个乡镇的行；审核以后变了的行。"),
        (REVIEWS, "本期各乡镇的每张表审核了没有，审核以后又变了几行。"),
        (CORRECTIONS, "县里更正过的每一格：乡镇填的是什么，县里改成了什么，乡镇改了没有。"),
        (FORM_COUNTS, "各乡镇各表有多少行，应报多少，哪些已审核。"),
        *forms,
        ("问题", "各乡镇现有的全部问题。点“单元格”一列，会打开该乡镇的工作簿并停在那一格（文件要还在原来的位置）。"),
        ("变更记录", "最近几次同步里新增、变更、关闭、恢复的行，最新的在最上面。"),
        ("", ""),
        (
            "怎样写决定",
            "只在黄格里写：从箭头里选“处理决定”，填“处理人”，要说明的写“处理说明”。写完保存、关闭，下次运行就照办，“状态”和“结果”说办得怎样；"
            "没有采用的，说为什么。清空“处理决定”就撤回。筛选、排序、增删行都不要紧；隐藏的列请留着。",
        ),
        (
            "怎样更正",
            "先请乡镇在自己的工作簿里改。县里要先改的，在汇总表那一行最右边选“更正列名”、写“更正为”和“处理人”；乡镇会在反馈里看到，照着改了就到此为止。"
            "直接改别的格子不算数。",
        ),
        ("状态：待更正", "乡镇工作簿里这一行现在有错误。这里显示的是上一次正确的内容，乡镇改正以后自动更新。"),
        ("状态：待确认", "这一行在乡镇工作簿里和许多行一起消失了。在县里确认以前不会删除。"),
        ("错误", "必须由乡镇改正，改正前新的内容不进总台账。"),
        ("提醒", "内容已收进总台账，但看上去不寻常，要核对；属实的，由乡镇在该行的“属实说明”里写明，就不再计入。"),
        ("提示", "系统已自动处理，告诉一声，不用做什么。"),
        ("", ""),
        (
            "文件正开着时",
            "这本总台账正打开着，系统不会覆盖它，新的放在旁边，名字带“（新）”，不要在那一本里写。关闭以后，下次运行先读您写的决定，再换上新的。",
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
    sheets = {
        OVERVIEW, CONFLICTS, PENDING, REVIEWS, CORRECTIONS, FORM_COUNTS, "问题", "变更记录", *(form.title for form in content.tables),
    }  # fmt: skip
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

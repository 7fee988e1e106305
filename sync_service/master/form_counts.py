"""The sheet 各表行数: how many rows each township has in each form, what is expected, and which forms are reviewed."""

from xlsxwriter import Workbook

from sync_service.look import SERIES, Look, print_page
from sync_service.master.content import MasterContent, TownshipLine
from workbook_templates.form import Form
from workbook_templates.sheet import letter

TITLE = "各表行数"
_HEADER_ROW, _FIRST_ROW = 2, 3
_SIGNS = {"已审核": " √", "审核后有变更": " ▲"}
_TIP = "√ 已审核　▲ 审核后又变了　/ 后面是应报的行数　＜ 少于应报的，也涂了颜色"


def _number_format(line: TownshipLine, form: Form, sign: str, *, short: bool) -> str:
    """The count stays a number that can be summed; what is expected and the sign are only shown."""
    expected = f"{'＜' if short else '/'}{line.expected[form.id]:,}" if form.id in line.expected else ""
    return f'#,##0"{expected}{sign}"' if expected or sign else "#,##0"


def write_form_counts(book: Workbook, look: Look, content: MasterContent) -> None:
    """Add 各表行数 to `book`."""
    sheet = book.add_worksheet(TITLE)
    forms = content.tables
    signs = {(line.township, line.form): _SIGNS.get(line.state, "") for line in content.review.reviews}
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, len(forms) + 1, 12)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{content.county.name}各表行数", look("title"))
    sheet.set_row(1, 20)
    sheet.write_string(1, 0, _TIP, look("subtitle"))
    sheet.set_row(_HEADER_ROW, 34)
    for number, header in enumerate(("乡镇（街道）", *(form.title for form in forms), "合计")):
        sheet.write_string(_HEADER_ROW, number, header, look("header"))
    total = _FIRST_ROW
    for row, line in enumerate(content.townships, _FIRST_ROW):
        sheet.set_row(row, 21)
        sheet.write_string(row, 0, line.name, look("cell", "text", bold=True))
        for number, form in enumerate(forms, 1):
            count = line.counts.get(form.id)
            if count is None:  # not a form of hers
                sheet.write_string(row, number, "—", look("cell", "centre", font_color="#B8C2CC"))
                continue
            short = count < line.expected.get(form.id, 0)
            shape = _number_format(line, form, signs.get((line.code, form.id), ""), short=short)
            style = look("cell", "count", *(["warning"] if short else []), num_format=shape)
            sheet.write_number(row, number, count, style)
        formula = f"=SUM(B{row + 1}:{letter(len(forms) + 1)}{row + 1})"
        sheet.write_formula(row, len(forms) + 1, formula, look("cell", "count", bold=True), sum(line.counts.values()))
        total = row + 1
    sheet.set_row(total, 24)
    sheet.write_string(total, 0, "合计", look("cell", "total"))
    sums = [sum(line.counts.get(form.id, 0) for line in content.townships) for form in forms]
    for number, value in enumerate((*sums, sum(sums)), 1):
        at = letter(number + 1)
        formula = f"=SUM({at}{_FIRST_ROW + 1}:{at}{total})" if content.townships else "=0"
        sheet.write_formula(total, number, formula, look("cell", "count", "total"), value)
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.repeat_rows(0, _HEADER_ROW)
    print_page(sheet, landscape=True, heading=f"{content.county.name}　{TITLE}")
    sheet.set_tab_color(SERIES[0])

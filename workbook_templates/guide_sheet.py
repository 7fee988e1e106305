"""The guide of a township workbook: how to fill it in, for a clerk who does this beside other work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlsxwriter import Workbook

from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.choices import shown
from workbook_templates.lists import offered
from workbook_templates.looks import Looks
from workbook_templates.sheet import CONFIRM_HEADER, GUIDE, STATUS_HEADER

_STEPS = (
    ("怎么填", (
        "1. 先填“封面”，再填后面各表。一行写一件事（一个人、一笔钱），中间不要留空行，也不要写合计。",
        "2. 深蓝表头必填；浅蓝加粗的看情况填；浅蓝的知道就填；灰色的由表格自己算，不用填。",
        "3. 有下拉箭头的格子请点箭头选。从别处复制来的内容，请用“选择性粘贴→数值”。",
        "4. 身份证号、银行账号、电话照证件逐位录入，这些列已经设成文本，不要改成数字格式。",
        "5. 可以插入、删除行，可以排序和筛选。不要改表名、列名，不要合并单元格。",
    )),
    (f"“{STATUS_HEADER}”列说什么", (
        "√　　这一行没有发现问题。",
        "×　　有错，后面写着是哪一列、错在哪里。改好以前，县里不采用这一行（保留上一次正确的内容）。",
        "▲　　有疑问，请核对。填错了就改；如果确实如此，请在“" + CONFIRM_HEADER + "”列写明原因，就会变成“√ 已说明”。",
        "空白　这一行还没有填。",
        "一行有几处问题时，只显示第一处；改好一处，再显示下一处。出问题的格子会变色：黄色要补填，红色要改正，橙色要核对，紫色是重复。",
        f"插入新行以后，请把上一行的“{STATUS_HEADER}”格（A 列）到最右边的灰色格一起向下拖，或者整行复制后再改内容；"
        f"“{STATUS_HEADER}”格变成橘色，就是缺了公式。不补也能上报，县里照样检查。",
    )),
    ("打印", (
        "直接打印，只印到最后填写的一行。如果打印预览里有许多空页，请先选中要打印的行，再选“打印选定区域”。",
    )),
    ("日期和金额", (
        "日期写成 2026-03-18；只知道月份的列写成 1985-03。不要写 1990.10，表格会把它变成 1990.1。",
        "金额一律以元为单位，只填数字，不写“万”。",
    )),
)  # fmt: skip


GUIDE_WIDTHS = (20, 9, 86)
"""In characters."""


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One row of the guide: its cells from A on, their style, and its height in points (None: as it comes)."""

    cells: tuple[str, ...]
    style: str
    height: int | None = None

    @property
    def wide(self) -> bool:
        """Whether its one cell takes up the whole width."""
        return self.style == "text"


NOTHING = GuideRow((), "heading")


def _how(column: Column, setting: Setting) -> str:
    """How the column is filled in, in a few words."""
    if not column.typed:
        return "自动生成，不用填。"
    parts = [column.hint]
    if (names := offered(column, setting)) and column.of.name != "village":
        parts.append(f"可选：{shown(tuple(names))}。")
    if column.example:
        parts.append(f"例：{column.example}")
    return "".join(filter(None, parts))


def necessity(column: Column) -> str:
    """Whether the column must be filled in, in the clerk's words."""
    if not column.typed:
        return "自动"
    if column.required:
        return "必填"
    return "视情况" if column.required_when else "选填"


def _condition(form: Form, column: Column) -> str:
    """Which columns decide whether this one must be filled in."""
    if not column.required_when or column.required:
        return ""
    names = form.expression(column.required_when).names
    return "由“" + "”“".join(form.by_id[name].header for name in names) + "”决定要不要填。"


def guide_rows(forms: Iterable[Form], setting: Setting) -> Iterator[GuideRow]:
    """The rows of the guide, with a table of columns for each form that is a table."""
    yield GuideRow(("填表说明",), "title", 30)
    for heading, lines in _STEPS:
        yield NOTHING
        yield GuideRow((heading,), "heading")
        for line in lines:
            yield GuideRow((line,), "text", 18 if len(line) <= 62 else 34)
    for form in forms:
        if form.layout != "table":
            continue
        yield NOTHING
        yield GuideRow((f"“{form.title}”表的各列",), "heading")
        yield GuideRow(("列", "必填", "填法"), "table_head")
        for column in form.columns:
            how = _condition(form, column) + _how(column, setting)
            yield GuideRow((column.header, necessity(column), how), "table_cell", 18 * (1 + len(how) // 50))


def write_guide(book: Workbook, looks: Looks, forms: Iterable[Form], setting: Setting) -> None:
    """Adds the guide."""
    page = book.add_worksheet(GUIDE)
    page.hide_gridlines(2)
    for number, width in enumerate(GUIDE_WIDTHS):
        page.set_column(number, number, width)
    for row, line in enumerate(guide_rows(forms, setting)):
        if line.height:
            page.set_row(row, line.height)
        if line.wide:
            page.merge_range(row, 0, row, len(GUIDE_WIDTHS) - 1, line.cells[0], looks(line.style))
            continue
        for number, text in enumerate(line.cells):
            page.write_string(row, number, text, looks(line.style))
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页 共 &N 页")

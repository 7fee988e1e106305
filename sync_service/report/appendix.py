"""The appendix: for every figure of the document what it means, on which day, from how many rows, and how sure it is."""

from collections.abc import Mapping, Sequence
from itertools import chain

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from sync_service.figures.figures import Figures
from sync_service.figures.uncertainty import Uncertainty
from sync_service.figures.wording import plain_number, tabled
from sync_service.report.layout import CELL, NOTE, appendix_styles
from sync_service.report.said import MISSING, is_complete, reported_words
from workbook_templates.figure import Figure

COLUMNS = (("编号", 14), ("指标", 34), ("数", 28), ("口径", 66), ("时间", 38), ("行数", 26), ("已报", 28), ("未决", 40))
"""The columns with their widths in millimetres; A4 across has 274 of them."""
KINDS: Mapping[str, str] = {"stock": "存量", "flow": "流量", "ratio": "比率"}
GREY = "E7E6E6"


def _when(figures: Figures, figure: Figure) -> str:
    """The day of a stock, or the days between which a flow is counted."""
    span = figures.span
    if figure.kind != "flow":
        return f"{KINDS[figure.kind]}，截至 {span.last}"
    if figure.within == "spring" and span.spring:
        first, last = span.spring
    elif figure.within == "year":
        first, last = span.last.replace(month=1, day=1), span.last
    else:
        first, last = span.period.first, span.last
    return f"流量，{first} 至 {last}"


def _open(figure: Figure, sure: Uncertainty) -> str:
    """What is not settled, with what the figure may come to."""
    if sure.least is None:
        return ""
    bounds = f"{tabled(figure, sure.least)} 到 {tabled(figure, sure.most)} 之间；" if sure.least != sure.most else ""
    return bounds + "；".join(sure.reasons) or "无"


def _value(figure: Figure, value: float | None) -> str:
    return MISSING.format("") if value is None else f"{tabled(figure, value)}{figure.unit}"


def _shaded(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _write(cell: _Cell, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = CELL
    paragraph.add_run(text).bold = bold


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows) + 1, len(COLUMNS))
    if "Table Grid" in document.styles:
        table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, (_, width) in zip(table.columns, COLUMNS, strict=True):
        column.width = Mm(width)
    cells = table._cells  # asking the table for one cell after the other takes it seconds
    headers = [header for header, _ in COLUMNS]
    for number, (cell, text) in enumerate(zip(cells, chain(headers, *rows), strict=True)):
        _write(cell, text, bold=number < len(headers))
        cell.width = Mm(COLUMNS[number % len(COLUMNS)][1])
        if number < len(headers):
            _shaded(cell, GREY)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _landscape(document: Document) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = section.right_margin = Mm(11)


def add_appendix(
    document: Document, figures: Figures, used: Sequence[str], details: Mapping[str, str], book: str
) -> None:
    """Adds the appendix at the end, on pages of its own, for the figures with the ids `used`.

    `book` is the workbook in which `details` has the title of the sheet with each figure's rows, by the figure's id.
    """
    appendix_styles(document)
    _landscape(document)
    document.add_paragraph("附录：本文各数的口径和出处", NOTE).runs[0].bold = True
    notes = [
        f"每个数由哪些行得来，见“{book}”里与编号同名的工作表（几个数同出一处的，在“行数”一格写明表名）。",
        "红字“待补”是还没有数，不是 0；正文里标黄的数，还有乡镇没有报齐。",
    ]
    failed = [one for one in figures.checks if one.outcome == "fails"]
    notes += [f"要核对：{one.check.text}（{one.shown}）。" for one in failed]
    late = [one for one in used if not is_complete(figures, one)]
    notes += [f"还没有报齐的有 {len(late)} 个数，见“已报”一列。"] if late else []
    for note in notes:
        document.add_paragraph(note, NOTE)
    rows = []
    for one in used:
        figure = figures.definitions.figures[one]
        # A ratio's rows are those of its numerator and denominator.
        sheets = dict.fromkeys(details[part] for part in (one, figure.part, figure.whole) if part in details)
        count = plain_number(figures.row_count(one)) if figure.form or figure.kind == "ratio" else "—"
        where = f"\n（{'、'.join(sheets)}）" if sheets and [*sheets] != [one] else ""
        rows.append(
            (
                one, figure.label, _value(figure, figures.value(one)), figure.meaning, _when(figures, figure),
                count + where, reported_words(figures, one), _open(figure, figures.uncertainty(one)),
            )
        )  # fmt: skip
    _table(document, rows)

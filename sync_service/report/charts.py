"""Charts that Word and WPS can edit: DrawingML chart parts, each with the workbook that its numbers stand in."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from xlsxwriter import Workbook

from sync_service.look import SERIES
from workbook_templates.sheet import letter

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
WIDTH, HEIGHT = Mm(150), Mm(68)
SHEET = "数据"
_FONT = '<a:latin typeface="仿宋"/><a:ea typeface="仿宋"/>'


class Series(NamedTuple):
    """One series: its name, and a number for each category; None where it is not known, which is no bar and not 0."""

    name: str
    values: Sequence[float | None]


class Chart(NamedTuple):
    """A column chart."""

    title: str
    categories: Sequence[str]
    series: Sequence[Series]


def _text(text: str, size: int, *, bold: bool = False) -> str:
    run = f'<a:r><a:rPr lang="zh-CN" sz="{size}" b="{int(bold)}">{_FONT}</a:rPr><a:t>{escape(text)}</a:t></a:r>'
    return f"<c:tx><c:rich><a:bodyPr/><a:p>{run}</a:p></c:rich></c:tx>"


def _size(size: int) -> str:
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}">{_FONT}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'


def _strings(reference: str, texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts))
    cache = f'<c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache>'
    return f"<c:strRef><c:f>{reference}</c:f>{cache}</c:strRef>"


def _numbers(reference: str, values: Sequence[float | None]) -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value!r}</c:v></c:pt>' for n, value in enumerate(values) if value is not None
    )
    cache = f'<c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}</c:numCache>'
    return f"<c:numRef><c:f>{reference}</c:f>{cache}</c:numRef>"


def _series(number: int, series: Series, categories: Sequence[str]) -> str:
    column, last = letter(number + 2), len(categories) + 1
    colour = SERIES[number % len(SERIES)].removeprefix("#")
    fill = f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'
    shows = "".join(
        f'<c:show{what} val="{int(what == "Val")}"/>'
        for what in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>'
        f"<c:tx>{_strings(f'{SHEET}!${column}$1', [series.name])}</c:tx>{fill}"
        f'<c:invertIfNegative val="0"/><c:dLbls>{_size(800)}{shows}</c:dLbls>'
        f"<c:cat>{_strings(f'{SHEET}!$A$2:$A${last}', categories)}</c:cat>"
        f"<c:val>{_numbers(f'{SHEET}!${column}$2:${column}${last}', series.values)}</c:val></c:ser>"
    )


def _axes() -> str:
    line = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="B8C2CC"/></a:solidFill></a:ln></c:spPr>'
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>{line}{_size(900)}'
        '<c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/><c:majorGridlines>{line}</c:majorGridlines><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_size(900)}'
        '<c:crossAx val="1"/></c:valAx>'
    )


def _chart_xml(chart: Chart) -> str:
    series = "".join(_series(n, one, chart.categories) for n, one in enumerate(chart.series))
    legend = f'<c:legend><c:legendPos val="b"/>{_size(900)}</c:legend>' if len(chart.series) > 1 else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {NAMESPACES}><c:roundedCorners val="0"/>'
        f'<c:chart><c:title>{_text(chart.title, 1200, bold=True)}<c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>{_axes()}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _book(chart: Chart) -> bytes:
    """The workbook in which the chart's numbers can be edited."""
    target = BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 1, [one.name for one in chart.series])
        for row, category in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, category)
            for column, one in enumerate(chart.series, 1):
                value = one.values[row - 1]
                if value is not None:
                    sheet.write_number(row, column, value)
    return target.getvalue()


def chart_element(document: Document, chart: Chart, number: int) -> BaseOxmlElement:
    """Adds the chart, the document's `number`th, to the document's package; the element that shows it in a run."""
    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/taizhang_chart{number}.xlsx"), BOOK_TYPE, _book(chart), package)
    part = Part(PackURI(f"/word/charts/taizhang_chart{number}.xml"), CHART_TYPE, _chart_xml(chart).encode(), package)
    assert part.relate_to(book, RT.PACKAGE) == "rId1"
    relation = document.part.relate_to(part, RT.CHART)
    wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return parse_xml(
        f'<w:drawing xmlns:w="{w}" xmlns:wp="{wp}" {NAMESPACES}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{WIDTH}" cy="{HEIGHT}"/><wp:docPr id="{9000 + number}" name="图 {number}" descr={quoteattr(chart.title)}/>'
        '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )

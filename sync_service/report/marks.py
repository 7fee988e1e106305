"""What is done to the text once it is filled in: what is missing becomes red, what is not complete yellow, and charts are put in."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from sync_service.report.charts import Chart, chart_element

RED = RGBColor(0xC0, 0, 0)
_MARKED = re.compile("(\ue000[^\ue001]*\ue001|\ue002[^\ue003]*\ue003|\ue004[^\ue005]*\ue005)")
_SIGNS = re.compile("[\ue000-\ue005]")


def _roots(document: Document) -> Iterator[BaseOxmlElement]:
    """Everything of the document that holds text: the body, headers and footers."""
    yield document.element.body
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                yield part._element


def _pieces(run: BaseOxmlElement, text: str) -> Iterator[tuple[str, Run]]:
    """The run, taken apart at the marks in its text; each part with its sign."""
    for piece in filter(None, _MARKED.split(text)):
        copy = deepcopy(run)
        run.addprevious(copy)
        part = Run(copy, None)  # type: ignore[arg-type]  # only its own element is touched
        part.text = _SIGNS.sub("", piece)
        yield piece[0], part
    run.getparent().remove(run)


def _picture(part: Run, document: Document, charts: Sequence[Chart]) -> None:
    number = int(part.text)
    part.text = ""
    part._r.append(chart_element(document, charts[number - 1], number))


def mark(document: Document, charts: Sequence[Chart]) -> None:
    """Colours what is missing or incomplete, and puts the charts in their places."""
    for root in _roots(document):
        for run in [*root.iter(qn("w:r"))]:
            text = Run(run, None).text  # type: ignore[arg-type]
            if not _SIGNS.search(text):
                continue
            for sign, part in _pieces(run, text):
                if sign == "\ue000":
                    part.font.color.rgb, part.font.bold = RED, True
                elif sign == "\ue002":
                    part.font.highlight_color = WD_COLOR_INDEX.YELLOW
                elif sign == "\ue004":
                    _picture(part, document, charts)


def text_of(document: Document) -> str:
    """The document's text as somebody reads it, paragraph by paragraph, those in tables too."""
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join(Paragraph(one, document._body).text for one in paragraphs)

"""How the document looks: an official document by GB/T 9704, with fonts that stand in where the usual ones are not installed."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

TITLE_FONT, HEAD_FONT, SUBHEAD_FONT, BODY_FONT, NUMBER_FONT = (
    "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "Times New Roman",
)  # fmt: skip
STAND_INS = {"方正小标宋简体": "华文中宋", "楷体_GB2312": "楷体", "仿宋_GB2312": "仿宋"}
"""What Word and WPS take instead of a font that is not installed."""
BODY_SIZE = Pt(16)
"""三号."""
LINE = Pt(28)
A4 = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
TITLE, BODY, FIGURE, NOTE, CELL = "总结标题", "总结正文", "总结图", "附录说明", "附录表格"
"""The names of our styles; headings are Word's own, so that its outline and a table of contents work."""


def _style(document: Document, name: str, font: str, size: Pt, *, bold: bool = False) -> ParagraphStyle:
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = NUMBER_FONT, size, bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    return style


def _indented(style: ParagraphStyle) -> None:
    """Has the first line begin two characters in, whatever the size of the font."""
    properties = style.element.get_or_add_pPr()
    indent = properties.find(qn("w:ind"))
    if indent is None:
        indent = OxmlElement("w:ind")
        properties.append(indent)
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(int(2 * BODY_SIZE.pt * 20)))
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = LINE


def _stand_ins(document: Document) -> None:
    """Writes into the document's table of fonts what may stand in for which."""
    table = next(part for part in document.part.package.iter_parts() if part.partname.endswith("/fontTable.xml"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in STAND_INS.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def lay_out(document: Document) -> None:
    """Gives a new document its page, its styles and its fonts."""
    title = _style(document, TITLE, TITLE_FONT, Pt(22))
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(8)
    _indented(_style(document, BODY, BODY_FONT, BODY_SIZE))
    for name, font in (("Heading 1", HEAD_FONT), ("Heading 2", SUBHEAD_FONT)):
        _indented(_style(document, name, font, BODY_SIZE))
    figure = _style(document, FIGURE, BODY_FONT, Pt(12))
    figure.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    figure.paragraph_format.space_before = figure.paragraph_format.space_after = Pt(6)
    _appendix_styles(document)
    _stand_ins(document)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    section = document.sections[0]
    section.page_width, section.page_height = A4
    for name, value in MARGINS.items():
        setattr(section, name, value)
    number_pages(section)


def _appendix_styles(document: Document) -> None:
    _style(document, NOTE, BODY_FONT, Pt(10.5)).paragraph_format.space_after = Pt(3)
    _style(document, CELL, "宋体", Pt(9))


def appendix_styles(document: Document) -> None:
    """Adds the styles of the appendix to a document that somebody made, if it does not have them."""
    if NOTE not in document.styles or CELL not in document.styles:
        _appendix_styles(document)


def _field(paragraph: Paragraph, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def number_pages(section: Section) -> None:
    """Puts the page's number under each page: — 1 —."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in ("— ", None, " —"):
        if text is None:
            _field(paragraph, "PAGE")
        else:
            paragraph.add_run(text).font.size = Pt(14)

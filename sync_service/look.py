"""How the workbooks that we publish look: colours, styles, and the few things that every one of their sheets needs.

Colours can be told apart by colour-blind people and on a black-and-white print, and never say anything alone: a word or a
symbol (× error, ▲ warning, ○ notice, √ in order; all in GB 2312, so every Chinese font has them) always stands beside.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from workbook_templates.severities import FILLS

FONT = "微软雅黑"
"""On every Windows with Chinese; others fall back to their own sans-serif."""

INK, LINE, PALE, DEEP = "#1F2937", "#B8C2CC", "#EAF1F8", "#1F4E79"
SERIES = ("#1F4E79", "#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#7F7F7F", "#D55E00", "#F0E442")
"""Colours of a chart's series, after Okabe and Ito: told apart by colour-blind eyes."""

ERROR_SERIES = "#C0392B"

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": DEEP, "align": "left"},
    "subtitle": {"font_color": "#52606D"},
    "section": {"bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": DEEP, "indent": 1},
    "header": {
        "bold": True, "font_color": "#FFFFFF", "bg_color": DEEP, "border": 1, "border_color": LINE,
        "align": "center", "text_wrap": True,
    },
    "cell": {"border": 1, "border_color": LINE},
    "centre": {"align": "center"},
    "right": {"align": "right"},
    "wrap": {"text_wrap": True},
    "top": {"valign": "top"},
    "text": {"num_format": "@"},
    "count": {"num_format": "#,##0", "align": "right", "indent": 1},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
    "link": {"font_color": "#0B57A4", "underline": 1},
    "pale": {"bold": True, "bg_color": PALE},
    "total": {"bold": True, "bg_color": PALE, "top": 2, "top_color": DEEP},
    "label": {"font_color": "#52606D", "bg_color": PALE, "align": "center", "top": 2, "top_color": DEEP},
    "figure": {"bold": True, "font_size": 20, "font_color": DEEP, "bg_color": PALE, "align": "center", "num_format": "#,##0"},
    "error": {"bg_color": FILLS["error"], "font_color": "#8E1B0E", "bold": True},
    "warning": {"bg_color": FILLS["warning"], "font_color": "#664A00"},
    "notice": {"bg_color": FILLS["notice"], "font_color": "#1F4E79"},
    "confirmed": {"bg_color": "#DCEFE4", "font_color": "#1E5B3A"},
    "input": {"bg_color": "#FFFCEB", "border": 4, "border_color": "#A88414"},
    "differs": {"bg_color": "#FBE3D0", "border": 1, "border_color": "#9A4A0B"},
    "done": {"font_color": "#52606D", "bg_color": "#F4F6F8"},
    # Frames tell an error from a warning where there is no colour.
    "framed": {"border": 2, "border_color": "#8E1B0E"},
    "dashed": {"border": 8, "border_color": "#664A00"},
}  # fmt: skip
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_LONGEST = 32_000  # a cell takes 32,767 UTF-16 units; nothing that a clerk types comes near


class Look:
    """The styles of one workbook; each combination is made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Format] = {}

    def __call__(self, *names: str, **more: object) -> Format:
        """The style that the named ones make together, later ones first; `more` are XlsxWriter's own properties."""
        key = (*names, *sorted(more.items()))
        if key not in self._made:
            properties: dict[str, object] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            for name in names:
                properties |= _STYLES[name]
            self._made[key] = self._book.add_format(properties | more)
        return self._made[key]


def safe(text: str) -> str:
    """`text` as a cell can hold it, whatever a clerk typed: a formula stays text, and nothing breaks the file.

    XlsxWriter would take "<r>…</r>" for its own rich text and copy it unescaped into the sheet.
    """
    text = _UNWRITABLE.sub("\ufffd", text)[:_LONGEST]
    return text + " " if text.startswith("<r>") and text.endswith("</r>") else text


def plain(text: str) -> str:
    """`text` for comments, links and titles of sheets, where XlsxWriter does not escape control characters as in cells."""
    return _CONTROL.sub("", safe(text))


@cache
def _char_width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def display_width(text: str) -> int:
    """How wide `text` is in columns of a Latin letter: a Chinese character counts as two."""
    return sum(map(_char_width, text))


@lru_cache(maxsize=1 << 14)  # the texts of one master are for the most part those of the last
def line_count(text: str, width: float) -> int:
    """How many lines `text` takes when wrapped in `width` columns."""
    return sum(max(1, -int(-display_width(line) // max(1, width - 1))) for line in text.split("\n"))


def quoted(sheet: str) -> str:
    """A sheet's title as references to its cells need it."""
    return "'" + sheet.replace("'", "''") + "'"


def print_page(sheet: Any, *, landscape: bool, pages_wide: int = 1, heading: str) -> None:
    """Print `sheet` on A4, as many pages long as it needs, with page numbers under and `heading` above."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_margins(left=0.4, right=0.4, top=0.65, bottom=0.6)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_header(f'&R&"{FONT}"&8{heading.replace("&", "&&")}', {"margin": 0.3})
    sheet.set_footer(f'&C&"{FONT}"&8第 &P 页，共 &N 页', {"margin": 0.3})


def open_book(path: Path | BytesIO, made_at: datetime, title: str, *, light: bool = False) -> Workbook:
    """A new workbook at `path` (or in memory) whose rows go straight to disk, and whose bytes depend on nothing but its content.

    If it is `light`, its parts are put together in memory: it writes one file then, not two dozen that it removes again.
    """
    book = Workbook(
        str(path) if isinstance(path, Path) else path,
        {
            "constant_memory": True,
            "tmpdir": str(path.parent)
            if isinstance(path, Path)
            else None,  # rows hold personal data: nothing of them may stay behind elsewhere
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        },
    )
    book.in_memory = light  # as an option it would rule out constant_memory
    book.set_properties({"title": title, "author": "台账", "created": made_at})
    book.set_size(1800, 1200)
    return book

"""How a township workbook looks: fonts, colours and number formats. Each rendering makes its own formats of them."""

from collections.abc import Mapping

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "微软雅黑"
"""On every Chinese Windows, with WPS and Excel alike."""

REQUIRED, SOMETIMES, OPTIONAL, FILLED_BY_SHEET = "#1F4E79", "#9DC3E6", "#DEEBF7", "#D9D9D9"
"""Fills of header cells."""

DEFAULTS: Mapping[str, object] = {"font_name": FONT, "font_size": 10}

STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"font_size": 16, "bold": True, "valign": "vcenter"},
    "note": {"font_color": "#595959", "valign": "vcenter"},
    "locked": {"locked": True},
    "entry": {"locked": False, "valign": "vcenter"},
    "required": {"bg_color": REQUIRED, "font_color": "#FFFFFF", "bold": True},
    "sometimes": {"bg_color": SOMETIMES, "bold": True},
    "optional": {"bg_color": OPTIONAL},
    "by_sheet": {"bg_color": FILLED_BY_SHEET, "italic": True},
    "status": {"locked": False, "valign": "vcenter", "bold": True},
    "computed": {"locked": False, "valign": "vcenter", "align": "center", "font_color": "#595959"},
    "label": {"bold": True, "bg_color": OPTIONAL, "border": 1, "border_color": "#8EA9C1", "valign": "vcenter"},
    "input": {"locked": False, "border": 1, "border_color": "#8EA9C1", "valign": "vcenter", "num_format": "@"},
    "versions": {"bg_color": "#F2F2F2", "border": 1, "border_color": "#8EA9C1", "valign": "vcenter", "text_wrap": True},
    "fixed": {"bg_color": "#F2F2F2", "border": 1, "border_color": "#8EA9C1", "valign": "vcenter"},
    "hint": {"font_color": "#7F7F7F", "valign": "vcenter", "indent": 1},
    "heading": {"font_size": 12, "bold": True, "font_color": REQUIRED, "valign": "vcenter"},
    "text": {"text_wrap": True, "valign": "top"},
    "table_head": {"bold": True, "bg_color": OPTIONAL, "border": 1, "border_color": "#BFBFBF", "valign": "vcenter"},
    "table_cell": {"text_wrap": True, "border": 1, "border_color": "#BFBFBF", "valign": "vcenter"},
    "lined": {},
    "missing": {"bg_color": "#FFF2CC"},
    "wrong": {"bg_color": "#F8CBAD", "font_color": "#9C0006"},
    "doubtful": {"bg_color": "#FFE699"},
    "twice": {"bg_color": "#E4D2F2", "bold": True},
    "status_wrong": {"font_color": "#C00000", "bg_color": "#FCE4E4"},
    "status_doubtful": {"font_color": "#9C5700", "bg_color": "#FFF2CC"},
    "status_right": {"font_color": "#2E7D32"},
    "status_missing": {"bg_color": "#F4B183"},
}
_HEADER: Mapping[str, object] = {
    "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "border_color": "#FFFFFF", "locked": True,
}  # fmt: skip
_LINES: Mapping[str, object] = {"border": 1, "border_color": "#BFBFBF"}
_DIFFERENTIAL = (
    "lined", "missing", "wrong", "doubtful", "twice", "status_wrong", "status_doubtful", "status_right", "status_missing",
)  # fmt: skip
"""Styles of conditional formats: they say only what changes. Each draws the lines, for some programs apply but one."""


def look(style: str) -> Mapping[str, object]:
    """All that a style says, in XlsxWriter's words."""
    base = _LINES if style in _DIFFERENTIAL else DEFAULTS
    header = _HEADER if style in {"required", "sometimes", "optional", "by_sheet"} else {}
    return {**base, **header, **STYLES[style]}


class Looks:
    """The formats of one workbook, each made when it is first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def __call__(self, style: str, number_format: str = "") -> Format:
        """The format of `style`, with a number format if one is given."""
        if (style, number_format) not in self._made:
            shown = {"num_format": number_format} if number_format else {}
            self._made[style, number_format] = self._book.add_format({**look(style), **shown})
        return self._made[style, number_format]

"""The styles of workbook_templates.looks as Google Sheets says them, and its pixels; pure."""

from collections.abc import Mapping
from typing import Any

from workbook_templates.looks import look

_ALIGNED = {"center": "CENTER", "vcenter": "MIDDLE", "top": "TOP"}
_SIDES = ("top", "bottom", "left", "right")
CellFormat = Mapping[str, Any]


def pixels_wide(characters: int) -> int:
    """The width of a column as Excel draws it: seven pixels a character and five of margin."""
    return characters * 7 + 5


def pixels_high(points: int) -> int:
    """The height of a row: 96 pixels or 72 points an inch."""
    return round(points * 96 / 72)


def _color(code: object) -> dict[str, Any]:
    """A color as three shares of 1. Google keeps 8 bits of each: four decimals are enough, and three times as short."""
    red, green, blue = (round(int(str(code)[at : at + 2], 16) / 255, 4) for at in (1, 3, 5))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


def _number_format(pattern: str) -> dict[str, str]:
    """Google asks for the type too. Without one (General) it shows a formula's result as what it is."""
    kind = "TEXT" if pattern == "@" else "DATE" if "yy" in pattern else "NUMBER"
    return {"type": kind, "pattern": pattern}


def _text_format(said: Mapping[str, object]) -> dict[str, Any]:
    names = {"font_name": "fontFamily", "font_size": "fontSize", "bold": "bold", "italic": "italic"}
    text = {name: said[key] for key, name in names.items() if key in said}
    return text | ({"foregroundColorStyle": _color(said["font_color"])} if "font_color" in said else {})


def highlight(style: str) -> CellFormat:
    """What a conditional format in `style` changes: Google lets it change colours and bold, and draw no lines.

    {} where nothing of the style is left: Google prints its grid by itself.
    """
    said = look(style)
    text = _text_format({key: value for key, value in said.items() if key in {"bold", "font_color"}})
    fill = {"backgroundColorStyle": _color(said["bg_color"])} if "bg_color" in said else {}
    return fill | ({"textFormat": text} if text else {})


def cell_format(style: str, number_format: str = "") -> CellFormat:
    """The format of a cell in `style`, with a number format if one is given."""
    said = look(style)
    found: dict[str, Any] = {"textFormat": _text_format(said)}
    if "bg_color" in said:
        found["backgroundColorStyle"] = _color(said["bg_color"])
    if "align" in said:
        found["horizontalAlignment"] = _ALIGNED[str(said["align"])]
    if "valign" in said:
        found["verticalAlignment"] = _ALIGNED[str(said["valign"])]
    if "text_wrap" in said:
        found["wrapStrategy"] = "WRAP"
    if "border" in said:
        found["borders"] = {side: {"style": "SOLID", "colorStyle": _color(said["border_color"])} for side in _SIDES}
    if number_format not in {"", "General"}:
        found["numberFormat"] = _number_format(number_format)
    return found

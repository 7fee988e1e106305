"""The bar of buttons over a sheet, and the hidden sheet of settings that their macros read. What they do is not known here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_templates.sheet import BUTTON_SETTINGS, TITLE_ROW

HEIGHT, TOP, GAP = 28, 6, 3
"""In pixels, as all sizes here: a title row is 40 high."""
_SIGN, _TITLE_SIGN = 15, 22
"""The width of a Chinese character on a button and in a title."""
_BEHIND_TITLE, _MARGIN = 6, 12
"""What is left free behind a title, and what a button is wider than its caption."""
_CHARACTER, _PADDING = 7, 5
"""The width of a column is that many pixels for each of its characters, and some more."""
SETTINGS_WIDTHS = (24, 90)
"""In characters."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it says and the macro that it calls."""

    caption: str
    macro: str

    @property
    def width(self) -> int:
        """As wide as its caption needs."""
        return _MARGIN + _SIGN * len(self.caption)


@dataclass(frozen=True, slots=True)
class Buttons:
    """What makes a workbook one with buttons.

    `project` gives the VBA project for a workbook whose sheets have the given code names; `table` and `cover` are the bars of
    buttons, `settings` what the hidden sheet says under each name.
    """

    project: Callable[[tuple[str, ...]], bytes]
    table: tuple[Button, ...]
    cover: tuple[Button, ...]
    settings: Mapping[str, str]


def behind(title: str) -> int:
    """Where a bar begins that stands beside `title`."""
    return _TITLE_SIGN * len(title) + _BEHIND_TITLE


def places_of(buttons: Sequence[Button], start: int, edge: int) -> Iterator[int]:
    """Where each button begins, from `start` on; none crosses `edge`, at which the sheet is cut when it is scrolled."""
    at = start
    for button in buttons:
        if at < edge < at + button.width:
            at = edge + GAP
        yield at
        at += button.width + GAP


def pixels(widths: Sequence[int]) -> int:
    """How wide columns of `widths` characters are together."""
    return sum(_CHARACTER * width + _PADDING for width in widths)


def add_bar(page: Worksheet, buttons: Sequence[Button], title: str, frozen: Sequence[int]) -> None:
    """Adds buttons to the right of the sheet's `title`; `frozen` are the widths of the columns that are never scrolled."""
    for button, at in zip(buttons, places_of(buttons, behind(title), pixels(frozen)), strict=True):
        about = {"caption": button.caption, "macro": button.macro, "width": button.width, "height": HEIGHT}
        page.insert_button(TITLE_ROW - 1, 0, {**about, "x_offset": at, "y_offset": TOP})


def write_settings(book: Workbook, settings: Mapping[str, str]) -> None:
    """Adds the hidden sheet of settings, as xlwings reads it: names in column A, in capital letters, values in column B."""
    page = book.add_worksheet(BUTTON_SETTINGS)
    for number, width in enumerate(SETTINGS_WIDTHS):
        page.set_column(number, number, width)
    for row, (name, value) in enumerate(settings.items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
    page.hide()

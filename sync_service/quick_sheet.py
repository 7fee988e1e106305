"""A worksheet that takes whole rows at once, many times faster than XlsxWriter's cell by cell.

XlsxWriter spends ten microseconds on a cell, which is half a minute for a county. Here a row becomes text in one
go. The text is the very one that XlsxWriter would have written (a test compares the bytes), so nothing new is asked of Excel,
WPS or LibreOffice.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sync_service.look import safe
from workbook_templates.sheet import letter

Written = str | int | float | bool | None
"""What a row may hold: dates come as serial numbers with a date format."""

_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_QUICK = 32_000
_REMEMBERED = 4096
_ROW = '<row r="'


class Slot(dict[Written, str]):
    """One column's cells by their value: the XML from behind a cell's row number up to the next row number.

    Most columns have few different values, so that most cells are looked up. What equals another value but is written
    differently (1 and True, 0 and -0.0) is made each time.
    """

    def __init__(self, style: int, then: str) -> None:
        super().__init__()
        self.style = style
        self._style, self._then = f'" s="{style}"', then

    def _made(self, value: Written) -> str:
        if value is None or value == "":
            return f"{self._style}/>"
        if value.__class__ is str:
            text = str(value)
            if _SPECIAL.search(text) or len(text) > _QUICK:
                text = escape(Worksheet._escape_control_characters(safe(text)), quote=False)
            space = "" if text.strip() == text else ' xml:space="preserve"'
            return f'{self._style} t="inlineStr"><is><t{space}>{text}</t></is></c>'
        if value is True or value is False:
            return f'{self._style} t="b"><v>{int(value)}</v></c>'
        return f"{self._style}><v>{value:.16G}</v></c>"

    def __missing__(self, value: Written) -> str:
        made = self._made(value) + self._then
        if len(self) < _REMEMBERED and (value is None or value.__class__ is str or value > 1):  # type: ignore[operator]
            self[value] = made
        return made


Layout = Sequence[Slot]
"""The slots of a row's cells, from column A on."""


def rendered(row: int, values: Sequence[Written], layout: Layout) -> str:
    """The XML of row `row` (the first is 0), `values` from column A on; blanks are written with their format."""
    pieces = [slot[value] for slot, value in zip(layout, values, strict=True)]
    # Between any two pieces stands the row's number.
    return str(row + 1).join([_ROW, '"><c r="A', *pieces])


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of a workbook in constant_memory mode. Rows come in order; comments go in before their rows."""

    previous_row: int

    def slot(self, column: int, style: Format, width: int) -> Slot:
        """Column `column` (the first is 0) of rows of `width` cells, in this format. Make it once and use it for many rows."""
        then = f'<c r="{letter(column + 2)}' if column + 1 < width else "</row>"
        return Slot(style._get_xf_index(), then)

    def layout(self, formats: Iterable[Format]) -> Layout:
        """Rows whose cells have these formats. Make it once and use it for many rows."""
        styles = tuple(formats)
        return tuple(self.slot(column, style, len(styles)) for column, style in enumerate(styles))

    def put_row(self, row: int, values: Sequence[Written], layout: Layout) -> None:
        """Write row `row` (the first is 0), a value for each slot."""
        self.put_text(row, rendered(row, values, layout), len(layout))

    def put_text(self, row: int, xml: str, width: int) -> None:
        """Write row `row` of `width` cells, which is rendered already."""
        if self.previous_row < row:
            self._write_single_row(row)
        self.row_data_fh.write(xml)
        self.reach(row, row, width)

    def put_mark(self, mark: str) -> None:
        """Write `mark`, in the place of rows that are put in later, below the rows that are there."""
        self._write_single_row(self.previous_row + 1)
        self.row_data_fh.write(mark)

    def reach(self, first: int, last: int, width: int) -> None:
        """Tell that the rows from `first` to `last`, of `width` cells each, are there or will be put in."""
        for row in (first, last):
            self._check_dimensions(row, width - 1)
        self.previous_row = last + 1

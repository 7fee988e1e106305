"""A worksheet that takes whole rows at once, many times faster than XlsxWriter's cell by cell.

XlsxWriter spends ten microseconds on a cell, which is half a minute for a county. Here a row becomes text in one
go. The text is the very one that XlsxWriter would have written (a test compares the bytes), so nothing new is asked of Excel,
WPS or LibreOffice.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from io import StringIO
from itertools import count
from typing import TypeVar

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from sync_service.look import safe
from workbook_templates.kinds.base import moment_serial
from workbook_templates.sheet import letter

Written = str | int | float | bool | None
"""What a row may hold: dates come as serial numbers with a date format."""

Value = TypeVar("Value")

_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_QUICK = 32_000
_REMEMBERED = 4096
_ALIKE = (0, 1)
"""What equals another value that is written differently: False, True, -0.0."""
_ROW = '<row r="'
_CELL = b'<c r="'
ROW_END = "</row>"
_USUAL = 20
"""How many pixels a row is high by itself."""


class Slot(dict[Written, str]):
    """One column's cells by their value: the XML from behind a cell's row number up to the next row number.

    Most columns have few different values, so that most cells are looked up.
    """

    def __init__(self, style: int, then: str) -> None:
        super().__init__()
        self.style = style
        self._style, self._then = f'" s="{style}"', then
        self._text, self._end = f'{self._style} t="inlineStr"><is><t>', f"</t></is></c>{then}"

    def made(self, value: Written) -> str:
        """The XML of a cell, made anew."""
        if value.__class__ is str and value:
            text = str(value)
            if text.isalnum() and len(text) <= _QUICK:  # most are: no need to look closer
                return self._text + text + self._end
            if _SPECIAL.search(text) or len(text) > _QUICK:
                text = escape(Worksheet._escape_control_characters(safe(text)), quote=False)
            if text.strip() == text:
                return self._text + text + self._end
            return f'{self._style} t="inlineStr"><is><t xml:space="preserve">{text}{self._end}'
        if value is None or value == "":
            return f"{self._style}/>{self._then}"
        if value is True or value is False:
            return f'{self._style} t="b"><v>{int(value)}</v></c>{self._then}'
        return f"{self._style}><v>{value:.16G}</v></c>{self._then}"

    def __missing__(self, value: Written) -> str:
        made = self.made(value)
        if len(self) < _REMEMBERED and value not in _ALIKE:
            self[value] = made
        return made


class Cells(dict[Value, bytes]):
    """One column's cells, encoded, by the values that they show; `make` gives those that are new."""

    def __init__(self, make: Callable[[Value], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Value) -> bytes:
        made = self._make(value).encode()
        if len(self) < _REMEMBERED and value not in _ALIKE:
            self[value] = made
        return made


Layout = Sequence[Slot]
"""The slots of a row's cells, from column A on."""


def _tall(height: float) -> str:
    """A row's attribute for its height in points, which XlsxWriter makes whole pixels."""
    pixels = int(height * 4 / 3 + 0.5)
    return "" if pixels == _USUAL else f'" ht="{pixels * 0.75:.16g}" customHeight="1'


def joined(row: int, pieces: Iterable[bytes]) -> bytes:
    """The XML of row `row` (the first is 0), whose cells are `pieces` from their slots, from column A on; all of it encoded."""
    # Between any two pieces stands the row's number.
    return str(row + 1).encode().join([_ROW.encode(), b'"><c r="A', *pieces])


def renumbered(rows: Iterable[bytes], first: int, now: int, width: int) -> Iterator[bytes]:
    """The encoded XML of rows of `width` cells, the first of them row `first` (counted from 0), as that of rows from row `now` on."""
    for xml, was, is_now in zip(rows, count(first + 1), count(now + 1)):
        old, new = b'%d"' % was, b'%d"' % is_now
        pieces = xml.split(old)
        if len(pieces) == width + 2:  # those of the row and its cells are there in any case: so there are no others
            yield new.join(pieces)
        else:  # a text looks like the number: but it stands behind its cell's own, and holds no <
            yield _CELL.join([cell.replace(old, new, 1) for cell in xml.split(_CELL)])


def rendered(row: int, values: Sequence[Written], layout: Layout, tall: str = "", first: str = "A") -> str:
    """The XML of row `row` (the first is 0), `values` from column `first` on; blanks are written with their format."""
    pieces = [slot[value] for slot, value in zip(layout, values, strict=True)]
    # Between any two pieces stands the row's number.
    return str(row + 1).join([_ROW, f'{tall}"><c r="{first}', *pieces])


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of a workbook in constant_memory mode. Rows come in order; comments go in before their rows."""

    previous_row: int

    def __init__(self) -> None:
        super().__init__()
        self._slots: dict[tuple[int, int, Format], Slot] = {}

    def slot(self, column: int, style: Format, width: int) -> Slot:
        """Column `column` (the first is 0) of rows of `width` cells, in this format."""
        known = column, width, style
        if known not in self._slots:
            then = f'<c r="{letter(column + 2)}' if column + 1 < width else ROW_END
            self._slots[known] = Slot(style._get_xf_index(), then)
        return self._slots[known]

    def layout(self, formats: Iterable[Format]) -> Layout:
        """Rows whose cells have these formats."""
        styles = tuple(formats)
        return tuple(self.slot(column, style, len(styles)) for column, style in enumerate(styles))

    def put_row(self, row: int, values: Sequence[Written], layout: Layout) -> None:
        """Write row `row` (the first is 0), a value for each slot."""
        self.put_text(row, rendered(row, values, layout), len(layout))

    def put_cells(
        self, row: int, cells: Sequence[tuple[Written | datetime, Format]], height: float, first: int = 0
    ) -> None:
        """Write row `row`, `height` points high, of which each cell from column `first` on has a format of its own."""
        width = first + len(cells)
        values, layout = list[Written](), list[Slot]()
        for column, (value, style) in enumerate(cells, first):
            values.append(moment_serial(value) if isinstance(value, datetime) else value)
            layout.append(self.slot(column, style, width))
        self.put_text(row, rendered(row, values, layout, _tall(height), letter(first + 1)), width)

    def put_link(self, row: int, column: int, url: str, text: str = "") -> None:
        """Have a cell of a row that is written quickly, and shows `text`, lead to `url`."""
        link = self.hyperlinks[row][column] = Url(url)
        link.text = text or link.text

    def put_text(self, row: int, xml: str, width: int) -> None:
        """Write row `row` of `width` cells, which is rendered already."""
        if self.previous_row < row:
            self._write_single_row(row)
        self.row_data_fh.write(xml)
        self.reach(row, row, width)

    @property
    def part(self) -> str:
        """The name of the sheet's part in the workbook."""
        return f"xl/worksheets/sheet{self.index + 1}.xml"

    def put_mark(self, mark: str) -> None:
        """Write `mark`, in the place of rows that are put in later, below the rows that are there."""
        if self.table:  # the row above is not written yet
            self._write_single_row(self.previous_row + 1)
        self.row_data_fh.write(mark)

    def reach(self, first: int, last: int, width: int) -> None:
        """Tell that the rows from `first` to `last`, of `width` cells each, are there or will be put in."""
        self._check_dimensions(first, 0)
        self._check_dimensions(last, width - 1)
        self.previous_row = last + 1


class LightSheet(QuickSheet):
    """A worksheet whose rows are kept in memory until the workbook is written, instead of in a file."""

    def _initialize(self, init_data: dict[str, object]) -> None:
        super()._initialize({**init_data, "constant_memory": False})
        self.constant_memory = True
        self.fh = self.row_data_fh = StringIO()

    def _write_optimized_sheet_data(self) -> None:
        if self.dim_rowmin is None:
            self._xml_empty_tag("sheetData")
            return
        self._xml_start_tag("sheetData")
        self.fh.write(self.row_data_fh.getvalue())
        self._xml_end_tag("sheetData")

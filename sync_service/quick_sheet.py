"""A worksheet that takes whole rows at once, several times faster than XlsxWriter's cell by cell.

XlsxWriter spends ten microseconds on a cell, which is half a minute for a county. Here a row becomes text in one
go. The text is the very one that XlsxWriter would have written (a test compares the bytes), so nothing new is asked of Excel,
WPS or LibreOffice.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sync_service.look import safe
from workbook_templates.sheet import letter

Written = str | int | float | bool | None
"""What a row may hold: dates come as serial numbers with a date format."""

_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_QUICK = 32_000


class Slot(NamedTuple):
    """The XML of one column's cells, without the row number and the value."""

    head: str
    blank: str
    text: str
    spaced: str
    number: str
    truth: str


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of a workbook in constant_memory mode. Rows come in order; comments go in before their rows."""

    previous_row: int

    def layout(self, formats: Iterable[Format]) -> Sequence[Slot]:
        """Rows whose first columns have these formats. Make it once and use it for many rows."""
        slots = []
        for number, made in enumerate(formats, 1):
            style = f'" s="{made._get_xf_index()}"'
            inline = f'{style} t="inlineStr"><is><t'
            slots.append(
                Slot(
                    f'<c r="{letter(number)}', f"{style}/>", f"{inline}>", f'{inline} xml:space="preserve">',
                    f"{style}><v>", f'{style} t="b"><v>',
                )
            )  # fmt: skip
        return tuple(slots)

    def put_row(self, row: int, values: Sequence[Written], layout: Sequence[Slot]) -> None:
        """Write row `row` (the first is 0), `values` from column A on; blanks are written with their format."""
        if self.previous_row < row:
            self._write_single_row(row)
        at = str(row + 1)
        parts = [f'<row r="{at}">']
        for (head, blank, text, spaced, number, truth), value in zip(layout, values, strict=False):
            if value is None or value == "":
                parts.append(f"{head}{at}{blank}")
            elif value.__class__ is str:
                if _SPECIAL.search(value) or len(value) > _QUICK:
                    value = self._escape_data(self._escape_control_characters(safe(value)))
                opening = text if value.strip() == value else spaced
                parts.append(f"{head}{at}{opening}{value}</t></is></c>")
            elif value is True or value is False:
                parts.append(f"{head}{at}{truth}{int(value)}</v></c>")
            else:
                parts.append(f"{head}{at}{number}{value:.16G}</v></c>")
        parts.append("</row>")
        self.row_data_fh.write("".join(parts))
        self._check_dimensions(row, max(0, min(len(layout), len(values)) - 1))
        self.previous_row = row + 1

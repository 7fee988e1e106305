"""The rows of a copied sheet: every cell dressed by what it holds, and by the problems that it has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from xlsxwriter.format import Format

from sync_service.look import Look
from sync_service.quick_sheet import QuickSheet, Slot, Written, joined
from validators.problems import Problem
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw

Cell = tuple[int, int]
"""Row and column, both from 0."""

Shape = Literal["text", "number", "date", "moment", "time"]
"""What kind of thing a cell shows."""

FORMATS: Mapping[Shape, str] = {
    "text": "@", "number": "General", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "time": "[hh]:mm",
}  # fmt: skip
_EPOCH = datetime(1899, 12, 30)
_REMEMBERED = 4096
_ALIKE = (0, 1)
"""What equals another value that is written differently: False, True, -0.0."""


def written(value: Raw) -> tuple[Written, Shape]:
    """What a cell of a copy holds for what was read, and what kind of thing it is."""
    match value:
        case None | str():
            return value, "text"
        case bool() | int() | float():
            return value, "number"
        case datetime():
            days = (value.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
            return days, "date" if days == int(days) else "moment"
        case date():
            return value.toordinal() - _EPOCH.toordinal(), "date"
        case time():
            return (value.hour * 3600 + value.minute * 60 + value.second) / 86400, "time"
        case timedelta():
            return value / timedelta(days=1), "time"
        case CellError():
            return value.text, "text"


def dress(look: Look, shape: Shape, problems: Sequence[Problem], framed: bool) -> Format:
    """How a cell with these problems looks."""
    names = ["cell"] if framed else []
    more = {"num_format": FORMATS[shape]}
    if any(found.severity == "error" for found in problems):
        return look(*names, "error", "framed", **more)
    if any(found.open for found in problems):
        return look(*names, "warning", "dashed", **more)
    return look(*names, "confirmed", **more) if problems else look(*names, **more)


class _Column(dict[Raw, bytes]):
    """A column's cells without problems, by what was read: the XML of each from behind its row number up to the next."""

    def __init__(self, slots: Mapping[Shape, Slot]) -> None:
        super().__init__()
        self._slots = slots
        self._text = slots["text"]

    def __missing__(self, value: Raw) -> bytes:
        if value.__class__ is str:
            made = self._text.made(value).encode()
        else:
            shown, shape = written(value)
            made = self._slots[shape].made(shown).encode()
            if value in _ALIKE:
                return made
        if len(self) < _REMEMBERED:
            self[value] = made
        return made


def copied_rows(
    sheet: QuickSheet,
    look: Look,
    raw: RawSheet,
    numbers: range,
    width: int,
    cells: Mapping[Cell, Sequence[Problem]],
) -> Iterator[bytes]:
    """The XML of the rows `numbers` (the first is 0) of `raw`, in `width` cells; `cells` are those with problems."""
    odd: dict[int, list[int]] = defaultdict(list)
    for at, column in cells:
        odd[at].append(column)
    slots = {shape: sheet.layout([dress(look, shape, (), framed=True)] * width) for shape in FORMATS}
    columns = [_Column({shape: layout[column] for shape, layout in slots.items()}) for column in range(width)]
    blanks = [column[None] for column in columns]
    for number in numbers:
        row = raw.rows[number] if number < len(raw.rows) else ()
        pieces = [column[value] for column, value in zip(columns, row, strict=False)]
        pieces += blanks[len(row) :]
        for column in odd.get(number, ()):
            shown, shape = written(row[column] if column < len(row) else None)
            style = dress(look, shape, cells[number, column], framed=True)
            pieces[column] = sheet.slot(column, style, width).made(shown).encode()
        yield joined(number, pieces)

"""The rows of a copied sheet: every cell dressed by what it holds, and by the problems that it has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Literal

from xlsxwriter.format import Format

from sync_service.look import Look
from sync_service.quick_sheet import Cells, QuickSheet, Slot, Written, joined
from validators.problems import Problem
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.kinds.base import moment_serial, serial

Cell = tuple[int, int]
"""Row and column, both from 0."""

Shape = Literal["text", "number", "date", "moment", "time"]
"""What kind of thing a cell shows."""

FORMATS: Mapping[Shape, str] = {
    "text": "@", "number": "General", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "time": "[hh]:mm",
}  # fmt: skip


def written(value: Raw) -> tuple[Written, Shape]:
    """What a cell of a copy holds for what was read, and what kind of thing it is."""
    match value:
        case None | str():
            return value, "text"
        case bool() | int() | float():
            return value, "number"
        case datetime():
            return moment_serial(value), "date" if value.time() == time.min else "moment"
        case date():
            return serial(value), "date"
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


def _cell(slots: Mapping[Shape, Slot], value: Raw) -> str:
    """The XML of a cell without problems, from behind its row number up to the next."""
    shown, shape = written(value)
    return slots[shape].made(shown)


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
    columns = [
        Cells[Raw](partial(_cell, {shape: layout[column] for shape, layout in slots.items()}))
        for column in range(width)
    ]
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

"""Copies of a clerk's sheets in which the cells with problems are coloured, framed and commented.

Row n stays row n and column C stays column C, so that what the copy shows is found at once in the workbook itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol

from sync_service.look import FONT, Look, display_width, line_count, plain, print_page, safe
from sync_service.quick_sheet import QuickSheet, Written
from validators.noted import noted
from validators.problems import Problem
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import HEADERS, Forms
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import CONFIRM_ID, STATUS_ID, letter

Cell = tuple[int, int]
"""Row and column, both from 0."""

_Shape = Literal["text", "number", "date", "moment", "time"]
_FORMATS: Mapping[_Shape, str] = {
    "text": "@", "number": "General", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "time": "[hh]:mm",
}  # fmt: skip
_EPOCH = datetime(1899, 12, 30)
_HEADER_WITHIN, _FEWEST_HEADERS = 15, 3
_SAMPLE = 200  # rows that tell how wide a column has to be
_PAGE = 190
_COMMENT_WIDTH = 300  # pixels


def cell_of(found: Problem) -> Cell | None:
    """The cell that a problem is about; column A for a whole row, None for a whole sheet."""
    if found.row is None:
        return None
    row, column = xl_cell_to_rowcol(f"{found.column or 'A'}{found.row}")
    return row, column


def marked(found: Problem) -> bool:
    """Whether a problem shows in the copy: notices do not, they were dealt with."""
    return found.severity != "notice"


def _written(value: Raw) -> tuple[Written, _Shape]:
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


def _header_row(raw: RawSheet, forms: Forms) -> int | None:
    known = {
        folded(name)
        for form in forms.values()
        for column in form.columns
        for name in (column.header, *column.aliases, *HEADERS.get(column.id, ()))
    }
    counts = [
        sum(isinstance(value, str) and folded(value) in known for value in row) for row in raw.rows[:_HEADER_WITHIN]
    ]
    most = max(counts, default=0)
    return counts.index(most) if most >= _FEWEST_HEADERS else None


def _id_row(raw: RawSheet, forms: Forms) -> int | None:
    ids = {column.id for form in forms.values() for column in form.columns} | {STATUS_ID}
    for number, row in enumerate(raw.rows[:_HEADER_WITHIN]):
        if sum(value in ids for value in row if isinstance(value, str)) >= _FEWEST_HEADERS:
            return number
    return None


def _widths(raw: RawSheet, header: int | None, width: int) -> list[int]:
    widest = [6] * width
    for number, row in enumerate(raw.rows[: _SAMPLE + (header or 0)]):
        if header is not None and number < header:
            continue  # titles run over their neighbours
        for column, value in enumerate(row):
            shown, shape = _written(value)
            needs = {"date": 11, "moment": 17}.get(shape) or display_width(str(shown or ""))
            widest[column] = max(widest[column], -(-needs // 2) + 2 if number == header else needs + 2)
    return [min(36, needs) for needs in widest]


def _style(look: Look, shape: _Shape, problems: Sequence[Problem], framed: bool) -> Format:
    names = ["cell"] if framed else []
    more = {"num_format": _FORMATS[shape]}
    if any(found.severity == "error" for found in problems):
        return look(*names, "error", "framed", **more)
    if any(found.open for found in problems):
        return look(*names, "warning", "dashed", **more)
    return look(*names, "confirmed", **more) if problems else look(*names, **more)


def _comments(sheet: QuickSheet, cells: Mapping[Cell, Sequence[Problem]]) -> None:
    for (row, column), problems in sorted(cells.items()):
        text = plain(noted(problems))
        height = 14 + 17 * line_count(text, _COMMENT_WIDTH // 7)
        sheet.write_comment(
            row, column, text,
            {"author": "台账", "font_name": FONT, "font_size": 9, "width": _COMMENT_WIDTH, "height": height, "color": "#FFFBEA"},
        )  # fmt: skip


def _top(sheet: QuickSheet, look: Look, raw: RawSheet, header: int, cells: Mapping[Cell, Sequence[Problem]]) -> None:
    """The rows down to the header, which have heights of their own."""
    width = max((column for row, column in cells if row <= header), default=-1) + 1
    for number, row in enumerate(raw.rows[: header + 1]):
        for column in range(max(width, len(row))):
            value, shape = _written(row[column] if column < len(row) else None)
            problems = cells.get((number, column), ())
            style = look("header") if number == header else look(bold=True, num_format=_FORMATS[shape])
            if problems:
                style = _style(look, shape, problems, framed=True)
            if isinstance(value, str) and value:
                sheet.write_string(number, column, safe(value), style)
            elif value is None or value == "":
                if problems or number == header:
                    sheet.write_blank(number, column, None, style)
            else:
                sheet.write_number(number, column, value, style)
    sheet.set_row(header, 34)


def _rest(
    sheet: QuickSheet, look: Look, raw: RawSheet, first: int, width: int, cells: Mapping[Cell, Sequence[Problem]]
) -> None:
    odd: dict[int, list[int]] = defaultdict(list)
    for at, column in cells:
        odd[at].append(column)
    slots = {shape: sheet.layout([_style(look, shape, (), framed=True)] * width) for shape in _FORMATS}
    for number in range(first, max([len(raw.rows), *(at + 1 for at in odd)])):
        row = raw.rows[number] if number < len(raw.rows) else ()
        pairs = [_written(value) for value in row]
        pairs += [(None, "text")] * (width - len(pairs))
        layout = [slots[shape][column] for column, (_, shape) in enumerate(pairs)]
        for column in odd.get(number, ()):
            style = _style(look, pairs[column][1], cells[number, column], framed=True)
            layout[column] = sheet.slot(column, style, width)
        sheet.put_row(number, [value for value, _ in pairs], layout)


def write_copy(
    book: Workbook, look: Look, title: str, raw: RawSheet, problems: Sequence[Problem], forms: Forms
) -> None:
    """Add to `book`, as `title`, a copy of `raw` in which `problems` (all of this sheet) are marked."""
    sheet: QuickSheet = book.add_worksheet(title, QuickSheet)
    cells: dict[Cell, list[Problem]] = defaultdict(list)
    for found in problems:
        if marked(found) and (at := cell_of(found)):
            cells[at].append(found)
    header, ids = _header_row(raw, forms), _id_row(raw, forms)
    width = max([len(row) for row in raw.rows] + [column + 1 for _, column in cells] + [1])
    widths = _widths(raw, header, width)
    for column, needs in enumerate(widths):
        name = raw.rows[ids][column] if ids is not None and column < len(raw.rows[ids]) else None
        helper = isinstance(name, str) and name.startswith("_") and name not in {STATUS_ID, CONFIRM_ID}
        sheet.set_column(column, column, needs, None, {"hidden": True} if helper else None)
    _comments(sheet, cells)
    if ids is not None and header is not None and ids < header:
        sheet.set_row(ids, None, None, {"hidden": True})
    first = 0
    if header is not None:
        first = header + 1
        _top(sheet, look, raw, header, cells)
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(header)
    _rest(sheet, look, raw, first, width, cells)
    errors = any(found.severity == "error" for found in problems)
    sheet.set_tab_color("#C0392B" if errors else "#E69F00")
    print_page(sheet, landscape=True, pages_wide=-(-sum(widths) // _PAGE), heading=f"{title}（副本，只供查看）")


def cell_name(found: Problem) -> str:
    """The cell as a clerk says it: C7, 第 7 行, C 列."""
    if found.row is None:
        return f"{found.column} 列" if found.column else ""
    return f"{found.column}{found.row}" if found.column else f"第 {found.row} 行"


def reference(found: Problem) -> str:
    """The cell inside its sheet, for a link; the first cell for a whole sheet."""
    row, column = cell_of(found) or (0, 0)
    return f"{letter(column + 1)}{row + 1}"

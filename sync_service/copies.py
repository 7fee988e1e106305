"""Copies of a clerk's sheets in which the cells with problems are coloured, framed and commented.

Row n stays row n and column C stays column C, so that what the copy shows is found at once in the workbook itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, islice, zip_longest

from xlsxwriter import Workbook

from sync_service.copied_rows import FORMATS, Cell, copied_rows, dress, written
from sync_service.look import FONT, Look, display_width, line_count, plain, print_page, safe
from sync_service.quick_sheet import LightSheet, QuickSheet
from sync_service.reuse.deflated import Deflated, deflated
from sync_service.reuse.splicing import MARK
from validators.noted import noted
from validators.problems import Problem
from validators.raw import RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Forms
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import CONFIRM_ID, STATUS_ID, column_number

_HEADER_WITHIN, _FEWEST_HEADERS = 15, 3
_SAMPLE = 200  # rows that tell how wide a column has to be
_PAGE = 190
_PIECE = 250  # rows that are compressed at once
_COMMENT_WIDTH = 300  # pixels


def cell_of(found: Problem) -> Cell | None:
    """The cell that a problem is about; column A for a whole row, None for a whole sheet."""
    if found.row is None:
        return None
    return found.row - 1, column_number(found.column or "A") - 1


def marked(found: Problem) -> bool:
    """Whether a problem shows in the copy: notices do not, they were dealt with."""
    return found.severity != "notice"


def _header_row(raw: RawSheet, forms: Forms) -> int | None:
    known = {name for form in forms.values() for name in form.headers}
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


def _needs(value: Raw) -> int:
    shown, shape = written(value)
    return {"date": 11, "moment": 17}.get(shape) or display_width(str(shown or ""))


def _widths(raw: RawSheet, header: int | None, width: int) -> list[int]:
    first = header or 0  # titles run over their neighbours
    sample = raw.rows[first : first + _SAMPLE]
    widest = [6] * width
    for column, values in enumerate(zip_longest(*sample)):
        below = values if header is None else values[1:]
        texts = {value for value in below if value.__class__ is str}  # most come again and again
        others = (value for value in below if value is not None and value.__class__ is not str)
        needs = [*map(_needs, chain(texts, others))]
        if header is not None:
            needs.append(-(-_needs(values[0]) // 2))  # headers wrap
        widest[column] = min(36, max([4, *needs]) + 2)
    return widest


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
            value, shape = written(row[column] if column < len(row) else None)
            problems = cells.get((number, column), ())
            style = look("header") if number == header else look(bold=True, num_format=FORMATS[shape])
            if problems:
                style = dress(look, shape, problems, framed=True)
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
) -> list[Deflated]:
    """The rows from `first` on, compressed; if there are any, the sheet has a mark in their place."""
    numbers = range(first, max([len(raw.rows), *(at + 1 for at, _ in cells)]))
    if numbers:
        sheet.put_mark(MARK)
        sheet.reach(numbers[0], numbers[-1], width)
    rows = copied_rows(sheet, look, raw, numbers, width, cells)
    return [deflated(b"".join(piece)) for piece in iter(lambda: [*islice(rows, _PIECE)], [])]


def write_copy(
    book: Workbook, look: Look, title: str, raw: RawSheet, problems: Sequence[Problem], forms: Forms
) -> tuple[str, Sequence[Deflated]]:
    """Add to `book`, as `title`, a copy of `raw` in which `problems` (all of this sheet) are marked.

    The rows under the header are given back, to be put into the finished workbook, with the name of the sheet's part.
    """
    sheet: QuickSheet = book.add_worksheet(title, LightSheet)
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
    rows = _rest(sheet, look, raw, first, width, cells)
    errors = any(found.severity == "error" for found in problems)
    sheet.set_tab_color("#C0392B" if errors else "#E69F00")
    print_page(sheet, landscape=True, pages_wide=-(-sum(widths) // _PAGE), heading=f"{title}（副本，只供查看）")
    return sheet.part, rows


def cell_name(found: Problem) -> str:
    """The cell as a clerk says it: C7, 第 7 行, C 列."""
    if found.row is None:
        return f"{found.column} 列" if found.column else ""
    return f"{found.column}{found.row}" if found.column else f"第 {found.row} 行"


def reference(found: Problem) -> str:
    """The cell inside its sheet, for a link; the first cell for a whole sheet."""
    return f"{found.column or 'A'}{found.row}" if found.row else "A1"

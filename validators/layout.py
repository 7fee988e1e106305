"""Where things stand on a sheet: which rows are data, and what became of all others.

Nothing is skipped silently: titles, totals, notes, blank rows and unknown columns are all reported.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from validators.header import LEAST_HEADERS, Header, Remark, Unreadable, column_of, find_header, text_of
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, ID_ROW, letter
from workbook_templates.wording import FOOTERS, PLACEHOLDERS, TOTALS

FEW_CELLS = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """What was recognised of a sheet. `columns` are the raw cells of each column of the form, one for each of `rows`.

    `rows` are row numbers as the clerk sees them; `at` says where a column's cell of a given data row stands.
    `merged` are (row, column id) of cells that lie in a vertical merge and have no value of their own.
    """

    form: Form
    sheet: str
    rows: Sequence[int]
    columns: Mapping[str, Sequence[Raw]]
    letters: Mapping[str, str]
    confirmed: frozenset[int]
    merged: frozenset[tuple[int, str]]
    remarks: tuple[Remark, ...]
    cover_rows: Mapping[str, int] = field(default_factory=dict)

    def at(self, row: int, column: str) -> tuple[int, str | None]:
        """The row number and column letter of a cell, for a message."""
        return self.cover_rows.get(column, row), self.letters.get(column)


def spans(rows: Iterable[int]) -> str:
    """Row numbers in words: 3、7–9."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in found)


def _is_total(cells: Sequence[Raw]) -> bool:
    return any(isinstance(cell, str) and folded(cell) in TOTALS for cell in cells)


def _is_footer(cells: Sequence[Raw]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    first = folded(filled[0]) if filled and isinstance(filled[0], str) else ""
    return len(filled) <= FEW_CELLS and first.startswith(FOOTERS)


def _sums_above(ids: Mapping[int, Column], row: Sequence[Raw], above: Iterable[Sequence[Raw]]) -> bool:
    """Whether a row of bare numbers is the sum of the amounts above it (a total without a word)."""
    if any(isinstance(cell, str) for cell in row):
        return False
    amounts = [
        (j, cell) for j, cell in enumerate(row) if j in ids and ids[j].kind == "money" and isinstance(cell, int | float)
    ]
    if not amounts:
        return False
    rows = list(above)
    return bool(rows) and all(
        abs(sum(v for r in rows if j < len(r) and isinstance(v := r[j], int | float)) - cell) < 0.005
        for j, cell in amounts
    )


def _written(header: Header, row: Sequence[Raw]) -> list[Raw]:
    """The cells of a row that somebody wrote: not what the sheet fills in by itself."""
    return [
        None
        if j in header.own
        or isinstance(cell, CellError)
        or (j in header.ids and not header.ids[j].typed and not isinstance(cell, str))
        else cell
        for j, cell in enumerate(row)
    ]


def _repeated_headers(sheet: RawSheet, header: Header) -> frozenset[int]:
    """The rows below the header that say the same as it."""
    texts = frozenset(header.texts.values())
    alike = [
        number
        for number, row in enumerate(sheet.rows[header.row :], header.row + 1)
        if not texts.isdisjoint(row)
        and sum(1 for j, text in header.texts.items() if j < len(row) and row[j] == text) >= LEAST_HEADERS
    ]
    return frozenset(alike)


def _titles(sheet: RawSheet, header: Header) -> list[int]:
    """The rows above the header that hold something, but for those that every template has there."""
    ours = ID_ROW if header.id_row else 0
    above = enumerate(sheet.rows[: header.first - 1], 1)
    return [number for number, row in above if number > ours and any(cell is not None for cell in row)]


def sorted_rows(form: Form, sheet: RawSheet, header: Header) -> tuple[list[int], dict[str, list[int]]]:
    """The numbers of the rows that hold data, and of the others but the header by what they are.

    F15 is a title, F16 a total, F17 a note or the header again, F23 a row in which no column of the form is filled in.
    """
    typed = [j for j, column in header.ids.items() if column.typed]
    keys = [j for j, column in header.ids.items() if column.id in form.key or column.id == form.person]
    wide = {r.first_row for r in sheet.merged if r.last_column - r.first_column >= 2 and r.first_row == r.last_row}
    again = _repeated_headers(sheet, header)
    rows: list[int] = []
    skipped: dict[str, list[int]] = {"F15": _titles(sheet, header), "F16": [], "F17": [], "F23": []}
    for number, row in enumerate(sheet.rows[header.row :], header.row + 1):
        length = len(row)
        nothing = all(row[j] is None for j in typed if j < length)
        if not nothing and number not in again and any(row[j] is not None for j in keys if j < length):
            rows.append(number)
            continue
        written = _written(header, row)
        if _is_total(written) or (not nothing and _sums_above(header.ids, written, (sheet.rows[n - 1] for n in rows))):
            skipped["F16"].append(number)
        elif _is_footer(written) or (number in wide and not nothing) or number in again:
            skipped["F17"].append(number)
        elif nothing:
            skipped["F23"].append(number)
        else:
            rows.append(number)
    return rows, skipped


def _data_rows(form: Form, sheet: RawSheet, header: Header) -> tuple[list[int], list[Remark]]:
    """The numbers of the rows that hold data, and what is to be said of the others."""
    rows, skipped = sorted_rows(form, sheet, header)
    between = [number for number in skipped.pop("F23") if rows and rows[0] < number < rows[-1]]
    skipped |= {"F18": [number for number in rows if number in sheet.hidden_rows], "F23": between}
    remarks = [Remark(code, {"rows": spans(numbers)}, row=numbers[0]) for code, numbers in skipped.items() if numbers]
    if len(rows) > form.room:
        remarks.append(Remark("F22", {"n": len(rows), "limit": form.room}))
    return rows, remarks


def _unmerge(
    sheet: RawSheet, header: Header, rows: Sequence[int], columns: Mapping[str, list[Raw]]
) -> tuple[frozenset[tuple[int, str]], list[Remark]]:
    """Fills villages down that were merged over rows (F33); the cells of other such merges are refused (F20)."""
    refused: set[tuple[int, str]] = set()
    remarks = []
    for area in sheet.merged:
        inside = range(bisect_left(rows, area.first_row), bisect_right(rows, area.last_row))
        if len(inside) < 2:
            continue
        for j in range(area.first_column - 1, area.last_column):
            column = header.ids.get(j)
            if column is None or not column.stored:
                continue
            place = letter(j + 1)
            words = {"cells": f"{place}{area.first_row}:{place}{area.last_row}"}
            if column.kind == "village":
                value = columns[column.id][inside[0]]
                for i in inside[1:]:
                    columns[column.id][i] = value
                remarks.append(Remark("F33", words, area.first_row, place, str(value)))
            else:
                refused |= {(i, column.id) for i in inside[1:]}
                remarks.append(Remark("F20", words, area.first_row, place))
    return frozenset(refused), remarks


def _said(cell: Raw) -> bool:
    """Whether something stands in a 属实说明 cell."""
    text = "" if cell is None or isinstance(cell, CellError) else str(cell).strip()
    return bool(text) and text not in PLACEHOLDERS


def table_under(form: Form, sheet: RawSheet, header: Header) -> Layout:
    """The sheet as `form`, with `header` for its header."""
    rows, remarks = _data_rows(form, sheet, header)
    data = [sheet.rows[number - 1] for number in rows]
    cells = dict(enumerate(zip_longest(*data)))
    blank = (None,) * len(data)
    columns: dict[str, list[Raw]] = {
        column.id: [*cells.get(j, blank)] for j, column in header.ids.items() if column.stored
    }
    merged, of_merges = _unmerge(sheet, header, rows, columns)
    confirming = () if header.confirm is None else cells.get(header.confirm, ())
    confirmed = frozenset(i for i, cell in enumerate(confirming) if _said(cell))
    letters = {column.id: letter(j + 1) for j, column in header.ids.items()}
    said = (*header.remarks, *remarks, *of_merges)
    return Layout(form, sheet.title, rows, columns, letters, confirmed, merged, said)


def _cover(form: Form, sheet: RawSheet) -> Layout:
    label, value = COVER_LABEL_COLUMN - 1, COVER_VALUE_COLUMN - 1
    columns: dict[str, list[Raw]] = {}
    rows: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, 1):
        column = column_of(form, text_of(row[label]).rstrip(":：")) if row else None
        if column and column.id not in columns:
            columns[column.id] = [row[value] if len(row) > value else None]
            rows[column.id] = number
    letters = dict.fromkeys(rows, letter(COVER_VALUE_COLUMN))
    first = min(rows.values(), default=1)
    return Layout(form, sheet.title, [first], columns, letters, frozenset(), frozenset(), (), rows)


def lay_out(form: Form, sheet: RawSheet) -> Layout | Unreadable:
    """Recognises `sheet` as `form`: header by the row of ids, else by header text and aliases."""
    if form.layout == "cover":
        return _cover(form, sheet)
    header = find_header(form, sheet)
    return header if isinstance(header, Unreadable) else table_under(form, sheet, header)

"""Where things stand on a sheet: which row is the header, which column is which, which rows are data.

Nothing is skipped silently: titles, totals, notes, blank rows and unknown columns are all reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Column, Form
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import (
    CONFIRM_HEADER,
    CONFIRM_ID,
    COVER_LABEL_COLUMN,
    COVER_VALUE_COLUMN,
    HEADER_ROW,
    ROOM,
    STATUS_HEADER,
    letter,
)
from workbook_templates.wording import FOOTERS, TOTALS

SEARCHED_ROWS = 15
LEAST_HEADERS = 3
FEW_CELLS = 4


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to report about a sheet: a code, its words, and the cell if there is one."""

    code: str
    words: Mapping[str, object] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None
    value: str = ""


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


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sheet that cannot be read as the form; nothing follows from what it holds."""

    remarks: tuple[Remark, ...]


def _bare(header: str) -> str:
    """A folded header without its star and its bracketed hint."""
    text = folded(header).replace("*", "").replace("★", "")
    return text.split("(")[0] or text


def _column_of(form: Form, header: Raw) -> Column | None:
    if not isinstance(header, str):
        return None
    names = form.headers
    return names.get(folded(header)) or names.get(folded(header).replace("*", "")) or names.get(_bare(header))


def _text(cell: Raw) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def spans(rows: Iterable[int]) -> str:
    """Row numbers in words: 3、7–9."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in found)


@dataclass(frozen=True, slots=True)
class _Header:
    ids: Mapping[int, Column]
    texts: Mapping[int, str]
    own: frozenset[int]
    first: int
    row: int
    remarks: tuple[Remark, ...]
    confirm: int | None


def _id_row(form: Form, sheet: RawSheet) -> int | None:
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        if sum(1 for cell in row if isinstance(cell, str) and cell in form.by_id) >= LEAST_HEADERS:
            return number
    return None


def _header_row(form: Form, sheet: RawSheet) -> int | None:
    counts = [
        (sum(1 for cell in row if _column_of(form, cell)), -number)
        for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1)
    ]
    best, number = max(counts, default=(0, 0))
    return -number if best >= min(LEAST_HEADERS, len(form.columns)) else None


def _header(form: Form, sheet: RawSheet) -> _Header | Unreadable:
    by_id: dict[int, Column] = {}
    id_row = _id_row(form, sheet)
    if id_row:
        by_id = {
            j: form.by_id[cell]
            for j, cell in enumerate(sheet.rows[id_row - 1])
            if isinstance(cell, str) and cell in form.by_id
        }
        number = id_row + 1
    else:
        found = _header_row(form, sheet)
        if not found:
            return Unreadable((Remark("F10", {"header_row": HEADER_ROW}),))
        number = found
    texts: Sequence[Raw] = sheet.rows[number - 1] if number <= len(sheet.rows) else ()
    below: Sequence[Raw] = sheet.rows[number] if number < len(sheet.rows) else ()
    two_levels = not id_row and sum(1 for cell in below if _column_of(form, cell)) >= 2
    own_ids = sheet.rows[id_row - 1] if id_row else ()
    ids, remarks, confirm = dict(by_id), list[Remark](), None
    first: dict[str, str] = {column.id: column.header for column in by_id.values()}
    for j in range(max(len(texts), len(below) if two_levels else 0)):
        upper = _text(texts[j]) if j < len(texts) else ""
        lower = _text(below[j]) if two_levels and j < len(below) else ""
        shown = lower or upper
        own_id = own_ids[j] if j < len(own_ids) else None
        if own_id == CONFIRM_ID or folded(shown) == CONFIRM_HEADER:
            confirm = j
            continue
        if j in by_id or not shown or (isinstance(own_id, str) and own_id.startswith("_")) or shown == STATUS_HEADER:
            continue
        column = _column_of(form, lower) or _column_of(form, upper)
        place = {"row": number + bool(lower), "column": letter(j + 1), "value": shown}
        if not column:
            remarks.append(Remark("F13", {}, **place))  # type: ignore[arg-type]
        elif column.id in first:
            return Unreadable((Remark("F14", {"first": first[column.id], "std": column.header}, **place),))  # type: ignore[arg-type]
        else:
            ids[j], first[column.id] = column, shown
            if folded(shown) != folded(column.header):
                remarks.append(Remark("F12", {"std": column.header}, **place))  # type: ignore[arg-type]
    here = {column.id for column in ids.values()}
    missing = [c for c in form.columns if c.stored and c.id not in here and not c.derive]
    lost = [c.header for c in missing if c.required or c.id in form.key]
    if lost:
        return Unreadable((Remark("F11", {"missing": "、".join(lost)}),))
    if missing:
        remarks.append(Remark("F35", {"missing": "、".join(c.header for c in missing)}))
    shown_texts = {j: text for j in ids for text in [_text(texts[j]) if j < len(texts) else ""] if text}
    own = frozenset(j for j, own_id in enumerate(own_ids) if isinstance(own_id, str) and own_id.startswith("_"))
    return _Header(ids, shown_texts, own, number, number + two_levels, tuple(remarks), confirm)


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


def _written(header: _Header, row: Sequence[Raw]) -> list[Raw]:
    """The cells of a row that somebody wrote: not what the sheet fills in by itself."""
    return [
        None
        if j in header.own
        or isinstance(cell, CellError)
        or (j in header.ids and not header.ids[j].typed and not isinstance(cell, str))
        else cell
        for j, cell in enumerate(row)
    ]


def _data_rows(form: Form, sheet: RawSheet, header: _Header) -> tuple[list[int], list[Remark]]:
    """The numbers of the rows that hold data, and what is to be said of the others."""
    typed = [j for j, column in header.ids.items() if column.typed]
    keys = [j for j, column in header.ids.items() if column.id in form.key or column.id == form.person]
    wide = {r.first_row for r in sheet.merged if r.last_column - r.first_column >= 2 and r.first_row == r.last_row}
    rows: list[int] = []
    blank: list[int] = []
    totals: list[int] = []
    notes: list[int] = []
    hidden: list[int] = []
    for number, row in enumerate(sheet.rows[header.row :], header.row + 1):
        length = len(row)
        nothing = all(row[j] is None for j in typed if j < length)
        if not nothing and any(row[j] is not None for j in keys if j < length) and not _is_repeated_header(header, row):
            rows.append(number)
            continue
        written = _written(header, row)
        if _is_total(written) or (not nothing and _sums_above(header.ids, written, (sheet.rows[n - 1] for n in rows))):
            totals.append(number)
        elif _is_footer(written) or (number in wide and not nothing) or _is_repeated_header(header, row):
            notes.append(number)
        else:
            (blank if nothing else rows).append(number)
    between = [number for number in blank if rows and rows[0] < number < rows[-1]]
    hidden = [number for number in rows if number in sheet.hidden_rows] if sheet.hidden_rows else []
    titles = [
        n for n, row in enumerate(sheet.rows[: header.first - 1], 1) if n > 3 and any(cell is not None for cell in row)
    ]
    if not _id_row(form, sheet):
        titles = [n for n, row in enumerate(sheet.rows[: header.first - 1], 1) if any(cell is not None for cell in row)]
    parts = (("F15", titles), ("F16", totals), ("F17", notes), ("F18", hidden), ("F23", between))
    remarks = [Remark(code, {"rows": spans(numbers)}, row=numbers[0]) for code, numbers in parts if numbers]
    if len(rows) > ROOM:
        remarks.append(Remark("F22", {"n": len(rows), "limit": ROOM}))
    return rows, remarks


def _is_repeated_header(header: _Header, row: Sequence[Raw]) -> bool:
    return sum(1 for j, text in header.texts.items() if j < len(row) and row[j] == text) >= LEAST_HEADERS


def _table(form: Form, sheet: RawSheet, header: _Header) -> Layout:
    rows, remarks = _data_rows(form, sheet, header)
    data = [sheet.rows[number - 1] for number in rows]
    columns: dict[str, list[Raw]] = {
        column.id: [row[j] if j < len(row) else None for row in data]
        for j, column in header.ids.items()
        if column.stored
    }
    index = {number: i for i, number in enumerate(rows)}
    merged: set[tuple[int, str]] = set()
    for area in sheet.merged:
        inside = (
            [index[n] for n in range(area.first_row, area.last_row + 1) if n in index]
            if area.last_row > area.first_row
            else []
        )
        for j in range(area.first_column - 1, area.last_column):
            column = header.ids.get(j)
            if len(inside) < 2 or column is None or not column.stored:
                continue
            cells = f"{letter(j + 1)}{area.first_row}:{letter(j + 1)}{area.last_row}"
            if column.kind == "village":
                value = columns[column.id][inside[0]]
                for i in inside[1:]:
                    columns[column.id][i] = value
                remarks.append(Remark("F33", {"cells": cells}, area.first_row, letter(j + 1), str(value)))
            else:
                merged |= {(i, column.id) for i in inside[1:]}
                remarks.append(Remark("F20", {"cells": cells}, area.first_row, letter(j + 1)))
    confirmed = frozenset(
        i
        for i, row in enumerate(data)
        if header.confirm is not None and header.confirm < len(row) and _said(row[header.confirm])
    )
    letters = {column.id: letter(j + 1) for j, column in header.ids.items()}
    return Layout(form, sheet.title, rows, columns, letters, confirmed, frozenset(merged), (*header.remarks, *remarks))


def _said(cell: Raw) -> bool:
    return cell is not None and not isinstance(cell, CellError) and str(cell).strip() not in {"", "无", "/", "-"}


def _cover(form: Form, sheet: RawSheet) -> Layout:
    label, value = COVER_LABEL_COLUMN - 1, COVER_VALUE_COLUMN - 1
    columns: dict[str, list[Raw]] = {}
    rows: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, 1):
        column = _column_of(form, _text(row[label]).rstrip(":：")) if row else None
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
    header = _header(form, sheet)
    return header if isinstance(header, Unreadable) else _table(form, sheet, header)

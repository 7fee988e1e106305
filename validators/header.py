"""Which row of a sheet is its header, and which column is which: by the row of ids, else by header text and aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from validators.raw import RawSheet
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import CONFIRM_HEADER, CONFIRM_ID, HEADER_ROW, STATUS_HEADER, letter

SEARCHED_ROWS = 15
LEAST_HEADERS = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to report about a sheet: a code, its words, and the cell if there is one."""

    code: str
    words: Mapping[str, object] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sheet that cannot be read as the form; nothing follows from what it holds."""

    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header.

    `ids` are the form's columns by position, `texts` the header cells as written, `own` the positions of what the sheet
    computes for itself, `confirm` that of 属实说明. The header stands in rows `first` to `row`; `id_row` is the
    number of the row of ids, or None.
    """

    ids: Mapping[int, Column]
    texts: Mapping[int, str]
    own: frozenset[int]
    first: int
    row: int
    remarks: tuple[Remark, ...]
    confirm: int | None
    id_row: int | None


def _bare(text: str) -> str:
    """A folded header without its star and its bracketed hint."""
    text = text.replace("*", "").replace("★", "")
    return text.split("(")[0] or text


def column_of(form: Form, header: Raw) -> Column | None:
    """The column that a header cell names, by its own header or an alias; None if it is none."""
    if not isinstance(header, str):
        return None
    text, names = folded(header), form.headers
    return names.get(text) or names.get(text.replace("*", "")) or names.get(_bare(text))


def text_of(cell: Raw) -> str:
    """A cell's trimmed text; "" if it holds no text."""
    return cell.strip() if isinstance(cell, str) else ""


def _id_row(form: Form, sheet: RawSheet) -> int | None:
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        if sum(1 for cell in row if isinstance(cell, str) and cell in form.by_id) >= LEAST_HEADERS:
            return number
    return None


def _header_row(form: Form, sheet: RawSheet) -> int | None:
    counts = [
        (sum(1 for cell in row if column_of(form, cell)), -number)
        for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1)
    ]
    best, number = max(counts, default=(0, 0))
    return -number if best >= min(LEAST_HEADERS, len(form.columns)) else None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A header cell: its position, its text, that of the level above, its place for a message, and the id above it."""

    j: int
    shown: str
    upper: str
    row: int
    own_id: str

    def remark(self, code: str, **words: object) -> Remark:
        return Remark(code, words, self.row, letter(self.j + 1), self.shown)


def _cells(form: Form, sheet: RawSheet, number: int, id_row: int | None) -> tuple[list[_Cell], bool]:
    """The header's cells, and whether the header has two levels."""
    ids: Sequence[Raw] = sheet.rows[id_row - 1] if id_row else ()
    texts: Sequence[Raw] = sheet.rows[number - 1] if number <= len(sheet.rows) else ()
    below: Sequence[Raw] = sheet.rows[number] if number < len(sheet.rows) and not id_row else ()
    two_levels = sum(1 for cell in below if column_of(form, cell)) >= 2
    cells = []
    for j in range(max(len(texts), len(ids), len(below) if two_levels else 0)):
        upper = text_of(texts[j]) if j < len(texts) else ""
        lower = text_of(below[j]) if two_levels and j < len(below) else ""
        cells.append(_Cell(j, lower or upper, upper, number + bool(lower), text_of(ids[j]) if j < len(ids) else ""))
    return cells, two_levels


def _missing(form: Form, ids: Mapping[int, Column]) -> Remark | None:
    """What is to be said of the columns that the sheet does not have."""
    here = {column.id for column in ids.values()}
    missing = [column for column in form.columns if column.typed and column.id not in here]
    lost = [column.header for column in missing if column.required or column.id in form.key]
    if lost:
        return Remark("F11", {"missing": "、".join(lost)})
    return Remark("F35", {"missing": "、".join(column.header for column in missing)}) if missing else None


def find_header(form: Form, sheet: RawSheet, *, whole: bool = True) -> Header | Unreadable:
    """The header of a sheet that holds `form`.

    A column that stands there twice, or a missing one that the form cannot do without, makes the sheet unreadable; the
    latter only if it is to be `whole`.
    """
    id_row = _id_row(form, sheet)
    number = id_row + 1 if id_row else _header_row(form, sheet)
    if not number:
        return Unreadable((Remark("F10", {"header_row": HEADER_ROW}),))
    cells, two_levels = _cells(form, sheet, number, id_row)
    ids = {cell.j: form.by_id[cell.own_id] for cell in cells if cell.own_id in form.by_id}
    first = {column.id: column.header for column in ids.values()}
    remarks, confirm = list[Remark](), None
    for cell in cells:
        if cell.own_id == CONFIRM_ID or folded(cell.shown) == CONFIRM_HEADER:
            confirm = cell.j
            continue
        if cell.j in ids or not cell.shown or cell.own_id.startswith("_") or cell.shown == STATUS_HEADER:
            continue
        column = column_of(form, cell.shown) or column_of(form, cell.upper)
        if not column:
            remarks.append(cell.remark("F13"))
        elif column.id in first:
            return Unreadable((cell.remark("F14", first=first[column.id], std=column.header),))
        else:
            ids[cell.j], first[column.id] = column, cell.shown
            if folded(cell.shown) != folded(column.header):
                remarks.append(cell.remark("F12", std=column.header))
    missing = _missing(form, ids)
    if whole and missing and missing.code == "F11":
        return Unreadable((missing,))
    texts = {cell.j: cell.upper for cell in cells if cell.j in ids and cell.upper}
    own = frozenset(cell.j for cell in cells if cell.own_id.startswith("_"))
    said = (*remarks, missing) if missing else tuple(remarks)
    return Header(ids, texts, own, number, number + two_levels, said, confirm, id_row)

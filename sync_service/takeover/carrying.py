"""An old sheet's rows as rows of today's template, with an account of every row and of every cell that has no place there.

Each row of data becomes one row, in the old order. Adopted values are carried over as they are read where nothing is
doubtful about it, else as they were typed, so that the sheet's own checks say what is wrong; upgraded ones always as typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync_service.look import safe
from validators.header import Header, Remark
from validators.layout import Layout, sorted_rows, table_under
from validators.raw import RawSheet
from validators.rules import derived_values
from validators.table import Table, parse_table, severity_of
from workbook_templates.cells import CellError, Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.dates import Day
from workbook_templates.sheet import CONFIRM_ID, FIRST_ROW
from workbook_templates.table_sheet import Payload

DATA, HEADER, BLANK = "数据", "表头", "空行"
WHAT = {"F15": "标题", "F16": "合计", "F17": "说明", "F23": BLANK}
NOTHING_FITS = "没有可接收的内容"
"""A row in which only columns are filled in that are not taken over."""
LONGEST = 32_000
REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an old row: its new number, or what it is and what stands in it. `serial` is its old running number."""

    row: int
    what: str
    new: int | None = None
    content: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A filled cell of a row of data that is not in the new sheet."""

    row: int
    new: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Carried:
    """One sheet's rows for the template, and the account."""

    form: Form
    sheet: str
    rows: tuple[Payload, ...]
    fates: tuple[Fate, ...]
    left: tuple[Left, ...]
    remarks: tuple[Remark, ...]
    blank: tuple[Column, ...]
    """Columns to be typed in that the old sheet does not have."""


def _filled(header: Header, row: Sequence[Raw]) -> list[int]:
    """The positions of the cells of a row that somebody may have filled in."""
    return [
        j
        for j, cell in enumerate(row)
        if cell is not None and j not in header.own and not (j in header.ids and _fills_itself(header.ids[j], cell))
    ]


def _fills_itself(column: Column, cell: Raw) -> bool:
    """Whether a cell is a running number, or the error that a formula shows where its source is wrong."""
    return not column.stored or (bool(column.derive) and isinstance(cell, CellError))


def _content(row: Sequence[Raw]) -> str:
    return "　".join(plain_text(cell) for cell in row if cell is not None)


def _fates(form: Form, sheet: RawSheet, header: Header, layout: Layout) -> Iterator[Fate]:
    """The fate of every row of the sheet, in order."""
    _, others = sorted_rows(form, sheet, header)
    what = {number: WHAT[code] for code, numbers in others.items() for number in numbers}
    new = {number: FIRST_ROW + i for i, number in enumerate(layout.rows)}
    head = {*range(header.first, header.row + 1), *filter(None, [header.id_row])}
    serial = next((j for j, column in header.ids.items() if not column.stored), None)
    for number, row in enumerate(sheet.rows, 1):
        if number in new:
            shown = plain_text(row[serial]) if serial is not None and serial < len(row) else ""
            yield Fate(number, DATA, new[number], serial=shown)
            continue
        kind = HEADER if number in head else what.get(number, WHAT["F15"] if number < header.first else BLANK)
        if kind == BLANK and _filled(header, row):
            kind = NOTHING_FITS
        yield Fate(number, kind, content="" if kind in {HEADER, BLANK} else _content(row))


def _derived_over(table: Table, column: Column, setting: Setting) -> set[int]:
    """The rows in which a derived column says something else than what would be derived."""
    expected = derived_values(table, column, setting.today)
    return {
        i
        for i, value in enumerate(table.values[column.id])
        if (i, column.id) in table.found or (value is not None and value != expected[i])
    }


def _cells(table: Table, column: Column, setting: Setting, *, typed: bool) -> Iterator[Raw]:
    """What is written into each row of a column."""
    raws = table.layout.columns[column.id]
    over = _derived_over(table, column, setting) if column.derive else ()
    for i, raw in enumerate(raws):
        if column.derive and (i not in over or isinstance(raw, CellError)):
            yield None
            continue
        value = table.values[column.id][i]
        if setting.from_1904 and isinstance(column.of, Day) and isinstance(raw, int | float) and value is not None:
            yield value  # the new workbook counts from 1900 on, where the bare number would be another day
            continue
        doubtful = any(severity_of(finding) != "notice" for finding in table.found.get((i, column.id), ()))
        yield raw if typed or doubtful or value is None else value


def _rest(sheet: RawSheet, header: Header, names: Mapping[int, str], row: int) -> list[tuple[str, str]]:
    """The filled cells of a row that belong to no column of the form, with the names of their columns."""
    cells = sheet.rows[row - 1]
    loose = [j for j in _filled(header, cells) if j not in header.ids and j != header.confirm]
    return [(names.get(j, f"第 {j + 1} 列"), plain_text(cells[j])) for j in loose]


def _with_rest(payload: dict[str, object], rest: Sequence[tuple[str, str]]) -> None:
    before = payload.get(REMARK)
    said = [] if before is None else [plain_text(before)]  # type: ignore[arg-type]
    payload[REMARK] = "；".join([*said, *(f"{name}：{value}" for name, value in rest)])


def carry(
    form: Form,
    sheet: RawSheet,
    header: Header,
    setting: Setting,
    names: Mapping[int, str],
    *,
    typed: bool,
    keep_rest: bool,
) -> Carried:
    """The sheet's rows. `names` are the old columns' names by position; `typed` carries every cell as it was typed.

    What belongs to no column goes to 备注 if `keep_rest`, and the form has that column; else it is in the account.
    """
    layout = table_under(form, sheet, header)
    table = parse_table(layout, setting)
    payloads: list[dict[str, object]] = [{} for _ in layout.rows]
    for column in form.stored:
        if column.id in layout.columns:
            for payload, cell in zip(payloads, _cells(table, column, setting, typed=typed), strict=True):
                if cell is not None:
                    payload[column.id] = cell
    left = []
    for i, (row, payload) in enumerate(zip(layout.rows, payloads, strict=True)):
        cells = sheet.rows[row - 1]
        said = cells[header.confirm] if header.confirm is not None and header.confirm < len(cells) else None
        if said is not None and not isinstance(said, CellError):
            payload[CONFIRM_ID] = plain_text(said)
        rest = _rest(sheet, header, names, row)
        if rest and keep_rest and REMARK in form.by_id:
            _with_rest(payload, rest)
        else:
            left += [Left(row, FIRST_ROW + i, name, value) for name, value in rest]
        for name, value in payload.items():
            if isinstance(value, str):
                payload[name] = safe(value)
                if len(value) > LONGEST:
                    header_name = form.by_id[name].header if name in form.by_id else name
                    left.append(Left(row, FIRST_ROW + i, f"{header_name}（太长，这是后面的部分）", value[LONGEST:]))
    fates = tuple(_fates(form, sheet, header, layout))
    here = {column.id for column in header.ids.values()}
    blank = tuple(column for column in form.columns if column.typed and column.id not in here)
    return Carried(form, sheet.title, tuple(payloads), fates, tuple(left), layout.remarks, blank)

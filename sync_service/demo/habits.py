"""How a clerk lays out a sheet: titles, old headers, subtotals, notes, hidden rows, and her way of writing months and sums.

Laying out also tells what taizhang has to remark about the sheet as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sync_service.demo.inventor import Row
from validators.raw import Range, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import CONFIRM_HEADER, CONFIRM_ID, STATUS_HEADER, STATUS_ID, letter

Ruin = Literal["missing", "no header", "lost column", "column twice"]


@dataclass(frozen=True, slots=True)
class Habits:
    """One clerk's habits; they hold for every sheet of her workbook, as far as a sheet has the columns.

    `official`: she keeps the template's sheet with its row of ids. `titles` stand above the header, the first merged
    across. `headers` are her own names of columns, `last` columns that she moved to the end, `left_out` columns that her
    sheet does not have, `extra` a column that no form has, `two_levels` headers above several columns.
    `subtotals` and `blanks` come after so many people, `pages` repeats the header, `hidden` are data rows (from 0, by form)
    left hidden; `sum_row` adds up the amounts without a word. `months` and `sums` are ways of writing.
    """

    official: bool = False
    titles: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    extra: str = ""
    two_levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subtotals: int = 0
    blanks: int = 0
    pages: int = 0
    total: bool = False
    sum_row: bool = False
    notes: tuple[str, ...] = ()
    hidden: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    months: Literal["1985-03", "1985.3", "1985年3月", "198503"] = "1985-03"
    sums: Literal["1560", "1,560.00元"] = "1560"
    ruins: Mapping[str, Ruin] = field(default_factory=dict)


class Remark(NamedTuple):
    """What taizhang says of a sheet as a whole: code, and the row and the column's letter if it names them."""

    code: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A sheet as it looks. `numbers` are the row numbers of the data rows given, `columns` those of its columns."""

    sheet: RawSheet
    numbers: tuple[int, ...]
    columns: Mapping[str, int]
    remarks: tuple[Remark, ...]


def _columns(form: Form, habits: Habits) -> list[Column]:
    ruin = habits.ruins.get(form.id)
    kept = [
        c for c in form.columns if c.id not in habits.left_out and not (ruin == "lost column" and c.id == form.person)
    ]
    return [c for c in kept if c.id not in habits.last] + [c for c in kept if c.id in habits.last]


def _official_head(form: Form, columns: Sequence[Column]) -> list[list[Raw]]:
    return [
        [form.title],
        [form.note],
        [STATUS_ID, *(c.id for c in columns), CONFIRM_ID],
        [STATUS_HEADER, *(c.header for c in columns), CONFIRM_HEADER],
    ]


class _Head(NamedTuple):
    rows: list[list[Raw]]
    merged: list[Range]
    remarks: list[Remark]


def _own_head(form: Form, columns: Sequence[Column], habits: Habits) -> _Head:
    # 姓名 is what nobody calls the name of an activity.
    names = [habits.headers.get(c.id, c.header) if form.person or c.id != "name" else c.header for c in columns]
    extra = [habits.extra] if habits.extra else []
    twice = habits.ruins.get(form.id) == "column twice"
    rows: list[list[Raw]] = [[title] for title in habits.titles]
    merged = [Range(1, 1, 1, len(columns))] if rows else []
    remarks = [Remark("F15", 1)] if rows else []
    number = len(rows) + 1
    upper: list[Raw] = [*names, *extra]
    lower: list[Raw] = [None] * len(upper)
    for group, ids in habits.two_levels.items():
        found = [j for j, c in enumerate(columns) if c.id in ids]
        if len(found) < 2:
            continue
        for j in found:
            lower[j], upper[j] = names[j], None
        upper[found[0]] = group
        merged.append(Range(number, found[0] + 1, number, found[-1] + 1))
    two = any(lower)
    if two:
        merged += [Range(number, j + 1, number + 1, j + 1) for j in range(len(upper)) if lower[j] is None]
    for j, (column, name) in enumerate(zip(columns, names, strict=True)):
        if folded(name) != folded(column.header):
            remarks.append(Remark("F12", number + bool(lower[j]), letter(j + 1)))
    if extra:
        remarks.append(Remark("F13", number, letter(len(columns) + 1)))
    if any(c.id in habits.left_out for c in form.columns if c.stored and not c.derive):
        remarks.append(Remark("F35"))
    rows += [upper, lower] if two else [upper]
    if twice:
        rows[-1 - two].append("金额")
        remarks = [Remark("F14", number, letter(len(upper)))]
    if habits.ruins.get(form.id) == "no header":
        rows[-1 - two :] = [[None]]
        remarks = [Remark("F10")]
    if habits.ruins.get(form.id) == "lost column":
        remarks = [Remark("F11")]
    return _Head(rows, merged, remarks)


@dataclass(slots=True)
class _Body:
    """The rows below the header, as they come, and which of them are no data. `words` is the column for words between."""

    rows: list[list[Raw]]
    columns: Sequence[Column]
    first: int
    words: str
    skipped: dict[str, list[int]] = field(default_factory=dict)
    since: int = 0

    def cells(self, values: Mapping[str, Raw]) -> list[Raw]:
        return [None] * self.first + [values.get(c.id) for c in self.columns]

    def put(self, cells: list[Raw], code: str = "") -> int:
        self.rows.append(cells)
        if code:
            self.skipped.setdefault(code, []).append(len(self.rows))
        return len(self.rows)

    def total(self, word: str, count: int) -> None:
        self.put(self.cells({self.words: word, "remark": f"{count}人次"}), "F16")
        self.since = 0


def _for_words(form: Form) -> str:
    """The first column for words by which no row is known: there clerks write 合计 and their notes."""
    keys = {*form.key, *form.key_else, form.person}
    return next(c.id for c in form.columns if c.kind in {"name", "text"} and c.id not in keys)


def _sums(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, Raw]:
    """The sum of each column of amounts that holds numbers."""
    sums: dict[str, Raw] = {}
    for column in columns:
        amounts = [v for row in rows if isinstance(v := row.get(column.id), int | float)]
        if column.kind == "money" and amounts:
            sums[column.id] = round(sum(amounts), 2)
    return sums


def lay_out_sheet(form: Form, groups: Sequence[Sequence[Row]], habits: Habits) -> LaidOut:
    """The sheet of `form` with the rows of `groups` (what belongs to one person stays together) as the clerk keeps it."""
    columns = _columns(form, habits)
    head = _Head(_official_head(form, columns), [], []) if habits.official else _own_head(form, columns, habits)
    body = _Body(list(head.rows), columns, int(habits.official), _for_words(form))
    header = head.rows[-1]
    numbers: list[int] = []
    for count, group in enumerate(groups, 1):
        for row in group:
            cells = body.cells(row if habits.official else {"seq": len(numbers) + 1, **row})
            numbers.append(body.put([*cells, "否"] if habits.extra else cells))
            body.since += 1
        if count == len(groups):
            break
        if habits.subtotals and count % habits.subtotals == 0 and body.since:
            body.total("小计", body.since)
        if habits.blanks and count % habits.blanks == 0:
            body.put([], "F23")
        if habits.pages and count % habits.pages == 0 and not habits.two_levels:
            body.put(list(header), "F17")
    if habits.total:
        body.total("合计", len(numbers))
    if habits.sum_row and (sums := _sums(columns, [row for group in groups for row in group])):
        body.put(body.cells(sums), "F16")
    for note in habits.notes:
        body.put(body.cells({body.words: note}) if habits.official else [note], "F17")
    hidden = frozenset(numbers[i] for i in habits.hidden.get(form.id, ()))
    remarks = list(head.remarks)
    if form.id not in habits.ruins:
        if hidden:
            body.skipped["F18"] = sorted(hidden)
        remarks += [Remark(code, rows[0]) for code, rows in body.skipped.items()]
    places = {column.id: j for j, column in enumerate(columns, 1 + body.first)}
    sheet = RawSheet(form.title, tuple(tuple(row) for row in body.rows), True, hidden, tuple(head.merged))
    return LaidOut(sheet, tuple(numbers), places, tuple(remarks))

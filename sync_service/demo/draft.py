"""A township's workbook before it is saved: whose rows, with which mistakes, in which habits; and what must be found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sync_service.demo.habits import Habits, LaidOut, lay_out_sheet
from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.mistake import Find, Merge, Mistake
from sync_service.demo.people import Maker
from validators.problems import Problem
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Form, Forms
from workbook_templates.place import Township
from workbook_templates.sheet import COVER_FIRST_ROW, COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, letter
from workbook_templates.stamp import Stamp


class Seeded(NamedTuple):
    """A problem that must be found: in which township's workbook, where, by which code, and which mistake it is.

    `column` is the column's letter and `header` its header; row and column are None where the whole sheet is meant.
    """

    township: str
    sheet: str
    row: int | None
    column: str | None
    header: str
    code: str
    mistake: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """One person's rows, and what is wrong with them; `meant` are the rows without the mistake."""

    records: Records
    meant: Records
    mistake: str = ""
    finds: tuple[Find, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One township's workbook. `period` is what the cover says, `hidden_sheet` the name of a forgotten one, or ""."""

    township: Township
    file: str
    habits: Habits
    bundles: tuple[Bundle, ...]
    period: str
    hidden_sheet: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The workbook as it will be read, and every problem that must be found in it."""

    book: RawBook
    seeded: tuple[Seeded, ...]


HABITS = "做表习惯"
"""What a seeded problem is called that no single mistake causes."""


def right(maker: Maker, of: Inventor) -> Bundle:
    """A person without a mistake."""
    records = maker(of)
    return Bundle(records, records)


def wrong(mistake: Mistake, of: Inventor) -> Bundle:
    """A person in whose rows the mistake was made."""
    meant = mistake.who(of)
    return Bundle(mistake.make(meant, of), meant, mistake.what, mistake.finds, mistake.merges)


def period_of(today: date) -> str:
    """The half year that is being collected."""
    return f"{today.year}{'上' if today.month <= 6 else '下'}半年"


def _month(style: str, value: str) -> str:
    year, month = value[:4], int(value[5:])
    return {"1985.3": f"{year}.{month}", "1985年3月": f"{year}年{month}月", "198503": f"{year}{month:02d}"}[style]


def _in_her_way(form: Form, row: Row, spoilt: frozenset[str], habits: Habits) -> tuple[Row, list[tuple[str, str]]]:
    """The row in the clerk's way of writing, and which (column, code) that gives. Cells with a mistake stay as they are."""
    cells: dict[str, Raw] = dict(row)
    found = []
    for column in form.columns:
        value = cells.get(column.id)
        if column.id in spoilt or value is None:
            continue
        if habits.official and column.derive:
            cells[column.id] = None
        elif column.kind == "pdate" and habits.months != "1985-03":
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value):
                cells[column.id] = _month(habits.months, value)
                found.append((column.id, "D01"))
        elif column.kind == "money" and habits.sums != "1560" and isinstance(value, float) and round(value, 2) == value:
            cells[column.id] = f"{value:,.2f}元"
            found.append((column.id, "A13"))
    return {name: cell for name, cell in cells.items() if name not in habits.left_out}, found


class _Line(NamedTuple):
    bundle: int
    nth: int
    row: Row
    ways: list[tuple[str, str]]


def _groups(draft: Draft, form: Form) -> list[list[_Line]]:
    groups = []
    for number, bundle in enumerate(draft.bundles):
        lines = []
        for nth, row in enumerate(bundle.records.get(form.id, ())):
            finds = frozenset(f.column for f in bundle.finds if (f.form, f.nth) == (form.id, nth))
            lines.append(_Line(number, nth, *_in_her_way(form, row, finds, draft.habits)))
        if lines:
            groups.append(lines)
    return groups


def _sheet(draft: Draft, form: Form) -> tuple[RawSheet, list[Seeded]]:
    groups = _groups(draft, form)
    laid = lay_out_sheet(form, [[line.row for line in group] for group in groups], draft.habits)
    number = {
        (line.bundle, line.nth): row
        for line, row in zip((line for group in groups for line in group), laid.numbers, strict=True)
    }
    code = draft.township.code
    seeded = [Seeded(code, form.title, r.row, r.column, "", r.code, HABITS) for r in laid.remarks]
    if form.id in draft.habits.ruins:
        return laid.sheet, seeded
    merged = list(laid.sheet.merged)

    def at(bundle: int, column: str, nth: int | None, problem: str, mistake: str) -> Seeded:
        header = form.by_id[column].header
        if nth is None:
            return Seeded(code, form.title, None, None, header, problem, mistake)
        return Seeded(code, form.title, number[bundle, nth], letter(laid.columns[column]), header, problem, mistake)

    for i, bundle in enumerate(draft.bundles):
        seeded += [at(i, f.column, f.nth, f.code, bundle.mistake) for f in bundle.finds if f.form == form.id]
        merged += [_range(laid, m, number[i, m.first], number[i, m.last]) for m in bundle.merges if m.form == form.id]
    for line in (line for group in groups for line in group):
        seeded += [at(line.bundle, column, line.nth, way, HABITS) for column, way in line.ways]
    return replace(laid.sheet, merged=tuple(merged)), seeded


def _range(laid: LaidOut, merge: Merge, first: int, last: int) -> Range:
    column = laid.columns[merge.column]
    return Range(first, column, last, column)


def _cover(draft: Draft, form: Form, today: date) -> RawSheet:
    about: Mapping[str, Raw] = {
        "county": draft.township.county.name, "township": draft.township.name, "period": draft.period, "filler": "王小芳",
        "phone": "13900000000", "reviewer": "李建国", "report_date": today, "confirmed": "是",
    }  # fmt: skip
    rows: list[tuple[Raw, ...]] = [(f"{draft.township.county.name}退役军人工作台账",), (form.note,)]
    rows += [()] * (COVER_FIRST_ROW - 1 - len(rows))
    gap = (None,) * (COVER_VALUE_COLUMN - COVER_LABEL_COLUMN - 1)
    rows += [(column.header, *gap, about.get(column.id)) for column in form.columns]
    return RawSheet(form.title, tuple(rows))


def typed(draft: Draft, forms: Forms, today: date, period: str = "") -> Typed:
    """The workbook that the draft describes, and the problems that taizhang must find when `period` is collected."""
    code = draft.township.code
    sheets: list[RawSheet] = []
    seeded: list[Seeded] = []
    mine = forms.of(draft.township)
    for form in mine.values():
        if form.layout == "cover":
            sheets.append(_cover(draft, form, today))
            if period and draft.period != period:
                seeded.append(Seeded(code, form.title, None, None, "", "F06", "封面还是上期的填报期"))
        elif draft.habits.ruins.get(form.id) == "missing":
            seeded.append(Seeded(code, "", None, None, "", "F09", f"没有{form.title}表"))
        else:
            sheet, found = _sheet(draft, form)
            sheets.append(sheet)
            seeded += found
    if draft.hidden_sheet:
        sheets.append(RawSheet(draft.hidden_sheet, (("以前的名单",), ("张某某", "已迁出")), visible=False))
        seeded.append(Seeded(code, draft.hidden_sheet, None, None, "", "F19", "有一张隐藏的工作表"))
    ending = draft.file.rpartition(".")[2]
    if ending != "xlsx":
        seeded.append(Seeded(code, "", None, None, "", "F03", f"存成了 .{ending}"))
    words: dict[str, object] = {"file": draft.file, "fmt": ending}
    notices = () if ending == "xlsx" else (("F03", words),)
    stamp = Stamp(draft.township.county.code, code, mine.versions) if draft.habits.official else None
    return Typed(RawBook(draft.file, tuple(sheets), stamp, notices), tuple(seeded))


def compare(seeded: Iterable[Seeded], found: Iterable[tuple[str, Problem]]) -> tuple[Seeded, ...]:
    """The seeded problems that are not among those found; `found` are (township code, problem)."""
    places = {(township, p.code, p.sheet, p.row, p.column) for township, p in found}
    return tuple(one for one in seeded if (one.township, one.code, one.sheet, one.row, one.column) not in places)

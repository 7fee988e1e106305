"""The very rows of each figure: one sheet for the figures that count the same rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

import orjson

from sync_service.figures.collecting import uncollected
from sync_service.figures.counting import Counter
from sync_service.figures.reading import columns_needed
from sync_service.figures.result import Result
from sync_service.figures.selecting import Selection
from sync_service.figures.sheet_kit import Kit
from sync_service.figures.summary_sheets import SUMMARY
from sync_service.figures.table import Table
from sync_service.figures.wording import tabled
from sync_service.look import print_page, quoted
from sync_service.quick_sheet import QuickSheet
from sync_service.store import Store
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.written_dates import iso_serial

_HEADER, _FIRST = 3, 4
_FIRST_EXACT = 61  # 1900-03-01: before it, spreadsheets count a day that never was
_MOST = 1_048_576 - _FIRST
"""So many rows a sheet has room for."""
_WIDE = 14
"""More columns than these go onto two pages side by side."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A sheet with rows: its title, and the figures that count them."""

    title: str
    results: tuple[Result, ...]

    @property
    def ids(self) -> str:
        """The figures' ids."""
        return "、".join(result.figure.id for result in self.results)


def details_of(results: Iterable[Result]) -> list[Detail]:
    """The sheets that are needed: figures that count the same rows share one, named after the first of them."""
    same: dict[tuple[int, ...], list[Result]] = {}
    for result in results:
        if result.row_count:
            same.setdefault(tuple(id(rows) for _, rows in result.parts), []).append(result)
    return [Detail(some[0].figure.id, tuple(some)) for some in same.values()]


def _columns(form: Form, needed: Collection[str]) -> list[Column]:
    """What is shown of a form's rows: what they are known by, and what figures look at."""
    wanted = {*form.recognise[:1], *form.key, form.person, *needed} - {"village"}
    return [column for column in form.stored if column.id in wanted]


def _style(kit: Kit, column: Column) -> object:
    if column.sql != "TEXT":
        return kit.look("cell", "right", num_format=column.of.number_format)
    return kit.look("cell", "text" if column.kind != "date" else "centre", num_format=column.of.number_format)


def _day(value: Any) -> Any:
    days = iso_serial(value) if value else None
    return days if days is not None and days >= _FIRST_EXACT else value


@dataclass(frozen=True, slots=True)
class Details:
    """What the sheets show: the columns of each form, and each row's values in them by form and version."""

    columns: Mapping[str, Sequence[Column]]
    values: Mapping[str, Mapping[int, Sequence[Any]]]


def _lines(detail: Detail, kit: Kit, table: Table, rows: Sequence[int], shown: Details) -> Iterator[list[Any]]:
    names = {one.code: one.name for one in kit.figures.townships}
    counters = _adding(detail)
    values = shown.values[table.form.id]
    dates = [number for number, column in enumerate(shown.columns[table.form.id]) if column.kind == "date"]
    villages = table.values.get("village") or [None] * len(table)
    adding = zip(*(counter.contributions(table, rows) for counter in counters), strict=True) if counters else repeat(())
    for i, adds in zip(rows, adding, strict=False):
        cells = list(values[table.version[i]])
        for number in dates:
            cells[number] = _day(cells[number])
        yield [names[table.township[i]], villages[i], *cells, *adds, *table.place(i), table.version[i]]


def _adding(detail: Detail) -> list[Counter]:
    """The figures that add something up."""
    return [one.counter for one in detail.results if one.counter and one.figure.count == "sum"]


def _block(kit: Kit, sheet: QuickSheet, row: int, detail: Detail, part: Selection, shown: Details) -> tuple[int, int]:
    """The rows of one form under their headers; the row below, and how many columns there are."""
    table, rows = part
    columns = shown.columns[table.form.id]
    sums = [f"{one.figure.id}\n算{one.figure.unit}" for one in _adding(detail)]
    headers = [
        "乡镇",
        "村(社区)",
        *(column.header for column in columns),
        *sums,
        "来源文件",
        "工作表",
        "行号",
        "版本号",
    ]
    sheet.set_row(row, 32)
    for number, header in enumerate(headers):
        sheet.write_string(row, number, header, kit.look("header"))
    if row == _HEADER:
        widths = [12, 12, *(column.width or column.of.width for column in columns), *(13 for _ in sums), 24, 12, 7, 9]
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
    grey = kit.look("cell", "text", font_color="#52606D")
    number_grey = kit.look("cell", "right", font_color="#52606D")
    money = kit.look("cell", "right", num_format="#,##0.00")
    before = [kit.look("cell", "text", bold=True), kit.look("cell", "text"), *(_style(kit, one) for one in columns)]
    layout = sheet.layout([*before, *(money for _ in sums), grey, grey, number_grey, number_grey])
    order = sorted(rows, key=lambda i: (table.township[i], table.place(i)))
    last = row
    for last, line in enumerate(islice(_lines(detail, kit, table, order, shown), _MOST - row), row + 1):
        sheet.put_row(last, line, layout)
    return last + 2, len(headers)


def write_detail(kit: Kit, detail: Detail, shown: Details) -> None:
    """A figure's rows, form by form, with where each stands; the headline leads back to 统计."""
    first = detail.results[0]
    sheet: QuickSheet = kit.book.add_worksheet(detail.title, QuickSheet)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{detail.ids}　明细", kit.look("title"))
    told = (f"{one.figure.label} {tabled(one.figure, one.value)}{one.figure.unit}" for one in detail.results)
    sheet.write_url(1, 0, f"internal:{quoted(SUMMARY)}!A1", kit.look("link"), "← 回到统计")
    sheet.write_string(1, 2, f"{'；'.join(told)}　　共 {first.row_count:,} 行", kit.look("subtitle", bold=True))
    sheet.write_string(2, 2, f"口径：{first.figure.meaning}", kit.look("subtitle"))
    row, width = _HEADER, 0
    for part in first.parts:
        row, columns = _block(kit, sheet, row, detail, part, shown)
        width = max(width, columns)
    if len(first.parts) == 1:
        sheet.autofilter(_HEADER, 0, row - 2, width - 1)
    sheet.freeze_panes(_FIRST, 2)
    sheet.repeat_rows(0, _HEADER)
    print_page(
        sheet, landscape=True, pages_wide=1 if width <= _WIDE else 2, heading=f"{kit.county.name}　{detail.ids} 明细"
    )


@uncollected()
def details_shown(store: Store, details: Sequence[Detail], forms: Forms) -> Details:
    """What the sheets show of each row; one pass over each form."""
    versions: dict[str, set[int]] = {}
    for detail in details:
        for table, rows in detail.results[0].parts:
            versions.setdefault(table.form.id, set()).update([table.version[i] for i in rows])
    needed = columns_needed([result.figure for detail in details for result in detail.results], forms)
    columns = {form_id: _columns(forms[form_id], needed[form_id]) for form_id in versions}
    values: dict[str, Mapping[int, Sequence[Any]]] = {}
    for form_id, wanted in versions.items():
        ids = [column.id for column in columns[form_id]]
        values[form_id] = {
            version: shown
            for some in store.numbered(form_id, ids, wanted)
            for version, shown in zip(some.id, orjson.loads(f"[{','.join(some.values)}]"), strict=True)
        }
    return Details(columns, values)

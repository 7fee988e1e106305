"""The rows of a merged sheet as they stand in its XML, at a fraction of a microsecond a cell.

Most columns hold few different values: a cell is looked up by what is stored, and made and encoded only when it is new.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format

from sync_service.look import Look
from sync_service.master.content import RowBlock
from sync_service.quick_sheet import Cells, QuickSheet, Slot, Written, joined
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import moment_serial
from workbook_templates.kinds.written_dates import iso_serial

BEFORE = {"乡镇": 12, "状态": 9}
"""The columns before the form's own, with their widths."""
AFTER = {"来源文件": 22, "工作表": 12, "行号": 7, "起始时间": 17}
"""Those behind them; the row's number, hidden, comes last."""
_STATE = 1
_FIRST_EXACT = 61  # 1900-03-01: before it, spreadsheets count a day that never was
_LEFT = {"text", "address", "name", "unit", "multi", "village", "enum", "account"}


@lru_cache(maxsize=65536)
def _day(iso: Written) -> Written:
    if not iso:
        return None
    days = iso_serial(str(iso))
    return days if days >= _FIRST_EXACT else iso


def _style(look: Look, column: Column) -> Format:
    shape = column.of.number_format
    if column.sql != "TEXT":
        return look("cell", "right", num_format=shape)
    return look("cell", num_format=shape) if column.kind in _LEFT else look("cell", "centre", num_format=shape)


def _styles(look: Look, form: Form) -> tuple[list[Format], Format]:
    """How the cells of a row look, and its state if the row awaits something."""
    where = look("cell", "text", font_color="#52606D")
    after = [where, where, look("cell", "right", font_color="#52606D"), look("cell", "moment", font_color="#52606D")]
    before = [look("cell", "text", bold=True), look("cell", "text", "centre")]
    return (
        [*before, *(_style(look, column) for column in form.stored), *after, look("text")],
        look("cell", "text", "centre", "warning", bold=True),
    )


def number_styles(look: Look, forms: Iterable[Form]) -> None:
    """Have the styles of their rows numbered before any others, so that rows on the shelf fit whatever other sheets hold."""
    for form in forms:
        usual, waiting = _styles(look, form)
        for style in (*usual, waiting):
            style._get_xf_index()


def _maker(slot: Slot, shown: Callable[[Any], Written] | None) -> Callable[[Any], str]:
    """What gives the XML of a cell for what is stored, which is shown as it is or as `shown` tells."""
    return (lambda value: slot.made(shown(value))) if shown else slot.made


class MergedRows:
    """The rows of a form on `sheet`. They are `width` cells wide; `styles` are the numbers by which they name their formats."""

    def __init__(self, sheet: QuickSheet, look: Look, form: Form) -> None:
        usual, waiting = _styles(look, form)
        slots, state = sheet.layout(usual), sheet.slot(_STATE, waiting, len(usual))
        dates = [_day if column.kind == "date" else None for column in form.stored]
        shown = [*[None] * len(BEFORE), *dates, None, None, None, moment_serial, str]
        self.width = len(usual)
        self.styles = [slot.style for slot in (*slots, state)]
        self._ids = [column.id for column in form.stored]
        self._columns = [Cells[Any](_maker(slot, how)) for slot, how in zip(slots, shown, strict=True)]
        self._waiting = Cells[str](state.made)

    def rendered(self, first: int, block: RowBlock) -> Iterator[bytes]:
        """The rows of a township, the first of them in row `first`."""
        columns, ids = self._columns, self._ids
        for number, row in enumerate(block.rows(), first):
            values = (
                row.township, row.mark, *map(row.values.get, ids), row.file, row.sheet, row.row, row.since, row.version,
            )  # fmt: skip
            pieces = [column[value] for column, value in zip(columns, values, strict=True)]
            if row.mark:
                pieces[_STATE] = self._waiting[row.mark]
            yield joined(number, pieces)

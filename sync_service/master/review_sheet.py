"""What the sheets in which the coordinator decides have in common: title, instruction, headers, and how a line's state looks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from sync_service.look import Look, line_count, print_page
from sync_service.master.content import MasterContent
from sync_service.master.input_cells import input_header
from sync_service.quick_sheet import QuickSheet

HEADER_ROW, FIRST_ROW = 2, 3
_TALLEST = 400  # Excel takes 409 points
_STATES: Mapping[str, tuple[str, str]] = {
    "待处理": ("？", "warning"),
    "请再看一遍": ("▲", "warning"),
    "没有采用": ("×", "error"),
    "有冲突": ("▲", "warning"),
    "审核后有变更": ("▲", "warning"),
    "已处理": ("√", "confirmed"),
    "已更正": ("√", "confirmed"),
    "已采纳": ("√", "confirmed"),
    "已审核": ("√", "confirmed"),
}
"""The sign and the style of each state; others have none."""

Cell = tuple[str | int | datetime | None, Format]


class ReviewSheet:
    """One such sheet. `columns` are its visible columns with their widths, `inputs` those to write in, `hidden` the rest."""

    def __init__(
        self,
        book: Workbook,
        look: Look,
        title: str,
        columns: Mapping[str, float],
        inputs: Sequence[str],
        hidden: Sequence[str],
    ) -> None:
        self.sheet: QuickSheet = book.add_worksheet(title, QuickSheet)
        self.look = look
        self.headers = [*columns, *hidden]
        self._title, self._widths = title, [*columns.values()]
        self._row = FIRST_ROW
        for number, width in enumerate(columns.values()):
            self.sheet.set_column(number, number, width)
        self.sheet.set_column(len(columns), len(self.headers) - 1, None, None, {"hidden": True})
        self._inputs = inputs

    @property
    def row(self) -> int:
        """The row that comes next, from 0."""
        return self._row

    def column(self, header: str) -> int:
        """The number of a column, from 0."""
        return self.headers.index(header)

    def head(self, told: str, tip: str) -> None:
        """Write what the sheet says above its lines: `told` in numbers, `tip` what to do."""
        self.sheet.set_row(0, 30)
        self.sheet.write_string(0, 0, self._title, self.look("title"))
        self.sheet.write_string(0, 2, told, self.look("subtitle"))
        self.sheet.set_row(1, 20)
        self.sheet.write_string(1, 0, tip, self.look("subtitle"))
        self.sheet.set_row(HEADER_ROW, 30)
        for number, header in enumerate(self.headers):
            style = input_header(self.look) if header in self._inputs else self.look("header")
            self.sheet.write_string(HEADER_ROW, number, header, style)

    def state(self, state: str) -> Cell:
        """The cell that says how a line stands."""
        sign, style = _STATES.get(state, ("", "centre"))
        return f"{sign} {state}".strip(), self.look("cell", "wrap", "centre", style)

    def put(self, cells: Iterable[Cell]) -> None:
        """Write the next line, as high as its text needs."""
        line = list(cells)
        lines = max(
            line_count(value, width)
            for (value, _), width in zip(line, self._widths, strict=False)
            if isinstance(value, str)
        )
        self.sheet.put_cells(self._row, line, min(_TALLEST, 6 + 15 * lines))
        self._row += 1

    def close(self, content: MasterContent, empty: str, cursor: str, colour: str | None) -> None:
        """Finish the sheet: filter, frozen header, print layout, and the cursor where there is something to write."""
        if self._row == FIRST_ROW:
            self.sheet.write_string(FIRST_ROW, 0, empty, self.look("subtitle"))
        self.sheet.autofilter(HEADER_ROW, 0, max(FIRST_ROW, self._row - 1), len(self.headers) - 1)
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.set_selection(FIRST_ROW, self.column(cursor), FIRST_ROW, self.column(cursor))
        self.sheet.repeat_rows(0, HEADER_ROW)
        self.sheet.print_area(0, 0, max(FIRST_ROW, self._row - 1), len(self._widths) - 1)
        print_page(self.sheet, landscape=True, heading=f"{content.county.name}　{self._title}")
        if colour:
            self.sheet.set_tab_color(colour)

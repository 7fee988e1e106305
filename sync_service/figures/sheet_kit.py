"""What the sheets of the figures' workbook share: titles, headers, numbers as their unit wants them, and links to the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

from sync_service.figures.figures import Figures
from sync_service.figures.shown import heading
from sync_service.look import Look, print_page, quoted, safe
from workbook_templates.figure import Figure
from workbook_templates.place import County

FORMATS: Mapping[str, str] = {"元": "#,##0.00", "%": "0.0"}
"""How numbers of a unit are shown; others as whole numbers."""


@dataclass(frozen=True, slots=True)
class Kit:
    """The workbook being written, and what every sheet of it needs. `details` are the titles of the sheets with a figure's rows."""

    book: Workbook
    look: Look
    county: County
    figures: Figures
    details: Mapping[str, str]

    def sheet(self, title: str, head: str, widths: Sequence[float], note: str = "", **page: Any) -> Any:
        """A sheet with its headline in row 1 and what there is to say in row 2; printed on A4 across."""
        sheet = self.book.add_worksheet(title, **page)
        sheet.hide_gridlines(2)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        sheet.set_row(0, 32)
        sheet.write_string(0, 0, f"{self.county.name}{head}", self.look("title"))
        sheet.write_string(1, 0, f"{heading(self.figures)}{f'　　{note}' if note else ''}", self.look("subtitle"))
        print_page(sheet, landscape=True, heading=f"{self.county.name}　{head}")
        return sheet

    def headers(self, sheet: Any, row: int, names: Sequence[str], height: float = 32) -> None:
        """The header row of a table."""
        sheet.set_row(row, height)
        for number, name in enumerate(names):
            sheet.write_string(row, number, name, self.look("header"))
        sheet.repeat_rows(0, row)

    def number(self, sheet: Any, row: int, column: int, figure: Figure, value: float | None, *names: str) -> None:
        """A value of a figure; — where it is not known."""
        if value is None:
            sheet.write_string(row, column, "—", self.look("cell", "centre", *names))
        else:
            shape = FORMATS.get(figure.unit, "#,##0")
            sheet.write_number(row, column, value, self.look("cell", "count", *names, num_format=shape))

    def words(self, sheet: Any, row: int, column: int, text: str, *names: str, **more: object) -> None:
        """Text in a cell of a table."""
        sheet.write_string(row, column, safe(text), self.look("cell", *names, **more))

    def link(self, sheet: Any, row: int, column: int, figure_id: str, text: str = "", **more: object) -> None:
        """The figure's number, leading to its rows where it has any."""
        figure = self.figures.definitions.figures[figure_id]
        target = self.details.get(figure.part if figure.kind == "ratio" else figure_id)
        if target:
            style = self.look("cell", "link", **more)
            sheet.write_url(row, column, f"internal:{quoted(target)}!A1", style, text or figure_id)
        else:
            self.words(sheet, row, column, text or figure_id, **more)


def label_of(figure: Figure) -> str:
    """A figure's label, set in where it stands beside another."""
    return f"　{figure.label}" if figure.beside else figure.label

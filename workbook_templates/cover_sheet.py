"""The cover sheet of a township workbook: labels in column A, what is filled in in column B, hints in column C."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workbook_templates.bar import Button, add_bar
from workbook_templates.column import Column
from workbook_templates.entry import accept
from workbook_templates.form import Form
from workbook_templates.kinds.base import Cell, Setting
from workbook_templates.looks import Looks
from workbook_templates.sheet import COVER_FIRST_ROW, COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, letter
from workbook_templates.value_cells import write_value

LOCKED = ("county", "township")
"""What the template knows better than the clerk."""
TITLE_HEIGHT, LINE_HEIGHT = 30, 26
VERSIONS_HEIGHT = 44
"""In points."""
COVER_WIDTHS = (18, 40, 60)
"""In characters: labels, what is filled in, hints."""


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One line of the cover: its `row` (from 1), what it asks for and says, and the column of the form that it is.

    The last line, the template's version, is of no column.
    """

    row: int
    label: str
    value: object
    hint: str
    column: Column | None

    @property
    def locked(self) -> bool:
        """Whether the clerk has nothing to fill in here."""
        return self.column is None or self.column.id in LOCKED

    @property
    def style(self) -> str:
        """How the value's cell looks."""
        if self.column is None:
            return "versions"
        return "fixed" if self.locked else "input"

    @property
    def number_format(self) -> str:
        """The number format of the value's cell."""
        return self.column.of.number_format if self.column else "@"

    @property
    def cell(self) -> Cell:
        """The value's cell as formulas name it."""
        return Cell(f"{letter(COVER_VALUE_COLUMN)}{self.row}")


def cover_title(setting: Setting) -> str:
    """What stands over the cover."""
    return f"{setting.township.county.name}{setting.township.name} 退役军人事务台账"


def cover_values(setting: Setting, period: str) -> dict[str, object]:
    """What the template itself fills in, by column id."""
    return {"county": setting.township.county.name, "township": setting.township.name, "period": period}


def version_line(forms: Iterable[Form]) -> str:
    """The version of each sheet of the workbook."""
    return "、".join(f"{form.title} {form.version}" for form in forms)


def cover_lines(form: Form, values: Mapping[str, object], version: str) -> tuple[CoverLine, ...]:
    """The lines of the cover with `values` by column id and the template's `version`, in order."""
    lines = []
    for row, column in enumerate(form.stored, COVER_FIRST_ROW):
        wanted = "必填。" if column.required and column.id not in LOCKED else ""
        lines.append(CoverLine(row, column.header, values.get(column.id), wanted + column.hint, column))
    return (*lines, CoverLine(lines[-1].row + 2, "模板版本", version, "", None))


def write_cover(
    book: Workbook,
    looks: Looks,
    form: Form,
    setting: Setting,
    values: Mapping[str, object],
    version: str,
    buttons: Sequence[Button] = (),
) -> Worksheet:
    """Adds the cover with `values` by column id filled in, the template's `version` below and `buttons` above; returns it."""
    page = book.add_worksheet(form.title)
    page.hide_gridlines(2)
    page.set_column(len(COVER_WIDTHS), len(COVER_WIDTHS), None, looks("locked"))
    for number, width in enumerate(COVER_WIDTHS):
        page.set_column(number, number, width)
    page.set_row(0, TITLE_HEIGHT)
    page.write_string(0, 0, cover_title(setting), looks("title"))
    page.write_string(1, 0, form.note, looks("note"))
    lines = cover_lines(form, values, version)
    for line in lines:
        row, at = line.row - 1, COVER_VALUE_COLUMN - 1
        page.set_row(row, LINE_HEIGHT)
        page.write_string(row, COVER_LABEL_COLUMN - 1, line.label, looks("label"))
        if line.column is None:
            page.set_row(row, VERSIONS_HEIGHT)
            page.merge_range(row, at, row, at + 1, str(line.value), looks(line.style, line.number_format))
        elif line.value is None:
            page.write_blank(row, at, None, looks(line.style, line.number_format))
        else:
            write_value(page, row, at, line.column, line.value, looks, line.style)
        if line.column:
            page.write_string(row, COVER_VALUE_COLUMN, line.hint, looks("hint"))
            if not line.locked:
                accept(page, (row, at, row, at), line.column, line.cell, setting)
    first = next(line.row for line in lines if not line.locked) - 1
    page.set_selection(first, COVER_VALUE_COLUMN - 1, first, COVER_VALUE_COLUMN - 1)
    page.protect("", {"format_columns": True, "format_rows": True, "format_cells": True, "objects": True})
    add_bar(page, buttons, cover_title(setting), COVER_WIDTHS[:COVER_VALUE_COLUMN])
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 1)
    return page

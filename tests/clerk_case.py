"""One line of the tables of what clerks do wrong: what is typed, and what they are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sync_service.sources.base import Limits, Refused
from sync_service.sources.excel import read_book
from tests.right_book import Rows, Said, said, with_sheet, workbook
from tests.right_people import FORMS, TOWNSHIP
from validators.raw import Range, RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.place import Township

File = Callable[[Path], Path]
"""Writes a file into a folder."""
Change = Callable[[RawSheet], RawSheet]


@dataclass(frozen=True)
class Case:
    """What is typed (rows, a workbook, or a file on disk) by a rule's or mistake's id, and all that the clerk is told."""

    id: str
    what: str
    typed: Rows | RawBook | File
    says: tuple[Said, ...] = ()
    unit: Township = TOWNSHIP


def told(case: Case, folder: Path) -> list[Said]:
    """What the clerk is told of what was typed."""
    if isinstance(case.typed, Mapping):
        return said(workbook(case.typed, case.unit), case.unit, case.typed)
    if isinstance(case.typed, RawBook):
        return said(case.typed, case.unit)
    try:
        return said(read_book(case.typed(folder), Limits()))
    except Refused as refused:
        return [(refused.problem.code, refused.problem.place, refused.problem.message)]


def on(form: str, change: Change, rows: Rows | None = None) -> RawBook:
    """The right workbook with one sheet kept in another way."""
    book = workbook(rows) if rows else workbook()
    return with_sheet(book, FORMS[form].title, change)


def headed(form: str, column: str, header: str) -> RawBook:
    """A column stands under another header."""
    own = FORMS[form].by_id[column].header

    def change(sheet: RawSheet) -> RawSheet:
        first, *rows = sheet.rows
        return replace(sheet, rows=(tuple(header if cell == own else cell for cell in first), *rows))

    return on(form, change)


def lost(form: str, column: str) -> RawBook:
    """A column was deleted."""
    at = [one.id for one in FORMS[form].columns].index(column)

    def change(sheet: RawSheet) -> RawSheet:
        return replace(sheet, rows=tuple((*row[:at], *row[at + 1 :]) for row in sheet.rows))

    return on(form, change)


def added(form: str, header: str, cell: Raw = None) -> RawBook:
    """There is one more column, in which each row says the same."""

    def change(sheet: RawSheet) -> RawSheet:
        first, *rows = sheet.rows
        return replace(sheet, rows=((*first, header), *((*row, cell) for row in rows)))

    return on(form, change)


def inserted(form: str, at: int, *rows: tuple[Raw, ...]) -> RawBook:
    """Rows stand before the row with this number."""

    def change(sheet: RawSheet) -> RawSheet:
        return replace(sheet, rows=(*sheet.rows[: at - 1], *rows, *sheet.rows[at - 1 :]))

    return on(form, change)


def merged(form: str, column: int, first: int, last: int) -> RawBook:
    """Cells of a column are merged over rows, so that only the first has a value."""

    def change(sheet: RawSheet) -> RawSheet:
        rows = [list(row) for row in sheet.rows]
        for number in range(first + 1, last + 1):
            rows[number - 1][column - 1] = None
        return replace(sheet, rows=tuple(map(tuple, rows)), merged=(Range(first, column, last, column),))

    return on(form, change)


def hidden(form: str, *rows: int) -> RawBook:
    """Some rows are hidden."""
    return on(form, lambda sheet: replace(sheet, hidden_rows=frozenset(rows)))


def beside(title: str, *rows: tuple[Raw, ...], visible: bool = True) -> RawBook:
    """There is one more sheet."""
    book = workbook()
    return replace(book, sheets=(*book.sheets, RawSheet(title, rows, visible)))

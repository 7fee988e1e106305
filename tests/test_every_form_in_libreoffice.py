"""Every form filled in with right rows by a real spreadsheet program: each status cell says √, and nothing is found."""

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from sync_service.demo.caring import aid, visit
from sync_service.demo.honouring import example
from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.offices import activities, number_changes, standards, stations
from sync_service.demo.people import rural
from sync_service.demo.places import BUREAU, TOWNSHIPS
from sync_service.demo.settling import insured, received
from sync_service.demo.soldiers import student_soldier
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.libreoffice import needs_uno, typed
from validators.check import check
from validators.raw import RawBook
from workbook_templates.cells import Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.in_sheet import RIGHT
from workbook_templates.sheet import FIRST_ROW, letter, places

TODAY, PERIOD = date.today(), "2026下半年"
EVERY = load_forms()
TOWNSHIP = TOWNSHIPS[0]
UNITS = {"township": TOWNSHIP, "county": BUREAU}
ROOM = 100
"""Rows of each sheet: enough for what is typed here, and opened at once, unlike the thousands that a township gets."""
_SMALL = [form.model_copy(update={"room": ROOM}) for form in EVERY.values()]
FORMS = {
    "township": Forms([form for form in _SMALL if "township" in form.filled_by], ""),
    "county": Forms([form for form in _SMALL if "township" not in form.filled_by or form.id == "cover"], ""),
}
"""The forms of a township's workbook, and those that only the bureau fills in."""
N = 10


def _known_to_all(of: Inventor) -> Records:
    """A placed veteran who stands in many sheets: fewer cells to type than one person for each."""
    records = insured(of)
    (row,) = records["veterans"]
    return {
        **records, "visits": (visit(of, row, "一般退役军人", "八一"),), "service_cases": (aid(of, row),),
        "honors": (example(of, row),),
    }  # fmt: skip


def _people(of: Inventor) -> Iterator[Records]:
    for maker in (rural, received, student_soldier, _known_to_all):
        yield from (maker(of) for _ in range(N))


def _rows() -> dict[str, list[Row]]:
    """At least ten rows of each form that hold together, as one careful clerk types them."""
    of = Inventor(TOWNSHIP, TODAY, Random(5))
    rows: dict[str, list[Row]] = {
        "stations": [*stations(of)], "activities": [*activities(of)], "benefit_standards": [*standards(of)],
        "number_changes": [*number_changes(of, N)],
    }  # fmt: skip
    for records in _people(of):
        for form, more in records.items():
            rows.setdefault(form, []).extend(more)
    return rows


ROWS = _rows()


def _text(cell: Raw) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _cells(form: Form) -> dict[str, str]:
    """What is typed into the form's sheet, by cell; what fills itself is left alone."""
    at = {place.column.id: letter(place.number) for place in places(form) if place.column.typed}
    return {
        f"{at[name]}{number}": _text(cell)
        for number, row in enumerate(ROWS[form.id], FIRST_ROW)
        for name, cell in row.items()
        if cell is not None and name in at
    }


def _tables(filler: str) -> list[Form]:
    return [form for form in FORMS[filler].values() if form.layout == "table"]


@pytest.fixture(scope="module", params=["township", "county"])
def filler(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(filler: str, tmp_path_factory: pytest.TempPathFactory) -> RawBook:
    folder = tmp_path_factory.mktemp(filler)
    template = folder / f"{UNITS[filler].name}.xlsx"
    write_template(template, FORMS[filler], UNITS[filler], PERIOD)
    cells = {form.title: _cells(form) for form in _tables(filler)}
    cells["封面"] = {"B6": "赵红", "B7": "0555-1234567"}
    return read_book(typed(template, folder, cells, [".xlsx"])[".xlsx"], Limits(seconds=120))


def _shown(book: RawBook, form: Form) -> set[Raw]:
    sheet = next(sheet for sheet in book.sheets if sheet.title == form.title)
    return {sheet.rows[number - 1][0] for number in range(FIRST_ROW, FIRST_ROW + len(ROWS[form.id]))}


def test_the_two_workbooks_hold_ten_rows_of_every_form() -> None:
    assert {form.id for filler in UNITS for form in _tables(filler)} == set(EVERY) - {"cover"}
    assert {form: len(rows) for form, rows in ROWS.items() if len(rows) < N} == {"stations": 9}


@needs_uno
@pytest.mark.libreoffice
@pytest.mark.slow
def test_every_status_cell_says_that_the_row_is_right(book: RawBook, filler: str) -> None:
    assert {form.id: _shown(book, form) for form in _tables(filler)} == {form.id: {RIGHT} for form in _tables(filler)}


@needs_uno
@pytest.mark.libreoffice
@pytest.mark.slow
def test_nothing_is_found_in_what_was_typed(book: RawBook, filler: str) -> None:
    checked = check(FORMS[filler], book, UNITS[filler], TODAY, PERIOD)
    counts = {form.id: len(ROWS[form.id]) for form in _tables(filler)}
    assert {sheet.form: len(sheet.rows) for sheet in checked.sheets} == {"cover": 1, **counts}
    assert checked.problems == ()

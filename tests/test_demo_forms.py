"""Right rows of every form: invented, checked, and typed into the template by a real LibreOffice."""

from datetime import date
from random import Random

import pytest

from sync_service.demo.draft import Bundle, Draft, typed
from sync_service.demo.habits import Habits
from sync_service.demo.people import right_rows
from sync_service.demo.places import BUREAU, TOWNSHIPS
from validators.check import check
from workbook_templates.form import load_forms
from workbook_templates.place import Township

FORMS = load_forms()
TABLES = [form.id for form in FORMS.values() if form.layout == "table"]
DAYS = (date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29))


def _unit(form: str) -> Township:
    """Who fills the form in: a township, wherever it may."""
    return TOWNSHIPS[0] if "township" in FORMS[form].filled_by else BUREAU


def test_there_are_twelve_forms_of_townships_and_four_of_the_county() -> None:
    numbers = [FORMS[form].no for form in TABLES]
    assert sorted(numbers) == ["C01", "C02", "C03", "C04", *(f"T{n:02d}" for n in range(1, 13))]


@pytest.mark.parametrize("form", TABLES)
def test_ten_right_rows_of_a_form_have_no_problem(form: str) -> None:
    unit = _unit(form)
    for seed, today in enumerate(DAYS):
        rows = {form: right_rows(FORMS[form], unit, 10, Random(seed), today)}
        assert len(rows[form]) == 10
        draft = Draft(unit, f"{unit.name}.xlsx", Habits(), (Bundle(rows, rows),), "2026下半年")
        assert check(FORMS, typed(draft, FORMS, today).book, unit, today).problems == ()


@pytest.mark.parametrize("form", TABLES)
def test_right_rows_are_the_same_for_the_same_seed_and_know_only_the_forms_columns(form: str) -> None:
    rows = right_rows(FORMS[form], _unit(form), 10, Random(1), DAYS[0])
    assert rows == right_rows(FORMS[form], _unit(form), 10, Random(1), DAYS[0])
    assert {name for row in rows for name in row} <= set(FORMS[form].by_id)

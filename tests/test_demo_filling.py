"""The official template, filled in by the demo's clerks."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from sync_service.demo.county import MISTAKES
from sync_service.demo.draft import Draft, right, typed, wrong
from sync_service.demo.filling import fill_template
from sync_service.demo.habits import Habits
from sync_service.demo.inventor import Inventor
from sync_service.demo.offices import of_township
from sync_service.demo.people import rural
from sync_service.demo.places import TOWNSHIPS
from sync_service.demo.settling import insured
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.demo_county import references
from validators.check import check
from workbook_templates.excel import write_template
from workbook_templates.form import load_forms

FORMS = load_forms()
TOWNSHIP, TODAY, PERIOD = TOWNSHIPS[0], date(2026, 11, 23), "2026下半年"


@pytest.fixture(scope="module")
def template() -> bytes:
    made = BytesIO()
    write_template(made, FORMS.of(TOWNSHIP), TOWNSHIP, PERIOD)
    return made.getvalue()


def _draft() -> Draft:
    of = Inventor(TOWNSHIP, TODAY, Random(3))
    mistakes = [wrong(mistake, of) for mistake in MISTAKES if mistake.in_template]
    habits = Habits(official=True, blanks=30, total=True, notes=("注：已核对",), hidden={"veterans": (2, 3)})
    return Draft(
        TOWNSHIP,
        "城关镇.xlsx",
        habits,
        (*(right(maker, of) for maker in (of_township, rural, insured)), *mistakes),
        PERIOD,
    )


def test_a_filled_template_is_read_with_its_stamp_and_just_the_seeded_mistakes(template: bytes, tmp_path: Path) -> None:
    work = typed(_draft(), FORMS, TODAY)
    path = tmp_path / "城关镇.xlsx"
    path.write_bytes(fill_template(template, work.book, FORMS))
    book = read_book(path, Limits())
    assert book.stamp == work.book.stamp
    problems = check(FORMS, book, TOWNSHIP, TODAY, references=references(FORMS, [_draft()], TODAY)).problems
    found = [(p.code, p.sheet, p.row, p.column) for p in problems]
    assert sorted(found, key=str) == sorted(((s.code, s.sheet, s.row, s.column) for s in work.seeded), key=str)


def test_a_cell_over_the_formula_that_other_rows_share_is_refused(template: bytes) -> None:
    draft = _draft()
    birthday = next(bundle for bundle in draft.bundles if bundle.mistake == "出生日期与身份证号不一致")
    work = typed(replace(draft, habits=Habits(official=True), bundles=(birthday,)), FORMS, TODAY)
    with pytest.raises(ValueError, match="F5"):
        fill_template(template, work.book, FORMS)

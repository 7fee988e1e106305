"""Rows typed into a generated template by a real spreadsheet program, saved as .xlsx, .xls and .ods."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.libreoffice import needs_uno, typed
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook
from workbook_templates.cells import Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Forms, load_forms
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.place import County, Township
from workbook_templates.sheet import FIRST_ROW, letter, places

TOWNSHIP = Township(County("990101", "示例县"), "990101100", "城关镇", ("东风村", "红旗村", "向阳社区"))
OURS = load_forms()
# LibreOffice writes every row's formulas out: with fewer rows it saves in seconds.
FORMS = Forms([form.model_copy(update={"room": 50}) for form in OURS.values()], OURS.digest)
TODAY = date.today()
ZHANG = make_number("990101", date(1960, 5, 6), 11)
LI = make_number("990101", date(1962, 1, 31), 12)
VETERAN = {
    "name": "张建国", "id_number": ZHANG, "ethnicity": "汉族", "village": "东风村", "hukou_type": "农村",
    "hukou_address": "示例县城关镇东风村3组12号", "residence_status": "人户一致", "phone": "13900000000", "political_status": "群众",
    "veteran_category": "回乡生产的退役士兵", "rank_group": "义务兵", "enlist_date": "1980-10", "enlist_hukou": "农村",
    "discharge_date": "1983-01-20", "unit_code": "37001部队", "war_test": "无", "merit": "三等功1次、嘉奖2次",
    "employment_status": "务农", "pension_status": "城乡居民养老保险", "medical_status": "城乡居民基本医疗保险", "card_status": "已领取",
    "person_status": "正常",
}  # fmt: skip
PAYMENT = {
    "batch_no": "2026-0101", "benefit_type": "春节慰问金", "name": "李秀英", "id_number": LI, "village": "红旗村",
    "period_from": "2026-01", "period_to": "2026-01", "amount": "1560.5", "pay_date": "2026-01-25", "pay_method": "一卡通",
    "bank_account": "6217000000000000003", "pay_status": "已发放",
}  # fmt: skip
ROWS = {
    "veterans": [
        VETERAN,
        VETERAN
        | {
            "name": "李秀英",
            "id_number": LI,
            "person_status": "去世",
            "status_date": "2026-03-18",
            "card_status": "未申领",
            "employment_status": "退休(养老)",
        },
        VETERAN | {"name": "王 明", "id_number": f"{ZHANG[:-1]}{(int(ZHANG[-1].replace('X', '0')) + 1) % 10}"},
    ],
    "payments": [PAYMENT, PAYMENT | {"amount": "1,560.00", "period_to": "2025-12"}],
}


def _cells() -> dict[str, dict[str, str]]:
    cells: dict[str, dict[str, str]] = {}
    for form_id, rows in ROWS.items():
        at = {place.column.id: letter(place.number) for place in places(FORMS[form_id])}
        cells[FORMS[form_id].title] = {
            f"{at[name]}{number}": text for number, row in enumerate(rows, FIRST_ROW) for name, text in row.items()
        }
    return cells | {"封面": {"B6": "赵红", "B7": "0555-1234567"}}


def _books(folder: Path, *endings: str) -> dict[str, RawBook]:
    template = folder / "城关镇.xlsx"
    write_template(template, FORMS, TOWNSHIP, "2026上半年")
    return {e: read_book(path, Limits()) for e, path in typed(template, folder, _cells(), endings).items()}


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> RawBook:
    return _books(tmp_path_factory.mktemp("typed"), ".xlsx")[".xlsx"]


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawBook]:
    return _books(tmp_path_factory.mktemp("typed"), ".xls", ".ods")


def _checked(book: RawBook) -> Checked:
    return check(FORMS, book, TOWNSHIP, TODAY, "2026上半年")


def _shown(book: RawBook) -> list[Raw]:
    veterans = next(sheet for sheet in book.sheets if sheet.title == "退役军人")
    return [veterans.rows[number - 1][0] for number in range(FIRST_ROW, FIRST_ROW + 3)]


@needs_uno
@pytest.mark.libreoffice
def test_what_was_typed_is_what_is_read(new: RawBook) -> None:
    sheets = {sheet.form: sheet for sheet in _checked(new).sheets}
    assert {form: len(sheet.rows) for form, sheet in sheets.items() if sheet.rows} == {
        "cover": 1,
        "veterans": 3,
        "payments": 2,
    }
    veterans = [orjson.loads(row.payload) for row in sheets["veterans"].rows]
    assert veterans[0] == VETERAN | {"sex": "男", "birth_date": "1960-05-06"}
    assert veterans[1]["status_date"] == "2026-03-18"
    assert [row.valid for row in sheets["veterans"].rows] == [True, True, False]
    assert [orjson.loads(row.payload)["amount"] for row in sheets["payments"].rows] == [1560.5, 1560.0]


@needs_uno
@pytest.mark.libreoffice
def test_the_status_column_is_calculated_while_typing(new: RawBook) -> None:
    assert _shown(new) == ["√", "√", "× 身份证号：校验不通过，有错位"]


@needs_uno
@pytest.mark.libreoffice
def test_rows_status_and_stamp_are_the_same_in_every_format(new: RawBook, others: dict[str, RawBook]) -> None:
    assert set(others) == {".xls", ".ods"}
    for book in others.values():
        assert _checked(book).sheets == _checked(new).sheets
        assert _shown(book) == _shown(new)
        assert book.stamp == new.stamp is not None

"""What each kind of column makes of what clerks type."""

from datetime import date, datetime, time
from random import Random

import pytest

from tests.small import SETTING
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Column, load_forms
from workbook_templates.kinds.base import Parsed, serial
from workbook_templates.kinds.numbered import luhn
from workbook_templates.kinds.resident_id import check_digit, make_number
from workbook_templates.kinds.written_dates import iso_serial

GOOD_ID = make_number("990101", date(1968, 3, 12), 1)
X_ID = next(n for s in range(1, 999) if (n := make_number("990101", date(1968, 3, 12), s)).endswith("X"))


def read(kind: str, raw: Raw, **options: object) -> Parsed:
    column = Column.model_validate({"id": "cell", "header": "格", "kind": kind, **options})
    return column.of.parser(column, SETTING)(raw)


def said(parsed: Parsed) -> tuple[object, list[str]]:
    return parsed.value, [finding.code for finding in parsed.findings]


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (GOOD_ID, GOOD_ID, []),
        (f" {GOOD_ID} ", GOOD_ID, []),
        ("".join(chr(ord(c) + 0xFEE0) for c in GOOD_ID), GOOD_ID, []),
        (f"{GOOD_ID[:6]} {GOOD_ID[6:14]} {GOOD_ID[14:]}", GOOD_ID, ["I02"]),
        (X_ID.lower(), X_ID, ["I02"]),
        (X_ID[:-1] + "×", X_ID, ["I02"]),
        (X_ID[:-1] + "Х", X_ID, ["I02"]),  # the Cyrillic letter
        (X_ID[:-1] + "Χ", X_ID, ["I02"]),  # the Greek letter
        (int(GOOD_ID), None, ["I01"]),
        (1.10101199003077e17, None, ["I01"]),
        (990101680312001, None, ["I01"]),
        ("990101680312001", None, ["I04"]),
        (GOOD_ID[:-1], None, ["I03"]),
        (GOOD_ID + "1", None, ["I03"]),
        (GOOD_ID.replace("0", "O", 1), None, ["I05"]),
        (GOOD_ID[:-1] + str((int(GOOD_ID[-1]) + 1) % 10), None, ["I06"]),
        (make_number("990101", date(1868, 3, 12), 1), None, ["I07"]),
        ("99010119681332001" + check_digit("99010119681332001"), None, ["I07"]),
        (make_number("090101", date(1968, 3, 12), 1), make_number("090101", date(1968, 3, 12), 1), ["I09"]),
        (make_number("990101", date(1968, 3, 12), 0), make_number("990101", date(1968, 3, 12), 0), ["I11"]),
        ("军字第0123456号", None, ["I13"]),
        (GOOD_ID + "/" + X_ID, None, ["M09"]),
        ("无", None, ["M07"]),
        ("同上", None, ["M08"]),
        (CellError("#N/A"), None, ["F21"]),
        (None, None, []),
    ],
)
def test_an_id_number_is_read_by_gb_11643(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("id18", raw)) == (value, codes)


def test_an_id_number_stored_as_a_number_is_refused_even_where_its_ruin_passes_the_check_digit() -> None:
    ruin = next(
        n for year in range(1940, 2000) if (n := f"990101{year}0101000")[:17] + check_digit(n[:17]) == n[:17] + "0"
    )
    assert read("id18", ruin[:17] + "0").value is not None
    assert said(read("id18", float(ruin[:17] + "0"))) == (None, ["I01"])


def test_the_age_band_of_a_form_is_a_warning() -> None:
    child = make_number("990101", date(2015, 1, 1), 1)
    assert said(read("id18", child, low=17)) == (child, ["I12"])


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("1985-03", "1985-03", []),
        ("1985-03-12", "1985-03-12", []),
        ("1985.3", "1985-03", ["D01"]),
        ("1985.03", "1985-03", ["D01"]),
        ("1985年3月", "1985-03", ["D01"]),
        ("1985年3月12日", "1985-03-12", ["D01"]),
        ("1985/3/12", "1985-03-12", ["D01"]),
        ("19850312", "1985-03-12", ["D01"]),
        (19850312, "1985-03-12", ["D01"]),
        ("198503", "1985-03", ["D01"]),
        ("一九八五年三月", "1985-03", ["D01"]),
        ("一九八五年十二月二十一日", "1985-12-21", ["D01"]),
        ("1985.3.12", "1985-03-12", ["D01"]),
        ("85.3.12", "1985-03-12", ["D03"]),
        ("05.3", "2005-03", ["D03"]),
        (33208, "1990-12-01", ["D05"]),
        (1985.3, "1985-03", ["D01"]),
        (1985.12, "1985-12", ["D01"]),
        (1990.1, None, ["D04"]),
        ("1990.1", "1990-01", ["D01"]),
        ("1990.10", "1990-10", ["D01"]),
        (date(1985, 3, 12), "1985-03-12", []),
        (date(1985, 3, 1), "1985-03", []),
        (datetime(1985, 3, 12, 8), "1985-03-12", []),
        (time(0, 0), None, ["M07"]),
        (date(1899, 12, 30), None, ["M07"]),
        (0, None, ["M07"]),
        ("1985-02-30", None, ["D06"]),
        ("1985-13", None, ["D06"]),
        ("85年冬", None, ["D02"]),
        ("70年代", None, ["D02"]),
        ("约1970", None, ["D02"]),
        ("1986.11-1990.3", None, ["D02"]),
        ("2052-03", None, ["D07"]),
        ("1901-03", "1901-03", ["D11"]),
    ],
)
def test_a_month_or_day_is_read_however_it_is_written(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("pdate", raw)) == (value, codes)


def test_a_day_column_refuses_a_month() -> None:
    assert said(read("date", "1985-03")) == (None, ["D13"])
    assert said(read("date", date(2026, 3, 1))) == ("2026-03-01", [])


def test_a_day_may_be_today_but_not_tomorrow() -> None:
    assert said(read("date", "2026-11-23")) == ("2026-11-23", [])
    assert said(read("date", "2026-11-24")) == (None, ["D07"])


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (1200, 1200.0, []),
        (1200.5, 1200.5, []),
        ("1200", 1200.0, []),
        ("１２００", 1200.0, []),
        ("￥1,200.00元", 1200.0, ["A13"]),
        ("壹仟贰佰元整", 1200.0, ["A13"]),
        ("壹仟贰佰叁拾肆元伍角", 1234.5, ["A13"]),
        ("1.2万", None, ["A12"]),
        ("1万2", None, ["A12"]),
        ("-5", None, ["A14"]),
        ("很多", None, ["A14"]),
        ("12.345", 12.35, ["A15"]),
        (1e9, None, ["A14"]),
    ],
)
def test_an_amount_is_read_in_yuan_and_never_guessed(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("money", raw)) == (value, codes)


def test_ten_thousands_are_shown_as_read_but_not_taken() -> None:
    assert read("money", "1.2万元").findings[0].words["std"] == "12000.00"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("张建国", "张建国", []),
        ("张 三", "张三", ["N01"]),
        ("张\u3000三", "张三", ["N01"]),
        ("买买提•吐尔逊", "买买提·吐尔逊", ["N03"]),
        ("张三（已故）", None, ["N02"]),
        ("张三1", None, ["N02"]),
        (123, None, ["N02"]),
        ("张三、李四", None, ["M09"]),
        ("户主", None, ["N08"]),
        ("张\ue863", "张\ue863", ["N04"]),
        ("⾼强", "高强", ["N06"]),
        ("张", "张", ["N07"]),
        ("𬭎", "𬭎", ["N07"]),
    ],
)
def test_a_name_is_what_the_household_register_says(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("name", raw)) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("13900000000", "13900000000", []),
        (13900000000, "13900000000", []),
        ("139 0000 0000", "13900000000", ["P04"]),
        ("+8613900000000", "13900000000", ["P04"]),
        ("0555-1234567", "0555-1234567", []),
        ("05551234567", "0555-1234567", ["P04"]),
        ("1390000000", None, ["P01"]),
        ("13900000000/13800000000", "13900000000", ["P05"]),
        ("1.38E+10", None, ["P02"]),
        ("无", None, ["P03"]),
    ],
)
def test_a_telephone_number_is_made_regular(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("phone", raw, required=True)) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("6217000000000000", "6217000000000000", ["B04"]),
        ("1234 5678 9012", "123456789012", []),
        (6.217e18, None, ["B01"]),
        ("1234567", None, ["B02"]),
        ("12345678A", None, ["B02"]),
    ],
)
def test_a_bank_account_is_digits_and_only_cards_follow_luhn(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("account", raw)) == (value, codes)


def test_luhn_accepts_what_its_standard_shows() -> None:
    assert luhn("79927398713")
    assert not luhn("79927398710")


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("东风村", "东风村", []),
        ("东风", "东风村", ["A02"]),
        ("东风村委会", "东风村", ["A02"]),
        ("东凤村", "东风村", ["A02"]),
        ("南山村", None, ["F24"]),
    ],
)
def test_a_village_is_one_of_the_townships_own(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("village", raw)) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("汉族", "汉族", []),
        ("汉", "汉族", ["M05"]),
        ("01", "汉族", ["M05"]),
        ("火星族", None, ["M04"]),
        ("/", None, ["M07"]),
    ],
)
def test_a_choice_accepts_its_name_its_code_and_its_aliases(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("enum", raw, list="ethnic")) == (value, codes)


def test_a_choice_with_two_readings_is_never_guessed() -> None:
    assert said(read("enum", "义务兵", list="veteran_category")) == (None, ["M04"])


def test_a_choice_may_be_called_nothing() -> None:
    assert said(read("enum", "无", choices=["无", "参战"])) == ("无", [])


def test_several_choices_keep_how_many_times() -> None:
    assert said(read("multi", "三等功2次、嘉奖", list="merit")) == ("三等功2次、嘉奖", [])
    assert said(read("multi", "三等功、好人", list="merit")) == (None, ["M04"])


@pytest.mark.parametrize(("raw", "value"), [("√", "是"), ("1", "是"), (True, "是"), ("否", "否"), ("×", "否")])
def test_yes_and_no_have_many_signs(raw: Raw, value: str) -> None:
    assert read("bool", raw).value == value


def test_a_military_unit_is_a_five_digit_code_and_nothing_else() -> None:
    assert said(read("unit", "37001")) == ("37001部队", [])
    assert said(read("unit", "某集团军某师")) == ("某集团军某师", ["S01"])


def test_an_id_number_in_a_note_is_reported() -> None:
    assert said(read("text", f"其子{GOOD_ID}")) == (f"其子{GOOD_ID}", ["S03"])


def test_a_month_compares_as_its_first_day() -> None:
    assert iso_serial("1985-03") == iso_serial("1985-03-01") == serial(date(1985, 3, 1))


def test_every_sample_of_every_column_is_right() -> None:
    random = Random(5)
    for form in load_forms().values():
        for column in form.columns:
            for _ in range(20):
                parsed = column.of.parser(column, SETTING)(column.of.sample(column, SETTING, random))
                assert not parsed.findings, (form.title, column.header, parsed)

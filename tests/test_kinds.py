"""What each kind of column makes of what clerks type: amounts, telephones, accounts, choices. Others in test_kinds_*."""

from dataclasses import replace
from random import Random

import pytest

from tests.cells import read, said
from tests.small import COUNTY, SETTING, TOWNSHIP
from workbook_templates.cells import Raw
from workbook_templates.form import load_forms
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.numbered import luhn


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
        ("一千二百元", 1200.0, ["A13"]),
        ("两百五十", 250.0, ["A13"]),
        ("一千二", None, ["A14"]),  # 1200 or 1002
        ("1,20", None, ["A14"]),
        ("1元2", None, ["A14"]),
        (0, 0.0, []),
        ("0", 0.0, []),
        ("1.2万", None, ["A12"]),
        ("1万2", None, ["A12"]),
        ("壹万贰仟元整", None, ["A12"]),
        ("-5", None, ["A14"]),
        ("很多", None, ["A14"]),
        ("12.345", 12.35, ["A15"]),
        (1e9, None, ["A14"]),
    ],
)
def test_an_amount_is_read_in_yuan_and_never_guessed(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("money", raw)) == (value, codes)


def test_ten_thousands_are_shown_as_read_but_not_taken() -> None:
    for text in ("1.2万元", "1万2", "壹万贰仟元整", "一万二千"):
        assert read("money", text).findings[0].words["std"] == "12000.00"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("13900000000", "13900000000", []),
        (13900000000, "13900000000", []),
        ("139 0000 0000", "13900000000", ["P04"]),
        ("+8613900000000", "13900000000", ["P04"]),
        ("0555-1234567", "0555-1234567", []),
        ("05551234567", "0555-1234567", ["P04"]),
        ("5551234", "5551234", ["P07"]),
        ("4001234567", "4001234567", ["P08"]),
        ("12345", "12345", ["P08"]),
        ("1390000000", None, ["P01"]),
        ("13900000000/13800000000", "13900000000", ["P05"]),
        ("13900000000 13800000000", "13900000000", ["P05"]),
        ("1390000000013800000000", "13900000000", ["P05"]),
        ("1.38E+10", None, ["P02"]),
        (1.39000000001e21, None, ["P02"]),
        ("0", None, ["P03"]),
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
        ("1234567890/6217000000000000", None, ["M09"]),
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


def test_a_choice_with_two_readings_is_answered_with_just_those() -> None:
    assert read("enum", "两参", list="beneficiary").findings[0].words == {"choices": "参战退役人员、参试退役人员"}


def test_an_old_disability_class_is_no_grade() -> None:
    parsed = read("enum", "二等乙级", list="disability_grade")
    assert said(parsed) == (None, ["M04"])
    assert "换发" in str(parsed.findings[0].words["choices"])


@pytest.mark.parametrize("raw", ["6", 6, "6级", "六级伤残", "Ⅵ级", "VI级", "伤残六级"])
def test_a_disability_grade_has_many_writings(raw: Raw) -> None:
    assert read("enum", raw, list="disability_grade").value == "六级"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        ("石桥镇", "石桥镇", []),
        ("石桥", "石桥镇", ["A02"]),
        ("石桥镇人民政府", "石桥镇", ["A02"]),
        ("清河县石桥镇", "石桥镇", ["A02"]),
        ("石轿镇", "石桥镇", ["A02"]),
        ("新华街道办事处", "新华街道", ["A02"]),
        ("南山乡", None, ["M04"]),
    ],
)
def test_a_township_is_one_of_the_county(raw: Raw, value: object, codes: list[str]) -> None:
    county = replace(COUNTY, townships=("城关镇", "石桥镇", "新华街道"))
    assert said(read("township", raw, Setting(replace(TOWNSHIP, county=county), SETTING.today))) == (value, codes)


def test_where_the_county_lists_no_townships_any_is_taken() -> None:
    assert said(read("township", "南山乡")) == ("南山乡", [])


def test_nothing_counts_as_nothing_where_zero_is_no_value() -> None:
    assert {
        said(read(kind, "0")) == (None, ["M07"]) for kind in ("text", "name", "account", "village", "date", "year")
    } == {True}
    assert read("int", "0").value == 0


def test_a_choice_may_be_called_nothing() -> None:
    assert said(read("enum", "无", choices=["无", "参战"])) == ("无", [])


def test_several_choices_keep_how_many_times() -> None:
    assert said(read("multi", "三等功2次、嘉奖", list="merit")) == ("三等功2次、嘉奖", [])
    assert said(read("multi", "三等功、好人", list="merit")) == (None, ["M04"])


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("√", "是"), ("✓", "是"), ("1", "是"), (1, "是"), (True, "是"), ("Y", "是"), ("有", "是"), ("已", "是"), ("ü", "是"),
        ("否", "否"), ("×", "否"), ("0", "否"), (0, "否"), ("无", "否"),
    ],
)  # fmt: skip
def test_yes_and_no_have_many_signs(raw: Raw, value: str) -> None:
    assert read("bool", raw).value == value


def test_every_sample_of_every_column_is_right() -> None:
    random = Random(5)
    for form in load_forms().values():
        for column in form.columns:
            for _ in range(20):
                parsed = column.of.parser(column, SETTING)(column.of.sample(column, SETTING, random))
                assert not parsed.findings, (form.title, column.header, parsed)

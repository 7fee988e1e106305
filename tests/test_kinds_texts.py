"""What names and free text in a cell come to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cells import read, said
from workbook_templates.cells import Raw
from workbook_templates.kinds.base import clean
from workbook_templates.kinds.characters import simplified
from workbook_templates.kinds.resident_id import make_number

GOOD_ID = make_number("990101", date(1968, 3, 12), 1)


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
        ("张三夫妻", None, ["M09"]),
        ("户主", None, ["N08"]),
        ("本页合计", None, ["N08"]),
        ("妻子", None, ["N08"]),
        ("张三 李四", "张三李四", ["N01", "N07"]),
        ("欧阳 建国", "欧阳建国", ["N01"]),
        ("张三豐", "张三豐", ["N05"]),
        ("於建國", "於建國", ["N05"]),
        ("张乾", "张乾", []),
        ("⺠强", "⺠强", ["N04"]),
        ("0", None, ["M07"]),
        ("张\ue863", "张\ue863", ["N04"]),
        ("张？", "张?", ["N04"]),
        ("⾼强", "高强", ["N06"]),
        ("张", "张", ["N07"]),
        ("𬭎", "𬭎", ["N07"]),
    ],
)
def test_a_name_is_what_the_household_register_says(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("name", raw)) == (value, codes)


def test_a_military_unit_is_a_five_digit_code_and_nothing_else() -> None:
    assert said(read("unit", "37001")) == ("37001部队", [])
    assert said(read("unit", "某集团军某师")) == ("某集团军某师", ["S01"])


def test_an_id_number_in_a_note_is_reported() -> None:
    assert said(read("text", f"其子{GOOD_ID}")) == (f"其子{GOOD_ID}", ["S03"])


def test_a_traditional_name_is_shown_beside_its_simplified_form_and_kept() -> None:
    assert read("name", "張鍾").findings[0].words == {"std": "张钟"}


def test_what_is_simplified_already_is_left_alone() -> None:
    assert simplified("张三钟于乾喆堃淼") == "张三钟于乾喆堃淼"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("在某岛哨所站岗", ["S02"]),
        ("原第12集团军", ["S02"]),
        ("患肺癌多年", ["S04"]),
        ("哨所，患高血压", ["S02", "S04"]),
        ("家庭困难，需医疗救助", []),
        ("东风村种植基地务工", []),
    ],
)
def test_free_text_must_not_tell_where_troops_stand_nor_who_is_ill(text: str, codes: list[str]) -> None:
    assert said(read("text", text, free=True))[1] == codes
    assert said(read("text", text))[1] == []


def test_the_word_that_gave_it_away_is_named() -> None:
    assert read("text", "患肺癌多年", free=True).findings[0].words == {"word": "癌"}


def test_a_long_text_is_kept_whole_with_a_warning() -> None:
    assert said(read("text", "字" * 201)) == ("字" * 201, ["M10"])


@given(st.text(st.sampled_from("' \ta"), max_size=8) | st.text(st.sampled_from("' ‘’\t\u3000a张\u200b"), max_size=8))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_an_apostrophe_before_a_text_and_the_space_behind_it_are_no_part_of_it() -> None:
    assert clean("' 张三") == clean(" '’ 张三 ") == "张三"

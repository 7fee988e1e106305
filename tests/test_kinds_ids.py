"""What resident identity numbers in a cell come to."""

from dataclasses import replace
from datetime import date

import pytest

from tests.cells import read, said
from tests.small import COUNTY, SETTING, TOWNSHIP
from workbook_templates.cells import CellError, Raw
from workbook_templates.kinds.areas import known_area
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.resident_id import check_digit, make_number

GOOD_ID = make_number("990101", date(1968, 3, 12), 1)
X_ID = next(n for s in range(1, 999) if (n := make_number("990101", date(1968, 3, 12), s)).endswith("X"))
_HUNDREDS = [make_number("990101", date(1968, 3, day), s) for day in range(1, 31) for s in range(100, 1000, 100)]
ENDS_IN_000 = next(number for number in _HUNDREDS if number.endswith("000"))
ENDS_IN_00X = next(number for number in _HUNDREDS if number.endswith("00X"))
OLD = "990101680312001"


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
        (990101680312001, None, ["I04"]),  # fifteen digits fit into a number
        ("990101680312001", None, ["I04"]),
        (GOOD_ID[:-1], None, ["I03"]),
        (GOOD_ID + "1", None, ["I03"]),
        (GOOD_ID.replace("0", "O", 1), None, ["I05"]),
        (GOOD_ID[:-1] + str((int(GOOD_ID[-1]) + 1) % 10), None, ["I06"]),
        (make_number("990101", date(1868, 3, 12), 1), None, ["I07"]),
        ("99010119681332001" + check_digit("99010119681332001"), None, ["I07"]),
        (make_number("090101", date(1968, 3, 12), 1), make_number("090101", date(1968, 3, 12), 1), ["I09"]),
        (ENDS_IN_000, ENDS_IN_000, ["I11"]),
        (ENDS_IN_00X, ENDS_IN_00X, ["I11"]),
        (make_number("340321", date(1962, 3, 12), 1), make_number("340321", date(1962, 3, 12), 1), []),
        (make_number("340399", date(1962, 3, 12), 1), make_number("340399", date(1962, 3, 12), 1), ["I10"]),
        ("军字第0123456号", None, ["I13"]),
        ("E12345678", None, ["I13"]),
        ("0512345", None, ["I13"]),
        (GOOD_ID + "/" + X_ID, None, ["M09"]),
        (GOOD_ID + "\n" + X_ID, None, ["M09"]),
        (GOOD_ID + "、990101680312001", None, ["M09"]),
        ("0", None, ["M07"]),
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


def test_an_age_outside_the_band_is_said_with_the_band() -> None:
    child = make_number("990101", date(2015, 1, 1), 1)
    assert read("id18", child, low=17).findings[0].words == {"age": 11, "ages": "17 岁以上"}
    assert read("id18", child, low=16, high=60).findings[0].words["ages"] == "16 到 60 岁"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (OLD, OLD, []),
        (int(OLD), OLD, []),
        ("990101 680312 001", OLD, ["I02"]),
        (GOOD_ID, GOOD_ID, []),
        (X_ID.lower(), X_ID, ["I02"]),
        (int(GOOD_ID), None, ["I01"]),
        ("99010168O312001", None, ["I05"]),
        ("990101681332001", None, ["I07"]),
        ("340399680312001", "340399680312001", ["I10"]),
        (GOOD_ID[:-1], None, ["I03"]),
        (GOOD_ID[:-1] + str((int(GOOD_ID[-1]) + 1) % 10), None, ["I06"]),
        ("军字第0123456号", None, ["I13"]),
        (f"{OLD}/{GOOD_ID}", None, ["M09"]),
        ("", None, []),
        ("无", None, ["M07"]),
    ],
)
def test_an_old_list_keeps_fifteen_digits_as_they_are(raw: Raw, value: object, codes: list[str]) -> None:
    assert said(read("idold", raw)) == (value, codes)


def test_fifteen_digits_are_told_what_eighteen_they_would_be_but_never_replaced() -> None:
    finding = read("id18", OLD).findings[0]
    assert finding.words["std"] == f"990101********001{check_digit('99010119680312001')}"


def test_an_area_is_asked_after_by_membership_only() -> None:
    assert known_area("110101")
    assert known_area("110103")  # gone since 2010: people keep their numbers
    assert known_area("340321")  # a county since 1983; its people are older
    assert not known_area("110199")
    assert not known_area("990101")


def test_the_own_county_is_known_even_if_it_is_newer_than_the_table() -> None:
    new = replace(COUNTY, code="340399")
    number = make_number("340399", date(1962, 3, 12), 1)
    assert said(read("id18", number, Setting(replace(TOWNSHIP, county=new), SETTING.today))) == (number, [])

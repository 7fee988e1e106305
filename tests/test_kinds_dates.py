"""What dates, months and years in a cell come to."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tests.cells import read, said
from tests.small import SETTING
from workbook_templates.cells import Raw
from workbook_templates.kinds.base import serial
from workbook_templates.kinds.written_dates import iso_serial


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
        ("1986.11-1990.3", None, ["M09"]),
        ("1986年11月至1990年3月", None, ["M09"]),
        ("1986.11—1990.3", None, ["M09"]),
        ("二〇一九年", None, ["D02"]),
        ("八五年三月", "1985-03", ["D03"]),
        ("一九八五年元月", "1985-01", ["D01"]),
        ("1985年元月", "1985-01", ["D01"]),
        ("1985年3月12号", "1985-03-12", ["D01"]),
        ("一九八五年十十月", None, ["D02"]),
        ("0", None, ["M07"]),
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


def test_a_month_compares_as_its_first_day() -> None:
    assert iso_serial("1985-03") == iso_serial("1985-03-01") == serial(date(1985, 3, 1))


def test_a_bare_serial_number_counts_from_where_its_workbook_counts() -> None:
    assert said(read("pdate", 33208)) == ("1990-12-01", ["D05"])
    assert said(read("pdate", 33208 - 1462, replace(SETTING, from_1904=True))) == ("1990-12-01", ["D05"])


def test_two_dates_in_one_cell_are_to_be_parted_into_their_columns() -> None:
    assert read("pdate", "1986.11-1990.3").findings[0].words["what"] == "日期"

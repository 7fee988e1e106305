"""A row that somebody is still typing is waited for, not told as a mistake, and not for ever."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync_service.pipeline import RunReport
from tests.county import NAMES, CountyOnDisk, make_county, number, veteran, workbook
from validators.problems import Problem

TOWN, CODE = NAMES[0], "990101001"
NOW = datetime(2026, 11, 23, 10).astimezone()


class Typing:
    """A county of which one township's clerk is at work; every save and every run has its moment."""

    def __init__(self, county: CountyOnDisk) -> None:
        self._county = county
        for name in NAMES:
            county.write(name, workbook(name, [veteran(0)]))
        county.sync(NOW)

    def save(self, after: float, *rows: dict[str, object]) -> None:
        """The clerk saves veteran 0 and these rows, so many seconds after NOW."""
        path = self._county.write(TOWN, workbook(TOWN, [veteran(0), *rows]))
        then = NOW.timestamp() + after
        os.utime(path, (then, then))

    def sync(self, after: float) -> tuple[RunReport, list[Problem]]:
        """A run so many seconds after NOW, and what is then told of the rows."""
        report = self._county.sync(NOW + timedelta(seconds=after))
        with self._county.store() as store:
            return report, [one.problem for one in store.problems(CODE) if one.problem.form == "veterans"]

    @property
    def people(self) -> set[str]:
        return {key for township, key in self._county.veterans() if township == CODE}


@pytest.fixture
def typing(tmp_path: Path) -> Typing:
    return Typing(make_county(tmp_path))


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def test_an_incomplete_new_row_is_waited_for_until_the_sheet_has_come_to_rest(typing: Typing) -> None:
    typing.save(100, veteran(1, ethnicity=None, village=None))
    report, problems = typing.sync(110)
    assert [(one.code, one.severity, one.row, one.key) for one in problems] == [("F44", "notice", 3, number(1))]
    assert report.townships[0].errors == 0
    assert typing.people == {number(0)}
    report, problems = typing.sync(150)  # nothing moved, and it is too early: the workbook is not even read
    assert (report.run, report.townships[0].read, codes(problems)) == (None, False, ["F44"])
    report, problems = typing.sync(200)
    assert (report.townships[0].read, codes(problems)) == (True, ["M01", "M01"])
    report, problems = typing.sync(300)
    assert (report.run, report.townships[0].read) == (None, False)


def test_a_row_that_was_completed_meanwhile_is_taken_as_any_other(typing: Typing) -> None:
    typing.save(100, veteran(1, village=None))
    typing.sync(110)
    typing.save(150, veteran(1))
    _, problems = typing.sync(160)
    assert problems == []
    assert typing.people == {number(0), number(1)}


def test_where_somebody_types_all_day_a_row_is_not_waited_for_longer_than_the_settings_say(typing: Typing) -> None:
    row = veteran(1, village=None)
    for minute in (1, 20):
        typing.save(60 * minute, row, *(veteran(n) for n in range(2, 2 + minute)))
        assert codes(typing.sync(60 * minute + 10)[1]) == ["F44"]
    for minute in (32, 33):  # and what was told once stays told
        typing.save(60 * minute, row, *(veteran(n) for n in range(2, 2 + minute)))
        assert codes(typing.sync(60 * minute + 10)[1]) == ["M01"]


def test_a_new_row_with_another_error_is_told_at_once(typing: Typing) -> None:
    typing.save(100, veteran(1, village=None, phone="12"))
    _, problems = typing.sync(110)
    assert "M01" in codes(problems)
    assert "F44" not in codes(problems)


def test_a_stored_row_that_loses_a_value_is_told_at_once(typing: Typing) -> None:
    typing.save(100, veteran(1))
    typing.sync(110)
    typing.save(200, veteran(1, village=None))
    _, problems = typing.sync(210)
    assert codes(problems) == ["M01"]
    assert typing.people == {number(0), number(1)}


def test_rows_without_a_key_are_waited_for_each_by_itself(typing: Typing) -> None:
    typing.save(100, veteran(1, id_number=None), veteran(2, id_number=None))
    _, problems = typing.sync(110)
    assert [(one.code, one.row) for one in problems] == [("F44", 3), ("F44", 4)]

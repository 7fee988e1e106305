"""A month of one county, with LibreOffice as the coordinator's hand: she sorts, filters, colours, inserts and deletes rows, decides, and saves."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from sync_service.review.places import CONFLICTS, CORRECTIONS, PENDING, REVIEWS
from tests.county import NOW, number, veteran
from tests.libreoffice import needs_uno, scripted
from tests.typed_master import LittleCounty, answers, little_county

pytestmark = needs_uno

FIRST, SECOND, THIRD = "城关镇", "石桥镇", "柳林镇"
EAST, WEST = "990101001", "990101002"
DAY = timedelta(days=1)
HAND = {"处理人": "李芳"}
GONE = [*range(20, 45)]
"""So many rows vanish at once that they are held."""


def by_hand(county: LittleCounty, folder: Path, steps: Sequence[Sequence[object]]) -> None:
    """The coordinator opens the master, does all this, and saves it in its place."""
    folder.mkdir()
    job = {"open": county.master.as_uri(), "steps": steps, "save": (folder / "saved.xlsx").as_uri()}
    scripted("tests.coordinator", job, folder)
    shutil.copyfile(folder / "saved.xlsx", county.master)


def places(county: LittleCounty, n: int) -> list[str]:
    return sorted(township for township, key in county.veterans() if key == number(n))


def states(county: LittleCounty, title: str) -> list[str]:
    return [state for state, _ in answers(county, title)]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What stood in the county after each of the three weeks."""
    folder = tmp_path_factory.mktemp("month")
    county, weeks = little_county(folder / "county"), list[dict[str, object]]()
    many = [veteran(n) for n in (0, 1, *GONE)]

    def week(n: int) -> None:
        report = county.sync(NOW + 7 * n * DAY)
        assert not [one for one in report.published if one.trouble], report.published
        weeks.append({
            "person 0": places(county, 0),
            "phone of 1": county.veterans().get((EAST, number(1)), {}).get("phone"),
            "gone": sum((EAST, number(n)) in county.veterans() for n in GONE),
            **{title: states(county, title) for title in (CONFLICTS, PENDING, CORRECTIONS)},
            "reviewed": states(county, REVIEWS).count("已审核"), "changed": states(county, REVIEWS).count("审核后有变更"),
        })  # fmt: skip

    county.say({FIRST: many, SECOND: [veteran(0, phone="13911112222"), veteran(2)], THIRD: [veteran(3)]})
    week(0)
    by_hand(county, folder / "one", [
        ["sort", CONFLICTS, "为什么", True],
        ["write", CONFLICTS, {"甲：在哪里": FIRST}, {"处理决定": "采用甲", **HAND}],
        ["insert", CONFLICTS, 4],
        ["sort", "退役军人", "姓名", True],
        ["write", "退役军人", {"身份证号": number(1)}, {"更正列名": "联系电话", "更正为": "13900009999", **HAND}],
        ["delete", "退役军人", {"身份证号": number(20)}],
        ["filter_by", REVIEWS, "乡镇", SECOND],
        ["write", REVIEWS, {"乡镇": SECOND, "表": "退役军人"}, {"审核": "已审核", **HAND}],
        ["move_last", "总览"],
    ])  # fmt: skip
    county.send(FIRST, many[:2])
    county.send(SECOND, [veteran(0, phone="13911112222"), veteran(2, political_status="中共党员")])
    week(1)
    by_hand(county, folder / "two", [
        ["colour", PENDING, {"甲：是谁": number(21)}],
        ["write", PENDING, {"甲：是谁": number(21)}, {"处理决定": "恢复", **HAND}],
        *(["write", PENDING, {"甲：是谁": number(n)}, {"处理决定": "确认删除", **HAND}] for n in GONE[2:]),
        ["sort", PENDING, "甲：是谁", True],
        ["filter_by", PENDING, "处理决定", "恢复"],
        ["delete", PENDING, {"甲：是谁": number(20)}],
        ["write", CONFLICTS, {"处理决定": "采用甲"}, {"处理决定": "", "处理人": ""}],
    ])  # fmt: skip
    week(2)
    return weeks


def test_in_the_first_week_one_person_stands_in_two_townships(month: list[dict[str, object]]) -> None:
    assert month[0] == {
        "person 0": [EAST, WEST], "phone of 1": veteran(1)["phone"], "gone": 25,
        CONFLICTS: ["待处理"], PENDING: [], CORRECTIONS: [], "reviewed": 0, "changed": 0,
    }  # fmt: skip


def test_in_the_second_week_what_she_decided_in_a_sorted_and_filtered_master_is_done(
    month: list[dict[str, object]],
) -> None:
    now = month[1]
    assert (now["person 0"], now[CONFLICTS]) == ([EAST], ["已处理"])
    assert (now["phone of 1"], now[CORRECTIONS]) == ("13900009999", ["已更正"])
    assert (now["reviewed"], now["changed"]) == (0, 1), "one row changed since, another was taken out by herself"


def test_rows_that_vanished_meanwhile_wait_for_her(month: list[dict[str, object]]) -> None:
    assert month[1]["gone"] == 25
    assert month[1][PENDING].count("待处理") >= 25  # type: ignore[attr-defined]


def test_in_the_third_week_held_rows_are_gone_but_for_those_restored_or_not_decided(
    month: list[dict[str, object]],
) -> None:
    assert month[2]["gone"] == 2, "one restored, one whose line she deleted and so did not decide"


def test_a_decision_that_she_cleared_is_taken_back(month: list[dict[str, object]]) -> None:
    assert (month[2]["person 0"], month[2][CONFLICTS]) == ([EAST, WEST], ["待处理"])

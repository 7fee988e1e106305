"""What 总览 says of the townships: completeness, timeliness, and how the problems went."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from sync_service.contents import master_content
from sync_service.errors import TaizhangError
from sync_service.look import Look
from sync_service.master.content import MasterContent
from sync_service.master.overview_table import OverviewTable
from sync_service.moments import local
from sync_service.settings import load_settings
from sync_service.store import Store
from sync_service.store.records import Run, Tally
from sync_service.trend import POINTS, trends
from tests.county import NAMES, NOW, VILLAGES, CountyOnDisk, make_county, veteran, workbook
from tests.stored import COUNTY, EAST, WEST, row, sheet, sync

DAY = timedelta(days=1)
ONE, OTHER = "城关镇", "石桥镇"


class Styles(Look):
    """Styles without a workbook: their names."""

    def __init__(self) -> None:
        super().__init__(None)

    def __call__(self, *names: str, **_: object):  # type: ignore[no-untyped-def]
        return names


def set_review(county: CountyOnDisk, **values: str) -> None:
    text = re.sub(r"(?m)^(begins|deadline) = .*$", r'\1 = ""', county.settings.read_text("utf-8"))
    text = re.sub(r"(?m)^expected = .*$", "expected = {}", text)
    for name, value in values.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    county.settings.write_text(text, "utf-8")


def content(county: CountyOnDisk) -> MasterContent:
    with county.store() as store:
        return master_content(store, county.setup, county.forms, store.problems(), {})


def shown(of: MasterContent, township: str = ONE) -> dict[str, object]:
    """A township's line in 总览 by header."""
    line = next(line for line in of.townships if line.name == township)
    return {column.header.replace("\n", ""): column.shown(line)[0] for column in OverviewTable(Styles(), of).columns}


@dataclass(frozen=True)
class Told:
    """A county after a first day, when one township handed in, and after the second, when another did, too."""

    county: CountyOnDisk
    first: MasterContent

    def second(self, **review: str) -> MasterContent:
        set_review(self.county, **review)
        return content(self.county)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    county = make_county(tmp_path_factory.mktemp("dashboard") / "county")
    wrong = [veteran(2, ethnicity=None), veteran(3, village=None, ethnicity=None)]
    county.write(ONE, workbook(ONE, [veteran(0), veteran(1), *wrong]))
    county.sync()
    set_review(county, deadline=f'"{NOW:%Y-%m-%d}"')
    first = content(county)
    county.write(ONE, workbook(ONE, [veteran(0), veteran(1, ethnicity=None), veteran(4)]))
    county.write(OTHER, workbook(OTHER, [veteran(10), veteran(11, village=VILLAGES[1])]))
    county.sync(NOW + 2 * DAY)
    return Told(county, first)


def of_required(told: Told) -> int:
    return sum(column.required for column in told.county.forms["veterans"].stored)


def test_blank_required_cells_count_against_all_that_must_be_filled_in(told: Told) -> None:
    line, required = told.first.townships[0], of_required(told)
    assert (line.blanks, line.required) == (3, 4 * required), "rows that were never right count, too"
    assert shown(told.first)["必填齐全"] == (4 * required - 3) * 1000 // (4 * required) / 1000


def test_a_row_that_was_right_once_and_is_not_now_is_counted_once(told: Told) -> None:
    line = told.second().townships[0]
    assert (line.blanks, line.required) == (1, 3 * of_required(told))


def test_villages_of_which_no_form_has_a_row_are_named(told: Told) -> None:
    now = told.second()
    assert [line.idle for line in now.townships] == [VILLAGES[1:], (), VILLAGES]
    assert shown(now)["没有记录的村"] == f"1 个：{VILLAGES[1]}"
    assert shown(now, OTHER)["没有记录的村"] == "√"


def test_expected_rows_are_compared_where_the_county_expects_any(told: Told) -> None:
    assert "应报" not in shown(told.second())
    now = told.second(expected='{ "城关镇" = { "退役军人" = 8 } }')
    assert (shown(now)["应报"], shown(now)["完成率"]) == (8, 0.375)
    assert shown(now, OTHER)["应报"] == "—"


def test_a_township_is_on_time_late_or_missing(told: Told) -> None:
    now = told.second(deadline=f'"{NOW:%Y-%m-%d}"')
    assert [shown(told.first, name)["是否按时"] for name in NAMES] == ["√ 按时", "○ 还没有报", "○ 还没有报"]
    assert [shown(now, name)["是否按时"] for name in NAMES] == ["▲ 截止后改过", "▲ 迟了 2 天", "× 逾期没报"]
    assert shown(now)["最近改动"] == (NOW + 2 * DAY).date()
    assert "是否按时" not in shown(told.second())


def test_changes_before_the_period_began_do_not_count(told: Told) -> None:
    now = told.second(begins=f'"{NOW + 3 * DAY:%Y-%m-%d}"', deadline=f'"{NOW + 9 * DAY:%Y-%m-%d}"')
    assert shown(now)["是否按时"] == "○ 还没有报"


@pytest.mark.parametrize(
    "expected",
    ['{ "城关" = { "退役军人" = 8 } }', '{ "城关镇" = { "退伍军人" = 8 } }', '{ "城关镇" = { "退役军人" = -1 } }'],
)
def test_what_cannot_be_expected_is_refused_by_name(told: Told, expected: str) -> None:
    set_review(told.county, expected=expected)
    with pytest.raises(TaizhangError, match=r"review\.expected"):
        load_settings(told.county.settings).forms()


def test_a_deadline_that_is_no_day_is_refused(told: Told) -> None:
    set_review(told.county, deadline='"12月底"')
    with pytest.raises(TaizhangError, match="deadline"):
        load_settings(told.county.settings)


def ran(*finished: str) -> list[Run]:
    return [Run(n, "sync", at, at, "", None) for n, at in enumerate(finished, 1)][::-1]


def test_a_trend_carries_on_what_a_run_did_not_read() -> None:
    runs = ran("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z", "2026-03-02T08:00:00Z")
    tallies = [
        Tally(1, EAST, "veterans", 5, 5, 0, 0, 0, 3, 1), Tally(1, EAST, "cover", 1, 1, 0, 0, 0, 0, 0),
        Tally(2, WEST, "veterans", 7, 7, 0, 0, 0, 2, 2), Tally(3, EAST, "veterans", 6, 1, 0, 0, 0, 0, 1),
    ]  # fmt: skip
    points, rows = trends(runs, tallies, {"veterans"})
    assert [(point.errors, point.warnings) for point in points] == [(3, 1), (5, 3), (2, 3)]
    assert rows == {EAST: (5, 5, 6), WEST: (7, 7)}


def test_a_trend_has_the_last_run_of_each_day_and_fills_up_with_others() -> None:
    runs = ran(*(f"2026-03-{1 + n // 5:02d}T{1 + n % 5:02d}:00:00Z" for n in range(100)))
    points, _ = trends(runs, [], ())
    assert [point.at for point in points] == [local(f"2026-03-{day:02d}T05:00:00Z") for day in range(21 - POINTS, 21)]
    few, _ = trends(runs[:7], [], ())
    assert len(few) == 7


def test_the_database_counts_villages_changes_and_rows_that_await_mending(url: str) -> None:
    with Store.open(url, COUNTY) as store, Store.open(url, "990102") as other:
        here, there = row("k1", name="甲", village="东风村"), row("k2", at=6, name="乙")
        sync(store, 1, sheet(here, there))
        sync(store, 9, sheet(row("k1", name="甲", village="向阳村"), row("k2", at=6, valid=False, name="乙")))
        counted = store.dashboard("2026-03-01T00:00:00Z")
        assert store.values_in("veterans", EAST, "village") == {"向阳村"}
        assert counted.changed == {EAST: ("2026-03-01T00:01:00Z", "2026-03-01T00:09:00Z")}
        assert counted.awaiting == {(EAST, "veterans"): 1}
        assert store.dashboard("2026-03-01T00:05:00Z").changed[EAST].first == "2026-03-01T00:09:00Z"
        assert other.values_in("veterans", EAST, "village") == frozenset()

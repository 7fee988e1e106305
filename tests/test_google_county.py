"""Townships in shared spreadsheets through whole runs: the same rows, the same problems, and nothing ever lost."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync_service.sources.google.link import READS_A_MINUTE
from sync_service.sources.pace import Pace, pace_of
from tests.county import make_county, veteran, workbook
from tests.google_county import SharedCounty, share_county
from tests.google_stand_in.book import Spreadsheet
from tests.google_stand_in.hands import copy_tab, delete_tab, do, draw, move_tab, rename_tab, type_rows
from tests.google_stand_in.server import StandIn, standing_in
from tests.google_stand_in.world import Fault

TOWN = "城关镇"
READ = "GET /v4/spreadsheets/"


@pytest.fixture
def google() -> Iterator[StandIn]:
    pace_of.cache_clear()  # the tests of one minute read more than a county may
    with standing_in() as stand_in:
        yield stand_in


@pytest.fixture
def county(tmp_path: Path, google: StandIn) -> SharedCounty:
    made = share_county(tmp_path, google, [TOWN, "石桥镇"])
    made.fill(TOWN, [veteran(n) for n in range(1, 31)])
    made.fill("石桥镇", [veteran(n) for n in range(31, 41)])
    assert {line.status for line in made.sync().townships} == {"ok"}
    return made


def test_shared_sheets_are_stored_and_told_like_files(county: SharedCounty, tmp_path: Path) -> None:
    assert len(county.keys()) == 40
    (tmp_path / "files").mkdir()
    files = make_county(tmp_path / "files")
    files.write(TOWN, workbook(TOWN, [veteran(n) for n in range(1, 31)]))
    files.write("石桥镇", workbook("石桥镇", [veteran(n) for n in range(31, 41)]))
    files.sync()
    assert set(files.veterans()) == county.keys()
    assert (tmp_path / "反馈" / f"{TOWN}_校验反馈.xlsx").exists()


def test_a_pass_with_nothing_changed_reads_no_spreadsheet(county: SharedCounty) -> None:
    county.google.world.log.clear()
    report = county.sync()
    assert report.run is None
    assert county.google.world.counts == {"token": 1, "drive": 1}


def test_one_changed_spreadsheet_is_the_only_one_read(county: SharedCounty) -> None:
    county.fill(TOWN, [veteran(n) for n in range(2, 31)])
    county.google.world.log.clear()
    assert county.sync().run
    counts = county.google.world.counts
    # Read once to be judged, and at most once more for its feedback; Drive tells before and after.
    assert 1 <= counts["sheets read"] <= 2
    assert counts["drive"] <= 3
    assert counts["sheets write"] == 0
    assert {line for line in county.google.world.log if READ in line} == {f"{READ}{county.books[TOWN].id}"}


def test_a_change_that_nobody_sees_changes_nothing(county: SharedCounty, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")}
    county.books[TOWN].touched()
    county.google.world.log.clear()
    report = county.sync()
    assert report.run is None
    assert county.google.world.counts["sheets read"] == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")} == before
    county.google.world.log.clear()
    county.sync()
    assert county.google.world.counts["sheets read"] == 0


def test_many_changed_at_once_are_read_over_some_minutes_and_all_of_them(
    tmp_path: Path, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, turns = [0.0], list[float]()

    class Watched(Pace):
        def turn(self) -> None:
            super().turn()
            turns.append(clock[0])

    watched = Watched(5, lambda: clock[0], lambda wait: clock.__setitem__(0, clock[0] + wait))
    paces = {("谷歌表格", READS_A_MINUTE): watched}
    monkeypatch.setattr("sync_service.sources.places.pace_of", lambda *place: paces[place])
    names = [f"{n}镇" for n in "甲乙丙丁戊己庚"]
    county = share_county(tmp_path, google, names)
    for n, name in enumerate(names):
        county.fill(name, [veteran(10 * n)])
    assert {line.status for line in county.sync().townships} == {"ok"}
    assert len(county.keys()) == len(names)
    # Every reading has waited for its turn; the feedback is made from the same one, and waits for nothing.
    assert len(turns) == google.world.counts["sheets read"] == len(names)
    assert all(sum(turn <= other < turn + 60 for other in turns) <= 5 for turn in turns)
    assert READS_A_MINUTE <= 60


# Nothing is ever taken for "all rows deleted"


def _emptied(book: Spreadsheet) -> None:
    for sheet in book.sheets:
        sheet.cells = {}
    book.touched()


LOSSES: dict[str, tuple[Callable[[SharedCounty, Spreadsheet], object], str, str]] = {
    "no longer shared": (lambda _, book: book.readers.clear(), "F45", "F45"),
    "in the trash": (lambda _, book: setattr(book, "trashed", True), "F45", "F45"),
    "deleted": (lambda county, book: county.google.world.books.pop(book.id), "F45", "F45"),
    "all cells emptied": (lambda _, book: _emptied(book), "F04", "F04"),
    "the tab deleted": (lambda _, book: delete_tab(book, "退役军人"), "ok", "F09"),
    "the account refused": (lambda county, _: county.google.world.keys.clear(), "F46", "F46"),
    "an answer without sheets": (lambda county, book: _answered_without_sheets(county, book), "F41", "F41"),
}


def _answered_without_sheets(county: SharedCounty, book: Spreadsheet) -> None:
    book.touched()
    county.google.world.faults.append(Fault(READ, status=200, body={"properties": {"title": "x"}}, times=99))


@pytest.mark.parametrize("loss", LOSSES)
def test_lost_access_a_lost_tab_or_an_empty_answer_never_deletes_rows(county: SharedCounty, loss: str) -> None:
    before = county.keys()
    lose, status, told = LOSSES[loss]
    lose(county, county.books[TOWN])
    report = county.sync()
    assert county.keys() == before
    assert len(before) == 40
    line = next(line for line in report.townships if line.name == TOWN)
    assert (line.status, county.codes(TOWN)) == (status, [told])


def test_a_place_that_is_down_is_told_once_to_everybody_in_it_and_over_when_it_is_back(
    county: SharedCounty, google: StandIn
) -> None:
    before = county.keys()
    google.world.faults.append(
        Fault("GET /drive", status=403, body={"error": {"code": 403, "details": [{"reason": "SERVICE_DISABLED"}]}})
    )
    assert {line.status for line in county.sync().townships} == {"F46"}
    assert county.keys() == before
    assert {line.status for line in county.sync().townships} == {"ok"}
    assert county.codes(TOWN) == []


def test_a_spreadsheet_that_is_shared_again_is_read_again(county: SharedCounty) -> None:
    book = county.books[TOWN]
    readers = set(book.readers)
    book.readers.clear()
    assert county.status(TOWN) == "F45"
    book.readers = readers
    assert county.status(TOWN) == "ok"
    assert county.codes(TOWN) == []


def test_typing_during_the_read_waits_for_the_next_pass(county: SharedCounty, google: StandIn) -> None:
    before = county.keys()
    county.fill(TOWN, [veteran(n) for n in range(1, 32)])
    typed = workbook(TOWN, [veteran(n) for n in range(1, 33)])
    google.world.faults.append(Fault(READ, then=lambda: draw(county.books[TOWN], typed)))
    assert county.status(TOWN) == "F43"
    assert county.keys() == before
    assert county.status(TOWN) == "ok"
    assert len(county.keys()) == len(before) + 2


# Tabs


def test_renamed_moved_and_added_tabs_change_no_rows(county: SharedCounty) -> None:
    before = county.keys()
    book = county.books[TOWN]
    move_tab(book, "退役军人", 5)
    rename_tab(book, "退役军人", "退役军人(2026)")
    do(book, {"addSheet": {"properties": {"title": "草稿"}}})
    county.sync()
    assert county.keys() == before


def test_a_copied_tab_is_not_counted_twice(county: SharedCounty) -> None:
    before = county.keys()
    copy_tab(county.books[TOWN], "退役军人", "“退役军人”的副本")
    county.sync()
    assert county.keys() == before


def test_a_row_typed_into_a_shared_sheet_is_stored_where_it_stands(county: SharedCounty) -> None:
    drawn = workbook(TOWN, [veteran(n) for n in range(1, 32)])["退役军人"]
    type_rows(county.books[TOWN], "退役军人", drawn, first=32)
    county.sync()
    with county.store() as store:
        assert max(row.row for row in store.rows("veterans") if row.township == "990101001") == 32


# Only reading, and only here


def test_the_service_never_writes_to_a_clerk_s_sheet(county: SharedCounty) -> None:
    county.fill(TOWN, [veteran(1, phone="1")])
    county.sync(full=True)
    assert county.google.world.counts["sheets write"] == 0
    assert county.codes(TOWN)


def test_a_county_without_shared_sheets_does_not_load_google_s_libraries() -> None:
    code = (
        "import sys, sync_service.cli, sync_service.pipeline, sync_service.templates;"
        "print([name for name in ('gspread', 'google.auth') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

"""A shared spreadsheet as a source: what is read of it, and what becomes of everything that goes wrong on the way."""

import logging
import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.sources.access import Access
from sync_service.sources.base import Item, ItemBusy, ItemGone, Limits, Refused, SourceDown, unchanged
from sync_service.sources.crew import run_all
from sync_service.sources.google.account import ENVIRONMENT, READING, account
from sync_service.sources.google.cells import FIELDS, book_told, parse_answer, without_blanks
from sync_service.sources.google.client import Patience, SheetsClient, UnreachableError
from sync_service.sources.google.link import spreadsheet_id
from sync_service.sources.google.source import GoogleSource
from sync_service.sources.pace import MINUTE, Pace
from tests.drawn import sheet
from tests.google_schema import unknown_fields
from tests.google_stand_in.book import Spreadsheet
from tests.google_stand_in.cells import type_into
from tests.google_stand_in.hands import draw, hide_rows, type_rows
from tests.google_stand_in.masks import parse_mask
from tests.google_stand_in.server import ACCOUNT, StandIn, standing_in
from tests.google_stand_in.world import Fault
from validators.raw import Range, RawBook
from workbook_templates.cells import CellError

TOWN, EMPTY_TOWN = "990101001", "990101002"
READ, LIST, ABOUT = "GET /v4/spreadsheets/", "GET /drive/v3/files$", "GET /drive/v3/files/"


@pytest.fixture
def google() -> Iterator[StandIn]:
    with standing_in() as stand_in:
        yield stand_in


@pytest.fixture
def access(google: StandIn, tmp_path: Path) -> Access:
    return Access(google=google.key_file(tmp_path), google_root=google.url, seconds=0.5)


@pytest.fixture
def book(google: StandIn) -> Spreadsheet:
    made = google.world.new_book("城关镇台账")
    made.readers.add(ACCOUNT)
    draw(made, {"退役军人": sheet("|姓名|\n|某甲|")})
    return made


@pytest.fixture
def source(access: Access, book: Spreadsheet) -> GoogleSource:
    return GoogleSource.of({TOWN: f"google:{book.id}", EMPTY_TOWN: "google:" + "x" * 40}, access)


@pytest.fixture
def item(source: GoogleSource) -> Item:
    found = source.look()[0].item
    assert found
    return found


def _client(access: Access, patience: float = 45) -> tuple[SheetsClient, list[float]]:
    """A client that notes how long it would wait, and does not."""
    slept: list[float] = []
    who = account(access, READING)
    return SheetsClient(who.credentials, access.google_root, Patience(1, 1, patience), slept.append), slept


# What is read


def test_cells_are_typed_and_stand_where_the_clerk_sees_them(
    source: GoogleSource, item: Item, book: Spreadsheet
) -> None:
    drawn = sheet(
        """
        | 文字 | 数 | 日子 | 时刻 | 真假 | 错误 |
        | |
        | '990101196001010015' | =12.5 | @1985-03-12 | @1985-03-12T08:30 | =TRUE | #N/A |
        | | =990101196001010000 | | | =FALSE |
        | '0012' | =7 |
        """
    )
    draw(book, {"退役军人": drawn})
    found = source.read(item, Limits())
    assert found.name == "城关镇台账"
    assert list(found.sheets[0].rows) == list(drawn.rows)
    typed = found.sheets[0].rows[2]
    assert typed == (
        "990101196001010015", 12.5, date(1985, 3, 12), datetime(1985, 3, 12, 8, 30), True, CellError("#N/A"),
    )  # fmt: skip


def test_what_google_makes_of_typing_is_what_is_read(source: GoogleSource, item: Item, book: Spreadsheet) -> None:
    typed = {"2020/1/5": date(2020, 1, 5), "1985年3月12日": date(1985, 3, 12), "1,234": 1234, "0012": 12, "50%": 0.5}
    client_sheet = book.sheets[0]
    for column, text in enumerate(typed, 1):
        type_into(client_sheet.cell(3, column), text)
    book.touched()
    assert source.read(item, Limits()).sheets[0].rows[2] == tuple(typed.values())


def test_hidden_tabs_hidden_rows_and_merged_cells_are_told(source: GoogleSource, item: Item, book: Spreadsheet) -> None:
    draw(book, {"退役军人": sheet("|姓名|\n|某甲|\n|某乙|\n|某丙|"), "旧表": sheet("|a|")})
    hide_rows(book, "退役军人", 3, 3)
    hide_rows(book, "退役军人", 9, 12)
    book.sheets[1].properties["hidden"] = True
    book.sheets[0].merges.append(
        {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    )
    people, old = source.read(item, Limits()).sheets
    assert (people.visible, old.visible) == (True, False)
    assert people.hidden_rows == {3}
    assert people.merged == (Range(1, 1, 1, 3),)


def test_cells_with_nothing_but_a_format_cost_nothing() -> None:
    blank = (
        b'{"effectiveFormat":{"numberFormat":{"type":"TEXT"}}},{"effectiveFormat":{}},{"effectiveFormat":{"numberFormat":{}}},'
        b'{"effectiveValue":{"stringValue":""},"formattedValue":"","effectiveFormat":{"numberFormat":{"type":"DATE"}}},'
        b'{"effectiveValue":{"stringValue":""}},{}'
    )
    assert without_blanks(blank) == b"{},{},{},{},{},{}"


def test_a_text_that_looks_like_an_answer_is_left_alone(source: GoogleSource, item: Item, book: Spreadsheet) -> None:
    odd = '{"effectiveFormat":{"numberFormat":{"type":"TEXT"}}}'
    draw(book, {"退役军人": sheet(f"|姓名|\n|{odd}|")})
    assert source.read(item, Limits()).sheets[0].rows[1] == (odd,)


def test_a_spreadsheet_that_is_too_large_is_refused_with_the_limit(source: GoogleSource, item: Item) -> None:
    with pytest.raises(Refused) as caught:
        source.read(item, Limits(rows=1))
    assert caught.value.problem.code == "F30"


def test_no_answer_is_taken_for_an_empty_workbook() -> None:
    for answer in (b"{}", b"[]", b'{"properties":{"title":"x"}}', b'{"properties":{"title":"x"},"sheets":[]}', b""):
        with pytest.raises(ValueError, match=r"no spreadsheet|JSON|empty"):
            book_told(parse_answer(answer), Limits())


def test_reading_takes_one_request(google: StandIn, source: GoogleSource, item: Item) -> None:
    google.world.log.clear()
    source.read(item, Limits())
    assert google.world.counts == {"sheets read": 1}


def test_every_field_that_is_asked_for_is_in_google_s_own_description() -> None:
    assert unknown_fields("Spreadsheet", parse_mask(FIELDS)) == []
    assert unknown_fields("Spreadsheet", parse_mask("sheets.data.rowData.value")) == ["RowData.value"]


def test_reading_works_in_a_process_of_its_own(source: GoogleSource, item: Item) -> None:
    ((_, found),) = run_all(source.read, [(item, Limits())], Limits())
    assert isinstance(found, RawBook)
    assert found == source.read(item, Limits())


def test_the_source_may_go_to_another_process(source: GoogleSource) -> None:
    assert pickle.loads(pickle.dumps(source)) == source


# Looking


def test_one_call_to_drive_looks_at_the_whole_county(google: StandIn, source: GoogleSource, book: Spreadsheet) -> None:
    source.look()
    google.world.log.clear()
    town, empty = source.look()
    assert google.world.counts == {"drive": 1}
    assert town.item == Item(TOWN, "城关镇台账", f"google:{book.id}")
    assert town.mark is not None
    assert town.item.changed == pytest.approx(time.time(), abs=60)
    assert empty.item is None
    assert [told.code for told in empty.problems] == ["F45"]
    assert ACCOUNT in empty.problems[0].cure


def test_a_long_list_is_followed_to_its_end(google: StandIn, source: GoogleSource) -> None:
    for number in range(1001):
        google.world.new_book(f"别的 {number}", ACCOUNT)
    google.world.books = dict(reversed(google.world.books.items()))
    assert source.look()[0].item


def test_the_version_tells_that_something_changed(source: GoogleSource, item: Item, book: Spreadsheet) -> None:
    first = source.look()[0].mark
    assert first
    assert source.look()[0].mark == first == source.mark(item, first)
    book.touched()
    assert source.mark(item, first).digest != first.digest


def test_typing_during_the_read_makes_the_workbook_busy(source: GoogleSource, item: Item, book: Spreadsheet) -> None:
    before = source.mark(item, None)
    source.read(item, Limits())
    type_rows(book, "退役军人", sheet("|姓名|\n|某乙|"))
    with pytest.raises(ItemBusy) as caught:
        unchanged(source, item, before)
    assert caught.value.problem.code == "F43"


# What goes wrong


@pytest.mark.parametrize(
    "lost",
    [
        lambda book: book.readers.clear(),
        lambda book: setattr(book, "trashed", True),
    ],
    ids=["no longer shared", "in the trash"],
)
def test_a_lost_spreadsheet_is_gone_and_says_how_to_get_it_back(
    source: GoogleSource, item: Item, book: Spreadsheet, lost: object
) -> None:
    assert callable(lost)
    lost(book)
    found = source.look()[0]
    assert found.item is None
    assert [told.code for told in found.problems] == ["F45"]
    with pytest.raises(ItemGone):
        source.mark(item, None)


def test_a_deleted_spreadsheet_is_gone_for_reading_too(google: StandIn, source: GoogleSource, item: Item) -> None:
    google.world.books.clear()
    with pytest.raises(ItemGone):
        source.read(item, Limits())


@pytest.mark.parametrize(
    "fault",
    [
        Fault(READ, status=429, headers={"Retry-After": "1"}),
        Fault(READ, status=403, body={"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}}),
        Fault(READ, status=503),
        Fault(READ, status=502, body="<html><title>Error 502</title></html>"),
        Fault(READ, status=200, body="<html>log in</html>"),
        Fault(READ, cut="body"),
        Fault(READ, cut="connection"),
        Fault(READ, delay=3.5),
    ],
    ids=["429", "403 rate", "503", "502 html", "200 html", "cut-off JSON", "disconnected in mid-answer", "silence"],
)
def test_what_passes_is_asked_for_again(google: StandIn, access: Access, source: GoogleSource, fault: Fault) -> None:
    source = replace(source, access=replace(access, seconds=1))
    found = source.look()[0].item
    assert found
    google.world.faults.append(replace(fault))
    assert source.read(found, Limits()).sheets[0].rows == [("姓名",), ("某甲",)]
    assert google.world.counts["sheets read"] == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_does_not_pass_is_given_up_in_time(google: StandIn, source: GoogleSource, item: Item, status: int) -> None:
    google.world.faults.append(Fault(READ, status=status, times=99))
    began = time.monotonic()
    with pytest.raises(SourceDown) as caught:
        source.read(item, Limits())
    assert time.monotonic() - began < 5
    assert caught.value.problem.code == "F41"
    assert "谷歌表格" in caught.value.problem.message


def test_a_server_that_is_not_there_is_down_not_empty(access: Access, book: Spreadsheet) -> None:
    source = GoogleSource.of({TOWN: book.id}, replace(access, google_root="http://127.0.0.1:9"))
    with pytest.raises(SourceDown) as caught:
        source.look()
    assert caught.value.problem.code == "F41"


def test_an_account_that_google_does_not_know_is_told_so(google: StandIn, source: GoogleSource) -> None:
    google.world.keys.clear()
    with pytest.raises(SourceDown) as caught:
        source.look()
    assert caught.value.problem.code == "F46"
    assert "密钥" in caught.value.problem.message


def test_an_interface_that_is_not_switched_on_is_told_so(google: StandIn, source: GoogleSource) -> None:
    disabled = {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [{"reason": "SERVICE_DISABLED"}]}}
    google.world.faults.append(Fault(LIST, status=403, body=disabled))
    with pytest.raises(SourceDown) as caught:
        source.look()
    assert "启用" in caught.value.problem.message


def test_google_is_waited_for_as_long_as_it_asks(google: StandIn, access: Access, book: Spreadsheet) -> None:
    client, slept = _client(access)
    google.world.faults.append(Fault(READ, status=429, headers={"Retry-After": "7"}))
    client.spreadsheets_get(book.id)
    assert slept == [7]


def test_google_is_not_waited_for_longer_than_a_pass_can_last(
    google: StandIn, access: Access, book: Spreadsheet
) -> None:
    client, slept = _client(access, patience=20)
    google.world.faults.append(Fault(READ, status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(UnreachableError):
        client.spreadsheets_get(book.id)
    assert slept == []


def test_waits_grow_and_differ(google: StandIn, access: Access, book: Spreadsheet) -> None:
    client, slept = _client(access, patience=30)
    google.world.faults.append(Fault(READ, status=500, times=4))
    client.spreadsheets_get(book.id)
    assert len(slept) == 4
    for n, wait in enumerate(slept):
        assert 2**n / 2 <= wait <= 2**n


def test_writing_is_not_repeated_when_it_may_have_happened(google: StandIn, access: Access, book: Spreadsheet) -> None:
    book.writers.add(ACCOUNT)
    client, slept = _client(access)
    google.world.faults.append(Fault("POST /v4", cut="connection"))
    with pytest.raises(UnreachableError):
        client.batch_update(book.id, {"requests": [{"addSheet": {"properties": {"title": "新"}}}]})
    assert slept == []
    assert [one.title for one in book.sheets] == ["退役军人", "新"]


# The quota


def test_no_minute_sees_more_reads_than_allowed() -> None:
    clock = [0.0]
    pace = Pace(50, lambda: clock[0], lambda wait: clock.__setitem__(0, clock[0] + wait))
    turns = []
    for _ in range(300):
        pace.turn()
        turns.append(clock[0])
        clock[0] += 0.1
    for turn in turns:
        assert sum(turn <= other < turn + MINUTE for other in turns) <= 50
    assert turns[-1] < 6 * MINUTE


@pytest.mark.parametrize("townships", [30, 300])
def test_an_hour_of_passes_over_a_quiet_county_costs_one_drive_call_a_minute(
    google: StandIn, access: Access, townships: int
) -> None:
    ids = {}
    for number in range(townships):
        made = google.world.new_book(f"{number}")
        made.readers.add(ACCOUNT)
        ids[f"990101{number:03d}"] = made.id
    source = GoogleSource.of(ids, access)
    for _ in range(60):
        assert all(found.item for found in source.look())
    assert google.world.counts == {"token": 1, "drive": 60}


# Keys and links


def test_a_key_that_others_can_read_is_not_used(access: Access) -> None:
    assert access.google
    access.google.chmod(0o644)
    with pytest.raises(TaizhangError) as caught:
        GoogleSource.of({TOWN: "x" * 30}, access)
    assert "chmod 600" in caught.value.hint


def test_the_environment_may_say_where_the_key_is(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TaizhangError) as caught:
        account(Access(), READING)
    assert ENVIRONMENT in caught.value.hint
    monkeypatch.setenv(ENVIRONMENT, str(access.google))
    assert account(Access(), READING).name == ACCOUNT


def test_a_file_that_is_no_key_is_refused_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    for text in ('{"type": "service_account", "private_key": "secret-6174"}', '"secret-6174"', "secret-6174"):
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(TaizhangError) as caught:
            account(Access(google=path), READING)
        assert "6174" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


def test_somebody_s_own_account_may_be_used_instead(tmp_path: Path) -> None:
    path = tmp_path / "authorized_user.json"
    path.write_text('{"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}')
    path.chmod(0o600)
    assert account(Access(google=path), READING).credentials is not None


def test_neither_key_nor_token_nor_cell_is_ever_logged(
    google: StandIn, source: GoogleSource, item: Item, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        google.world.faults.append(Fault(READ, status=503))
        source.read(item, Limits())
    assert "ya29." not in caplog.text
    assert "PRIVATE KEY" not in caplog.text
    assert "某甲" not in caplog.text
    assert "ya29." not in repr(source)


@pytest.mark.parametrize(
    "text",
    [
        "google:1aBcDeFgHiJkLmNoPqRsTuVwXyZ-_012345",
        "google:https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ-_012345/edit#gid=0",
        "https://docs.google.com/spreadsheets/u/1/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ-_012345/edit?usp=sharing",
        " https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ-_012345 ",
    ],
)
def test_a_link_is_understood_as_the_browser_shows_it(text: str) -> None:
    assert spreadsheet_id(text) == "1aBcDeFgHiJkLmNoPqRsTuVwXyZ-_012345"


@pytest.mark.parametrize("text", ["google:", "google:城关镇", "https://example.com/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ", ""])
def test_another_link_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(ValueError, match="地址栏"):
        spreadsheet_id(text)

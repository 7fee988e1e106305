"""The forms laid into a given spreadsheet: they are read like the Excel workbook, and nobody's typing is overwritten."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.google_templates import MOST_BYTES, batches, clearing, lay_template
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_bytes
from sync_service.sources.google.source import GoogleSource
from sync_service.sources.pace import pace_of
from tests.google_county import SharedCounty, share_county
from tests.google_schema import faults_of
from tests.google_stand_in.a1 import Json
from tests.google_stand_in.hands import rename_tab, type_raw
from tests.google_stand_in.server import ACCOUNT, StandIn, standing_in
from tests.google_stand_in.world import Fault
from tests.right_people import FORMS, PERIOD, ROWS, TODAY, TOWNSHIP
from validators.check import check
from validators.raw import RawBook
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.google.template import template_requests
from workbook_templates.sheet import FIRST_ROW, last_row, places

TOWN = TOWNSHIP.name
SHORT = Forms([form.model_copy(update={"room": 12}) for form in FORMS.values()], FORMS.digest)
"""A dozen rows of each form are enough to be typed into; Google would calculate thousands of them, not we."""


@pytest.fixture
def google() -> Iterator[StandIn]:
    pace_of.cache_clear()  # the tests of one minute read more than a county may
    with standing_in() as stand_in:
        yield stand_in


@pytest.fixture
def county(tmp_path: Path, google: StandIn) -> SharedCounty:
    made = share_county(tmp_path, google, [TOWN], SHORT)
    made.books[TOWN].writers.add(ACCOUNT)
    return made


def _lay(county: SharedCounty, *, force: bool = False) -> str:
    return lay_template(county.setup, SHORT, f"google:{county.books[TOWN].id}", force=force).title


def _read(county: SharedCounty) -> RawBook:
    source = GoogleSource.of(county.setup.addresses, county.setup.access)
    [found] = source.look()
    assert found.item
    return source.read(found.item, Limits())


def _excel(county: SharedCounty, rows: dict[str, list[Json]] | None = None) -> RawBook:
    file = BytesIO()
    write_template(file, SHORT, county.setup.townships[0], PERIOD, rows=rows)
    return read_bytes(f"{TOWN}.xlsx", file.getvalue(), Limits())


def _type_like(county: SharedCounty, excel: RawBook) -> None:
    """Types every cell of the Excel workbook that a clerk fills in into the spreadsheet."""
    book = county.books[TOWN]
    for form in SHORT.of(TOWNSHIP).values():
        raw, sheet = next(one for one in excel.sheets if one.title == form.title), book.titled(form.title)
        assert sheet
        typed = {place.number for place in places(form) if place.column.typed}
        if form.layout == "cover":
            continue
        for row, values in enumerate(raw.rows[FIRST_ROW - 1 :], FIRST_ROW):
            for column, value in enumerate(values, 1):
                if column in typed and value is not None:
                    type_raw(sheet.cell(row, column), value)
    book.touched()


# Law: the same rows, typed into either, are the same to us


def test_the_same_rows_in_excel_and_in_google_give_the_same_rows_and_problems(county: SharedCounty) -> None:
    rows: dict[str, list[Json]] = {form: list(map(dict, ROWS[form])) for form in SHORT.of(TOWNSHIP) if form in ROWS}
    for some in rows.values():
        spoilt = dict(some[0])
        for column in list(spoilt)[::3]:
            spoilt[column] = "不对?"
        some += [spoilt, some[0]]
    excel = _excel(county, rows)
    _lay(county)
    _type_like(county, excel)
    google = _read(county)
    assert google.stamp == excel.stamp
    assert [page.title for page in google.sheets] == [page.title for page in excel.sheets]
    ours, theirs = (
        check(SHORT, replace(book, name="x"), county.setup.townships[0], TODAY, PERIOD) for book in (google, excel)
    )  # fmt: skip
    assert [(sheet.form, sheet.rows) for sheet in ours.sheets] == [(sheet.form, sheet.rows) for sheet in theirs.sheets]
    assert ours.problems == theirs.problems
    assert len(ours.problems) > 50


def test_a_freshly_laid_spreadsheet_is_read_like_a_freshly_written_workbook(county: SharedCounty) -> None:
    assert _lay(county) == f"{TOWN}台账"
    google, excel = _read(county), _excel(county)
    assert [(page.title, page.visible, list(page.rows)) for page in google.sheets] == [
        (page.title, page.visible, list(page.rows)) for page in excel.sheets
    ]
    assert google.stamp == excel.stamp


def test_the_stamp_survives_the_loss_of_the_sheet_of_lists(county: SharedCounty) -> None:
    _lay(county)
    county.books[TOWN].sheets = [one for one in county.books[TOWN].sheets if one.title != "字典"]
    assert _read(county).stamp == _excel(county).stamp


# The batches


def test_every_batch_is_short_enough_and_together_they_are_the_template() -> None:
    requests = template_requests(FORMS, TOWNSHIP, PERIOD)
    bodies = list(batches(requests))
    assert 2 <= len(bodies) <= 4
    assert all(len(body) <= MOST_BYTES * 1.01 for body in bodies)
    assert [one for body in bodies for one in orjson.loads(body)["requests"]] == orjson.loads(orjson.dumps(requests))
    first = [next(iter(one)) for one in orjson.loads(bodies[0])["requests"]]
    assert first.count("addSheet") == sum("addSheet" in one for one in requests)


def test_google_s_own_description_allows_the_clearing() -> None:
    there: dict[str, list[dict[str, object]]] = {
        "namedRanges": [{"namedRangeId": "1"}],
        "developerMetadata": [{"metadataId": 2}],
        "sheets": [{"properties": {}}],
    }
    assert faults_of("BatchUpdateSpreadsheetRequest", {"requests": list(clearing(there, 5))}) == []


def test_an_attempt_that_broke_off_is_cleared_and_finished_by_the_next(
    county: SharedCounty, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_service.google_templates.MOST_BYTES", 100_000)
    google.world.faults.append(Fault("POST /v4", cut="connection", skip=2))
    with pytest.raises(TaizhangError, match="一部分") as caught:
        _lay(county)
    assert "再运行一次" in caught.value.hint
    _lay(county)
    assert [page.rows for page in _read(county).sheets] == [page.rows for page in _excel(county).sheets]
    assert len(county.books[TOWN].notes) == 1


def test_a_template_may_be_laid_again_as_long_as_nobody_has_typed(county: SharedCounty) -> None:
    _lay(county)
    before = _read(county)
    _lay(county)
    assert _read(county) == before


# Nobody's typing is overwritten


def test_a_spreadsheet_in_which_somebody_has_typed_is_left_alone(county: SharedCounty) -> None:
    _lay(county)
    book, form = county.books[TOWN], SHORT["veterans"]
    sheet = book.titled(form.title)
    assert sheet
    sheet.cell(last_row(form), places(form)[2].number).value = "某甲"
    before = _read(county)
    with pytest.raises(TaizhangError, match="退役军人"):
        _lay(county)
    assert _read(county) == before
    _lay(county, force=True)
    assert _read(county) != before


def test_a_sheet_that_is_not_ours_is_left_alone(county: SharedCounty) -> None:
    book = county.books[TOWN]
    book.sheets[0].cell(1, 1).value = "别的"
    with pytest.raises(TaizhangError, match="Sheet1"):
        _lay(county)
    book.sheets[0].cells.clear()
    _lay(county)
    rename_tab(book, "退役军人", "改了名")
    with pytest.raises(TaizhangError, match="改了名"):
        _lay(county)


def test_without_the_right_to_edit_it_says_whom_to_share_it_with(county: SharedCounty) -> None:
    county.books[TOWN].writers.clear()
    with pytest.raises(TaizhangError, match="编辑") as caught:
        _lay(county)
    assert ACCOUNT in caught.value.hint


# At the command line


def test_the_command_lays_the_township_s_forms_and_says_what_to_write_into_the_settings(
    tmp_path: Path, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_service.settings.load_forms", lambda own=None: SHORT)  # noqa: ARG005
    key, book = google.key_file(tmp_path), google.world.new_book("新表")
    book.writers.add(ACCOUNT)
    runner, settings = CliRunner(), tmp_path / "county.toml"
    assert runner.invoke(app, ["init", "--county", str(settings)]).exit_code == 0
    text = settings.read_text("utf-8").replace('google = ""', f'google = "{key.name}"')
    settings.write_text(text.replace('google_root = ""', f'google_root = "{google.url}"'), "utf-8")
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit#gid=0"
    command = ["templates", "--county", str(settings), "--google", link]
    refused = runner.invoke(app, command)
    assert isinstance(refused.exception, TaizhangError)
    assert "--township" in refused.exception.hint
    done = runner.invoke(app, [*command, "--township", "城关镇"])
    assert done.exit_code == 0, done.exception
    assert f'workbook = "google:{book.id}"' in done.output
    assert book.titled("退役军人")


def test_a_wrong_link_is_told(county: SharedCounty) -> None:
    with pytest.raises(TaizhangError, match="链接"):
        lay_template(county.setup, SHORT, "https://example.com/x")

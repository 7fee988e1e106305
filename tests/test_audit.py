"""The audit chain: who did what when, and that nobody changes it unseen."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from sync_service.audit.chain import FIRST, Entry, Head, chained, first_broken
from sync_service.audit.words import WHAT, told
from sync_service.cli import app
from sync_service.store import Store
from tests.county import CountyOnDisk, make_county, number, veteran
from tests.endpoint import served
from tests.stored import COUNTY, moment, sheet, sync
from tests.stored import FIRST as ROW

ABOUT = st.dictionaries(st.sampled_from(["run", "note", "township"]), st.integers(0, 9) | st.text(max_size=5))
RUN = CliRunner()


def chain(*abouts: dict[str, str | int]) -> list[Entry]:
    entries: list[Entry] = []
    for n, about in enumerate(abouts):
        head = Head(entries[-1].n, entries[-1].hash) if entries else Head(0, FIRST)
        entries.append(chained(COUNTY, head, moment(n), "电脑用户 甲", "run", about))
    return entries


@given(st.lists(ABOUT, max_size=6))
def test_a_chain_as_it_was_written_holds(abouts: list[dict[str, str | int]]) -> None:
    assert first_broken(COUNTY, chain(*abouts)) is None


@given(st.lists(ABOUT, min_size=1, max_size=6), st.data())
def test_the_first_entry_that_was_changed_is_named(abouts: list[dict[str, str | int]], data: st.DataObject) -> None:
    entries = chain(*abouts)
    n = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["at", "who", "what", "hash"]))
    entries[n] = replace(entries[n], **{name: getattr(entries[n], name) + "x"})
    broken = first_broken(COUNTY, entries)
    assert broken
    assert broken.n == n + 1


@given(st.lists(ABOUT, min_size=2, max_size=6), st.data())
def test_an_entry_that_was_taken_out_is_missed(abouts: list[dict[str, str | int]], data: st.DataObject) -> None:
    entries = chain(*abouts)
    n = data.draw(st.integers(0, len(entries) - 2))
    broken = first_broken(COUNTY, entries[:n] + entries[n + 1 :])
    assert broken
    assert broken.n == n + 1


def test_an_end_that_was_cut_off_is_missed_by_whoever_noted_it() -> None:
    entries = chain({}, {}, {})
    noted = Head(3, entries[2].hash)
    assert first_broken(COUNTY, entries, noted) is None
    assert first_broken(COUNTY, entries[:2]) is None
    broken = first_broken(COUNTY, entries[:2], noted)
    assert broken
    assert broken.n == 3


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_noted() -> None:
    noted = Head(2, chain({}, {})[1].hash)
    broken = first_broken(COUNTY, chain({"run": 9}, {}), noted)
    assert broken
    assert broken.n == 2


def test_another_countys_chain_does_not_pass_for_this_one() -> None:
    assert first_broken("990102", chain({}))


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entries", "UPDATE audit_entries SET who = 'nobody'"])
def test_the_database_itself_refuses_to_change_an_entry(store: Store, url: str, statement: str) -> None:
    sync(store, 1, sheet(ROW))
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert first_broken(COUNTY, store.audit_entries()) is None


def test_every_run_leaves_an_entry_and_a_run_that_changes_nothing_leaves_none(store: Store) -> None:
    sync(store, 1, sheet(ROW))
    sync(store, 2, sheet(ROW))
    store.undo(1, at=moment(3))
    assert [(one.what, one.about["run"], one.about["kind"]) for one in store.audit_entries()] == [
        ("run", 1, "sync"),
        ("run", 2, "undo"),
    ]
    assert first_broken(COUNTY, store.audit_entries()) is None


def test_those_who_note_at_the_same_time_make_one_chain(store: Store, url: str) -> None:
    def noting(who: str) -> None:
        with Store.open(url, COUNTY) as mine:
            for n in range(5):
                mine.note("serve", {"run": n}, who=who, at=moment(n))

    with ThreadPoolExecutor(3) as people:
        list(people.map(noting, ["甲", "乙", "丙"]))
    assert len([*store.audit_entries()]) == 15
    assert first_broken(COUNTY, store.audit_entries()) is None


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    made = make_county(tmp_path_factory.mktemp("audit") / "county")
    made.fill({"城关镇": [veteran(1)]})
    made.sync()
    return made


@pytest.fixture
def taizhang(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(county.folder)

    def command(*words: str, code: int = 0) -> str:
        result = RUN.invoke(app, [*words])
        assert result.exit_code == code, result.output
        return result.output

    return command


def whats(county: CountyOnDisk) -> list[str]:
    with county.store() as store:
        return [entry.what for entry in store.audit_entries()]


def test_what_is_shown_exported_and_given_out_is_noted_without_the_person(
    county: CountyOnDisk, taizhang: Callable[..., str], tmp_path: Path
) -> None:
    before = len(whats(county))
    taizhang("history", number(1))
    assert len(whats(county)) == before
    taizhang("history", number(1), "--reveal")
    taizhang("as-of", "2099-01-01", "--reveal")
    taizhang("as-of", "2099-01-01", "--out", str(tmp_path / "t.csv"))
    taizhang("tokens", "new", "城关镇")
    taizhang("tokens", "revoke", "城关镇")
    taizhang("templates", "--with-data")
    taizhang("seal", "2026下半年", "--by", "李主任")
    taizhang("unseal", "2026下半年", "--note", "数有误", "--by", "李主任")
    assert whats(county)[before:] == [
        "reveal", "reveal", "export", "token_new", "token_revoke", "export", "seal", "unseal",
    ]  # fmt: skip
    listed = taizhang("audit", "list")
    assert number(1) not in listed
    assert number(1) not in taizhang("audit", "list", "--json")
    assert "李主任" in listed
    assert "电脑用户" in listed


def test_verify_tells_the_head_and_holds_it_against_the_chain_later(taizhang: Callable[..., str]) -> None:
    noted = taizhang("audit", "verify").split("：")[-1].strip()
    taizhang("tokens", "new", "石桥镇")
    assert "首尾相接" in taizhang("audit", "verify", "--noted", noted)
    n, _, digest = noted.partition(":")
    assert "被截掉" in taizhang("audit", "verify", "--noted", f"{int(n) + 9}:{digest}", code=1)


def test_a_workbook_handed_in_and_a_server_started_are_noted(county: CountyOnDisk) -> None:
    before = len(whats(county))
    with served(county) as endpoint:
        done = endpoint.post("submit", county.book("城关镇").read_bytes())
        assert done.status_code == 200, done.text
    with county.store() as store:
        noted = [*store.audit_entries()][before:]
    assert [one.what for one in noted] == ["serve", "submit"]
    assert noted[1].who.startswith("乡镇 990101001 口令 ")
    assert noted[1].about["township"] == "990101001"


def test_every_word_of_the_chain_has_a_name_for_people(county: CountyOnDisk) -> None:
    with county.store() as store:
        entries = [*store.audit_entries()]
    assert {one.what for one in entries} <= set(WHAT)
    assert all(told(one).startswith(WHAT[one.what]) for one in entries)


def test_a_chain_that_somebody_changed_behind_our_back_is_told_by_the_entry(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'taizhang.db'}"
    with Store.open(url, COUNTY) as store:
        for n in range(4):
            store.note("serve", {"run": n}, who="甲", at=moment(n))
    engine = create_engine(url)
    with engine.begin() as connection:
        for (trigger,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE audit_entries SET who = '乙' WHERE n = 3"))
    engine.dispose()
    with Store.open(url, COUNTY) as store:
        broken = first_broken(COUNTY, store.audit_entries())
    assert broken
    assert (broken.n, broken.why) == (3, "内容被改过")


def test_the_hash_is_of_plain_json_that_anybody_can_make() -> None:
    entry = chain({"run": 1})[0]
    told_as = {
        "about": {"run": 1}, "at": entry.at, "before": FIRST, "county": COUNTY, "n": 1, "what": "run", "who": entry.who,
    }  # fmt: skip
    assert hashlib.sha256(orjson.dumps(told_as)).hexdigest() == entry.hash

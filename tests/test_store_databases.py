"""The databases under the store: what they refuse, how they are opened, and how they fail."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from sync_service.store import StaleError, Store, StoreError
from sync_service.store.engine import open_engine, transaction
from sync_service.store.migrations import STEPS, migrate, schema_version
from tests.stored import (
    COUNTY,
    EAST,
    FIRST,
    SECOND,
    THIRD,
    WEST,
    moment,
    plan,
    reading,
    row,
    sheet,
    standing,
    sync,
)  # fmt: skip


def test_counties_in_one_database_do_not_see_each_other(url: str) -> None:
    with Store.open(url, COUNTY) as here, Store.open(url, "990102") as there:
        sync(here, 1, sheet(FIRST))
        sync(there, 1, sheet(SECOND))
        assert (standing(here), standing(there)) == ({"k1": FIRST.payload}, {"k1": SECOND.payload})
        assert sync(there, 2, sheet()).run == 2
        assert len(here.runs()) == 1
        assert [one.new for one in here.history("k1")] == [FIRST.payload]
        assert here.problems() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM row_versions WHERE key = 'k1'",
        "UPDATE row_versions SET payload = '{}' WHERE key = 'k1'",
        "UPDATE row_versions SET valid_to = NULL, closed_run = NULL WHERE valid_to IS NOT NULL",
        "UPDATE row_versions SET valid_to = 'later', closed_run = 1, source_row = 9 WHERE valid_to IS NULL",
        "UPDATE row_versions SET valid_to = 'later' WHERE valid_to IS NOT NULL",
    ],
)
def test_the_database_itself_refuses_to_change_or_erase_a_version(store: Store, url: str, statement: str) -> None:
    sync(store, 1, sheet(FIRST))
    sync(store, 2, sheet(SECOND))
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert len(store.history("k1")) == 2


def test_a_plan_made_before_another_process_wrote_is_refused_whole(store: Store, url: str) -> None:
    sync(store, 1, sheet(FIRST))
    stale = [plan(store, sheet(THIRD)), plan(store, sheet(row("n"), form="payments"))]
    with Store.open(url, COUNTY) as other:
        sync(other, 2, sheet(SECOND), sheet(row("n"), form="payments"))
    for one in stale:
        with pytest.raises(StaleError):
            store.apply([reading([one])], started_at=moment(3), at=moment(3))
    assert standing(store) == {"k1": SECOND.payload}


@pytest.mark.parametrize("version", range(len(STEPS) + 1))
def test_a_database_of_every_earlier_version_is_brought_to_the_newest(url: str, version: int) -> None:
    engine = open_engine(url)
    with transaction(engine, writing=True) as connection:
        migrate(connection, version)
    with Store.open(url, COUNTY) as opened:
        sync(opened, 1, sheet(FIRST))
        assert standing(opened) == {"k1": FIRST.payload}
    with transaction(engine) as connection:
        assert schema_version(connection) == len(STEPS)
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    with Store.open(url, COUNTY):
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO schema_version VALUES (99)"))
        engine.dispose()
    with pytest.raises(StoreError, match="更新的程序") as raised:
        Store.open(url, COUNTY)
    assert "升级" in raised.value.hint


@pytest.mark.parametrize("address", ["taizhang.db", "nosuch://x", "sqlite:////nowhere/at/all.db"])
def test_an_address_that_cannot_be_opened_is_refused_with_a_cure(address: str) -> None:
    with pytest.raises(StoreError) as raised:
        Store.open(address, COUNTY)
    assert raised.value.hint


def test_a_file_that_is_no_database_is_refused_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("no database " * 1000, "utf-8")
    with pytest.raises(StoreError, match="登记库损坏了"):
        Store.open(f"sqlite:///{path}", COUNTY)


def test_sqlite_is_safe_against_power_loss_and_checks_its_references(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with transaction(engine) as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.exec_driver_sql(f"PRAGMA {one}").scalar() for one in pragmas] == ["wal", 2, 1]
    engine.dispose()


def test_two_programs_that_write_at_once_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    Store.open(url, COUNTY).close()

    def write(township: str) -> None:
        with Store.open(url, COUNTY) as mine:
            for turn in range(20):
                sync(mine, turn, sheet(row("k1", turn=turn)), township=township)

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, [EAST, WEST]))
    with Store.open(url, COUNTY) as after:
        assert [one.id for one in after.runs()] == list(range(40, 0, -1))


def test_a_failing_database_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with Store.open(f"sqlite:///{path}", COUNTY) as opened:
        with sqlite3.connect(path) as raw:
            raw.execute("CREATE TRIGGER no BEFORE INSERT ON row_versions BEGIN SELECT RAISE(ABORT, 'no'); END")
        raw.close()
        with pytest.raises(StoreError) as raised:
            sync(opened, 1, sheet(row("k7", name="张三")))
    assert raised.value.__suppress_context__
    assert "张三" not in f"{raised.value}{raised.value.__context__}"

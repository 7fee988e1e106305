"""Laws of backups: each is verified, the last good one stays, and what was lost comes back."""

import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sync_service.alone import alone
from sync_service.backup.keeping import backup_folder, keep
from sync_service.backup.records import Record, last_verified, records
from sync_service.backup.restoring import restore
from sync_service.backup.settings import BackupPart
from sync_service.backup.snapshot import DamagedError, examine, snapshot
from sync_service.backup.thinning import superfluous
from sync_service.cli import app
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from tests.county import NAMES, NOW, CountyOnDisk, make_county, veteran, workbook
from tests.databases import postgresql_database

LATER = NOW + timedelta(hours=2)


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = make_county(tmp_path_factory.mktemp("backup") / "county")
    county.fill({NAMES[0]: [veteran(n) for n in range(30)], NAMES[1]: [veteran(40)]})
    county.sync()
    return county.folder


@pytest.fixture
def county(synced: Path, tmp_path: Path) -> CountyOnDisk:
    return CountyOnDisk(Path(shutil.copytree(synced, tmp_path / "county")))


def folder_of(county: CountyOnDisk) -> Path:
    folder = backup_folder(county.setup)
    assert folder
    return folder


def backed_up(county: CountyOnDisk, now: datetime = NOW) -> Path:
    record = keep(county.setup, now, "manual")
    assert record
    return folder_of(county) / record.file


def damage(path: Path) -> None:
    """Overwrites the middle of a file, as a failing disk does."""
    with path.open("rb+") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)


def test_a_backup_holds_the_store_the_master_and_the_settings_and_no_account(county: CountyOnDisk) -> None:
    (county.folder / "账号.toml").write_text('["h"]\npassword = "geheim"\n')
    (county.folder / "taizhang.tokens").write_text("[]")
    path = backed_up(county)
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {"taizhang.db", "master.xlsx", "county.toml", "taizhang.tokens"}
        assert archive.read("master.xlsx") == county.master.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert Path(f"{path}.json").stat().st_mode & 0o777 == 0o600
    (record,) = records(folder_of(county))
    assert (record.verified, record.run, record.rows["row_versions"], record.bytes) == (
        True, 1, len(county.veterans()) + 3, path.stat().st_size,
    )  # fmt: skip
    assert not [left for left in county.folder.rglob("*.tmp") if left.exists()]


def test_a_store_that_is_written_meanwhile_is_copied_as_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "taizhang.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE pairs (n INTEGER PRIMARY KEY, text TEXT)")
        writer.executemany("INSERT INTO pairs VALUES (?, ?)", [(n, "x" * 500) for n in range(3_000)])
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30); print('ready', flush=True)\n"
        "while True: c.execute('INSERT INTO pairs (text) VALUES (?)', ('y' * 500,))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as busy:
        assert busy.stdout
        busy.stdout.readline()
        rows = snapshot(path, tmp_path / "copy.db")
        busy.kill()
    assert examine(tmp_path / "copy.db") == rows
    with closing(sqlite3.connect(path)) as after:
        assert rows["pairs"] < after.execute("SELECT count(*) FROM pairs").fetchone()[0]


def test_an_hourly_backup_is_made_only_after_an_hour_and_only_if_there_was_a_run(county: CountyOnDisk) -> None:
    assert keep(county.setup, NOW, "hourly")
    assert keep(county.setup, LATER, "hourly") is None
    county.write(NAMES[2], workbook(NAMES[2], [veteran(70)]))
    county.sync(NOW + timedelta(minutes=10))
    assert keep(county.setup, NOW + timedelta(minutes=20), "hourly") is None
    assert keep(county.setup, LATER, "hourly")
    assert keep(county.setup, LATER + timedelta(minutes=1), "nightly")
    assert [one.why for one in records(folder_of(county))] == ["nightly", "hourly"], "of one hour, the newest is kept"


def test_no_folder_means_no_backups_and_the_command_says_so(county: CountyOnDisk) -> None:
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace('folder = "备份"', 'folder = ""'), "utf-8")
    assert keep(county.setup, NOW, "nightly") is None
    done = CliRunner().invoke(app, ["backup", "--county", str(county.settings)])
    assert isinstance(done.exception, TaizhangError)


def test_a_damaged_store_is_told_and_pushes_no_good_backup_out(county: CountyOnDisk) -> None:
    good = backed_up(county)
    with closing(sqlite3.connect(county.folder / "taizhang.db")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'row_versions_key'").fetchone()
    with (county.folder / "taizhang.db").open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(TaizhangError, match=r"没有通过检查|损坏") as told:
        keep(county.setup, LATER, "nightly")
    assert "taizhang restore" in told.value.hint
    last = last_verified(folder_of(county))
    assert last
    assert folder_of(county) / last.file == good
    assert [path.name for path in folder_of(county).iterdir() if path.suffix == ".zip"] == [good.name]


def record(at: datetime, *, verified: bool = True) -> Record:
    return Record(f"{moment(at)}.zip", moment(at), "hourly", 1, 1, "", {}, verified)


def test_the_tiers_keep_the_newest_of_each_hour_day_week_and_month() -> None:
    part = BackupPart(hourly=3, daily=2, weekly=2, monthly=2)
    made = [record(NOW - timedelta(hours=n)) for n in range(24 * 70)]
    gone = {one.file for one in superfluous(made, part)}
    kept = [one for one in made if one.file not in gone]
    assert kept[:3] == made[:3]
    earlier = [one.at[5:13] for one in kept[3:]]
    assert earlier == [
        moment(datetime(2026, 11, 22, 23).astimezone())[5:13],
        moment(datetime(2026, 10, 31, 23).astimezone())[5:13],
    ]


@pytest.mark.parametrize("hours", [1, 24, 24 * 400])
def test_thinning_out_never_takes_the_last_verified_backup_however_old(hours: int) -> None:
    part = BackupPart(hourly=1, daily=1, weekly=1, monthly=1)
    old = record(NOW - timedelta(hours=hours))
    bad = [replace(record(NOW - timedelta(minutes=n)), verified=False) for n in range(3)]
    assert old not in superfluous([*bad, old], part)


def test_what_a_killed_backup_left_is_cleaned_by_the_next(county: CountyOnDisk) -> None:
    left = county.folder / ".taizhang.backup.00112233.tmp"
    left.mkdir()
    (left / "taizhang.db").write_text("half")
    folder_of(county).mkdir()
    half = folder_of(county) / ".台账备份_990101_20261101_000000.zip.00112233.tmp"
    half.write_text("half")
    backed_up(county)
    assert not left.exists()
    assert not half.exists()


LOSSES: Mapping[str, Callable[[Path], object]] = {
    "gone": lambda store: store.unlink(),
    "damaged": damage,
    "no database": lambda store: store.write_bytes(b"\0" * 100_000),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_store_comes_back_with_all_its_rows_and_what_came_later_is_read_again(
    county: CountyOnDisk, loss: str
) -> None:
    path = backed_up(county)
    county.write(NAMES[2], workbook(NAMES[2], [veteran(70)]))
    county.sync(LATER)
    rows = county.veterans()
    store = county.folder / "taizhang.db"
    LOSSES[loss](store)
    lying = store.read_bytes() if store.exists() else None
    done = restore(path, county.settings, LATER)
    assert done.run == 1
    assert done.aside
    if lying is not None:
        assert (done.aside / "taizhang.db").read_bytes() == lying, "put aside, never deleted"
    assert (done.aside / "县级总台账.xlsx").exists()
    report = county.sync(LATER + timedelta(minutes=1), full=True)
    assert report.exit_code == 0
    assert county.veterans() == rows
    assert county.sync(LATER + timedelta(minutes=2)).run is None


def test_a_store_that_is_fine_can_be_set_back_and_lies_beside_whole(county: CountyOnDisk) -> None:
    path, before = backed_up(county), county.veterans()
    county.write(NAMES[0], workbook(NAMES[0], [veteran(n, village="向阳村") for n in range(30)]))
    county.sync(LATER)
    after = county.veterans()
    done = restore(path, county.settings, LATER)
    assert county.veterans() == before
    assert done.aside
    text = county.settings.read_text("utf-8").replace(
        'store = "taizhang.db"', f'store = "{done.aside.name}/taizhang.db"'
    )
    county.settings.write_text(text, "utf-8")
    assert county.veterans() == after


def test_on_a_new_pc_the_settings_come_out_of_the_backup_too(county: CountyOnDisk, tmp_path: Path) -> None:
    (county.folder / "taizhang.tokens").write_text("[]")
    path, rows = backed_up(county), county.veterans()
    new = CountyOnDisk(tmp_path / "new")
    new.folder.mkdir()
    done = restore(path, new.settings, LATER)
    assert done.put_back == ("county.toml", "taizhang.tokens")
    assert new.veterans() == rows
    assert new.master.read_bytes() == county.master.read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"no zip at all" * 100, None])
def test_a_backup_that_is_not_whole_is_refused_and_the_store_stays(county: CountyOnDisk, content: bytes | None) -> None:
    path = backed_up(county)
    if content is None:
        damage(path)
    else:
        path.write_bytes(content)
    rows = county.veterans()
    with pytest.raises(TaizhangError, match="不能用来恢复"):
        restore(path, county.settings, LATER)
    assert county.veterans() == rows
    assert not list(county.folder.glob("恢复前_*"))


def test_nothing_is_restored_while_a_run_is_at_work(county: CountyOnDisk) -> None:
    path, rows = backed_up(county), county.veterans()
    with alone(county.folder), pytest.raises(TaizhangError, match="正在这里运行"):
        restore(path, county.settings, LATER)
    assert county.veterans() == rows


def test_the_commands_back_up_list_ask_and_restore(county: CountyOnDisk) -> None:
    where = ["--county", str(county.settings)]
    assert "已备份并核对" in CliRunner().invoke(app, ["backup", *where]).output
    path = next(folder_of(county).glob("*.zip"))
    assert str(path) in CliRunner().invoke(app, ["backup", "--list", *where]).output
    refused = CliRunner().invoke(app, ["restore", str(path), *where], input="n\n")
    assert (refused.exit_code, "什么都没有动" in refused.output) == (1, True)
    done = CliRunner().invoke(app, ["restore", str(path), "--yes", *where])
    assert (done.exit_code, "已恢复到第 1 次运行" in done.output) == (0, True)


@pytest.fixture
def on_postgresql(postgresql: str, tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace('"taizhang.db"', json.dumps(postgresql_database(postgresql))), "utf-8")
    county.fill({NAMES[0]: [veteran(1)]})
    county.sync()
    return county


def test_postgresql_is_backed_up_by_its_own_program_and_restored_by_who_looks_after_it(
    on_postgresql: CountyOnDisk,
) -> None:
    path = backed_up(on_postgresql)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("taizhang.pgdump").startswith(b"PGDMP")
    with pytest.raises(TaizhangError, match="PostgreSQL"):
        restore(path, on_postgresql.settings, LATER)


def test_without_postgresql_s_program_the_administrator_is_named(
    on_postgresql: CountyOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TaizhangError, match="pg_dump") as told:
        keep(on_postgresql.setup, NOW, "nightly")
    assert "管数据库的人" in told.value.hint


def test_a_copy_that_does_not_hold_together_is_found_out(county: CountyOnDisk) -> None:
    snapshot(county.folder / "taizhang.db", county.folder / "copy.db")
    with closing(sqlite3.connect(county.folder / "copy.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM runs")
        connection.commit()
    with pytest.raises(DamagedError, match="不存在的行"):
        examine(county.folder / "copy.db")

"""What disk, share and database complain of is told in plain words with the cure, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sync_service.backup.keeping import keep
from sync_service.errors import TaizhangError
from tests.allowed_skips import allowed_skip
from tests.county import NAMES, NOW, CountyOnDisk, make_county, veteran, workbook
from tests.program import taizhang

pytestmark = pytest.mark.skipif(os.name == "nt", reason="mounts of POSIX")


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = make_county(tmp_path_factory.mktemp("troubles") / "county")
    county.fill({NAMES[0]: [veteran(n) for n in range(5)]})
    county.sync()
    return county.folder


@pytest.fixture
def county(synced: Path, tmp_path: Path) -> CountyOnDisk:
    """A county with something new to read."""
    county = CountyOnDisk(Path(shutil.copytree(synced, tmp_path / "county")))
    county.write(NAMES[0], workbook(NAMES[0], [veteran(n) for n in range(6)]))
    return county


def refused(county: CountyOnDisk, *command: str) -> str:
    """What the program says when it refuses."""
    done = taizhang(*command, "--county", county.settings)
    said = done.stdout + done.stderr
    assert done.returncode == 2
    assert "Traceback" not in said
    return said


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as if on a disk that is switched to reading only: root heeds no rights, but it does a mount."""
    if subprocess.run(["mount", "--bind", folder, folder], stderr=subprocess.DEVNULL).returncode:
        allowed_skip("this account may not mount")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_folder_that_cannot_be_written_is_named_and_the_next_run_makes_up_for_it(county: CountyOnDisk) -> None:
    with read_only(county.folder):
        for command in ("sync", "backup"):
            assert "没有写入的权限，或磁盘是只读的" in refused(county, command)
    assert len(county.veterans()) == 5
    assert county.sync().exit_code == 0
    assert len(county.veterans()) == 6


def test_feedback_that_cannot_be_written_does_not_hinder_the_store(county: CountyOnDisk) -> None:
    county.write(NAMES[1], workbook(NAMES[1], [veteran(9, village="火星村")]))
    with read_only(county.folder / "反馈"):
        said = refused(county, "sync")
    assert "没有写入的权限" in said
    assert "已经入库的都在" in said
    assert len(county.veterans()) == 6
    published = county.sync().published
    assert published
    assert not any(one.trouble for one in published)


def test_a_backup_disk_that_is_not_plugged_in_is_told_and_not_replaced_by_a_folder(county: CountyOnDisk) -> None:
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace('folder = "备份"', f'folder = "{county.folder}/U盘/备份"'), "utf-8")
    with pytest.raises(TaizhangError, match="不在了") as told:
        keep(county.setup, NOW, "nightly")
    assert "盘有没有插好" in told.value.hint
    assert not (county.folder / "U盘").exists()
    (county.folder / "U盘").mkdir()
    assert keep(county.setup, NOW, "nightly")


def test_a_store_that_another_program_writes_in_is_told(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_service.store.engine.BUSY_MILLISECONDS", 50)
    with closing(sqlite3.connect(county.folder / "taizhang.db", isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        with pytest.raises(TaizhangError, match="正被别的程序占用") as told:
            county.sync()
    assert "DB Browser" in told.value.hint
    assert county.sync().run


def test_a_store_that_another_program_reads_takes_what_is_new(county: CountyOnDisk) -> None:
    with closing(sqlite3.connect(county.folder / "taizhang.db", isolation_level=None)) as browser:
        browser.execute("BEGIN")
        assert browser.execute("SELECT count(*) FROM runs").fetchone() == (1,)
        assert county.sync().run == 2
        assert keep(county.setup, NOW, "nightly")
        assert browser.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_damaged_store_is_told_with_the_way_back_and_stays_as_it_is(county: CountyOnDisk) -> None:
    store = county.folder / "taizhang.db"
    store.write_bytes(b"no database" * 5000)
    said = refused(county, "sync")
    assert "登记库损坏了" in said
    assert "taizhang restore" in said
    assert store.read_bytes() == b"no database" * 5000


def test_a_place_nobody_foresaw_is_told_too(county: CountyOnDisk) -> None:
    with read_only(county.folder):
        assert "只读" in refused(county, "init", "--force")

"""taizhang doctor finds what is wrong and says how to mend it."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from sync_service.service import doctor
from sync_service.service.doctor import Finding, examine
from tests.county import CountyOnDisk, make_county, veteran
from tests.ports import free_port
from tests.program import taizhang

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 10, tzinfo=BEIJING)


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    made = make_county(tmp_path / "清河县")
    made.fill({"城关镇": [veteran(1)]})
    return made


def wrong(findings: Sequence[Finding]) -> dict[str, str]:
    """What is to be mended, by topic."""
    return {one.topic: one.what for one in findings if one.grade != "fine"}


def test_a_county_that_is_well_lacks_only_what_nobody_has_started_yet(county: CountyOnDisk) -> None:
    county.sync(NOW)
    assert set(wrong(examine(county.setup, NOW))) == {"自动运行", "备份"}


def test_every_finding_that_is_not_fine_says_how_to_mend_it(county: CountyOnDisk) -> None:
    county.book("城关镇").unlink()
    findings = examine(county.setup, NOW.replace(tzinfo=UTC))
    assert {one.topic for one in findings if one.grade == "warn"} == {"时钟", "登记库", "工作簿", "自动运行", "备份"}
    assert all(one.cure for one in findings if one.grade != "fine")


def test_a_clock_that_was_set_back_is_found_by_the_last_run(county: CountyOnDisk) -> None:
    county.sync(NOW)
    (found,) = [one for one in examine(county.setup, NOW - timedelta(days=2)) if one.topic == "时钟"]
    assert found.grade == "bad"
    assert "时钟" in wrong(examine(county.setup, NOW.replace(year=2019)))


def test_a_place_that_is_down_takes_nothing_from_the_others(county: CountyOnDisk) -> None:
    text = county.settings.read_text("utf-8")
    text = text.replace('"上报/石桥镇.xlsx"', f'"webdav://127.0.0.1:{free_port()}/石桥镇.xlsx"')
    county.settings.write_text(text, "utf-8")
    found = [one for one in examine(county.setup, NOW) if one.topic == "工作簿"]
    assert [one.grade for one in found] == ["bad", "fine"]
    assert found[0].what.startswith("石桥镇：")
    assert found[1].what == "2 个单位的工作簿找得到"


def test_a_folder_that_cannot_be_written_and_a_broken_store_are_found(county: CountyOnDisk) -> None:
    (county.folder / "反馈").write_text("in the way", "utf-8")
    (county.folder / "taizhang.db").write_bytes(b"no database " * 1000)
    found = wrong(examine(county.setup, NOW))
    assert "反馈" in found["权限"]
    assert "登记库" in found


def test_a_full_disk_and_old_libraries_are_found(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=50 * 2**20))  # noqa: ARG005
    monkeypatch.setattr(doctor, "version", lambda name: "0.0.1")  # noqa: ARG005
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 8, 0))
    found = examine(county.setup, NOW)
    grades = {(one.topic, one.grade) for one in found}
    assert ("磁盘", "bad") in grades
    assert [one.grade for one in found if one.topic == "版本"] == ["fine", "bad", "bad"]


def test_the_command_ends_with_the_gravest_of_its_findings(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    done = taizhang("doctor", "--json", "--county", county.settings)
    grades = {one["grade"] for one in orjson.loads(done.stdout)}
    assert (done.returncode, grades) == (1, {"fine", "warn"})

"""The command line as people use it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.county import CountyOnDisk, make_county, number, veteran, workbook
from tests.program import taizhang


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({"城关镇": [veteran(0), veteran(1)]})
    return county


def test_from_init_to_a_merged_county(tmp_path: Path) -> None:
    settings = tmp_path / "county.toml"
    assert taizhang("init", "--county", settings, "--name", "清河县").returncode == 0
    made = taizhang("templates", "--county", settings)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "模板" / "城关镇.xlsx").exists()
    for name in ("城关镇", "石桥镇"):
        (tmp_path / "模板" / f"{name}.xlsx").rename(tmp_path / "上报" / f"{name}.xlsx")
    synced = taizhang("sync", "--county", settings)
    assert "城关镇" in synced.stdout
    assert (tmp_path / "县级总台账.xlsx").exists()
    assert synced.returncode == 1, "the covers are not filled in yet"


def test_sync_prints_a_line_for_each_township_and_exits_by_what_it_found(county: CountyOnDisk) -> None:
    right = taizhang("sync", "--county", county.settings)
    assert right.returncode == 0
    assert all(name in right.stdout for name in ("城关镇", "石桥镇", "柳林镇"))
    county.write("城关镇", workbook("城关镇", [veteran(0, village="火星村")]))
    assert taizhang("sync", "--county", county.settings).returncode == 1
    county.book("石桥镇").unlink()
    missing = taizhang("sync", "--county", county.settings)
    assert missing.returncode == 2
    assert "没有找到" in missing.stdout


def test_sync_for_machines_is_json(county: CountyOnDisk) -> None:
    report = json.loads(taizhang("sync", "--county", county.settings, "--json").stdout)
    assert report["exit_code"] == 0
    assert report["townships"][0] | {"message": ""} == {
        "code": "990101001", "name": "城关镇", "read": True, "status": "ok", "rows": 2, "new": 2, "changed": 0, "gone": 0,
        "held": 0, "errors": 0, "warnings": 0, "message": "",
    }  # fmt: skip


def test_history_shows_each_change_with_its_file_and_what_became_of_what(county: CountyOnDisk) -> None:
    taizhang("sync", "--county", county.settings)
    county.write("城关镇", workbook("城关镇", [veteran(0, phone="13911111111"), veteran(1)]))
    taizhang("sync", "--county", county.settings)
    told = taizhang("history", number(0), "--county", county.settings)
    assert told.returncode == 0
    assert "联系电话：139****0000 → 139****1111" in told.stdout
    in_full = taizhang("history", number(0), "--reveal", "--county", county.settings)
    assert "联系电话：13900000000 → 13911111111" in in_full.stdout
    assert "上报/城关镇.xlsx 退役军人 第 2 行" in told.stdout
    nobody = taizhang("history", number(7), "--county", county.settings)
    assert nobody.returncode == 2
    assert "怎么办" in nobody.stderr


def test_as_of_lists_a_form_and_writes_it_as_a_workbook(county: CountyOnDisk, tmp_path: Path) -> None:
    taizhang("sync", "--county", county.settings)
    listed = taizhang("as-of", "2099-01-01", "--county", county.settings, "--form", "退役军人")
    assert "退役军人：2 行" in listed.stdout
    too_early = taizhang("as-of", "2001/1/1", "--county", county.settings)
    assert (too_early.returncode, "起才有记录" in too_early.stderr) == (2, True)
    no_day = taizhang("as-of", "去年", "--county", county.settings)
    assert (no_day.returncode, "请写成 2026-06-30" in no_day.stderr) == (2, True)
    out = tmp_path / "out.xlsx"
    taizhang("as-of", "2099-01-01", "--county", county.settings, "--out", out)
    rows = list(openpyxl.load_workbook(out)["退役军人"].iter_rows(values_only=True))
    assert rows[0][:3] == ("乡镇", "姓名", "身份证号")
    assert {row[2] for row in rows[1:]} == {number(0), number(1)}
    unknown = taizhang("as-of", "2099-01-01", "--county", county.settings, "--form", "名册")
    assert (unknown.returncode, "可用的有" in unknown.stderr) == (2, True)


def test_undo_takes_a_run_back_and_says_so(county: CountyOnDisk) -> None:
    taizhang("sync", "--county", county.settings)
    undone = taizhang("undo", "1", "--county", county.settings)
    assert "第 1 次运行已撤销" in undone.stdout
    assert county.veterans() == {}
    assert taizhang("undo", "77", "--county", county.settings).returncode == 2


def test_a_text_that_looks_like_a_formula_stays_a_text_in_what_is_written(county: CountyOnDisk, tmp_path: Path) -> None:
    county.write("城关镇", workbook("城关镇", [veteran(0, remark="=1+1"), veteran(1, remark="@SUM(A1)")]))
    taizhang("sync", "--county", county.settings)
    taizhang("as-of", "2099-01-01", "--county", county.settings, "--out", tmp_path / "out.xlsx")
    taizhang("as-of", "2099-01-01", "--county", county.settings, "--out", tmp_path / "out.csv")
    cells = [c for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for c in row]
    assert {cell.data_type for cell in cells if cell.value in ("=1+1", "@SUM(A1)")} == {"s"}
    assert "'=1+1" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_a_store_that_cannot_be_opened_is_told_with_a_hint(county: CountyOnDisk) -> None:
    (county.folder / "taizhang.db").write_bytes(b"this is no database, but long enough to be taken for one" * 100)
    told = taizhang("sync", "--county", county.settings)
    assert told.returncode == 2
    assert "怎么办" in told.stderr
    assert "Traceback" not in told.stderr


def test_help_comes_without_the_heavy_modules() -> None:
    heavy = (
        "sqlalchemy",
        "openpyxl",
        "xlsxwriter",
        "python_calamine",
        "pydantic",
        "rich",
        "orjson",
        "filelock",
        "schedule",
    )
    told = f"import atexit, sys; atexit.register(lambda: print([m for m in {heavy} if m in sys.modules], file=sys.stderr)); "
    checked = subprocess.run(
        [sys.executable, "-c", told + "from sync_service.door import main; main()", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert "crosscheck" in checked.stdout
    assert checked.stderr.strip() == "[]"


def test_what_help_says_of_a_command_is_not_cut_off() -> None:
    _, *lines = taizhang("--help").stdout.strip().splitlines()
    assert any("crosscheck" in line for line in lines)
    assert [line for line in lines if line.endswith(("...", "…"))] == []

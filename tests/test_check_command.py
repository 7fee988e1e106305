"""taizhang check: one workbook, judged and nothing else."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.county import CountyOnDisk, make_county, veteran, workbook
from tests.drawn import write_xlsx
from tests.endpoint import files_of
from tests.program import taizhang
from tests.test_county_bureau import CASE, PLACED
from validators.raw import RawSheet


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    rows = [veteran(0), veteran(1, phone="1390000"), veteran(2, phone="1390001"), veteran(3, political_status="党员 ")]
    return write_xlsx(tmp_path / "城关镇.xlsx", workbook("城关镇", rows))


def test_it_names_each_kind_of_problem_with_its_cells_its_cure_and_the_totals(
    county: CountyOnDisk, wrong: Path
) -> None:
    told = taizhang("check", wrong, "--county", county.settings)
    assert told.returncode == 1
    assert "× 错误：必须改正" in told.stdout
    assert "【退役军人】" in told.stdout
    assert "怎么改：" in told.stdout
    assert told.stdout.count("不是 11 位手机号") == 1
    assert "1390000" not in told.stdout  # masked
    assert told.stdout.rstrip().endswith("已说明。")


def test_programs_get_the_same_as_json(county: CountyOnDisk, wrong: Path) -> None:
    told = taizhang("check", wrong, "--county", county.settings, "--json")
    found = json.loads(told.stdout)
    assert (told.returncode, found["township"], found["readable"]) == (1, "城关镇", True)
    (phones,) = [block for part in found["parts"] for block in part["blocks"] if block["code"] == "P01"]
    assert [cell["cell"] for cell in phones["cells"]] == ["L3", "L4"]
    assert found["errors"] == sum(part["count"] for part in found["parts"] if part["kind"] == "error")


def test_a_run_of_the_service_finds_the_same(county: CountyOnDisk, wrong: Path) -> None:
    county.book("城关镇").write_bytes(wrong.read_bytes())
    county.age(county.book("城关镇"))
    told = json.loads(taizhang("check", wrong, "--county", county.settings, "--json").stdout)
    county.sync()
    with county.store() as store:
        stored = [known.problem for known in store.problems("990101001")]
    found = [(b["sheet"], b["code"], c["cell"]) for p in told["parts"] for b in p["blocks"] for c in b["cells"]]
    assert sorted(found) == sorted((p.sheet, p.code, f"{p.column or ''}{p.row}") for p in stored if p.row)


def test_it_writes_a_marked_copy_and_nothing_else(county: CountyOnDisk, wrong: Path, tmp_path: Path) -> None:
    before, workbook_before = files_of(tmp_path), wrong.read_bytes()
    out = tmp_path / "标注" / "城关镇.xlsx"
    told = taizhang("check", wrong, "--county", county.settings, "--out", out)
    assert "标注过的副本" in told.stdout
    assert openpyxl.load_workbook(out).sheetnames == ["校验结果", "退役军人"]
    assert files_of(tmp_path) - before == {"标注/城关镇.xlsx"}
    assert wrong.read_bytes() == workbook_before


def test_a_right_workbook_is_told_to_be_right(county: CountyOnDisk, tmp_path: Path) -> None:
    right = write_xlsx(tmp_path / "城关镇.xlsx", workbook("城关镇", [veteran(0)]))
    out = tmp_path / "副本.xlsx"
    told = taizhang("check", right, "--county", county.settings, "--out", out)
    assert told.returncode == 0
    assert "0 处错误" in told.stdout
    assert "没有要标注的" in told.stdout
    assert not out.exists()


@pytest.mark.parametrize(("out", "said"), [("城关镇.xlsx", "没有覆盖"), ("副本.xls", "以 .xlsx 结尾")])
def test_it_never_writes_over_the_workbook(county: CountyOnDisk, wrong: Path, out: str, said: str) -> None:
    before = wrong.read_bytes()
    told = taizhang("check", wrong, "--county", county.settings, "--out", wrong.parent / out)
    assert told.returncode == 2
    assert said in told.stderr
    assert wrong.read_bytes() == before


def test_whose_it_is_is_told_by_the_workbook_or_by_the_caller(county: CountyOnDisk, tmp_path: Path) -> None:
    mine = write_xlsx(tmp_path / "a.xlsx", workbook("石桥镇", [veteran(0)]))
    assert json.loads(taizhang("check", mine, "--county", county.settings, "--json").stdout)["township"] == "石桥镇"
    other = taizhang("check", mine, "--county", county.settings, "--township", "城关镇")
    assert (other.returncode, "不是城关镇的" in other.stdout) == (2, True)
    nobody = write_xlsx(tmp_path / "b.xlsx", {"退役军人": workbook("", [veteran(0)])["退役军人"]})
    told = taizhang("check", nobody, "--county", county.settings)
    assert (told.returncode, "--township" in told.stderr) == (2, True)


def test_what_is_no_workbook_is_refused_with_the_words_of_the_service(county: CountyOnDisk, tmp_path: Path) -> None:
    page = tmp_path / "网页.xlsx"
    page.write_text("<html></html>", "utf-8")
    told = taizhang("check", page, "--county", county.settings)
    assert (told.returncode, "它不是 Excel 表格" in told.stderr) == (2, True)
    assert taizhang("check", tmp_path / "无.xlsx", "--county", county.settings).returncode == 2


def test_without_a_county_the_workbooks_own_stamp_and_lists_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = make_county(tmp_path / "county")
    assert taizhang("templates", "--county", county.settings, "--township", "城关镇").returncode == 0
    monkeypatch.chdir(tmp_path)
    told = json.loads(taizhang("check", county.folder / "模板" / "城关镇.xlsx", "--json").stdout)
    assert (told["township"], told["readable"]) == ("城关镇", True)
    assert {block["sheet"] for part in told["parts"] for block in part["blocks"]} == {"封面"}, (
        "nothing is filled in yet"
    )
    unstamped = write_xlsx(tmp_path / "a.xlsx", workbook("城关镇", [veteran(0)]))
    told = taizhang("check", unstamped)
    assert (told.returncode, "--county" in told.stderr) == (2, True)


def test_rows_are_judged_by_what_the_county_bureau_holds(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county", bureau="上报/县本级.xlsx")
    mine = write_xlsx(tmp_path / "城关镇.xlsx", workbook("城关镇", [veteran(0)], insurance_cases=[CASE]))

    def codes() -> list[str]:
        found = json.loads(taizhang("check", mine, "--county", county.settings, "--json").stdout)
        return [block["code"] for part in found["parts"] for block in part["blocks"]]

    assert "X74" not in codes()
    assert not (county.folder / "taizhang.db").exists(), "a check makes no store"
    county.write("县本级", workbook("县本级", [], "county", placement_history=[PLACED]))
    county.sync()
    assert "X74" in codes()


def test_the_county_bureaus_own_workbook_can_be_checked(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county", bureau="上报/县本级.xlsx")
    own = write_xlsx(tmp_path / "县本级.xlsx", workbook("县本级", [], "county"))
    told = json.loads(taizhang("check", own, "--county", county.settings, "--json").stdout)
    assert (told["township"], told["readable"]) == ("县本级", True)


def test_sheets_that_are_none_of_ours_are_no_hindrance(county: CountyOnDisk, tmp_path: Path) -> None:
    drawn = {**workbook("城关镇", [veteran(0)]), "草稿": RawSheet("草稿", (("随便写",),))}
    told = taizhang("check", write_xlsx(tmp_path / "城关镇.xlsx", drawn), "--county", county.settings)
    assert told.returncode == 0
    assert "草稿" in told.stdout

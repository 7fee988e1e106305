"""taizhang forms: what would break a sheet is found before it does, and a new form is one command away."""

import json
from pathlib import Path

import pytest

from sync_service.settings_text import write_settings
from sync_service.store.views import RESERVED
from tests.program import taizhang
from tests.small import MONEY, PEOPLE, TODAY
from workbook_templates.form import STANDARD, form_paths, load_forms
from workbook_templates.form_check import check_forms
from workbook_templates.new_form import new_form

COLUMN = '[[column]]\nid = "extra"\nheader = "另一列"\nkind = "text"\n'


def found(tmp_path: Path, *texts: str, severity: str = "error") -> list[str]:
    """What is said of these form files, which stand alone."""
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.toml").write_text(text, "utf-8")
    mistakes = check_forms(form_paths(tmp_path), (), TODAY, RESERVED)
    return [str(mistake) for mistake in mistakes if mistake.severity == severity]


def with_column(column: str) -> str:
    """The people's form with one more column."""
    return PEOPLE.replace("[[rule]]", f"{column}\n[[rule]]", 1)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """The settings of a county whose own forms are to lie in 表单."""
    settings = tmp_path / "county.toml"
    write_settings(settings, "990101", "清河县", TODAY, force=False)
    text = settings.read_text("utf-8")
    assert 'forms = ""' in text
    settings.write_text(text.replace('forms = ""', 'forms = "表单"'), "utf-8")
    return settings


def test_the_bureaus_own_forms_have_no_mistakes_and_leave_no_doubt() -> None:
    assert [str(mistake) for mistake in check_forms(form_paths(STANDARD), (), TODAY, RESERVED)] == []


def test_the_small_forms_of_the_tests_have_no_mistakes(tmp_path: Path) -> None:
    assert found(tmp_path, PEOPLE, MONEY) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PEOPLE.replace('"人员"', '"人员/家属"'), "第 4 行：表名里不能有“/”"),
        (PEOPLE.replace('id = "people"', 'id = "runs"'), "第 2 行：“runs”是系统自己用的名字"),
        (PEOPLE.replace('"人员"', '"人员[1]"'), "第 4 行：表名里不能有“[”"),
        (PEOPLE.replace('"人员"', "\"人员'\""), "第 4 行：表名不能以单引号开头或结尾"),
        (PEOPLE.replace('"人员"', '"说明"'), "第 4 行：“说明”是工作簿自己用的表名"),
        (PEOPLE.replace('"所在党支部"', '"姓 名"'), "[[column]] branch：前面已有一列叫“姓 名”"),
        (PEOPLE.replace('"所在党支部"', '"校验"'), "[[column]] branch：“校验”是系统自己用的列名"),
        (PEOPLE.replace('"所在党支部"', '"来源行"'), "[[column]] branch：“来源行”是系统自己用的列名"),
        (with_column(COLUMN + 'aliases = ["政治面貌"]'), "[[column]] extra：“政治面貌”也指“政治面貌”列"),
        (with_column(COLUMN + 'aliases = ["居民身份证号"]'), "[[column]] extra：“居民身份证号”也指“身份证号”列"),
        (with_column('[[column]]\nid = "e"\nheader = "选"\nkind = "enum"\nchoices = ["甲", "乙", "甲 "]'), "[[column]] e：选项“甲”写了两次"),
        (with_column('[[column]]\nid = "e"\nheader = "选"\nkind = "enum"\nchoices = ["甲", "乙"]\nchoice_aliases = { "子" = "丙" }'), "[[column]] e：没有“丙”这个选项"),
        (with_column('[[column]]\nid = "e"\nheader = "数"\nkind = "int"\nlow = 9\nhigh = 3'), "[[column]] e：low 比 high 还大"),
        (with_column('[[column]]\nid = "e"\nheader = "日"\nkind = "date"\nexample = "1990.13"'), "[[column]] e：照 example 填会被判错：“1990.13”"),
        (with_column('[[column]]\nid = "e"\nheader = "选"\nkind = "enum"\nchoices = ["甲"]\nexample = "乙"'), "[[column]] e：照 example 填会被判错：“乙”不是可选项"),
        (with_column('[[column]]\nid = "seq"\nheader = "序号"\nkind = "serial"').replace('at = "discharge_date"', 'at = "seq"', 1), "[[rule]] D08：“seq”是自动编号，问题不能标在这一列"),
        (with_column('[[column]]\nid = "seq"\nheader = "序号"\nkind = "serial"').replace('key = ["id_number"]', 'key = ["seq"]'), "第 7 行：“seq”是自动编号，不能当主键"),
        (PEOPLE.replace("discharge_date <= enlist_date", " or ".join(["months(enlist_date, discharge_date) > 999"] * 400)), "表内公式有"),
    ],
)  # fmt: skip
def test_what_would_break_a_sheet_is_told_before_it_does(tmp_path: Path, text: str, message: str) -> None:
    (said,) = found(tmp_path, text)
    assert said.startswith("0.toml 第")
    assert message in said


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ('{ id_number = "enlist_date" }', "“身份证号”（id18）和“入伍时间”（pdate）永远不会相等"),
        ('{ amount = "name" }', "“金额”（money）和“姓名”（name）永远不会相等"),
        ('{ batch = "name" }', ""),
    ],
)
def test_a_lookup_between_columns_that_can_never_be_equal_is_told(tmp_path: Path, match: str, message: str) -> None:
    said = found(tmp_path, PEOPLE, MONEY.replace('match = { id_number = "id_number" }', f"match = {match}", 1))
    assert len(said) == bool(message)
    assert message in "".join(said)


def test_two_forms_may_not_share_a_title_or_a_number(tmp_path: Path) -> None:
    other = MONEY.replace('"发放"', '"人员"').replace('"T02"', '"T01"')
    assert found(tmp_path, PEOPLE, other) == [
        "1.toml 第 3 行：0.toml 的表号也是“T01”；请改其中一个",
        "1.toml 第 4 行：0.toml 的表名也是“人员”；请改其中一个",
    ]


def test_a_required_column_without_a_prompt_is_a_doubt(tmp_path: Path) -> None:
    assert found(tmp_path, PEOPLE, severity="warning") == [
        "0.toml 第 11 行 [[column]] name：必填而没有 hint（填表提示）；建议写一句怎么填",
        "0.toml 第 17 行 [[column]] id_number：必填而没有 hint（填表提示）；建议写一句怎么填",
    ]


def test_a_form_of_the_county_that_robs_another_form_of_a_column_is_told_at_that_form(tmp_path: Path) -> None:
    standard, own = tmp_path / "standard", tmp_path / "own"
    for folder in (standard, own):
        folder.mkdir()
    (standard / "people.toml").write_text(PEOPLE, "utf-8")
    (standard / "money.toml").write_text(MONEY.replace("other.name", "other.party"), "utf-8")
    (own / "people.toml").write_text(PEOPLE.replace('"party"', '"faction"').replace("party ==", "faction =="), "utf-8")
    said = [str(one) for one in check_forms(form_paths(own), form_paths(standard), TODAY) if one.severity == "error"]
    assert said == [
        "money.toml 第 40 行 [[lookup]] X01：没有“other.party”这一列；"
        "可用的有：name、id_number、village、enlist_date、discharge_date、faction、branch"
    ]


def test_check_prints_each_mistake_with_its_file_and_line_and_exits_2(tmp_path: Path) -> None:
    bad, worse = tmp_path / "a.toml", tmp_path / "b.toml"
    bad.write_text(PEOPLE.replace('"village"\n\n', '"vilage"\n\n'), "utf-8")
    worse.write_text("id = \n", "utf-8")
    told = taizhang("forms", "check", tmp_path)
    assert told.returncode == 2
    assert f"{bad}:26 [[column]] village：没有“vilage”这种列；是不是 village？" in told.stdout
    assert f"{worse}:1 等号后面的值写法不对" in told.stdout
    assert "检查了 2 个表单文件：2 处错误" in told.stdout
    nothing = taizhang("forms", "check", tmp_path / "none.toml")
    assert (nothing.returncode, "怎么办" in nothing.stderr) == (2, True)


def test_a_new_form_is_a_right_form_as_it_is_and_every_key_in_it_is_explained(tmp_path: Path) -> None:
    text = new_form("militia", "T13", "民兵登记")
    path = tmp_path / "t13.toml"
    path.write_text(text, "utf-8")
    assert check_forms([path], form_paths(STANDARD), TODAY, RESERVED) == []
    assert {column.kind for column in load_forms(own=tmp_path)["militia"].columns} == {
        "serial", "name", "id18", "village", "date", "enum", "text",
    }  # fmt: skip
    lines = text.splitlines()
    first_uses = {
        line.partition(" = ")[0]: number
        for number, line in reversed([*enumerate(lines)])
        if " = " in line and line[0] != "#"
    }
    unexplained = [
        key
        for key, number in first_uses.items()
        if not any(line.startswith("#") for line in lines[number - 2 : number])
    ]
    assert unexplained == []


def test_a_new_form_goes_into_the_countys_own_folder_and_is_in_use_at_once(county: Path, tmp_path: Path) -> None:
    made = taizhang("forms", "new", "民兵登记", "--id", "militia", "--county", county)
    path = county.parent / "表单" / "t13_militia.toml"
    assert (made.returncode, str(path) in made.stdout) == (0, True)
    assert "检查了 18 个表单文件：0 处错误，0 处提醒" in taizhang("forms", "check", "--county", county).stdout
    told = taizhang("forms", "docs", "--out", tmp_path / "out", "--county", county)
    assert told.returncode == 0, told.stderr
    dictionary = (tmp_path / "out" / "数据字典.md").read_text("utf-8")
    assert "## T13 民兵登记 `militia`（第 1 版）" in dictionary
    assert "类别选了“其他”，备注里没有写明是什么" in dictionary
    assert "民兵登记“备注”“身份证号”" in (tmp_path / "out" / "问题目录.md").read_text("utf-8")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert "militia" in [resource["name"] for resource in package["resources"]]


@pytest.mark.parametrize(
    "words",
    [
        ["民兵登记", "--id", "militia"],
        ["民兵登记"],
        ["民兵:登记"],
        ["别的", "--no", "T13"],
        ["别的", "--id", "veterans"],
    ],
)
def test_a_new_form_that_cannot_be_is_refused_and_nothing_is_overwritten(county: Path, words: list[str]) -> None:
    path = county.parent / "表单" / "t13_militia.toml"
    path.parent.mkdir()
    path.write_text(new_form("militia", "T13", "民兵登记"), "utf-8")
    before = path.read_bytes()
    refused = taizhang("forms", "new", *words, "--county", county)
    assert (refused.returncode, "怎么办" in refused.stderr) == (2, True)
    assert "Traceback" not in refused.stderr
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_without_a_folder_of_its_own_a_county_is_told_where_to_name_one(tmp_path: Path) -> None:
    settings = tmp_path / "county.toml"
    write_settings(settings, "990101", "清河县", TODAY, force=False)
    refused = taizhang("forms", "new", "民兵登记", "--county", settings)
    assert (refused.returncode, 'forms = "表单"' in refused.stderr) == (2, True)
    assert taizhang("forms", "new", "民兵登记", "--out", tmp_path / "别处", "--county", settings).returncode == 0

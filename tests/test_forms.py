"""Form files: what they may say, how a mistake in one is told, and that adding to them is all it takes."""

from pathlib import Path

import pytest

from tests.small import MONEY, PEOPLE, forms_of
from workbook_templates.errors import FormError
from workbook_templates.form import STANDARD, form_paths, load_forms, read_forms
from workbook_templates.form_lines import line_at, lines_of


def refused(*texts: str) -> str:
    """What is said of these form files."""
    with pytest.raises(FormError) as error:
        forms_of(*texts)
    return str(error.value)


def test_the_bureau_has_its_cover_twelve_forms_of_the_townships_and_four_of_its_own() -> None:
    numbers = ["C01", "C02", "C03", "C04", *(f"T{number:02d}" for number in range(13))]
    assert sorted(form.no for form in load_forms().values()) == numbers


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "village"', 'kind = "vilage"', "第 26 行 [[column]] village：没有“vilage”这种列；是不是 village？"),
        ('kind = "village"', 'kind = "village"\nhinnt = "选"', "第 27 行 [[column]] village：没有“hinnt”这个键；是不是 hint？"),
        ('title = "人员"', 'titel = "人员"', "第 4 行：没有“titel”这个键；是不是 title？"),
        ('title = "人员"', "", "第 1 行：没有写 title，这是必须有的；请补上一行 title = …"),
        ('header = "村(社区)"', "", "第 23 行 [[column]] village：没有写 header，这是必须有的；请补上一行 header = …"),
        ("[[rule]]", "[[rules]]", "第 50 行：没有“rules”这个键；是不是 rule？"),
        ('choices = ["中共党员", "群众"]', "", "第 41 行 [[column]] party：这种列要写 list（代码表）或 choices（可选项）"),
        ('choices = ["中共党员", "群众"]', 'list = "politcal"', "第 42 行 [[column]] party：没有“politcal”这张代码表；是不是 political？"),
        ('choices = ["中共党员", "群众"]', 'choices = "群众"', "第 42 行 [[column]] party：choices 应是方括号里的一项或几项"),
        ('choices = ["中共党员", "群众"]', 'choices = [\n"群众",\n1]', "第 44 行 [[column]] party：choices 的第 2 项 应是文字，要加引号；现在是 1"),
        ('id = "branch"', 'id = "party"', "第 45 行 [[column]] party：前面已有一列的 id 是“party”"),
        ('id = "branch"', 'id = "Branch"', "第 45 行 [[column]] Branch：id 不能是“Branch”；只能用小写英文字母"),
        ("required = true", 'required = "对"', "第 15 行 [[column]] name：required 只能是 true 或 false，不加引号；现在是“对”"),
        ("version = 1", 'version = "一"', "第 5 行：version 应是整数，不加引号；现在是“一”"),
        ("version = 1", "version = 0", "第 5 行：version 不能小于 1；现在是 0"),
        ("version = 1", "version = 1\nroom = 9000", "第 6 行：room 不能大于 3000；现在是 9000"),
        ('kind = "village"', f'kind = "village"\nhint = "{"长" * 300}"', "第 27 行 [[column]] village：hint 有 300 个字，最多 255 个；请缩短"),
        ('kind = "pdate"', 'kind = "pdate"\nearliest = "1990年"', "第 32 行 [[column]] enlist_date：earliest 不能是“1990年”；请写成 1990-01"),
        ('key = ["id_number"]', 'key = ["number"]', "第 7 行：没有“number”这一列；是不是 id_number？"),
        ('key = ["id_number"]', "key = []", "第 7 行：key 至少要有 1 项"),
        ('code = "D08"', 'code = "D98"', "第 51 行 [[rule]] D98：问题目录里没有“D98”这个代码"),
        ('code = "D08"', 'code = "D08"\nseverity = "eror"', "第 52 行 [[rule]] D08：severity 不能是“eror”；是不是 error？"),
        ('code = "D08"', 'code = "D08"\nerror_from = "明年"', "第 52 行 [[rule]] D08：error_from 应是日期，写成 2027-01-01；现在是“明年”"),
        ('code = "D08"', 'code = "Z01"', "第 51 行 [[rule]] Z01：message 和 cure 只和 code = \"Z01\" 一起写，并且都要写"),
        ("discharge_date <= enlist_date", "", "第 50 行 [[rule]] D08：没有写 when"),
        ("discharge_date <= enlist_date", "discharge_date <= enlisted", "第 53 行 [[rule]] D08：没有“enlisted”这一列；是不是 enlist_date？"),
        ("discharge_date <= enlist_date", "discharge_date <= ", "第 53 行 [[rule]] D08：第"),
        ("discharge_date <= enlist_date", "discharge_date ** 2 > 3", "第 53 行 [[rule]] D08：规则里没有这样的运算"),
        ("discharge_date <= enlist_date", "years(enlist_date) > 3", "第 53 行 [[rule]] D08：years 的括号里要写 2 项"),
        ("discharge_date <= enlist_date", "enlist_date < date('去年')", "第 53 行 [[rule]] D08：date 里请写成 '2011-11-01' 这样的日期"),
        ("party == '中共党员'", "party == '党员'", "第 48 行 [[column]] branch：“政治面貌”没有“党员”这个选项"),
        ("[[rule]]", '[[repeat]]\ncode = "K04"\nat = "name"\nsame = [\n  "name",\n  "nmae",\n]\n[[rule]]', "第 55 行 [[repeat]] K04：没有“nmae”这一列；是不是 name？"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_form_file_is_told_with_the_file_the_line_the_place_and_the_cure(
    old: str, new: str, message: str
) -> None:
    assert old in PEOPLE
    said = refused(PEOPLE.replace(old, new, 1))
    assert f"0.toml {message}" in said
    assert not any(word in said for word in ("Input", "Field", "validation"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "village"', "kind = village", "第 26 行：等号后面的值写法不对"),
        ('kind = "village"', "kind = “village”", "第 26 行：这一行里有中文标点"),
        ('kind = "village"', 'kind = "village', "第 26 行：引号没有成对"),
        ('kind = "village"', 'kind "village"', "第 26 行：键的后面少了等号"),
        ('kind = "village"', 'kind = "village"\nkind = "text"', "第 27 行：同一个键写了两次"),
        ('choices = ["中共党员", "群众"]', 'choices = ["中共党员", "群众"', "第 44 行：方括号没有成对"),
        ("[[rule]]", "[rule]", "第 50 行：要写两层方括号：[[rule]]"),
        ("[[rule]]", "[[rule]", "第 50 行：方括号没有成对"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_its_line_in_chinese(old: str, new: str, message: str) -> None:
    said = refused(PEOPLE.replace(old, new, 1))
    assert said.startswith(f"0.toml {message}")
    assert "at line" not in said


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_bytes(PEOPLE.encode("gb18030"))
    with pytest.raises(FormError, match=r"people\.toml 第 1 行：文件不是 UTF-8 编码"):
        load_forms(tmp_path)


def test_a_file_saved_by_notepad_with_a_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_bytes(b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode())
    assert list(load_forms(tmp_path)) == ["people"]


def test_every_mistake_of_every_file_is_told_at_once() -> None:
    people = PEOPLE.replace('"village"\n\n', '"vilage"\n\n').replace('"D08"', '"D98"').replace("> 35", "> lots")
    money = MONEY.replace('kind = "money"', 'kind = "mony"')
    lines = refused(people, money).splitlines()
    assert [line.partition("：")[0] for line in lines] == [
        "0.toml 第 26 行 [[column]] village",
        "0.toml 第 51 行 [[rule]] D98",
        "0.toml 第 58 行 [[rule]] D10",
        "1.toml 第 32 行 [[column]] amount",
    ]


def test_what_only_follows_from_another_mistake_is_not_told() -> None:
    said = refused(PEOPLE.replace('choices = ["中共党员", "群众"]', 'list = "x"'), MONEY)
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('form = "people"', 'form = "peple"', "第 38 行 [[lookup]] X01：没有“peple”这张表；是不是 people？"),
        ("= { id_number =", "= { id_numbr =", "第 39 行 [[lookup]] X01：没有“id_numbr”这一列；是不是 id_number？"),
        ('= "id_number" }', '= "number" }', "第 39 行 [[lookup]] X01：“人员”表没有“number”这一列；是不是 id_number？"),
        ("other.name", "other.nmae", "第 40 行 [[lookup]] X01：没有“other.nmae”这一列；是不是 name？"),
        ('expect = "none"', 'expect = "none"\n[[lookup.also]]\nform = "money"\nmatch = {id_number = "batches"}', "第 44 行 [[lookup]] X01：“发放”表没有“batches”这一列；是不是 batch？"),
    ],
)  # fmt: skip
def test_a_lookup_names_what_is_there(old: str, new: str, message: str) -> None:
    assert f"1.toml {message}" in refused(PEOPLE, MONEY.replace(old, new, 1))


def test_two_files_of_a_folder_may_not_be_one_form(tmp_path: Path) -> None:
    assert "1.toml 第 2 行：0.toml 的 id 也是“people”" in refused(PEOPLE, PEOPLE)
    for folder, header in (("standard", "姓名"), ("own", "名字")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "people.toml").write_text(PEOPLE.replace("姓名", header), "utf-8")
    forms = load_forms(tmp_path / "standard", own=tmp_path / "own")
    assert forms["people"].by_id["name"].header == "名字"


def test_every_line_of_a_form_file_may_be_lost_or_doubled_without_a_crash(tmp_path: Path) -> None:
    lines = PEOPLE.splitlines()
    path = tmp_path / "people.toml"
    for number in range(len(lines)):
        for changed in (lines[:number] + lines[number + 1 :], lines[: number + 1] + lines[number:]):
            path.write_text("\n".join(changed), "utf-8")
            found = read_forms([path])
            assert found.forms or found.mistakes
            assert all(0 < mistake.line <= len(changed) for mistake in found.mistakes)


def test_a_place_is_found_past_comments_lists_over_lines_and_strings_that_look_like_tables() -> None:
    text = "\n".join(
        [
            "# [[column]]",
            'key = [ # "x"',
            '  "a",',
            "]",
            "[[column]]",
            'hint = """',
            "[[column]]",
            'id = "no" """',
            "choices = ['[x]', 'y # z',",
            "  'w']",
            "[[column]]",
            'choice_aliases."甲.乙" = "丙"',
            "[[lookup]]",
            'match = { a = "b", c = "d" }',
            "[[lookup.also]]",
            "[[lookup.also]]",
            "times = 1.5",
        ]
    )
    lines = lines_of(text)
    places = [
        ("key", 0), ("column", 0), ("column", 0, "choices", 2), ("column", 1), ("column", 1, "choice_aliases", "甲.乙"),
        ("lookup", 0, "match", "c"), ("lookup", 0, "also", 1, "times"), ("lookup", 0, "also", 1, "form"), ("title",),
    ]  # fmt: skip
    assert [line_at(lines, place) for place in places] == [3, 5, 10, 11, 12, 14, 17, 16, 1]


def test_every_column_and_rule_of_the_bureaus_forms_is_found_in_its_file() -> None:
    for form, file in read_forms(form_paths(STANDARD)).forms.values():
        text = Path(file.path).read_text("utf-8").splitlines()
        for number, column in enumerate(form.columns):
            assert text[file.lines["column", number, "id"] - 1] == f'id = "{column.id}"'
        for number, rule in enumerate(form.rules):
            assert text[file.lines["rule", number, "code"] - 1] == f'code = "{rule.code}"'


def test_any_change_that_a_verdict_depends_on_changes_the_digest() -> None:
    assert forms_of(PEOPLE, MONEY).digest == forms_of(PEOPLE, MONEY).digest
    assert forms_of(PEOPLE, MONEY).digest != forms_of(PEOPLE.replace("> 35", "> 36"), MONEY).digest

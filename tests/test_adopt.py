"""An old register, as clerks kept it, becomes a filled standard workbook, and every row and cell is accounted for."""

import random
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_service.errors import TaizhangError
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from sync_service.takeover.adopting import Adopted, adopt, carried_over
from sync_service.takeover.carrying import DATA, Carried
from sync_service.takeover.drafting import Draft, Request, draft
from sync_service.takeover.matching import Match
from tests.county import NOW, CountyOnDisk, make_county, number
from tests.drawn import WRITERS, Drawn, sheet, write_xlsx
from tests.program import taizhang
from validators.header import column_of
from validators.raw import Range, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Forms, load_forms
from workbook_templates.kinds.base import plain_text
from workbook_templates.sheet import FIRST_ROW, ID_ROW

FORMS = Forms([load_forms()[form_id] for form_id in ("cover", "veterans")], "")
"""A workbook of all sheets takes seconds to write."""

N = [number(n) for n in range(10)]
MESSY = f"""
|城关镇退役军人花名册|
|填报单位：城关镇| | | | | |单位：人|
|序号|姓名|证件|户籍| |电话|服役情况| |村|婚姻|
| | | |性质|地址| |参军年月|退伍时间| | |
|=1|王一东|{N[0]}|农村|清河县城关镇东风村3组|13900000001|2008.12|2010年3月|东风村|已婚|
|=2|王 二南|{N[1]}|城镇|清河县城关镇东风村2组|=13900000002|08.3|=2010.1| |已婚|
|小计|=2|
|=3|王三西|{N[2][:-1]}|农村|清河县城关镇东风村1组|139|@2009-12-01|2011/12|向阳| |
| |
|=4|王四北|{N[3]}|农村|清河县城关镇向阳村1组|无|200912|200912|火星村|离异|
|序号|姓名|证件|户籍| |电话|服役情况| |村|婚姻|
|=5|王五东|=1.10101199003077e17|农村|清河县城关镇向阳村1组|13900000005|#N/A|2011-03|向阳村| |
|合计|=5|
|填表人：李四| | |审核人：张三|
"""
MERGED = (
    *(Range(3, j, 4, j) for j in (1, 2, 3, 6, 9, 10)), Range(1, 1, 1, 10), Range(3, 4, 3, 5), Range(3, 7, 3, 8), Range(5, 9, 6, 9),
)  # fmt: skip


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


def _draft(county: CountyOnDisk, path: Path, **more: object) -> Draft:
    request = Request(path, "退役军人", "城关镇", **more)  # type: ignore[arg-type]
    return draft(county.setup, FORMS, request, NOW.date())


def _save(folder: Path, drawn: RawSheet | str, name: str = "old.xlsx") -> Path:
    one = sheet(drawn) if isinstance(drawn, str) else drawn
    drawns: Drawn = {"花名册": one}
    return WRITERS[Path(name).suffix](folder / name, drawns)


def _proposed(one: Draft) -> dict[str, tuple[str, str, bool]]:
    return {m.old.name: (m.column.header, m.basis, m.sure) for m in one.proposal.matches}


def _unmatched(one: Draft) -> dict[str, str]:
    return {left.old.name: left.why for left in one.proposal.unmatched}


def _adopt(county: CountyOnDisk, one: Draft, refused: tuple[Match, ...] = (), *, keep_rest: bool = False) -> Adopted:
    return adopt(county.setup, FORMS, one, one.proposal.without(refused), NOW, keep_rest=keep_rest)


def _rows(path: Path, title: str = "退役军人") -> list[dict[str, Raw]]:
    page = next(page for page in read_book(path, Limits()).sheets if page.title == title)
    ids = page.rows[ID_ROW - 1]
    return [
        {str(name): cell for name, cell in zip(ids, row, strict=False) if cell is not None}
        for row in page.rows[FIRST_ROW - 1 :]
        if any(cell is not None for cell in row)
    ]


@pytest.mark.parametrize("ending", WRITERS)
def test_names_and_aliases_are_taken_and_what_the_cells_look_like_is_a_suggestion(
    county: CountyOnDisk, ending: str
) -> None:
    one = _draft(county, _save(county.folder, sheet(MESSY, merged=MERGED), f"old{ending}"))
    assert _proposed(one) == {
        "序号": ("序号", "列名相同", True),
        "姓名": ("姓名", "列名相同", True),
        "证件": ("身份证号", "内容像", False),
        "户籍／性质": ("户籍性质", "列名相同", True),
        "户籍／地址": ("户籍地址", "列名相同", True),
        "电话": ("联系电话", "别名", True),
        "服役情况／参军年月": ("入伍时间", "内容像", False),
        "服役情况／退伍时间": ("退役时间", "别名", True),
        "村": ("村(社区)", "别名", True),
    }
    assert _unmatched(one) == {"婚姻": "对不上任何一列"}
    assert {"民族", "人员类别"} <= {column.header for column in one.proposal.blank}


def test_every_row_of_the_old_sheet_is_accounted_for(county: CountyOnDisk) -> None:
    adopted = _adopt(county, _draft(county, _save(county.folder, sheet(MESSY, merged=MERGED))))
    fates = adopted.carried.fates
    assert [fate.row for fate in fates] == list(range(1, 15))
    assert "".join(fate.what[0] for fate in fates) == "标标表表数数合数空数说数合说"
    assert [fate.new for fate in fates if fate.what == DATA] == [5, 6, 7, 8, 9]
    account = openpyxl.load_workbook(adopted.account)
    assert account.sheetnames == ["概况", "列对照", "行去向", "没有接收的内容"]
    told = [row[0].value for row in account["概况"].iter_rows()]
    assert "旧表“花名册”14 行 = 表头 2 + 数据 5 + 标题 2 + 合计 2 + 说明 2 + 空行 1" in told
    assert any("合并单元格已逐行填成“东风村”" in str(line) for line in told)
    left = [[cell.value for cell in row] for row in account["没有接收的内容"].iter_rows(min_row=2)]
    assert left == [
        ["花名册", 5, 5, "婚姻", "已婚"],
        ["花名册", 6, 6, "婚姻", "已婚"],
        ["花名册", 10, 8, "婚姻", "离异"],
    ]


def test_what_is_read_without_doubt_is_tidied_and_the_rest_is_as_it_was_typed(county: CountyOnDisk) -> None:
    adopted = _adopt(county, _draft(county, _save(county.folder, sheet(MESSY, merged=MERGED))))
    first, second, third, fourth, fifth = _rows(adopted.path)
    assert (first["name"], first["enlist_date"], first["discharge_date"]) == ("王一东", "2008-12", "2010-03")
    assert (second["name"], second["phone"], second["village"]) == ("王二南", "13900000002", "东风村")
    assert (second["enlist_date"], second["discharge_date"]) == ("08.3", 2010.1), "a guessed century stays as typed"
    assert (third["id_number"], third["village"], third["enlist_date"]) == (N[2][:-1], "向阳村", "2009-12")
    assert (fourth["phone"], fourth["village"]) == ("无", "火星村")
    assert isinstance(fifth["id_number"], int)
    assert plain_text(fifth["enlist_date"]) == "#N/A"
    found = {(one.header, one.row, one.code) for one in adopted.problems}
    assert {
        ("入伍时间", 6, "D03"), ("退役时间", 6, "D04"), ("身份证号", 7, "I03"), ("村(社区)", 8, "F24"),
        ("身份证号", 9, "I01"), ("入伍时间", 9, "F21"), ("民族", 5, "M01"),
    } <= found  # fmt: skip


def test_a_suggestion_that_is_refused_is_not_taken(county: CountyOnDisk) -> None:
    one = _draft(county, _save(county.folder, sheet(MESSY, merged=MERGED)))
    adopted = _adopt(county, one, tuple(m for m in one.proposal.suggestions if m.column.id == "enlist_date"))
    assert all("enlist_date" not in row for row in _rows(adopted.path))
    assert {left.name for left in adopted.carried.left} == {"婚姻", "服役情况／参军年月"}


def test_the_rest_goes_to_the_remarks_if_asked(county: CountyOnDisk) -> None:
    adopted = _adopt(county, _draft(county, _save(county.folder, sheet(MESSY, merged=MERGED))), keep_rest=True)
    assert [row.get("remark") for row in _rows(adopted.path)] == ["婚姻：已婚", "婚姻：已婚", None, "婚姻：离异", None]
    assert not adopted.carried.left


PEOPLE = "\n".join(
    f"|王{'一二三四五'[n]}|{N[n]}|2008-12|2010-12|1390000000{n}|1380000000{n}|{n + 1}|" for n in range(5)
)


def test_where_several_columns_fit_they_are_named_and_none_is_chosen(county: CountyOnDisk) -> None:
    drawn = f"|人|号码|几时去|几时回|手边|屋里|甲|\n{PEOPLE}"
    one = _draft(county, _save(county.folder, drawn), maps=("A=姓名",))
    assert _proposed(one) == {"人": ("姓名", "指定", True), "号码": ("身份证号", "内容像", False)}
    assert _unmatched(one) == {
        "几时去": "内容像好几列，分不清",
        "几时回": "内容像好几列，分不清",
        "手边": "第 5、6 列都像“联系电话”",
        "屋里": "第 5、6 列都像“联系电话”",
        "甲": "对不上任何一列",
    }
    candidates = {c.header for left in one.proposal.unmatched if left.old.own == "几时去" for c in left.candidates}
    assert candidates == {"入伍时间", "退役时间"}


def test_a_register_without_any_known_header_is_matched_by_hand_and_by_content(county: CountyOnDisk) -> None:
    drawn = f"|人|号码|几时去|几时回|手边|屋里|甲|\n{PEOPLE}"
    maps = ("几时去=入伍时间", "D=退役时间", "第6列=", "甲=")
    one = _draft(county, _save(county.folder, drawn), maps=maps)
    assert _proposed(one) == {
        "人": ("姓名", "内容像", False),
        "号码": ("身份证号", "内容像", False),
        "几时去": ("入伍时间", "指定", True),
        "几时回": ("退役时间", "指定", True),
        "手边": ("联系电话", "内容像", False),
    }
    assert _unmatched(one) == {"屋里": "指定不接收", "甲": "指定不接收"}


def test_a_similar_name_is_a_suggestion_but_never_for_numbers_that_count(county: CountyOnDisk) -> None:
    one = _draft(county, _save(county.folder, "|姓名|身份证号码号|服役部队的代号|性别|\n|王一|1|37001|男|"))
    assert _proposed(one)["服役部队的代号"] == ("服役部队代号", "列名相近", False)
    assert "身份证号码号" in _unmatched(one)


def test_what_belongs_to_somebody_else_is_not_taken_by_its_name_alone(county: CountyOnDisk) -> None:
    merged = (Range(1, 1, 2, 1), Range(1, 2, 2, 2), Range(1, 3, 1, 4))
    drawn = sheet(f"|姓名|身份证号|家属| |\n| | |姓名|电话|\n|王一|{N[0]}|李二|13900000000|", merged=merged)
    one = _draft(county, _save(county.folder, drawn))
    assert _proposed(one)["家属／电话"] == ("联系电话", "别名", False)
    assert _unmatched(one) == {"家属／姓名": "“姓名”已由第 1 列接收"}


def test_a_birth_date_that_contradicts_the_number_stays_and_one_that_agrees_is_left_to_the_formula(
    county: CountyOnDisk,
) -> None:
    day = datetime.strptime(N[0][6:14], "%Y%m%d").date()
    drawn = f"|姓名|身份证号|性别|出生日期|\n|王一|{N[0]}|女|1950-01-01|\n|王二|{N[0]}||{day.isoformat()}|\n|王三||男|1951.3.2|"
    adopted = _adopt(county, _draft(county, _save(county.folder, drawn)))
    first, second, third = _rows(adopted.path)
    assert first["birth_date"] == date(1950, 1, 1)
    assert "birth_date" not in second
    assert (third["sex"], third["birth_date"]) == ("男", date(1951, 3, 2))
    assert ("I08", 5) in {(one.code, one.row) for one in adopted.problems}


def test_two_sheets_that_might_be_meant_are_asked_for_and_the_other_is_named(county: CountyOnDisk) -> None:
    two = {"2018": sheet(f"|姓名|身份证号|\n|王一|{N[1]}|")}
    path = write_xlsx(county.folder / "old.xlsx", {"花名册": sheet(f"|姓名|身份证号|\n|王一|{N[0]}|"), **two})
    with pytest.raises(TaizhangError, match="几张工作表") as refused:
        _draft(county, path)
    assert "“花名册”、“2018”" in refused.value.hint
    one = _draft(county, path, sheet="2018")
    assert (one.sheet.title, one.others) == ("2018", ("花名册",))
    with pytest.raises(TaizhangError, match="没有“2017”"):
        _draft(county, path, sheet="2017")


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        (("没有=姓名",), "没有一列叫“没有”"),
        (("姓名=绰号",), "没有“绰号”这一列"),
        (("姓名",), "--map 姓名 不行"),
        (("姓名=姓名", "B=姓名"), "两列都指给了“姓名”"),
    ],
)
def test_a_wrong_map_is_refused_with_what_there_is(county: CountyOnDisk, maps: tuple[str, ...], message: str) -> None:
    with pytest.raises(TaizhangError, match=message):
        _draft(county, _save(county.folder, f"|姓名|身份证号|\n|王一|{N[0]}|"), maps=maps)


def test_nothing_that_lies_there_is_overwritten(county: CountyOnDisk) -> None:
    path = _save(county.folder, f"|姓名|身份证号|\n|王一|{N[0]}|")
    for out, force in ((path, True), (county.book("石桥镇"), True), (county.settings, True)):
        with pytest.raises(TaizhangError):
            _draft(county, path, out=out, force=force)
    one = _draft(county, path)
    _adopt(county, one)
    with pytest.raises(TaizhangError, match="已经有了"):
        _draft(county, path)
    assert _draft(county, path, force=True)


def test_a_file_that_is_no_workbook_ends_in_the_usual_refusal(county: CountyOnDisk) -> None:
    path = county.folder / "old.xlsx"
    path.write_bytes(b"<html>" * 100)
    told = taizhang("adopt", path, "--form", "退役军人", "--township", "城关镇", "--county", county.settings)
    assert told.returncode == 2
    assert "不是 Excel 表格" in told.stderr
    assert "怎么办" in told.stderr


def test_without_a_terminal_suggestions_stop_with_how_to_go_on_and_yes_takes_them(county: CountyOnDisk) -> None:
    path = _save(county.folder, sheet(MESSY, merged=MERGED))
    order = ("adopt", path, "--form", "退役军人", "--township", "城关镇", "--county", county.settings)
    told = taizhang(*order)
    assert told.returncode == 1
    assert "像“身份证号”" in told.stdout
    assert "--yes" in told.stdout
    assert N[0] not in told.stdout
    assert not (county.folder / "模板").exists() or not list((county.folder / "模板").iterdir())
    done = taizhang(*order, "--yes")
    assert done.returncode == 0, done.stderr
    assert "旧表“花名册”14 行 = 表头 2 + 数据 5" in done.stdout
    assert "处要改" in done.stdout
    assert {path.name for path in (county.folder / "模板").iterdir()} == {
        "城关镇_退役军人_接收.xlsx",
        "城关镇_退役军人_接收说明.xlsx",
    }


CELLS: st.SearchStrategy[Raw] = st.one_of(
    st.none(),
    st.sampled_from(["王一", "无", "同上", "东风村", "合计", "备注：", "13900000000", "1985.3", "19850312", " ", "男", "<r>x</r>", *N[:3]]),
    st.integers(-5, 10**18),
    st.floats(0.01, 1e6),
    st.dates(date(1901, 1, 1), date(2030, 1, 1)),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
)  # fmt: skip
HEADERS = (
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "村",
    "电话",
    "入伍时间",
    "退役时间",
    "序号",
    "备注",
    "杂项",
    "家属",
    "民族",
    "",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=len(HEADERS)), min_size=1, max_size=8),
    order=st.integers(0, 1000),
    keep_rest=st.booleans(),
)
def test_no_filled_cell_is_lost(county: CountyOnDisk, rows: list[list[Raw]], order: int, keep_rest: bool) -> None:
    headers = list(HEADERS)
    random.Random(order).shuffle(headers)
    drawn = RawSheet("花名册", [tuple(header or None for header in headers), *map(tuple, rows)])
    path = write_xlsx(county.folder / "old.xlsx", {"花名册": drawn})
    old = next(iter(read_book(path, Limits()).sheets)).rows
    one = _draft(county, path, sheet="花名册")
    carried = carried_over(one, one.proposal, NOW.date(), keep_rest=keep_rest)
    new = {fate.row: carried.rows[fate.new - FIRST_ROW] for fate in carried.fates if fate.new}
    fates = {fate.row: fate for fate in carried.fates}
    left = {(one.row, one.value) for one in carried.left}
    assert len(fates) == len(old)
    at = {header: j for j, header in enumerate(headers)}
    taken = {match.old.j: match.column.id for match in one.proposal.matches}
    for row, cells in enumerate(old[1:], 2):
        for j, cell in enumerate(cells):
            text = plain_text(cell)
            if not text.strip():  # blanks say nothing
                continue
            if row not in new:
                assert text in fates[row].content or j == at["序号"]
            elif j == at["序号"]:
                assert fates[row].serial == text
            elif j in {at["杂项"], at["家属"], at[""]}:
                # what looks like a form's column, though nothing says so, is suggested as that one, and taken here
                assert (row, text) in left or text in str(new[row].get("remark")) or taken.get(j) in new[row]
            elif j not in {at["性别"], at["出生日期"]} or "id_number" not in new[row]:
                column = carried.form.by_id[_column_id(carried, headers[j])]
                assert column.id in new[row], (headers[j], cell)


def _column_id(carried: Carried, header: str) -> str:
    column = column_of(carried.form, header)
    assert column
    return column.id

"""Laws of the master workbook, read back as others read it."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sync_service.master.content import (
    Change,
    MasterContent,
    MasterRow,
    RowBlock,
    TownshipLine,
    TownshipProblem,
    TrendPoint,
)
from sync_service.master.merged import shelve_rows
from sync_service.master.writer import write_master
from sync_service.reuse.shelf import Shelf
from validators.problems import problem
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County

MADE = datetime(2026, 6, 20, 8, 30)
INJECTIONS = [
    '=HYPERLINK("http://a","b")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "<r>no</r>",
    "a\x07b\x00",
    "_x0041_",
    "\uffff",
    " spaced ",
]


@cache
def forms() -> Forms:
    """Three forms are enough to see how a master is laid out."""
    ours = load_forms()
    return Forms([ours[form] for form in ("cover", "veterans", "beneficiaries", "payments")], ours.digest)


def row(township: str = "城关镇", mark: str = "", **values: str | float) -> MasterRow:
    return MasterRow(township, values, datetime(2026, 3, 5, 9, 15), "城关镇.xlsx", "退役军人", 7, mark)


def line(
    name: str = "城关镇", errors: int = 3, warnings: int = 5, veterans: int = 2, state: str = "正常"
) -> TownshipLine:
    counts = {"veterans": veterans, "payments": 1}
    return TownshipLine("990101100", name, counts, MADE, errors, warnings, 9, state, (3, 3, 5))


def content(
    rows: Iterable[MasterRow] = (),
    problems: Sequence[TownshipProblem] = (),
    changes: Sequence[Change] = (),
    townships: Sequence[TownshipLine] = (line(), line("东河镇", 0, 1, 4, "文件正开着")),
    form: str = "veterans",
) -> MasterContent:
    county = County("990101", "青禾县")
    listed = list(rows)
    blocks = [RowBlock("990101100", len(listed), "", lambda: listed)]
    return MasterContent(county, "2026上半年", MADE, forms(), townships, {form: blocks}, problems, changes)


def loaded(path: Path, data_only: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", ".* extension is not supported", UserWarning
        )  # of data bars; openpyxl reads their older half
        return openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=data_only)


def written(path: Path, of: MasterContent) -> openpyxl.Workbook:
    write_master(of, path)
    return loaded(path)


def table(sheet: Worksheet) -> list[dict[str, object]]:
    header, *body = ([cell.value for cell in cells] for cells in sheet.iter_rows(min_row=2))
    return [dict(zip(header, cells, strict=True)) for cells in body]


def test_there_is_a_sheet_for_each_form_and_for_what_the_coordinator_needs(tmp_path: Path) -> None:
    book = written(tmp_path / "m.xlsx", content())
    tables = [form.title for form in forms().values() if form.layout == "table"]
    decided = ["重复与冲突", "待确认", "审核", "更正"]
    assert book.sheetnames == ["总览", *decided, "各表行数", *tables, "问题", "变更记录", "说明", "选项"]
    assert book["选项"].sheet_state == "hidden"


def test_the_merged_sheet_has_the_columns_of_the_template_in_its_order_and_says_where_a_row_comes_from(
    tmp_path: Path,
) -> None:
    sheet = written(tmp_path / "m.xlsx", content([row(name="张建国")]))["退役军人"]
    headers = [cell.value for cell in sheet[2]]
    stored = [column.header for column in forms()["veterans"].stored]
    where = ["来源文件", "工作表", "行号", "起始时间", "行标识"]
    assert headers == ["乡镇", "状态", *stored, *where, "更正列名", "更正为", "处理人", "处理说明"]
    (first,) = table(sheet)
    assert first["乡镇"] == "城关镇"
    assert (first["姓名"], first["来源文件"], first["工作表"], first["行号"]) == (
        "张建国",
        "城关镇.xlsx",
        "退役军人",
        7,
    )
    assert first["起始时间"] == datetime(2026, 3, 5, 9, 15)


def test_each_kind_of_value_is_what_it_is_a_date_a_number_or_text(tmp_path: Path) -> None:
    rows = [row(id_number="990101196803120011", period_from="2026-01", amount=1560.5, months=3, pay_date="2026-03-25")]
    sheet = written(tmp_path / "m.xlsx", content(rows, form="payments"))["资金发放"]
    cells = {sheet.cell(2, cell.column).value: cell for cell in sheet[3]}
    assert (cells["对象身份证号"].value, cells["对象身份证号"].number_format) == ("990101196803120011", "@")
    assert (cells["所属期起"].value, cells["所属期起"].number_format) == ("2026-01", "@")
    assert (cells["实发金额(元)"].value, cells["实发金额(元)"].number_format) == (1560.5, "#,##0.00")
    assert cells["发放月数"].value == 3
    assert (cells["发放日期"].value, cells["发放日期"].number_format) == (datetime(2026, 3, 25), "yyyy-mm-dd")


def test_a_date_before_spreadsheets_count_right_stays_text(tmp_path: Path) -> None:
    sheet = written(tmp_path / "m.xlsx", content([row(birth_date="1899-05-01")]))["退役军人"]
    assert table(sheet)[0]["出生日期"] == "1899-05-01"


@pytest.mark.parametrize("typed", INJECTIONS)
def test_whatever_a_clerk_types_is_text_and_breaks_nothing(tmp_path: Path, typed: str) -> None:
    found = TownshipProblem(
        "城关镇", "", problem("D02", {"form": "1985"}, sheet=typed, row=7, column="C", value=typed), MADE
    )
    change = Change(1, MADE, "城关镇", "退役军人", typed, "变更", "备注", typed, typed)
    book = written(tmp_path / "m.xlsx", content([row(name=typed, remark=typed)], [found], [change]))
    cells = {
        book["退役军人"].cell(3, 3): typed,
        book["问题"].cell(3, 6): found.problem.value,
        book["变更记录"].cell(3, 5): typed,
        book["变更记录"].cell(3, 8): typed,
    }
    for cell, said in cells.items():
        if not said:  # there is nothing in it that can be shown
            assert cell.value is None
            continue
        assert cell.data_type == "s"
        assert isinstance(cell.value, str)
        plain = said.replace("\uffff", "\ufffd").replace("<r>no</r>", "<r>no</r> ")
        assert openpyxl.utils.escape.unescape(cell.value) == plain


def test_a_row_that_awaits_something_is_marked_in_word_and_colour(tmp_path: Path) -> None:
    sheet = written(tmp_path / "m.xlsx", content([row(), row(mark="待更正")]))["退役军人"]
    assert (sheet["B3"].value, sheet["B4"].value) == (None, "待更正")
    assert sheet["B4"].fill.fgColor.rgb != sheet["B3"].fill.fgColor.rgb


def test_townships_for_whose_rows_a_sheet_has_no_room_are_named_and_the_others_are_there(tmp_path: Path) -> None:
    blocks = [
        RowBlock("990101100", 2, "", lambda: [row(), row()]),
        RowBlock("990101200", 1_048_573, "", lambda: pytest.fail("they are not even read")),
        RowBlock("990101300", 1, "", lambda: [row("西河镇")]),
    ]
    sheet = written(tmp_path / "m.xlsx", replace(content(), rows={"veterans": blocks}))["退役军人"]
    assert [one["乡镇"] for one in table(sheet)] == ["城关镇", "城关镇", "西河镇"]
    assert "放不下990101200的 1,048,573 行" in sheet["E1"].value
    assert "as-of" in sheet["E1"].value


@pytest.mark.parametrize("above", [4, 6, 150])
def test_rows_below_others_that_became_more_or_fewer_are_not_read_again(tmp_path: Path, above: int) -> None:
    """They are renumbered, whatever is written in them, and the workbook is the one that an empty shelf gives."""
    below = [row("东河镇", name=f"某{n}", remark=f'{n}" s="2"/><c r="B{n}" s="2"') for n in range(300)]

    def with_rows_above(rows: int, read: Callable[[], Iterable[MasterRow]]) -> MasterContent:
        first = RowBlock("990101100", rows, f"{rows}", lambda: [row()] * rows)
        return replace(content(), rows={"veterans": [first, RowBlock("990101200", len(below), "", read)]})

    used, empty = Shelf(tmp_path / "used"), Shelf(tmp_path / "empty")
    for shelf in (used, empty):
        shelf.open("")
    write_master(with_rows_above(5, lambda: below), tmp_path / "before.xlsx", used)
    write_master(with_rows_above(above, lambda: pytest.fail("they are read again")), tmp_path / "after.xlsx", used)
    write_master(with_rows_above(above, lambda: below), tmp_path / "anew.xlsx", empty)
    assert (tmp_path / "after.xlsx").read_bytes() == (tmp_path / "anew.xlsx").read_bytes()


def test_rows_that_were_shelved_before_are_those_that_the_master_would_have_made(tmp_path: Path) -> None:
    made = content([row(name=f"某{n}", mark="待确认" if n % 7 == 0 else "") for n in range(300)])
    unread = [block._replace(rows=lambda: pytest.fail("they are read again")) for block in made.rows["veterans"]]
    before, empty = Shelf(tmp_path / "before"), Shelf(tmp_path / "empty")
    for shelf in (before, empty):
        shelf.open("")
    shelve_rows(made.forms, made.rows, before)
    write_master(replace(made, rows={"veterans": unread}), tmp_path / "shelved.xlsx", before)
    write_master(made, tmp_path / "anew.xlsx", empty)
    assert (tmp_path / "shelved.xlsx").read_bytes() == (tmp_path / "anew.xlsx").read_bytes()


def test_a_merged_sheet_can_be_filtered_keeps_its_header_in_sight_and_prints(tmp_path: Path) -> None:
    sheet = written(tmp_path / "m.xlsx", content([row()] * 5))["退役军人"]
    assert sheet.auto_filter.ref == f"A2:{sheet.cell(2, sheet.max_column).column_letter}7"
    assert sheet.freeze_panes == "D3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape",
        9,
        "$1:$2",
    )


def test_the_overview_has_a_line_for_each_township_and_sums_that_agree(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    write_master(content(), path)
    rows = list(loaded(path, data_only=True)["总览"].iter_rows(min_row=7, max_row=10, values_only=True))
    header, *lines = rows
    assert header == (
        "乡镇（街道）", "登记行数", "必填\n齐全", "没有记录的村", "最近改动", "最近读取", "× 错误", "▲ 提醒", "○ 提示", "待决定",
        "已审核\n的表", "行数走势", "状态",
    )  # fmt: skip
    first, second, total = (dict(zip(header, line, strict=True)) for line in lines)
    assert (first["乡镇（街道）"], first["登记行数"], first["最近读取"]) == ("城关镇", 3, MADE)
    assert (first["× 错误"], first["▲ 提醒"], first["○ 提示"], first["行数走势"]) == (3, 5, 9, "▁▁█ +2")
    assert (first["状态"], second["状态"]) == ("√ 正常", "▲ 文件正开着")
    sums = [total[name] for name in ("乡镇（街道）", "登记行数", "× 错误", "▲ 提醒", "○ 提示")]
    assert sums == ["合计", 8, 3, 6, 18]
    assert loaded(path)["总览"]["B10"].value == "=SUM(B8:B9)"


def test_the_overview_has_data_bars_and_two_charts_and_prints_on_one_page(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    points = [TrendPoint(MADE, 9, 4), TrendPoint(MADE, 3, 6)]
    sheet = written(path, replace(content(), trend=points))["总览"]
    bars = {
        str(area.sqref): [rule.type for rule in rules] for area, rules in sheet.conditional_formatting._cf_rules.items()
    }
    assert bars == {"B8:B9": ["dataBar"], "G8:G9": ["dataBar"], "H8:H9": ["dataBar"]}
    townships, county = sheet._charts
    assert [series.val.numRef.f for series in townships.series] == ["总览!$G$8:$G$9", "总览!$H$8:$H$9"]
    told = [series.val.numRef.f.split("!")[1].replace("$", "") for series in county.series]
    assert [[cell.value for (cell,) in sheet[area]] for area in told] == [[9, 3], [4, 6]]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    setup = sheet.page_setup
    assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight or 1) == ("landscape", 1, 1)


def test_a_county_without_townships_still_has_a_master(tmp_path: Path) -> None:
    assert written(tmp_path / "m.xlsx", content(townships=()))["总览"]["A8"].value == "合计"


def test_a_problem_links_to_its_cell_in_the_townships_workbook(tmp_path: Path) -> None:
    found = problem(
        "I06", sheet="退役 军人's", form="veterans", row=7, column="C", header="身份证号", value="990101********0011"
    )
    sheet = written(
        tmp_path / "m.xlsx", content(problems=[TownshipProblem("城关镇", "../乡 镇/100%#1.xlsx", found, MADE)])
    )["问题"]
    (shown,) = table(sheet)
    assert (shown["乡镇"], shown["严重程度"], shown["单元格"], shown["代码"]) == ("城关镇", "错误", "C7", "I06")
    assert (shown["现值"], shown["首次发现"], shown["是否已说明"]) == ("990101********0011", MADE, None)
    assert shown["问题"] == found.message
    assert shown["怎么改"] == found.cure
    link = sheet["D3"].hyperlink
    assert link.target.replace("\\", "/") == "../乡%20镇/100%25%231.xlsx"
    assert link.location == "'退役 军人''s'!C7"


def test_problems_are_listed_by_township_and_the_worst_first_however_they_come(tmp_path: Path) -> None:
    items = [
        TownshipProblem("东河镇", "", problem("P03", sheet="退役军人", row=5, column="M"), MADE),
        TownshipProblem("城关镇", "", problem("D01", {"std": "1985"}, sheet="退役军人", row=5, column="M"), MADE),
        TownshipProblem("城关镇", "", problem("P03", sheet="退役军人", row=6, column="M", confirmed=True), MADE),
        TownshipProblem("城关镇", "", problem("I06", sheet="退役军人", row=12, column="C"), MADE),
        TownshipProblem("城关镇", "", problem("I06", sheet="退役军人", row=9, column="AA"), MADE),
    ]
    shown = [table(written(tmp_path / "m.xlsx", content(problems=order))["问题"]) for order in (items, items[::-1])]
    assert shown[0] == shown[1]
    cells = [(one["乡镇"], one["严重程度"], one["单元格"], one["是否已说明"]) for one in shown[0]]
    assert cells == [
        ("城关镇", "错误", "AA9", None),
        ("城关镇", "错误", "C12", None),
        ("城关镇", "提示", "M5", None),
        ("城关镇", "提醒", "M6", "已说明"),
        ("东河镇", "提醒", "M5", None),
    ]


def test_a_problem_of_a_whole_file_or_row_or_sheet_is_named_so(tmp_path: Path) -> None:
    items = [
        TownshipProblem("城关镇", "a.xlsx", problem("F32", {"file": "a.xlsx"}), MADE),
        TownshipProblem("城关镇", "a.xlsx", problem("K01", {"rows": "7、9", "what": "号"}, sheet="表", row=7), MADE),
        TownshipProblem("城关镇", "a.xlsx", problem("F10", {"header_row": 4}, sheet="表"), MADE),
    ]
    sheet = written(tmp_path / "m.xlsx", content(problems=items))["问题"]
    assert [sheet.cell(number, 4).value for number in (3, 4, 5)] == ["整个文件", "整张表", "第 7 行"]
    assert [sheet.cell(number, 4).hyperlink.location for number in (3, 4, 5)] == [None, "'表'!A1", "'表'!A7"]


def test_a_change_shows_what_it_was_and_what_it_is(tmp_path: Path) -> None:
    change = Change(12, MADE, "城关镇", "退役军人", "张建国", "变更", "联系电话", "13900000000", "13900000001")
    (shown,) = table(written(tmp_path / "m.xlsx", content(changes=[change]))["变更记录"])
    assert list(shown.values()) == [
        MADE,
        12,
        "城关镇",
        "退役军人",
        "张建国",
        "变更",
        "联系电话",
        "13900000000",
        "13900000001",
    ]


def test_equal_content_gives_equal_bytes_and_other_content_other_bytes(tmp_path: Path) -> None:
    def made(name: str, of: MasterContent) -> bytes:
        write_master(of, tmp_path / name)
        return (tmp_path / name).read_bytes()

    rows = [row(name="张建国"), row(name="李秀英")]
    assert made("a.xlsx", content(rows)) == made("b.xlsx", content(iter(rows)))
    assert made("a.xlsx", content(rows)) != made("c.xlsx", content(rows[:1]))
    assert made("a.xlsx", content(rows)) != made("d.xlsx", replace(content(rows), period="2026下半年"))


def test_the_file_holds_no_formula_but_the_sums_and_no_link_to_the_web(tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    write_master(content([row(name="=1+1", remark="http://example.org")]), path)
    with ZipFile(BytesIO(path.read_bytes())) as parts:
        sheets = {name: parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")}
    summed = {name.removeprefix("xl/worksheets/") for name, text in sheets.items() if b"<f>" in text}
    assert summed == {"sheet1.xml", "sheet6.xml"}, "总览 and 各表行数"
    assert not any(b"example.org" in text for name, text in sheets.items() if name.endswith(".rels"))

"""The master's sheets for deciding: what they show, what may be written where, and that the reader reads what the writer wrote."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from sync_service.master.content import MasterContent, TownshipLine
from sync_service.master.writer import write_master
from sync_service.review.places import MERGED, SHEETS
from sync_service.review.records import (
    OFFERED,
    Case,
    CaseKind,
    CaseLine,
    Choice,
    CorrectionLine,
    LineState,
    ReviewContent,
    ReviewLine,
    Side,
    Stray,
)
from sync_service.review.typed import typed_in
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_bytes
from tests.county import number, veteran
from tests.test_master import INJECTIONS, content, forms, loaded, row

SINCE = datetime(2026, 6, 18, 9)
EAST, WEST = "990101100", "990101200"
HEADER = 3
PERSON = {**veteran(1), "phone": "13900000001"}


def side(township: str = EAST, form: str = "veterans", key: str = "", at: int = 7, **changes: object) -> Side:
    values = {name: value for name, value in {**PERSON, **changes}.items() if value is not None}
    return Side(township, form, key or number(1), values, "上报/城关镇.xlsx", "退役军人", at)  # type: ignore[arg-type]


def case(
    name: str = "c1",
    kind: CaseKind = "person",
    sides: Sequence[Side] = (side(), side(WEST, at=9, phone="13900000002")),
    choices: tuple[Choice, ...] = (),
) -> Case:
    return Case(name, kind, "J01", tuple(sides), f"为什么{name}", choices or OFFERED[kind], f"s{name}")


def line(of: Case | None = None, state: LineState = "待处理", choice: str = "", hand: str = "") -> CaseLine:
    of = of or case()
    return CaseLine(
        of, f"{of.shown}.{int(bool(choice))}", state, choice, hand, "", "已办" if choice else "", SINCE, SINCE
    )


def reviewing(
    waiting: Sequence[CaseLine] = (),
    done: Sequence[CaseLine] = (),
    corrections: Sequence[CorrectionLine] = (),
    reviews: Sequence[ReviewLine] = (),
    strays: Sequence[Stray] = (),
) -> MasterContent:
    towns = (
        TownshipLine(EAST, "城关镇", {"veterans": 2}),
        TownshipLine(WEST, "东河镇", {"veterans": 3}, expected={"veterans": 4}),
    )
    review = ReviewContent(tuple(waiting), tuple(done), tuple(corrections), tuple(reviews), tuple(strays))
    return replace(content([row(name="张建国")._replace(version=41)], townships=towns), review=review)


def correction(value: str = "13900000009", state: str = "已更正") -> CorrectionLine:
    who = f"王二西 {number(1)}"
    return CorrectionLine(
        "k1", ".1", EAST, "veterans", number(1), who, "phone", "13900000001", "13900000001", value, "李芳", "", state, "", SINCE,  # type: ignore[arg-type]
    )  # fmt: skip


def book(folder: Path, of: MasterContent) -> openpyxl.Workbook:
    write_master(of, folder / "m.xlsx")
    return loaded(folder / "m.xlsx")


def lines(sheet: Worksheet) -> list[dict[str, Cell]]:
    headers = [cell.value for cell in sheet[HEADER]]
    return [dict(zip(headers, cells, strict=True)) for cells in sheet.iter_rows(min_row=HEADER + 1)]


def test_a_case_is_one_line_with_both_rows_beside_each_other_and_why(tmp_path: Path) -> None:
    (shown,) = lines(book(tmp_path, reviewing([line()]))["重复与冲突"])
    assert (shown["状态"].value, shown["为什么"].value) == ("？ 待处理", "为什么c1")
    assert shown["甲：在哪里"].value == "城关镇\n退役军人\n第 7 行"
    assert shown["乙：在哪里"].value == "东河镇\n退役军人\n第 9 行"
    assert shown["甲：是谁"].value == f"{PERSON['name']}\n{number(1)}"
    assert shown["甲：内容"].value.startswith("≠ 联系电话：13900000001\n＝ 姓名")
    assert shown["乙：内容"].value.startswith("≠ 联系电话：13900000002\n＝ 姓名")


def test_what_differs_is_coloured_and_marked_and_what_does_not_is_neither(tmp_path: Path) -> None:
    cases = [line(), line(case("c2", sides=(side(), side(WEST, name="王小二"))))]
    first, second = lines(book(tmp_path, reviewing(cases))["重复与冲突"])
    plain = first["为什么"].fill.fgColor.rgb
    assert first["甲：是谁"].fill.fgColor.rgb == plain != first["甲：内容"].fill.fgColor.rgb
    assert (
        first["乙：内容"].fill.fgColor.rgb == first["甲：内容"].fill.fgColor.rgb == second["乙：是谁"].fill.fgColor.rgb
    )
    assert "≠ 姓名：王小二" in second["乙：内容"].value


def test_rows_of_two_forms_are_compared_by_the_columns_that_both_have(tmp_path: Path) -> None:
    other = Side(WEST, "beneficiaries", "x", {"name": PERSON["name"], "phone": "139"}, "", "优抚对象", 4)  # type: ignore[dict-item]
    (shown,) = lines(book(tmp_path, reviewing([line(case(kind="double", sides=(side(), other)))]))["重复与冲突"])
    marked = {text.split("：")[0][2:] for text in shown["甲：内容"].value.split("\n") if text.startswith("≠")}
    shared = {column.header for column in forms()["veterans"].stored if column.id in forms()["beneficiaries"].by_id}
    assert "联系电话" in marked <= shared


def test_a_case_with_one_row_or_with_a_row_that_is_gone_leaves_the_other_side_empty(tmp_path: Path) -> None:
    gone = Side(EAST, "veterans", number(1), {}, "", "", 0)
    waiting = [line(case("h", "held", (side(),))), line(case("m", "move", (gone, side(WEST))))]
    held, moved = lines(book(tmp_path, reviewing(waiting))["待确认"])
    assert (held["乙：在哪里"].value, held["乙：内容"].value) == (None, None)
    assert (moved["甲：在哪里"].value, moved["甲：内容"].value) == ("城关镇\n退役军人", "（没有这一行）")
    assert "≠" not in moved["乙：内容"].value


def test_each_kind_of_case_has_its_sheet_what_waits_on_top(tmp_path: Path) -> None:
    waiting = [line(case("p")), line(case("h", "held", (side(),))), line(case("d", "double"))]
    done = [line(case("o"), "已处理", "采用甲", "李芳"), line(case("r", "reviewed"), "已处理", "采用乙", "李芳")]
    of = book(tmp_path, reviewing(waiting, done))
    assert [cells["案号"].value for cells in lines(of["重复与冲突"])] == ["p", "d", "o"]
    assert [cells["案号"].value for cells in lines(of["待确认"])] == ["h", "r"]
    assert lines(of["重复与冲突"])[2]["结果"].value == "已办"


def test_a_case_offers_its_own_choices_and_names_their_list_in_its_row_so_that_sorting_does_no_harm(
    tmp_path: Path,
) -> None:
    waiting = [
        line(case("p")),
        line(case("d", "double", choices=("两者保留", "不是同一人", "退回更正"))),
        line(case("w", "row")),
    ]
    of = book(tmp_path, reviewing(waiting))
    sheet = of["重复与冲突"]
    (validation,) = sheet.data_validations.dataValidation
    number = openpyxl.utils.get_column_letter([cell.value for cell in sheet[HEADER]].index("选项号") + 1)
    assert validation.formula1 == f"OFFSET('选项'!$A$2,0,${number}4-1,INDEX('选项'!$1:$1,1,${number}4),1)"
    assert str(validation.sqref) == "I4:I6"
    for waits, shown in zip(waiting, lines(sheet), strict=True):
        column = int(shown["选项号"].value)
        length = of["选项"].cell(1, column).value
        offered = tuple(of["选项"].cell(at, column).value for at in range(2, 2 + length))
        assert offered == waits.case.choices


def test_the_identity_of_a_line_is_hidden_and_inside_the_filter(tmp_path: Path) -> None:
    of = reviewing(
        [line()], corrections=[correction()], reviews=[ReviewLine("r1", "5.0", EAST, "veterans", "未审核", 2)]
    )
    written = book(tmp_path, of)
    for title, wanted in (*SHEETS.items(), ("退役军人", MERGED)):
        sheet = written[title]
        header = next(cells for cells in sheet.iter_rows(max_row=4) if any(c.value == wanted.identity for c in cells))
        hidden = [cell for cell in header if sheet.column_dimensions[group(sheet, cell)].hidden]
        assert {cell.value for cell in hidden} >= {wanted.identity} & {cell.value for cell in header}, title
        assert not {cell.value for cell in hidden} & {*wanted.inputs}, title
        first, last = sheet.auto_filter.ref.split(":")
        assert sheet[first].row == header[0].row
        assert sheet[last].column == header[-1].column, title


def group(sheet: Worksheet, cell: Cell) -> str:
    """The letter under which openpyxl keeps a column: the first of its group."""
    dimensions: dict[str, ColumnDimension] = sheet.column_dimensions
    return next(letter for letter, one in dimensions.items() if one.min and one.min <= cell.column <= one.max)


def test_cells_to_write_in_are_text_and_look_like_it(tmp_path: Path) -> None:
    written = book(tmp_path, reviewing([line()], corrections=[correction()]))
    (shown,) = lines(written["重复与冲突"])
    for name in ("处理决定", "处理人", "处理说明"):
        assert shown[name].number_format == "@"
        assert shown[name].fill.fgColor.rgb != shown["结果"].fill.fgColor.rgb
    merged = written["退役军人"]
    at = {cell.value: cell for cell in merged[2]}
    column = at["更正为"]
    assert merged.column_dimensions[group(merged, column)].number_format == "@"
    areas = [str(area.sqref) for area in merged.conditional_formatting]
    assert areas == [f"{at['更正列名'].column_letter}3:{at['处理说明'].column_letter}3"]
    headers = merged.data_validations.dataValidation[0].formula1
    first, last = headers.replace("$", "").split(":")
    offered = [cell.value for (*cells,) in merged[f"{first}:{last}"] for cell in cells]
    assert offered == [column.header for column in forms()["veterans"].stored]


def test_a_correction_shows_what_the_township_has_and_what_the_county_says_with_room_for_more(tmp_path: Path) -> None:
    sheet = book(tmp_path, reviewing(corrections=[correction()]))["更正"]
    *empty, shown = lines(sheet)
    assert [cells["更正号"].value for cells in empty] == [None] * 8
    values = {name: cell.value for name, cell in shown.items()}
    assert (values["乡镇"], values["表"], values["列名"], values["更正为"]) == (
        "城关镇",
        "退役军人",
        "联系电话",
        "13900000009",
    )
    assert (values["状态"], values["更正时间"]) == ("√ 已更正", SINCE)
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered == {"B4:B11": "'选项'!$A$2:$A$3", "C4:C11": "'选项'!$B$2:$B$4"}


def test_a_review_shows_how_many_rows_changed_since_and_the_counts_show_what_is_reviewed(tmp_path: Path) -> None:
    reviews = [
        ReviewLine("r1", "5.3", EAST, "veterans", "审核后有变更", 2, 1, "已审核", "李芳"),
        ReviewLine("r2", "5.0", WEST, "veterans", "未审核", 3),
    ]
    of = book(tmp_path, reviewing(reviews=reviews))
    first, second = lines(of["审核"])
    assert (first["状态"].value, first["审核后变更"].value, first["审核"].value) == ("▲ 审核后有变更", 1, "已审核")
    assert (second["状态"].value, second["审核后变更"].value, second["审核"].value) == ("未审核", None, None)
    counts = of["各表行数"]
    assert (counts["B4"].value, counts["B4"].number_format) == (2, '#,##0" ▲"')
    assert (counts["B5"].value, counts["B5"].number_format) == (3, '#,##0"＜4"')
    overview = {cell.value: cell for cell in of["总览"][7]}
    assert of["总览"].cell(8, overview["已审核\n的表"].column).value == "1 / 1 ▲1"


def test_the_overview_counts_the_cases_of_each_township(tmp_path: Path) -> None:
    waiting = [line(), line(case("h", "held", (side(),)))]
    sheet = book(tmp_path, reviewing(waiting))["总览"]
    column = next(cell.column for cell in sheet[7] if cell.value == "待决定")
    assert [sheet.cell(at, column).value for at in (8, 9, 10)] == [2, 1, 2], "a case of two townships is one case"


def test_what_could_not_be_understood_is_answered_on_a_sheet_that_is_only_there_then(tmp_path: Path) -> None:
    assert "没有认出" not in book(tmp_path, reviewing()).sheetnames
    stray = Stray("退役军人 第 9 行", "联系电话 13900000000", "认不出是哪一行。", SINCE)
    (shown,) = lines(book(tmp_path, reviewing(strays=[stray]))["没有认出"])
    assert [cell.value for cell in shown.values()] == [*stray]


def test_whatever_stands_in_a_row_is_text_here_too(tmp_path: Path) -> None:
    waiting = [
        line(case(f"c{n}", sides=(side(), side(WEST, name=said))), hand=said) for n, said in enumerate(INJECTIONS)
    ]
    strays = [Stray(said, said, said, SINCE) for said in INJECTIONS]
    written = book(tmp_path, reviewing(waiting, strays=strays))
    for title in ("重复与冲突", "没有认出"):
        shown = lines(written[title])
        assert len(shown) == len(INJECTIONS)
        assert {cell.data_type for cells in shown for cell in cells.values()} <= {"s", "n", "d"}


def test_what_was_written_is_read_back_by_its_identity_and_says_nothing_new(tmp_path: Path) -> None:
    waiting = [line(state="没有采用", choice="采用甲"), line(case("c2", "double"))]
    done = [line(case("c3", "held", (side(),)), "已处理", "确认删除", "李芳")]
    reviews = [
        ReviewLine("r1", "5.3", EAST, "veterans", "已审核", 2, 0, "已审核", "李芳"),
        ReviewLine("r2", "5.0", WEST, "veterans", "未审核", 3),
    ]
    write_master(reviewing(waiting, done, [correction()], reviews), tmp_path / "m.xlsx")
    typed = typed_in(read_bytes("m.xlsx", (tmp_path / "m.xlsx").read_bytes(), Limits()))
    assert [(one.identity, one.stamp, one.choice, one.hand) for one in typed.decisions] == [
        ("c1", "sc1.1", "采用甲", ""), ("c3", "sc3.1", "确认删除", "李芳"),
    ]  # fmt: skip
    assert [(one.identity, one.stamp, one.value, one.hand) for one in typed.corrections] == [
        ("k1", ".1", "13900000009", "李芳")
    ]
    assert [(one.identity, one.stamp, one.choice, one.hand) for one in typed.reviews] == [
        ("r1", "5.3", "已审核", "李芳")
    ]
    assert typed.headless == ()


def test_a_sheet_with_nothing_to_decide_says_so_and_can_still_be_filtered(tmp_path: Path) -> None:
    sheet = book(tmp_path, reviewing())["待确认"]
    assert (sheet["A4"].value, sheet.auto_filter.ref) == ("√ 现在没有。", "A3:P4")
    assert sheet.data_validations.dataValidation == []


def test_the_review_sheets_print_on_a4_with_their_header_on_every_page_and_open_where_one_writes(
    tmp_path: Path,
) -> None:
    written = book(tmp_path, reviewing([line()], reviews=[ReviewLine("r1", "5.0", EAST, "veterans", "未审核", 2)]))
    for title, cell in (("重复与冲突", "I4"), ("待确认", "I4"), ("更正", "B4"), ("审核", "F4")):
        sheet = written[title]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
            "landscape",
            9,
            "$1:$3",
        )
        assert (sheet.page_setup.fitToWidth or 1, sheet.freeze_panes) == (1, "B4")
        assert any(view.activeCell == cell for view in sheet.sheet_view.selection), title

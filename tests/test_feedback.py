"""Laws of the feedback workbook, read back as a clerk's program reads it."""

import time
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from python_calamine import CalamineWorkbook

from sync_service.feedback import write_feedback
from tests.drawn import sheet
from validators.problems import Problem, problem
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County, Township

MADE = datetime(2026, 6, 20, 8, 30)
TOWNSHIP = Township(County("990101", "青禾县"), "990101100", "城关镇", ("东风村",))
VETERANS = sheet(
    """
    | 退役军人                                                             |
    | 每行：一名退役军人                                                   |
    | _status | name   | id_number          | birth_date  | phone       | _confirm | _h1     |
    | 校验    | 姓名   | 身份证号           | 出生日期    | 联系电话    | 属实说明 |         |
    |         | 张建国 | 990101196803120011 | @1968-03-12 | 13900000000 |          | =25000  |
    |         |        | =9901011968031200  | @1970-01-01 |             |          |         |
    | |
    |         | '=1+1' | 990101196803120038 | #N/A        | =13900000000 |         |         |
    """,
    "退役军人",
)
PAYMENTS = sheet("| 发放批次号 | 待遇项目 | 对象姓名 |\n| 1 | 2 | 王德明 |", "资金发放")
BOOK = RawBook("城关镇.xlsx", (VETERANS, PAYMENTS))

MISSING = problem("M01", sheet="退役军人", form="veterans", row=6, column="B", header="姓名")
RUINED = problem("I01", sheet="退役军人", row=6, column="C", header="身份证号", value="990101********0000")
NO_PHONE = problem("P03", sheet="退役军人", row=6, column="E", header="联系电话")
CONFIRMED = problem("P03", sheet="退役军人", row=8, column="E", header="联系电话", confirmed=True)
NOTICE = problem(
    "D01", {"std": "1968-03-12"}, sheet="退役军人", row=5, column="D", header="出生日期", value="1968.3.12"
)


@cache
def forms() -> Forms:
    return load_forms()


def feedback(folder: Path, problems: Sequence[Problem], book: RawBook = BOOK) -> openpyxl.Workbook:
    target = folder / "城关镇_校验反馈.xlsx"
    write_feedback(target, TOWNSHIP, book, problems, forms(), MADE)
    return openpyxl.load_workbook(BytesIO(target.read_bytes()))


def texts(book: openpyxl.Workbook) -> list[str]:
    return [str(cell.value) for row in book["校验结果"].iter_rows() for cell in row if cell.value is not None]


def cell_saying(book: openpyxl.Workbook, text: str) -> Cell:
    return next(cell for row in book["校验结果"].iter_rows() for cell in row if str(cell.value).startswith(text))


def colour(cell: Cell) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.fill_type else ""


def test_the_first_sheet_counts_what_is_to_do(tmp_path: Path) -> None:
    said = texts(feedback(tmp_path, [MISSING, RUINED, NO_PHONE, CONFIRMED, NOTICE]))
    cards = said.index("× 要改正的错误")
    assert said[0] == "城关镇　校验反馈"
    assert said[cards : cards + 6] == ["× 要改正的错误", "▲ 要核对的提醒", "√ 已说明的提醒", "2", "1", "1"]


def test_errors_come_first_then_warnings_then_what_was_confirmed_then_notices(tmp_path: Path) -> None:
    said = texts(feedback(tmp_path, [NOTICE, CONFIRMED, NO_PHONE, MISSING]))
    places = [
        next(n for n, text in enumerate(said) if text.startswith(mark))
        for mark in ("× 错误", "▲ 提醒：", "√ 已说明：", "○ 提示")
    ]
    assert places == sorted(places)


def test_one_kind_of_problem_is_explained_once_and_names_every_cell(tmp_path: Path) -> None:
    many = [problem("M01", sheet="退役军人", row=row, column="B", header="姓名") for row in (9, 6, 30)]
    other = problem("M01", sheet="退役军人", row=6, column="C", header="身份证号")
    said = texts(feedback(tmp_path, [*many, other]))
    at = said.index("“姓名”必填，现在是空的")
    assert said[at + 1 : at + 6] == ["3 处", "怎么改：请补填。", "B6", "B9", "B30"]
    assert said.count("“姓名”必填，现在是空的") == 1
    assert "“身份证号”必填，现在是空的" in said


def test_where_the_words_differ_from_cell_to_cell_the_block_says_what_they_share(tmp_path: Path) -> None:
    many = [
        problem("D02", {"form": "1985-03"}, sheet="退役军人", row=row, column="D", header="出生日期", value=value)
        for row, value in ((5, "85年冬"), (6, "文革时"))
    ]
    said = texts(feedback(tmp_path, many))
    assert "“…”不是能识别的日期　（出生日期）" in said
    assert "D5　85年冬" in said
    assert "D6　文革时" in said


def test_a_named_cell_leads_to_the_same_cell_in_the_copy(tmp_path: Path) -> None:
    book = feedback(tmp_path, [RUINED])
    link = cell_saying(book, "C6").hyperlink
    assert link
    assert (link.location, link.target) == ("'退役军人'!C6", None)


def test_in_the_copy_row_n_stays_row_n_and_values_stay_as_they_were(tmp_path: Path) -> None:
    copy = feedback(tmp_path, [MISSING])["退役军人"]
    assert [cell.value for cell in copy[5]] == [
        None,
        "张建国",
        "990101196803120011",
        datetime(1968, 3, 12),
        "13900000000",
        None,
        25000,
    ]
    assert copy["C6"].value == 9901011968031200
    assert (copy["B8"].value, copy["B8"].data_type) == ("=1+1", "s")
    assert (copy["D8"].value, copy["D8"].data_type) == ("#N/A", "s")
    assert copy["E8"].value == 13900000000
    assert copy["D5"].number_format == "yyyy-mm-dd"
    assert copy["C5"].number_format == "@"


def test_cells_with_problems_are_coloured_framed_and_explained_and_others_are_not(tmp_path: Path) -> None:
    copy = feedback(tmp_path, [MISSING, RUINED, NO_PHONE, CONFIRMED, NOTICE])["退役军人"]
    error, warning, confirmed, plain = (copy[at] for at in ("B6", "E6", "E8", "C8"))
    assert len({colour(cell) for cell in (error, warning, confirmed, plain)}) == 4
    assert colour(plain) == ""
    assert (error.border.left.style, warning.border.left.style) == ("medium", "mediumDashed")
    assert error.comment.text == f"× 错误：{MISSING.message}\n怎么改：{MISSING.cure}"
    assert warning.comment.text.startswith("▲ 提醒：没有电话")
    assert confirmed.comment.text.startswith("√ 已说明")
    commented = {cell.coordinate for row in copy.iter_rows() for cell in row if cell.comment}
    assert commented == {"B6", "C6", "E6", "E8"}


def test_two_problems_of_one_cell_are_both_explained_and_the_worse_one_colours_it(tmp_path: Path) -> None:
    other = problem("S03", sheet="退役军人", row=6, column="B", header="姓名")
    cell = feedback(tmp_path, [other, MISSING])["退役军人"]["B6"]
    assert MISSING.message in cell.comment.text
    assert other.message in cell.comment.text
    assert cell.border.left.style == "medium"


def test_a_problem_of_a_whole_row_or_beyond_the_last_row_still_shows(tmp_path: Path) -> None:
    whole = problem("K01", {"rows": "5、8", "what": "身份证号"}, sheet="退役军人", row=5)
    below = problem("M01", sheet="退役军人", row=12, column="AB", header="备注")
    book = feedback(tmp_path, [whole, below])
    assert book["退役军人"]["A5"].comment
    assert book["退役军人"]["AB12"].comment
    assert cell_saying(book, "第 5 行").hyperlink.location == "'退役军人'!A5"


def test_a_problem_of_a_header_is_shown_at_the_header(tmp_path: Path) -> None:
    copy = feedback(tmp_path, [problem("F13", sheet="退役军人", row=4, column="E", value="联系电话")])["退役军人"]
    assert copy["E4"].comment
    assert colour(copy["E4"]) not in {"", colour(copy["D4"])}
    assert copy["E4"].value == "联系电话"


def test_the_header_stands_out_and_stays_in_sight_and_what_is_not_for_people_is_hidden(tmp_path: Path) -> None:
    copy = feedback(tmp_path, [MISSING])["退役军人"]
    assert copy.freeze_panes == "A5"
    assert copy["B4"].font.bold
    assert copy.row_dimensions[3].hidden
    assert copy.column_dimensions["G"].hidden
    assert not copy.column_dimensions["F"].hidden


def test_a_sheet_without_any_row_is_copied_too(tmp_path: Path) -> None:
    found = problem("F04", sheet="空表")
    book = feedback(tmp_path, [found], RawBook("a.xlsx", (RawSheet("空表", ()),)))
    assert [*book["空表"].values] == []


def test_of_thousands_of_rows_openpyxl_and_calamine_read_each_as_it_was(tmp_path: Path) -> None:
    rows: list[tuple[Raw, ...]] = [("姓名", "身份证号", "联系电话")]
    rows += [("张建国", f"9901011968031{n:05d}", n / 8) for n in range(2500)]
    found = [problem("M01", sheet="表", row=row, column="B", header="身份证号") for row in (5, 2400)]
    book = feedback(tmp_path, found, RawBook("a.xlsx", (RawSheet("表", rows),)))
    assert [*book["表"].values] == rows
    other = CalamineWorkbook.from_path(next(tmp_path.glob("*.xlsx")))
    assert [tuple(row) for row in other.get_sheet_by_name("表").to_python()] == rows


def test_only_sheets_with_something_to_mend_are_copied(tmp_path: Path) -> None:
    assert feedback(tmp_path, [MISSING]).sheetnames == ["校验结果", "退役军人"]
    assert feedback(tmp_path, [NOTICE]).sheetnames == ["校验结果"]


def test_a_workbook_in_order_gets_a_kind_word(tmp_path: Path) -> None:
    said = texts(feedback(tmp_path, []))
    assert any("没有发现问题" in text for text in said)
    assert not any("要改正" in text for text in said)


def test_a_workbook_that_could_not_be_read_is_explained_without_a_copy(tmp_path: Path) -> None:
    found = problem("F02", {"file": "城关镇.xlsx"})
    book = feedback(tmp_path, [found], RawBook("城关镇.xlsx", ()))
    assert book.sheetnames == ["校验结果"]
    assert found.message in texts(book)
    assert "【整个工作簿】" in texts(book)


@pytest.mark.parametrize("title", ["校验结果", "a" * 40, "汇总[1]", "'引号'", "资金 发放"])
def test_a_sheet_of_any_name_is_copied_and_linked(tmp_path: Path, title: str) -> None:
    raw = RawSheet(title, ((None, "x"),))
    book = feedback(tmp_path, [problem("M01", sheet=title, row=1, column="B", header="姓名")], RawBook("a.ods", (raw,)))
    assert len(book.sheetnames) == 2
    quoted = book.sheetnames[1].replace("'", "''")
    assert cell_saying(book, "B1").hyperlink.location == f"'{quoted}'!B1"


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-2", "@A1", "<r>no</r>", "http://example.org", "a\x00b"])
def test_whatever_a_clerk_types_stays_text(tmp_path: Path, typed: str) -> None:
    raw = RawSheet("表", (("姓名", typed), (typed, "x")))
    found = problem("D02", {"form": typed}, sheet="表", row=2, column="A", header="姓名", value=typed)
    book = feedback(tmp_path, [found], RawBook("a.xlsx", (raw,)))
    assert [book["表"][at].data_type for at in ("B1", "A2")] == ["s", "s"]
    assert book["表"]["A2"].hyperlink is None
    assert all(cell.data_type in {"s", "n"} for row in book["校验结果"].iter_rows() for cell in row)


def test_it_prints_one_page_wide_upright(tmp_path: Path) -> None:
    setup = feedback(tmp_path, [MISSING])["校验结果"].page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight) == ("portrait", 9, 1, 0)


def test_equal_input_gives_equal_bytes_in_whatever_order_problems_come(tmp_path: Path) -> None:
    problems = [MISSING, RUINED, NO_PHONE, CONFIRMED, NOTICE]
    for name, order in (("a.xlsx", problems), ("b.xlsx", problems[::-1])):
        write_feedback(tmp_path / name, TOWNSHIP, BOOK, order, forms(), MADE)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_two_thousand_rows_take_less_than_a_second_or_so(tmp_path: Path) -> None:
    rows: list[tuple[Raw, ...]] = [("姓名", "身份证号", *(f"列{n}" for n in range(33)))]
    rows += [
        ("张建国", "990101196803120011", *("东风村三组" for _ in range(32)), date(1985, 3, 12)) for _ in range(2000)
    ]
    found = [problem("M01", sheet="表", row=row, column="B", header="姓名") for row in range(2, 2000, 4)]
    before = time.process_time()
    write_feedback(tmp_path / "a.xlsx", TOWNSHIP, RawBook("a.xlsx", (RawSheet("表", rows),)), found, forms(), MADE)
    assert time.process_time() - before < 2.5  # measured 0.4 s; the rest is room for a slow machine

"""The buttons on a real workbook: what is marked, what is told, and that nothing else is touched."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from macros.buttons import check_all, check_sheet, clear_marks, next_problem, show_feedback
from macros.marks import MOST_MARKS, SIGN, address_of
from macros.payload import decoded
from macros.remote import answer
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.excel_stand_in import Spreadsheet, fill_of
from tests.small import LI, MONEY, PEOPLE, TODAY, TOWNSHIP, WANG, ZHAO, forms_of
from validators.check import check
from validators.checked import Checked, CheckedSheet
from validators.problems import Problem, problem
from validators.raw import RawBook
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.place import County, Township
from workbook_templates.severities import FILLS
from workbook_templates.sheet import CONFIRM_ID, FIRST_ROW, RESULT

NOW = datetime(2026, 11, 24, 10, 30)
ROWS: dict[str, list[dict[str, object]]] = {
    "people": [
        {"name": "王强", "id_number": WANG, "village": "东风村", "enlist_date": "1990-12", "discharge_date": "1980-01"},
        {"name": "李四", "id_number": 990101196202020025, "village": "外村"},
        {"name": "赵六", "id_number": ZHAO, "enlist_date": "1970-12", "discharge_date": "2010-12"},
        {"name": "王五（已故）", "id_number": LI, "party": "中共党员"},
        {"name": "钱七", "id_number": "990101195003030030", "enlist_date": "1970-12", "discharge_date": "2010-12",
         CONFIRM_ID: "属实"},
    ],
    "money": [
        {"batch": "1", "name": "王强", "id_number": WANG, "amount": 12.5},
        {"batch": "2", "name": "王小强", "id_number": WANG, "amount": "=1+1"},
    ],
}  # fmt: skip


@cache
def forms() -> Forms:
    """人员 and 发放, on short sheets."""
    return forms_of(*(text.replace("version = 1", "version = 1\nroom = 60") for text in (PEOPLE, MONEY)))


def judge(raw: RawBook) -> Checked:
    return check(forms(), raw, TOWNSHIP, TODAY)


@dataclass
class Clerk:
    """Somebody who clicks."""

    excel: Spreadsheet

    def press(self, button: Callable[[xw.Book], None], **more: Any) -> None:
        self.excel.apply(answer(decoded(self.excel.body(**more)), button))

    def check_all(self) -> None:
        self.press(lambda book: check_all(book, forms(), judge, NOW))

    def check_sheet(self, title: str) -> None:
        self.excel.active = self.excel.book.sheetnames.index(title)
        self.press(lambda book: check_sheet(book, forms(), judge, NOW))

    @property
    def front(self) -> str:
        return str(self.excel.sheet(self.excel.active).title)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("buttons") / "城关镇.xlsx"
    write_template(path, forms(), TOWNSHIP, "2026下半年", ROWS)
    return path


@pytest.fixture
def clerk(filled: Path) -> Clerk:
    return Clerk(Spreadsheet(filled))


def problems(path: Path) -> list[Problem]:
    return list(judge(read_book(path, Limits())).problems)


def expected(found: list[Problem]) -> dict[tuple[str, str], str]:
    """The fill of each cell that is to be marked: that of the worst problem."""
    fills: dict[tuple[str, str], str] = {}
    for severity in ("error", "warning", "notice"):
        for one in found:
            if one.severity == severity and one.sheet and address_of(one) and not one.confirmed:
                fills.setdefault((one.sheet, address_of(one)), FILLS[one.severity])
    return fills


def test_the_service_and_the_button_find_the_same(clerk: Clerk, filled: Path) -> None:
    clerk.check_all()
    found = problems(filled)
    assert len({one.code for one in found}) >= 6
    assert {where: fill for where, (fill, _) in clerk.excel.marks().items()} == expected(found)
    assert len(clerk.excel.lines()) == len(found)
    for one in found:
        if (one.sheet, address_of(one)) in clerk.excel.marks() and not one.confirmed:
            note = clerk.excel.marks()[one.sheet, address_of(one)][1]
            assert note.startswith(SIGN)
            assert one.message in note
            assert not one.open or one.cure in note


def test_the_result_sheet_leads_to_each_cell(clerk: Clerk) -> None:
    clerk.check_all()
    page = clerk.excel.book[RESULT]
    assert clerk.excel.book.sheetnames[-2:] == [RESULT, "字典"]
    assert page["A1"].value == "校验结果：全部各表"
    assert re.fullmatch(r"\d+ 处错误，\d+ 处提醒，\d+ 处提示", page["A2"].value)
    assert page["A3"].value == "校验时间：2026-11-24 10:30"
    assert [page.cell(5, c).value for c in range(1, 8)] == [
        "轻重",
        "表",
        "单元格",
        "列",
        "现在的内容",
        "问题",
        "怎么改",
    ]
    for row in range(6, page.max_row + 1):
        sheet, cell, address = (page.cell(row, c).value for c in (2, 3, 8))
        if address:
            assert page.cell(row, 3).hyperlink.target == f"#'{sheet}'!{address}"
            assert cell == address or cell.endswith("行")


def test_what_was_typed_is_masked_and_never_becomes_a_formula(clerk: Clerk) -> None:
    clerk.check_all()
    values = [line[4] or "" for line in clerk.excel.lines()]
    assert "“=1+1”" in values
    everything = str([line[:10] for line in clerk.excel.lines()])
    assert WANG not in everything
    assert LI not in everything


def test_nothing_but_marks_is_touched(clerk: Clerk) -> None:
    before = dict(clerk.excel.looks())
    clerk.check_all()
    after, marks = dict(clerk.excel.looks()), clerk.excel.marks()
    assert {where: look for where, look in after.items() if where not in marks} == {
        where: look for where, look in before.items() if where not in marks
    }
    for where in marks:
        old, new = before.get(where), after[where]
        value, _, link, _, style = new
        assert old is None or (value, link, style) == (old[0], old[2], old[4])


def test_a_second_click_changes_nothing(clerk: Clerk) -> None:
    clerk.check_all()
    once = clerk.excel.looks(), clerk.excel.lines(), clerk.excel.book.sheetnames
    clerk.check_all()
    assert (clerk.excel.looks(), clerk.excel.lines(), clerk.excel.book.sheetnames) == once


def test_marks_vanish_when_the_cells_are_mended(clerk: Clerk) -> None:
    clerk.check_all()
    people = clerk.excel.book["人员"]
    columns = {people.cell(3, c).value: c for c in range(1, people.max_column + 1)}
    wrong = [where for where in clerk.excel.marks() if where[0] == "人员" and where[1].endswith(str(FIRST_ROW))]
    assert wrong
    people.cell(FIRST_ROW, columns["discharge_date"]).value = "1994-12"
    clerk.check_all()
    left = [where for where in clerk.excel.marks() if where[0] == "人员" and where[1].endswith(str(FIRST_ROW))]
    assert left == []


def test_clearing_leaves_the_workbook_as_it_was(clerk: Clerk) -> None:
    before, sheets = clerk.excel.looks(), clerk.excel.book.sheetnames
    clerk.check_all()
    assert clerk.excel.looks() != before
    clerk.press(clear_marks)
    assert clerk.excel.looks() == before
    assert clerk.excel.book.sheetnames == sheets
    clerk.press(clear_marks)
    assert clerk.excel.looks() == before


def test_the_clerks_own_colours_and_notes_stay(clerk: Clerk, filled: Path) -> None:
    places = sorted(expected(problems(filled)))
    coloured, noted = (clerk.excel.book[title][address] for title, address in places[:2])
    coloured.fill = PatternFill("solid", fgColor="FF00B050")
    noted.comment = Comment("已电话核实", "李四")
    before = clerk.excel.looks()
    clerk.check_all()
    assert fill_of(coloured) == "#00B050"
    assert coloured.comment.text.startswith(SIGN)
    assert noted.comment.text == "已电话核实"
    assert fill_of(noted) in FILLS.values()
    clerk.press(clear_marks)
    assert clerk.excel.looks() == before


def test_marks_are_found_again_where_rows_have_moved(clerk: Clerk) -> None:
    never_marked = Spreadsheet(clerk.excel.path)
    clerk.check_all()
    for one in (never_marked, clerk.excel):
        one.book["人员"].move_range("A5:H20", rows=3)
    clerk.press(clear_marks)
    assert clerk.excel.looks() == never_marked.looks()


def test_one_sheet_is_judged_with_the_others_but_marked_alone(clerk: Clerk, filled: Path) -> None:
    clerk.check_sheet("发放")
    found = [one for one in problems(filled) if one.sheet == "发放"]
    assert "X01" in {one.code for one in found}
    assert {where: fill for where, (fill, _) in clerk.excel.marks().items()} == expected(found)
    assert clerk.front == "发放"
    assert clerk.excel.book[RESULT]["A1"].value == "校验结果：只看“发放”表"


@pytest.mark.parametrize("title", ["说明", RESULT])
def test_a_sheet_that_is_no_form_is_not_checked(clerk: Clerk, title: str) -> None:
    clerk.check_all()
    before = clerk.excel.looks()
    clerk.check_sheet(title)
    assert clerk.excel.told[-1] == "请先点开要校验的表，再点“校验本表”。"
    assert clerk.excel.looks() == before


def test_the_totals_are_told(clerk: Clerk, filled: Path) -> None:
    clerk.check_all()
    errors = sum(one.severity == "error" for one in problems(filled))
    assert clerk.excel.told[-1].startswith(f"{errors} 处错误，")
    assert clerk.front == RESULT


def test_a_workbook_without_problems_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "城关镇.xlsx"
    write_template(path, forms(), TOWNSHIP, "2026下半年", {"people": [{"name": "王强", "id_number": WANG}]})
    clerk = Clerk(Spreadsheet(path))
    clerk.excel.active = clerk.excel.book.sheetnames.index("人员")
    clerk.check_all()
    assert clerk.excel.told == ["√ 没有要改的地方。（0 处错误，0 处提醒，0 处提示）"]
    assert clerk.front == "人员"
    clerk.press(next_problem)
    assert clerk.excel.told[-1] == "没有要改的地方。还没有校验过的，请先点“校验全部”。"


def test_the_next_problem_is_the_next_by_sheet_row_and_column_and_then_the_first_again(
    clerk: Clerk, filled: Path
) -> None:
    clerk.check_all()
    titles = clerk.excel.book.sheetnames
    wanted = {one for one in problems(filled) if one.open and one.sheet and address_of(one)}
    ordered = sorted({(titles.index(one.sheet), one.row or 0, len(address_of(one)), address_of(one)) for one in wanted})
    clerk.excel.active, clerk.excel.selection = 0, "A1"
    seen = []
    for _ in range(len(ordered) + 1):
        clerk.press(next_problem)
        seen.append((clerk.excel.active, clerk.excel.selection))
    assert seen == [(sheet, address) for sheet, _, _, address in [*ordered, ordered[0]]]


def test_the_next_problem_is_found_from_the_result_sheet_and_with_nothing_selected(clerk: Clerk) -> None:
    clerk.check_all()
    clerk.press(next_problem, exclude=("人员", "发放", "字典", "说明"))
    first = clerk.front, clerk.excel.selection
    clerk.check_all()
    clerk.press(lambda book: next_problem(book))
    assert (clerk.front, clerk.excel.selection) == first
    clerk.excel.selection = None  # a button is selected
    clerk.press(next_problem)
    assert (clerk.front, clerk.excel.selection) == first


def test_a_workbook_of_another_township_is_refused_in_a_sentence(clerk: Clerk) -> None:
    other = Township(County("990101", "清河县"), "990101002", "石桥镇", ("石桥村",))
    before = clerk.excel.looks()
    clerk.press(lambda book: check_all(book, forms(), lambda raw: check(forms(), raw, other, TODAY), NOW))
    [told] = clerk.excel.told
    assert "是另一个乡镇的工作簿，不是石桥镇的" in told
    assert "请换成石桥镇自己的工作簿" in told
    assert clerk.excel.looks() == before
    assert RESULT not in clerk.excel.book.sheetnames


def test_more_problems_than_anybody_mends_at_a_sitting_are_listed_but_not_all_marked(tmp_path: Path) -> None:
    found = [problem("P03", sheet="人员", row=row, column="D", header="身份证号") for row in range(5, 5 + MOST_MARKS)]
    found += [problem("M01", sheet="人员", row=row, column="C", header="姓名") for row in range(5, 30)]
    path = tmp_path / "城关镇.xlsx"
    write_template(path, forms(), TOWNSHIP, "2026下半年")
    clerk = Clerk(Spreadsheet(path))
    clerk.press(
        lambda book: check_all(
            book, forms(), lambda _: Checked("", (CheckedSheet("people", "人员", True),), tuple(found)), NOW
        )
    )
    marks = clerk.excel.marks()
    assert len(marks) == MOST_MARKS
    assert sum(fill == FILLS["error"] for fill, _ in marks.values()) == sum(
        one.severity == "error" for one in found[-25:]
    )
    assert len(clerk.excel.lines()) == len(found)
    assert "另外 25 格" in clerk.excel.book[RESULT]["A4"].value
    assert "另有 25 格没有标颜色" in clerk.excel.told[-1]


def test_what_the_county_said_is_shown_with_its_day(clerk: Clerk) -> None:
    said = [
        problem("J01", {"what": "身份证号"}, sheet="人员", row=6, column="D", header="身份证号"),
        problem("L02", {"form": "人员", "n": 30}),
    ]
    clerk.press(lambda book: show_feedback(book, said, datetime(2026, 11, 20, 9)))
    assert list(clerk.excel.marks()) == [("人员", "D6")]
    assert clerk.excel.book[RESULT]["A1"].value == "县里最近一次的反馈（2026-11-20 09:00 读取）"
    assert len(clerk.excel.lines()) == 2
    clerk.press(lambda book: show_feedback(book, [], None))
    assert clerk.excel.told[-1] == "县里还没有读取过这本工作簿。"


def test_the_result_sheet_is_no_part_of_what_is_sent_to_the_county(clerk: Clerk, tmp_path: Path) -> None:
    clerk.check_all()
    assert [line for line in clerk.excel.lines() if line[1] in {RESULT, "xlwings.conf"}] == []
    before = problems(clerk.excel.path)
    clerk.excel.book.create_sheet("xlwings.conf")["A1"] = "TZ_URL"
    clerk.excel.book.save(tmp_path / "城关镇.xlsx")
    assert problems(tmp_path / "城关镇.xlsx") == before


def test_a_client_without_our_code_gets_the_result_sheet_alone(clerk: Clerk) -> None:
    payload = {**clerk.excel.google(), "client": "Microsoft Office Scripts"}
    actions = answer(payload, lambda book: check_all(book, forms(), judge, NOW))["actions"]
    assert {action["func"] for action in actions} == {"addSheet", "setValues", "activateSheet", "alert"}

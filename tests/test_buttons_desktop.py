"""With a local Python the buttons do what they do with the endpoint."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import xlwings as xw

from macros import desktop
from macros.buttons import check_all, check_sheet, clear_marks, next_problem
from macros.payload import decoded, raw_book
from macros.remote import answer
from tests.desktop_stand_in import desktop_book
from tests.drawn import write_xlsx
from tests.excel_stand_in import Spreadsheet
from tests.small import TOWNSHIP
from tests.test_buttons import NOW, ROWS, forms, judge
from tests.test_buttons_payload import DRAWN, saved
from validators.raw import RawBook, RawSheet
from workbook_templates.excel import write_template
from workbook_templates.form import Forms, load_forms
from workbook_templates.place import County, Township
from workbook_templates.sheet import RESULT

WHOLE = partial(check_all, forms=forms(), judge=judge, now=NOW)
SHEET = partial(check_sheet, forms=forms(), judge=judge, now=NOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desktop") / "城关镇.xlsm"
    write_template(path, forms(), TOWNSHIP, "2026下半年", ROWS)
    return path


@pytest.fixture(autouse=True)
def _no_excel_afterwards() -> Iterator[None]:
    yield
    xw.engines.active = None


@pytest.fixture
def as_caller() -> Iterator[Callable[[Spreadsheet], None]]:
    """Makes a workbook the one whose button was pressed."""
    yield lambda excel: desktop_book(excel).set_mock_caller()
    del xw.Book._mock_caller  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "presses",
    [(WHOLE,), (WHOLE, WHOLE), (SHEET,), (WHOLE, SHEET), (WHOLE, next_problem, next_problem), (WHOLE, clear_marks)],
)
def test_both_ways_leave_the_workbook_alike(filled: Path, presses: tuple[Callable[[xw.Book], None], ...]) -> None:
    here, there = Spreadsheet(filled), Spreadsheet(filled)
    for excel in (here, there):
        excel.active = excel.book.sheetnames.index("人员")
    for press in presses:
        press(desktop_book(here))
        there.apply(answer(decoded(there.body()), press))
    assert here.looks() == there.looks()
    assert here.book.sheetnames == there.book.sheetnames
    assert (here.active, here.selection, here.told) == (there.active, there.selection, there.told)
    if RESULT in here.book.sheetnames:
        assert here.lines() == there.lines()


def test_a_workbook_reads_alike_on_both_ways(tmp_path: Path) -> None:
    path = saved(tmp_path, *DRAWN, RawSheet("藏起来的", ()))
    read: list[RawBook] = []
    answer(decoded(Spreadsheet(path).body()), lambda book: read.append(raw_book(book, forms())))
    live = raw_book(desktop_book(Spreadsheet(path)), forms())
    assert live == read[0]


def test_a_hidden_sheet_is_known_as_hidden_where_excel_can_be_asked(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"看得见": RawSheet("", ((1,),)), "藏": RawSheet("", ((2,),), visible=False)}
    )
    assert [one.visible for one in raw_book(desktop_book(Spreadsheet(path)), forms()).sheets] == [True, False]


def test_a_workbook_says_itself_whose_it_is_and_is_judged_by_it(
    tmp_path: Path, as_caller: Callable[[Spreadsheet], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Forms([load_forms()[name] for name in ("cover", "stations")], "")
    monkeypatch.setattr(desktop, "load_forms", lambda: few)  # all the standard forms take a minute to open here
    township = Township(County("990101", "清河县"), "990101001", "城关镇", ("东风村", "向阳村"))
    path = tmp_path / "城关镇.xlsm"
    write_template(path, few, township, "2026下半年", {"stations": [{"village": "外村"}]})
    excel = Spreadsheet(path)
    as_caller(excel)
    desktop.TASKS["check_all"]()
    said = [line[5] for line in excel.lines()]
    assert "“外村”不是城关镇的村（社区）" in said
    desktop.TASKS["show_feedback"]()
    assert "看不到反馈" in excel.told[-1]


@pytest.mark.parametrize("task", ["check_all", "check_sheet"])
def test_a_workbook_that_is_not_ours_is_refused_in_a_sentence(
    tmp_path: Path, as_caller: Callable[[Spreadsheet], None], task: str
) -> None:
    excel = Spreadsheet(write_xlsx(tmp_path / "a.xlsx", {"退役军人": RawSheet("", (("姓名", "身份证号"),))}))
    as_caller(excel)
    desktop.TASKS[task]()
    assert excel.told == [desktop.NOT_OURS]
    assert excel.book.sheetnames == ["退役军人"]

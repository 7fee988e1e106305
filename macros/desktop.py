"""The buttons with a Python, or a frozen program, on the clerk's own PC: what RunPython and RunFrozenPython call."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime

import xlwings as xw

from macros import buttons
from macros.township import township_in
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook
from workbook_templates.form import Forms, load_forms

NOT_OURS = "这不是县里发的台账模板，不能校验。请把数据填到县里发的工作簿里。"


class _NotOursError(Exception):
    """The workbook does not say whose it is."""


def _checked(press: Callable[[xw.Book, Forms, buttons.Judge, datetime], None]) -> None:
    book, forms, now = xw.Book.caller(), load_forms(), datetime.now()

    def judge(raw: RawBook) -> Checked:
        township = township_in(raw, forms)
        if township is None:
            raise _NotOursError
        return check(forms, raw, township, now.date())

    try:
        press(book, forms, judge, now)
    except _NotOursError:
        buttons.tell(book, NOT_OURS)


def check_all() -> None:
    """校验全部."""
    _checked(buttons.check_all)


def check_sheet() -> None:
    """校验本表."""
    _checked(buttons.check_sheet)


def next_problem() -> None:
    """下一处问题."""
    buttons.next_problem(xw.Book.caller())


def clear_marks() -> None:
    """清除标记."""
    buttons.clear_marks(xw.Book.caller())


def show_feedback() -> None:
    """查看反馈: only the county knows it."""
    buttons.tell(xw.Book.caller(), "这台电脑没有连县里的服务，看不到反馈。请打开县里发来的“校验反馈”工作簿。")


TASKS: Mapping[str, Callable[[], None]] = {
    task.__name__: task for task in (check_all, check_sheet, next_problem, clear_marks, show_feedback)
}
"""The buttons by the names that the workbook calls them by."""

if __name__ == "__main__":
    TASKS[sys.argv[1]]()

"""The buttons of a workbook, on xlwings' API only: the same with a local Python and with the county's endpoint.

Each function takes an open workbook and leaves it marked; desktop.py and remote.py have one to pass.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from macros.marks import ADDRESS_COLUMN, FIRST_LINE, SHEET_COLUMN, Results, results, written
from macros.payload import cells_of, raw_book
from validators.checked import Checked
from validators.noted import standing
from validators.problems import Problem
from validators.raw import RawBook
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.texts import folded
from workbook_templates.severities import SEVERITIES, SYMBOLS
from workbook_templates.sheet import BUTTON_SETTINGS, DICTIONARY, RESULT, column_number

if TYPE_CHECKING:
    import xlwings as xw

Judge = Callable[[RawBook], Checked]
"""Judges a workbook as the service does: validators.check with the forms, the township and the day filled in."""
TITLE = "校验"
MARK, CLEAR = "TaizhangMark", "TaizhangClear"
"""What the workbook's own code calls the drawing of the marks and their removal (see marks.py)."""
DRAWING_CLIENTS = ("VBA", "Google Apps Script")
"""The clients of xlwings in which our workbooks have such code. Elsewhere the result sheet tells all."""

_CELL = re.compile(r"\$?([A-Z]+)\$?(\d+)")
_LAST = {DICTIONARY, BUTTON_SETTINGS}
_TO_DO = tuple(f"{SYMBOLS[severity]} {SEVERITIES[severity]}" for severity in ("error", "warning"))


def tell(book: "xw.Book", text: str) -> None:
    """Shows the clerk a message."""
    book.app.alert(text, TITLE)


def _remote(book: "xw.Book") -> bool:
    return bool(book.app.engine.type == "remote")


def _run(book: "xw.Book", macro: str) -> None:
    if not _remote(book):
        book.macro(macro)()
    elif book.api["client"] in DRAWING_CLIENTS:
        book.app.macro(macro)()  # the client passes its workbook along


def _sheet(book: "xw.Book", title: str) -> "xw.Sheet | None":
    return next((sheet for sheet in book.sheets if sheet.name == title), None)


def _titles(book: "xw.Book") -> list[str]:
    return [sheet.name for sheet in book.sheets]


def _result_sheet(book: "xw.Book") -> "xw.Sheet":
    """The result sheet, empty; if there is none, a new one after the last sheet that the clerk knows."""
    found = _sheet(book, RESULT)
    if found is None:
        last = next(sheet for sheet in reversed(list(book.sheets)) if sheet.name not in _LAST)
        return book.sheets.add(RESULT, after=last)
    found.clear()
    return found


def _show(book: "xw.Book", found: Results, *, to_results: bool) -> None:
    """Puts the results and their marks in place of earlier ones."""
    asked = book.sheets.active
    _run(book, CLEAR)
    sheet = _result_sheet(book)
    sheet.range("A1").value = found.rows
    _run(book, MARK)
    (sheet if to_results else asked).activate()


def _totals(found: Results) -> str:
    if not (found.counts.errors or found.counts.warnings):
        return f"√ 没有要改的地方。（{found.counts}）"
    more = f"\n问题太多，另有 {found.unmarked} 格没有标颜色，请看“{RESULT}”表。" if found.unmarked else ""
    return f"{found.counts}。\n请看“{RESULT}”表；改好后再点一次校验。{more}"


def _hindrance(checked: Checked) -> str:
    """What kept the whole workbook from being judged, "" if nothing."""
    if any(sheet.complete for sheet in checked.sheets):
        return ""
    worst = [found for found in checked.problems if found.severity == "error"]
    return "\n".join(f"{standing(found)}：{found.message}。\n{found.cure}" for found in worst[:1])


def _check(book: "xw.Book", forms: Forms, judge: Judge, now: datetime, only: Form | None) -> None:
    checked = judge(raw_book(book, forms))
    if hindrance := _hindrance(checked):
        tell(book, hindrance)
        return
    problems: Sequence[Problem] = checked.problems
    heading = "校验结果：全部各表"
    if only:
        problems = [found for found in problems if folded(found.sheet) == folded(only.title)]
        heading = f"校验结果：只看“{only.title}”表"
    found = results(heading, problems, _titles(book), now)
    _show(book, found, to_results=not only and bool(problems))
    tell(book, _totals(found))


def check_all(book: "xw.Book", forms: Forms, judge: Judge, now: datetime) -> None:
    """校验全部: marks every problem of the workbook, and goes to the result sheet. `now` is local time."""
    _check(book, forms, judge, now, None)


def check_sheet(book: "xw.Book", forms: Forms, judge: Judge, now: datetime) -> None:
    """校验本表: the same for the sheet in front, and stays there. All sheets are judged, for rows refer to each other."""
    title = folded(book.sheets.active.name)
    form = next((form for form in forms.values() if folded(form.title) == title), None)
    if form is None:
        tell(book, "请先点开要校验的表，再点“校验本表”。")
    else:
        _check(book, forms, judge, now, form)


def show_feedback(book: "xw.Book", problems: Sequence[Problem], as_of: datetime | None) -> None:
    """查看反馈: marks what the county said of this workbook when it last read it; `as_of` (local time) is None if it never did."""
    if as_of is None:
        tell(book, "县里还没有读取过这本工作簿。")
        return
    found = results(f"县里最近一次的反馈（{as_of:%Y-%m-%d %H:%M} 读取）", problems, _titles(book), as_of)
    _show(book, found, to_results=True)
    tell(
        book,
        f"县里 {as_of:%Y-%m-%d %H:%M} 读取时：{found.counts}。\n后来增删过行的，位置会不准；现在的情况请点“校验全部”。",
    )


def _cell(address: str) -> tuple[int, int]:
    """Row and column, from 1, of the first cell of an address such as C7 or C7:D9; 0, 0 if it is none."""
    found = _CELL.match(address)
    if not found:
        return 0, 0
    return int(found[2]), column_number(found[1])


def _selected(book: "xw.Book") -> tuple[int, int]:
    """Row and column of what is selected; 0, 0 if that is no cell, but the button itself."""
    if _remote(book):
        return _cell(book.api["book"]["selection"] or "")
    selected = book.selection
    return (selected.row, selected.column) if selected else (0, 0)


def next_problem(book: "xw.Book") -> None:
    """下一处问题: selects the next cell that somebody has to look at, after the selected one, by sheet, row and column."""
    listed = _sheet(book, RESULT)
    positions = {written(title): number for number, title in enumerate(_titles(book))}
    places = sorted(
        {
            (positions[sheet], *_cell(str(line[ADDRESS_COLUMN - 1])))
            for line in (cells_of(listed)[FIRST_LINE - 1 :] if listed else ())
            if line[0] in _TO_DO and line[ADDRESS_COLUMN - 1] and (sheet := str(line[SHEET_COLUMN - 1])) in positions
        }
    )
    if not places:
        tell(book, "没有要改的地方。还没有校验过的，请先点“校验全部”。")
        return
    here = (book.sheets.active.index - 1, *_selected(book))
    position, row, column = next((place for place in places if place > here), places[0])
    book.sheets[position].activate()
    book.sheets[position].range((row, column)).select()


def clear_marks(book: "xw.Book") -> None:
    """清除标记: takes away every mark and the result sheet."""
    _run(book, CLEAR)
    if listed := _sheet(book, RESULT):
        listed.delete()

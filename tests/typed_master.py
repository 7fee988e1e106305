"""What the coordinator types into the master workbook, by the headers that she sees; and a county small enough to do it often."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from sync_service.review.places import (
    CASE_ID,
    CHOICE,
    CORRECTED,
    CORRECTION_ID,
    HAND,
    MARK,
    NOTE,
    OUTCOME,
    REVIEW_ID,
    REVIEWS,
    ROW_COLUMN,
    ROW_ID,
    ROW_VALUE,
    SHEETS,
    STATE,
)
from tests.county import NAMES, CountyOnDisk, make_county, workbook
from workbook_templates.form import Forms, load_forms

Line = dict[str, Any]
FORMS = ("cover", "veterans", "payments")
IDENTITIES = (CASE_ID, CORRECTION_ID, REVIEW_ID, ROW_ID)


@cache
def little_forms() -> Forms:
    """A few of the forms, which look nothing up in others: a master with few sheets is made and read in no time."""
    all_forms = load_forms()
    return Forms([all_forms[name].model_copy(update={"lookups": ()}) for name in FORMS], "little")


class LittleCounty(CountyOnDisk):
    """A county with few forms."""

    @property
    def forms(self) -> Forms:
        """A few of taizhang's forms."""
        return little_forms()

    def send(
        self,
        township: str,
        veterans: Sequence[Mapping[str, object]],
        payments: Sequence[Mapping[str, object]] = (),
    ) -> None:
        """A township's workbook with these rows."""
        drawn = workbook(township, [dict(row) for row in veterans], payments=[dict(row) for row in payments])
        titles = {form.title for form in self.forms.values()}
        self.write(township, {title: sheet for title, sheet in drawn.items() if title in titles})

    def say(self, veterans: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
        """Every township's workbook with these veterans."""
        for name in NAMES:
            self.send(name, veterans.get(name, ()))


def little_county(folder: Path) -> LittleCounty:
    """A county of three townships with few forms, without any workbook yet."""
    return LittleCounty(make_county(folder).folder)


def copied(county: CountyOnDisk, folder: Path) -> LittleCounty:
    """The same county once more, for one test to change."""
    shutil.copytree(county.folder, folder)
    return LittleCounty(folder)


def _header(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(sheet.iter_rows(max_row=20, values_only=True), 1):
        texts = {str(value): column for column, value in enumerate(row, 1) if value is not None}
        if any(name in texts for name in IDENTITIES):
            return number, texts
    raise AssertionError(f"no header on {sheet.title}")


def lines(sheet: Worksheet) -> Iterator[tuple[int, Line]]:
    """The lines of a sheet that have an identity, with the numbers of their rows."""
    first, texts = _header(sheet)
    for row in range(first + 1, sheet.max_row + 1):
        line = {name: sheet.cell(row, column).value for name, column in texts.items()}
        if any(line.get(name) not in {None, ""} for name in IDENTITIES):
            yield row, line


def write(sheet: Worksheet, row: int, **cells: object) -> None:
    """Types into a row, by header."""
    _, texts = _header(sheet)
    for name, value in cells.items():
        sheet.cell(row, texts[name]).value = value


@contextmanager
def opened(county: CountyOnDisk) -> Iterator[openpyxl.Workbook]:
    """The master, opened, and saved afterwards."""
    book = openpyxl.load_workbook(county.master)
    yield book
    book.save(county.master)


def decide(
    county: CountyOnDisk, title: str, choice: str, hand: str = "赵主任", note: str = "", *, which: int = 0
) -> None:
    """Types a decision into the `which`-th line of 重复与冲突 or 待确认."""
    with opened(county) as book:
        row = list(lines(book[title]))[which][0]
        write(book[title], row, **{CHOICE: choice, HAND: hand, NOTE: note})


def correct(
    county: CountyOnDisk, title: str, column: str, value: object, hand: str = "赵主任", *, where: Callable[[Line], bool]
) -> None:
    """Types a correction into the line of a merged sheet that `where` picks."""
    with opened(county) as book:
        row = next(row for row, line in lines(book[title]) if where(line))
        write(book[title], row, **{ROW_COLUMN: column, ROW_VALUE: value, HAND: hand})


def recorrect(county: CountyOnDisk, value: object, hand: str = "赵主任", *, which: int = 0) -> None:
    """Types another value into a line of 更正."""
    with opened(county) as book:
        row = list(lines(book["更正"]))[which][0]
        write(book["更正"], row, **{CORRECTED: value, HAND: hand})


def review(
    county: CountyOnDisk, township: str, form: str, mark: str | None = "已审核", hand: str | None = "赵主任"
) -> None:
    """Marks a township's form as reviewed."""
    with opened(county) as book:
        row = next(row for row, line in lines(book[REVIEWS]) if {township, form} <= {*map(str, line.values())})
        write(book[REVIEWS], row, **{MARK: mark, HAND: hand})


def shown(county: CountyOnDisk, title: str) -> list[Line]:
    """The lines of a review sheet."""
    assert title in SHEETS
    return [line for _, line in lines(openpyxl.load_workbook(county.master)[title])]


def answers(county: CountyOnDisk, title: str) -> list[tuple[str, str]]:
    """State (without its symbol) and result of each line of a review sheet."""
    return [(str(line[STATE] or "").split(" ")[-1], str(line[OUTCOME] or "")) for line in shown(county, title)]

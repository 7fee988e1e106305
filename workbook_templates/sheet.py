"""The geometry that writers and readers of a township workbook share. Rows and columns count from 1."""

from collections import Counter
from dataclasses import dataclass
from itertools import count

from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.base import Cell

TITLE_ROW, NOTE_ROW, ID_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4, 5
STATUS_ID, STATUS_HEADER = "_status", "校验"
CONFIRM_ID, CONFIRM_HEADER = "_confirm", "属实说明"
"""A warning on a row whose 属实说明 is filled in is kept, but no longer open."""

DICTIONARY = "字典"
"""The hidden sheet with the stamp in A1 and the lists that cells choose from."""

GUIDE = "说明"
RESULT = "校验结果"
"""The sheet that the 校验 buttons fill in."""
BUTTON_SETTINGS = "xlwings.conf"
"""The hidden sheet on which xlwings looks for its settings."""
OWN_SHEETS = frozenset({GUIDE, RESULT, BUTTON_SETTINGS})
"""Sheets that hold nothing of the clerk's."""
STAMP_NAME = "tz_stamp"
STAMP_PROPERTY = "taizhang"

MANY_MENTIONS = 3

COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, COVER_FIRST_ROW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column of a form stands on its sheet: its number, and those of its hidden helpers (0 if it has none).

    `helper` holds the cell's comparable value, `tidy` its tidied text (see workbook_templates.kinds.base.Cell).
    """

    column: Column
    number: int
    helper: int
    tidy: int

    @property
    def cell(self) -> Cell:
        """The column's cell in the first data row, as formulas name it."""
        return Cell(*(f"{letter(n)}{FIRST_ROW}" if n else "" for n in (self.number, self.helper, self.tidy)))


def letter(number: int) -> str:
    """The letter of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return number


def _mentions(form: Form) -> Counter[str]:
    """How often the form's rules ask for each column."""
    texts = [rule.when for rule in form.rules]
    texts += [text for c in form.columns for text in (c.required_when, c.optional_when, c.derive)]
    return Counter(name for text in filter(None, texts) for name in form.expression(text).names)


def places(form: Form) -> tuple[Place, ...]:
    """The form's columns on a freshly made sheet: 校验 is column A, the form follows, then 属实说明, then helpers.

    A column gets a helper if its kind wants one, or if rules ask for it so often that formulas would grow long.
    """
    free = count(confirm_column(form) + 1)
    mentions = _mentions(form)
    found = []
    for number, column in enumerate(form.columns, 2):
        tidy = next(free) if column.of.tidy("A1") else 0
        helped = bool(column.of.helper(Cell("A1"))) or mentions[column.id] >= MANY_MENTIONS
        found.append(Place(column, number, next(free) if helped else 0, tidy))
    return tuple(found)


def last_row(form: Form) -> int:
    """The last row of the form's sheet that may be filled in."""
    return FIRST_ROW + form.room - 1


def confirm_column(form: Form) -> int:
    """The number of the 属实说明 column."""
    return len(form.columns) + 2

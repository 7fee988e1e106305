"""The geometry that writers and readers of a township workbook share. Rows and columns count from 1."""

from dataclasses import dataclass

from workbook_templates.form import Column, Form

TITLE_ROW, NOTE_ROW, ID_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4, 5
ROOM = 3000
"""Rows that a clerk may fill in on one sheet."""

STATUS_ID, STATUS_HEADER = "_status", "校验"
CONFIRM_ID, CONFIRM_HEADER = "_confirm", "属实说明"
"""A warning on a row whose 属实说明 is filled in is kept, but no longer open."""

DICTIONARY = "字典"
"""The hidden sheet with the stamp in A1 and the lists that cells choose from."""

GUIDE = "说明"
STAMP_NAME = "tz_stamp"
STAMP_PROPERTY = "taizhang"

COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, COVER_FIRST_ROW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column of a form stands on its sheet: its number and, for a date, that of its hidden helper (or 0)."""

    column: Column
    number: int
    helper: int


def letter(number: int) -> str:
    """The letter of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def places(form: Form) -> tuple[Place, ...]:
    """The form's columns on a freshly made sheet: 校验 is column A, the form follows, then 属实说明, then helpers."""
    helper = confirm_column(form)
    found = []
    for number, column in enumerate(form.columns, 2):
        needs = bool(column.of.helper("A1"))
        helper += needs
        found.append(Place(column, number, helper if needs else 0))
    return tuple(found)


def confirm_column(form: Form) -> int:
    """The number of the 属实说明 column."""
    return len(form.columns) + 2

"""What somebody typed into the master workbook, as it is found there: not yet understood."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sync_service.review.places import (
    CASE_ID,
    CHOICE,
    CORRECTED,
    CORRECTION_COLUMN,
    CORRECTION_FORM,
    CORRECTION_ID,
    CORRECTION_KEY,
    CORRECTION_TOWNSHIP,
    HAND,
    MARK,
    MERGED,
    NOTE,
    REVIEW_ID,
    ROW_COLUMN,
    ROW_ID,
    ROW_VALUE,
    SHEETS,
    STAMP,
    Inputs,
)
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.kinds.base import plain_text

SEARCHED_ROWS = 20


class TypedLine(NamedTuple):
    """One line's inputs: `choice` is what stands in 处理决定 or 审核. `identity` is "" where the hidden cell is blank."""

    identity: str
    stamp: str
    choice: str
    hand: str
    note: str
    place: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """What is in the inputs."""
        return self.choice, self.hand, self.note


class TypedValue(NamedTuple):
    """One line that corrects a cell: by the hidden id of a correction, by a row's number, or by what is readable.

    `value` is the cell as it was typed, None where it is blank.
    """

    identity: str
    stamp: str
    version: int
    township: str
    form: str
    key: str
    column: str
    value: Raw
    hand: str
    note: str
    place: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """What is in the inputs, as text."""
        return said_in(self.value), self.hand, self.note


class Typed(NamedTuple):
    """Everything that was typed: decisions, corrections, reviews, and the titles of sheets whose header is gone.

    `ours`: at least one review sheet has its header, so that the workbook is a master of ours.
    """

    decisions: tuple[TypedLine, ...] = ()
    corrections: tuple[TypedValue, ...] = ()
    reviews: tuple[TypedLine, ...] = ()
    headless: tuple[str, ...] = ()
    ours: bool = True


def said_in(raw: Raw) -> str:
    """A cell's text as it was typed, without the space around it."""
    return "" if raw is None or isinstance(raw, CellError) else plain_text(raw).strip()


def text_in(raw: Raw) -> str:
    """A cell's text for comparing: without what stands around it and without differences that nobody sees."""
    return unicodedata.normalize("NFKC", said_in(raw)).strip().strip("'‘’").strip()


def _header(sheet: RawSheet, wanted: Inputs) -> tuple[int, Mapping[str, int]] | None:
    """The number of the header row and the position of each header in it; the last of several of one text."""
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        texts = {text_in(cell): position for position, cell in enumerate(row) if isinstance(cell, str)}
        if wanted.identity in texts and all(name in texts for name in wanted.inputs):
            return number, texts
    return None


def _lines(sheet: RawSheet, header: tuple[int, Mapping[str, int]]) -> Iterator[tuple[str, Mapping[str, Raw]]]:
    """Each line under the header: where it stands, and its cells by header."""
    first, places = header
    for number, row in enumerate(sheet.rows[first:], first + 1):
        cells = {name: row[position] if position < len(row) else None for name, position in places.items()}
        yield f"{sheet.title} 第 {number} 行", cells


def _said(cells: Mapping[str, Raw], inputs: Sequence[str]) -> bool:
    """Whether a line says anything: something is typed, or something that stood in it may have been cleared."""
    stated = not text_in(cells.get(STAMP)).endswith(".0") and text_in(cells.get(STAMP)) != ""
    return stated or any(text_in(cells.get(name)) for name in inputs)


def _decided(sheet: RawSheet, identity: str, choice: str) -> Iterator[TypedLine]:
    header = _header(sheet, SHEETS[sheet.title])
    for place, cells in _lines(sheet, header) if header else ():
        if _said(cells, (choice, HAND, NOTE)):
            known, stamp, chosen = (text_in(cells.get(name)) for name in (identity, STAMP, choice))
            yield TypedLine(known, stamp, chosen, said_in(cells.get(HAND)), said_in(cells.get(NOTE)), place)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _corrected(sheet: RawSheet) -> Iterator[TypedValue]:
    header = _header(sheet, SHEETS[sheet.title])
    for place, cells in _lines(sheet, header) if header else ():
        if _said(cells, (CORRECTED, HAND, NOTE)):
            identity, stamp = text_in(cells.get(CORRECTION_ID)), text_in(cells.get(STAMP))
            names = (CORRECTION_TOWNSHIP, CORRECTION_FORM, CORRECTION_KEY, CORRECTION_COLUMN)
            township, form, key, column = (text_in(cells.get(name)) for name in names)
            hand, note = said_in(cells.get(HAND)), said_in(cells.get(NOTE))
            yield TypedValue(identity, stamp, 0, township, form, key, column, cells.get(CORRECTED), hand, note, place)


def _in_merged(sheet: RawSheet) -> Iterator[TypedValue]:
    header = _header(sheet, MERGED)
    for place, cells in _lines(sheet, header) if header else ():
        column, value = text_in(cells.get(ROW_COLUMN)), cells.get(ROW_VALUE)
        if column or text_in(value):
            version = _number(text_in(cells.get(ROW_ID)))
            hand, note = said_in(cells.get(HAND)), said_in(cells.get(NOTE))
            yield TypedValue("", "", version, "", sheet.title, "", column, value, hand, note, place)


def typed_in(book: RawBook) -> Typed:
    """What is typed in a master workbook, whatever else was done to it: rows and sheets may stand in any order."""
    decisions: list[TypedLine] = []
    corrections: list[TypedValue] = []
    reviews: list[TypedLine] = []
    headless = []
    ours = False
    for sheet in book.sheets:
        wanted = SHEETS.get(sheet.title)
        if wanted is None:
            corrections += _in_merged(sheet)
            continue
        if _header(sheet, wanted) is None:
            headless.append(sheet.title)
            continue
        ours = True
        if wanted.identity == CASE_ID:
            decisions += _decided(sheet, CASE_ID, CHOICE)
        elif wanted.identity == CORRECTION_ID:
            corrections += _corrected(sheet)
        else:
            reviews += _decided(sheet, REVIEW_ID, MARK)
    return Typed(tuple(decisions), tuple(corrections), tuple(reviews), tuple(headless), ours)

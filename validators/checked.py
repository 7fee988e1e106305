"""What judgement hands on: rows with their keys, and the problems found."""

from dataclasses import dataclass
from typing import NamedTuple

from validators.problems import Problem


class CheckedRow(NamedTuple):
    """One row of a sheet. `key` is "" if the row cannot be identified (its key columns are blank or wrong).

    `payload` is the row's values as JSON (UTF-8, sorted column ids, blanks left out), `digest` 16 bytes of BLAKE2b
    over it, `row` the row's number as the clerk sees it. Only a `valid` row may replace a stored one.
    """

    key: str
    payload: bytes
    digest: bytes
    row: int
    valid: bool


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """One form's sheet. Unless `complete`, nothing follows from a row's absence and no row may be taken over."""

    form: str
    sheet: str
    complete: bool
    rows: tuple[CheckedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a roster whose ID number is wrong or missing, so that nothing can be stored of it.

    `number` is what was typed there without spaces and marks, `payload` as in a checked row: the search for doubles tells by
    both whose row it is.
    """

    form: str
    sheet: str
    row: int
    number: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """One township's workbook, judged: a sheet for each form that was looked for, and every problem."""

    township: str
    sheets: tuple[CheckedSheet, ...]
    problems: tuple[Problem, ...]
    rejected: tuple[Rejected, ...] = ()

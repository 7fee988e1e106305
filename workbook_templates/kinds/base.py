"""What a kind of column is: how its cells are read, stored, shown, and checked inside the sheet."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from workbook_templates.catalogue import Severity
from workbook_templates.cells import CellError, Raw
from workbook_templates.place import Township
from workbook_templates.printable import printable
from workbook_templates.wording import DITTO, PLACEHOLDERS

if TYPE_CHECKING:
    from random import Random

    from workbook_templates.column import Column

Value = str | int | float
"""What is stored of a cell; None where it is blank."""


class Finding(NamedTuple):
    """A code of the catalogue with the words for its placeholders; `severity` where it differs from the catalogue's."""

    code: str
    words: Mapping[str, object] = {}
    severity: Severity | None = None


class Parsed(NamedTuple):
    """What became of one cell."""

    value: Value | None
    findings: tuple[Finding, ...] = ()


BLANK = Parsed(None)
NOT_FILLED = Parsed(None, (Finding("M07"),))
Parser = Callable[[Raw], Parsed]


@dataclass(frozen=True, slots=True)
class Setting:
    """What judgement needs to know besides the cells: the township, its county, and today's date in the county.

    `from_1904`: the workbook counts days from 1904 on, as spreadsheets on old Macintoshes did (D12).
    """

    township: Township
    today: date
    from_1904: bool = False


class SheetCheck(NamedTuple):
    """A check that the sheet makes by itself: `formula` is TRUE where the problem `code` is there."""

    code: str
    formula: str


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What a cell accepts while typing. Bounds and formulas are spreadsheet expressions without the leading equals sign.

    `choices` is the name of a range; `custom` a formula that is TRUE for what is accepted.
    """

    type: Literal["list", "date", "whole", "decimal", "custom"]
    error: str
    low: str = ""
    high: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the first row as formulas name it: `at` is its own reference.

    `helper` is the reference of the hidden cell with its comparable value, `tidy` that of the hidden cell with its
    tidied text; "" where there is none.
    """

    at: str
    helper: str = ""
    tidy: str = ""

    @property
    def text(self) -> str:
        """A formula for the cell's trimmed text."""
        return f"TRIM({self.at})"


_PLACEHOLDERS = frozenset(PLACEHOLDERS)
BLANK_WORDS = "tz_blank"
"""The name of the range in the workbook that lists the placeholders, each followed by WORD_END, and WORD_END alone."""
BLANK_WORDS_AND_ZERO = "tz_blank_zero"
"""The same with 0, for columns in which that is no value."""
DITTO_WORDS = "tz_ditto"
"""The name of the range in the workbook that lists the ditto marks."""
WORD_END = "0"
"""A digit, which a formula may append without quotes."""
DATE_MARKS = "tz_date_marks"
"""The name of the range in the workbook that lists what stands between year and month."""
BREAKS = tuple("/、,;，；")
"""What stands between two numbers in one cell."""
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
SPACES = re.compile(r"\s+")
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
"""What, in a cell of another kind, can be somebody's number that stands in the wrong column."""
HIDDEN_NOTE = re.compile(r"(?<!\d)(?:[1-9]\d{16}[\dXx]|62\d{14,17})(?!\d)")


def _bare(text: str, quotes: str) -> str:
    """`text` without spaces around it and without quotes before it, in whatever order they stand."""
    while (bare := text.strip().lstrip(quotes)) != text:
        text = bare
    return text


def clean(text: str) -> str:
    """`text` with full-width forms folded, invisible characters dropped, and space trimmed (M06: silent)."""
    text = printable(text)
    if text.isascii():
        return _bare(text, "'")
    folded = unicodedata.normalize("NFKC", text)
    if not folded.isprintable():
        folded = INVISIBLE.sub("", folded)
    return _bare(folded, "'‘’")


def number_text(value: float) -> str:
    """A number as a person would have typed it: 3, 1985.3, 110101199003077000."""
    return str(int(value)) if value == int(value) else repr(value)


def found_in(name: str, formula: str) -> str:
    """A formula that is TRUE where the text `formula` holds any entry of the range `name`."""
    return f"SUMPRODUCT(--ISNUMBER(FIND({name},{formula})))>0"


def is_in(name: str, formula: str) -> str:
    """A formula that is TRUE where `formula` is an entry of the range `name`."""
    return f"ISNUMBER(MATCH({formula},{name},0))"


def quoted(text: str) -> str:
    """`text` as a string inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def masked_middle(number: str) -> str:
    """A number of eleven or more digits by its first three and last four."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of column. Kinds are stateless; what differs between two columns of one kind stands in the column."""

    name: ClassVar[str]
    sql: ClassVar[Literal["TEXT", "INTEGER", "REAL"]] = "TEXT"
    number_format: ClassVar[str] = "@"
    width: ClassVar[int] = 12
    stored: ClassVar[bool] = True
    own_placeholders: ClassVar[bool] = False
    """Whether the reader itself decides about 无, / and the like; else they count as not filled in."""
    zero_is_blank: ClassVar[bool] = True
    """Whether 0 counts as not filled in too."""

    def mask(self, text: str) -> str:
        """`text` as it may be shown to somebody who need not know it: nothing is personal but a number in the wrong column."""
        return _LONG_NUMBER.sub(lambda found: masked_middle(found[0]), text)

    def parser(self, column: "Column", setting: Setting) -> Parser:
        """A function that reads one cell of `column`."""
        read = self.reader(column, setting)
        placeholders = () if self.own_placeholders else self.placeholders()

        def parse(raw: Raw) -> Parsed:
            if raw is None:
                return BLANK
            if isinstance(raw, CellError):
                severity: Severity = "error" if column.required else "warning"
                return Parsed(None, (Finding("F21", {"v": raw.text}, severity),))
            if isinstance(raw, str):
                text = clean(raw)
                if not text:
                    return BLANK
                if text in DITTO:
                    return Parsed(None, (Finding("M08"),))
                return NOT_FILLED if text in placeholders else read(text)
            return NOT_FILLED if type(raw) is int and str(raw) in placeholders else read(raw)

        return parse

    def placeholders(self) -> frozenset[str]:
        """What counts as not filled in, if it is not among the column's choices."""
        return _PLACEHOLDERS | {"0"} if self.zero_is_blank else _PLACEHOLDERS

    @abstractmethod
    def reader(self, column: "Column", setting: Setting) -> Parser:
        """A function that reads one cell that is neither blank, nor an error, nor a ditto mark; texts come cleaned."""

    def comparable(self, value: Value) -> Value:
        """`value` as rules compare it (dates as serial numbers)."""
        return value

    def tidy(self, at: str) -> str:
        """A formula for a hidden cell with the text of the cell `at` made ready for `helper`, or "" if none is needed."""
        del at
        return ""

    def helper(self, cell: Cell) -> str:
        """A formula for a hidden cell that holds the comparable value of `cell`, which is not blank.

        "" if no hidden cell is needed: the operand is short enough to stand in the formulas themselves.
        """
        del cell
        return ""

    def operand(self, cell: Cell, column: "Column") -> str:
        """A formula for the cell's comparable value inside rules; "" where the cell is blank."""
        del column
        return cell.helper or cell.text

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        """What the sheet itself finds wrong with a cell that is neither blank nor a ditto mark, in the reader's order."""
        del cell, column, setting
        return ()

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        """The lists that the checks look things up in, by the names of their ranges in the workbook.

        Formulas hold no lists themselves: an inline list is no part of a shared formula in older file formats.
        """
        del setting
        return {}

    def blank(self, cell: Cell, column: "Column") -> str:
        """A formula that is TRUE where the cell counts as not filled in."""
        del column
        words = BLANK_WORDS_AND_ZERO if self.zero_is_blank else BLANK_WORDS
        return f"ISNUMBER(MATCH({cell.text}&{WORD_END},{words},0))"

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        """What the cell accepts while typing."""
        del cell, column, setting
        return None

    def prompt(self, column: "Column") -> str:
        """What the clerk reads when she comes to the cell (at most 255 characters)."""
        return column.hint

    @abstractmethod
    def sample(self, column: "Column", setting: Setting, random: "Random") -> Raw:
        """A right value as a careful clerk types it."""


_BEFORE_THE_FIRST = date(1899, 12, 30).toordinal()


def serial(day: date) -> int:
    """A date as spreadsheets count days (1900 system)."""
    return day.toordinal() - _BEFORE_THE_FIRST


def moment_serial(moment: datetime) -> float:
    """A moment, whatever its zone, as spreadsheets count days and parts of days (1900 system)."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return serial(moment) + seconds / 86400


def from_serial(days: float) -> date:
    """The date that a spreadsheet shows for a serial number."""
    return date.fromordinal(int(days) + _BEFORE_THE_FIRST)


def plain_text(raw: Raw) -> str:
    """Any cell as the text that a clerk sees in it."""
    match raw:
        case str():
            return raw
        case bool():
            return "TRUE" if raw else "FALSE"
        case int() | float():
            return number_text(raw)
        case datetime() if not (raw.hour or raw.minute or raw.second):
            return raw.date().isoformat()
        case None:
            return ""
        case CellError():
            return raw.text
        case _:
            return str(raw)

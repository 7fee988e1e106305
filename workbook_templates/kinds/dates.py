"""Dates, months and years in every way that clerks write them.

Stored as ISO text with the precision that was given: 1985-03-12 or 1985-03. A two-digit year above the current one
belongs to the last century, else to this one; either way it is a warning (D03), for it was guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    DATE_MARKS,
    NOT_FILLED,
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    Value,
    from_serial,
    number_text,
    plain_text,
    serial,
)

if TYPE_CHECKING:
    from workbook_templates.form import Column

FIRST_SERIAL, LAST_SERIAL = 7306, 60000  # 1920-01-01 and 2064-04-08
TEXT_CELL, DATE_CELL = (FIRST_SERIAL, LAST_SERIAL), (3000, 2958465)
"""Which numbers are dates: in a date cell nearly every one, but a year with decimals is a slip."""
NULL_DAY = (1899, 12, 30)
"""What a 0 in a date cell is read as from some formats (domain, mistake 24)."""
NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
CHINESE_DAY = re.compile(
    "([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日?)?)?"
)
SEPARATED = re.compile(r"(\d{4}|\d{2})[-./年](\d{1,2})(?:(?:[-./月])(\d{1,2})日?|月)?[.]?")
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?")
RANGE = re.compile(r"(\d{4}[.年/]\d{1,2})[^\d]?\s*[-—~至到]+\s*\d{4}")
NOTHING = frozenset(["0", "0000-00-00"])


class When(NamedTuple):
    """A date as written: the day is None if only the month was given."""

    year: int
    month: int
    day: int | None = None

    @property
    def iso(self) -> str:
        """ISO 8601, with the precision given."""
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    @property
    def first_day(self) -> date:
        """The day, or the first of the month. Raises ValueError if there is no such day."""
        return date(self.year, self.month, 1 if self.day is None else self.day)


def chinese_number(text: str) -> int:
    """一 to 三十一 as a number."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(NUMERALS))
    return (int(tens.translate(NUMERALS)) if tens else 1) * 10 + (int(ones.translate(NUMERALS)) if ones else 0)


def written(text: str, today: date) -> tuple[When, bool] | None:
    """What date `text` means, and whether its century had to be guessed; None if it is none that is known."""
    if match := SOLID.fullmatch(text):
        return When(int(match[1]), int(match[2]), int(match[3]) if match[3] else None), False
    if match := SEPARATED.fullmatch(text.replace(" ", "")):
        year = int(match[1])
        guessed = len(match[1]) == 2
        if guessed:
            year += 1900 if year > today.year % 100 else 2000
        return When(year, int(match[2]), int(match[3]) if match[3] else None), guessed
    if (match := CHINESE_DAY.fullmatch(text)) and match[2]:
        day = chinese_number(match[3]) if match[3] else None
        return When(int(match[1].translate(NUMERALS)), chinese_number(match[2]), day), False
    return None


def iso_serial(iso: str) -> int:
    """The serial number of an ISO date or month (its first day)."""
    return serial(date(int(iso[:4]), int(iso[5:7]), int(iso[8:10] or 1)))


def moment(raw: Raw, today: date) -> tuple[When | None, tuple[Finding, ...]]:
    """The date in a cell with what there is to say about how it was written."""
    if isinstance(raw, date) and raw.year < 1900:  # a 0 in a date cell
        return None, NOT_FILLED.findings
    if isinstance(raw, date):
        return When(raw.year, raw.month, raw.day), ()
    if isinstance(raw, time | timedelta) or raw in (0, False):
        return None, (Finding("M07"),)
    if isinstance(raw, int | float) and FIRST_SERIAL <= raw <= LAST_SERIAL:
        day = from_serial(raw)
        return When(day.year, day.month, day.day), (Finding("D05", {"v": number_text(raw), "std": day.isoformat()}),)
    text = plain_text(raw)
    if text in NOTHING:
        return None, NOT_FILLED.findings
    if isinstance(raw, float) and re.fullmatch(r"\d{4}\.1", text):
        return None, (Finding("D04", {"v": text, "year": text[:4]}),)
    found = written(text, today)
    if not found:
        return None, (Finding("D02"),)
    when, guessed = found
    try:
        when.first_day  # noqa: B018 - asks whether the day exists
    except ValueError:
        return None, (Finding("D06"),)
    if guessed:
        return when, (Finding("D03", {"std": when.iso}),)
    if text != when.iso:
        return when, (Finding("D01", {"std": when.iso}),)
    return when, ()


def is_serial(at: str, serials: tuple[int, int]) -> str:
    """A formula that is TRUE where the cell `at` holds a real date or its serial number between `serials`."""
    return f"AND(ISNUMBER({at}),{at}>={serials[0]},{at}<={serials[1]})"


def tidied(at: str) -> str:
    """A formula for the text of the cell `at` with hyphens between year, month and day, and the century put before
    a two-digit year: 1985-3, 1985-3-12, 1985-3- (from 1985年3月), 198503, 19850312."""
    text = f"TRIM({at})"
    tidy = text
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), (".", "-"), ("/", "-"), (" ", "")):
        tidy = f'SUBSTITUTE({tidy},"{old}","{new}")'
    century = f"IF(-LEFT({text},2)<-MOD(YEAR(TODAY()),100),19,20)"
    return f'IF({two_digits(at)},{century},"")&{tidy}'


def two_digits(at: str) -> str:
    """A formula that is TRUE where the cell `at` begins with a two-digit year."""
    return f"ISNUMBER(MATCH(MID(TRIM({at}),3,1),{DATE_MARKS},0))"


def parsed_text(at: str, tidy: str, serials: tuple[int, int]) -> str:
    """A formula for the serial number of the date or month in the cell `at`, which is not blank; "?" if it is no date.

    `tidy` is the cell with its tidied text. DATEVALUE is only given year-month-day, which every locale reads alike.
    """
    solid = (
        f'IF(OR(LEN({tidy})=6,LEN({tidy})=8),DATEVALUE(LEFT({tidy},4)&"-"&MID({tidy},5,2)&"-"'
        f'&IF(LEN({tidy})=6,1,RIGHT({tidy},2))),"?")'
    )
    parts = f'IFERROR(DATEVALUE({tidy}&"-1"),IFERROR(DATEVALUE({tidy}),DATEVALUE({tidy}&"1")))'
    text = f'IFERROR(IF(ISNUMBER(FIND("-",{tidy})),IF(ISNUMBER(-LEFT({tidy},4)),{parts},"?"),{solid}),"?")'
    if serials == DATE_CELL:
        text = f'IF(ISNUMBER({at}),"?",{text})'
    return f"IF({is_serial(at, serials)},INT({at}),{text})"


@dataclass(frozen=True)
class Day(Kind):
    """A day, yyyy-mm-dd, in a date cell."""

    name = "date"
    number_format = "yyyy-mm-dd"
    width = 12
    form: ClassVar[str] = "1985-03-12"
    whole: ClassVar[bool] = True
    """Whether the day must be given."""
    serials: ClassVar[tuple[int, int]] = DATE_CELL
    """Between which numbers the sheet takes one for a date."""

    def reader(self, column: "Column", setting: Setting) -> Parser:
        today = setting.today
        latest = serial(today) if column.past else None
        earliest = iso_serial(column.earliest)
        bounded = self.bounded

        def read(raw: Raw) -> Parsed:
            when, findings = moment(raw, today)
            if when is None:
                return Parsed(None, findings if findings[0].code != "D02" else (Finding("D02", {"form": self.form}),))
            days = serial(when.first_day)
            if latest is not None and days > latest:
                return Parsed(None, (Finding("D07"),))
            if days < earliest:
                findings = (*findings, Finding("D11", {"low": column.earliest}))
            return bounded(when, findings)

        return read

    def bounded(self, when: When, findings: tuple[Finding, ...]) -> Parsed:
        """The value with the precision that the kind asks for."""
        if when.day is None:
            return Parsed(None, (Finding("D13"),))
        return Parsed(when.iso, findings)

    def comparable(self, value: Value) -> Value:
        return iso_serial(str(value))

    def tidy(self, at: str) -> str:
        return tidied(at)

    def helper(self, cell: Cell) -> str:
        return parsed_text(cell.at, cell.tidy, self.serials)

    def blank(self, cell: Cell, column: "Column") -> str:
        return f'OR({super().blank(cell, column)},{cell.text}="0")'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        checks = [SheetCheck("D04", f'AND(ISNUMBER({cell.at}),{cell.at}<3000,RIGHT({cell.at}&"",2)=".1")')]
        checks.append(SheetCheck("D02", f'{cell.helper}="?"'))
        if column.past:
            checks.append(SheetCheck("D07", f"{cell.helper}>TODAY()"))
        if self.whole:
            tidy = cell.tidy
            no_day = f'OR(RIGHT({tidy},1)="-",LEN({tidy})-LEN(SUBSTITUTE({tidy},"-",""))<2)'
            month = f'IF(ISNUMBER(FIND("-",{tidy})),{no_day},LEN({tidy})=6)'
            checks.append(SheetCheck("D13", f"IF({is_serial(cell.at, self.serials)},FALSE,{month})"))
        checks.append(SheetCheck("D03", two_digits(cell.at)))
        checks.append(SheetCheck("D11", f"{cell.helper}<{iso_serial(column.earliest)}"))
        return tuple(checks)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del cell, setting
        high = "TODAY()" if column.past else str(LAST_SERIAL)
        return EntryRule(
            "date", f"请写成 {self.form} 这样的日期，不能晚于今天。", str(iso_serial(column.earliest)), high
        )

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        first = max(date.fromisoformat((column.earliest + "-01")[:10]), setting.today.replace(month=1, day=1))
        return first + timedelta(days=random.randrange((setting.today - first).days + 1))


@dataclass(frozen=True)
class MonthOrDay(Day):
    """A month or a day, in a text cell, so that 1990.10 stays what was typed; a cell's first of the month is a month."""

    name = "pdate"
    number_format = "@"
    form: ClassVar[str] = "1985-03"
    whole: ClassVar[bool] = False
    serials: ClassVar[tuple[int, int]] = TEXT_CELL

    def reader(self, column: "Column", setting: Setting) -> Parser:
        read = super().reader(column, setting)

        def month_of_real_dates(raw: Raw) -> Parsed:
            # A spreadsheet turns a typed 1985-3 into the first of March: the day was never meant (domain, mistake 28).
            if isinstance(raw, date) and raw.day == 1:
                return read(f"{raw.year:04d}-{raw.month:02d}")
            return read(raw)

        return month_of_real_dates

    def bounded(self, when: When, findings: tuple[Finding, ...]) -> Parsed:
        return Parsed(when.iso, findings)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del column, setting
        return EntryRule("custom", f"请写成 {self.form} 或 1985-03-12。", formula=f"LEN({cell.text})>=6")

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del setting
        first = int(column.earliest[:4])
        return f"{random.randrange(max(first, 1970), 2010)}-{random.randrange(1, 13):02d}"


@dataclass(frozen=True)
class Month(MonthOrDay):
    """A month, yyyy-mm, in a text cell."""

    name = "month"
    width = 10

    def bounded(self, when: When, findings: tuple[Finding, ...]) -> Parsed:
        return Parsed(when.iso[:7], findings)


@dataclass(frozen=True)
class Year(Kind):
    """A year of four digits."""

    name = "year"
    sql = "INTEGER"
    number_format = "0"
    width = 8

    def reader(self, column: "Column", setting: Setting) -> Parser:
        low, high = int(column.earliest[:4]), setting.today.year + (0 if column.past else 10)
        refusal = Finding("M13", {"low": low, "high": high})

        def read(raw: Raw) -> Parsed:
            text = str(raw.year) if isinstance(raw, date) else plain_text(raw).removesuffix("年")
            if text == "0":
                return NOT_FILLED
            if not text.isdecimal():
                return Parsed(None, (Finding("M12"),))
            year = int(text)
            return Parsed(year) if low <= year <= high else Parsed(None, (refusal,))

        return read

    def blank(self, cell: Cell, column: "Column") -> str:
        return f'OR({super().blank(cell, column)},{cell.text}="0")'

    def helper(self, cell: Cell) -> str:
        return f'IFERROR(VALUE(SUBSTITUTE({cell.text},"年","")),"?")'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        low, high = self._bounds(column)
        del setting
        year = cell.helper
        return (
            SheetCheck("M12", f"IFERROR({year}<>INT({year}),TRUE)"),
            SheetCheck("M13", f"OR({year}<{low},{year}>{high})"),
        )

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del cell, setting
        low, high = self._bounds(column)
        return EntryRule("whole", "请填四位的年份，如 1990。", low, high)

    def _bounds(self, column: "Column") -> tuple[str, str]:
        return column.earliest[:4], "YEAR(TODAY())" if column.past else "YEAR(TODAY())+10"

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        return random.randrange(max(int(column.earliest[:4]), 1980), setting.today.year + 1)

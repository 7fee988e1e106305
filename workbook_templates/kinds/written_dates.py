"""How a written date or month is read, in every way that clerks write them: by Python, and by a formula.

A two-digit year above the current one belongs to the last century, else to this one; either way it is a warning (D03),
for it was guessed. Whoever enlisted at that age would be asked instead if a cell knew its row; but a cell that is read
alone reads the same in every row and every sheet, and the clerk, who is asked to write four digits, sees what was understood.
"""

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    DATE_MARKS,
    NOT_FILLED,
    Finding,
    from_serial,
    number_text,
    plain_text,
    serial,
)

DAYS_TO_1904 = 1462
FIRST_SERIAL, LAST_SERIAL = 7306, 60000  # 1920-01-01 and 2064-04-08
TEXT_CELL, DATE_CELL = (FIRST_SERIAL, LAST_SERIAL), (3000, 2958465)
"""Which numbers are dates: in a date cell nearly every one, but a year with decimals is a slip."""
NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
CHINESE_DAY = re.compile(
    "([〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})年(元|十[一二]?|[一二三四五六七八九])月"
    "(?:([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?)?"
)
SEPARATED = re.compile(r"(\d{4}|\d{2})[-./年](\d{1,2})(?:(?:[-./月])(\d{1,2})[日号]?|月)?[.]?")
MARKS = str.maketrans("年月./", "----")
DATE_JOINS = ("至", "到", "~", "～", "—", "–", "、")
"""What stands between two dates in one cell, besides a hyphen."""
TWO_DATES = Finding("M09", {"n": 2, "what": "日期", "how": "开始和结束分别填到自己的列，这一列只留一个"})
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?")
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


def _in_century(year: str, today: date) -> int:
    """The year that is meant by four digits, or by two."""
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) > today.year % 100 else 2000)


def written(text: str, today: date) -> tuple[When, bool] | None:
    """What date `text` means, and whether its century had to be guessed; None if it is none that is known."""
    if match := SOLID.fullmatch(text):
        return When(int(match[1]), int(match[2]), int(match[3]) if match[3] else None), False
    if match := SEPARATED.fullmatch(text.replace(" ", "").replace("元月", "1月")):
        day = int(match[3]) if match[3] else None
        return When(_in_century(match[1], today), int(match[2]), day), len(match[1]) == 2
    if match := CHINESE_DAY.fullmatch(text):
        month = 1 if match[2] == "元" else chinese_number(match[2])
        day = chinese_number(match[3]) if match[3] else None
        return When(_in_century(match[1].translate(NUMERALS), today), month, day), len(match[1]) == 2
    return None


def _two_dates(text: str) -> bool:
    """Whether `text`, which is no date, looks like two."""
    return text.translate(MARKS).count("-") > 2 or any(mark in text for mark in DATE_JOINS)


def iso_serial(iso: str) -> int:
    """The serial number of an ISO date or month (its first day)."""
    return serial(date(int(iso[:4]), int(iso[5:7]), int(iso[8:10] or 1)))


def moment(raw: Raw, today: date, from_1904: bool = False) -> tuple[When | None, tuple[Finding, ...]]:
    """The date in a cell with what there is to say about how it was written.

    `from_1904`: its workbook counts days from 1904 on, so that a bare serial number means a later day.
    """
    if isinstance(raw, date) and raw.year < 1900:  # a 0 in a date cell (domain, mistake 24)
        return None, NOT_FILLED.findings
    if isinstance(raw, date):
        return When(raw.year, raw.month, raw.day), ()
    if isinstance(raw, time | timedelta) or raw in (0, False):
        return None, (Finding("M07"),)
    if isinstance(raw, int | float) and FIRST_SERIAL <= raw <= LAST_SERIAL:
        day = from_serial(raw + (DAYS_TO_1904 if from_1904 else 0))
        return When(day.year, day.month, day.day), (Finding("D05", {"v": number_text(raw), "std": day.isoformat()}),)
    text = plain_text(raw)
    if text in NOTHING:
        return None, NOT_FILLED.findings
    if isinstance(raw, float) and re.fullmatch(r"\d{4}\.1", text):
        return None, (Finding("D04", {"v": text, "year": text[:4]}),)
    found = written(text, today)
    if not found:
        return None, (TWO_DATES if _two_dates(text) else Finding("D02"),)
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
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("号", ""), (".", "-"), ("/", "-"), (" ", "")):
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

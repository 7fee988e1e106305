"""Resident identity numbers (GB 11643-1999): their parts, and the kind of column that holds them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import mul
from random import Random
from typing import TYPE_CHECKING, ClassVar

from workbook_templates.cells import Raw
from workbook_templates.kinds.areas import known_area
from workbook_templates.kinds.base import (
    BREAKS,
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    found_in,
    is_in,
    plain_text,
)

if TYPE_CHECKING:
    from workbook_templates.column import Column

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
BIAS = 48 * sum(WEIGHTS)
PROVINCES = frozenset([
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
])  # fmt: skip
OLDEST = 115
ENDS_LOST = ("000", "00X")
"""How a number ends whose last three digits a spreadsheet has dropped."""
LAST_X = str.maketrans("x×ΧχХх*✕", "XXXXXXXX")
MARKS = re.compile(r"[\s\-'\"‘’“”]")
WELL_FORMED = re.compile(r"[0-9]{17}[0-9X]")
PAPER_WORDS = re.compile("[字第军士官兵证号护照]")
OTHER_PAPER = re.compile(r"[A-Z]{0,2}\d{7,8}")
"""What numbers of soldiers' cards and of passports look like."""
TWO_NUMBERS, TWO_WITH_A_BREAK = (33, 36), (31, 34, 37)
"""How long two numbers of 15 or 18 digits are, one behind the other."""


DIFFERENT = 4096
"""So many results are kept of what is asked of the same number by one rule after another: a sheet has room for 3,000 rows."""


def check_digit(first_17: str) -> str:
    """The check digit of a resident identity number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECK[(sum(map(mul, first_17.encode(), WEIGHTS)) - BIAS) % 11]


@lru_cache(DIFFERENT)
def born(number: str) -> date:
    """The birth date in an 18-digit number. Raises ValueError if there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def lengthened(number: str) -> str:
    """A 15-digit number of before 1999 with the century put into its birth date, which lacks it; others as they are."""
    return f"{number[:6]}19{number[6:]}" if len(number) == 15 else number


def bare_number(text: str) -> str:
    """What was typed, without spaces and marks, and whatever stands for the X at the end written as one."""
    number = text if text.isalnum() else MARKS.sub("", text)
    return number[:-1] + number[-1:].translate(LAST_X)


def sex_of(number: str) -> str:
    """男 or 女, by the 17th digit of an 18-digit number."""
    return "男" if int(number[16]) % 2 else "女"


def make_number(area: str, birth: date, sequence: int) -> str:
    """A number that holds together: six-digit area, birth date, three-digit sequence (odd for men), check digit."""
    first = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


def mask_number(number: str) -> str:
    """The first six and the last four digits; the birth date and sequence are hidden."""
    return (
        f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
        if len(number) > 10
        else number[:1] + "*" * (len(number) - 1)
    )


@dataclass(frozen=True)
class ResidentId(Kind):
    """An 18-digit resident identity number (GB 11643-1999), in a text cell.

    Whether the cell is a number is asked first: a number cell has lost all digits after the fifteenth, and 8.9 % of such
    ruins still pass the check digit. The area code is a hint at most, for codes change and the number does not.
    """

    name = "id18"
    width = 21
    old: ClassVar[bool] = False
    """Whether a 15-digit number of before 1999 is taken as it is."""
    lengths: ClassVar[str] = "18 位"

    def mask(self, text: str) -> str:
        return mask_number(text)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        today = setting.today

        def read(raw: Raw) -> Parsed:
            if isinstance(raw, int | float) and not isinstance(raw, bool) and raw >= 1e15:
                return Parsed(None, (Finding("I01"),))
            text = plain_text(raw)
            number = bare_number(text)
            if not WELL_FORMED.fullmatch(number) and (wrong := self._unlike(number)):
                return Parsed(None, (wrong,))
            long = lengthened(number)
            if len(number) == 18 and check_digit(number[:17]) != number[17]:
                return Parsed(None, (Finding("I06"),))
            try:
                birth = born(long)
            except ValueError:
                return Parsed(None, (Finding("I07", {"dob": long[6:14]}),))
            if not today.year - OLDEST <= birth.year or birth > today:
                return Parsed(None, (Finding("I07", {"dob": long[6:14]}),))
            findings = [] if number == text else [Finding("I02", {"std": mask_number(number)})]
            findings += self._doubts(number, birth, column, setting)
            return Parsed(number, tuple(findings))

        return read

    def _unlike(self, number: str) -> Finding | None:
        """Why `number` does not look like an identity number; None if it does."""
        length = len(number)
        if length in TWO_NUMBERS or (length in TWO_WITH_A_BREAK and any(mark in number for mark in BREAKS)):
            return Finding("M09", {"n": 2, "what": "身份证号", "how": "一行一个人，只留本人现在的号码"})
        if length == 15 and number.isascii() and number.isdecimal():
            renewed = lengthened(number)
            return None if self.old else Finding("I04", {"std": mask_number(renewed + check_digit(renewed))})
        if OTHER_PAPER.fullmatch(number) if number.isascii() else PAPER_WORDS.search(number):
            return Finding("I13")
        if length != 18 and not (self.old and length == 15):
            return Finding("I03", {"n": length, "right": self.lengths})
        body = number[:17]
        if not (body.isascii() and body.isdecimal()) or number[-1] not in "0123456789X" or length == 15:
            last = number[17:] if number[17:] not in "0123456789X" else ""
            return Finding("I05", {"c": next(c for c in body + last if c not in "0123456789")})
        return None

    def _doubts(self, number: str, birth: date, column: "Column", setting: Setting) -> Iterator[Finding]:
        """What is unlikely about a number that holds together."""
        county = setting.township.county
        if number[:2] in PROVINCES:
            if number[:6] != county.code and not known_area(number[:6]):
                yield Finding("I10", {"p": number[:6]})
        elif number[:2] != county.province:
            yield Finding("I09", {"p": number[:2]})
        if len(number) == 18 and number[15:] in ENDS_LOST:
            yield Finding("I11", {"end": number[15:]})
        today = setting.today
        age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
        if (column.low is not None and age < column.low) or (column.high is not None and age > column.high):
            yield Finding("I12", {"age": age, "ages": _ages(column)})

    def helper(self, cell: Cell) -> str:
        number = f"UPPER({cell.text})"
        for mark, read in ((" ", ""), ("-", ""), *((c, "X") for c in "×*✕ΧХ")):
            number = f'SUBSTITUTE({number},"{mark}","{read}")'
        return number

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        number, at = cell.helper, cell.at
        long = f"IF(LEN({number})=15,REPLACE({number},7,0,19),{number})" if self.old else number
        total = f"SUMPRODUCT(MID({long},tz_id_places,1)*tz_id_weights)"
        last = f'FIND(RIGHT({number},1),"0123456789X")'
        check = f'IFERROR(MID("{CHECK}",MOD({total},11)+1,1)<>RIGHT({number},1),FALSE)'
        birth = f"DATE(MID({long},7,4),MID({long},11,2),MID({long},13,2))"
        real = f"MONTH({birth})=--MID({long},11,2),DAY({birth})=--MID({long},13,2)"
        lengths, breaks = f"LEN({number})", found_in("tz_breaks", number)
        two, broken = ((f"{lengths}={n}" for n in some) for some in (TWO_NUMBERS, TWO_WITH_A_BREAK))
        checks = [
            SheetCheck("I01", f"IF(ISNUMBER({at}),{at}>=1000000000000000,FALSE)"),
            SheetCheck("M09", f"OR({','.join(two)},AND(OR({','.join(broken)}),{breaks}))"),
        ]
        if self.old:
            checks.append(SheetCheck("I03", f"AND({lengths}<>18,{lengths}<>15)"))
            check = f"IF({lengths}=18,{check},FALSE)"
        else:
            checks.append(SheetCheck("I04", f"AND({lengths}=15,ISNUMBER(-{number}))"))
            checks.append(SheetCheck("I03", f"{lengths}<>18"))
        checks += [
            SheetCheck("I05", f"OR(ISERROR({total}),ISERROR({last}))"),
            SheetCheck("I06", check),
            SheetCheck(
                "I07",
                f"IFERROR(NOT(AND({real},{birth}<=TODAY(),--MID({long},7,4)>=YEAR(TODAY())-{OLDEST})),TRUE)",
            ),
            SheetCheck("I09", f"NOT({is_in('tz_provinces', f'LEFT({number},2)')})"),
            SheetCheck("I11", f"AND({lengths}=18,{is_in('tz_ends_lost', f'RIGHT({number},3)')})"),
        ]
        if column.low is not None or column.high is not None:
            not_yet = f"(MONTH(TODAY())*100+DAY(TODAY())<--MID({long},11,4))"
            age = f"(YEAR(TODAY())-MID({long},7,4)-{not_yet})"
            checks.append(SheetCheck("I12", f"OR({age}<{column.low or 0:g},{age}>{column.high or OLDEST:g})"))
        return tuple(checks)

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        return {
            "tz_id_places": range(1, 18),
            "tz_id_weights": WEIGHTS,
            "tz_breaks": BREAKS,
            "tz_provinces": sorted(PROVINCES | {setting.township.county.province}),
            "tz_ends_lost": ENDS_LOST,
        }

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del column, setting
        length = f'LEN(SUBSTITUTE({cell.at}," ",""))'
        right = f"OR({length}=18,{length}=15)" if self.old else f"{length}=18"
        return EntryRule("custom", f"身份证号应为 {self.lengths}，末位可为 X，请照证件录入。", formula=right)

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        youngest = int(column.low or 30)
        oldest = int(column.high or 85)
        days = random.randrange(youngest * 366, oldest * 365)
        # A sequence below 100 cannot end in 00, as if digits were lost.
        return make_number(setting.township.county.code, setting.today - timedelta(days=days), random.randrange(1, 100))


@dataclass(frozen=True)
class OldResidentId(ResidentId):
    """A resident identity number in an old list: of 18 digits, or of the 15 that were usual before 1999, kept as they are.

    Fifteen digits have no check digit, but they fit into a number cell without loss.
    """

    name = "idold"
    old: ClassVar[bool] = True
    lengths: ClassVar[str] = "18 位（旧号 15 位）"


def _ages(column: "Column") -> str:
    match column.low, column.high:
        case float() as low, float() as high:
            return f"{low:g} 到 {high:g} 岁"
        case float() as low, None:
            return f"{low:g} 岁以上"
    return f"{column.high:g} 岁以下"

"""Resident identity numbers (GB 11643-1999): their parts, and the kind of column that holds them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import mul
from random import Random
from typing import TYPE_CHECKING

from workbook_templates.cells import Raw
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
    from workbook_templates.form import Column

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
BIAS = 48 * sum(WEIGHTS)
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
OLDEST = 115
LAST_X = str.maketrans("x×ΧχХх*✕", "XXXXXXXX")
SOLDIER = re.compile("[字第军士官兵证号]")


def check_digit(first_17: str) -> str:
    """The check digit of a resident identity number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECK[(sum(map(mul, first_17.encode(), WEIGHTS)) - BIAS) % 11]


def born(number: str) -> date:
    """The birth date in an 18-digit number. Raises ValueError if there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


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

    Whether the cell is a number is asked first: a number cell has lost its last digits, and 8.9 % of such ruins still
    pass the check digit. The area code is a hint at most, for codes change and the number does not.
    """

    name = "id18"
    width = 21

    def mask(self, text: str) -> str:
        return mask_number(text)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        provinces = PROVINCES | {setting.township.county.province}
        today = setting.today
        youngest, oldest = column.low, column.high

        def read(raw: Raw) -> Parsed:
            if isinstance(raw, int | float) and not isinstance(raw, bool) and raw >= 1e14:
                return Parsed(None, (Finding("I01"),))
            text = plain_text(raw)
            number = re.sub(r"[\s\-'\"‘’“”]", "", text)
            number = number[:-1] + number[-1:].translate(LAST_X)
            if len(number) == 36 or re.fullmatch(r"\d{17}[\dX][/、,;]\d{17}[\dX]", number):
                return Parsed(None, (Finding("M09", {"n": 2, "what": "身份证号"}),))
            if SOLDIER.search(number):
                return Parsed(None, (Finding("I13"),))
            if len(number) == 15 and number.isdecimal():
                renewed = number[:6] + "19" + number[6:]
                return Parsed(None, (Finding("I04", {"std": mask_number(renewed + check_digit(renewed))}),))
            if len(number) != 18:
                return Parsed(None, (Finding("I03", {"n": len(number)}),))
            body = number[:17]
            if not (body.isascii() and body.isdecimal()) or number[17] not in "0123456789X":
                odd = next(c for c in (*body, number[17]) if c not in "0123456789")
                return Parsed(None, (Finding("I05", {"c": odd}),))
            if check_digit(body) != number[17]:
                return Parsed(None, (Finding("I06"),))
            try:
                birth = born(number)
            except ValueError:
                return Parsed(None, (Finding("I07", {"dob": number[6:14]}),))
            if not today.year - OLDEST <= birth.year or birth > today:
                return Parsed(None, (Finding("I07", {"dob": number[6:14]}),))
            findings = [] if number == text else [Finding("I02", {"std": mask_number(number)})]
            if number[:2] not in provinces:
                findings.append(Finding("I09", {"p": number[:2]}))
            if number[14:17] == "000":
                findings.append(Finding("I11"))
            age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
            if (youngest is not None and age < youngest) or (oldest is not None and age > oldest):
                findings.append(Finding("I12", {"age": age}))
            return Parsed(number, tuple(findings))

        return read

    def helper(self, cell: Cell) -> str:
        number = f"UPPER({cell.text})"
        for mark, read in ((" ", ""), ("-", ""), *((c, "X") for c in "×*✕ΧХ")):
            number = f'SUBSTITUTE({number},"{mark}","{read}")'
        return number

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        number, at = cell.helper, cell.at
        total = f"SUMPRODUCT(MID({number},tz_id_places,1)*tz_id_weights)"
        birth = f"DATE(MID({number},7,4),MID({number},11,2),MID({number},13,2))"
        real = f"MONTH({birth})=--MID({number},11,2),DAY({birth})=--MID({number},13,2)"
        checks = [
            SheetCheck("I01", f"IF(ISNUMBER({at}),{at}>=100000000000000,FALSE)"),
            SheetCheck(
                "M09",
                f"OR(LEN({number})=36,AND(LEN({number})=37,{found_in('tz_breaks', number)}))",
            ),
            SheetCheck("I04", f"AND(LEN({number})=15,ISNUMBER(-{number}))"),
            SheetCheck("I03", f"LEN({number})<>18"),
            SheetCheck("I05", f'OR(ISERROR({total}),ISERROR(FIND(RIGHT({number},1),"0123456789X")))'),
            SheetCheck("I06", f'IFERROR(MID("{CHECK}",MOD({total},11)+1,1)<>RIGHT({number},1),FALSE)'),
            SheetCheck(
                "I07",
                f"IFERROR(NOT(AND({real},{birth}<=TODAY(),--MID({number},7,4)>=YEAR(TODAY())-{OLDEST})),TRUE)",
            ),
            SheetCheck("I09", f"NOT({is_in('tz_provinces', f'LEFT({number},2)')})"),
            SheetCheck("I11", f'MID({number},15,3)="000"'),
        ]
        if column.low is not None or column.high is not None:
            not_yet = f"(MONTH(TODAY())*100+DAY(TODAY())<--MID({number},11,4))"
            age = f"(YEAR(TODAY())-MID({number},7,4)-{not_yet})"
            checks.append(SheetCheck("I12", f"OR({age}<{column.low or 0:g},{age}>{column.high or OLDEST:g})"))
        return tuple(checks)

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        return {
            "tz_id_places": range(1, 18),
            "tz_id_weights": WEIGHTS,
            "tz_breaks": BREAKS,
            "tz_provinces": sorted(PROVINCES | {setting.township.county.province}),
        }

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del column, setting
        return EntryRule(
            "custom",
            "身份证号应为 18 位，末位可为 X，请照证件录入。",
            formula=f'LEN(SUBSTITUTE({cell.at}," ",""))=18',
        )

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        youngest = int(column.low or 30)
        oldest = int(column.high or 85)
        days = random.randrange(youngest * 366, oldest * 365)
        return make_number(setting.township.county.code, setting.today - timedelta(days=days), random.randrange(1, 999))

"""Numbers by which someone is called or paid: telephones and bank accounts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    BREAKS,
    SPACES,
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    found_in,
    plain_text,
)

if TYPE_CHECKING:
    from workbook_templates.column import Column

PHONE_PREFIX = re.compile(r"^(?:\+?86)(?=1[3-9]\d{9}$)")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})")
LOCAL = re.compile(r"[2-8]\d{6,7}")
HOTLINE = re.compile(r"[48]00\d{7}|[19]\d{4}")
TWO_NUMBERS = re.compile(r"[/、,;]|\s{2,}|\s(?=1[3-9]\d{9})")
TWO_ACCOUNTS = re.compile(f"[{''.join(BREAKS)}]")
NO_DIGIT = re.compile(r"[\s\-()]|\+86")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
LUHN_ODD = str.maketrans("0123456789", "0246813579")


def luhn(number: str) -> bool:
    """Whether a card number passes the Luhn check (ISO/IEC 7812-1)."""
    digits = number[::-1].encode()
    doubled = number[::-1].translate(LUHN_ODD).encode()
    return (sum(digits[0::2]) + sum(doubled[1::2]) - 48 * len(number)) % 10 == 0


@dataclass(frozen=True)
class Phone(Kind):
    """A mobile number, or a landline with its area code. No phone at all is a warning (P03), never an error.

    A landline without its area code is taken (P07): we do not know the county's. A hotline is nobody's own number (P08).
    """

    name = "phone"
    width = 14
    own_placeholders = True

    def mask(self, text: str) -> str:
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else text[:2] + "*" * max(len(text) - 2, 0)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        nothing = Parsed(None, (Finding("P03"),)) if column.required else Parsed(None, (Finding("M07"),))

        placeholders = self.placeholders()

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw)
            if MOBILE.fullmatch(text):
                return Parsed(text)
            if text in placeholders:
                return nothing
            findings: list[Finding] = []
            if SCIENTIFIC.fullmatch(text) if isinstance(raw, str) else text.isdecimal() and len(text) > 15:
                return Parsed(None, (Finding("P02"),))
            numbers = [part for part in TWO_NUMBERS.split(text) if part.strip()]
            joined = NO_DIGIT.sub("", text)
            if len(joined) == 22 and joined.isdecimal():
                numbers = [joined[:11], joined[11:]]
            if len(numbers) > 1:
                findings.append(Finding("P05"))
            number = SPACES.sub("", numbers[0]) if numbers else ""
            bare = PHONE_PREFIX.sub("", number.replace("-", "").replace("(", "").replace(")", ""))
            if MOBILE.fullmatch(bare):
                standard = bare
            elif match := LANDLINE.fullmatch(number.replace("(", "").replace(")", "-")):
                standard = f"{match[1]}-{match[2]}"
            elif LOCAL.fullmatch(bare):
                standard = bare
                findings.append(Finding("P07"))
            elif HOTLINE.fullmatch(bare):
                standard = bare
                findings.append(Finding("P08"))
            else:
                return Parsed(None, (Finding("P01"),))
            if standard != text and not findings:
                findings.append(Finding("P04", {"std": self.mask(standard)}))
            return Parsed(standard, tuple(findings))

        return read

    def helper(self, cell: Cell) -> str:
        bare = cell.text
        for mark in (" ", "-", "(", ")", "（", "）", "+86"):
            bare = f'SUBSTITUTE({bare},"{mark}","")'
        return bare

    def blank(self, cell: Cell, column: "Column") -> str:
        if column.required:
            return f'{cell.text}=""'
        return super().blank(cell, column)

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        nothing = super().blank(cell, column)
        bare = cell.helper
        digits = f"ISNUMBER(-{bare})"
        mobile = f'AND(LEN({bare})=11,{digits},LEFT({bare},1)="1",MID({bare},2,1)>="3")'
        mobile86 = f'AND(LEN({bare})=13,{digits},LEFT({bare},3)="861")'
        subscriber = f'IFERROR(LEN({cell.text})-FIND("-",{cell.text})>=7,TRUE)'
        landline = f'AND(LEFT({bare},1)="0",LEN({bare})>=10,LEN({bare})<=12,{digits},{subscriber})'
        local = f'AND(LEN({bare})>=7,LEN({bare})<=8,{digits},LEFT({bare},1)>="2",LEFT({bare},1)<="8")'
        hotline = (
            f'OR(AND(LEN({bare})=10,OR(LEFT({bare},3)="400",LEFT({bare},3)="800")),'
            f'AND(LEN({bare})=5,OR(LEFT({bare},1)="1",LEFT({bare},1)="9")))'
        )
        hotline = f"AND({digits},{hotline})"
        several = f"OR({found_in('tz_breaks', cell.text)},AND(LEN({bare})=22,{digits}))"
        checks = [SheetCheck("P01", f"NOT(OR({nothing},{several},{mobile},{mobile86},{landline},{local},{hotline}))")]
        if column.required:
            checks.append(SheetCheck("P03", nothing))
        checks += [SheetCheck("P05", several), SheetCheck("P08", hotline)]
        return tuple(checks)

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        del setting
        return {"tz_breaks": BREAKS}

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting
        return f"139{random.randrange(10**8):08d}"


@dataclass(frozen=True)
class Account(Kind):
    """A bank account or card number, in a text cell: 8 to 28 digits; only cards that begin with 62 follow Luhn (B04)."""

    name = "account"
    width = 24

    def mask(self, text: str) -> str:
        return "*" * max(len(text) - 4, 0) + text[-4:]

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del column, setting

        def read(raw: Raw) -> Parsed:
            if isinstance(raw, int | float) and not isinstance(raw, bool) and raw >= 1e15:
                return Parsed(None, (Finding("B01"),))
            number = re.sub(r"[\s\-]", "", plain_text(raw))
            if TWO_ACCOUNTS.search(number):
                return Parsed(
                    None, (Finding("M09", {"n": 2, "what": "账号", "how": "只留发放用的一个，另一个写到备注"}),)
                )
            if not (number.isascii() and number.isdecimal()) or not 8 <= len(number) <= 28:
                return Parsed(None, (Finding("B02"),))
            if number.startswith("62") and 16 <= len(number) <= 19 and not luhn(number):
                return Parsed(number, (Finding("B04"),))
            return Parsed(number)

        return read

    def helper(self, cell: Cell) -> str:
        return f'SUBSTITUTE(SUBSTITUTE({cell.text}," ",""),"-","")'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del column, setting
        number = cell.helper
        return (
            SheetCheck("B01", f"IF(ISNUMBER({cell.at}),{cell.at}>=1000000000000000,FALSE)"),
            SheetCheck("M09", found_in("tz_breaks", number)),
            SheetCheck("B02", f'OR(LEN({number})<8,LEN({number})>28,ISERROR(-{number}),ISNUMBER(FIND(".",{number})))'),
            SheetCheck("B04", self._luhn_fails(number)),
        )

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        del setting
        return {"tz_luhn_single": range(1, 20, 2), "tz_luhn_double": range(2, 20, 2), "tz_breaks": BREAKS}

    def _luhn_fails(self, number: str) -> str:
        padded = f'RIGHT("000"&{number},19)'
        odd, even = (f"MID({padded},tz_luhn_{which},1)" for which in ("single", "double"))
        total = f"SUMPRODUCT(--{odd})+SUMPRODUCT(2*{even}-9*(--{even}>4))"
        return f'IF(AND(LEFT({number},2)="62",LEN({number})>=16,LEN({number})<=19),MOD({total},10)>0,FALSE)'

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del column, setting
        return EntryRule("custom", "请照存折或卡面填 8–28 位数字。", formula=f"LEN({cell.at})>=8")

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting
        body = "6217" + f"{random.randrange(10**14):014d}"
        return next(body + d for d in "0123456789" if luhn(body + d))

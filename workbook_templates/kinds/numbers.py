"""Whole numbers, amounts of money in yuan, and the running number of a row."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from random import Random
from typing import TYPE_CHECKING

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    BLANK,
    NOT_FILLED,
    SPACES,
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    number_text,
    plain_text,
)

if TYPE_CHECKING:
    from workbook_templates.column import Column

WRITTEN = re.compile(r"(?:人民币|RMB|CNY|¥)*([+-]?)¥?(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?(?:元|圆|块)?[整正]?")
TEN_THOUSANDS = re.compile(r"([\d.,]+)万(?:(\d)|元|整)*")
DIGITS = {c: i for digits in ("零壹贰叁肆伍陆柒捌玖", "〇一二三四五六七八九") for i, c in enumerate(digits)} | {"两": 2}
UNITS = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
IN_WORDS = re.compile(f"[{''.join(DIGITS)}{''.join(UNITS)}万]+(?:[元圆]|$)[{''.join(DIGITS)}角分整正]*")
PLAIN = re.compile(r"-?[\d.]+")
LARGEST = 99_999_999


def _number_in_words(text: str) -> int | None:
    """壹仟贰佰 as 1200; None where a digit has no place: 一千二 may be 1200 or 1002."""
    total = part = digit = 0
    place = 10_000
    for c in text:
        if c in DIGITS:
            if digit:
                return None
            digit = DIGITS[c]
            place = 10 if c in "零〇" else place
        elif c == "万":
            total, part, digit, place = (part + digit) * 10_000, 0, 0, 10_000
        elif UNITS[c] >= place and place != 10:
            return None
        else:
            part, digit, place = part + (digit or 1) * UNITS[c], 0, UNITS[c]
    return None if digit and 10 < place < 10_000 else total + part + digit


def amount_in_words(text: str) -> Decimal | None:
    """The amount that is written in Chinese numerals, 壹仟贰佰元整 or 一千二百元, in yuan; None if it is not."""
    if not IN_WORDS.fullmatch(text):
        return None
    whole, _, rest = text.replace("圆", "元").partition("元")
    yuan = _number_in_words(whole)
    if yuan is None:
        return None
    cents = digit = 0
    for c in rest.rstrip("整正"):
        if c in "角分":
            cents += digit * (10 if c == "角" else 1)
        digit = DIGITS.get(c, 0)
    return None if digit else yuan + Decimal(cents) / 100


def _in_ten_thousands(text: str) -> str:
    """How an amount with 万 in it is read, for the clerk to compare; "？" where it cannot be."""
    if match := TEN_THOUSANDS.fullmatch(text):
        try:
            return f"{Decimal(match[1].replace(',', '')) * 10000 + Decimal(match[2] or 0) * 1000:.2f}"
        except InvalidOperation:
            return "？"
    amount = amount_in_words(text)
    return "？" if amount is None else f"{amount:.2f}"


def _written(text: str) -> Decimal | None:
    """The amount written in digits; None if it is none."""
    match = WRITTEN.fullmatch(text)
    if not match or not (match[2] or (match[3] or ".") != "."):
        return None
    return Decimal(f"{match[1]}{(match[2] or '0').replace(',', '')}{match[3] or ''}")


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number."""

    name = "int"
    sql = "INTEGER"
    number_format = "0"
    width = 9
    zero_is_blank = False

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        low, high = column.low or 0, column.high or LARGEST

        def read(raw: Raw) -> Parsed:
            if isinstance(raw, date):
                return Parsed(None, (Finding("M12"),))
            text = plain_text(raw).removesuffix("个月").removesuffix("年").removesuffix("个")
            try:
                number = Decimal(text)
            except InvalidOperation:
                return Parsed(None, (Finding("M12"),))
            if number != number.to_integral_value():
                return Parsed(None, (Finding("M12"),))
            if not low <= number <= high:
                return Parsed(None, (Finding("M13", {"low": number_text(low), "high": number_text(high)}),))
            return Parsed(int(number))

        return read

    def helper(self, cell: Cell) -> str:
        number = cell.text
        for unit in ("个", "月", "年"):
            number = f'SUBSTITUTE({number},"{unit}","")'
        return f'IFERROR(VALUE({number}),"?")'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        number = cell.helper
        low, high = number_text(column.low or 0), number_text(column.high or LARGEST)
        return (
            SheetCheck("M12", f"IFERROR({number}<>INT({number}),TRUE)"),
            SheetCheck("M13", f"OR({number}<{low},{number}>{high})"),
        )

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del cell, setting
        low, high = number_text(column.low or 0), number_text(column.high or LARGEST)
        return EntryRule("whole", f"请填 {low} 到 {high} 之间的整数。", low, high)

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del setting
        return random.randrange(int(column.low or 0), int(column.high or 10) + 1)


@dataclass(frozen=True)
class Money(Kind):
    """An amount in yuan with two decimals. 万元 is never converted: a slip of ten thousand is not ours to make (A12)."""

    name = "money"
    sql = "REAL"
    number_format = "#,##0.00"
    width = 12
    zero_is_blank = False

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting

        def read(raw: Raw) -> Parsed:
            text = SPACES.sub("", plain_text(raw))
            if "万" in text:
                return Parsed(None, (Finding("A12", {"std": _in_ten_thousands(text)}),))
            findings: list[Finding] = []
            amount = Decimal(repr(raw)) if type(raw) in (int, float) else _written(text)
            if amount is None:
                amount = amount_in_words(text)
            if amount is None:
                return Parsed(None, (Finding("A14"),))
            if not amount.is_finite() or abs(amount) > LARGEST or (amount < 0 and not column.negative):
                return Parsed(None, (Finding("A14"),))
            if amount == 0 and column.positive:
                return Parsed(None, (Finding("A14"),))
            cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
            if abs(cents - amount) > Decimal("0.0000001"):
                findings.append(Finding("A15", {"std": f"{cents:.2f}"}))
            elif isinstance(raw, str) and not PLAIN.fullmatch(text):
                findings.append(Finding("A13", {"std": f"{cents:.2f}"}))
            if column.high is not None and amount >= Decimal(str(column.high)):
                findings.append(Finding("A17", {"high": number_text(column.high)}))
            return Parsed(float(cents), tuple(findings))

        return read

    def helper(self, cell: Cell) -> str:
        text = cell.text
        for mark in ("人民币", "¥", "￥", ",", "，", "元", "圆", "块", "整", " "):
            text = f'SUBSTITUTE({text},"{mark}","")'
        return f'IF(ISNUMBER({cell.at}),{cell.at},IFERROR(VALUE({text}),"?"))'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        amount = cell.helper
        wrong = [f"{amount}>{LARGEST}"]
        wrong.append(f"{amount}<-{LARGEST}" if column.negative else f"{amount}<0")
        if column.positive:
            wrong.append(f"{amount}=0")
        checks = [
            SheetCheck("A12", f'ISNUMBER(FIND("万",{cell.text}))'),
            SheetCheck("A14", f"OR(ISTEXT({amount}),{','.join(wrong)})"),
            SheetCheck("A15", f"ABS(ROUND({amount},2)-{amount})>0.0000001"),
        ]
        if column.high is not None:
            checks.append(SheetCheck("A17", f"{amount}>={number_text(column.high)}"))
        return tuple(checks)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del cell, setting
        low = f"-{LARGEST}" if column.negative else "0"
        return EntryRule("decimal", "只填数字，以元为单位，最多两位小数。", low, str(LARGEST))

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting
        return random.randrange(100, 2000) * 10


@dataclass(frozen=True)
class RowNumber(Kind):
    """The running number of a row: made by the sheet, never stored."""

    name = "serial"
    number_format = "0"
    width = 6
    stored = False

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del column, setting
        return lambda raw: BLANK if raw else NOT_FILLED

    def parser(self, column: "Column", setting: Setting) -> Parser:
        del column, setting
        return lambda raw: BLANK  # noqa: ARG005 - a row's number says nothing

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting, random
        return None

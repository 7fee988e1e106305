"""Free text, personal names, and the code of a military unit."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    HIDDEN_NOTE,
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
    is_in,
    masked_middle,
    plain_text,
)
from workbook_templates.kinds.characters import simplified
from workbook_templates.wording import COMPOUND_SURNAMES, DITTO, ILLNESSES, NOT_NAMES, TROOPS

if TYPE_CHECKING:
    from workbook_templates.column import Column

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉梅红建国志文斌春燕海波"
DOTS = re.compile("[•・‧･.。•∙⋅]")
NAME = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")
TWO_NAMES = re.compile("[、,/;]|夫妻|夫妇")
UNREADABLE = re.compile("[\u2e80-\u2eff\ue000-\uf8ff?□�]")
"""Private characters of old fonts, radicals that stand for no character, and what is shown where a font lacks one."""
RADICALS = re.compile("[\u2f00-\u2fdf]")
LONGEST_NAME = 25
UNIT = re.compile(r"(\d{5})(部队)?")
_NUMBERS = re.compile(rf"{HIDDEN_NOTE.pattern}|(?<!\d)1[3-9]\d{{9}}(?!\d)")
"""What in a free text can be somebody's ID, card or mobile number."""
_DOWN_TO_VILLAGE = re.compile(r".*(?:村|社区|居委会|街道|镇|乡)")
INDISCREET: Mapping[str, tuple[str, Sequence[str]]] = {"S02": ("tz_troops", TROOPS), "S04": ("tz_illnesses", ILLNESSES)}
"""What must not be written into free text: the words of each code, with the name of their range in the workbook."""
_INDISCREET = {code: re.compile("|".join(words)) for code, (_, words) in INDISCREET.items()}


def _indiscretions(text: str) -> Iterator[Finding]:
    for code, words in _INDISCREET.items():
        if found := words.search(text):
            yield Finding(code, {"word": found[0]})


@dataclass(frozen=True)
class Text(Kind):
    """Free text; an ID or card number in it is reported (S03), and where the column is `free`, troops and illnesses too."""

    name = "text"
    width = 18

    def mask(self, text: str) -> str:
        """A text says what it says; only ID, card and telephone numbers in it are hidden."""
        return _NUMBERS.sub(lambda found: masked_middle(found[0]), text)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        shortest, longest = column.min_length, column.max_length

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw)
            findings = []
            if len(text) < shortest:
                return Parsed(None, (Finding("M11", {"n": len(text), "limit": shortest}),))
            if len(text) > longest:
                findings.append(Finding("M10", {"n": len(text), "limit": longest}))
            if len(text) >= 16 and HIDDEN_NOTE.search(text):
                findings.append(Finding("S03"))
            if column.free:
                findings += _indiscretions(text)
            return Parsed(text, tuple(findings))

        return read

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        checks = []
        if column.min_length:
            checks.append(SheetCheck("M11", f"LEN({cell.text})<{column.min_length}"))
        checks.append(SheetCheck("M10", f"LEN({cell.text})>{column.max_length}"))
        if column.free:
            checks += [SheetCheck(code, found_in(name, cell.text)) for code, (name, _) in INDISCREET.items()]
        return tuple(checks)

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        del setting
        return dict(INDISCREET.values())

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del setting, random
        return column.example or None


@dataclass(frozen=True)
class Address(Text):
    """Where somebody lives."""

    name = "address"

    def mask(self, text: str) -> str:
        """Down to the village; what names none shows how it begins."""
        village = _DOWN_TO_VILLAGE.match(text)
        shown = village[0] if village else text[:3]
        return shown if shown == text else f"{shown}****"


@dataclass(frozen=True)
class Name(Kind):
    """The name of a person as in the household register: Chinese characters, and · in minority names."""

    name = "name"
    width = 10

    def mask(self, text: str) -> str:
        """Only what can be somebody's name is hidden: of anything else, the clerk must see what is wrong with it."""
        if text in NOT_NAMES or text in DITTO or not NAME.fullmatch(text):
            return super().mask(text)
        if len(text) <= 2:
            return text[:1] + "*"
        return text[0] + "*" * (len(text) - 2) + text[-1]

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del column, setting

        def read(raw: Raw) -> Parsed:
            if not isinstance(raw, str):
                return Parsed(None, (Finding("N02"),))
            findings = []
            text = raw
            if SPACES.search(text):
                first, _, rest = SPACES.sub(" ", text).partition(" ")
                findings.append(Finding("N01"))
                if len(first) > 1 and len(rest) > 1 and first not in COMPOUND_SURNAMES:
                    findings.append(Finding("N07"))
                text = SPACES.sub("", text)
            if text in NOT_NAMES:
                return Parsed(None, (Finding("N08"),))
            if TWO_NAMES.search(text):
                count = len(TWO_NAMES.split(text))
                how = f"拆成 {count} 行，一行一个人"
                return Parsed(None, (Finding("M09", {"n": count, "what": "姓名", "how": how}),))
            if DOTS.search(text):
                text = DOTS.sub("·", text)
                findings.append(Finding("N03"))
            text = text.strip("·")
            if UNREADABLE.search(text):
                return Parsed(text, (*findings, Finding("N04")))
            if not NAME.fullmatch(text) or len(text) > LONGEST_NAME:
                return Parsed(None, (Finding("N02"),))
            if (len(text) == 1 or (len(text) > 6 and "·" not in text)) and Finding("N07") not in findings:
                findings.append(Finding("N07"))
            if (standard := simplified(text)) != text:
                findings.append(Finding("N05", {"std": standard}))
            return Parsed(text, tuple(findings))

        return read

    def parser(self, column: "Column", setting: Setting) -> Parser:
        parse = super().parser(column, setting)

        def notice_radicals(raw: Raw) -> Parsed:
            parsed = parse(raw)
            if isinstance(raw, str) and RADICALS.search(raw):
                return Parsed(parsed.value, (*parsed.findings, Finding("N06")))
            return parsed

        return notice_radicals

    def helper(self, cell: Cell) -> str:
        return f'SUBSTITUTE(SUBSTITUTE({cell.text}," ",""),"　","")'

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del column, setting
        bare = cell.helper
        strange = f"NOT(EXACT(UPPER({bare}),LOWER({bare})))"
        return (
            SheetCheck("N08", is_in("tz_not_names", bare)),
            SheetCheck("M09", found_in("tz_name_breaks", bare)),
            SheetCheck(
                "N02",
                f"OR(ISNUMBER({cell.at}),LEN({bare})>{LONGEST_NAME},{found_in('tz_name_marks', bare)},{strange})",
            ),
            SheetCheck(
                "N07", f"OR(LEN({bare})=1,AND(LEN({bare})>6,NOT({found_in('tz_name_dots', bare)})),{_two_words(cell)})"
            ),
        )

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        del setting
        return {
            "tz_not_names": sorted(NOT_NAMES),
            "tz_name_breaks": (*"、,，/;；", "夫妻", "夫妇"),
            "tz_name_marks": tuple("0123456789(（)），：:"),
            "tz_name_dots": tuple("·•・‧･.。∙⋅"),
            "tz_compound_surnames": sorted(COMPOUND_SURNAMES),
        }

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting
        return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2, 2))))


def _two_words(cell: Cell) -> str:
    """A formula that is TRUE where the cell holds what may be two names with a space between them."""
    text = f'TRIM(SUBSTITUTE({cell.at},"　"," "))'
    space = f'FIND(" ",{text})'
    surname = is_in("tz_compound_surnames", f"LEFT({text},{space}-1)")
    return f"IFERROR(AND({space}>2,LEN({text})-{space}>1,NOT({surname})),FALSE)"


@dataclass(frozen=True)
class Unit(Kind):
    """The five-digit code of a military unit; its designation and place are secret and must not be written (S01)."""

    name = "unit"
    width = 13

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del column, setting

        def read(raw: Raw) -> Parsed:
            text = SPACES.sub("", plain_text(raw))
            if match := UNIT.fullmatch(text):
                return Parsed(match[1] + "部队")
            return Parsed(text, (Finding("S01"),))

        return read

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del column, setting
        digits = f'SUBSTITUTE({cell.text},"部队","")'
        return (SheetCheck("S01", f"NOT(AND(LEN({digits})=5,ISNUMBER(-{digits})))"),)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del column, setting
        return EntryRule(
            "custom", "只填 5 位数字代号加“部队”，如 37001部队；不要写番号。", formula=f"LEN({cell.at})<=7"
        )

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column, setting
        return f"{random.randrange(10000, 99999)}部队"


def folded(text: str) -> str:
    """`text` as it is compared with choices and headers: width folded, no spaces, no case."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()

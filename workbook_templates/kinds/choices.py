"""Columns that choose from a list: enumerations, yes/no, several at once, and the township's villages."""

import re
import zlib
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from workbook_templates.cells import Raw
from workbook_templates.codes import CodeList, code_lists
from workbook_templates.kinds.base import (
    NOT_FILLED,
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    plain_text,
    quoted,
)
from workbook_templates.kinds.texts import folded
from workbook_templates.wording import PLACEHOLDERS

if TYPE_CHECKING:
    from workbook_templates.form import Column

SHOWN_CHOICES = 12
YES_NO = CodeList(
    standard="",
    items=(("1", "是"), ("0", "否")),
    aliases={
        "√": "是", "✓": "是", "☑": "是", "对": "是", "有": "是", "已": "是", "1": "是", "y": "是", "yes": "是", "true": "是", "ü": "是",
        "×": "否", "✗": "否", "x": "否", "0": "否", "n": "否", "no": "否", "false": "否", "没有": "否", "无": "否", "未": "否",
    },
)  # fmt: skip
TIMES = re.compile(r"(.+?)[*x×]?(\d+)?次?")
VILLAGE_WRITINGS = ("", "村", "村委会", "村民委员会", "社区", "社区居委会", "居委会", "居民委员会", "居")
VILLAGE_ENDINGS = re.compile("(村民委员会|居民委员会|村委会|居委会|社区居委会|社区|村|居)+$")


def choices_of(column: "Column") -> CodeList:
    """The code list of a column: the named one, or the choices that stand in the form file."""
    if column.list:
        return code_lists()[column.list]
    names = column.choices
    bare = {name.split("(")[0]: name for name in names if "(" in name}
    return CodeList(
        standard="",
        items=tuple((str(i), name) for i, name in enumerate(names, 1)),
        aliases={short: name for short, name in bare.items() if short not in names} | column.choice_aliases,
    )


def writings(codes: CodeList) -> dict[str, str]:
    """Every accepted writing (folded) with the standard name: names, codes and aliases."""
    table = {folded(alias): name for alias, name in codes.aliases.items()}
    if codes.standard:
        table |= {folded(code): name for code, name in codes.items}
    return table | {folded(name): name for name in codes.names}


def shown(names: tuple[str, ...]) -> str:
    """The choices for a message, cut where there are too many."""
    return "、".join(names[:SHOWN_CHOICES]) + (f"等 {len(names)} 项" if len(names) > SHOWN_CHOICES else "")


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list. Codes, aliases and missing 族 and the like are understood and shown with a notice (M05)."""

    name = "enum"
    own_placeholders = True

    def codes(self, column: "Column") -> CodeList:
        """The code list that the column chooses from."""
        return choices_of(column)

    def range_name(self, column: "Column") -> str:
        """The name of the range in the workbook that lists the choices; with _all, of every accepted writing."""
        if column.list:
            return f"tz_{column.list}"
        # Two forms may offer different choices in columns of one id: the name follows the content.
        content = repr((column.choices, sorted(column.choice_aliases.items())))
        return f"tz_{column.id}_{zlib.crc32(content.encode()) & 0xFFFF:04x}"

    def accepted(self, column: "Column", setting: Setting) -> dict[str, str]:
        """Every writing that the sheet accepts with the standard name, full-width brackets included."""
        del setting
        codes = self.codes(column)
        table = {name: name for name in codes.names} | codes.aliases | writings(codes)
        return table | {text.replace("(", "（").replace(")", "）"): name for text, name in table.items()}

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        codes = self.codes(column)
        table, names = writings(codes), frozenset(codes.names)
        refusal = Finding("M04", {"choices": shown(codes.names)})

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw)
            if text in names:
                return Parsed(text)
            if standard := table.get(folded(text)):
                return Parsed(standard, (Finding("M05", {"std": standard}),))
            return NOT_FILLED if text in PLACEHOLDERS else Parsed(None, (refusal,))

        return read

    def operand(self, cell: Cell, column: "Column") -> str:
        if cell.helper:
            return cell.helper
        return f"IFERROR(VLOOKUP({cell.text},{self.range_name(column)}_all,2,FALSE),{cell.text})"

    def blank(self, cell: Cell, column: "Column") -> str:
        table = writings(self.codes(column))
        meant = [word for word in PLACEHOLDERS if folded(word) in table]
        blank = super().blank(cell, column)
        other = "".join(f",{cell.text}<>{quoted(word)}" for word in meant)
        return f"AND({blank}{other})" if meant else blank

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        return (SheetCheck("M04", f"ISNA(MATCH({cell.text},INDEX({self.range_name(column)}_all,0,1),0))"),)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        del cell, setting
        return EntryRule("list", "请点单元格右侧的箭头选择，不要自己另写。", formula=self.range_name(column))

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del setting
        return random.choice(self.codes(column).names)


@dataclass(frozen=True)
class YesNo(Choice):
    """是 or 否."""

    name = "bool"
    width = 8

    def codes(self, column: "Column") -> CodeList:
        del column
        return YES_NO

    def range_name(self, column: "Column") -> str:
        del column
        return "tz_yes_no"


@dataclass(frozen=True)
class Village(Choice):
    """A village of the row's own township; near writings are recognised if only one village is meant (A02)."""

    name = "village"
    width = 12
    own_placeholders = False

    def range_name(self, column: "Column") -> str:
        del column
        return "tz_village"

    def accepted(self, column: "Column", setting: Setting) -> dict[str, str]:
        del column
        stems = [VILLAGE_ENDINGS.sub("", village) for village in setting.township.villages]
        table: dict[str, str] = {}
        for stem, village in zip(stems, setting.township.villages, strict=True):
            if stems.count(stem) == 1:
                for ending in VILLAGE_WRITINGS:
                    table |= {stem + ending: village, setting.township.name + stem + ending: village}
        return {village: village for village in setting.township.villages} | table

    def blank(self, cell: Cell, column: "Column") -> str:
        return Kind.blank(self, cell, column)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del column
        villages = setting.township.villages
        by_stem: dict[str, list[str]] = {}
        for village in villages:
            by_stem.setdefault(VILLAGE_ENDINGS.sub("", village), []).append(village)
        refusal = Finding("F24", {"township": setting.township.name})

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw).replace(" ", "")
            if text in villages:
                return Parsed(text)
            stem = VILLAGE_ENDINGS.sub("", text.removeprefix(setting.township.name))
            near = by_stem.get(stem) or [v for v in villages if len(v) > 2 and Levenshtein.distance(text, v) <= 1]
            if len(near) == 1:
                return Parsed(near[0], (Finding("A02", {"std": near[0]}),))
            return Parsed(None, (refusal,))

        return read

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        return (SheetCheck("F24", f"ISNA(MATCH({cell.text},INDEX({self.range_name(column)}_all,0,1),0))"),)

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del column
        return random.choice(setting.township.villages)


@dataclass(frozen=True)
class Several(Choice):
    """Several of a list, written with 、 between them; how many times may follow each (三等功2次)."""

    name = "multi"
    width = 16
    own_placeholders = False

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        codes = self.codes(column)
        table = writings(codes)
        refusal = Finding("M04", {"choices": shown(codes.names)})

        def read(raw: Raw) -> Parsed:
            items = []
            for part in filter(None, re.split("[、,; \n]+", plain_text(raw))):
                match = TIMES.fullmatch(part)
                standard = table.get(folded(match[1])) if match else None
                if not match or not standard:
                    return Parsed(None, (refusal,))
                items.append(standard + (f"{int(match[2])}次" if match[2] else ""))
            return Parsed("、".join(items))

        return read

    def operand(self, cell: Cell, column: "Column") -> str:
        del column
        return cell.text

    def blank(self, cell: Cell, column: "Column") -> str:
        return Kind.blank(self, cell, column)

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        return Kind.checks(self, cell, column, setting)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        return Kind.entry(self, cell, column, setting)

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        del setting
        name = random.choice(self.codes(column).names)
        return random.choice((name, f"{name}{random.randrange(1, 4)}次"))

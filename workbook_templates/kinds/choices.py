"""Columns that choose from a list: enumerations, yes/no, and several at once."""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from workbook_templates.column import Column

SHOWN_CHOICES = 12
YES_NO = CodeList(
    standard="",
    items=(("1", "是"), ("0", "否")),
    aliases={
        "√": "是", "✓": "是", "✔": "是", "☑": "是", "对": "是", "对号": "是", "有": "是", "已": "是", "是的": "是", "1": "是", "y": "是",
        "yes": "是", "true": "是", "t": "是", "ü": "是", "þ": "是", "p": "是", "r": "是",
        "×": "否", "✗": "否", "✘": "否", "x": "否", "0": "否", "n": "否", "no": "否", "false": "否", "f": "否", "没有": "否", "没": "否",
        "无": "否", "未": "否", "不是": "否", "û": "否",
    },
)  # fmt: skip
"""In the fonts Wingdings and Wingdings 2 the ticks are the letters ü, þ, P and R, and the cross is û."""
TIMES = re.compile(r"(.+?)[*x×]?(\d+)?次?")


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


def refusals(codes: CodeList) -> Callable[[str], Parsed]:
    """What is said of a writing that is no choice: what it may mean if that is known, else all choices."""
    known = {
        folded(writing): Parsed(None, (Finding("M04", {"choices": meant if isinstance(meant, str) else shown(meant)}),))
        for writing, meant in codes.ambiguous.items()
    }
    other = Parsed(None, (Finding("M04", {"choices": shown(codes.names)}),))
    return lambda text: known.get(folded(text), other)


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list. Codes, aliases and missing 族 and the like are understood and shown with a notice (M05)."""

    name = "enum"
    own_placeholders = True

    def codes(self, column: "Column") -> CodeList:
        """The code list that the column chooses from."""
        return choices_of(column)

    def offered(self, column: "Column", setting: Setting) -> Sequence[str]:
        """What the drop-down offers."""
        del setting
        return self.codes(column).names

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
        refused, placeholders = refusals(codes), self.placeholders()

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw)
            if text in names:
                return Parsed(text)
            if standard := table.get(folded(text)):
                return Parsed(standard, (Finding("M05", {"std": standard}),))
            return NOT_FILLED if text in placeholders else refused(text)

        return read

    def operand(self, cell: Cell, column: "Column") -> str:
        # What is no choice is an error, so that nothing is judged by it.
        return cell.helper or f"VLOOKUP({cell.text},{self.range_name(column)}_all,2,FALSE)"

    def blank(self, cell: Cell, column: "Column") -> str:
        table = writings(self.codes(column))
        meant = sorted(word for word in self.placeholders() if folded(word) in table)
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
class Several(Choice):
    """Several of a list, written with 、 between them; how many times may follow each (三等功2次)."""

    name = "multi"
    width = 16
    own_placeholders = False

    def reader(self, column: "Column", setting: Setting) -> Parser:
        del setting
        codes = self.codes(column)
        table = writings(codes)
        refused = refusals(codes)

        def read(raw: Raw) -> Parsed:
            items = []
            for part in filter(None, re.split("[、,; \n]+", plain_text(raw))):
                match = TIMES.fullmatch(part)
                standard = table.get(folded(match[1])) if match else None
                if not match or not standard:
                    return refused(part)
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

"""Columns that name a place of the county: a village of the row's own township, or one of the county's townships."""

import re
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, ClassVar

from rapidfuzz.distance import Levenshtein

from workbook_templates.cells import Raw
from workbook_templates.kinds.base import (
    Cell,
    EntryRule,
    Finding,
    Kind,
    Parsed,
    Parser,
    Setting,
    SheetCheck,
    plain_text,
)
from workbook_templates.kinds.choices import Choice, shown

if TYPE_CHECKING:
    from workbook_templates.column import Column

VILLAGES, TOWNSHIPS = "tz_village", "tz_township"
"""The names of the ranges in the workbook that list the township's villages and the county's townships."""


def _stems(names: Sequence[str], endings: re.Pattern[str]) -> Mapping[str, Sequence[str]]:
    """The places by their names without what kind of place they are."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[endings.sub("", name)].append(name)
    return found


def _writings(names: Sequence[str], whole: str, endings: re.Pattern[str], ways: Sequence[str]) -> dict[str, str]:
    """Every writing that the sheet accepts with the place that it means, also with what the place lies in before it."""
    table = {
        before + stem + way: places[0]
        for stem, places in _stems(names, endings).items()
        if len(places) == 1
        for way in ways
        for before in ("", whole)
    }
    return table | {name: name for name in names}


def _recogniser(names: Sequence[str], whole: str, endings: re.Pattern[str]) -> Callable[[str], str | None]:
    """A function that tells which place a writing means; None if that is none, or more than one."""
    by_stem = _stems(names, endings)

    def recognise(text: str) -> str | None:
        near = by_stem.get(endings.sub("", text.removeprefix(whole)))
        near = near or [name for name in names if len(name) > 2 and Levenshtein.distance(text, name) <= 1]
        return near[0] if len(near) == 1 else None

    return recognise


@dataclass(frozen=True)
class Place(Choice):
    """A place of the township or county; near writings are recognised if only one is meant (A02)."""

    width = 12
    own_placeholders = False
    endings: ClassVar[re.Pattern[str]]
    """What a place's name ends in without being part of it."""
    ways: ClassVar[Sequence[str]]
    """The endings in which clerks write it."""

    @abstractmethod
    def lies_in(self, setting: Setting) -> str:
        """The name of what the places lie in, which clerks may write before theirs."""

    @abstractmethod
    def refusal(self, setting: Setting) -> Finding:
        """What is said of another place."""

    def accepted(self, column: "Column", setting: Setting) -> dict[str, str]:
        return _writings(self.offered(column, setting), self.lies_in(setting), self.endings, self.ways)

    def operand(self, cell: Cell, column: "Column") -> str:
        return cell.helper or f"IFERROR({super().operand(cell, column)},{cell.text})"

    def blank(self, cell: Cell, column: "Column") -> str:
        return Kind.blank(self, cell, column)

    def reader(self, column: "Column", setting: Setting) -> Parser:
        places = self.offered(column, setting)
        recognise = _recogniser(places, self.lies_in(setting), self.endings)
        refused = Parsed(None, (self.refusal(setting),))

        def read(raw: Raw) -> Parsed:
            text = plain_text(raw).replace(" ", "")
            if text in places or not places:
                return Parsed(text)
            if place := recognise(text):
                return Parsed(place, (Finding("A02", {"std": place}),))
            return refused

        return read

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        if not self.offered(column, setting):
            return ()
        unknown = f"ISNA(MATCH({cell.text},INDEX({self.range_name(column)}_all,0,1),0))"
        return (SheetCheck(self.refusal(setting).code, unknown),)

    def entry(self, cell: Cell, column: "Column", setting: Setting) -> EntryRule | None:
        return super().entry(cell, column, setting) if self.offered(column, setting) else None

    def sample(self, column: "Column", setting: Setting, random: Random) -> Raw:
        places = self.offered(column, setting)
        return random.choice(places) if places else column.example or "城关镇"


@dataclass(frozen=True)
class Village(Place):
    """A village of the row's own township."""

    name = "village"
    endings = re.compile("(村民委员会|居民委员会|村委会|居委会|社区居委会|社区|村|居)+$")
    ways = ("", "村", "村委会", "村民委员会", "社区", "社区居委会", "居委会", "居民委员会", "居")

    def offered(self, column: "Column", setting: Setting) -> Sequence[str]:
        del column
        return setting.township.villages

    def range_name(self, column: "Column") -> str:
        del column
        return VILLAGES

    def lies_in(self, setting: Setting) -> str:
        return setting.township.name

    def refusal(self, setting: Setting) -> Finding:
        return Finding("F24", {"township": setting.township.name})


@dataclass(frozen=True)
class OwnTownship(Place):
    """A township of the county. Where the county has not listed its townships, any text is taken."""

    name = "township"
    endings = re.compile("(镇|乡|街道)?(人民政府|政府|办事处|办)?$")
    ways = ("", "镇", "乡", "街道", "镇政府", "乡政府", "镇人民政府", "乡人民政府", "街道办", "街道办事处", "办事处")

    def offered(self, column: "Column", setting: Setting) -> Sequence[str]:
        del column
        return setting.township.county.townships

    def range_name(self, column: "Column") -> str:
        del column
        return TOWNSHIPS

    def lies_in(self, setting: Setting) -> str:
        return setting.township.county.name

    def refusal(self, setting: Setting) -> Finding:
        return Finding("M04", {"choices": shown(setting.township.county.townships)})

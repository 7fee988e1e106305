"""Dates, months and years. Stored as ISO text with the precision that was given: 1985-03-12 or 1985-03."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, ClassVar

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
    Value,
    found_in,
    plain_text,
    serial,
)
from workbook_templates.kinds.written_dates import (
    DATE_CELL,
    DATE_JOINS,
    LAST_SERIAL,
    TEXT_CELL,
    When,
    is_serial,
    iso_serial,
    moment,
    parsed_text,
    tidied,
    two_digits,
)

if TYPE_CHECKING:
    from workbook_templates.column import Column


def _ambiguous(at: str) -> str:
    """A formula that is TRUE where the cell `at` holds a number such as 1990.1, which may be January or October."""
    return f'AND(ISNUMBER({at}),{at}<3000,RIGHT({at}&"",2)=".1")'


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
            when, findings = moment(raw, today, setting.from_1904)
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

    def checks(self, cell: Cell, column: "Column", setting: Setting) -> tuple[SheetCheck, ...]:
        del setting
        checks = [SheetCheck("D04", _ambiguous(cell.at))]
        several = f'OR(LEN({cell.tidy})-LEN(SUBSTITUTE({cell.tidy},"-",""))>2,{found_in("tz_date_joins", cell.tidy)})'
        checks.append(SheetCheck("M09", f'AND({cell.helper}="?",{several})'))
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

    def lists(self, setting: Setting) -> Mapping[str, Sequence[str | int]]:
        del setting
        return {"tz_date_joins": DATE_JOINS}

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

    def helper(self, cell: Cell) -> str:
        return f'IF({_ambiguous(cell.at)},"?",{super().helper(cell)})'

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
            if not text.isdecimal():
                return Parsed(None, (Finding("M12"),))
            year = int(text)
            return Parsed(year) if low <= year <= high else Parsed(None, (refusal,))

        return read

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

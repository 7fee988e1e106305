"""Periods of reporting: half years and years, what comes before them, and the days around a Spring Festival."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sync_service.errors import TaizhangError

_WRITTEN = re.compile(r"(\d{4})年?(上半年|下半年|全年|[Hh]1|[Hh]2)?")
_HALVES = {"上半年": 1, "H1": 1, "下半年": 2, "H2": 2}

# The first day of the lunar year (Spring Festival), from 2015 to 2050.
_FESTIVALS = (
    "2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10"
    " 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19"
    " 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12 2041-02-01 2042-01-22 2043-02-10 2044-01-30"
    " 2045-02-17 2046-02-06 2047-01-26 2048-02-14 2049-02-02 2050-01-23"
)
FESTIVALS = {int(day[:4]): date.fromisoformat(day) for day in _FESTIVALS.split()}
"""Spring Festival by year."""
_TO_LANTERNS = timedelta(days=14)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half year (`half` 1 or 2), or a whole year (`half` 0)."""

    year: int
    half: int

    @property
    def name(self) -> str:
        """As covers and county.toml write it: 2026上半年; 2026全年."""
        return f"{self.year}{('全年', '上半年', '下半年')[self.half]}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def closing(self) -> "Period":
        """The half year in whose workbooks it is complete."""
        return Period(self.year, self.half or 2)

    @property
    def previous(self) -> "Period":
        """The one before it, of the same length."""
        if self.half == 2:
            return Period(self.year, 1)
        return Period(self.year - 1, 2 if self.half else 0)

    @property
    def year_before(self) -> "Period":
        """The same one a year earlier."""
        return Period(self.year - 1, self.half)


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it is counted: up to the day `as_of`, from what the store held before the moment `before` (UTC text)."""

    period: Period
    as_of: date
    before: str

    @property
    def last(self) -> date:
        """The last day that counts: the period's, or the day up to which it is counted."""
        return min(self.as_of, self.period.last)

    @property
    def spring(self) -> tuple[date, date] | None:
        """The days around the Spring Festival in the period: from 1 December before to the lantern festival; None if there is none.

        Raises TaizhangError for a year whose festival is not known here.
        """
        if self.period.half == 2:
            return None
        festival = FESTIVALS.get(self.period.year)
        if festival is None:
            raise TaizhangError(
                f"不知道 {self.period.year} 年春节是哪一天", f"能算 {min(FESTIVALS)} 到 {max(FESTIVALS)} 年。"
            )
        return date(self.period.year - 1, 12, 1), min(festival + _TO_LANTERNS, self.last)


def period_written(text: str) -> Period | None:
    """The period that is written as 2026上半年, 2026年上半年, 2026H1, 2026全年 or 2026; None if it is none."""
    found = _WRITTEN.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return None
    return Period(int(found[1]), _HALVES.get((found[2] or "").upper(), 0))


def period_named(text: str) -> Period:
    """The same. Raises TaizhangError if it is none."""
    period = period_written(text)
    if period is None or not 2000 <= period.year <= 2100:
        raise TaizhangError(f"“{text}”不是一个填报期", "请写成 2026上半年、2026H1，或整年 2026。")
    return period

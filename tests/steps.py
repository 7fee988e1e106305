"""The values that a cell of an ordered kind may hold, one step apart, for tests that look for where a rule turns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.kinds.base import Setting, from_serial, serial
from workbook_templates.kinds.resident_id import born, make_number
from workbook_templates.kinds.written_dates import iso_serial

MOST = 1000
"""The largest whole number looked at where a column has no bound."""
DEAREST = 50_000
"""The largest amount looked at, in yuan."""
AHEAD = 400
"""Days looked at after today, where a column allows them."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The numbers from `first` to `last` stand for values, as `at` says; `own` is that of the value that a cell holds."""

    first: int
    last: int
    own: int
    at: Callable[[int], Raw]


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _days_of(own: Raw) -> int:
    return serial(own) if isinstance(own, date) else iso_serial(str(own))


def steps(column: Column, own: Raw, setting: Setting) -> Steps | None:
    """The steps of a column with the right value `own`; None if its kind knows no order."""
    today = serial(setting.today)
    ahead = 0 if column.past else AHEAD
    first, last = iso_serial(column.earliest), today + ahead
    match column.kind:
        case "date":
            return Steps(first, last, _days_of(own), from_serial)
        case "pdate":
            return Steps(first, last, _days_of(own), lambda i: from_serial(i).isoformat())
        case "month":
            begin, end, here = (day.year * 12 + day.month - 1 for day in map(from_serial, (first, last, _days_of(own))))
            return Steps(begin, end, here, _month)
        case "year":
            return Steps(int(column.earliest[:4]), setting.today.year + ahead // 40, int(str(own)), int)
        case "int":
            return Steps(int(column.low or 0), int(column.high or MOST), int(str(own)), int)
        case "money":
            least = -DEAREST * 100 if column.negative else 0
            return Steps(least, DEAREST * 100, round(float(str(own)) * 100), lambda i: i / 100)
        case "id18" | "idold":
            number = str(own)
            oldest = date(setting.today.year - 100, 1, 1)
            area, sequence = number[:6], int(number[14:17])
            return Steps(
                serial(oldest), today, serial(born(number)), lambda i: make_number(area, from_serial(i), sequence)
            )
    return None

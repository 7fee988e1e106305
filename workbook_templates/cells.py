"""What a cell may hold, before anybody has understood it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that holds a spreadsheet error such as #N/A, or a formula without a calculated result."""

    text: str


Raw = str | int | float | bool | date | datetime | time | timedelta | CellError | None

"""What a cell holds, what becomes of what is typed into it, and how it is shown."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.google_stand_in.a1 import Json

_EPOCH = datetime(1899, 12, 30)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PERCENT = re.compile(r"[+-]?\d+(\.\d+)?%")
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_CHINESE_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_PLAIN_PATTERN = re.compile(r"[#,0]*0(\.0+)?")
_PARTS = re.compile(r'"[^"]*"|yyyy|yy|mm|m|dd|d|hh|h|ss|s|.')

Value = str | int | float | bool | None


@dataclass
class Cell:
    """A cell: its value or its formula, its format and what it accepts. A formula that is not calculated here is blank."""

    value: Value = None
    formula: str = ""
    format: Json = field(default_factory=dict)
    validation: Json | None = None
    note: str = ""

    @property
    def filled(self) -> bool:
        return self.value is not None or bool(self.formula)

    @property
    def number_format(self) -> Json:
        found: Json = self.format.get("numberFormat") or {}
        return found

    def clear(self) -> None:
        self.value, self.formula = None, ""

    def look_like(self, kind: str, pattern: str) -> None:
        """Takes a number format from what was typed, unless the cell has one."""
        self.format = {"numberFormat": {"type": kind, "pattern": pattern}} | self.format


def _whole(number: float) -> int | float:
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def serial(moment: datetime) -> int | float:
    """A moment as the number that Google keeps."""
    return _whole((moment - _EPOCH).total_seconds() / 86400)


def _type_day(text: str, cell: Cell) -> bool:
    try:
        if found := _CHINESE_DAY.fullmatch(text):
            cell.value = serial(datetime(*map(int, found.groups())))  # type: ignore[arg-type]
            cell.look_like("DATE", 'yyyy"年"m"月"d"日"')
            return True
        if found := _DAY.fullmatch(text):
            year, mark, month, day, *clock = found.groups()
            hour, minute, second = (int(part or 0) for part in clock)
            cell.value = serial(datetime(int(year), int(month), int(day), hour, minute, second))
            pattern = mark.join(("yyyy", "m" * max(1, len(month)), "d" * max(1, len(day))))
            time = (" h:mm:ss" if clock[2] else " h:mm") if clock[0] else ""
            cell.look_like("DATE_TIME" if time else "DATE", pattern + time)
            return True
    except ValueError:
        pass
    return False


def type_into(cell: Cell, typed: Value) -> None:
    """What becomes of something that a person types (USER_ENTERED)."""
    cell.clear()
    if not isinstance(typed, str):
        cell.value = typed
    elif cell.number_format.get("type") == "TEXT" or not typed:
        cell.value = typed or None
    elif typed.startswith("="):
        cell.formula = typed
    elif typed.startswith("'"):
        cell.value = typed[1:]
    elif typed.upper() in {"TRUE", "FALSE"}:
        cell.value = typed.upper() == "TRUE"
    elif not _type_day(typed, cell):
        text = typed.strip()
        if _NUMBER.fullmatch(text):
            cell.value = _whole(float(text))  # a double: an 18-digit number loses its last digits here as at Google
        elif _GROUPED.fullmatch(text):
            cell.value = _whole(float(text.replace(",", "")))
            cell.look_like("NUMBER", "#,##0.00" if "." in text else "#,##0")
        elif _PERCENT.fullmatch(text):
            cell.value = float(text[:-1]) / 100
            cell.look_like("PERCENT", "0.00%" if "." in text else "0%")
        else:
            cell.value = typed


def _shown_day(days: float, pattern: str) -> str:
    moment = _EPOCH + timedelta(seconds=round(days * 86400))
    shown, clock = "", False
    for part in _PARTS.findall(pattern):
        clock = clock or part[0] == "h"
        month = moment.minute if clock else moment.month
        match part[0]:
            case '"':
                shown += part[1:-1]
            case "y":
                shown += f"{moment.year:04d}"[-len(part) :]
            case "m" | "d" | "h" | "s":
                number = {"m": month, "d": moment.day, "h": moment.hour, "s": moment.second}[part[0]]
                shown += f"{number:0{len(part)}d}"
            case _:
                shown += part
    return shown


def _general(number: float) -> str:
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    if abs(number) >= 1e15:
        digits, _, exponent = f"{number:.14e}".partition("e")
        return f"{digits.rstrip('0').rstrip('.')}E+{int(exponent)}"
    return f"{number:.15g}" if abs(number) < 1 else f"{number:.10g}"


def is_day(cell: Cell) -> bool:
    """Whether the cell holds a number that is shown as a date or time."""
    kind = cell.number_format.get("type")
    return kind in {"DATE", "DATE_TIME", "TIME"} and isinstance(cell.value, int | float) and cell.value is not True


def shown(cell: Cell) -> str:
    """The cell's text on the screen."""
    value, pattern = cell.value, cell.number_format.get("pattern", "")
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if is_day(cell):
        return _shown_day(value, pattern or "yyyy-mm-dd")
    decimals = len(pattern.rstrip("%").partition(".")[2])
    if cell.number_format.get("type") == "PERCENT" or pattern.endswith("%"):
        return f"{value * 100:.{decimals}f}%"
    if _PLAIN_PATTERN.fullmatch(pattern):
        return f"{value:,.{decimals}f}" if "," in pattern else f"{value:.{decimals}f}"
    return _general(value)

"""A workbook that is open in a spreadsheet program, as a file reader would have read it.

xlwings knows two ways. With a local Python it asks the running Excel. With an endpoint the client sends every cell as JSON:
blank cells as null (VBA) or "" (Google), moments as ISO texts, errors as their texts, all from A1 to the end of what is used.
Not told by the clients, so that a verdict may lack what follows from it: which sheets and rows are hidden (F18, F19 comes as
F39), which cells are merged (F20, F33), whether days are counted from 1904 on (D12). Google sends a midnight that summer time skipped
(1940-06-01 in China) as one o'clock; days are read without their time.

In VBA, xlwings counts rows in 16 bits: a sheet of more than 32,767 rows cannot be sent (a form has room for 3,000).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import orjson

from validators.raw import RawBook, RawSheet
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Forms
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import DICTIONARY
from workbook_templates.stamp import Stamp, parse_stamp

if TYPE_CHECKING:
    import xlwings as xw

ERRORS = frozenset([
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!", "#SPILL!", "#CALC!", "#FIELD!", "#BUSY!",
])  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_MOMENT_LENGTH = len("1985-03-12T00:00:00Z")
_DAY_ZERO = date(1899, 12, 30)

_FROM_VBA = re.compile(rb'\s*\{\s*"client"\s*:\s*"VBA"')
_SUSPECT = re.compile(rb"[\[,:][0-9.eE]{16,100}[\],}]|,[,\]]|\[,")
_TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*"'  # a text: nothing inside it is a token
    rb"|(?<=[\[,:])[0-9.eE]{16,100}(?=[\],}])"
    rb"|,(?=[,\]])|\[(?=,)"
)
_NUMBER = re.compile(rb"(?!0\d)\d+\.\d+")
_MOST_DIGITS = 15


def _mended(found: re.Match[bytes]) -> bytes:
    token = found[0]
    if token.startswith(b'"'):
        return token
    if token in b",[":
        return token + b'"#N/A"'
    if _NUMBER.fullmatch(token) and len(token.replace(b".", b"").lstrip(b"0")) <= _MOST_DIGITS:
        return token
    return b'"' + token + b'"'


def decoded(body: bytes) -> dict[str, Any]:
    """What a client sent. Raises ValueError if it is no JSON object.

    VBA's JSON writer sends a text of 16 digits or more as a bare number (an ID number, an account; it says so only where
    `UseDoubleForLargeNumbers` is set), though "0200…" is none, and nothing at all for an error that it does not know.
    No number has more than 15 digits there: Excel has no more.
    """
    if _FROM_VBA.match(body) and _SUSPECT.search(body):
        body = _TOKEN.sub(_mended, body)
    payload = orjson.loads(body)
    if not isinstance(payload, dict):
        raise ValueError("not an object")
    return payload


def _moment(value: datetime) -> Raw:
    """A moment as file readers give it: midnights are dates, a time of day alone is a time."""
    if value.date() == _DAY_ZERO:
        return value.time()
    return value.date() if value.time() == time.min else value


def _told_moment(text: str) -> Raw:
    """What a client wrote as a moment; somebody may have typed such a text, with a day that there never was."""
    try:
        return _moment(datetime.fromisoformat(text[:-1])) if _MOMENT.fullmatch(text) else text
    except ValueError:
        return text


def _cell(value: object) -> Raw:
    match value:
        case None | "":
            return None
        case str():
            if value[0] == "#" and value in ERRORS:
                return CellError(value)
            return _told_moment(value) if len(value) >= _MOMENT_LENGTH and value[-1] == "Z" else value
        case float() if value.is_integer():
            return int(value)
        case datetime():
            return _moment(value.replace(tzinfo=None))
        case bool() | int() | float():
            return value
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def _row(values: Iterable[object]) -> tuple[Raw, ...]:
    cells = [_cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def cells_of(sheet: "xw.Sheet") -> Sequence[Sequence[object]]:
    """What stands on a sheet, from A1 on, as xlwings gives it: in rows of one length, blank cells None or "".

    What a client has sent is taken as it came: asked for a range's value, xlwings would keep a copy for ever.
    """
    if sheet.book.app.engine.type == "remote":
        values: Sequence[Sequence[object]] = sheet.api["values"]
        return values
    area = sheet.range((1, 1), sheet.used_range.last_cell)
    live: Sequence[Sequence[object]] = area.options(ndim=2, err_to_str=True).value
    return live


def _rows(values: Iterable[Iterable[object]]) -> list[tuple[Raw, ...]]:
    rows = [_row(row) for row in values]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _stamp(lists: Sequence[Sequence[Raw]]) -> Stamp | None:
    first = lists[0][0] if lists and lists[0] else None
    return parse_stamp(first) if isinstance(first, str) else None


def raw_book(book: "xw.Book", forms: Forms) -> RawBook:
    """The workbook with rows as the clerk counts them; the sheet of lists stands apart if it is ours.

    A form's sheet that a client sent without a single cell was left out of the request because nothing is typed there
    (every sheet has its formulas down to its last row, and takes as long to send as a full one): it counts as blank.
    """
    remote = book.app.engine.type == "remote"
    headers: Mapping[str, tuple[Raw, ...]] = {
        folded(form.title): tuple(column.header for column in form.columns)
        for form in forms.values()
        if form.layout == "table"
    }
    sheets: list[RawSheet] = []
    lists: Sequence[Sequence[Raw]] = ()
    for sheet in book.sheets:
        rows = _rows(cells_of(sheet))
        if sheet.name == DICTIONARY and _stamp(rows):
            lists = rows
            continue
        if remote and not rows and folded(sheet.name) in headers:
            rows = [headers[folded(sheet.name)]]
        sheets.append(RawSheet(sheet.name, rows, remote or sheet.visible))
    return RawBook(book.name, tuple(sheets), _stamp(lists), lists=lists)

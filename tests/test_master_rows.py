"""The quick way of writing rows gives what XlsxWriter gives, byte for byte."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync_service.look import Look, open_book, safe
from sync_service.quick_sheet import QuickSheet, Written

VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
ROWS = st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5)


def _slowly(sheet: QuickSheet, row: int, column: int, value: Written, style: object) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case str():
            sheet.write_string(row, column, safe(value), style)
        case _:
            sheet.write_number(row, column, value, style)


def _xml(path: Path, rows: list[list[Written]], *, quick: bool) -> bytes:
    with open_book(path, datetime(2026, 1, 1), "t") as book:
        look = Look(book)
        sheet: QuickSheet = book.add_worksheet("表", QuickSheet)
        styles = [look("text"), look("cell"), look("count")]
        sheet.write_string(0, 0, "标题", look("title"))
        layout = sheet.layout(styles)
        for number, values in enumerate(rows, 1):
            if quick:
                sheet.put_row(number, values, layout)
            else:
                for column, (value, style) in enumerate(zip(values, styles, strict=True)):
                    _slowly(sheet, number, column, value, style)
        sheet.write_string(len(rows) + 1, 1, "注", look("title"))
    with ZipFile(path) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


@settings(max_examples=40)
@given(ROWS)
@example([["<r>x</r>", "a&b<c>\"'", " _x0041_\n"], ["\x00\x1f\ufffe", "\ud800", "x" * 40_000], [1560.5, 1e300, True]])
def test_a_row_written_quickly_is_byte_for_byte_what_xlsxwriter_writes(rows: list[list[Written]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        assert _xml(path, rows, quick=True) == _xml(path, rows, quick=False)

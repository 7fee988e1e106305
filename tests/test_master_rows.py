"""The quick way of writing rows gives what XlsxWriter gives, byte for byte."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hypothesis import example, given, settings
from hypothesis import strategies as st
from xlsxwriter.url import Url

from sync_service.copied_rows import Cell, copied_rows, dress, written
from sync_service.look import Look, open_book, safe
from sync_service.quick_sheet import LightSheet, QuickSheet, Slot, Written, rendered, renumbered
from validators.problems import Problem, problem
from validators.raw import RawSheet
from workbook_templates.cells import CellError, Raw

VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
RAW = (
    VALUES
    | st.sampled_from([0, 1, True, False, 0.0, -0.0, 1.0, "", "姓名", 25000])
    | st.dates(date(1900, 1, 1), date(2100, 1, 1))
    | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
    | st.times()
    | st.timedeltas(timedelta(0), timedelta(days=2))
    | st.just(CellError("#N/A"))
)
WRONG = [problem("M01"), problem("P03"), problem("P03", confirmed=True)]
LIKE_A_REFERENCE = st.tuples(st.sampled_from(["", " ", "B", "1", '<c r="B']), st.integers(1, 30)).map(
    lambda made: f'{made[0]}{made[1]}" s="1"'
)
ROWS = st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5)
STYLES = ("text", "cell", "count")
MOMENTS = st.integers(0, 10**9).map(lambda seconds: datetime(2000, 1, 1) + timedelta(seconds=seconds))
CELLS = st.lists(st.tuples(VALUES | MOMENTS, st.sampled_from(STYLES)), min_size=3, max_size=3)
TALL_ROWS = st.lists(st.tuples(CELLS, st.integers(15, 400)), min_size=1, max_size=5)


def _slowly(sheet: QuickSheet, row: int, column: int, value: Written | datetime, style: object) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, style)
        case datetime():
            sheet.write_datetime(row, column, value, style)
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


@given(
    st.lists(st.lists(VALUES | LIKE_A_REFERENCE, min_size=3, max_size=3), max_size=5),
    st.integers(0, 12),
    st.integers(0, 12),
)
@example([["7", '7" s="1"', '<c r="B7" s="1"/>'], ['17" s="1"', 8, '8"8"'], ["甲", None, True]], 6, 9)
def test_rows_with_other_numbers_are_what_they_would_be_had_they_been_written_with_these(
    rows: list[list[Written]], first: int, now: int
) -> None:
    layout = [Slot(1, '<c r="B'), Slot(10, '<c r="C'), Slot(2, "</row>")]
    before, after = (
        [rendered(number, row, layout).encode() for number, row in enumerate(rows, start)] for start in (first, now)
    )
    assert [*renumbered(before, first, now, len(layout))] == after


def _sheet_data(parts: ZipFile, number: int) -> bytes:
    return parts.read(f"xl/worksheets/sheet{number}.xml").partition(b"<sheetData>")[2].partition(b"</sheetData>")[0]


@settings(max_examples=40)
@given(
    st.lists(st.lists(RAW, max_size=4), min_size=1, max_size=6),
    st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 3)), st.lists(st.sampled_from(WRONG), min_size=1)),
)
@example([[0, 0, 0, 0], [False, -0.0, 1, True], [True, 1.0, 1, 1], [date(2026, 1, 1)] * 4], {})
def test_a_copied_row_is_byte_for_byte_what_xlsxwriter_writes(
    rows: Sequence[Sequence[Raw]], cells: Mapping[Cell, Sequence[Problem]]
) -> None:
    numbers, width = range(max(len(rows), *(row + 1 for row, _ in cells), 0)), 4
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with open_book(path, datetime(2026, 1, 1), "t", light=True) as book:
            look = Look(book)
            sheet: LightSheet = book.add_worksheet("表", LightSheet)
            for row in numbers:
                for column, value in enumerate([*(rows[row] if row < len(rows) else ()), *[None] * width][:width]):
                    shown, shape = written(value)
                    _slowly(sheet, row, column, shown, dress(look, shape, cells.get((row, column), ()), framed=True))
            quick = b"".join(copied_rows(sheet, look, RawSheet("表", rows), numbers, width, cells))
        with ZipFile(path) as parts:
            assert quick == _sheet_data(parts, 1)


def _tall(path: Path, rows: list[tuple[list[tuple[Written | datetime, str]], int]], *, quick: bool) -> bytes:
    with open_book(path, datetime(2026, 1, 1), "t") as book:
        look = Look(book)
        sheet: QuickSheet = book.add_worksheet("表", QuickSheet)
        for number, (values, height) in enumerate(rows):
            cells = [(value, look(style)) for value, style in values]
            if quick:
                sheet.put_cells(number, cells, height)
                sheet.put_link(number, 1, f"external:乡 镇/{height}.xlsx#'表'!A1")
                continue
            sheet.set_row(number, height)
            for column, (value, style) in enumerate(cells):
                _slowly(sheet, number, column, value, style)
            sheet.hyperlinks[number][1] = Url(f"external:乡 镇/{height}.xlsx#'表'!A1")
    with ZipFile(path) as parts:
        return b"".join(parts.read(f"xl/worksheets/{name}") for name in ("sheet1.xml", "_rels/sheet1.xml.rels"))


@settings(max_examples=40)
@given(TALL_ROWS)
def test_cells_with_formats_of_their_own_in_rows_of_any_height_are_what_xlsxwriter_writes(
    rows: list[tuple[list[tuple[Written | datetime, str]], int]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        assert _tall(path, rows, quick=True) == _tall(path, rows, quick=False)

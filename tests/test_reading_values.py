"""What a clerk sees in a sheet is what is read, whichever program saved it."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.drawn import WRITERS, Drawn, sheet, write_ods, write_xls, write_xlsx
from validators.raw import Range, RawBook
from workbook_templates.cells import CellError, Raw
from workbook_templates.stamp import Stamp

NO_RESULT = CellError("公式无结果")


def read(path: Path) -> RawBook:
    return read_book(path, Limits())


def values(path: Path) -> list[list[Raw]]:
    return [list(row) for row in read(path).sheets[0].rows]


def change(path: Path, part: str, old: str, new: str) -> Path:
    """Replace text in one part of a zipped workbook; the text must be there."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_table_reads_the_same_from_every_format(tmp_path: Path, ending: str) -> None:
    drawn = sheet(
        """
        |   |                    |        |                   |      |        |
        |   | 退役军人登记表     |        |                   |      |        |
        |   | 身份证号           | 金额   | 日期              | 是否 | 备注   |
        |---|--------------------|--------|-------------------|------|--------|
        |   | 990101198503120014 | =12.5  | @1985-03-12       | =TRUE| #N/A   |
        |   | 00123              |        | @1985-03-12T08:30 |      | #REF!  |
        |   |                    |        |                   |      |        |
        |   | '  前后有空格  '   | =-4    | 1985年3月         |      | '=1+1' |
        |   | ⾼某               | =0     |                   |      | #DIV/0!|
        """,
        "退役军人",
        hidden_rows=frozenset({4, 7}),
        merged=(Range(2, 2, 2, 5), Range(4, 3, 5, 3)),
    )
    book = read(WRITERS[ending](tmp_path / f"城关镇{ending}", {"退役军人": drawn}))
    assert book.name == f"城关镇{ending}"
    (page,) = book.sheets
    assert list(page.rows) == list(drawn.rows)
    assert [type(value) for value in page.rows[3][1:4]] == [str, float, date]
    assert type(page.rows[7][2]) is int
    assert (page.title, page.visible) == ("退役军人", True)
    assert page.hidden_rows == drawn.hidden_rows
    assert set(page.merged) == set(drawn.merged)


@pytest.mark.parametrize("ending", WRITERS)
def test_a_hidden_sheet_is_handed_over_as_hidden(tmp_path: Path, ending: str) -> None:
    drawn = sheet("| 甲 |")
    hidden = sheet("| 乙 |", visible=False)
    book = read(WRITERS[ending](tmp_path / f"a{ending}", {"第一": drawn, "R&D <二>": hidden}))
    assert [(page.title, page.visible) for page in book.sheets] == [("第一", True), ("R&D <二>", False)]


@pytest.mark.parametrize("ending", WRITERS)
def test_the_stamp_is_read_from_the_hidden_sheet_of_lists_which_is_not_handed_over(tmp_path: Path, ending: str) -> None:
    stamp = Stamp("990101", "990101001", {"veterans": 2, "cover": 1})
    lists = sheet(f"| {stamp} | 其他 |", visible=False)
    book = read(WRITERS[ending](tmp_path / f"a{ending}", {"封面": sheet("| 甲 |"), "字典": lists}))
    assert book.stamp == stamp
    assert [page.title for page in book.sheets] == ["封面"]


def test_a_clerks_own_sheet_called_lists_is_no_stamp_and_is_handed_over(tmp_path: Path) -> None:
    book = read(write_xlsx(tmp_path / "a.xlsx", {"字典": sheet("| 词 | 义 |")}))
    assert book.stamp is None
    assert [page.title for page in book.sheets] == ["字典"]


@pytest.mark.parametrize("ending", WRITERS)
def test_hidden_rows_that_hold_nothing_are_not_reported(tmp_path: Path, ending: str) -> None:
    drawn = sheet("| 甲 |\n| |\n| 乙 |", hidden_rows=frozenset({2, 3, 9}))
    assert read(WRITERS[ending](tmp_path / f"a{ending}", {"表": drawn})).sheets[0].hidden_rows == {3}


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    for ending, write in WRITERS.items():
        assert list(read(write(tmp_path / f"a{ending}", {"表": sheet("")})).sheets[0].rows) == []


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_workbook_that_counts_from_1904_gives_the_days_that_the_clerk_sees(tmp_path: Path, ending: str) -> None:
    path, day = tmp_path / f"a.{ending}", date(1985, 3, 12)
    if ending == "xlsx":
        with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
            book.add_worksheet().write_datetime(0, 0, day, book.add_format({"num_format": "yyyy-mm-dd"}))
    else:
        old = xlwt.Workbook()
        old.dates_1904 = True
        old.add_sheet("x").write(0, 0, day, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
        old.save(str(path))
    assert values(path) == [[day]]
    book = read(path)
    assert book.from_1904
    assert [code for code, _ in book.notices][-1] == "D12"


def test_a_workbook_that_counts_from_1900_says_nothing_of_it(tmp_path: Path) -> None:
    for ending, write in WRITERS.items():
        book = read(write(tmp_path / f"a{ending}", {"表": sheet("| @2024-02-29 |")}))
        assert not book.from_1904
        assert "D12" not in [code for code, _ in book.notices]


@pytest.mark.parametrize("form", [14, 27, 31, 57])
def test_dates_in_the_built_in_chinese_formats_are_dates(tmp_path: Path, form: int) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_number(0, 0, 31118, book.add_format({"num_format": form}))
    assert values(path) == [[date(1985, 3, 12)]]


def test_a_midnight_is_a_day_and_other_moments_stay_moments(tmp_path: Path) -> None:
    moments = sheet("| @2024-02-29T00:00 | @2024-02-29T00:01 |")
    for ending, write in WRITERS.items():
        found = values(write(tmp_path / f"a{ending}", {"表": moments}))
        assert found == [[date(2024, 2, 29), datetime(2024, 2, 29, 0, 1)]]
        assert type(found[0][0]) is date


def test_a_number_in_a_date_format_that_is_no_day_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    old = xlwt.Workbook()
    page = old.add_sheet("x")
    for column, serial in enumerate([-5, 13912345678, 0.5]):
        page.write(0, column, serial, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    old.save(str(path))
    found = values(path)[0]
    assert found[:2] == [-5, 13912345678]
    assert str(found[2]) == "12:00:00"


def test_long_numbers_stay_numbers_so_that_lost_digits_can_be_told(tmp_path: Path) -> None:
    for ending, write in WRITERS.items():
        ((found,),) = values(write(tmp_path / f"a{ending}", {"表": sheet("| =990101198503120000 |")}))
        assert (found, type(found)) == (990101198503120000, int)


def test_an_xls_whose_looks_are_damaged_still_gives_its_values(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", {"表": sheet("| 甲 | =1 |", merged=(Range(3, 1, 4, 1),))})
    merged = struct.pack("<HHH", 0xE5, 10, 1)  # MERGEDCELLS, ten bytes, one range
    data = path.read_bytes()
    assert data.count(merged) == 1
    path.write_bytes(data.replace(merged, struct.pack("<HHH", 0xE5, 10, 7)))
    assert values(path) == [["甲", 1]]


def test_a_formula_that_was_never_calculated_is_told_from_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["B2"] = "=1+1"
    book.active["C2"] = "有"
    book.save(path)
    assert values(path) == [[], [None, NO_RESULT, "有"]]


def test_a_formula_whose_result_is_the_empty_text_is_a_blank(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": sheet("| #N/A | 有 |")})
    change(path, SHEET, '<c r="A1" t="e"><f>#N/A</f><v>#N/A</v>', '<c r="A1" t="str"><f>""</f><v></v>')
    assert values(path) == [[None, "有"]]


def test_a_cell_that_shares_anothers_formula_without_a_result_is_told_too(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": sheet("| #N/A | 有 |")})
    change(path, SHEET, "<f>#N/A</f><v>#N/A</v>", '<f t="shared" si="0"/>')
    change(path, SHEET, 't="e"', "")
    assert values(path) == [[NO_RESULT, "有"]]


def test_an_uncalculated_formula_in_an_ods_is_told_from_a_blank(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"表": sheet("| #N/A | 有 |")})
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("content.xml").decode()
    cell = xml[xml.index("<table:table-cell") : xml.index("</table:table-cell>")]
    change(path, "content.xml", cell, '<table:table-cell table:formula="of:=1&gt;0">')
    assert values(path) == [[NO_RESULT, "有"]]


@pytest.mark.parametrize("text", ["#SPILL!", "#CALC!", "#GETTING_DATA"])
def test_errors_newer_than_the_reader_are_errors_not_a_damaged_workbook(tmp_path: Path, text: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": sheet("| #N/A | #REF! | 有 |")})
    change(path, SHEET, "<v>#N/A</v>", f"<v>{text}</v>")
    assert values(path) == [[CellError(text), CellError("#REF!"), "有"]]


@pytest.mark.parametrize("ending", WRITERS)
def test_somebody_who_types_the_words_of_an_error_has_typed_text(tmp_path: Path, ending: str) -> None:
    assert values(WRITERS[ending](tmp_path / f"a{ending}", {"表": sheet("| '#N/A' | 有 |")})) == [["#N/A", "有"]]


def prefixed(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET).decode()
    begin, end = xml.index("<worksheet"), len(xml)
    body = xml[begin:end].replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    change(path, SHEET, xml, xml[:begin] + body.replace("xmlns=", "xmlns:x="))


def without_references(path: Path) -> None:
    for place in ("A1", "A2", "B2", "A3"):
        change(path, SHEET, f'<c r="{place}"', "<c")
    for number in "123":
        change(path, SHEET, f'<row r="{number}"', "<row")


def single_quoted(path: Path) -> None:
    change(path, SHEET, 't="e"', "t='e'")
    change(path, SHEET, 'hidden="1"', "hidden='true'")


@pytest.mark.parametrize("dialect", [prefixed, without_references, single_quoted])
def test_errors_and_hidden_rows_are_found_in_every_dialect_of_xlsx(
    tmp_path: Path, dialect: Callable[[Path], None]
) -> None:
    drawn = sheet("| 甲 |\n| 乙 | #REF! |\n| 丙 |", hidden_rows=frozenset({2}))
    path = write_xlsx(tmp_path / "a.xlsx", {"表": drawn})
    dialect(path)
    (page,) = read(path).sheets
    assert list(page.rows) == list(drawn.rows)
    assert page.hidden_rows == {2}


def test_an_inline_text_that_quotes_xml_is_no_error_cell(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": sheet("| 甲 |")})
    change(path, SHEET, 't="s"><v>0</v>', 't="inlineStr"><is><t>写着 t="e" hidden="1"</t></is>')
    assert values(path) == [['写着 t="e" hidden="1"']]


@pytest.mark.parametrize(
    ("write", "name", "said"),
    [
        (write_xlsx, "a.xlsx", None),
        (write_xlsx, "a.XLSM", None),
        (write_xls, "a.xls", "xls"),
        (write_xls, "a.et", "et"),
        (write_ods, "a.ods", "ods"),
        (write_xlsx, "a.xls", "后缀是 .xls，内容是 xlsx"),
        (write_xls, "a.xlsx", "后缀是 .xlsx，内容是 xls"),
    ],
)
def test_an_old_format_or_a_wrong_ending_is_read_and_mentioned(
    tmp_path: Path, write: Callable[[Path, Drawn], Path], name: str, said: str | None
) -> None:
    path = write(tmp_path / f"temporary{'.ods' if write is write_ods else ''}", {"表": sheet("| 甲 |")})
    book = read(path.rename(tmp_path / name))
    assert book.sheets[0].rows[0] == ("甲",)
    assert book.notices == ((("F03", {"file": name, "fmt": said}),) if said else ())

"""An .xlsb, built record by record (MS-XLSB), reads like the .xlsx that it stands for."""

import zipfile
from pathlib import Path
from struct import pack

import pytest

from sync_service.sources.base import Limits, Refused
from sync_service.sources.excel import read_book
from validators.raw import Range
from workbook_templates.cells import CellError


def number(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80, value >> 7])


def record(kind: int, body: bytes = b"") -> bytes:
    return number(kind) + number(len(body)) + body


def wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def row(index: int, hidden: bool = False) -> bytes:
    return record(0, pack("<IIHBBBI", index, 0, 300, 0, 0x10 if hidden else 0, 0, 0))


def cell(kind: int, column: int, value: bytes = b"") -> bytes:
    return record(kind, pack("<II", column, 0) + value)


def text(column: int, value: str) -> bytes:
    return cell(6, column, wide(value))


def write_xlsb(path: Path, cells: bytes, merged: bytes = b"", properties: bytes = b"") -> Path:
    office = "http://schemas.openxmlformats.org"
    relation = f"{office}/officeDocument/2006/relationships"
    sheet = (
        record(129)  # BrtBeginSheet
        + record(148, pack("<4I", 0, 9, 0, 9))  # BrtWsDim
        + record(145)  # BrtBeginSheetData
        + cells
        + record(146)  # BrtEndSheetData
        + merged
        + record(130)  # BrtEndSheet
    )
    bundle = pack("<II", 0, 1) + wide("rId1") + wide("退役军人")
    book = record(131) + properties + record(143) + record(156, bundle) + record(144) + record(132)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{office}/package/2006/content-types"/>')
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{office}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_values_errors_hidden_rows_and_merges_of_an_xlsb_are_read(tmp_path: Path) -> None:
    cells = (
        row(0) + text(0, "姓名") + text(1, "金额")
        + row(2, hidden=True) + text(0, "某甲") + cell(5, 1, pack("<d", 12.5)) + cell(3, 2, bytes([0x2A]))
        + row(3) + cell(1, 0) + cell(5, 1, pack("<d", 3)) + cell(11, 2, bytes([0x17]) + bytes(10))
    )  # fmt: skip
    merged = record(177, pack("<I", 1)) + record(176, pack("<4I", 2, 3, 0, 0)) + record(178)
    book = read_book(write_xlsb(tmp_path / "城关镇.xlsb", cells, merged), Limits())
    (page,) = book.sheets
    assert page.title == "退役军人"
    assert list(page.rows) == [
        ("姓名", "金额"),
        (),
        ("某甲", 12.5, CellError("#N/A")),
        (None, 3, CellError("#REF!")),
    ]
    assert page.hidden_rows == {3}
    assert page.merged == (Range(3, 1, 4, 1),)
    assert book.notices == (("F03", {"file": "城关镇.xlsb", "fmt": "xlsb"}),)


@pytest.mark.parametrize(("flags", "codes"), [(1, ["F03", "D12"]), (0x10020, ["F03"])])
def test_an_xlsb_says_in_its_properties_from_which_year_it_counts(tmp_path: Path, flags: int, codes: list[str]) -> None:
    properties = record(153, pack("<III", flags, 124226, 0))  # BrtWbProp
    book = read_book(write_xlsb(tmp_path / "a.xlsb", row(0) + text(0, "甲"), properties=properties), Limits())
    assert [code for code, _ in book.notices] == codes


@pytest.mark.parametrize(("index", "column"), [(0, 16_383), (1_048_575, 0)])
def test_a_stray_cell_far_out_in_an_xlsb_is_refused(tmp_path: Path, index: int, column: int) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", row(index) + text(column, "x"))
    with pytest.raises(Refused) as caught:
        read_book(path, Limits())
    assert caught.value.problem.code == "F30"


def test_a_blank_cell_far_out_in_an_xlsb_harms_nobody(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", row(0) + text(0, "甲") + cell(1, 16_383))
    assert list(read_book(path, Limits()).sheets[0].rows) == [("甲",)]


def test_a_torn_record_is_damage(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", row(0) + number(6) + number(9000) + b"\0\0")
    with pytest.raises(Refused) as caught:
        read_book(path, Limits())
    assert caught.value.problem.code == "F32"

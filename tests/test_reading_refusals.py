"""A file that cannot be read says why, in the clerk's words, and harms nobody."""

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import run_all
from sync_service.sources.excel import read_book
from sync_service.sources.worker import Failure, refusal
from tests.drawn import WRITERS, sheet, write_ods, write_xls, write_xlsx
from tests.test_reading_values import SHEET, change
from validators.problems import Problem, problem

SMALL = {"表": sheet("| 姓名 | 金额 |\n| 某某 | =12 |")}


def refused(path: Path, limits: Limits | None = None) -> Problem:
    with pytest.raises(Refused) as caught:
        read_book(path, limits or Limits())
    assert str(caught.value) == caught.value.problem.message
    return caught.value.problem


def repack(path: Path, leave_out: str = "", **changed: bytes) -> Path:
    """Write a zipped workbook anew without one part, or with other content in some."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != leave_out}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, changed.get(Path(name).stem, content))
    return path


def encrypt(path: Path, password: str) -> Path:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, locked)
    path.write_bytes(locked.getvalue())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "<html><body><table><tr><td>姓名</td></tr></table></body></html>".encode(),
        "姓名,身份证号\n某某,990101198503120014\n".encode("gbk"),
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        b"%PDF-1.7 ...",
    ],
    ids=["html", "csv", "xml", "pdf"],
)
@pytest.mark.parametrize("name", ["城关镇.xls", "城关镇.xlsx"])
def test_a_web_page_or_text_under_a_workbooks_name_is_no_workbook(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == problem("F01", {"file": name})


def test_other_archives_and_documents_are_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(path).code == "F01"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office/>")
    assert refused(path).code == "F01"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(500))
    assert refused(path).code == "F01"


@pytest.mark.parametrize("share", [0, 0.2, 0.6, 0.99])
@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_zip_cut_off_anywhere_is_half_saved(tmp_path: Path, ending: str, share: float) -> None:
    path = WRITERS[ending](tmp_path / f"a{ending}", SMALL)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refused(path).code == "F26"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_an_old_workbook_cut_off_early_is_half_saved(tmp_path: Path, share: float) -> None:
    path = write_xls(tmp_path / "a.xls", SMALL)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refused(path).code == "F26"


def test_an_old_workbook_is_never_read_in_part(tmp_path: Path) -> None:
    rows = sheet("\n".join(f"| 某{number} |" for number in range(300)))
    path = write_xls(tmp_path / "a.xls", {"表": rows})
    data = path.read_bytes()
    for end in range(100, len(data) - 512, 777):
        path.write_bytes(data[:end])
        assert refused(path).code in {"F26", "F32"}


def test_a_file_of_zeros_after_a_crash_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(10_000))
    assert refused(path).code == "F32"


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_that_lacks_a_part_is_damaged_not_empty(tmp_path: Path, part: str) -> None:
    path = repack(write_xlsx(tmp_path / "a.xlsx", SMALL), leave_out=part)
    assert refused(path) == problem("F32", {"file": "a.xlsx"})


def test_torn_xml_and_flipped_bytes_are_damage(tmp_path: Path) -> None:
    path = repack(write_xlsx(tmp_path / "a.xlsx", SMALL), workbook=b"<workbook><sheets>")
    assert refused(path).code == "F32"
    path = repack(write_xlsx(tmp_path / "c.xlsx", SMALL), workbook=b"<workbook><sheets/></workbook>")
    assert refused(path).code == "F32"
    path = write_xlsx(tmp_path / "b.xlsx", SMALL)
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(SHEET)
        begin = part.header_offset + 30 + len(SHEET) + 20
    data = bytearray(path.read_bytes())
    data[begin : begin + 8] = bytes(8)
    path.write_bytes(data)
    assert refused(path).code == "F32"


def test_a_workbook_with_a_password_is_told_from_a_broken_one(tmp_path: Path) -> None:
    path = encrypt(write_xlsx(tmp_path / "a.xlsx", SMALL), "机密")
    assert refused(path) == problem("F02", {"file": "a.xlsx"})


def test_a_workbook_locked_only_against_changes_is_read_without_a_password(tmp_path: Path) -> None:
    path = encrypt(write_xlsx(tmp_path / "a.xlsx", SMALL), "VelvetSweatshop")
    assert list(read_book(path, Limits()).sheets[0].rows) == list(SMALL["表"].rows)


def test_an_old_workbook_with_a_password_is_told_from_a_broken_one(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", SMALL)
    data = path.read_bytes()
    # The record CODEPAGE (0x42) gives way to FILEPASS (0x2F), which says that all behind it is encrypted.
    codepage = struct.pack("<HH", 0x42, 2)
    assert data.count(codepage) == 1
    path.write_bytes(data.replace(codepage, struct.pack("<HH", 0x2F, 2)))
    assert refused(path).code == "F02"


def test_an_ods_with_a_password_is_told_from_a_broken_one(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", SMALL)
    change(path, "META-INF/manifest.xml", "</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>")
    assert refused(path).code == "F02"


@pytest.mark.parametrize(
    ("row", "column", "limit"),
    [
        (0, 16383, "第 16384 列还有内容，最多 512 列"),
        (0, 512, "第 513 列还有内容，最多 512 列"),
        (1_048_575, 0, "第 1048576 行还有内容，最多 100000 行"),
        (89_999, 499, "90000 行 × 500 列，超过 5000000 格"),
    ],
)
def test_a_stray_cell_far_out_is_refused_before_it_can_fill_the_memory(
    tmp_path: Path, row: int, column: int, limit: str
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write(0, 0, "姓名")
        page.write(row, column, "x")
    assert refused(path) == problem("F30", {"file": "a.xlsx", "limit": limit})


def test_a_stray_cell_far_out_is_refused_in_an_ods_and_an_xls_too(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", SMALL)
    with zipfile.ZipFile(path) as archive:
        row = archive.read("content.xml").decode().split("<table:table-row", 1)[1].split(">", 1)[0]
    change(path, "content.xml", f"<table:table-row{row}>", '<table:table-row table:number-rows-repeated="1000000">')
    assert "行还有内容" in refused(path).message
    path = write_xls(tmp_path / "a.xls", {"表": sheet("| 甲 |\n| 乙 |\n| 丙 |")})
    assert "第 3 行还有内容" in refused(path, Limits(rows=2)).message


def test_a_huge_range_that_is_only_formatted_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        page.write(0, 0, "姓名")
        page.write_blank(1_048_575, 16_383, None, bold)
        page.write_blank(0, 16_383, None, bold)
    assert list(read_book(path, Limits()).sheets[0].rows) == [("姓名",)]


def test_a_small_file_that_unfolds_into_a_huge_one_is_refused_before_it_does(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", SMALL)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", bytes(3 * 2**20))
    assert path.stat().st_size < 50_000
    assert (
        refused(path, Limits(unpacked_mb=2)).message
        == problem("F30", {"file": "a.xlsx", "limit": "解开后超过 2 MB"}).message
    )
    assert read_book(path, Limits(unpacked_mb=4)).sheets


def test_a_file_larger_than_any_workbook_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(2**20 + 1))
    assert "文件超过 1 MB" in refused(path, Limits(unpacked_mb=1)).message


def outcome(path: Path) -> str:
    try:
        return read_book(path, Limits()).name
    except Refused as error:
        return error.problem.code


def spoiled(folder: Path) -> Iterator[Path]:
    chance = random.Random(2)
    for ending, write in WRITERS.items():
        sound = write(folder / f"sound{ending}", SMALL).read_bytes()
        for number in range(8):
            data = bytearray(sound)
            for _ in range(chance.choice([1, 4, 40])):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path = folder / f"{number}{ending}"
            path.write_bytes(data)
            yield path


def test_no_spoiled_file_takes_down_or_blocks_the_one_who_reads_it(tmp_path: Path) -> None:
    limits = Limits(seconds=20)
    paths = list(spoiled(tmp_path))
    outcomes = dict(run_all(outcome, [(path,) for path in paths], limits))
    assert sorted(outcomes) == list(range(len(paths)))
    for index, path in enumerate(paths):
        given = outcomes[index]
        code = refusal(given, path.name, limits).code if isinstance(given, Failure) else given
        assert code in {path.name, "F01", "F02", "F26", "F30", "F32"}

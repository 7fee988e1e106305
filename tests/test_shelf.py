"""The master whose unchanged rows come from the shelf is the one that XlsxWriter writes, whatever lies on the shelf."""

import zlib
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from python_calamine import CalamineWorkbook

from sync_service.reuse.deflated import Deflated, deflated, deflated_rows, inflated_rows, joined
from sync_service.reuse.shelf import FOLDER, Shelf
from sync_service.villages import villages_with_rows
from tests.county import NOW, CountyOnDisk, make_county, veteran, workbook
from tests.libreoffice import needs_libreoffice, recalculated

ODD = ["甲&<乙>", " 两边空 ", "a_x0041_b", "行\n行"]
Cells = dict[str, list[list[object]]]


def _rows(first: int, count: int) -> list[dict[str, object]]:
    return [veteran(n, residence_address=ODD[n % len(ODD)]) for n in range(first, first + count)]


def _quick(county: CountyOnDisk, *, quick: bool) -> None:
    text = county.settings.read_text("utf-8")
    now, then = ("true", "false") if quick else ("false", "true")
    assert f"quick_master = {then}" in text
    county.settings.write_text(text.replace(f"quick_master = {then}", f"quick_master = {now}"), "utf-8")


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as parts:
        assert parts.testzip() is None
        return {name: parts.read(name) for name in parts.namelist()}


def _shelved(county: CountyOnDisk) -> dict[str, int]:
    """The entries with the times at which they were written."""
    return {path.name: path.stat().st_mtime_ns for path in (county.folder / FOLDER).iterdir()}


def _calamine(path: Path) -> Cells:
    with CalamineWorkbook.from_path(path) as book:
        return {name: [[*row] for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    made = make_county(tmp_path / "county")
    made.fill({"城关镇": _rows(1, 30), "石桥镇": _rows(40, 25), "柳林镇": _rows(70, 3)})
    made.sync()
    return made


def test_it_has_the_same_parts_byte_for_byte_as_one_that_xlsxwriter_writes_alone(county: CountyOnDisk) -> None:
    county.write("石桥镇", workbook("石桥镇", [*_rows(40, 20), *_rows(90, 3)]))
    county.sync()  # a block in the middle became shorter: those behind it moved up
    quick = _parts(county.master)
    _quick(county, quick=False)
    county.sync()
    alone = _parts(county.master)
    assert list(quick) == list(alone)
    assert quick == alone


def test_equal_contents_give_equal_bytes_whatever_is_on_the_shelf(county: CountyOnDisk) -> None:
    county.write("石桥镇", workbook("石桥镇", _rows(40, 26)))
    county.sync()
    once = county.master.read_bytes()
    Shelf(county.folder / FOLDER).empty()
    county.master.unlink()
    county.sync()
    assert county.master.read_bytes() == once


def test_only_the_changed_township_is_written_again(county: CountyOnDisk) -> None:
    before = _shelved(county)
    county.write("柳林镇", workbook("柳林镇", [veteran(70, phone="13911112222"), *_rows(71, 2)]))
    county.sync()
    after = _shelved(county)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {"rows-veterans-990101003", "villages", "crossing", "doubles", "token"}


def test_rows_are_used_again_whatever_comes_up_on_the_sheets_before_theirs(county: CountyOnDisk) -> None:
    before = _shelved(county)
    county.write("柳林镇", workbook("柳林镇", [*_rows(70, 2), veteran(1), veteran(72, ethnicity=None)]))
    county.sync()  # the first error, the first conflict: styles that the workbook had not had before
    after = _shelved(county)
    changed = {name for name in after if before.get(name) != after[name]}
    assert {name for name in changed if name.startswith("rows-")} == {"rows-veterans-990101003"}


def test_villages_are_those_that_there_are_whatever_is_on_the_shelf(county: CountyOnDisk) -> None:
    elsewhere = [veteran(70, village="向阳村"), veteran(71, village="向阳村")]
    county.write("柳林镇", workbook("柳林镇", elsewhere))
    county.sync()
    with county.store() as store:
        marks, shelf = store.rows_marks(), Shelf(county.folder / FOLDER)
        found = villages_with_rows(store, county.forms, marks, shelf)
        assert found == villages_with_rows(store, county.forms, marks, None)
    assert found == {"990101001": {"东风村"}, "990101002": {"东风村"}, "990101003": {"向阳村"}}


def test_a_damaged_entry_is_made_again(county: CountyOnDisk) -> None:
    county.master.unlink()
    for path in (county.folder / FOLDER).iterdir():
        if path.name != "token":
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    county.write("柳林镇", workbook("柳林镇", _rows(70, 4)))
    county.sync()
    quick = _parts(county.master)
    _quick(county, quick=False)
    county.sync()
    assert quick == _parts(county.master)


def test_the_shelf_of_another_store_is_not_used(county: CountyOnDisk) -> None:
    county.setup.path("taizhang.db").unlink()
    for log in county.folder.glob("taizhang.db-*"):
        log.unlink()
    county.master.unlink()
    county.fill({"城关镇": _rows(101, 30), "石桥镇": _rows(140, 25), "柳林镇": _rows(170, 3)})
    county.sync()  # the same numbers of runs and rows as before
    quick = _parts(county.master)
    _quick(county, quick=False)
    county.sync()
    assert quick == _parts(county.master)


def test_a_pass_with_nothing_changed_leaves_the_shelf_alone(county: CountyOnDisk) -> None:
    before = _shelved(county)
    assert county.sync(NOW).run is None
    assert _shelved(county) == before


def test_only_its_own_user_may_read_it(county: CountyOnDisk) -> None:
    folder = county.folder / FOLDER
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def _seen(cell: Cell) -> tuple[object, ...]:
    """A cell's value and how it looks."""
    font, border = cell.font, cell.border
    look = (font.name, font.sz, font.b, font.color.rgb if font.color else "", cell.fill.fgColor.rgb, border.left.style)
    return cell.value, cell.number_format, cell.alignment.horizontal, cell.alignment.wrap_text, *look


def _cells(path: Path) -> Cells:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[_seen(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}


@needs_libreoffice
def test_calamine_openpyxl_and_libreoffice_read_it_as_they_read_the_other(county: CountyOnDisk, tmp_path: Path) -> None:
    quick = county.master.rename(tmp_path / "quick.xlsx")
    _quick(county, quick=False)
    county.sync()
    assert _calamine(quick) == _calamine(county.master)
    assert _cells(quick) == _cells(county.master)
    saved = [_calamine(recalculated(path, tmp_path / path.stem)) for path in (quick, county.master)]
    assert saved[0] == saved[1]
    assert len(saved[0]["退役军人"]) == 60


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_pieces_behind_one_another_are_one_stream_with_the_checksum_of_the_whole(texts: list[bytes]) -> None:
    rows = deflated_rows(text * 200 for text in texts[:-1])
    pieces = [Deflated.unpacked(piece.packed()) for piece in (rows, deflated(texts[-1], last=True))]
    whole = b"".join(text * 200 for text in texts[:-1]) + texts[-1]
    assert zlib.decompress(b"".join(piece.data for piece in pieces), -zlib.MAX_WBITS) == whole
    assert joined(pieces[0].crc, pieces[1].crc, pieces[1].size) == zlib.crc32(whole)
    assert sum(piece.size for piece in pieces) == len(whole)


def test_rows_come_out_of_a_piece_as_they_went_in() -> None:
    rows = [Random(n).randbytes(n * 97).replace(b";", b"") + b";" for n in range(120)]  # more than is unpacked at once
    assert [*inflated_rows(deflated_rows(rows), b";")] == rows

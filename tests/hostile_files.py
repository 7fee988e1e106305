"""Workbooks made to harm whoever reads them: each a right workbook of 城关镇 with one thing turned against the reader."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
import xlwt

from tests.county import table, veteran, workbook
from tests.drawn import WRITERS, Drawn, sheet, write_xlsx
from tests.encrypting import encrypted
from validators.raw import RawSheet
from workbook_templates.form import Forms, load_forms
from workbook_templates.sheet import DICTIONARY

Parts = dict[str, bytes]
SHEET, STRINGS, BOOK = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY l0 "haha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>'
PEOPLE = 3
_OURS = load_forms()
FORMS = Forms([_OURS[form].model_copy(update={"room": 60}) for form in ("cover", "veterans")], "")
"""Forms with little room: a template of all sheets with all their room takes a second to write, and a minute to read in detail."""


def right() -> Drawn:
    """What 城关镇 has typed, in order: three veterans."""
    return workbook("城关镇", [veteran(n) for n in range(PEOPLE)])


@cache
def sound(ending: str) -> bytes:
    """The right workbook in a format."""
    with TemporaryDirectory() as folder:
        return WRITERS[ending](Path(folder) / f"a{ending}", right()).read_bytes()


def parts_of(data: bytes) -> Parts:
    """The parts of a zipped workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zipped workbook of these parts."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return result.getvalue()


def changed(part: str, old: bytes, new: bytes, ending: str = ".xlsx", count: int = 1) -> bytes:
    """The right workbook with `new` for `old` in one part, where it must stand."""
    parts = parts_of(sound(ending))
    assert old in parts[part], parts[part][:2000]
    return zipped(parts | {part: parts[part].replace(old, new, count)})


def _after_declaration(part: str, doctype: bytes, ending: str = ".xlsx") -> Parts:
    parts = parts_of(sound(ending))
    head, end, rest = parts[part].partition(b"?>")
    return parts | {part: head + end + doctype + rest}


def laughing(part: str, at: bytes, doctype: bytes = LAUGHS, ending: str = ".xlsx") -> bytes:
    """The right workbook whose `part` declares entities and uses the largest behind the first `at`."""
    parts = _after_declaration(part, doctype, ending)
    assert at in parts[part]
    return zipped(parts | {part: parts[part].replace(at, at + b"&l9;", 1)})


def _claimed(data: bytes, part: str, size: int) -> bytes:
    """The archive in which a part claims to be `size` bytes long, in both places that say so."""
    name = part.encode()
    central = data.rindex(name) - 46
    (local,) = struct.unpack_from("<I", data, central + 42)
    result = bytearray(data)
    struct.pack_into("<I", result, central + 24, size)
    struct.pack_into("<I", result, local + 22, size)
    return bytes(result)


def _blown_up(part: bytes, at: bytes, megabytes: int) -> bytes:
    """The part, deflated, with so many MiB of spaces behind the first `at`. Only one of them is ever made."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)

    def packed(content: bytes) -> bytes:
        return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)

    head, found, rest = part.partition(at)
    assert found
    return packed(head + found) + packed(b" " * 2**20) * megabytes + packed(rest) + packer.flush()


def bomb(part: str, at: bytes, megabytes: int, claimed: int) -> bytes:
    """The right workbook with MiB of spaces in a part, which claims to be `claimed` bytes long."""
    parts = parts_of(sound(".xlsx"))
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, _blown_up(content, at, megabytes) if name == part else content)
    data = bytearray(_claimed(result.getvalue(), part, claimed))
    central = data.rindex(part.encode()) - 46
    (local,) = struct.unpack_from("<I", data, central + 42)
    struct.pack_into("<H", data, central + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<H", data, local + 8, zipfile.ZIP_DEFLATED)
    return bytes(data)


def twice(part: str, second: bytes) -> bytes:
    """The right workbook with two parts of one name."""
    result = io.BytesIO(sound(".xlsx"))
    with zipfile.ZipFile(result, "a") as archive, warnings.catch_warnings(action="ignore"):
        archive.writestr(part, second)
    return result.getvalue()


def with_parts(more: Mapping[str, bytes]) -> bytes:
    """The right workbook with parts that it does not mention."""
    return zipped({**parts_of(sound(".xlsx")), **more})


def with_title(title: str, ending: str = ".xlsx") -> bytes:
    """The right workbook with one more sheet of such a title."""
    drawn = {**right(), title: table("veterans", [veteran(9)])}
    with TemporaryDirectory() as folder:
        return WRITERS[ending](Path(folder) / f"a{ending}", drawn).read_bytes()


def _deep(part: str, before: bytes, depth: int = 200_000, ending: str = ".xlsx") -> bytes:
    return changed(part, before, b"<a>" * depth + b"</a>" * depth + before, ending)


def stamped(stamp: str) -> bytes:
    """The right workbook with a stamp."""
    drawn = {**right(), DICTIONARY: RawSheet(DICTIONARY, ((stamp,),), visible=False)}
    with TemporaryDirectory() as folder:
        return write_xlsx(Path(folder) / "a.xlsx", drawn).read_bytes()


def crowded() -> bytes:
    """The right workbook with fifty more sheets."""
    more = {f"表{n}": sheet("| x |", f"表{n}") for n in range(50)}
    with TemporaryDirectory() as folder:
        return write_xlsx(Path(folder) / "a.xlsx", {**right(), **more}).read_bytes()


def scattered(cells: Mapping[tuple[int, int], str]) -> bytes:
    """A workbook with one sheet that holds nothing but these cells, row and column from 0."""
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        page = book.add_worksheet("退役军人")
        for (row, column), value in cells.items():
            page.write_string(row, column, value)
    return result.getvalue()


def armed() -> bytes:
    """The right workbook with formulas that call programs, a DDE link, an external link and a macro project."""
    parts = parts_of(sound(".xlsx"))
    sheet = parts[SHEET].replace(b"</row>", b'<c r="AZ1" t="str"><f>cmd|\'/c calc\'!A0</f><v>x</v></c></row>', 1)
    dde = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    name = b"<definedNames><definedName name=\"_xlnm.Auto_Open\">cmd|'/c calc'!A0</definedName></definedNames>"
    book = parts[BOOK].replace(b"</sheets>", b"</sheets>" + name)
    return zipped(
        parts
        | {SHEET: sheet, BOOK: book, "xl/externalLinks/externalLink1.xml": dde, "xl/vbaProject.bin": b"\xd0\xcf" * 99}
    )


def looping_xls() -> bytes:
    """An .xls whose first sector of the allocation table leads every chain back to its own beginning."""
    data = bytearray(sound(".xls"))
    (first,) = struct.unpack_from("<I", data, 76)
    begin = 512 * (first + 1)
    for sector in range(128):
        struct.pack_into("<I", data, begin + 4 * sector, sector)
    return bytes(data)


def wide_xls() -> bytes:
    """An .xls that puts cells into the 65,536th column of many rows, where there is none."""
    data = bytearray(sound(".xls"))
    at = 0
    number = struct.pack("<HH", 0x00FD, 10)  # LABELSST
    while (at := data.find(number, at)) >= 0:
        struct.pack_into("<H", data, at + 6, 65_535)
        at += 14
    return bytes(data)


def xls_text(text: str, put: bytes) -> bytes:
    """An .xls in which the UTF-16 of a text is other bytes of the same length."""
    book = xlwt.Workbook()
    book.add_sheet("退役军人").write(0, 0, text)
    result = io.BytesIO()
    book.save(result)
    old = text.encode("utf-16-le")
    assert result.getvalue().count(old) == 1
    assert len(old) == len(put)
    return result.getvalue().replace(old, put)


def _ods_cell(cell: bytes) -> bytes:
    return changed(
        "content.xml", b"<table:table-row", b"<table:table-row>" + cell + b"</table:table-row><table:table-row", ".ods"
    )


TEXT_CELL = b'<table:table-cell office:value-type="string"%s><text:p>%s</text:p></table:table-cell>'

READ, LESS = "read", "less"
"""Codes of files that are read: all that they should hold, or less, so that its sheet is not taken for complete."""

Maker = Callable[[], bytes]

FILES: Mapping[str, tuple[Maker, str]] = {
    "a part that claims 4 GB.xlsx": (lambda: _claimed(sound(".xlsx"), STRINGS, 2**32 - 2), "F30"),
    "a part that inflates to 600 MB and says so.xlsx": (lambda: bomb(STRINGS, b"<t>", 600, 601 * 2**20), "F30"),
    "texts that inflate to 3 GB and claim a few bytes.xlsx": (lambda: bomb(STRINGS, b"<t>", 3000, 900), "F32"),
    "a sheet that inflates to 3 GB and claims a few bytes.xlsx": (lambda: bomb(SHEET, b"<sheetData>", 3000, 900), "F32"),
    "styles that inflate to 3 GB and claim a few bytes.xlsx": (lambda: bomb("xl/styles.xml", b"<fonts", 3000, 900), "F32"),
    "a workbook inside a workbook.xlsx": (lambda: with_parts({"xl/embeddings/a.xlsx": sound(".xlsx")}), READ),
    "laughing workbook.xlsx": (lambda: laughing(BOOK, b"<sheets>"), "F47"),
    "laughing sheet.xlsx": (lambda: laughing(SHEET, b"<sheetData>"), "F47"),
    "laughing texts.xlsx": (lambda: laughing(STRINGS, b"<t>"), "F47"),
    "laughing links.xlsx": (lambda: laughing("xl/_rels/workbook.xml.rels", b'Target="'), "F47"),
    "laughing table.ods": (lambda: laughing("content.xml", b"<text:p>", ending=".ods"), "F47"),
    "a text from outside.xlsx": (lambda: laughing(STRINGS, b"<t>", OUTSIDE), "F47"),
    "a text from outside.ods": (lambda: laughing("content.xml", b"<text:p>", OUTSIDE, ".ods"), "F47"),
    "ten cells in a million rows.xlsx": (
        lambda: scattered({(n * 116_508, n): "x" for n in range(10)}), "F30"),
    "sixteen thousand columns.xlsx": (lambda: scattered({(0, 0): "姓名", (0, 16_383): "x"}), "F30"),
    "deep workbook.xlsx": (lambda: _deep(BOOK, b"<sheets>"), READ),
    "deep sheet.xlsx": (lambda: _deep(SHEET, b"<sheetData>"), READ),
    "deep texts.xlsx": (lambda: _deep(STRINGS, b"<si>"), READ),
    "a column of four letters.xlsx": (lambda: changed(SHEET, b'r="B2"', b'r="KXHQ2"'), "F30"),
    "an error in the last column.xlsx": (
        lambda: changed(SHEET, b'<c r="B2"', b'<c r="XFD2" t="e"><v>#N/A</v></c><c r="B2"'), "F30"),
    "armed.xlsx": (armed, READ),
    "two sheets under one name.xlsx": (lambda: twice(SHEET, b"<worksheet/>"), "F32"),
    "two workbooks under names that differ in case.xlsx": (lambda: twice("XL/WorkBook.xml", b"<workbook/>"), "F32"),
    "a path that leads out.xlsx": (lambda: with_parts({"../../../../etc/cron.d/x": b"x", "/etc/x": b"x"}), READ),
    "a link that leads out.xlsx": (
        lambda: changed("xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"../../../etc/hostname"), "F32"),
    "a sheet that points at itself.xlsx": (
        lambda: changed("xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"workbook.xml"), LESS),
    "wrong content types.xlsx": (
        lambda: changed("[Content_Types].xml", b"spreadsheetml.worksheet", b"wordprocessingml.document", count=99), READ),
    "looping.xls": (looping_xls, "F32"),
    "columns beyond the last.xls": (wide_xls, "F32"),
    "half a character.xls": (lambda: xls_text("钾某", b"\x3d\xd8\xd0\x67"), "F32"),
    "cells repeated 2^30 times.ods": (
        lambda: _ods_cell(TEXT_CELL % (b' table:number-columns-repeated="1073741824"', b"x")), "F30"),
    "blank cells repeated 2^30 times.ods": (
        lambda: _ods_cell(b'<table:table-cell table:number-columns-repeated="1073741824"/>'), READ),
    "two thousand million spaces.ods": (
        lambda: _ods_cell(TEXT_CELL % (b"", b'a<text:s text:c="2000000000"/>b')), "F30"),
    "a merge as large as the sheet.xlsx": (
        lambda: changed(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), READ),
    "two sheets of one title.xlsx": (
        lambda: changed(BOOK, '"优抚对象"'.encode(), '"退役军人"'.encode()), "F32"),
    "a stamp with a number of ten thousand digits.xlsx": (
        lambda: stamped("taizhang-stamp;990101;990101001;veterans=" + "9" * 10_000), READ),
    "a stamp with a number that is none.xlsx": (lambda: stamped("taizhang-stamp;990101;990101001;veterans=²"), READ),
    "a cell of ten million characters.xlsx": (
        lambda: changed(STRINGS, "清河县城关镇东风村3组".encode(), b"x" * 10**7), "F30"),
    "a sheet called like a formula.xlsx": (lambda: with_title("=cmd|' c calc'!A0"), READ),
    "a sheet called like a formula.ods": (lambda: with_title("=HYPERLINK(1)", ".ods"), READ),
    "fifty sheets.xlsx": (crowded, READ),
    "locked.xlsx": (lambda: encrypted(sound(".xlsx"), "机密"), "F02"),
}  # fmt: skip
"""A name for each hostile file, what makes it, and the code that its clerk is told."""

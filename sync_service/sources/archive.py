"""Opening a zipped workbook without letting it unfold into more than the machine can hold."""

import posixpath
import zipfile
from io import BytesIO
from xml.etree import ElementTree

from sync_service.sources.base import Limits, SuspectError, TooBigError

_DECLARATION = b"<!ENTITY"
"""How an entity begins, which may unfold without end or fetch what lies elsewhere. OOXML forbids them (ECMA-376-2, 9.1.4), and
of OpenDocument's programs none writes one."""


def check_extent(last_row: int, last_column: int, limits: Limits) -> None:
    """Raises TooBigError if a sheet's last value stands too far out: rows and columns count from 1."""
    if last_row > limits.rows:
        raise TooBigError(f"第 {last_row} 行还有内容，最多 {limits.rows} 行")
    if last_column > limits.columns:
        raise TooBigError(f"第 {last_column} 列还有内容，最多 {limits.columns} 列")
    if last_row * last_column > limits.cells:
        raise TooBigError(f"{last_row} 行 × {last_column} 列，超过 {limits.cells} 格")


def part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The archive's names by how they ought to be written: in lower case with forward slashes."""
    return {name.lower().replace("\\", "/"): name for name in archive.namelist()}


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, never more than it claims to hold.

    Raises SuspectError if it declares entities, zipfile.BadZipFile or zlib.error if it is damaged: one that holds more than
    it claims is found out by its checksum.
    """
    with archive.open(name) as part:
        content = part.read(archive.getinfo(name).file_size)
    if _DECLARATION in content:
        raise SuspectError
    return content


def look_for_traps(data: bytes, limits: Limits) -> None:
    """Looks through a zipped workbook that could not be read. Raises SuspectError if that was no accident.

    What gives it away: entities in one of its XML parts, or a sheet of Excel 4 macros, of which old viruses are made.
    """
    with open_archive(data, limits) as archive:
        for name in archive.namelist():
            if name.lower().startswith("xl/macrosheets/"):
                raise SuspectError
            if name.lower().endswith((".xml", ".rels")):
                part_of(archive, name)


def linked_parts(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Of an Excel file whose book is the part xl/`book`: each relationship's id with the name of its part."""
    names = part_names(archive)
    links = names.get(f"xl/_rels/{book}.rels")
    if links is None:
        return {}
    parts = {}
    for link in ElementTree.fromstring(part_of(archive, links)):
        target = posixpath.normpath(posixpath.join("/xl", link.get("Target", "").replace("\\", "/")))
        part = names.get(target.lstrip("/").lower())
        if part:
            parts[link.get("Id", "")] = part
    return parts


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The zip archive in `data`.

    Raises TooBigError if its parts would inflate to more than the limit, zipfile.BadZipFile if it is damaged or has two parts
    of one name, of which readers take one or the other.
    """
    archive = zipfile.ZipFile(BytesIO(data))
    if len(part_names(archive)) < len(archive.infolist()):
        raise zipfile.BadZipFile("two parts of one name")
    if sum(part.file_size for part in archive.infolist()) > limits.unpacked_mb * 2**20:
        raise TooBigError(f"解开后超过 {limits.unpacked_mb} MB")
    return archive

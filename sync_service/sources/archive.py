"""Opening a zipped workbook without letting it unfold into more than the machine can hold."""

import posixpath
import zipfile
from io import BytesIO
from xml.etree import ElementTree

from sync_service.sources.base import Limits, TooBigError


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


def linked_parts(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Of an Excel file whose book is the part xl/`book`: each relationship's id with the name of its part."""
    names = part_names(archive)
    links = names.get(f"xl/_rels/{book}.rels")
    if links is None:
        return {}
    parts = {}
    for link in ElementTree.fromstring(archive.read(links)):
        target = posixpath.normpath(posixpath.join("/xl", link.get("Target", "").replace("\\", "/")))
        part = names.get(target.lstrip("/").lower())
        if part:
            parts[link.get("Id", "")] = part
    return parts


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The zip archive in `data`.

    Raises TooBigError if its parts would inflate to more than the limit, zipfile.BadZipFile if it is damaged. A part that
    says less than it holds is found out by its checksum, when it is read.
    """
    archive = zipfile.ZipFile(BytesIO(data))
    if sum(part.file_size for part in archive.infolist()) > limits.unpacked_mb * 2**20:
        raise TooBigError(f"解开后超过 {limits.unpacked_mb} MB")
    return archive

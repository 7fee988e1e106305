"""Which kind of file it is, by content: endings are often wrong."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from struct import unpack_from
from typing import Literal

from sync_service.sources.archive import part_of
from sync_service.sources.base import SuspectError

Format = Literal["xlsx", "xlsb", "ods", "xls", "encrypted", "torn", "foreign", "broken"]
"""Readable kinds, and why a file is none: encrypted, torn (not completely saved), foreign (not a workbook), broken."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x06\x00", b"\x09\x08\x08\x00")
"""How a stream of BIFF2 to BIFF5 begins that was saved without a container around it."""


def _named(data: bytes, *streams: str) -> bool:
    return any(stream.encode("utf-16-le") + b"\0\0" in data for stream in streams)


def _lacks_directory(data: bytes) -> bool:
    """Whether a compound file ends before the sector where its directory begins (MS-CFB 2.2)."""
    if len(data) < 512:
        return True
    (shift,), (sector,) = unpack_from("<H", data, 30), unpack_from("<I", data, 48)
    return shift in (9, 12) and (sector + 1 << shift) + 128 > len(data)


def _compound(data: bytes) -> Format:
    if _lacks_directory(data):
        return "torn"
    if _named(data, "EncryptedPackage"):
        return "encrypted"
    return "xls" if _named(data, "Workbook", "Book", "WORKBOOK", "BOOK") else "foreign"


def _workbook_elsewhere(archive: zipfile.ZipFile, names: Mapping[str, str]) -> bool:
    """Whether it says that it is an Excel workbook, wherever its parts lie; only some libraries put them elsewhere."""
    types = names.get("[content_types].xml")
    return types is not None and b"spreadsheetml" in part_of(archive, types)


def _zipped(data: bytes) -> Format:
    if not zipfile.is_zipfile(BytesIO(data)):
        return "torn"
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
            manifest = names.get("meta-inf/manifest.xml")
            if "content.xml" in names or "encrypted-package" in names:
                kind = part_of(archive, names["mimetype"]) if "mimetype" in names else b""
                if kind and b"spreadsheet" not in kind:
                    return "foreign"
                return "encrypted" if manifest and b"encryption-data" in part_of(archive, manifest) else "ods"
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "xl/workbook.bin" in names:
                return "xlsb"
            is_workbook = any(name.startswith("xl/") for name in names) or _workbook_elsewhere(archive, names)
            return "broken" if is_workbook else "foreign"
    except SuspectError:
        raise
    except Exception:  # zipfile meets damage in countless ways: zlib.error, RuntimeError, EOFError, struct.error
        return "broken"


def detect(data: bytes) -> Format:
    """The kind of workbook that `data` is, or why it is none. Raises SuspectError if it was made to harm."""
    if not data:
        return "torn"
    if data.startswith(_OLE):
        return _compound(data)
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(_BARE_BIFF):
        return "xls"
    # A crash of the machine leaves a file of the right length full of zeros.
    return "foreign" if data[:512].strip(b"\0") else "broken"

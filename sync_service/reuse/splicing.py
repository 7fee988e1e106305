"""A workbook whose frame XlsxWriter wrote, with compressed rows put into its sheets without unpacking them.

The parts' order and everything in them but the rows is XlsxWriter's own, and the rows are the text that it would have written.
"""

import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from sync_service.reuse.deflated import Deflated, deflated, joined

MARK = "<!--rows-->"
"""Stands in a sheet's XML where rows are to go. No cell can hold it: < is escaped there."""

_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_MODE = 0o600 << 16


def _as_it_is(file: BinaryIO, info: zipfile.ZipInfo) -> Deflated:
    """A part of the frame, compressed as XlsxWriter left it."""
    file.seek(info.header_offset)
    head = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(head[9] + head[10], 1)
    return Deflated(file.read(info.compress_size), info.CRC, info.file_size)


def _spliced(xml: bytes, pieces: Iterable[Deflated]) -> Iterator[Deflated]:
    before, after = xml.split(MARK.encode())
    yield deflated(before)
    yield from pieces
    yield deflated(after, last=True)


class _Archive:
    """A zip archive of parts that are compressed already; of each, no more than a piece is in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[bytes] = []

    def add(self, info: zipfile.ZipInfo, pieces: Iterable[Deflated]) -> None:
        """Adds a part, named and dated as in `info`."""
        year, month, day, hour, minute, second = info.date_time
        when = (hour << 11 | minute << 5 | second >> 1, (year - 1980) << 9 | month << 5 | day)
        name = info.filename.encode("ascii")
        start = self._file.tell()
        self._file.seek(_LOCAL.size + len(name), 1)
        crc, packed, size = 0, 0, 0
        for piece in pieces:
            self._file.write(piece.data)
            crc, packed, size = joined(crc, piece.crc, piece.size), packed + len(piece.data), size + piece.size
        about = (0, info.compress_type, *when, crc, packed, size, len(name), 0)
        self._file.seek(start)  # what stands before a part is known when it is written
        self._file.write(_LOCAL.pack(b"PK\3\4", _VERSION, *about) + name)
        self._file.seek(packed, 1)
        self._entries.append(_ENTRY.pack(b"PK\1\2", _VERSION, _VERSION, *about, 0, 0, 0, _MODE, start) + name)

    def close(self) -> None:
        """Adds the directory."""
        start, entries = self._file.tell(), b"".join(self._entries)
        count = len(self._entries)
        self._file.write(entries + _END.pack(b"PK\5\6", 0, 0, count, count, len(entries), start, 0))


def splice(frame: Path, target: Path, rows: Mapping[str, Iterable[Deflated]]) -> None:
    """Writes to `target` the workbook `frame` with `rows` in the places of MARK, by the names of the sheets' parts.

    Each piece of rows is taken, written and forgotten in turn. Raises OSError if the file cannot be written.
    """
    with zipfile.ZipFile(frame) as parts, frame.open("rb") as source, target.open("wb") as file:
        archive = _Archive(file)
        for info in parts.infolist():
            if info.filename in rows:
                archive.add(info, _spliced(parts.read(info), rows[info.filename]))
            else:
                archive.add(info, [_as_it_is(source, info)])
        archive.close()

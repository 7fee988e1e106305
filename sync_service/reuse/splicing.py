"""A workbook whose frame XlsxWriter wrote, with compressed rows put into its sheets without unpacking them.

The parts' order and everything in them but the rows is XlsxWriter's own, and the rows are the text that it would have written.
"""

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from sync_service.reuse.deflated import Deflated, deflated, whole

MARK = "<!--rows-->"
"""Stands in a sheet's XML where rows are to go. No cell can hold it: < is escaped there."""

_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_MODE = 0o600 << 16


def _raw(file: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    """A part's compressed bytes."""
    file.seek(info.header_offset)
    head = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(head[9] + head[10], 1)
    return file.read(info.compress_size)


def _spliced(xml: bytes, pieces: Sequence[Deflated]) -> tuple[Sequence[bytes], int, int]:
    before, after = xml.split(MARK.encode())
    return whole([deflated(before), *pieces, deflated(after, last=True)])


class _Archive:
    """A zip archive of parts that are compressed already."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[bytes] = []

    def add(self, info: zipfile.ZipInfo, blocks: Iterable[bytes], crc: int, size: int) -> None:
        """Adds a part, named and dated as in `info`."""
        data = tuple(blocks)
        year, month, day, hour, minute, second = info.date_time
        when = (hour << 11 | minute << 5 | second >> 1, (year - 1980) << 9 | month << 5 | day)
        name = info.filename.encode("ascii")
        about = (0, info.compress_type, *when, crc, sum(map(len, data)), size, len(name), 0)
        start = self._file.tell()
        self._file.write(_LOCAL.pack(b"PK\3\4", _VERSION, *about) + name)
        self._file.writelines(data)
        self._entries.append(_ENTRY.pack(b"PK\1\2", _VERSION, _VERSION, *about, 0, 0, 0, _MODE, start) + name)

    def close(self) -> None:
        """Adds the directory."""
        start, entries = self._file.tell(), b"".join(self._entries)
        count = len(self._entries)
        self._file.write(entries + _END.pack(b"PK\5\6", 0, 0, count, count, len(entries), start, 0))


def splice(frame: Path, target: Path, rows: Mapping[str, Sequence[Deflated]]) -> None:
    """Writes to `target` the workbook `frame` with `rows` in the places of MARK, by the names of the sheets' parts.

    Raises OSError if it cannot be written.
    """
    with zipfile.ZipFile(frame) as parts, frame.open("rb") as source, target.open("wb") as file:
        archive = _Archive(file)
        for info in parts.infolist():
            if info.filename in rows:
                archive.add(info, *_spliced(parts.read(info), rows[info.filename]))
            else:
                archive.add(info, [_raw(source, info)], info.CRC, info.file_size)
        archive.close()

"""The dir stream of a VBA project ([MS-OVBA] 2.3.4.2): records that tell of the project, its references and its modules."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["document", "module", "class"]
"""What a module is: the code behind a sheet or the workbook, a plain one, or a class."""

_VERSION, _MODULES, _COOKIE, _END = 0x09, 0x0F, 0x13, 0x10
_NAME, _NAME_UNICODE, _STREAM, _STREAM_UNICODE = 0x19, 0x47, 0x1A, 0x32
_NOTE, _NOTE_UNICODE, _OFFSET, _HELP, _MODULE_COOKIE = 0x1C, 0x48, 0x31, 0x1E, 0x2C
_PLAIN, _OTHER, _MODULE_END = 0x21, 0x22, 0x2B
_REFERENCE_NAME = 0x16
_ANYTHING = b"\xff\xff"
"""What a writer puts where a reader must not look."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its id and its content."""

    id: int
    data: bytes

    def packed(self) -> bytes:
        """The record as it stands in the stream. The version's length leaves out its last two bytes: so it is laid down."""
        length = 4 if self.id == _VERSION else len(self.data)
        return struct.pack("<HI", self.id, length) + self.data


def records(stream: bytes) -> Iterator[Record]:
    """The records of a decompressed dir stream, in order."""
    at = 0
    while at < len(stream):
        name, length = struct.unpack_from("<HI", stream, at)
        length += 2 if name == _VERSION else 0
        yield Record(name, stream[at + 6 : at + 6 + length])
        at += 6 + length


def information(found: Sequence[Record]) -> tuple[Record, ...]:
    """The records about the project as a whole, of those of a dir stream."""
    return tuple(found[: _first(found, _REFERENCE_NAME)])


def references(found: Sequence[Record]) -> tuple[Record, ...]:
    """The records about what the project refers to, of those of a dir stream."""
    return tuple(found[_first(found, _REFERENCE_NAME) : _first(found, _MODULES)])


def _first(found: Sequence[Record], name: int) -> int:
    return next(i for i, record in enumerate(found) if record.id == name)


def offsets(found: Iterable[Record]) -> dict[str, int]:
    """Where in its stream each module's source begins, by the stream's name."""
    begins: dict[str, int] = {}
    stream = ""
    for record in found:
        if record.id == _STREAM:
            stream = record.data.decode("ascii")
        elif record.id == _OFFSET:
            (begins[stream],) = struct.unpack("<I", record.data)
    return begins


def _module(name: str, kind: Kind) -> Iterator[Record]:
    """The records about a module whose stream holds its source and nothing before it."""
    plain, unicode = name.encode("ascii"), name.encode("utf-16-le")
    yield Record(_NAME, plain)
    yield Record(_NAME_UNICODE, unicode)
    yield Record(_STREAM, plain)
    yield Record(_STREAM_UNICODE, unicode)
    yield Record(_NOTE, b"")
    yield Record(_NOTE_UNICODE, b"")
    yield Record(_OFFSET, bytes(4))
    yield Record(_HELP, bytes(4))
    yield Record(_MODULE_COOKIE, _ANYTHING)
    yield Record(_PLAIN if kind == "module" else _OTHER, b"")
    yield Record(_MODULE_END, b"")


def dir_stream(about: Iterable[Record], modules: Sequence[tuple[str, Kind]]) -> bytes:
    """A dir stream, not yet compressed: `about` the project and its references, then its modules by name and kind."""
    parts = [*about, Record(_MODULES, struct.pack("<H", len(modules))), Record(_COOKIE, _ANYTHING)]
    for name, kind in modules:
        parts += _module(name, kind)
    parts.append(Record(_END, b""))
    return b"".join(record.packed() for record in parts)

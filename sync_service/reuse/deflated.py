"""Pieces of a compressed part that are compressed one by one, so that an unchanged piece is used again as it is.

Each ends with a full flush: the pieces behind one another are one valid stream of the deflate format (RFC 1951), and the
checksum of the whole follows from theirs.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple, Self

LEVEL = 2
"""A third of the time of zlib's usual 6, for a fifth more bytes."""
_AT_ONCE = 128
"""So many rows are compressed at once."""
_BYTES_AT_ONCE = 65536
"""So many compressed bytes are unpacked at once."""
_HEAD = struct.Struct("<IQ")
_POLYNOMIAL = 0xEDB88320

_Matrix = tuple[int, ...]
"""A linear map of 32 bits: what becomes of each bit."""


class Deflated(NamedTuple):
    """A compressed piece, with checksum (CRC-32) and size of what it holds."""

    data: bytes
    crc: int
    size: int

    def packed(self) -> bytes:
        """The piece as bytes."""
        return _HEAD.pack(self.crc, self.size) + self.data

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """The piece from its bytes."""
        return cls(packed[_HEAD.size :], *_HEAD.unpack_from(packed))


def _squeezed(raws: Iterable[bytes], end: int) -> Deflated:
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data, crc, size = list[bytes](), 0, 0
    for raw in raws:
        data.append(squeezer.compress(raw))
        crc, size = zlib.crc32(raw, crc), size + len(raw)
    return Deflated(b"".join([*data, squeezer.flush(end)]), crc, size)


def deflated(raw: bytes, *, last: bool = False) -> Deflated:
    """`raw` as a piece that others may follow, or the `last` one."""
    return _squeezed([raw], zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def deflated_rows(rows: Iterable[bytes]) -> Deflated:
    """Rows behind one another as a piece that others may follow; few of them are in memory at a time."""
    coming = iter(rows)
    batches = iter(lambda: [*islice(coming, _AT_ONCE)], [])
    return _squeezed(map(b"".join, batches), zlib.Z_FULL_FLUSH)


def inflated_rows(piece: Deflated, end: bytes) -> Iterator[bytes]:
    """The rows that `piece` was made of, each of which has `end` at its end only; few of them are in memory at a time."""
    unpacker, left = zlib.decompressobj(-zlib.MAX_WBITS), b""
    for start in range(0, len(piece.data), _BYTES_AT_ONCE):
        *whole, left = (left + unpacker.decompress(piece.data[start : start + _BYTES_AT_ONCE])).split(end)
        for row in whole:
            yield row + end


def _applied(matrix: _Matrix, bits: int) -> int:
    result = 0
    for one in matrix:
        if bits & 1:
            result ^= one
        bits >>= 1
        if not bits:
            break
    return result


@cache
def _shift(power: int) -> _Matrix:
    """What 2 to the `power` bytes of zeros do to a checksum."""
    if power:
        half = _shift(power - 1)
        return tuple(_applied(half, bits) for bits in half)
    matrix: _Matrix = (_POLYNOMIAL, *(1 << bit for bit in range(31)))  # one bit of zero
    for _ in range(3):
        matrix = tuple(_applied(matrix, bits) for bits in matrix)
    return matrix


def joined(first: int, second: int, size: int) -> int:
    """The checksum of two texts behind one another, of which the second has `size` bytes (as zlib's crc32_combine)."""
    power = 0
    while size:
        if size & 1:
            first = _applied(_shift(power), first)
        size >>= 1
        power += 1
    return first ^ second

"""Pieces of a compressed part that are compressed one by one, so that an unchanged piece is used again as it is.

Each ends with a full flush: the pieces behind one another are one valid stream of the deflate format (RFC 1951), and the
checksum of the whole follows from theirs.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, Self

LEVEL = 2
"""A third of the time of zlib's usual 6, for a fifth more bytes."""
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


def deflated(raw: bytes, *, last: bool = False) -> Deflated:
    """`raw` as a piece that others may follow, or the `last` one."""
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = squeezer.compress(raw) + squeezer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
    return Deflated(data, zlib.crc32(raw), len(raw))


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


def _joined(first: int, second: int, size: int) -> int:
    """The checksum of two texts behind one another, of which the second has `size` bytes (as zlib's crc32_combine)."""
    power = 0
    while size:
        if size & 1:
            first = _applied(_shift(power), first)
        size >>= 1
        power += 1
    return first ^ second


def whole(pieces: Iterable[Deflated]) -> tuple[Sequence[bytes], int, int]:
    """The pieces' data in turn, with checksum and size of what they hold together."""
    data, crc, size = [], 0, 0
    for piece in pieces:
        crc, size = _joined(crc, piece.crc, piece.size), size + piece.size
        data.append(piece.data)
    return data, crc, size

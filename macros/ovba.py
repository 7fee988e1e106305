"""The compression of VBA projects, as [MS-OVBA] 2.4.1 describes it.

A container is a signature byte and chunks of at most 4096 bytes of content. A chunk is a header of two bytes and either
raw content or groups of a flag byte and eight tokens: a literal byte, or two bytes that repeat what stands before.
"""

import struct
from collections.abc import Iterator

SIGNATURE = b"\x01"
CHUNK = 4096
"""Bytes of content in every chunk but the last."""
_RAW, _COMPRESSED = 0x3000, 0xB000
"""What a chunk's header says beside its length: a fixed signature, and whether the content is compressed."""
_SHORTEST = 3
"""Bytes that are worth repeating."""


def _offset_bits(at: int) -> int:
    """How many of a copy token's 16 bits tell how far back it reaches, `at` bytes into the chunk (2.4.1.3.19.1)."""
    return max((at - 1).bit_length(), 4)


def _longest_before(chunk: bytes, at: int, starts: list[int]) -> tuple[int, int]:
    """How far back the longest repetition of what stands at `at` begins, the nearest if there are several, and its length."""
    limit = min(len(chunk) - at, (0xFFFF >> _offset_bits(at)) + _SHORTEST)
    back = length = 0
    for start in reversed(starts):
        if length < limit and chunk[start : start + length + 1] == chunk[at : at + length + 1]:
            while length < limit and chunk[start + length] == chunk[at + length]:
                length += 1
            back = at - start
    return back, length


def _tokens(chunk: bytes) -> Iterator[bytes]:
    """The chunk's content as tokens: one byte is a literal, two are a copy."""
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        back, length = _longest_before(chunk, at, seen.get(chunk[at : at + _SHORTEST], []))
        if length < _SHORTEST:
            length = 1
            yield chunk[at : at + 1]
        else:
            yield struct.pack("<H", (back - 1) << (16 - _offset_bits(at)) | (length - _SHORTEST))
        for passed in range(at, at + length):
            seen.setdefault(chunk[passed : passed + _SHORTEST], []).append(passed)
        at += length


def _compressed(chunk: bytes) -> bytes:
    tokens = list(_tokens(chunk))
    groups = []
    for first in range(0, len(tokens), 8):
        group = tokens[first : first + 8]
        flags = sum(1 << bit for bit, token in enumerate(group) if len(token) == 2)
        groups.append(bytes([flags]) + b"".join(group))
    return b"".join(groups)


def _chunk(content: bytes) -> bytes:
    data, kind = _compressed(content), _COMPRESSED
    if len(data) > CHUNK:
        if len(content) < CHUNK:
            raise ValueError("a last chunk that compression lengthens has no exact form in a VBA project")
        data, kind = content, _RAW
    return struct.pack("<H", kind | (len(data) - 1)) + data


def compress(content: bytes) -> bytes:
    """`content` as a compressed container.

    Raises ValueError for more than 3640 bytes without repetition at the end of the content: the format cannot hold them.
    No text comes near it.
    """
    return SIGNATURE + b"".join(_chunk(content[first : first + CHUNK]) for first in range(0, len(content), CHUNK))


def _expanded(data: bytes) -> bytes:
    """The content of a compressed chunk."""
    content = bytearray()
    at = 0
    while at < len(data):
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                content.append(data[at])
                at += 1
                continue
            (token,) = struct.unpack_from("<H", data, at)
            at += 2
            bits = _offset_bits(len(content))
            back = (token >> (16 - bits)) + 1
            for _ in range((token & (0xFFFF >> bits)) + _SHORTEST):
                content.append(content[-back])
    return bytes(content)


def decompress(container: bytes) -> bytes:
    """What a compressed container holds. Raises ValueError if it is none."""
    if container[:1] != SIGNATURE:
        raise ValueError("not a compressed container of a VBA project")
    content = []
    at = 1
    while at < len(container):
        (header,) = struct.unpack_from("<H", container, at)
        data = container[at + 2 : at + 3 + (header & 0xFFF)]
        content.append(_expanded(data) if header & 0x8000 else data)
        at += 2 + len(data)
    return b"".join(content)

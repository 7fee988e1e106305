"""Writes compound files, [MS-CFB] version 3: storages and streams in one file, as a VBA project is kept.

Sectors of 512 bytes are chained by a table (FAT); streams under 4096 bytes share one stream, in sectors of 64 bytes with a
table of their own. Nothing of the moment goes in: the same streams give the same bytes.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
"""Bytes of a sector and of a small one, and the size from which a stream has sectors of its own."""
_END, _FREE, _FAT, _NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
"""In a table: the end of a chain, a free sector, a sector of the FAT. In the directory: no entry."""
_IN_HEADER = 109
"""Sectors of the FAT that the header has room for: enough for 7 MB."""
_LONGEST_NAME = 31
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_HEADER = "<8s16x5H6xIIIIIIIII"
_ENTRY = "<64sHBBIII16xI16xIQ"

Tree = Mapping[str, "bytes | Tree"]
"""Streams and storages by name."""


@dataclass(slots=True)
class _Entry:
    """An entry of the directory; entries are numbered as they stand there."""

    name: str
    kind: int
    data: bytes = b""
    left: int = _NOTHING
    right: int = _NOTHING
    child: int = _NOTHING
    colour: int = _BLACK
    start: int = 0
    size: int = 0


def _order(name: str) -> tuple[int, str]:
    """How names are ordered ([MS-CFB] 2.6.4): the shorter first, then without regard to case."""
    return len(name), name.upper()


def _ordered(names: Iterable[str]) -> list[str]:
    """Names in order. Raises ValueError for one that is empty, too long or not plain, and for two that are alike."""
    ordered = sorted(names, key=_order)
    for name in ordered:
        if not name.isascii() or not 0 < len(name) <= _LONGEST_NAME or set(name) & set("/\\:!"):
            raise ValueError(f"no name for a stream: {name!r}")
    if len({_order(name) for name in ordered}) < len(ordered):
        raise ValueError(f"names that differ in nothing but case: {ordered}")
    return ordered


def _balanced(numbers: Sequence[int], entries: Sequence[_Entry], depth: int) -> int:
    """Links the ordered entries `numbers` as a red-black tree, `depth` levels deep, and returns its root.

    All levels but the last are full, so that the last one's entries are red and all others black.
    """
    if not numbers:
        return _NOTHING
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry.left = _balanced(numbers[:middle], entries, depth - 1)
    entry.right = _balanced(numbers[middle + 1 :], entries, depth - 1)
    entry.colour = _RED if depth == 1 else _BLACK
    return numbers[middle]


def _add(entries: list[_Entry], parent: _Entry, tree: Tree) -> None:
    """Appends what `tree` holds to the directory, and links it under `parent`."""
    numbers = []
    for name in _ordered(tree):
        held = tree[name]
        numbers.append(len(entries))
        if isinstance(held, bytes):
            entries.append(_Entry(name, _STREAM, held, size=len(held)))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add(entries, entries[-1], held)
    full = (len(numbers) + 1).bit_count() == 1
    # A tree whose last level is full has no red entry: it is asked for as if it were one level deeper.
    parent.child = _balanced(numbers, entries, len(numbers).bit_length() + full)


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _chain(table: list[int], count: int) -> int:
    """Appends a chain of `count` sectors to `table`, and returns its first one."""
    if not count:
        return _END
    start = len(table)
    table.extend(range(start + 1, start + count))
    table.append(_END)
    return start


def _table(values: Iterable[int]) -> bytes:
    numbers = list(values)
    numbers += [_FREE] * (-len(numbers) % (SECTOR // 4))
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    length = len(name) + 2
    return struct.pack(
        _ENTRY, name, length, entry.kind, entry.colour, entry.left, entry.right, entry.child, 0, entry.start, entry.size
    )


def _directory(entries: Iterable[_Entry]) -> bytes:
    data = b"".join(map(_packed, entries))
    unused = struct.pack(_ENTRY, b"", 0, 0, 0, _NOTHING, _NOTHING, _NOTHING, 0, 0, 0)
    return data + unused * (-len(data) % SECTOR // len(unused))


def _fat(fat: list[int], end: int) -> tuple[int, int]:
    """Adds the FAT's own sectors to itself: where they begin, and how many there are."""
    own = 0
    while (end + own) * 4 > own * SECTOR:
        own += 1
    fat.extend([_FAT] * own)
    return end, own


def compound_file(tree: Tree) -> bytes:
    """The file that holds `tree`.

    Raises ValueError for a name that is not 1 to 31 ASCII characters without / \\ : !, or is like another, and for more
    than 7 MB.
    """
    root = _Entry("Root Entry", _ROOT)
    entries = [root]
    _add(entries, root, tree)
    fat: list[int] = []
    mini_fat: list[int] = []
    sectors: list[bytes] = []
    small: list[bytes] = []
    for entry in entries:
        if entry.kind != _STREAM:
            continue
        if entry.size < MINI_LIMIT:
            data = _padded(entry.data, MINI_SECTOR)
            entry.start = _chain(mini_fat, len(data) // MINI_SECTOR)
            small.append(data)
        else:
            data = _padded(entry.data, SECTOR)
            entry.start = _chain(fat, len(data) // SECTOR)
            sectors.append(data)
    mini_stream = b"".join(small)
    root.size = len(mini_stream)
    root.start = _chain(fat, len(_padded(mini_stream, SECTOR)) // SECTOR)
    mini_table = _table(mini_fat)
    mini_start = _chain(fat, len(mini_table) // SECTOR)
    directory = _directory(entries)
    directory_start = _chain(fat, len(directory) // SECTOR)
    fat_start, fat_count = _fat(fat, len(fat))
    if fat_count > _IN_HEADER:
        raise ValueError("more than a small compound file can hold")
    body = [*sectors, _padded(mini_stream, SECTOR), mini_table, directory, _table(fat)]
    header = struct.pack(
        _HEADER,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,  # minor version
        3,  # major version
        0xFFFE,  # little-endian
        9,  # 2 ** 9 bytes in a sector
        6,  # 2 ** 6 bytes in a small one
        0,  # sectors of the directory: not told in version 3
        fat_count,
        directory_start,
        0,  # no transactions
        MINI_LIMIT,
        mini_start,
        len(mini_table) // SECTOR,
        _END,  # no table of FAT sectors but the one in this header
        0,
    )
    places = [*range(fat_start, fat_start + fat_count)]
    places += [_FREE] * (_IN_HEADER - fat_count)
    return header + struct.pack(f"<{_IN_HEADER}I", *places) + b"".join(body)

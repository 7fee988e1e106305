"""Where to look among the rows of a county: each is known by a few bits of what it shares with others, and read only then."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Self
from zlib import crc32

import orjson
from rapidfuzz.distance import DamerauLevenshtein

from sync_service.doubles.blocking import AT_HOME, NAMESAKES, Key, slips
from sync_service.doubles.person import Person, renewed

ROW = (1 << 32) - 1
"""A row is a number of 32 bits."""
_AT_ONCE = 1_000
"""So many persons are held while checksums are worked out."""


def _number(one: Person) -> tuple[str, ...]:
    """Rows of one number are about one person; without any, only rows that say the very same."""
    return (one.number,) if one.number else one.place


def _number_here(one: Person) -> tuple[str, ...]:
    """Backwards, for two numbers that have one checksum have different ones then."""
    return one.number[::-1], one.township


_KEYS: tuple[Key, ...] = (_number, _number_here, lambda one: (one.phone,), AT_HOME, *NAMESAKES)
_NUMBERS, _HERE, _PHONES, *_GROUPED = range(len(_KEYS))


def _checksum(key: Iterable[str]) -> int:
    return crc32("\0".join(key).encode())


def _runs(entries: Iterable[int]) -> Iterator[Sequence[int]]:
    """The rows that have one checksum, wherever there are several."""
    last, run = -1, list[int]()
    for entry in entries:
        if entry >> 32 != last:
            if len(run) > 1:
                yield run
            last, run = entry >> 32, []
        run.append(entry & ROW)
    if len(run) > 1:
        yield run


class Wanted:
    """What rows are looked for by; `meant` are numbers that spoilt ones may have been meant for."""

    def __init__(self) -> None:
        self.checksums: Sequence[set[int]] = [set() for _ in _KEYS]
        self.meant: set[str] = set()

    def neighbours_of(self, one: Person) -> None:
        """Rows that share with this one anything by which rows are grouped or judged; the row itself is one of them."""
        for checksums, key in zip(self.checksums, _KEYS, strict=True):
            if all(shared := key(one)):
                checksums.add(_checksum(shared))
        if one.whole:
            self.meant.add(one.number)
        elif one.number:
            self.numbers([renewed(one.number), *slips(one.number)])

    def numbers(self, numbers: Iterable[str]) -> None:
        """Rows with these numbers."""
        self.checksums[_NUMBERS].update(_checksum([number]) for number in numbers)

    def phones(self, phones: Iterable[str]) -> None:
        """Rows with these telephone numbers."""
        self.checksums[_PHONES].update(_checksum([phone]) for phone in phones)


class Index:
    """Rows, each a number of 32 bits, by what they share with others.

    There is an array for each thing that may be shared, of its checksums in their order, each with a row behind it. Different
    things may have one checksum: more may be found than was looked for, never less. `spoilt` are the rows whose number does not
    hold together, with the number.
    """

    def __init__(self, entries: "Sequence[array[int]]" = (), spoilt: Mapping[int, str] | None = None) -> None:
        self._entries = entries or [array("Q") for _ in _KEYS]
        self.spoilt = spoilt or {}

    def updated(self, gone: Collection[int], come: Iterable[tuple[int, Person]]) -> Self:
        """The index without the rows that are gone, and with others that came."""
        fresh = [array("Q") for _ in _KEYS]
        spoilt = {row: number for row, number in self.spoilt.items() if row not in gone}
        coming = iter(come)
        while some := [*islice(coming, _AT_ONCE)]:
            for entries, key in zip(fresh, _KEYS, strict=True):
                entries.extend([_checksum(shared) << 32 | row for row, one in some if all(shared := key(one))])
            spoilt |= {row: one.number for row, one in some if one.number and not one.whole}

        def merged(known: "array[int]", new: "array[int]") -> "array[int]":
            kept = (entry for entry in known if entry & ROW not in gone) if gone else known
            return array("Q", sorted(chain(kept, new)))

        return type(self)([merged(*both) for both in zip(self._entries, fresh, strict=True)], spoilt)

    def shared(self) -> set[int]:
        """The rows that share with another person, or another township, what rows are grouped by."""
        numbers, here = ({row: run[0] for run in _runs(self._entries[way]) for row in run} for way in (_NUMBERS, _HERE))
        return {
            row
            for way in (_NUMBERS, *_GROUPED)
            for run in _runs(self._entries[way])
            if len({(numbers.get(row, row), here.get(row, row)) for row in run}) > 1
            for row in run
        }

    def holding(self, wanted: Wanted) -> set[int]:
        """The rows that are looked for."""
        found = set()
        for entries, checksums in zip(self._entries, wanted.checksums, strict=True):
            for checksum in checksums:
                at = bisect_left(entries, checksum << 32)
                while at < len(entries) and entries[at] >> 32 == checksum:
                    found.add(entries[at] & ROW)
                    at += 1
        return found | {row for row, number in self.spoilt.items() if _may_be(number, wanted.meant)}

    def packed(self) -> bytes:
        """The index as bytes."""
        head = orjson.dumps([[*self.spoilt.items()], [len(entries) for entries in self._entries]])
        return b"\n".join([head, b"".join(entries.tobytes() for entries in self._entries)])

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """The index that was packed so."""
        head, _, rest = packed.partition(b"\n")
        spoilt, lengths = orjson.loads(head)
        entries, at = [], 0
        for length in lengths:
            one = array("Q")
            one.frombytes(memoryview(rest)[at : (at := at + length * one.itemsize)])
            entries.append(one)
        return cls(entries, dict(spoilt))


def _may_be(spoilt: str, numbers: Collection[str]) -> bool:
    """Whether a spoilt number may have been meant for one of these, by one slip or as it was before 1999."""
    return renewed(spoilt) in numbers or any(
        DamerauLevenshtein.distance(spoilt, number, score_cutoff=1) <= 1 for number in numbers
    )

"""The rows of the merged sheets as compressed pieces: taken from the shelf, or made and put there.

Rows that merely moved, because those above them became more or fewer, are not made again but get other numbers. Half of what
is left to do then is to compress them.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from sync_service.quick_sheet import ROW_END, QuickSheet, renumbered
from sync_service.reuse.deflated import Deflated, deflated_rows, inflated_rows
from sync_service.reuse.shelf import Shelf
from sync_service.reuse.splicing import MARK

_ROWS = "rows-"
_FIRST = struct.Struct("<I")
"""Stands on the shelf before a piece: the row in which it begins."""


class Splicer:
    """Collects what is to be spliced into the sheets of one workbook."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._makings: dict[str, list[Callable[[], Deflated]]] = defaultdict(list)
        self._used: set[str] = set()

    def put(
        self, sheet: QuickSheet, name: str, made_from: object, first: int, width: int, rows: Iterable[bytes]
    ) -> None:
        """The next rows of `sheet`, `width` cells wide and from row `first` on. They are known by `name`.

        `rows` are made only if `made_from`, which is all that is in them but their numbers, is not what it was.
        """
        makings = self._makings[sheet.part]
        if not makings:
            sheet.put_mark(MARK)
        makings.append(partial(self._piece, _ROWS + name, repr(made_from).encode(), first, width, rows))
        self._used.add(_ROWS + name)

    def _piece(self, name: str, fingerprint: bytes, first: int, width: int, rows: Iterable[bytes]) -> Deflated:
        entry = self._shelf.get(name, fingerprint)
        if entry:
            (earlier,), piece = _FIRST.unpack_from(entry), Deflated.unpacked(entry[_FIRST.size :])
            if earlier == first:
                return piece
            rows = renumbered(inflated_rows(piece, ROW_END.encode()), earlier, first, width)
        piece = deflated_rows(rows)
        self._shelf.put(name, fingerprint, _FIRST.pack(first) + piece.packed())
        return piece

    def rows(self) -> Mapping[str, Iterable[Deflated]]:
        """The pieces by the names of the sheets' parts. Each is made when it is its turn, so that one is in memory at a time."""
        return {part: (make() for make in makings) for part, makings in self._makings.items()}

    def shelve(self) -> None:
        """Makes every piece and leaves it on the shelf."""
        for makings in self._makings.values():
            for make in makings:
                make()

    def tidy(self) -> None:
        """Takes from the shelf what this workbook has no more."""
        self._shelf.keep_only(_ROWS, self._used)

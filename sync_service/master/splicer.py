"""The rows of the merged sheets as compressed pieces: taken from the shelf, or made and put there."""

from collections import defaultdict
from collections.abc import Iterable

from sync_service.quick_sheet import QuickSheet
from sync_service.reuse.deflated import Deflated, deflated
from sync_service.reuse.shelf import Shelf
from sync_service.reuse.splicing import MARK

_ROWS = "rows-"


class Splicer:
    """Collects what is to be spliced into the sheets of one workbook. `rows` are the pieces by the names of the sheets' parts."""

    def __init__(self, shelf: Shelf) -> None:
        self.rows: dict[str, list[Deflated]] = defaultdict(list)
        self._shelf = shelf
        self._used: set[str] = set()

    def put(self, sheet: QuickSheet, name: str, made_from: object, texts: Iterable[str]) -> None:
        """The next rows of `sheet`. They are known by `name`; `texts` are made only if `made_from` is not what it was."""
        pieces = self.rows[f"xl/worksheets/sheet{sheet.index + 1}.xml"]
        if not pieces:
            sheet.put_mark(MARK)
        name, fingerprint = _ROWS + name, repr(made_from).encode()
        packed = self._shelf.get(name, fingerprint)
        if packed is None:
            piece = deflated("".join(texts).encode())
            self._shelf.put(name, fingerprint, piece.packed())
        else:
            piece = Deflated.unpacked(packed)
        pieces.append(piece)
        self._used.add(name)

    def tidy(self) -> None:
        """Takes from the shelf what this workbook has no more."""
        self._shelf.keep_only(_ROWS, self._used)

"""The shelf of a county, for the time in which a run uses it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync_service.reuse.shelf import FOLDER, Shelf
from sync_service.store import Store
from sync_service.store.records import Output

_SHELF = "shelf"


@contextmanager
def borrowed(store: Store, folder: Path) -> Iterator[Shelf]:
    """The shelf beside county.toml, with nothing on it that is not of this very store; sealed afterwards, unless something is raised.

    The caller holds the county's lock (sync_service.alone).
    """
    known, shelf = store.outputs().get(_SHELF), Shelf(folder / FOLDER)
    shelf.open(known.fingerprint if known else "")
    yield shelf
    token = secrets.token_hex(16)
    store.published(Output(_SHELF, token, ""))
    shelf.seal(token)


def emptied(folder: Path) -> None:
    """Throws away what was worked out: after people's data was erased, nothing of them may be left there."""
    Shelf(folder / FOLDER).empty()

"""The ID numbers that the police replaced, as the county bureau has registered them (C04, J11)."""

from collections.abc import Iterable, Iterator

import orjson

from sync_service.doubles.suspicion import IdChange
from sync_service.store.records import Row

NUMBER_CHANGES = "number_changes"
"""The form that they stand in."""


def changes_of(rows: Iterable[Row]) -> Iterator[IdChange]:
    """The changes that the stored rows of the form tell of."""
    for row in rows:
        values = orjson.loads(row.payload)
        yield IdChange(values["old_number"], values["new_number"])

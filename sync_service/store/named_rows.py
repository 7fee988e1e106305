"""Rows that are asked for by name: by where they belong, or by the numbers of their versions."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from sync_service.store.engine import listed
from sync_service.store.records import Row

_AT_ONCE = 500
"""So many rows a statement may name."""
# If form, township or valid_to itself were named, SQLite would go through the index of a whole form.
_BY_KEY = (
    "SELECT v.form, v.township, v.key, v.payload, v.valid_from, w.file, w.sheet, w.row, v.id FROM row_versions v"
    " JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
    " WHERE v.county = :county AND coalesce(v.valid_to, '') = '' AND v.key IN "
)
_NUMBERED = "SELECT id, form, township, key, payload FROM row_versions WHERE county = :county AND id IN "


def _listed(values: Collection[int] | Collection[str]) -> Iterator[tuple[str, dict[str, object]]]:
    ordered = sorted(values)
    for first in range(0, len(ordered), _AT_ONCE):
        yield listed("one", ordered[first : first + _AT_ONCE])


def rows_at(
    connection: Connection, county: str, places: Iterable[tuple[str, str, str]]
) -> Mapping[tuple[str, str, str], Row]:
    """The current rows at these places (form, township, key), as far as there are any; without their marks."""
    wanted, found = {*places}, {}
    for where, named in _listed({key for _, _, key in wanted}):
        rows = connection.execute(text(_BY_KEY + where), {"county": county, **named})
        for form, township, key, payload, since, file, sheet, row, version in rows:
            if (form, township, key) in wanted:
                found[form, township, key] = Row(township, key, payload.encode(), since, file, sheet, row, (), version)
    return found


def by_version(
    connection: Connection, county: str, versions: Collection[int]
) -> Mapping[int, tuple[str, str, str, bytes]]:
    """(form, township, key, payload) of versions by their numbers, current or not."""
    found = {}
    for where, named in _listed(versions):
        rows = connection.execute(text(_NUMBERED + where), {"county": county, **named})
        for version, form, township, key, payload in rows:
            found[version] = (form, township, key, payload.encode())
    return found

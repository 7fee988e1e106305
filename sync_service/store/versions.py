"""Versions of rows as figures count them: those that stood at a moment, and those that were closed before."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text


class Version(NamedTuple):
    """One version of a row: its number, content, since when it stood and when it was closed (None: it stood at the moment asked for).

    File, sheet and row are where it stands, or stood when it came.
    """

    id: int
    township: str
    key: str
    payload: str
    since: str
    closed: str | None
    file: str
    sheet: str
    row: int


_AT_ONCE = 10_000
_COLUMNS = (
    "v.id, v.township, v.key, v.payload, v.valid_from, {closed}, coalesce(w.file, v.source_file),"
    " coalesce(w.sheet, v.source_sheet), coalesce(w.row, v.source_row)"
    " FROM row_versions v LEFT JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
    " WHERE v.county = :county AND v.form = :form"
)
# Two questions instead of one with OR: each has its index, and rows of other forms are not looked at.
_NOW = f"SELECT {_COLUMNS.format(closed='NULL')} AND v.valid_to IS NULL"
_ONCE = f"SELECT {_COLUMNS.format(closed='v.valid_to')} AND v.closed_run >= 0"
_STOOD_ONCE = f"SELECT {_COLUMNS.format(closed='NULL')} AND v.closed_run >= 0 AND v.valid_from < :before AND v.valid_to >= :before"
_CLOSED = (
    f"{_ONCE} AND v.valid_to < :before AND NOT EXISTS (SELECT 1 FROM row_versions n"
    " WHERE n.county = v.county AND n.key = v.key AND n.form = v.form AND n.township = v.township AND n.id > v.id"
    " AND n.valid_from < :before)"
)


def _versions(connection: Connection, query: str, scope: Mapping[str, object]) -> Iterator[Version]:
    """The rows as the driver gives them: half a million take half the time that way."""
    result = connection.execute(text(query), scope)
    while some := result.cursor.fetchmany(_AT_ONCE) if result.cursor else []:
        yield from map(Version._make, some)


def _among(townships: Collection[str] | None) -> tuple[str, dict[str, str]]:
    if townships is None:
        return "", {}
    named = {f"town{n}": code for n, code in enumerate(sorted(townships))}
    return f" AND v.township IN ({', '.join(f':{name}' for name in named)})", named


def stood(
    connection: Connection, county: str, form: str, before: str, townships: Collection[str] | None = None
) -> Iterator[Version]:
    """The rows of a form as they stood just before a moment, of all townships or some."""
    where, named = _among(townships)
    scope = {"county": county, "form": form, "before": before, **named}
    yield from _versions(connection, f"{_NOW} AND v.valid_from < :before{where}", scope)
    yield from _versions(connection, _STOOD_ONCE + where, scope)


def closed(connection: Connection, county: str, form: str, before: str) -> Iterator[Version]:
    """The last version of each row of a form that did not stand any more just before a moment."""
    yield from _versions(connection, _CLOSED, {"county": county, "form": form, "before": before})


def all_versions(connection: Connection, county: str, form: str) -> Iterator[Version]:
    """Every version that there ever was of a form's rows."""
    for query in (_NOW, _ONCE):
        yield from _versions(connection, query, {"county": county, "form": form})


def numbered(connection: Connection, county: str, form: str, wanted: Collection[int]) -> Iterator[Version]:
    """The versions of a form with these numbers."""
    query = f"SELECT {_COLUMNS.format(closed='v.valid_to')} AND v.id >= :least AND v.id <= :most"
    if not wanted:
        return
    scope = {"county": county, "form": form, "least": min(wanted), "most": max(wanted)}
    yield from (one for one in _versions(connection, query, scope) if one.id in wanted)

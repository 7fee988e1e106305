"""Versions of rows as figures count them: those that stood at a moment, and those that were closed before."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from sqlalchemy import Connection, text


class Version(NamedTuple):
    """One version of a row: its number, content, since when it stood and when it was closed (None: it still stands).

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


class Versions(NamedTuple):
    """Several versions, column by column; `values` are the columns that were asked for, as the text of a JSON array.

    `closed` is None for what stood at the moment asked for.
    """

    id: Sequence[int]
    township: Sequence[str]
    key: Sequence[str]
    values: Sequence[str]
    closed: Sequence[str | None]
    file: Sequence[str]
    sheet: Sequence[str]
    row: Sequence[int]


AT_ONCE = 10_000
"""So many rows come together: quicker than one by one, and they are gone before the next ones come."""
NOTHING = "null.null"
"""A column that no row has."""
_PLACE = "coalesce(w.file, v.source_file), coalesce(w.sheet, v.source_sheet), coalesce(w.row, v.source_row)"
_FROM = (
    " FROM row_versions v LEFT JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
    " WHERE v.county = :county AND v.form = :form"
)
# Two questions instead of one with OR: each has its index, and rows of other forms are not looked at.
_NOW = "v.valid_to IS NULL"
_ONCE = "v.closed_run >= 0"
_STOOD_ONCE = f"{_ONCE} AND v.valid_from < :before AND v.valid_to >= :before"
_CLOSED = (
    f"{_ONCE} AND v.valid_to < :before AND NOT EXISTS (SELECT 1 FROM row_versions n"
    " WHERE n.county = v.county AND n.key = v.key AND n.form = v.form AND n.township = v.township AND n.id > v.id"
    " AND n.valid_from < :before)"
)


def json_array(connection: Connection, columns: Sequence[str]) -> str:
    """The values of columns as the text of one JSON array: the database takes them out in half the time that parsing the whole takes.

    NOTHING may be among the columns.
    """
    if connection.dialect.name == "sqlite":
        # With a single path json_extract gives the value itself.
        paths = ", ".join(f"'$.{name}'" for name in (*columns, NOTHING, NOTHING)[: max(2, len(columns))])
        return f"json_extract(v.payload, {paths})"
    values = ", ".join(f"CAST(v.payload AS json) -> '{name}'" for name in columns)
    return f"CAST(json_build_array({values}) AS text)"


def _versions(
    connection: Connection, columns: Sequence[str], closed: str, where: str, scope: Mapping[str, object]
) -> Iterator[Versions]:
    """The versions as the driver gives them: half a million take half the time that way."""
    values = json_array(connection, columns)
    query = f"SELECT v.id, v.township, v.key, {values}, {closed}, {_PLACE} {_FROM} AND {where}"
    result = connection.execute(text(query), scope)
    while some := result.cursor.fetchmany(AT_ONCE) if result.cursor else []:
        yield Versions(*zip(*some, strict=True))


def _among(townships: Collection[str] | None) -> tuple[str, dict[str, str]]:
    if townships is None:
        return "", {}
    named = {f"town{n}": code for n, code in enumerate(sorted(townships))}
    return f" AND v.township IN ({', '.join(f':{name}' for name in named)})", named


def stood(
    connection: Connection,
    county: str,
    form: str,
    columns: Sequence[str],
    before: str,
    townships: Collection[str] | None = None,
) -> Iterator[Versions]:
    """The rows of a form as they stood just before a moment, of all townships or some."""
    where, named = _among(townships)
    scope = {"county": county, "form": form, "before": before, **named}
    yield from _versions(connection, columns, "NULL", f"{_NOW} AND v.valid_from < :before{where}", scope)
    yield from _versions(connection, columns, "NULL", _STOOD_ONCE + where, scope)


def closed(connection: Connection, county: str, form: str, columns: Sequence[str], before: str) -> Iterator[Versions]:
    """The last version of each row of a form that did not stand any more just before a moment."""
    scope = {"county": county, "form": form, "before": before}
    yield from _versions(connection, columns, "v.valid_to", _CLOSED, scope)


def all_versions(connection: Connection, county: str, form: str) -> Iterator[Version]:
    """Every version that there ever was of a form's rows."""
    for where in (_NOW, _ONCE):
        query = f"SELECT v.id, v.township, v.key, v.payload, v.valid_from, v.valid_to, {_PLACE} {_FROM} AND {where}"
        yield from map(Version._make, connection.execute(text(query), {"county": county, "form": form}))


def numbered(
    connection: Connection, county: str, form: str, columns: Sequence[str], wanted: Collection[int]
) -> Iterator[Versions]:
    """The versions of a form with these numbers."""
    if not wanted:
        return
    scope = {"county": county, "form": form, "least": min(wanted), "most": max(wanted)}
    for some in _versions(connection, columns, "v.valid_to", "v.id >= :least AND v.id <= :most", scope):
        chosen = [one in wanted for one in some.id]
        if any(chosen):
            yield Versions(*(tuple(compress(column, chosen)) for column in some))  # type: ignore[arg-type]

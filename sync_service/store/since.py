"""Which rows came and went since a run; and what those that came say in a few columns."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.store.versions import AT_ONCE, json_array


class Said(NamedTuple):
    """A version by its number, with what it says in the columns that were asked for, as the text of a JSON array."""

    version: int
    township: str
    key: str
    values: str


def _versions(connection: Connection, county: str, forms: Container[str], run: int, where: str) -> list[int]:
    """No index begins with the run and the form: what few there are of other forms are left out here."""
    query = f"SELECT id, form FROM row_versions WHERE county = :county AND {where}"
    found = connection.execute(text(query), {"county": county, "run": run})
    return [version for version, form in found if form in forms]


def came_since(connection: Connection, county: str, forms: Container[str], run: int) -> list[int]:
    """The versions of some forms' rows that stand now and did not stand after that run."""
    return _versions(connection, county, forms, run, "run > :run AND valid_to IS NULL")


def gone_since(connection: Connection, county: str, forms: Container[str], run: int) -> list[int]:
    """The versions of some forms' rows that stood after that run and do not stand any more."""
    return _versions(connection, county, forms, run, "closed_run > :run AND run <= :run")


def keys_since(connection: Connection, county: str, run: int) -> set[str]:
    """The keys of rows of whatever form that came, went or changed since a run."""
    moved = "SELECT key FROM row_versions WHERE county = :county AND"
    query = f"{moved} run > :run UNION {moved} closed_run > :run"
    return {key for (key,) in connection.execute(text(query), {"county": county, "run": run})}


def said_since(connection: Connection, county: str, form: str, columns: Sequence[str], run: int) -> Iterator[Said]:
    """What the rows of a form say that came since a run and stand now."""
    query = (
        f"SELECT v.id, v.township, v.key, {json_array(connection, columns)} FROM row_versions v"
        " WHERE v.county = :county AND v.form = :form AND v.run > :run AND v.valid_to IS NULL"
    )
    result = connection.execute(text(query), {"county": county, "form": form, "run": run})
    while some := result.cursor.fetchmany(AT_ONCE) if result.cursor else []:
        yield from map(Said._make, some)

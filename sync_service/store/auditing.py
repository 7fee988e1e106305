"""The audit chain in the store. What a transaction does to the county's data and its entry are written together."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, text

from sync_service.audit.chain import FIRST, About, Entry, Head, chained
from sync_service.store.engine import insert

_FIELDS = "n, at, who, what, about, previous, hash"


def head(connection: Connection, county: str) -> Head:
    """The newest entry's number and hash; of a chain that has none yet, what its first will follow."""
    found = connection.execute(
        text("SELECT n, hash FROM audit_entries WHERE county = :county ORDER BY n DESC LIMIT 1"), {"county": county}
    ).first()
    return Head(*found) if found else Head(0, FIRST)


def note(connection: Connection, county: str, who: str, what: str, about: About, at: str) -> Entry:
    """Adds an entry. The caller holds the transaction, and nobody else adds one before it ends."""
    if connection.dialect.name != "sqlite":  # whose writers wait for each other anyway
        connection.exec_driver_sql("LOCK TABLE audit_entries IN SHARE ROW EXCLUSIVE MODE")
    entry = chained(county, head(connection, county), at, who, what, about)
    told = orjson.dumps(dict(entry.about), option=orjson.OPT_SORT_KEYS).decode()
    values = (county, entry.n, entry.at, entry.who, entry.what, told, entry.before, entry.hash)
    insert(connection, "audit_entries", f"county {_FIELDS.replace(',', '')}", [values])
    return entry


def entries(connection: Connection, county: str, last: int | None) -> Iterator[Entry]:
    """The `last` entries or all, oldest first."""
    since = 0 if last is None else head(connection, county).n - last
    found = connection.execute(
        text(f"SELECT {_FIELDS} FROM audit_entries WHERE county = :county AND n > :since ORDER BY n"),
        {"county": county, "since": since},
    )
    for n, at, who, what, about, before, own in found:
        yield Entry(n, at, who, what, orjson.loads(about), before, own)

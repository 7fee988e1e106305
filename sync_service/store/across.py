"""Rows that concern more than one township (law 6): nothing is merged here, only shown."""

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import Connection, text

from sync_service.store.engine import listed
from sync_service.store.records import Conflict, Move

_SUBJECT = {
    "sqlite": "substr(key, 1, instr(key || '|', '|') - 1)",
    "postgresql": "split_part(key, '|', 1)",
}
"""The key's first part, in each dialect of SQL."""


def conflicts(connection: Connection, county: str, form: str, *, by_person: bool) -> list[Conflict]:
    """What stands in several townships at once: the same person (the key's first part), or else the same key."""
    subject = _SUBJECT[connection.dialect.name] if by_person else "key"
    grouped = subject if by_person else "key || ''"  # a bare key has SQLite go through the keys of all forms
    current = "FROM row_versions WHERE county = :county AND form = :form AND valid_to IS NULL"
    found = connection.execute(
        text(
            f"SELECT {subject}, township, key {current} AND {subject} IN"
            f" (SELECT {grouped} {current} GROUP BY {grouped} HAVING min(township) < max(township))"
        ),
        {"county": county, "form": form},
    )
    groups = groupby(sorted(tuple(row) for row in found), lambda row: row[0])
    return [Conflict(form, shared, tuple((township, key) for _, township, key in rows)) for shared, rows in groups]


def shared(connection: Connection, county: str, keys: Collection[str]) -> list[Conflict]:
    """Which of these keys stand in several townships at once, in whatever form."""
    where, named = listed("key", keys)
    # As in named_rows: if valid_to itself were named, SQLite would go through all rows that stand.
    current = f"SELECT form, key, township FROM row_versions WHERE coalesce(valid_to, '') = '' AND county = :county AND key IN {where}"
    found = sorted(tuple(row) for row in connection.execute(text(current), {"county": county, **named}))
    groups = ((place, [row[2] for row in rows]) for place, rows in groupby(found, lambda row: row[:2]))
    return [
        Conflict(form, key, tuple((township, key) for township in townships))
        for (form, key), townships in groups
        if len(townships) > 1
    ]


def moves(connection: Connection, county: str, keys: Collection[str] | None = None) -> list[Move]:
    """Each key, or each of some, that does not stand any more where it was last closed, but in another township; by form and key.

    A row that an undo put back did not move there.
    """
    where, named = listed("key", keys) if keys is not None else ("", {})
    found = connection.execute(
        text(
            "SELECT o.form, o.key, o.township, n.township, max(o.valid_to), min(n.valid_from)"
            " FROM row_versions o"  # few are closed: they come first, and CROSS JOIN has SQLite keep to that
            " CROSS JOIN row_versions n CROSS JOIN runs r"
            f" WHERE o.county = :county AND o.closed_run >= 0{f' AND o.key IN {where}' if where else ''}"
            " AND n.county = o.county AND n.key = o.key AND n.form = o.form AND n.valid_to IS NULL"
            " AND r.county = n.county AND r.id = n.run AND r.kind = 'sync' AND NOT EXISTS ("
            "   SELECT 1 FROM row_versions c WHERE c.county = o.county AND c.form = o.form"
            "   AND c.township = o.township AND c.key = o.key AND c.valid_to IS NULL)"
            " GROUP BY o.form, o.key, o.township, n.township ORDER BY o.form, o.key, o.township, n.township"
        ),
        {"county": county, **named},
    )
    return [Move(*row) for row in found]

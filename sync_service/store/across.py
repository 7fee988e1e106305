"""Rows that concern more than one township (law 6): nothing is merged here, only shown."""

from itertools import groupby

from sqlalchemy import Connection, text

from sync_service.store.records import Conflict, Move

_SUBJECT = {
    "sqlite": "substr(key, 1, instr(key || '|', '|') - 1)",
    "postgresql": "split_part(key, '|', 1)",
}
"""The key's first part, in each dialect of SQL."""


def conflicts(connection: Connection, county: str, form: str, *, by_person: bool) -> list[Conflict]:
    """What stands in several townships at once: the same person (the key's first part), or else the same key."""
    subject = _SUBJECT[connection.dialect.name] if by_person else "key"
    current = "FROM row_versions WHERE county = :county AND form = :form AND valid_to IS NULL"
    found = connection.execute(
        text(
            f"SELECT {subject}, township, key {current} AND {subject} IN"
            f" (SELECT {subject} {current} GROUP BY {subject} HAVING count(DISTINCT township) > 1)"
        ),
        {"county": county, "form": form},
    )
    groups = groupby(sorted(tuple(row) for row in found), lambda row: row[0])
    return [Conflict(form, shared, tuple((township, key) for _, township, key in rows)) for shared, rows in groups]


def moves(connection: Connection, county: str) -> list[Move]:
    """Each key that does not stand any more where it was last closed, but in another township; by form and key.

    A row that an undo put back did not move there.
    """
    found = connection.execute(
        text(
            "SELECT o.form, o.key, o.township, n.township, max(o.valid_to), min(n.valid_from)"
            " FROM row_versions o"  # few are closed: they come first, and CROSS JOIN has SQLite keep to that
            " CROSS JOIN row_versions n CROSS JOIN runs r"
            " WHERE o.county = :county AND o.closed_run >= 0"
            " AND n.county = o.county AND n.key = o.key AND n.form = o.form AND n.valid_to IS NULL"
            " AND r.county = n.county AND r.id = n.run AND r.kind = 'sync' AND NOT EXISTS ("
            "   SELECT 1 FROM row_versions c WHERE c.county = o.county AND c.form = o.form"
            "   AND c.township = o.township AND c.key = o.key AND c.valid_to IS NULL)"
            " GROUP BY o.form, o.key, o.township, n.township ORDER BY o.form, o.key, o.township, n.township"
        ),
        {"county": county},
    )
    return [Move(*row) for row in found]

"""Rows of rosters of which nothing could be stored: people who may be somebody's double all the same."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from sync_service.store.engine import insert
from sync_service.store.records import AWAITING
from sync_service.store.writing import Writer
from validators.checked import Rejected


def write_rejected(writer: Writer, township: str, rejected: Sequence[Rejected]) -> bool:
    """Keeps the rows of a township's workbook of which nothing could be stored, in the place of those of the last reading."""
    found = [(one.form, one.sheet, one.row, one.number, one.payload.decode()) for one in rejected]
    known = writer.connection.execute(
        text(
            "SELECT form, sheet, row, number, payload FROM rejected_rows"
            " WHERE county = :county AND township = :township ORDER BY form, row"
        ),
        {"county": writer.county, "township": township},
    )
    if [tuple(row) for row in known] == sorted(found, key=lambda one: (one[0], one[2])):
        return False
    writer.connection.execute(
        text("DELETE FROM rejected_rows WHERE county = :county AND township = :township"),
        {"county": writer.county, "township": township},
    )
    rows = [(writer.county, township, *one) for one in found]
    insert(writer.connection, "rejected_rows", "county township form sheet row number payload", rows)
    return True


def rejected(connection: Connection, county: str) -> list[tuple[str, Rejected]]:
    """The rows of which nothing is stored, with their townships: no stored row waits to be mended (待更正) where they stand."""
    found = connection.execute(
        text(
            "SELECT township, form, sheet, row, number, payload FROM rejected_rows"
            " WHERE county = :county ORDER BY township, form, row"
        ),
        {"county": county},
    ).all()
    waiting = _waiting(connection, county) if found else set()
    return [
        (township, Rejected(form, sheet, row, number, payload.encode()))
        for township, form, sheet, row, number, payload in found
        if (township, form, sheet, row) not in waiting
    ]


def _waiting(connection: Connection, county: str) -> set[tuple[str, str, str, int]]:
    """Where rows stand that wait to be mended: township, form, sheet and row."""
    found = connection.execute(
        text(
            "SELECT m.township, m.form, w.sheet, w.row FROM marks m JOIN row_versions v ON v.county = m.county"
            " AND v.form = m.form AND v.township = m.township AND v.key = m.key AND v.valid_to IS NULL"
            " JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
            " WHERE m.county = :county AND m.mark = :awaiting"
        ),
        {"county": county, "awaiting": AWAITING},
    )
    return {(township, form, sheet, row) for township, form, sheet, row in found}

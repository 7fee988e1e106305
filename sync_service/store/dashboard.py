"""What 总览 counts besides rows: what stands in a column, when townships changed something, and rows that await mending."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.store.records import AWAITING

_TEXT = {
    "sqlite": "json_extract(payload, '$.{column}')",
    "postgresql": "CAST(payload AS jsonb) ->> '{column}'",
}
"""One column of a payload as text, in each dialect of SQL."""


class Changed(NamedTuple):
    """When a township's own workbook changed its rows first and last. Moments are UTC text."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The moments of changes by township; rows that are wrong in their file by township and form."""

    changed: Mapping[str, Changed]
    awaiting: Mapping[tuple[str, str], int]


def _changed(connection: Connection, county: str, since: str) -> Mapping[str, Changed]:
    found = connection.execute(
        text(
            "SELECT t.township, min(r.finished_at), max(r.finished_at) FROM run_townships t"
            " JOIN runs r ON r.county = t.county AND r.id = t.run"
            " WHERE t.county = :county AND r.kind = 'sync' AND r.finished_at >= :since"
            " AND t.new + t.changed + t.gone > 0 GROUP BY t.township"
        ),
        {"county": county, "since": since},
    )
    return {township: Changed(first, last) for township, first, last in found}


def _awaiting(connection: Connection, county: str) -> Mapping[tuple[str, str], int]:
    found = connection.execute(
        text(
            "SELECT township, form, count(*) FROM marks WHERE county = :county AND mark = :mark GROUP BY township, form"
        ),
        {"county": county, "mark": AWAITING},
    )
    return {(township, form): n for township, form, n in found}


def dashboard(connection: Connection, county: str, since: str) -> Dashboard:
    """Counts all of it. Changes before the moment `since` do not count."""
    return Dashboard(_changed(connection, county, since), _awaiting(connection, county))


def values_in(connection: Connection, county: str, form: str, township: str, column: str) -> frozenset[str]:
    """The different texts in one column of a township's current rows; blanks are left out."""
    value = _TEXT[connection.dialect.name].format(column=column)
    found = connection.execute(
        text(
            f"SELECT DISTINCT {value} FROM row_versions"
            " WHERE county = :county AND form = :form AND township = :township AND valid_to IS NULL"
        ),
        {"county": county, "form": form, "township": township},
    )
    return frozenset(one for (one,) in found if one is not None)

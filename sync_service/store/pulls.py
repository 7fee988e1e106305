"""What the service remembers in the store, so that a restart goes on where it was and others can see how it stands."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.store.engine import many


class Pull(NamedTuple):
    """How the service last pulled a township. Moments are UTC text, "" for never.

    `reached_at` is when its workbook was last got at, `status` "ok" or the code of what is in the way, `failures` how often in a
    row it was so and `failing_since` from when on, `next_at` when it is looked at again.
    """

    township: str
    looked_at: str
    reached_at: str
    status: str
    failures: int
    failing_since: str
    next_at: str


class Night(NamedTuple):
    """A night's consolidation that was gone through. `night` is its day (2026-11-24), `undone` the steps that failed, parted by spaces."""

    night: str
    finished_at: str
    undone: str


def pulls(connection: Connection, county: str) -> Mapping[str, Pull]:
    """How each township was pulled last, by code."""
    query = f"SELECT {', '.join(Pull._fields)} FROM service_pulls WHERE county = :county"
    return {row[0]: Pull(*row) for row in connection.execute(text(query), {"county": county})}


def remember_pulls(connection: Connection, county: str, done: Sequence[Pull]) -> None:
    """Keeps how these townships were pulled; of others, what is kept stands."""
    changed = ", ".join(f"{name} = excluded.{name}" for name in Pull._fields[1:])
    many(
        connection,
        f"INSERT INTO service_pulls (county, {', '.join(Pull._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (county, township) DO UPDATE SET {changed}",
        [(county, *pull) for pull in done],
    )


def nights(connection: Connection, county: str, last: int | None) -> list[Night]:
    """The `last` nights or all, newest first."""
    limit = "" if last is None else f" LIMIT {last:d}"
    query = f"SELECT {', '.join(Night._fields)} FROM service_nights WHERE county = :county ORDER BY night DESC{limit}"
    return [Night(*row) for row in connection.execute(text(query), {"county": county})]


def remember_night(connection: Connection, county: str, night: Night) -> None:
    """Keeps a night; what was kept of the same one before goes."""
    many(
        connection,
        "INSERT INTO service_nights (county, night, finished_at, undone) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (county, night) DO UPDATE SET finished_at = excluded.finished_at, undone = excluded.undone",
        [(county, *night)],
    )


def forget_nights_after(connection: Connection, county: str, night: str) -> None:
    """Forgets nights that lie in the future: the clock was wrong when they were kept."""
    many(connection, "DELETE FROM service_nights WHERE county = ? AND night > ?", [(county, night)])

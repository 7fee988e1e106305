"""Writing inside one run: its number, its versions, and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.audit.acting import at_this_pc
from sync_service.merge import Counts
from sync_service.store import auditing
from sync_service.store.engine import insert, many
from sync_service.store.errors import StaleError
from sync_service.store.records import RunKind

Place = tuple[str, str]
"""(form, township): where a row belongs."""


class Version(NamedTuple):
    """A version to be written."""

    form: str
    township: str
    key: str
    payload: str
    digest: bytes
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Writer:
    """The run being written. Its own row comes last (foreign keys wait for the commit), when it is known to be needed."""

    connection: Connection
    county: str
    run: int
    at: str

    def _next_version(self) -> int:
        newest = self.connection.execute(
            text("SELECT max(id) FROM row_versions WHERE county = :county"), {"county": self.county}
        ).scalar()
        return (newest or 0) + 1

    def open(self, versions: Sequence[Version]) -> None:
        """Adds versions, current from now on. No other version of the same row may be current."""
        if not versions:
            return
        first = self._next_version()
        insert(
            self.connection,
            "row_versions",
            "county id form township key payload digest run valid_from source_file source_sheet source_row",
            [
                (self.county, number, *version[:5], self.run, self.at, *version[5:])
                for number, version in enumerate(versions, first)
            ],
        )
        self.connection.execute(
            text(
                "INSERT INTO whereabouts (county, version, file, sheet, row)"
                " SELECT county, id, source_file, source_sheet, source_row FROM row_versions"
                " WHERE county = :county AND id >= :first"
            ),
            {"county": self.county, "first": first},
        )

    def close(self, versions: Sequence[int]) -> None:
        """Ends versions that are current. Raises StaleError if one of them is not, or not any more."""
        closed = many(
            self.connection,
            "UPDATE row_versions SET valid_to = ?, closed_run = ? WHERE county = ? AND id = ? AND valid_to IS NULL",
            [(self.at, self.run, self.county, version) for version in versions],
        )
        if closed != len(versions):
            raise StaleError
        self.forget_places(versions)

    def forget_places(self, versions: Iterable[int]) -> None:
        """Removes where versions stand in their files."""
        many(
            self.connection,
            "DELETE FROM whereabouts WHERE county = ? AND version = ?",
            [(self.county, version) for version in versions],
        )

    def mark(self, place: Place, keys: Iterable[str], mark: str) -> None:
        """Gives `mark` to rows that have none."""
        rows = [(self.county, *place, key, mark, self.run) for key in keys]
        insert(self.connection, "marks", "county form township key mark since_run", rows)

    def unmark(self, place: Place, keys: Iterable[str], mark: str) -> None:
        """Takes `mark` from rows."""
        many(
            self.connection,
            "DELETE FROM marks WHERE county = ? AND form = ? AND township = ? AND key = ? AND mark = ?",
            [(self.county, *place, key, mark) for key in keys],
        )

    def refuse(self, place: Place, refusals: Iterable[tuple[str, bytes | None]]) -> None:
        """Remembers what was undone, each once."""
        many(
            self.connection,
            "INSERT INTO refusals (county, form, township, key, digest, run) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [(self.county, *place, key, digest or b"", self.run) for key, digest in refusals],
        )

    def accept(self, place: Place, refusals: Iterable[tuple[str, bytes | None]]) -> None:
        """Forgets what was undone."""
        many(
            self.connection,
            "DELETE FROM refusals WHERE county = ? AND form = ? AND township = ? AND key = ? AND digest = ?",
            [(self.county, *place, key, digest or b"") for key, digest in refusals],
        )

    def standing(self, place: Place) -> int:
        """How many rows are current."""
        count: int = self.connection.execute(
            text(
                "SELECT count(*) FROM row_versions"
                " WHERE county = :county AND form = :form AND township = :township AND valid_to IS NULL"
            ),
            {"county": self.county, "form": place[0], "township": place[1]},
        ).scalar_one()
        return count

    def finish(
        self,
        kind: RunKind,
        started_at: str,
        note: str,
        counts: Mapping[Place, Counts],
        undoes: int | None = None,
    ) -> None:
        """Writes the run's own row and its numbers for each form and township, and that there was a run into the audit chain."""
        insert(
            self.connection,
            "runs",
            "county id kind started_at finished_at note undoes",
            [(self.county, self.run, kind, min(started_at, self.at), self.at, note, undoes)],
        )
        open_problems = self._open_problems()
        insert(
            self.connection,
            "run_townships",
            "county run form township rows new changed gone held errors warnings",
            [
                (self.county, self.run, *place, *numbers, *open_problems.get(place, (0, 0)))
                for place, numbers in counts.items()
            ],
        )
        sums = {name: sum(getattr(one, name) for one in counts.values()) for name in ("new", "changed", "gone")}
        about = {"run": self.run, "kind": kind, "note": note, **sums, "undoes": undoes or 0}
        auditing.note(self.connection, self.county, at_this_pc(), "run", about, self.at)

    def _open_problems(self) -> Mapping[Place, tuple[int, int]]:
        found = self.connection.execute(
            text(
                "SELECT form, township, sum(CASE WHEN severity = 'error' THEN 1 ELSE 0 END),"
                " sum(CASE WHEN severity = 'warning' AND NOT confirmed THEN 1 ELSE 0 END)"
                " FROM problems WHERE county = :county GROUP BY form, township"
            ),
            {"county": self.county},
        )
        return {(form, township): (errors, warnings) for form, township, errors, warnings in found}


def begin(connection: Connection, county: str, at: str) -> Writer:
    """The next run of `county`. Time does not run backwards in a history: `at` is at least the last run's moment."""
    number, latest = connection.execute(
        text("SELECT coalesce(max(id), 0), coalesce(max(finished_at), '') FROM runs WHERE county = :county"),
        {"county": county},
    ).one()
    return Writer(connection, county, number + 1, max(at, latest))

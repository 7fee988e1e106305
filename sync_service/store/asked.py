"""What can be asked of the store."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from sync_service.audit.chain import Entry, Head
from sync_service.merge import Stored
from sync_service.store import (
    across,
    auditing,
    erasing,
    history,
    named_rows,
    pulls,
    reading,
    rejected,
    reviewing,
    sealing,
    since,
    versions,
)  # fmt: skip
from sync_service.store.dashboard import Dashboard, dashboard, values_in
from sync_service.store.engine import transaction
from sync_service.store.erasing import PersonRow
from sync_service.store.places import RowsMark, rows_marks
from sync_service.store.pulls import Night, Pull
from sync_service.store.records import Conflict, Event, KnownProblem, Move, Output, Row, Run, Source, Tally
from sync_service.store.review_records import Statement, StoredCase
from sync_service.store.sealing import Seal, SealedFigure
from sync_service.store.since import Said
from sync_service.store.standing import Standing, standing
from sync_service.store.versions import Version, Versions
from validators.checked import Rejected


class Asked:
    """One county's rows with their whole history, to be asked for. Every method is one transaction; nothing is changed by any.

    Any method raises StoreError if the database cannot be read.
    """

    def __init__(self, engine: Engine, county: str) -> None:
        self._engine = engine
        self._county = county
        self._writing: Connection | None = None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """What is asked through: within a run that is being written, its own connection. A second one would wait for that run
        to end where SQLite cannot keep a log beside the database (WAL)."""
        if self._writing:
            yield self._writing
        else:
            with transaction(self._engine) as connection:
                yield connection

    def current(self, township: str, forms: Collection[str]) -> Mapping[str, Stored]:
        """One township's rows of these forms, for merging."""
        return reading.current(self._reading, self._county, township, forms)

    def rows(self, form: str, keys: Collection[str] | None = None, township: str | None = None) -> list[Row]:
        """The current rows of a form, all or those with one of `keys`, of all townships or one, by township and key."""
        with self._reading() as connection:
            return list(reading.rows(connection, self._county, form, keys, township))

    def rows_marks(self) -> Mapping[tuple[str, str], RowsMark]:
        """What tells whether a township's rows of a form have changed, by form and township."""
        with self._reading() as connection:
            return rows_marks(connection, self._county)

    def as_of(self, form: str, at: str) -> list[Row]:
        """The rows of a form as they stood at a moment, by township and key."""
        with self._reading() as connection:
            return list(history.as_of(connection, self._county, form, at))

    def history(self, sought: str) -> list[Event]:
        """Each change of the rows whose key, or a part of it such as an ID number, is `sought`; oldest first in each row."""
        with self._reading() as connection:
            return history.history(connection, self._county, sought)

    def events(self, run: int, township: str, form: str) -> list[Event]:
        """Each change that one run made to one form of one township, by key."""
        with self._reading() as connection:
            return history.events(connection, self._county, run, township, form)

    def runs(self, last: int | None = None) -> list[Run]:
        """The `last` runs or all, newest first."""
        with self._reading() as connection:
            return reading.runs(connection, self._county, last)

    def tallies(self, since_run: int = 1) -> list[Tally]:
        """The numbers of every run from `since_run` on, oldest first."""
        with self._reading() as connection:
            return reading.tallies(connection, self._county, since_run)

    def problems(self, township: str | None = None, *, codes: Collection[str] = ()) -> list[KnownProblem]:
        """The problems found at the last reading, of all townships or one; only those with `codes` if any are given."""
        with self._reading() as connection:
            return reading.problems(connection, self._county, township, codes)

    def standing(self) -> Mapping[str, Standing]:
        """How each township that has rows or problems stands now, in numbers."""
        with self._reading() as connection:
            return standing(connection, self._county)

    def dashboard(self, since: str) -> Dashboard:
        """What 总览 counts besides rows; changes before the moment `since` do not count."""
        with self._reading() as connection:
            return dashboard(connection, self._county, since)

    def values_in(self, form: str, township: str, column: str) -> frozenset[str]:
        """The different texts in one column of a township's current rows; blanks are left out."""
        with self._reading() as connection:
            return values_in(connection, self._county, form, township, column)

    def sources(self) -> Mapping[str, Source]:
        """Every township's workbook as it was last looked at, by township."""
        with self._reading() as connection:
            return reading.sources(connection, self._county)

    def conflicts(self, form: str, *, by_person: bool) -> list[Conflict]:
        """What stands in several townships at once: the same person (the key's first part), or else the same key."""
        with self._reading() as connection:
            return across.conflicts(connection, self._county, form, by_person=by_person)

    def shared(self, keys: Collection[str]) -> list[Conflict]:
        """Which of these keys stand in several townships at once, in whatever form; at least one key."""
        with self._reading() as connection:
            return across.shared(connection, self._county, keys)

    def moves(self, keys: Collection[str] | None = None) -> list[Move]:
        """Each key that was closed in one township and stands in another; by form and key. Of all keys, or some (at least one)."""
        with self._reading() as connection:
            return across.moves(connection, self._county, keys)

    def outputs(self) -> Mapping[str, Output]:
        """The published files by name."""
        with self._reading() as connection:
            return reading.outputs(connection, self._county)

    def statements(self) -> list[Statement]:
        """Everything that the coordinator ever stated, and what followed by itself, oldest first."""
        with self._reading() as connection:
            return reviewing.statements(connection, self._county)

    def cases(self) -> list[StoredCase]:
        """The cases that were open when they were looked for last, newest first."""
        with self._reading() as connection:
            return reviewing.cases(connection, self._county)

    def rejected(self) -> list[tuple[str, Rejected]]:
        """The rows of rosters of which nothing is stored, with their townships."""
        with self._reading() as connection:
            return rejected.rejected(connection, self._county)

    def changed_since(self, form: str, township: str, run: int) -> list[tuple[str, str, str]]:
        """What changed in a township's form since a run: (key, payload then, payload now), "" for none; by key."""
        with self._reading() as connection:
            return reviewing.changed_since(connection, self._county, form, township, run)

    def fingerprint(self, form: str, township: str, run: int) -> str:
        """Changes with every row of a township's form, as they stood after a run."""
        with self._reading() as connection:
            return reviewing.fingerprint(connection, self._county, form, township, run)

    def held_since(self) -> Mapping[tuple[str, str, str], int]:
        """The held rows (form, township, key), with the run that held them."""
        with self._reading() as connection:
            return reviewing.held_since(connection, self._county)

    def came_since(self, forms: Container[str], run: int) -> list[int]:
        """The versions of some forms' rows that stand now and did not stand after that run."""
        with self._reading() as connection:
            return since.came_since(connection, self._county, forms, run)

    def gone_since(self, forms: Container[str], run: int) -> list[int]:
        """The versions of some forms' rows that stood after that run and do not stand any more."""
        with self._reading() as connection:
            return since.gone_since(connection, self._county, forms, run)

    def keys_since(self, run: int) -> set[str]:
        """The keys of rows of whatever form that came, went or changed since a run."""
        with self._reading() as connection:
            return since.keys_since(connection, self._county, run)

    def said_since(self, form: str, columns: Sequence[str], run: int) -> Iterator[Said]:
        """What the rows of a form say in some columns that came since a run and stand now."""
        with self._reading() as connection:
            yield from since.said_since(connection, self._county, form, columns, run)

    def by_version(self, versions: Collection[int]) -> Mapping[int, tuple[str, str, str, bytes]]:
        """(form, township, key, payload) of versions by their numbers, current or not."""
        with self._reading() as connection:
            return named_rows.by_version(connection, self._county, versions)

    def rows_at(self, places: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], Row]:
        """The current rows at these places (form, township, key), as far as there are any; without their marks."""
        with self._reading() as connection:
            return named_rows.rows_at(connection, self._county, places)

    def refused(self, *, gone: bool = False) -> set[tuple[str, str, str]]:
        """The rows (form, township, key) whose content in the file is not taken, or (`gone`) whose absence from it is not."""
        with self._reading() as connection:
            return reviewing.refused(connection, self._county, gone=gone)

    def pulls(self) -> Mapping[str, Pull]:
        """How the service last pulled each township, by code."""
        with self._reading() as connection:
            return pulls.pulls(connection, self._county)

    def nights(self, last: int | None = None) -> list[Night]:
        """The `last` nights that the service went through or all, newest first."""
        with self._reading() as connection:
            return pulls.nights(connection, self._county, last)

    def stood(
        self, form: str, columns: Sequence[str], before: str, townships: Collection[str] | None = None
    ) -> Iterator[Versions]:
        """The rows of a form as they stood just before a moment, of all townships or some, with the values of some columns."""
        with self._reading() as connection:
            yield from versions.stood(connection, self._county, form, columns, before, townships)

    def closed(self, form: str, columns: Sequence[str], before: str) -> Iterator[Versions]:
        """The last version of each row of a form that did not stand any more just before a moment."""
        with self._reading() as connection:
            yield from versions.closed(connection, self._county, form, columns, before)

    def all_versions(self, form: str) -> Iterator[Version]:
        """Every version that there ever was of a form's rows, in no particular order."""
        with self._reading() as connection:
            yield from versions.all_versions(connection, self._county, form)

    def numbered(self, form: str, columns: Sequence[str], wanted: Collection[int]) -> Iterator[Versions]:
        """The versions of a form's rows with these numbers."""
        with self._reading() as connection:
            yield from versions.numbered(connection, self._county, form, columns, wanted)

    def rows_about(self, form: str, column: str, numbers: Collection[str]) -> list[Row]:
        """The current rows of a form about people with these ID numbers, which stand in `column`; without their marks."""
        with self._reading() as connection:
            return list(reading.rows_about(connection, self._county, form, column, numbers))

    def marked(self, form: str) -> Mapping[str, set[tuple[str, str]]]:
        """The marks of a form's rows: (township, key) by mark."""
        with self._reading() as connection:
            return reading.marks_of(connection, self._county, form)

    def seals(self) -> list[Seal]:
        """Every period whose figures were sealed, oldest first; those whose seal was lifted too."""
        with self._reading() as connection:
            return sealing.seals(connection, self._county)

    def sealed_figures(self, number: int, *, rows: bool = False) -> Mapping[str, SealedFigure]:
        """The figures of a seal as they were reported, by id; with the versions of their rows if asked for."""
        with self._reading() as connection:
            return sealing.sealed_figures(connection, self._county, number, rows=rows)

    def audit_entries(self, last: int | None = None) -> Iterator[Entry]:
        """The `last` audit entries or all, oldest first."""
        with self._reading() as connection:
            yield from auditing.entries(connection, self._county, last)

    def audit_head(self) -> Head:
        """The newest audit entry's number and hash."""
        with self._reading() as connection:
            return auditing.head(connection, self._county)

    def rows_of(self, form: str, column: str, number: str) -> tuple[list[PersonRow], int]:
        """A form's rows in which `column` ever held an ID number, and how many others that stand mention it."""
        with self._reading() as connection:
            return erasing.rows_of(connection, self._county, form, column, number)

    def expired(self, form: str, before: str) -> list[PersonRow]:
        """A form's rows that were closed for good before a moment."""
        with self._reading() as connection:
            return erasing.expired(connection, self._county, form, before)

    def forgotten(self) -> Mapping[str, frozenset[str]]:
        """The keyed hashes of the people whose rows are not taken again, by form."""
        with self._reading() as connection:
            return erasing.forgotten(connection, self._county)

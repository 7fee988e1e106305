"""The door of the store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from sync_service.merge import Stored
from sync_service.store import across, applying, deciding, history, reading
from sync_service.store.engine import open_engine, transaction
from sync_service.store.migrations import STEPS, migrate, schema_version
from sync_service.store.records import (
    Applied,
    Conflict,
    Event,
    KnownProblem,
    Move,
    Output,
    Reading,
    Row,
    Run,
    Source,
    Tally,
    Undone,
)  # fmt: skip
from sync_service.store.standing import Standing, standing
from sync_service.store.views import refresh_views, stale_views, view_definitions
from workbook_templates.form import Form


class Store:
    """One county's rows with their whole history. Every method is one transaction; moments are UTC text given by the caller.

    Any method raises StoreError if the database cannot be read or written.
    """

    def __init__(self, engine: Engine, county: str) -> None:
        self._engine = engine
        self._county = county

    @classmethod
    def open(cls, url: str, county: str) -> Self:
        """The store at `url` (sqlite:///taizhang.db, postgresql+psycopg://…), made or brought to today's version if need be.

        `county` is the six-digit code. Raises StoreError if it cannot be opened or was written by a newer taizhang.
        """
        engine = open_engine(url)
        try:
            with transaction(engine) as connection:
                version = schema_version(connection)
            if version != len(STEPS):
                with transaction(engine, writing=True) as connection:
                    migrate(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, county)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def show(self, forms: Iterable[Form]) -> None:
        """Makes the views of `forms`, or makes them anew where a form has changed."""
        wanted = view_definitions(forms, self._engine.dialect.name)
        with transaction(self._engine) as connection:
            stale = stale_views(connection, wanted)
        if stale:
            with transaction(self._engine, writing=True) as connection:
                refresh_views(connection, wanted)

    def current(self, township: str, form: str) -> Stored:
        """One township's rows of one form, for merging."""
        with transaction(self._engine) as connection:
            return reading.current(connection, self._county, township, form)

    def apply(self, readings: Sequence[Reading], *, started_at: str, at: str, note: str = "") -> Applied:
        """Writes what a run has read, whole or not at all (law 7); nothing and no run if nothing changes (law 1).

        Raises StaleError if rows were changed by another process since their plans were made.
        """
        with transaction(self._engine, writing=True) as connection:
            return applying.apply(connection, self._county, readings, started_at=started_at, at=at, note=note)

    def undo(self, run: int, *, at: str, note: str = "") -> Undone:
        """Takes back what `run` did, as a new run. Raises StoreError if nothing of it is left to undo."""
        with transaction(self._engine, writing=True) as connection:
            return deciding.undo(connection, self._county, run, at=at, note=note)

    def confirm(self, township: str, form: str, keys: Collection[str] | None = None, *, at: str, note: str = "") -> int:
        """Closes held rows, all of the township's form or those named, as a new run; its number.

        Raises StoreError if none is held, or one of `keys` is not.
        """
        with transaction(self._engine, writing=True) as connection:
            return deciding.confirm(connection, self._county, (form, township), keys, at=at, note=note)

    def rows(self, form: str, keys: Collection[str] | None = None) -> list[Row]:
        """The current rows of a form, all or those with one of `keys`, by township and key."""
        with transaction(self._engine) as connection:
            return list(reading.rows(connection, self._county, form, keys))

    def as_of(self, form: str, at: str) -> list[Row]:
        """The rows of a form as they stood at a moment, by township and key."""
        with transaction(self._engine) as connection:
            return list(history.as_of(connection, self._county, form, at))

    def history(self, sought: str) -> list[Event]:
        """Each change of the rows whose key, or a part of it such as an ID number, is `sought`; oldest first in each row."""
        with transaction(self._engine) as connection:
            return history.history(connection, self._county, sought)

    def events(self, run: int, township: str, form: str) -> list[Event]:
        """Each change that one run made to one form of one township, by key."""
        with transaction(self._engine) as connection:
            return history.events(connection, self._county, run, township, form)

    def runs(self, last: int | None = None) -> list[Run]:
        """The `last` runs or all, newest first."""
        with transaction(self._engine) as connection:
            return reading.runs(connection, self._county, last)

    def tallies(self, since_run: int = 1) -> list[Tally]:
        """The numbers of every run from `since_run` on, oldest first."""
        with transaction(self._engine) as connection:
            return reading.tallies(connection, self._county, since_run)

    def problems(self, township: str | None = None, *, codes: Collection[str] = ()) -> list[KnownProblem]:
        """The problems found at the last reading, of all townships or one; only those with `codes` if any are given."""
        with transaction(self._engine) as connection:
            return reading.problems(connection, self._county, township, codes)

    def standing(self) -> Mapping[str, Standing]:
        """How each township that has rows or problems stands now, in numbers."""
        with transaction(self._engine) as connection:
            return standing(connection, self._county)

    def sources(self) -> Mapping[str, Source]:
        """Every township's workbook as it was last looked at, by township."""
        with transaction(self._engine) as connection:
            return reading.sources(connection, self._county)

    def conflicts(self, form: str, *, by_person: bool) -> list[Conflict]:
        """What stands in several townships at once: the same person (the key's first part), or else the same key."""
        with transaction(self._engine) as connection:
            return across.conflicts(connection, self._county, form, by_person=by_person)

    def moves(self) -> list[Move]:
        """Each key that was closed in one township and stands in another; by form and key."""
        with transaction(self._engine) as connection:
            return across.moves(connection, self._county)

    def outputs(self) -> Mapping[str, Output]:
        """The published files by name."""
        with transaction(self._engine) as connection:
            return reading.outputs(connection, self._county)

    def published(self, *outputs: Output) -> None:
        """Remembers published files, all or none."""
        with transaction(self._engine, writing=True) as connection:
            applying.remember_outputs(connection, self._county, outputs)

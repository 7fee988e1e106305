"""The door of the store."""

from collections.abc import Collection, Iterable, Sequence
from types import TracebackType
from typing import Self

from sync_service.audit.chain import About
from sync_service.store import applying, auditing, deciding, erasing, pulls, reviewing, sealing
from sync_service.store.asked import Asked
from sync_service.store.engine import open_engine, transaction
from sync_service.store.erasing import Erasure
from sync_service.store.migrations import STEPS, migrate, schema_version
from sync_service.store.pulls import Night, Pull
from sync_service.store.records import Applied, Output, Reading, Undone
from sync_service.store.review_records import Act, Statement, StoredCase
from sync_service.store.sealing import Seal, SealedFigure
from sync_service.store.views import refresh_views, stale_views, view_definitions
from workbook_templates.form import Form


class Store(Asked):
    """One county's rows with their whole history. Every method is one transaction; moments are UTC text given by the caller.

    What only asks is inherited. Any method raises StoreError if the database cannot be read or written.
    """

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

    def apply(self, readings: Iterable[Reading], *, started_at: str, at: str, note: str = "") -> Applied:
        """Writes what a run has read, whole or not at all (law 7); nothing and no run if nothing changes (law 1).

        The readings come in the order of their townships' codes, and may be made from what is asked of this store while they are
        written. Raises StaleError if rows were changed by another process since their plans were made.
        """
        with transaction(self._engine, writing=True) as connection:
            self._writing = connection
            try:
                return applying.apply(connection, self._county, readings, started_at=started_at, at=at, note=note)
            finally:
                self._writing = None

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

    def published(self, *outputs: Output) -> None:
        """Remembers published files, all or none."""
        with transaction(self._engine, writing=True) as connection:
            applying.remember_outputs(connection, self._county, outputs)

    def carry_out(
        self,
        stated: Sequence[Statement],
        acts: Sequence[tuple[Act, bytes]],
        read: Output | None = None,
        *,
        at: str,
        note: str = "",
    ) -> int | None:
        """Stores what was stated and does what follows, as one run; its number, None if nothing was stated.

        `acts` come with the digests of their payloads. `read` is the published file from which it was read, with the digest of
        what was read among its own: from now on the file may be replaced, and not before (law 7).
        """
        with transaction(self._engine, writing=True) as connection:
            if read:
                applying.remember_outputs(connection, self._county, [read])
            return reviewing.carry_out(connection, self._county, stated, acts, at=at, note=note) if stated else None

    def replace_cases(self, found: Sequence[StoredCase], mark: Output) -> None:
        """Keeps these cases in the place of the earlier ones; `mark` tells what they were made from."""
        with transaction(self._engine, writing=True) as connection:
            reviewing.replace_cases(connection, self._county, found)
            applying.remember_outputs(connection, self._county, [mark])

    def pulled(self, done: Sequence[Pull]) -> None:
        """Remembers how the service pulled these townships."""
        with transaction(self._engine, writing=True) as connection:
            pulls.remember_pulls(connection, self._county, done)

    def night_done(self, night: Night) -> None:
        """Remembers a night, in the place of what was remembered of it and of any that lies after it."""
        with transaction(self._engine, writing=True) as connection:
            pulls.forget_nights_after(connection, self._county, night.night)
            pulls.remember_night(connection, self._county, night)

    def seal(self, wanted: Seal, figures: Sequence[SealedFigure]) -> int:
        """Seals a period's figures; the seal's number. Raises StoreError if the period is sealed already."""
        with transaction(self._engine, writing=True) as connection:
            return sealing.seal(connection, self._county, wanted, figures)

    def lift_seal(self, period: str, *, at: str, by: str, note: str) -> Seal:
        """Lifts the seal of a period, which stays on record. Raises StoreError if the period is not sealed."""
        with transaction(self._engine, writing=True) as connection:
            return sealing.lift(connection, self._county, period, at=at, by=by, note=note)

    def note(self, what: str, about: About, *, who: str, at: str) -> None:
        """Adds an entry to the audit chain."""
        with transaction(self._engine, writing=True) as connection:
            auditing.note(connection, self._county, who, what, about, at)

    def erase(self, erasures: Sequence[Erasure], number: str = "", *, who: str, about: About, at: str) -> int:
        """Erases rows with their history, as a run that nothing undoes; its number. Of each version a tombstone stays."""
        with transaction(self._engine, writing=True) as connection:
            run = erasing.erase(connection, self._county, erasures, number, who=who, about=about, at=at)
        erasing.wipe_log(self._engine)
        return run

    def lift_forgotten(self, person: str, *, who: str, at: str) -> int:
        """Lets a person's rows be taken again; in how many forms they were not."""
        with transaction(self._engine, writing=True) as connection:
            return erasing.lift(connection, self._county, person, who=who, at=at)

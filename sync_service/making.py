"""Making the workbooks that are published, in other processes."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sync_service.contents import master_content
from sync_service.errors import TaizhangError
from sync_service.feedback import write_feedback
from sync_service.gather import book_of
from sync_service.master.writer import write_master
from sync_service.privacy.locking import locked, master_password
from sync_service.publish import Prepared, prepare
from sync_service.settings import CountySetup
from sync_service.sources.base import Item, Limits, Refused, Source, SourceDown, content_mark
from sync_service.spool import Spool
from sync_service.store import Store
from sync_service.wanted import WantedFeedback, WantedMaster
from validators.raw import RawBook
from workbook_templates.form import Forms

NOTHING = RawBook("", ())
"""Stands for a workbook that could not be read: there are no sheets to copy."""


def _read_again(source: Source, wanted: WantedFeedback, item: Item, limits: Limits) -> RawBook | None:
    """The workbook from its place; None if it changed since it was judged, or is out of reach."""
    try:
        before = source.mark(item, None)
        if not before.by_version and before.digest.hex() != wanted.digest:
            return None
        book = source.read(item, limits)
        return book if content_mark(before, book).digest.hex() == wanted.digest else None
    except SourceDown:
        return None
    except Refused:
        return NOTHING  # it could not be read in this run either: there is nothing to copy


def _as_judged(source: Source, spool: Spool, wanted: WantedFeedback, limits: Limits) -> RawBook | None:
    """The workbook as it was judged; None if it is not to be had any more. It is read only if this run has not read it."""
    if wanted.item is None:
        return NOTHING
    name = book_of(wanted.township.code, wanted.digest)
    if spool.holds(name):
        book: RawBook = spool.kept(name)
        return book
    return _read_again(source, wanted, wanted.item, limits)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes workbooks of one county, in a process that opens the store for itself.

    `source` is where the townships' workbooks lie, `spool` holds those that this run has read, and `limits` bound reading
    one again.
    """

    setup: CountySetup
    forms: Forms
    source: Source
    spool: Spool
    limits: Limits

    def _master(self, wanted: WantedMaster, target: Path) -> Prepared:
        setup, shelf = self.setup, wanted.shelf
        with Store.open(setup.store_url, setup.county.code) as store:
            content = master_content(store, setup, self.forms, wanted.problems, wanted.shared, shelf)
            return prepare(target, locked(partial(write_master, content, shelf=shelf), master_password(setup)))

    def _feedback(self, wanted: WantedFeedback, target: Path) -> Prepared | None:
        book = _as_judged(self.source, self.spool, wanted, self.limits)
        if book is None:
            return None

        def write(path: Path) -> None:
            write_feedback(path, wanted.township, book, wanted.problems, self.forms, wanted.made_at)

        return prepare(target, locked(write, wanted.password))

    def __call__(
        self, wanted: WantedMaster | WantedFeedback, target: Path
    ) -> Prepared | OSError | TaizhangError | None:
        """The workbook, ready to be put at `target`; None if a township's changed since it was judged, or is out of reach.

        If the disk or the store fails, that comes back as what it is, to be raised where the run is.
        """
        try:
            if isinstance(wanted, WantedMaster):
                return self._master(wanted, target)
            return self._feedback(wanted, target)
        except (OSError, TaizhangError) as error:
            return error

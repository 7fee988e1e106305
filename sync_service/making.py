"""Making the workbooks that are published, each in a process of its own.

Apart from outputs.py because of what it imports: a pass that publishes nothing does not wait for that.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from sync_service.contents import master_content
from sync_service.feedback import write_feedback
from sync_service.gather import book_of
from sync_service.master.writer import write_master
from sync_service.privacy.locking import locked, master_password
from sync_service.publish import Prepared, prepare
from sync_service.reuse.shelf import Shelf
from sync_service.settings import CountySetup
from sync_service.sources.base import Item, Limits, Refused, Source, SourceDown, content_mark
from sync_service.spool import Spool
from sync_service.store import Store
from sync_service.store.records import KnownProblem
from sync_service.wanted import Wanted
from validators.problems import Problem
from validators.raw import RawBook
from workbook_templates.form import Forms

NOTHING = RawBook("", ())
"""Stands for a workbook that could not be read: there are no sheets to copy."""


def prepare_master(
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
    target: Path,
    shelf: Shelf | None,
) -> Prepared:
    """Makes the master workbook; runs in a process of its own, which opens the store for itself."""
    with Store.open(setup.store_url, setup.county.code) as store:
        content = master_content(store, setup, forms, problems, shared, shelf)
        return prepare(target, locked(partial(write_master, content, shelf=shelf), master_password(setup)))


def _read_again(source: Source, wanted: Wanted, item: Item, limits: Limits) -> RawBook | None:
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


def _as_judged(source: Source, spool: Spool, wanted: Wanted, limits: Limits) -> RawBook | None:
    """The workbook as it was judged; None if it is not to be had any more. It is read only if this run has not read it."""
    if wanted.item is None:
        return NOTHING
    name = book_of(wanted.township.code, wanted.digest)
    if spool.holds(name):
        book: RawBook = spool.kept(name)
        return book
    return _read_again(source, wanted, wanted.item, limits)


def prepare_feedback(
    source: Source, spool: Spool, wanted: Wanted, target: Path, forms: Forms, limits: Limits
) -> Prepared | None:
    """Makes a township's feedback; None if its workbook changed since it was judged, or is out of reach.

    Runs in a process of its own.
    """
    book = _as_judged(source, spool, wanted, limits)
    if book is None:
        return None

    def write(path: Path) -> None:
        write_feedback(path, wanted.township, book, wanted.problems, forms, wanted.made_at)

    return prepare(target, locked(write, wanted.password))

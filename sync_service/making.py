"""Making the workbooks that are published, each in a process of its own.

Apart from outputs.py because of what it imports: a pass that publishes nothing does not wait for that.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from sync_service.contents import master_content
from sync_service.feedback import write_feedback
from sync_service.master.writer import write_master
from sync_service.privacy.locking import locked, master_password
from sync_service.publish import Prepared, prepare
from sync_service.reuse.shelf import Shelf
from sync_service.settings import CountySetup
from sync_service.sources.base import Limits, Refused, Source, SourceDown, content_mark
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
        content = master_content(store, setup, forms, problems, shared)
        return prepare(target, locked(partial(write_master, content, shelf=shelf), master_password(setup)))


def prepare_feedback(source: Source, wanted: Wanted, target: Path, forms: Forms, limits: Limits) -> Prepared | None:
    """Reads the workbook once more and makes its feedback; None if it changed since, or is out of reach.

    Runs in a process of its own.
    """
    book = NOTHING
    if wanted.item:
        try:
            before = source.mark(wanted.item, None)
            if not before.by_version and before.digest.hex() != wanted.digest:
                return None
            book = source.read(wanted.item, limits)
            if content_mark(before, book).digest.hex() != wanted.digest:
                return None
        except SourceDown:
            return None
        except Refused:
            book = NOTHING  # it could not be read in this run either: there is nothing to copy

    def write(path: Path) -> None:
        write_feedback(path, wanted.township, book, wanted.problems, forms, wanted.made_at)

    return prepare(target, locked(write, wanted.password))

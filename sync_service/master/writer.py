"""The master workbook as a file."""

from pathlib import Path

from sync_service.look import Look, open_book
from sync_service.master.cases import choice_lists, write_cases
from sync_service.master.changes import write_changes
from sync_service.master.content import MasterContent
from sync_service.master.corrections import write_corrections
from sync_service.master.form_counts import write_form_counts
from sync_service.master.guide import write_guide
from sync_service.master.input_cells import write_lists
from sync_service.master.merged import write_merged
from sync_service.master.merged_rows import number_styles
from sync_service.master.overview import write_overview
from sync_service.master.problem_list import write_problem_list
from sync_service.master.reviews import write_reviews
from sync_service.master.splicer import Splicer
from sync_service.master.strays import write_strays
from sync_service.reuse.shelf import Shelf
from sync_service.reuse.splicing import splice

_TOWNSHIPS, _FORMS, _CHOICES = 1, 2, 3
"""The numbers of the lists that cells offer."""


def _write(content: MasterContent, path: Path, splicer: Splicer | None) -> None:
    """Every sheet in one pass over the rows."""
    with open_book(path, content.made_at, f"{content.county.name}县级总台账") as book:
        look = Look(book)
        number_styles(look, content.tables)
        write_overview(book, look, content)
        write_cases(book, look, content, _CHOICES)
        write_strays(book, look, content)
        write_reviews(book, look, content)
        write_corrections(book, look, content, _TOWNSHIPS, _FORMS)
        write_form_counts(book, look, content)
        for form in content.tables:
            write_merged(book, look, content, form, splicer)
        write_problem_list(book, look, content)
        write_changes(book, look, content)
        write_guide(book, look, content)
        townships = [line.name for line in content.townships]
        write_lists(book, [townships, [form.title for form in content.tables], *choice_lists(content)])


def write_master(content: MasterContent, path: Path, shelf: Shelf | None = None) -> None:
    """Write the master workbook to `path`. Equal contents give equal bytes, whatever is on the shelf.

    With a `shelf`, the rows of townships in which nothing changed are taken from it, compressed as they are unless they
    moved. Without one XlsxWriter writes the whole workbook; both hold the same parts. Raises OSError if the file cannot be
    written. Whoever calls it publishes the file safely (sync_service.publish), in a folder of its own.
    """
    if shelf is None:
        _write(content, path, None)
        return
    frame, splicer = path.with_name(f"frame{path.suffix}"), Splicer(shelf)
    _write(content, frame, splicer)
    splice(frame, path, splicer.rows())
    splicer.tidy()
    frame.unlink()

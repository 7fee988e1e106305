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
from sync_service.master.overview import write_overview
from sync_service.master.problem_list import write_problem_list
from sync_service.master.reviews import write_reviews
from sync_service.master.strays import write_strays

_TOWNSHIPS, _FORMS, _CHOICES = 1, 2, 3
"""The numbers of the lists that cells offer."""


def write_master(content: MasterContent, path: Path) -> None:
    """Write the master workbook to `path` in one pass over the rows. Equal contents give equal bytes.

    Raises OSError if the file cannot be written. Whoever calls it publishes the file safely (sync_service.publish).
    """
    with open_book(path, content.made_at, f"{content.county.name}县级总台账") as book:
        look = Look(book)
        write_overview(book, look, content)
        write_cases(book, look, content, _CHOICES)
        write_strays(book, look, content)
        write_reviews(book, look, content)
        write_corrections(book, look, content, _TOWNSHIPS, _FORMS)
        write_form_counts(book, look, content)
        for form in content.tables:
            write_merged(book, look, content, form, content.rows.get(form.id, ()))
        write_problem_list(book, look, content)
        write_changes(book, look, content)
        write_guide(book, look, content)
        townships = [line.name for line in content.townships]
        write_lists(book, [townships, [form.title for form in content.tables], *choice_lists(content)])

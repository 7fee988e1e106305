"""The master workbook as a file."""

from pathlib import Path

from sync_service.look import Look, open_book
from sync_service.master.changes import write_changes
from sync_service.master.content import MasterContent
from sync_service.master.guide import write_guide
from sync_service.master.merged import write_merged
from sync_service.master.overview import write_overview
from sync_service.master.problem_list import write_problem_list


def write_master(content: MasterContent, path: Path) -> None:
    """Write the master workbook to `path` in one pass over the rows. Equal contents give equal bytes.

    Raises OSError if the file cannot be written. Whoever calls it publishes the file safely (sync_service.publish).
    """
    with open_book(path, content.made_at, f"{content.county.name}县级总台账") as book:
        look = Look(book)
        write_overview(book, look, content)
        for form in content.tables:
            write_merged(book, look, content, form, content.rows.get(form.id, ()))
        write_problem_list(book, look, content)
        write_changes(book, look, content)
        write_guide(book, look, content)

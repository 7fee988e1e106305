"""统计.xlsx: the figures as a workbook, each one leading to the very rows that it counts, and back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sync_service.figures.detail_sheets import details_of, details_shown, write_detail
from sync_service.figures.figures import Figures
from sync_service.figures.other_sheets import (
    write_categories,
    write_checks,
    write_differences,
    write_lacking,
    write_meanings,
)
from sync_service.figures.sealing import Difference, standing_seal
from sync_service.figures.sheet_kit import Kit
from sync_service.figures.summary_sheets import write_charts, write_summary, write_townships, write_villages
from sync_service.look import Look, open_book
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.form import Forms


def write_figures(
    path: Path,
    setup: CountySetup,
    forms: Forms,
    store: Store,
    figures: Figures,
    changed: Sequence[Difference],
    now: datetime,
) -> None:
    """Writes the workbook. It holds whole rows with personal data, as the master does. Equal figures give equal sheets.

    Raises OSError if the file cannot be written, StoreError if the rows cannot be read.
    """
    details = details_of(figures.results.values())
    shown = details_shown(store, details, forms)
    titles = {result.figure.id: detail.title for detail in details for result in detail.results}
    with open_book(path, now.replace(tzinfo=None), f"{setup.county.name}统计") as book:
        kit = Kit(book, Look(book), setup.county, figures, titles)
        write_summary(kit)
        write_townships(kit)
        write_charts(kit)
        write_villages(kit)
        write_categories(kit, forms)
        write_checks(kit)
        write_lacking(kit)
        if standing_seal(store, figures.span.period.name):
            write_differences(kit, forms, changed)
        write_meanings(kit, forms)
        for detail in details:
            write_detail(kit, detail, shown)

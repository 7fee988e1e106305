"""What is worked out from the rows once they are stored, before anything is published.

Two things that have nothing to do with each other, and so are done side by side: the cases for the coordinator, and the rows
of the master as they stand in its file.
"""

from dataclasses import dataclass
from typing import Literal

from sync_service.contents import row_blocks
from sync_service.errors import TaizhangError
from sync_service.master.merged import shelve_rows
from sync_service.reuse.borrowing import borrowed
from sync_service.reuse.shelf import Shelf
from sync_service.review.refreshing import cases_are_current, refresh_cases
from sync_service.settings import CountySetup
from sync_service.sources.base import Limits
from sync_service.sources.crew import Crew
from sync_service.sources.worker import Failure
from sync_service.store import Store
from workbook_templates.form import Forms

_UNBOUNDED = Limits(seconds=86_400, memory_mb=1 << 20)
"""What is worked out comes from the store, and not from whoever sent a workbook."""


@dataclass(frozen=True, slots=True)
class _Working:
    """One of the two, in a process that opens the store for itself."""

    setup: CountySetup
    forms: Forms
    shelf: Shelf
    at: str

    def __call__(self, what: Literal["cases", "rows"]) -> TaizhangError | None:
        setup, forms = self.setup, self.forms
        try:
            with Store.open(setup.store_url, setup.county.code) as store:
                if what == "cases":
                    refresh_cases(store, setup, forms, self.shelf, self.at)
                else:
                    shelve_rows(forms, row_blocks(store, setup, forms, store.rows_marks()), self.shelf)
        except TaizhangError as error:  # raised again where the run is
            return error
        return None


def work_out(store: Store, setup: CountySetup, forms: Forms, crew: Crew, at: str) -> None:
    """Has `crew` look for cases, and make what rows of the master are new, if anything changed since. `at` is the run's moment.

    Raises TaizhangError if the store fails, or a process is killed.
    """
    if cases_are_current(store, setup, forms):
        return
    calls: list[tuple[Literal["cases", "rows"]]] = [("cases",)]
    if setup.settings.files.quick_master:
        calls.append(("rows",))
    with borrowed(store, setup.folder) as shelf:
        for _, outcome in crew.run_all(
            _Working(setup, forms, shelf, at), calls, _UNBOUNDED, setup.settings.limits.jobs
        ):
            if isinstance(outcome, Failure):
                raise TaizhangError(
                    "没有算成：查重复、排总台账的程序被系统停掉了", "多半是内存不够。关掉别的程序，再运行一次。"
                )
            if outcome is not None:
                raise outcome

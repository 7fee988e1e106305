"""What the county last said of a township's workbook, as its feedback workbook has it."""

from collections.abc import Sequence
from datetime import datetime

from sync_service.moments import local
from sync_service.review.telling import told_townships
from sync_service.settings import CountySetup
from sync_service.store import Store
from validators.problems import Problem
from workbook_templates.form import Forms
from workbook_templates.place import Township


def last_feedback(setup: CountySetup, forms: Forms, township: Township) -> tuple[Sequence[Problem], datetime | None]:
    """The problems that stand, and the local time at which the workbook was read; None if it never was.

    Raises StoreError if the store cannot be read.
    """
    if not setup.has_store:
        return (), None
    with Store.open(setup.store_url, setup.county.code) as store:
        source = store.sources().get(township.code)
        if source is None or not source.read_at:
            return (), None
        stored = [known.problem for known in store.problems(township.code)]
        return [*stored, *told_townships(store, forms).get(township.code, ())], local(source.read_at)

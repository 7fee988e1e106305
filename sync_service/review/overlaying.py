"""What the county has decided, laid over what a township's workbook says before the two are merged."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import orjson

from sync_service.merge import Refusal, Stored
from sync_service.review.correcting import by_sheet, corrected, standing
from sync_service.review.history import Stated
from sync_service.review.subjects import identity
from sync_service.store.review_records import Statement
from validators.checked import CheckedSheet
from workbook_templates.form import Form


class Laid(NamedTuple):
    """A sheet as it is to be merged with what is stored, and what is new to be stated of the county's corrections.

    `out` are the keys of rows in the sheet that are not taken because another township's are.
    """

    stored: Stored
    sheet: CheckedSheet
    out: frozenset[str]
    statements: Sequence[Statement]


class CountySays:
    """Corrections and decisions in force."""

    def __init__(self, stated: Stated, today: date) -> None:
        self._excluded: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for (form, township, key), one in stated.excluded().items():
            self._excluded[form, township][key] = one.identity
        self._corrections = by_sheet(standing(stated))
        self._today = today

    def lay_over(self, form: Form, stored: Stored, sheet: CheckedSheet) -> Laid:
        """The sheet with the county's corrections in it, and with those rows refused that were decided to be another's."""
        here = self._excluded.get((form.id, stored.township), {})
        out = {
            Refusal(row.key, row.digest)
            for row in sheet.rows
            if row.valid and row.key in here and identity(form, orjson.loads(row.payload)) == here[row.key]
        }
        sheet, statements = corrected(form, sheet, self._corrections.get((form.id, stored.township), ()), self._today)
        refusing = replace(stored, refusals=stored.refusals | out)
        return Laid(refusing, sheet, frozenset(refusal.key for refusal in out), statements)

"""What the demo county's bureau holds, for a township's workbook to be judged by."""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson

from sync_service.demo.county import plan_bureau
from sync_service.demo.draft import Draft, typed
from sync_service.demo.places import BUREAU
from validators.check import check
from validators.table import Reference
from workbook_templates.form import Forms


def references(forms: Forms, townships: Sequence[Draft], today: date) -> Mapping[str, Sequence[Reference]]:
    """The rows that only the bureau keeps, of a bureau that keeps its sheets for these townships."""
    return held(forms, plan_bureau(today, 0, "", townships, set()), today)


def held(forms: Forms, bureau: Draft, today: date) -> Mapping[str, Sequence[Reference]]:
    """The rows that only the bureau keeps, as its workbook has them."""
    checked = check(forms, typed(bureau, forms, today).book, BUREAU, today)
    return {
        sheet.form: [Reference(row.row, orjson.loads(row.payload)) for row in sheet.rows if row.valid]
        for sheet in checked.sheets
        if forms[sheet.form].filled_by == ("county",)
    }

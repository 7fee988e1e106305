"""The demo's likely doubles are suspected as planned, and in nobody else's place."""

from datetime import date

import orjson

from sync_service.demo.county import plan_county
from sync_service.demo.doubles import Likely, likely_doubles
from sync_service.demo.places import TOWNSHIPS
from sync_service.doubles.changes import NUMBER_CHANGES, changes_of
from sync_service.doubles.person import people_of
from sync_service.doubles.suspicions import suspicions
from sync_service.store.records import Row
from workbook_templates.form import load_forms

TODAY = date(2027, 1, 1)


def _rows(form: str) -> list[Row]:
    """What every workbook means to say in a form, as if it were stored."""
    key = load_forms()[form].key[0]
    return [
        Row(draft.township.code, str(row[key]), orjson.dumps({k: v for k, v in row.items() if v is not None}), "", "", "", 0, ())
        for draft in plan_county(TODAY)[0]
        for bundle in draft.bundles
        for row in bundle.meant.get(form, ())
    ]  # fmt: skip


def test_each_planted_double_is_suspected_between_its_townships() -> None:
    people = people_of(load_forms()["veterans"], _rows("veterans"))
    found = suspicions(people, changes_of(_rows(NUMBER_CHANGES)))
    between = [Likely(one.code, frozenset((one.left.township, one.right.township))) for one in found]
    planted = [*likely_doubles([township.code for township in TOWNSHIPS])]
    assert sorted(one.code for one in between if len(one.townships) > 1) == sorted(
        ["J01", *(one.code for one in planted)]
    )
    assert {*planted} < {*between}

"""People whose rows were erased do not come back with the next reading of the township's workbook: it is told to delete them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import orjson

from sync_service.privacy.person_key import PersonKey
from sync_service.settings import CountySetup
from validators.checked import Checked, CheckedSheet
from validators.problems import Problem, problem
from workbook_templates.form import Form, Forms

FORGOTTEN = "L14"

_Forgotten = Mapping[str, frozenset[str]]


def _refused_rows(form: Form, sheet: CheckedSheet, people: frozenset[str], key: PersonKey) -> Iterator[int]:
    for row in sheet.rows:
        number = orjson.loads(row.payload).get(form.person)
        if number and key.person(str(number)) in people:
            yield row.row


def _without(verdict: Checked, forms: Forms, forgotten: _Forgotten, key: PersonKey) -> Checked:
    """The verdict without the rows of people who were erased, and with a word to the township for each."""
    refused = {
        sheet.form: frozenset(_refused_rows(forms[sheet.form], sheet, forgotten[sheet.form], key))
        for sheet in verdict.sheets
        if sheet.form in forgotten
    }
    told: list[Problem] = []
    sheets = []
    for sheet in verdict.sheets:
        rows = refused.get(sheet.form, frozenset())
        told += [problem(FORGOTTEN, sheet=sheet.sheet, form=sheet.form, row=row) for row in sorted(rows)]
        sheets.append(replace(sheet, rows=tuple(row for row in sheet.rows if row.row not in rows)))
    problems = [one for one in verdict.problems if one.row not in refused.get(one.form, frozenset())]
    rejected = [
        one
        for one in verdict.rejected
        if one.form not in forgotten or key.person(one.number) not in forgotten[one.form]
    ]
    return replace(verdict, sheets=tuple(sheets), problems=(*problems, *told), rejected=tuple(rejected))


def refusing(setup: CountySetup, forms: Forms, forgotten: _Forgotten) -> Callable[[Checked], Checked]:
    """What takes out of a verdict what is not taken again. `forgotten` are keyed hashes of people by form.

    Raises TaizhangError if somebody was erased and the key by which they are known cannot be had: nobody comes back unseen.
    """
    if not forgotten:
        return lambda verdict: verdict
    key = PersonKey(setup)
    return lambda verdict: _without(verdict, forms, forgotten, key)

"""What the county bureau's own workbook holds for the townships' rows to be looked up in: standards, old rosters."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from sync_service.merge import Plan
from sync_service.settings import CountySetup
from sync_service.store import Store
from validators.table import Reference
from workbook_templates.form import Forms
from workbook_templates.place import Township

References = Mapping[str, Sequence[Reference]]


@dataclass(frozen=True, slots=True)
class Held:
    """The rows as they will stand after this run. `fingerprint` changes with them; `rows` fetches them, by form id."""

    fingerprint: str
    rows: Callable[[], References]


NOTHING = Held("", dict)


def _looked_up(forms: Forms, bureau: Township) -> list[str]:
    """The forms that only the bureau fills in and that rows of others are looked up in."""
    others = (form for form in forms.values() if "township" in form.filled_by)
    wanted = {target.form for form in others for lookup in form.lookups for target in lookup.targets}
    return sorted(form for form in wanted if forms[form].filled_by == (bureau.filler,))


def _rows(store: Store, bureau: Township, plan: Plan | None, form: str) -> list[Reference]:
    found = {row.key: (row.row, row.payload) for row in store.rows(form, township=bureau.code)}
    if plan:
        found |= {row.key: (row.row, row.payload) for row in (*plan.new, *(change.row for change in plan.changed))}
        for gone in plan.gone:
            del found[gone.key]
    return [Reference(number, orjson.loads(payload)) for _, (number, payload) in sorted(found.items())]


def held_by(store: Store, forms: Forms, bureau: Township, plans: Sequence[Plan]) -> Held:
    """What the bureau holds: as it is stored, and as `plans` (those of its own workbook, if it was read) will change it."""
    planned = {plan.form: plan for plan in plans}
    wanted = _looked_up(forms, bureau)
    hashed = hashlib.blake2b(digest_size=16)
    for form, stored in store.current(bureau.code, wanted).items():
        digests = {key: row.digest for key, row in stored.rows.items()}
        if plan := planned.get(form):
            digests |= {row.key: row.digest for row in (*plan.new, *(change.row for change in plan.changed))}
            for gone in plan.gone:
                del digests[gone.key]
        for key, digest in sorted(digests.items()):
            hashed.update(f"{form}\0{key}\0".encode() + digest)
    return Held(hashed.hexdigest(), lambda: {form: _rows(store, bureau, planned.get(form), form) for form in wanted})


def held_now(setup: CountySetup, forms: Forms) -> References:
    """What the bureau holds as it is stored; nothing if the county has no bureau's workbook, or was never synced.

    Raises StoreError if the store cannot be read.
    """
    bureau = next((unit for unit in setup.townships if unit.filler == "county"), None)
    if bureau is None or not setup.has_store:
        return {}
    with Store.open(setup.store_url, setup.county.code) as opened:
        return held_by(opened, forms, bureau, ()).rows()

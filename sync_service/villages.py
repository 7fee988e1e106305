"""Which villages have any row, counted anew only where rows changed since the last run."""

from collections import defaultdict
from collections.abc import Mapping, Set

import orjson

from sync_service.reuse.shelf import Shelf
from sync_service.store import Store
from sync_service.store.places import RowsMark
from workbook_templates.form import Form, Forms

_SHELVED = "villages"

_Counted = dict[str, tuple[str, list[str]]]
"""The mark of the rows, and the villages in them, by form and township."""


def _known(shelf: Shelf | None, made_from: bytes) -> _Counted:
    entry = shelf.get(_SHELVED, made_from) if shelf else None
    known: _Counted = orjson.loads(entry) if entry else {}
    return known


def _villages(store: Store, form: Form, township: str) -> list[str]:
    columns = [column.id for column in form.stored if column.kind == "village"]
    return sorted({village for column in columns for village in store.values_in(form.id, township, column)})


def villages_with_rows(
    store: Store, forms: Forms, marks: Mapping[tuple[str, str], RowsMark], shelf: Shelf | None
) -> Mapping[str, Set[str]]:
    """The villages of which any form has a current row, by township. `marks` are the store's now."""
    made_from = forms.digest.encode()
    known, counted = _known(shelf, made_from), _Counted()
    seen: dict[str, set[str]] = defaultdict(set)
    for (name, township), (_, mark) in marks.items():
        if name not in forms or forms[name].layout != "table":
            continue
        place = f"{name} {township}"
        stands = place in known and known[place][0] == mark
        counted[place] = known[place] if stands else (mark, _villages(store, forms[name], township))
        seen[township].update(counted[place][1])
    if shelf and counted != known:
        shelf.put(_SHELVED, made_from, orjson.dumps(counted))
    return seen

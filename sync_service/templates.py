"""Township workbooks made from the forms, blank or with the rows that the store holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from sync_service.asking import township_named
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.excel import write_template
from workbook_templates.form import Forms

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def _stored(setup: CountySetup, forms: Forms) -> dict[str, dict[str, list[Mapping[str, object]]]]:
    """The store's rows by township and form, each as column → value, in the order in which they stood in the file."""
    found: dict[str, dict[str, list[Mapping[str, object]]]] = {}
    with Store.open(setup.store_url, setup.county.code) as store:
        for form in forms.values():
            if form.layout == "table":
                for row in sorted(store.rows(form.id), key=lambda row: (row.township, row.row, row.key)):
                    found.setdefault(row.township, {}).setdefault(form.id, []).append(orjson.loads(row.payload))
    return found


def write_templates(setup: CountySetup, forms: Forms, *, with_data: bool, only: str) -> list[Path]:
    """Writes one workbook for each township, or for `only` one, into the templates folder; returns their paths.

    Raises TaizhangError if there is no such township.
    """
    townships = [township_named(setup, only)] if only else setup.townships
    rows: Mapping[str, Rows] = _stored(setup, forms) if with_data else {}
    folder = setup.path(setup.settings.files.templates)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for township in townships:
        path = folder / f"{township.name}.xlsx"
        write_template(path, forms, township, setup.settings.period, rows=rows.get(township.code))
        written.append(path)
    return written

"""The workbook that a township fills in, made from the forms. The same input gives the same bytes."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

from workbook_templates.cover_sheet import write_cover
from workbook_templates.dictionary_sheet import write_dictionary
from workbook_templates.form import Forms
from workbook_templates.guide_sheet import write_guide
from workbook_templates.kinds.base import Setting
from workbook_templates.looks import DEFAULTS, Looks
from workbook_templates.place import Township
from workbook_templates.shared import with_shared_formulas
from workbook_templates.sheet import FIRST_ROW, STAMP_PROPERTY
from workbook_templates.stamp import Stamp
from workbook_templates.table_sheet import LAST_ROW, Payload, write_table

LONG_AGO = datetime(2000, 1, 1)
"""Stands for the moment of making, which must not show in the bytes."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _finished(draft: bytes, repeated: Mapping[str, str]) -> bytes:
    """The workbook with shared formulas, packed without a trace of when."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(draft)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = with_shared_formulas(data.decode(), repeated, FIRST_ROW, LAST_ROW).encode()
            about = zipfile.ZipInfo(name, _EPOCH)
            target.writestr(about, data, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def write_template(
    target: Path | BinaryIO,
    forms: Forms,
    township: Township,
    period: str,
    rows: Mapping[str, Sequence[Payload]] | None = None,
) -> None:
    """Writes the township's workbook for `period` (2026上半年), with `rows` by form id filled in as payloads.

    Raises OSError if the file cannot be written.
    """
    setting = Setting(township, LONG_AGO.date())  # the sheet asks for today itself, wherever it matters
    stamp = Stamp(township.county.code, township.code, forms.versions)
    repeated: dict[str, str] = {}
    draft = BytesIO()
    options = {"in_memory": True, "default_format_properties": dict(DEFAULTS)}
    with Workbook(draft, options) as book:
        book.set_properties({"title": f"{township.county.name}{township.name} 退役军人事务台账", "created": LONG_AGO})
        book.set_custom_property(STAMP_PROPERTY, str(stamp), "text")
        book.set_size(1600, 900)
        looks = Looks(book)
        version = "、".join(f"{form.title} {form.version}" for form in forms.values())
        known: dict[str, str | date] = {"county": township.county.name, "township": township.name, "period": period}
        for form in forms.values():
            if form.layout == "cover":
                write_cover(book, looks, form, setting, known, version).activate()
        write_guide(book, looks, forms.values(), setting)
        for form in forms.values():
            if form.layout == "table":
                write_table(book, looks, form, setting, (rows or {}).get(form.id, ()), repeated)
        write_dictionary(book, forms.values(), setting, stamp)
    data = _finished(draft.getvalue(), repeated)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)

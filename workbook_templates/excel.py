"""The workbook that a township fills in, made from the forms. The same input gives the same bytes."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

from workbook_templates.bar import Buttons, write_settings
from workbook_templates.cover_sheet import LOCKED, cover_values, version_line, write_cover
from workbook_templates.dictionary_sheet import write_dictionary
from workbook_templates.form import Forms
from workbook_templates.guide_sheet import write_guide
from workbook_templates.kinds.base import Setting
from workbook_templates.looks import DEFAULTS, Looks
from workbook_templates.place import Township
from workbook_templates.shared import with_shared_formulas
from workbook_templates.sheet import FIRST_ROW, STAMP_PROPERTY, last_row
from workbook_templates.stamp import Stamp
from workbook_templates.table_sheet import Payload, write_table
from workbook_templates.widened import widened

LONG_AGO = datetime(2000, 1, 1)
"""Stands for the moment of making, which must not show in the bytes."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _finished(draft: bytes, repeated: Mapping[str, str], last_rows: Mapping[str, int]) -> bytes:
    """The workbook whose forms' sheets, by part, have their look to the last column and shared formulas down to their last
    row, packed without a trace of when."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(draft)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name in last_rows:
                data = with_shared_formulas(widened(data.decode()), repeated, FIRST_ROW, last_rows[name]).encode()
            about = zipfile.ZipInfo(name, _EPOCH)
            target.writestr(about, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _part(book: Workbook) -> str:
    """The part of the sheet that was added last."""
    return f"xl/worksheets/sheet{len(book.worksheets())}.xml"


def write_template(
    target: Path | BinaryIO,
    forms: Forms,
    township: Township,
    period: str,
    rows: Mapping[str, Sequence[Payload]] | None = None,
    cover: Mapping[str, object] | None = None,
    buttons: Buttons | None = None,
) -> None:
    """Writes a workbook with the forms that the township fills in, for `period` (2026上半年), with `rows` by form id and `cover` by column id filled in.

    What the cover says of the period wins over `period`; county and township are the template's own. With `buttons` it is
    a workbook with macros (.xlsm).
    Raises OSError if the file cannot be written.
    """
    forms = forms.of(township)
    bar, cover_bar = (buttons.table, buttons.cover) if buttons else ((), ())
    setting = Setting(township, LONG_AGO.date())  # the sheet asks for today itself, wherever it matters
    stamp = Stamp(township.county.code, township.code, forms.versions)
    repeated: dict[str, str] = {}
    last_rows: dict[str, int] = {}
    draft = BytesIO()
    options = {"in_memory": True, "default_format_properties": dict(DEFAULTS)}
    with Workbook(draft, options) as book:
        book.set_properties({"title": f"{township.county.name}{township.name} 退役军人事务台账", "created": LONG_AGO})
        # A property holds 255 characters, too few for the versions of many forms: those stand on the hidden sheet.
        book.set_custom_property(STAMP_PROPERTY, str(replace(stamp, versions={})), "text")
        book.set_size(1600, 900)
        looks = Looks(book)
        own = cover_values(setting, period)
        known = {**own, **(cover or {}), **{name: own[name] for name in LOCKED}}
        for form in forms.values():
            if form.layout == "cover":
                write_cover(book, looks, form, setting, known, version_line(forms.values()), cover_bar).activate()
                last_rows[_part(book)] = 0
        write_guide(book, looks, forms.values(), setting)
        for form in forms.values():
            if form.layout == "table":
                filled = (rows or {}).get(form.id, ())
                roomy = form.roomy(len(filled))
                write_table(book, looks, roomy, setting, filled, repeated, bar)
                last_rows[_part(book)] = last_row(roomy)
        write_dictionary(book, forms.values(), setting, stamp)
        if buttons:
            write_settings(book, buttons.settings)
            names = tuple(f"Sheet{number}" for number, _ in enumerate(book.worksheets(), 1))
            book.add_vba_project(BytesIO(buttons.project(names)), is_stream=True)
    data = _finished(draft.getvalue(), repeated, last_rows)
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)

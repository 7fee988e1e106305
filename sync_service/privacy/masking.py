"""What the screen shows of stored rows to somebody who need not know the full values: each kind of column masks its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync_service.asking import Change, Table
from sync_service.differences import Difference
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.kinds import KINDS

SEPARATOR = "|"
"""Between the parts of a row's key."""


def masked_value(column: Column | None, value: object) -> object:
    """A stored value as it may be shown; of a column that no form has any more, as free text."""
    if not isinstance(value, str):
        return value
    return (column.of if column else KINDS["text"]).mask(value)


def masked_key(form: Form, key: str) -> str:
    """A row's key as it may be shown."""
    parts = key.split(SEPARATOR)
    names = next((names for names in (form.key, form.key_else) if len(names) == len(parts)), ())
    columns: list[Column | None] = [form.by_id[name] for name in names] or [None] * len(parts)
    return SEPARATOR.join(str(masked_value(column, part)) for column, part in zip(columns, parts, strict=True))


def _masked_differences(form: Form, found: Sequence[Difference]) -> tuple[Difference, ...]:
    columns = {column.header: column for column in form.columns}
    return tuple(
        Difference(
            one.header, masked_value(columns.get(one.header), one.old), masked_value(columns.get(one.header), one.new)
        )
        for one in found
    )


def masked_changes(forms: Forms, changes: Sequence[Change]) -> list[Change]:
    """Changes as they may be shown."""
    by_title: Mapping[str, Form] = {form.title: form for form in forms.values()}
    return [
        replace(
            one,
            key=masked_key(by_title[one.form], one.key),
            differences=_masked_differences(by_title[one.form], one.differences),
        )
        for one in changes
    ]


def masked_table(table: Table) -> Table:
    """A form's rows as they may be shown; the first column is the township."""
    columns = table.form.stored
    return replace(
        table,
        rows=tuple(
            (town, *(masked_value(column, value) for column, value in zip(columns, values, strict=True)))
            for town, *values in table.rows
        ),
    )

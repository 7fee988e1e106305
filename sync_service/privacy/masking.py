"""What the screen shows of stored rows to somebody who need not know the full values: each kind of column masks its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync_service.asking import Change, Table
from sync_service.differences import Difference
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.kinds import KINDS
from workbook_templates.kinds.resident_id import ResidentId

SEPARATOR = "|"
"""Between the parts of a row's key."""


HIDDEN = "****"
LONGEST_NAME = 4
"""Of a text that may be a person's name or an organisation's, so many characters are taken for a person's."""


def masked_value(form: Form, column: Column | None, value: object) -> object:
    """A stored value as it may be shown; of a column that no form has any more, as free text."""
    if not isinstance(value, str):
        return value
    if column and "birth" in column.id:
        return HIDDEN  # the very digits that are hidden in the number beside it
    kind = column.of if column else KINDS["text"]
    if column and column.kind == "text" and column.id in form.recognise and len(value) <= LONGEST_NAME:
        kind = KINDS["name"]
    return kind.mask(value)


def _key_columns(form: Form, parts: Sequence[str]) -> Sequence[Column | None]:
    """The columns that a key is made of: those of `key`, or of `key_else` where the row has no number for `key`."""
    for names in (form.key, form.key_else):
        columns = [form.by_id[name] for name in names]
        numbers = [part for column, part in zip(columns, parts, strict=False) if isinstance(column.of, ResidentId)]
        if len(names) == len(parts) and all(part[:1].isdigit() for part in numbers):
            return columns
    return [None] * len(parts)


def masked_key(form: Form, key: str) -> str:
    """A row's key as it may be shown."""
    parts = key.split(SEPARATOR)
    return SEPARATOR.join(
        str(masked_value(form, column, part)) for column, part in zip(_key_columns(form, parts), parts, strict=True)
    )


def _masked_differences(form: Form, found: Sequence[Difference]) -> tuple[Difference, ...]:
    columns = {column.header: column for column in form.columns}
    return tuple(
        Difference(
            one.header,
            masked_value(form, columns.get(one.header), one.old),
            masked_value(form, columns.get(one.header), one.new),
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
            (town, *(masked_value(table.form, column, value) for column, value in zip(columns, values, strict=True)))
            for town, *values in table.rows
        ),
    )

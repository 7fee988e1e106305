"""Views over the current rows, one for each form in Chinese and one in English, so that other programs see plain tables."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from sync_service.store.engine import insert
from sync_service.store.migrations import TABLES
from workbook_templates.column import Column
from workbook_templates.form import Form

_PROVENANCE = (
    ("v.county", "县代码", "_county"),
    ("v.township", "乡镇代码", "_township"),
    ("v.key", "登记主键", "_key"),
    ("v.valid_from", "登记自", "_since"),
    ("w.file", "来源文件", "_file"),
    ("w.sheet", "来源工作表", "_sheet"),
    ("w.row", "来源行", "_row"),
)
RESERVED = frozenset(name for names in _PROVENANCE for name in names[1:]) | TABLES
"""What no form and no column may be called, because the store has it already."""

_FROM = (
    "FROM row_versions v JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
    " WHERE v.valid_to IS NULL AND v.form = "
)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(column: Column, dialect: str) -> str:
    """The column's value. What an older form version stored under another type is NULL in a column of numbers."""
    number = column.sql != "TEXT"
    if dialect == "sqlite":
        path = f"'$.{column.id}'"
        value = f"CAST(json_extract(v.payload, {path}) AS {column.sql})"
        test = f"json_type(v.payload, {path}) IN ('integer', 'real')"
    else:
        types = {"TEXT": "text", "INTEGER": "bigint", "REAL": "double precision"}
        value = f"CAST(CAST(v.payload AS jsonb) ->> '{column.id}' AS {types[column.sql]})"
        test = f"jsonb_typeof(CAST(v.payload AS jsonb) -> '{column.id}') = 'number'"
    return f"CASE WHEN {test} THEN {value} END" if number else value


def _definition(form: Form, columns: Sequence[tuple[str, str]]) -> str:
    names = [name for _, name in columns]
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ValueError(f"form {form.id} cannot be shown as a view: {doubles} would stand there twice")
    listed = ", ".join(f"{value} AS {_quoted(name)}" for value, name in columns)
    return f"SELECT {listed} {_FROM}'{form.id}'"


def view_definitions(forms: Iterable[Form], dialect: str) -> Mapping[str, str]:
    """The SELECT of each view by its name. Raises ValueError if two columns of a view would share a name."""
    definitions = {}
    for form in forms:
        values = [(_value(column, dialect), column) for column in form.stored]
        definitions[form.title] = _definition(
            form,
            [*((value, column.header) for value, column in values), *((sql, name) for sql, name, _ in _PROVENANCE)],
        )
        definitions[form.id] = _definition(
            form, [*((value, column.id) for value, column in values), *((sql, name) for sql, _, name in _PROVENANCE)]
        )
    return definitions


def refresh_views(connection: Connection, wanted: Mapping[str, str]) -> None:
    """Drops and makes the views that differ from `wanted`."""
    for name in stale_views(connection, wanted):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {_quoted(name)}")
        connection.exec_driver_sql(f"DELETE FROM views WHERE name = '{name}'")
        if name in wanted:
            connection.exec_driver_sql(f"CREATE VIEW {_quoted(name)} AS {wanted[name]}")
            insert(connection, "views", "name definition", [(name, _digest(wanted[name]))])


def _digest(definition: str) -> str:
    return hashlib.blake2b(definition.encode(), digest_size=16).hexdigest()


def stale_views(connection: Connection, wanted: Mapping[str, str]) -> list[str]:
    """The names of views that are missing, defined otherwise, or wanted no more."""
    found = connection.exec_driver_sql("SELECT name, definition FROM views")
    known: dict[str, str] = dict(found.all())
    target = {name: _digest(definition) for name, definition in wanted.items()}
    return sorted(name for name in known.keys() | target.keys() if known.get(name) != target.get(name))

"""The store's views as a Frictionless Data Package (https://datapackage.org, version 2): a Table Schema for each form.

The views go by the forms' ids; their columns are described as the store holds them. Only what is an error becomes a
constraint: a warning is taken over, so what it warns of stands in the store.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.choices import Choice, choices_of
from workbook_templates.kinds.numbers import LARGEST

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
TOWNSHIP = "_township"
"""The view's column with the code of the township that a row came from."""
_TYPES: Mapping[str, str] = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
_KINDS: Mapping[str, Mapping[str, Any]] = {
    "date": {"type": "date", "format": "default"},
    "month": {"type": "yearmonth", "format": "default"},
    "year": {"type": "year", "format": "default"},
    "bool": {"type": "boolean", "format": "default", "trueValues": ["是"], "falseValues": ["否"]},
}
_PATTERNS: Mapping[str, str] = {
    "pdate": r"\d{4}-\d{2}(-\d{2})?",
    "id18": r"\d{17}[\dX]",
    "idold": r"\d{15}|\d{17}[\dX]",
    "account": r"\d{8,28}",
}


def _filled(column: Column) -> bool:
    """Whether every stored row has a value in the column: what is only warned of may be missing."""
    if not column.required or column.error_from or column.kind == "phone":
        return False
    return not column.missing or catalogue()[column.missing].severity == "error"


def _constraints(column: Column) -> Iterator[tuple[str, Any]]:
    if _filled(column):
        yield "required", True
    if column.kind == "enum":
        yield "enum", list(choices_of(column).names)
    if column.kind in _PATTERNS:
        yield "pattern", _PATTERNS[column.kind]
    if column.kind in {"text", "address"} and column.min_length:
        yield "minLength", column.min_length
    if column.kind == "int":
        yield "minimum", int(column.low or 0)
        yield "maximum", int(column.high or LARGEST)
    if column.kind == "money":
        yield "minimum", -LARGEST if column.negative else 0


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.id, "title": column.header}
    field |= _KINDS.get(column.kind, {"type": _TYPES[column.sql], "format": "default"})
    if column.hint:
        field["description"] = column.hint
    if column.example and field["type"] in {"string", "date", "yearmonth"} and not isinstance(column.of, Choice):
        field["example"] = column.example
    if constraints := dict(_constraints(column)):
        field["constraints"] = constraints
    return field


def _key(form: Form) -> dict[str, Any]:
    """The columns that tell rows apart: in the whole county on a roster, else in a township."""
    columns = [form.by_id[name] for name in form.key]
    names = [*([] if form.roster else [TOWNSHIP]), *form.key]
    # A primary key has no blank parts.
    return {"primaryKey": names} if all(map(_filled, columns)) and not form.key_else else {"uniqueKeys": [names]}


def _foreign_keys(form: Form) -> Iterator[dict[str, Any]]:
    """Where in other forms the partner of every row stands; a condition on rows is beyond a foreign key."""
    for lookup in form.lookups:
        if lookup.expect == "some" and not lookup.also and not lookup.when and lookup.form != form.id:
            yield {
                "fields": list(lookup.match),
                "reference": {"resource": lookup.form, "fields": list(lookup.match.values())},
            }


def _schema(form: Form) -> dict[str, Any]:
    township = {
        "name": TOWNSHIP,
        "title": "乡镇代码",
        "type": "string",
        "format": "default",
        "constraints": {"required": True, "pattern": r"\d{9}"},
    }
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fieldsMatch": ["subset"],
        "fields": [*map(_field, form.stored), township],
        "missingValues": [""],
        **_key(form),
    }
    if keys := [*_foreign_keys(form)]:
        schema["foreignKeys"] = keys
    return schema


def _resource(form: Form) -> dict[str, Any]:
    return {
        "name": form.id,
        "type": "table",
        "path": f"{form.id}.csv",
        "title": form.title,
        "description": f"每行：{form.row}。",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(form),
    }


def data_package(forms: Forms) -> str:
    """The package's descriptor, datapackage.json, with a resource for each form that is a table."""
    descriptor = {
        "$schema": PROFILE,
        "name": "taizhang",
        "title": "退役军人事务台账",
        "description": "登记库各视图的结构；把某个视图导出成同名的 .csv，就能照它读取和检查。由表单文件生成，不要手改。",
        "resources": [_resource(form) for form in forms.values() if form.layout == "table"],
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"

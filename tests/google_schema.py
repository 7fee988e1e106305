"""Google's own description of the Sheets API (its discovery document), and a check of JSON against it."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "boolean": bool, "integer": int, "number": (int, float), "array": (list, tuple), "object": dict,
}  # fmt: skip
INT32 = range(-(2**31), 2**31)


@cache
def _schemas() -> Mapping[str, Any]:
    text = (files("googleapiclient") / "discovery_cache" / "documents" / "sheets.v4.json").read_text("utf-8")
    schemas: Mapping[str, Any] = json.loads(text)["schemas"]
    return schemas


def faults(value: object, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    """Everything in `value` that the schema does not allow: unknown or read-only fields, types, and words of enums."""
    if "$ref" in schema:
        schema = _schemas()[schema["$ref"]]
    if not isinstance(value, TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean"):
        yield f"{path}: {value!r} is no {schema['type']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    elif schema.get("format") == "int32" and value not in INT32:
        yield f"{path}: {value!r} is too large"
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            known = schema["properties"].get(name, {})
            if not known or known.get("readOnly"):
                yield f"{path}.{name}: unknown or read-only"
            else:
                yield from faults(item, known, f"{path}.{name}")


def faults_of(schema: str, value: object) -> list[str]:
    """Everything in `value` that Google's schema of this name does not allow."""
    return list(faults(value, {"$ref": schema}, schema))


def unknown_fields(schema: str, mask: Mapping[str, Any]) -> list[str]:
    """The names in a field mask (nested, {} for everything below) that Google's schema of this name does not have."""
    found = []
    for name, inner in mask.items():
        known = _schemas()[schema]["properties"].get(name)
        if known is None:
            found.append(f"{schema}.{name}")
        elif inner:
            found += unknown_fields((known.get("items") or known)["$ref"], inner)
    return found

"""datapackage.json says what the store's views hold, by the rules of Data Package 2.0 and Table Schema 2.0.

The rules that are checked here are those of https://datapackage.org/standard/ (data-package, data-resource, table-schema),
which are stricter than version 1 wherever both have a property.
"""

import json
import re
from typing import Any

import pytest

from sync_service.store.views import view_definitions
from tests.small import MONEY, PEOPLE, forms_of
from workbook_templates.datapackage import data_package
from workbook_templates.form import Form, load_forms

FORMS = load_forms()
PACKAGE: dict[str, Any] = json.loads(data_package(FORMS))
RESOURCES: dict[str, dict[str, Any]] = {resource["name"]: resource for resource in PACKAGE["resources"]}

NUMERIC = {"integer", "number", "date", "time", "datetime", "year", "yearmonth", "duration"}
CONSTRAINTS = {
    "required": {"any"}, "unique": {"any"}, "enum": {"any"},
    "minLength": {"string", "array", "object"}, "maxLength": {"string", "array", "object"},
    "minimum": NUMERIC, "maximum": NUMERIC, "exclusiveMinimum": NUMERIC, "exclusiveMaximum": NUMERIC,
    "pattern": {"string"}, "jsonSchema": {"object", "array"},
}  # fmt: skip
"""Each constraint with the types of fields that may have it (Table Schema, "Field Constraints")."""
TYPES = {
    "string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year", "yearmonth",
    "duration", "geopoint", "geojson", "any",
}  # fmt: skip
FIELD = {
    "name", "type", "format", "title", "description", "example", "constraints", "categories", "categoriesOrdered",
    "missingValues", "rdfType", "trueValues", "falseValues",
}  # fmt: skip


def fields(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_the_package_has_a_name_and_a_resource_for_each_form_that_is_a_table() -> None:
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[-a-z0-9._/]+", PACKAGE["name"])
    assert list(RESOURCES) == [form.id for form in FORMS.values() if form.layout == "table"]
    assert len(RESOURCES) == len(PACKAGE["resources"])


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_is_a_table_in_a_file_beside_the_package(name: str) -> None:
    resource = RESOURCES[name]
    assert re.fullmatch(r"[-a-z0-9._]+", name)
    assert resource["type"] == "table"
    assert re.fullmatch(r"(?!/)(?!.*\.\.)[\w./-]+\.csv", resource["path"])
    assert (resource["format"], resource["mediatype"], resource["encoding"]) == ("csv", "text/csv", "utf-8")
    assert resource["title"] == FORMS[name].title


@pytest.mark.parametrize("name", RESOURCES)
def test_a_field_has_a_type_and_only_constraints_that_its_type_may_have(name: str) -> None:
    schema = RESOURCES[name]["schema"]
    assert schema["$schema"] == "https://datapackage.org/profiles/2.0/tableschema.json"
    assert schema["missingValues"] == [""]
    assert len(fields(RESOURCES[name])) == len(schema["fields"])
    for field in schema["fields"]:
        assert set(field) <= FIELD, field
        assert field["type"] in TYPES
        assert field["title"]
        for constraint, value in field.get("constraints", {}).items():
            assert CONSTRAINTS[constraint] & {"any", field["type"]}, (field["name"], constraint)
            match constraint:
                case "required":
                    assert value is True
                case "enum":
                    assert value
                    assert len(set(value)) == len(value)
                case "minLength":
                    assert isinstance(value, int)
                    assert value > 0
                case "pattern":
                    re.compile(value)


@pytest.mark.parametrize("name", RESOURCES)
def test_keys_name_fields_that_are_there(name: str) -> None:
    schema, known = RESOURCES[name]["schema"], fields(RESOURCES[name])
    keys = [schema["primaryKey"]] if "primaryKey" in schema else schema["uniqueKeys"]
    for key in keys:
        assert set(key) <= set(known)
    for field in schema.get("primaryKey", ()):
        assert known[field]["constraints"]["required"] or FORMS[name].by_id[field].derive
    for key in schema.get("foreignKeys", ()):
        target = fields(RESOURCES[key["reference"]["resource"]])
        assert set(key["fields"]) <= set(known)
        assert set(key["reference"]["fields"]) <= set(target)
        assert len(key["fields"]) == len(key["reference"]["fields"])


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.layout == "table"], ids=lambda form: form.id)
def test_the_fields_are_the_columns_of_the_stores_view_with_its_types(form: Form) -> None:
    listed = re.findall(r' AS "(\w+)"', view_definitions([form], "sqlite")[form.id])
    known = fields(RESOURCES[form.id])
    assert [name for name in listed if name in known] == list(known)
    assert [name for name in listed if name not in known and name[0] != "_"] == []
    for column in form.stored:
        field = known[column.id]
        numbers = field["type"] in {"integer", "number", "year"}
        assert numbers == (column.sql != "TEXT"), column.id
        assert field["title"] == column.header


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.layout == "table"], ids=lambda form: form.id)
def test_an_example_is_a_value_that_its_field_may_hold(form: Form) -> None:
    for name, field in fields(RESOURCES[form.id]).items():
        if "example" not in field:
            continue
        example = field["example"]
        match field["type"]:
            case "date":
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", example), name
            case "yearmonth":
                assert re.fullmatch(r"\d{4}-\d\d", example), name
            case other:
                assert other == "string"
                assert re.fullmatch(field.get("constraints", {}).get("pattern", r".*"), example), name


def test_a_lookup_that_every_row_must_satisfy_is_a_foreign_key_and_one_with_a_condition_is_not() -> None:
    money = json.loads(data_package(forms_of(PEOPLE, MONEY)))["resources"][1]["schema"]
    assert money["foreignKeys"] == [
        {"fields": ["id_number"], "reference": {"resource": "people", "fields": ["id_number"]}}
    ]
    narrowed = MONEY.replace('code = "X30"', 'code = "X30"\nwhen = "amount > 0"')
    assert "foreignKeys" not in json.loads(data_package(forms_of(PEOPLE, narrowed)))["resources"][1]["schema"]


def test_a_key_with_a_part_that_may_be_blank_is_unique_and_not_primary() -> None:
    people = json.loads(data_package(forms_of(PEOPLE)))["resources"][0]["schema"]
    assert people["primaryKey"] == ["_township", "id_number"]
    blank = PEOPLE.replace('key = ["id_number"]', 'key = ["id_number", "enlist_date"]')
    keys = json.loads(data_package(forms_of(blank)))["resources"][0]["schema"]
    assert ("primaryKey" in keys, keys["uniqueKeys"]) == (False, [["_township", "id_number", "enlist_date"]])

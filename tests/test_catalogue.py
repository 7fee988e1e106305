"""The catalogue of problems: every code once, used, and readable."""

import re
from pathlib import Path

import pytest

from validators.problems import problem
from workbook_templates.catalogue import catalogue
from workbook_templates.form import load_forms

ROOT = Path(__file__).parent.parent
PACKAGES = ("workbook_templates", "validators", "sync_service")


def used_codes() -> set[str]:
    in_code = {
        code
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "demo" not in path.parts
        for code in re.findall(r'"([A-Z]\d\d)"', path.read_text("utf-8"))
    }
    forms = load_forms().values()
    in_rules = {rule.code for form in forms for rule in form.all_rules} | {form.repeated for form in forms}
    in_columns = {column.missing for form in forms for column in form.columns}
    return in_code | in_rules | in_columns


@pytest.mark.parametrize("code", catalogue())
def test_a_message_renders_with_its_example_and_ends_in_a_cure(code: str) -> None:
    entry = catalogue()[code]
    words = {"sheet": "退役军人", "row": 7, "col": "身份证号", "v": "某某"} | entry.example
    message, cure = entry.message.format_map(words), entry.cure.format_map(words)
    assert not re.search(r"[{}]|None", message + cure)
    assert not message.endswith("。")
    assert cure.endswith("。") or entry.severity == "notice"
    assert len(entry.short) <= 14


def test_every_code_of_the_catalogue_is_used_and_every_code_used_is_there() -> None:
    assert used_codes() & set(catalogue()) == set(catalogue())


def test_an_unknown_code_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("Z99")

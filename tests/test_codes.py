"""The code lists: every writing leads to a name, and to one only."""

import pytest

from workbook_templates.codes import code_lists
from workbook_templates.kinds.texts import folded


@pytest.mark.parametrize("name", code_lists())
def test_a_writing_leads_to_a_name_of_its_list(name: str) -> None:
    codes = code_lists()[name]
    assert set(codes.aliases.values()) <= set(codes.names)
    assert {one for group in codes.groups.values() for one in group} <= set(codes.names)


@pytest.mark.parametrize("name", code_lists())
def test_a_writing_with_two_readings_is_no_alias(name: str) -> None:
    codes = code_lists()[name]
    accepted = {folded(text) for text in (*codes.names, *codes.aliases)}
    assert accepted.isdisjoint(map(folded, codes.ambiguous))
    for meant in codes.ambiguous.values():
        assert isinstance(meant, str) or (len(meant) > 1 and set(meant) <= set(codes.names))


@pytest.mark.parametrize("name", code_lists())
def test_no_two_aliases_differ_in_width_or_case_only_and_lead_apart(name: str) -> None:
    codes = code_lists()[name]
    found: dict[str, str] = {}
    for alias, meant in codes.aliases.items():
        assert found.setdefault(folded(alias), meant) == meant

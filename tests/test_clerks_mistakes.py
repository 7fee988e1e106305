"""The mistakes that clerks make and the rules that they break, each with what the clerk is told, word for word."""

from pathlib import Path

import pytest

from tests.clerk_case import Case, told
from tests.mistakes_of_people import MISTAKES_OF_PEOPLE
from tests.mistakes_of_sheets import MISTAKES_OF_SHEETS
from tests.right_book import said, workbook
from tests.right_people import BUREAU
from tests.rule_cells import RULES_OF_CELLS
from tests.rule_files import RULES_OF_FILES
from tests.rule_sheets import RULES_OF_SHEETS
from tests.rule_values import RULES_OF_VALUES
from workbook_templates.catalogue import catalogue

RULES: tuple[Case, ...] = (*RULES_OF_FILES, *RULES_OF_CELLS, *RULES_OF_VALUES, *RULES_OF_SHEETS)
MISTAKES: tuple[Case, ...] = (*MISTAKES_OF_PEOPLE, *MISTAKES_OF_SHEETS)

_NUMBERED = {
    "F": (*range(1, 26),), "M": (*range(1, 11),), "A": (2, *range(11, 17)), "N": (*range(1, 9),), "I": (*range(1, 15),),
    "D": (*range(1, 13), 21), "P": (*range(1, 7),), "B": (*range(1, 6),), "K": (*range(1, 11),), "S": (*range(1, 5),),
    "X": (1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, *range(21, 29), *range(30, 34), *range(41, 45), 51, 52, 61, 65, 66, 71, 72, 73, 74,
          *range(81, 88), 91, 92, 95, 96, 97),
}  # fmt: skip
RULE_IDS = {f"{letter}{number:02d}" for letter, numbers in _NUMBERED.items() for number in numbers}
"""The 150 rules that the bureau asked for."""
MISTAKE_NUMBERS = {str(number) for number in range(1, 80)}
"""The 79 mistakes that were seen in workbooks that clerks sent."""

RULES_JUDGED_ELSEWHERE = {"F07": "sync: beside what was stored last period (test_county_bureau.py)"}
MISTAKES_JUDGED_ELSEWHERE = {
    "63": "store: the same person in two townships (test_store.py, test_demo_county.py)",
    "69": "nowhere: a sheet without protection or lists is read like any other (test_check.py)",
    "70": "look: files beside the workbook, ~$ and copies (test_reading_folders.py)",
    "71": "nowhere: colours are not read; what they mean has a column (人员状态)",
    "72": "nowhere: struck-out text is read as it stands; what it means has a column (人员状态)",
}


def test_nothing_is_wrong_in_what_the_mistakes_are_made_in() -> None:
    assert said(workbook()) == []
    assert said(workbook(unit=BUREAU), BUREAU) == []


@pytest.mark.parametrize("case", RULES, ids=lambda case: f"{case.id}-{case.what}")
def test_a_broken_rule_is_told_word_for_word(case: Case, tmp_path: Path) -> None:
    assert sorted(told(case, tmp_path)) == sorted(case.says)


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: f"{case.id}-{case.what}")
def test_a_mistake_is_told_word_for_word_or_mended_silently(case: Case, tmp_path: Path) -> None:
    assert sorted(told(case, tmp_path)) == sorted(case.says)


def test_each_of_the_150_rules_is_in_the_table_or_judged_elsewhere() -> None:
    print(RULES_JUDGED_ELSEWHERE)
    assert len(RULE_IDS) == 150
    assert {case.id for case in RULES} == RULE_IDS - set(RULES_JUDGED_ELSEWHERE)


def test_each_of_the_79_mistakes_is_in_the_table_or_judged_elsewhere() -> None:
    print(MISTAKES_JUDGED_ELSEWHERE)
    assert {case.id for case in MISTAKES} == MISTAKE_NUMBERS - set(MISTAKES_JUDGED_ELSEWHERE)


def test_a_rule_is_reported_under_its_own_id_and_is_silent_only_where_the_catalogue_has_none() -> None:
    for case in RULES:
        codes = {code for code, _, _ in case.says}
        assert case.id in codes if case.id in catalogue() else not codes

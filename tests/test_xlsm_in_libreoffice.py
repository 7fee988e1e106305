"""The workbook with buttons in LibreOffice: its macros, its buttons, and those macros at work that need no Python."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from macros.marks import SIGN
from macros.with_buttons import BAR, COVER_BAR, SET_TOKEN
from tests.libreoffice import needs_uno, scripted
from tests.olevba import modules
from tests.test_xlsm import FORMS, made
from workbook_templates.sheet import RESULT, letter, places

pytestmark = [needs_uno, pytest.mark.libreoffice]

PLACES = {
    "CheckSheet": "Taizhang", "CheckAll": "Taizhang", "ShowFeedback": "Taizhang", "SetToken": "Taizhang",
    "NextProblem": "TaizhangWalk", "ClearMarks": "TaizhangWalk",
}  # fmt: skip
FIRST, SECOND = "退役军人", "资金发放"
NEXT = ["run", "NextProblem"]


def cell(form: str, column: str, row: int) -> str:
    """The address of a cell of a form's sheet."""
    return next(f"{letter(place.number)}{row}" for place in places(FORMS[form]) if place.column.id == column)


WRONG, LACKING = cell("veterans", "enlist_date", 6), cell("payments", "benefit_type", 5)
STEPS: dict[str, list[list[str]]] = {
    "from the top": [["select", FIRST, "A1"], NEXT],
    "to the next sheet": [NEXT],
    "from the last to the first": [["select", SECOND, "AA30"], NEXT],
    "from a sheet that is no form": [["select", "说明", "A1"], NEXT],
    "when it is mended": [["write", FIRST, WRONG, "2012-12"], ["select", FIRST, "A1"], NEXT],
    "what is blank": [["run", f'said = IsBlankForm(Worksheets("{FIRST}")) & IsBlankForm(Worksheets("封面"))']],
    "what is blank when it is emptied": [
        ["run", f'Worksheets("{SECOND}").Range("B5:Z5").ClearContents'],
        ["run", f'said = IsBlankForm(Worksheets("{SECOND}"))'],
    ],
    "words": [["run", 'said = Setting("TZ_SIGN") & Setting("TZ_RESULT") & Setting("NONE")']],
    "marks taken away": [
        ["note", FIRST, "D5", f"{SIGN}\n× 身份证号"],
        ["note", FIRST, "E5", "请周三前交"],
        ["run", f'Worksheets.Add.Name = "{RESULT}"'],
        ["run", "ClearMarks"],
        ["run", "said = Worksheets(1).Name & Worksheets.Count"],
    ],
    "without a way to Python": [["run", macro] for macro in ("CheckSheet", "CheckAll", "ShowFeedback", "SetToken")],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("desk") / "城关镇.xlsm")


@pytest.fixture(scope="module")
def seen(path: Path) -> Any:
    folder = path.parent
    steps = [step for steps in STEPS.values() for step in steps]
    scripted("tests.macro_desk", {"open": path.as_uri(), "steps": steps, "seen": str(folder / "seen.json")}, folder)
    return json.loads((folder / "seen.json").read_text("utf-8"))


def last(seen: Any, name: str) -> tuple[object, str, str]:
    """What the last step of a story was answered with."""
    end = sum(len(STEPS[one]) for one in list(STEPS)[: list(STEPS).index(name) + 1])
    said, sheet, at = seen["answers"][end - 1]
    return said, sheet, at


def test_libreoffice_lists_every_module(seen: Any, path: Path) -> None:
    assert {*seen["modules"]} == {*modules(zipfile.ZipFile(path).read("xl/vbaProject.bin"))}


def test_every_button_is_bound_to_its_macro(seen: Any) -> None:
    """LibreOffice binds a button only to a macro that it could compile."""

    def bound(*buttons: Any) -> list[list[str]]:
        return [
            [
                one.caption,
                f"vnd.sun.star.script:VBAProject.{PLACES[one.macro]}.{one.macro}?language=Basic&location=document",
            ]
            for one in buttons
        ]

    assert {title: found for title, found in seen["buttons"].items() if found} == {
        "封面": bound(*COVER_BAR, SET_TOKEN), FIRST: bound(*BAR), SECOND: bound(*BAR),
    }  # fmt: skip


def test_no_macro_fails(seen: Any) -> None:
    assert not [said for said, *_ in seen["answers"] if str(said).startswith("Error")]


@pytest.mark.parametrize(
    ("story", "sheet", "at"),
    [
        ("from the top", FIRST, WRONG),
        ("to the next sheet", SECOND, LACKING),
        ("from the last to the first", FIRST, WRONG),
        ("from a sheet that is no form", FIRST, WRONG),
        ("when it is mended", SECOND, LACKING),
    ],
)
def test_next_goes_to_the_cell_that_the_status_names(seen: Any, story: str, sheet: str, at: str) -> None:
    assert last(seen, story)[1:] == (sheet, at)


def test_a_form_is_blank_when_nothing_is_typed_though_formulas_reach_down(seen: Any) -> None:
    assert last(seen, "what is blank")[0] == "FalseFalse"
    assert last(seen, "what is blank when it is emptied")[0] is True


def test_words_are_found_in_the_hidden_sheet(seen: Any) -> None:
    assert last(seen, "words")[0] == SIGN + RESULT


def test_clearing_takes_our_notes_and_the_result_sheet_and_leaves_the_clerks(seen: Any) -> None:
    assert last(seen, "marks taken away")[0] == "封面6"
    assert seen["notes"][FIRST] == ["请周三前交"]

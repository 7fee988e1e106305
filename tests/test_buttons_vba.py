"""The drawing of the marks in VBA, run in LibreOffice from the project that the workbook carries."""

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from macros import marks
from macros.buttons import check_all, clear_marks
from macros.payload import decoded
from macros.remote import answer
from macros.with_buttons import buttons_for
from tests.excel_stand_in import Spreadsheet
from tests.libreoffice import needs_uno, scripted
from tests.small import TOWNSHIP
from tests.test_buttons import NOW, ROWS, forms, judge
from workbook_templates.excel import write_template
from workbook_templates.severities import FILLS
from workbook_templates.sheet import RESULT


def source(name: str) -> str:
    return resources.files("macros").joinpath(name).read_text("utf-8")


def test_both_renderings_draw_what_the_result_sheet_says() -> None:
    vba, google = source("vba/TaizhangMarks.bas"), source("apps_script/taizhang.js")
    numbers = {name: int(n) for name, n in re.findall(r"Const (\w+) As Long = (-?\d+)", vba)}
    assert numbers["FIRST_LINE"] == marks.FIRST_LINE
    for name in ("SHEET_COLUMN", "ADDRESS_COLUMN", "FILL_COLUMN", "NOTE_COLUMN"):
        assert numbers[name] == getattr(marks, name)
    fills = " ".join(FILLS.values())
    assert f'FILLS As String = "{fills}"' in vba
    texts = {
        name: "".join(chr(int(code, 16)) for code in re.findall(r"ChrW\(&H(\w{4})\)", line))
        for name, line in re.findall(r"^    (ResultTitle|Sign) = (.*)$", vba, re.MULTILINE)
    }
    assert texts == {"ResultTitle": RESULT, "Sign": marks.SIGN}
    assert f'RESULT = "{RESULT}";\nconst SIGN = "{marks.SIGN}";' in google
    assert f"FILLS = {json.dumps([fill.lower() for fill in FILLS.values()])};" in google
    columns = (marks.SHEET_COLUMN - 1, 2, marks.ADDRESS_COLUMN - 1, marks.FILL_COLUMN - 1, marks.NOTE_COLUMN - 1)
    assert (
        "SHEET = {}, CELL = {}, ADDRESS = {}, FILL = {}, NOTE = {}, WIDTH = {};".format(*columns, len(marks.HEADERS))
        in google
    )
    assert f"FIRST_LINE = {marks.FIRST_LINE};" in google


@needs_uno
@pytest.mark.libreoffice
def test_the_workbooks_own_code_marks_clears_and_spares_what_is_the_clerks(tmp_path: Path) -> None:
    path = tmp_path / "marks.xlsm"
    write_template(path, forms(), TOWNSHIP, "2026下半年", ROWS, buttons=buttons_for(TOWNSHIP))
    excel = Spreadsheet(path)
    check = answer(decoded(excel.body()), lambda book: check_all(book, forms(), judge, NOW))
    excel.apply(check)
    expected = {f"{title}.{address}": list(mark) for (title, address), mark in excel.marks().items()}
    again = answer(decoded(excel.body()), lambda book: check_all(book, forms(), judge, NOW))
    clear = answer(decoded(excel.body()), clear_marks)
    coloured, noted = list(excel.marks())[:2]
    own: dict[str, dict[str, dict[str, str]]] = {"人员": {}, "发放": {"C9": {"note": "请周三前交", "fill": "#FFFF00"}}}
    own[coloured[0]][coloured[1]] = {"fill": "#00B050"}
    own[noted[0]][noted[1]] = {"note": "已电话核实"}
    others = {"发放.C9": ["#FFFF00", "请周三前交"]}
    expected |= others
    expected[".".join(coloured)][0] = "#00B050"
    expected[".".join(noted)][1] = "已电话核实"
    job = {
        "open": path.as_uri(), "fills": [*FILLS.values()], "own": own, "responses": [check, again, clear],
        "seen": str(tmp_path / "seen.json"),
    }  # fmt: skip
    scripted("tests.macro_runner", job, tmp_path)
    once, twice, cleared = json.loads((tmp_path / "seen.json").read_text("utf-8"))
    in_sheets = {at: look for at, look in once.items() if not at.startswith(RESULT)}
    assert in_sheets == expected
    assert {at: look for at, look in twice.items() if not at.startswith(RESULT)} == expected
    assert cleared == {**others, ".".join(noted): ["", "已电话核实"]}

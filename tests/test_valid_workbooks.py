"""What goes out is a workbook as ECMA-376 has it, however its rows came into it."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from sync_service.master.writer import write_master
from tests.county import NAMES, CountyOnDisk, make_county, veteran, workbook
from tests.ecma376 import LONGEST, faults
from tests.test_master import content, row


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    """Rows, problems, cases and changes; the second master was made with rows from the shelf."""
    made = make_county(tmp_path_factory.mktemp("valid") / "county")
    rows = {name: [veteran(40 * n + k) for k in range(9)] for n, name in enumerate(NAMES)}
    made.fill(rows)
    made.sync()
    odd = [veteran(3, name="甲&<乙>", remark=" 两边空 "), veteran(4, name="a_x0041_b", remark="行\n行")]
    twice, wrong = veteran(80, village="向阳村"), veteran(9, phone="12", enlist_date="2031-05", ethnicity=None)
    made.write(NAMES[0], workbook(NAMES[0], [*rows[NAMES[0]][:3], *odd, twice, wrong]))
    made.sync()
    return made


def test_every_workbook_that_goes_out_is_valid(county: CountyOnDisk) -> None:
    assert {path.name: faults(path) for path in (county.master, *map(county.feedback, NAMES))} == {
        county.master.name: [],
        **{county.feedback(name).name: [] for name in NAMES},
    }


SHEET = "xl/worksheets/sheet7.xml"
BROKEN = {
    "columns after rows": (SHEET, r"(<cols>.*</cols>)(<sheetData>.*</sheetData>)", r"\2\1", "<cols> after <sheetData>"),
    "two row parts": (SHEET, r"(<sheetData>.*</sheetData>)", r"\1<sheetData/>", "<sheetData> twice in <worksheet>"),
    "a stranger": (SHEET, r"</sheetData>", r"<rows/></sheetData>", "<rows> in <sheetData>"),
    "a row twice": (SHEET, r'(<row r="4">.*?</row>)', r"\1\1", "row 4 after row 4"),
    "rows backwards": (SHEET, r'(<row r="3">.*?</row>)(<row r="4">.*?</row>)', r"\2\1", "row 3 after row 4"),
    "a row too many": (SHEET, r'(<row r=")4("><c r="A)4', r"\g<1>1048577\g<2>1048577", "row 1048577 after row 3"),
    "a cell elsewhere": (SHEET, r'r="C4"', 'r="C5"', "C5 in row 4 after column B"),
    "cells backwards": (SHEET, r'(<c r="C4".*?)(<c r="D4".*?)(<c r="E4")', r"\2\1\3", "C4 in row 4 after column D"),
    "no such style": (SHEET, r'(r="C4" s=)"\d+"', r'\1"999"', "C4 has style 999"),
    "no such shared text": (SHEET, r'(<c r="C4").*?</c>', r'\1 t="s"><v>0</v></c>', "C4 has text 0 of 0"),
    "text that says number": (SHEET, r'(<c r="C4" s="\d+") t="inlineStr"', r"\1", "C4 is n and holds something else"),
    "no number": (SHEET, r'(<c r="C4").*?</c>', r"\1><v>一</v></c>", "C4 is a number and holds 一"),
    "a long text": (SHEET, r'(<c r="C4".*?<t>)', r"\1" + "长" * LONGEST, "C4 is too long"),
    "an unknown attribute": (SHEET, r'<row r="4"', '<row r="4" height="9"', "height of <row>"),
    "no address": (SHEET, r'<c r="C4"', "<c", "<c> without r"),
    "a short dimension": (SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"', "the dimension ends before AS4"),
    "no such rule's style": (SHEET, r'dxfId="0"', 'dxfId="7"', "a rule has style 7"),
    "a link into nothing": ("xl/worksheets/sheet1.xml", r'r:id="rId1"', 'r:id="rId9"', "uses rId9, which leads nowhere"),
    "a part that is missing": (
        "xl/_rels/workbook.xml.rels", "worksheets/sheet7.xml", "worksheets/sheet77.xml", "leads to xl/worksheets/sheet77.xml",
    ),
    "a type of nothing": ("[Content_Types].xml", "/sheet7.xml", "/sheet77.xml", "has a content type and is not there"),
    "no workbook": ("_rels/.rels", "/officeDocument\"", "/nothing\"", "leads to no workbook"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "a.xlsx"
    write_master(content([row(name="张建国"), row(name="李秀英")]), path)
    assert faults(path) == []
    return path


@pytest.mark.parametrize("broken", BROKEN)
def test_the_check_sees_what_is_wrong(sound: Path, tmp_path: Path, broken: str) -> None:
    part, old, new, said = BROKEN[broken]
    with ZipFile(sound) as whole, ZipFile(tmp_path / "b.xlsx", "w") as altered:
        for name in whole.namelist():
            text = whole.read(name).decode()
            changed = re.sub(old, new, text, count=1, flags=re.DOTALL) if name == part else text
            assert (changed != text) == (name == part)
            altered.writestr(name, changed)
    assert any(said in fault for fault in faults(tmp_path / "b.xlsx"))

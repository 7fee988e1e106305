"""An older township workbook becomes today's, every cell as it was typed; what has no place today is named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from sync_service.errors import TaizhangError
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from sync_service.takeover.upgrading import Upgraded, upgrade
from tests.county import NOW, PERIOD, CountyOnDisk, make_county, number, veteran
from tests.drawn import sheet, write_xlsx
from tests.libreoffice import recalculated
from tests.program import taizhang
from tests.test_adopt import FORMS
from validators.check import check
from validators.checked import Checked
from validators.problems import Problem
from workbook_templates.cells import CellError, Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.kinds.resident_id import born, sex_of
from workbook_templates.sheet import CONFIRM_ID, FIRST_ROW, ID_ROW

COVER = {"filler": "李四", "phone": "=139", "period": "2026上半年", "report_date": date(2026, 6, 20)}
ODD: dict[str, object] = {
    "name": "  王 一 ",
    "id_number": 1.10101199003077e17,
    "sex": "女",
    "birth_date": "1950.1.1",
    "village": "火星村",
    "hukou_address": "<r>x</r>",
    "phone": 13900000000.5,
    "education": True,
    "party_branch": CellError("#REF!"),
    "enlist_date": 1990.1,
    "discharge_date": date(2010, 3, 1),
    "unit_code": "=1+1",
    "merit": datetime(2010, 3, 1, 8, 30),
    "placement_year": time(8, 30),
    "status_date": 31000,
    "remark": "第一行\n第二行",
}


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


def _made(
    county: CountyOnDisk, rows: Sequence[Mapping[str, object]], forms: Forms = FORMS, name: str = "old.xlsx"
) -> Path:
    path = county.folder / name
    write_template(path, forms, county.setup.townships[0], PERIOD, {"veterans": rows}, COVER)
    return path


def _upgrade(county: CountyOnDisk, old: Path, forms: Forms = FORMS, **more: object) -> Upgraded:
    return upgrade(county.setup, forms, old, NOW, **more)  # type: ignore[arg-type]


def _verdict(county: CountyOnDisk, path: Path) -> Checked:
    return check(FORMS, read_book(path, Limits()), county.setup.townships[0], NOW.date(), PERIOD)


def _said(checked: Checked) -> list[Problem]:
    return [replace(found, row=None, sheet="") for found in checked.problems]


def _rows(path: Path) -> list[dict[str, Raw]]:
    page = next(page for page in read_book(path, Limits()).sheets if page.title == "退役军人")
    ids = page.rows[ID_ROW - 1]
    return [
        {str(name): cell for name, cell in zip(ids, row, strict=False) if cell is not None}
        for row in page.rows[FIRST_ROW - 1 :]
    ]


def test_upgrading_an_up_to_date_workbook_changes_no_verdict(county: CountyOnDisk) -> None:
    rows: list[dict[str, object]] = [
        veteran(0),
        dict(ODD),
        {CONFIRM_ID: "已核实", **veteran(1, enlist_date="08.3")},
        {"name": "赵六", "sex": "男", "birth_date": date(1950, 1, 1)},
        veteran(2, sex="男", village="东风", birth_date="19500101"),
    ]
    old = _made(county, rows)
    new = _upgrade(county, old).path
    before, after = _verdict(county, old), _verdict(county, new)
    assert _said(after) == _said(before)
    assert [[(row.key, row.payload, row.valid) for row in one.rows] for one in after.sheets] == [
        [(row.key, row.payload, row.valid) for row in one.rows] for one in before.sheets
    ]
    assert [one.row for one in after.sheets[1].rows] == list(range(FIRST_ROW, FIRST_ROW + 5))
    again = _upgrade(county, new, out=county.folder / "again.xlsx").path
    assert again.read_bytes() == new.read_bytes()


def test_every_cell_is_as_it_was_typed(county: CountyOnDisk) -> None:
    old = _made(county, [dict(ODD)])
    (row,) = _rows(_upgrade(county, old).path)
    assert row == ODD | {"hukou_address": "<r>x</r> ", "id_number": int(1.10101199003077e17)}


def test_the_cover_is_carried_over(county: CountyOnDisk) -> None:
    new = _upgrade(county, _made(county, [veteran(0)])).path
    page = next(page for page in read_book(new, Limits()).sheets if page.title == "封面")
    said = {row[0]: row[1] for row in page.rows if len(row) > 1}
    assert said["填报人"] == "李四"
    assert said["填报期"] == "2026上半年"
    assert said["填报日期"] == date(2026, 6, 20)
    assert said["联系电话"] == "=139"
    assert said["乡镇(街道)"] == "城关镇"


def test_columns_without_a_place_today_are_named_cell_by_cell_and_new_ones_are_blank(county: CountyOnDisk) -> None:
    old = write_xlsx(
        county.folder / "old.xlsx",
        {
            "封面": sheet("|县|清河县|\n|乡镇(街道)|城关镇|\n|填报期|2025下半年|\n|传真|0431-123|", "封面"),
            "退役军人": sheet(
                f"|姓名|身份证号码|绰号|村|\n|王一|{number(0)}|老王|东风村|\n|王二|{number(1)}|无|向阳村|\n|合计|",
                hidden_rows=frozenset([3]),
            ),
            "草稿": sheet("|a|b|"),
        },
    )
    moved = _upgrade(county, old)
    (carried,) = moved.sheets
    assert [row["name"] for row in _rows(moved.path)] == ["王一", "王二"], "a hidden row is a row"
    assert [(left.row, left.new, left.name, left.value) for left in carried.left] == [
        (2, 5, "绰号", "老王"),
        (3, 6, "绰号", "无"),
    ]
    assert "民族" in {column.header for column in carried.blank}
    assert moved.facts == (
        "封面上的“传真：0431-123”现在没有地方填。",
        "工作表“草稿”（2 格有内容）不是今天的表，没有带过来。",
    )
    account = openpyxl.load_workbook(moved.account)
    columns = [[cell.value for cell in row][:4] for row in account["列对照"].iter_rows(min_row=2)]
    assert columns[0] == ["退役军人", 3, "绰号", ""]
    assert ["退役军人", "", "", "民族"] in columns
    kept = _upgrade(county, old, keep_rest=True, out=county.folder / "kept.xlsx")
    assert [row["remark"] for row in _rows(kept.path)] == ["绰号：老王", "绰号：无"]
    assert not kept.sheets[0].left


def test_a_workbook_of_a_form_that_has_lost_and_gained_columns_is_read_by_its_ids(county: CountyOnDisk) -> None:
    veterans = FORMS["veterans"]
    gone = veterans.by_id["remark"].model_copy(update={"id": "nickname", "header": "绰号", "aliases": ()})
    columns = (*(column for column in veterans.columns if column.id != "ethnicity"), gone)
    older = Forms([FORMS["cover"], veterans.model_copy(update={"columns": columns, "version": 0})], "")
    del older["veterans"].__dict__["by_id"], older["veterans"].__dict__["stored"]
    old = _made(county, [veteran(0, nickname="老王", remark="好"), veteran(1)], older)
    (carried,) = _upgrade(county, old).sheets
    assert [column.id for column in carried.blank] == ["ethnicity"]
    assert [(left.row, left.name, left.value) for left in carried.left] == [(5, "绰号", "老王")]
    assert [row["remark"] for row in carried.rows if "remark" in row] == ["好"]


def test_whose_workbook_it_is_must_be_plain(county: CountyOnDisk) -> None:
    nobody = write_xlsx(county.folder / "a.xlsx", {"退役军人": sheet(f"|姓名|身份证号|村|\n|王一|{number(0)}|东风村|")})
    with pytest.raises(TaizhangError, match="看不出"):
        _upgrade(county, nobody)
    assert _upgrade(county, nobody, township="城关镇").township.name == "城关镇"
    with pytest.raises(TaizhangError, match="说不清"):
        _upgrade(county, _made(county, []), township="石桥镇")


def test_a_sheet_without_a_header_is_refused_with_its_cure(county: CountyOnDisk) -> None:
    old = write_xlsx(county.folder / "a.xlsx", {"退役军人": sheet("|x|y|\n|1|2|")})
    with pytest.raises(TaizhangError, match="“退役军人”") as refused:
        _upgrade(county, old, township="城关镇")
    assert refused.value.hint


def test_upgrading_from_the_command_line_says_what_moved_and_never_overwrites(county: CountyOnDisk) -> None:
    old = _made(county, [veteran(0), veteran(1)])
    order = ("templates", "--upgrade", old, "--county", county.settings)
    told = taizhang(*order)
    assert told.returncode == 0, told.stderr
    assert "退役军人：搬了 2 行" in told.stdout
    assert (county.folder / "模板" / "城关镇_升级.xlsx").exists()
    assert (county.folder / "模板" / "城关镇_升级说明.xlsx").exists()
    assert taizhang(*order).returncode == 2
    assert taizhang(*order, "--out", county.book("城关镇"), "--force").returncode == 2
    assert taizhang(*order, "--out", old, "--force").returncode == 2


@pytest.mark.libreoffice
def test_formulas_of_a_derived_column_go_on_below_cells_that_were_typed_over(county: CountyOnDisk) -> None:
    over: list[dict[str, object]] = [
        {"sex": "男"},
        {"sex": "女"},
        veteran(0),
        {"name": "王五", "sex": "男"},
        veteran(1),
    ]
    calculated = _rows(recalculated(_made(county, over), county.folder))
    assert [row.get("sex") for row in calculated[:6]] == ["男", "女", sex_of(number(0)), "男", sex_of(number(1)), None]
    assert [str(calculated[i]["birth_date"]) for i in (2, 4)] == [born(number(n)).isoformat() for n in (0, 1)]

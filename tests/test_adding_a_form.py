"""Adding a column, or a whole form, is one edit in one form file: everything else follows."""

import shutil
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from sync_service.asking import row_history
from sync_service.commands.forms import forms_app
from sync_service.pipeline import run
from sync_service.templates import write_templates
from tests.county import NAMES, NOW, CountyOnDisk, make_county, number, veteran, workbook
from validators.raw import RawSheet
from workbook_templates.excel import write_template
from workbook_templates.form import Forms, load_forms
from workbook_templates.reference import data_dictionary
from workbook_templates.sheet import HEADER_ROW

BLOOD = """
[[column]]
id = "blood_group"
header = "血型"
kind = "enum"
choices = ["A型", "B型", "O型", "AB型"]

[[rule]]
"""

HONOURS = """
id = "honours"
no = "T12"
title = "荣誉"
version = 1
row = "一项荣誉"
key = ["id_number", "honour"]
person = "id_number"
recognise = ["name"]

[[column]]
id = "name"
header = "姓名"
kind = "name"
required = true

[[column]]
id = "id_number"
header = "身份证号"
kind = "id18"
required = true

[[column]]
id = "honour"
header = "荣誉名称"
kind = "text"
required = true

[[column]]
id = "given_on"
header = "授予日期"
kind = "date"

[[lookup]]
code = "X01"
at = "name"
form = "veterans"
match = { id_number = "id_number" }
that = "other.name != name"
expect = "none"
"""


@pytest.fixture
def forms(tmp_path: Path) -> Forms:
    folder = tmp_path / "forms"
    shutil.copytree(str(files("workbook_templates") / "forms"), folder)
    veterans = folder / "t01_veterans.toml"
    veterans.write_text(veterans.read_text("utf-8").replace("[[rule]]\n", BLOOD.lstrip(), 1), "utf-8")
    (folder / "t12_honours.toml").write_text(HONOURS, "utf-8")
    return load_forms(folder)


def drawn(
    township: str, forms: Forms, people: list[dict[str, object]], honours: list[dict[str, object]]
) -> dict[str, RawSheet]:
    """The workbook of tests.county, with the new column and the new sheet."""
    columns = forms["veterans"].columns
    lines = [[column.header for column in columns], *([row.get(column.id) for column in columns] for row in people)]
    new = forms["honours"].columns
    given = [[column.header for column in new], *([row.get(column.id) for column in new] for row in honours)]
    sheets = {"退役军人": RawSheet("退役军人", lines), "荣誉": RawSheet("荣誉", given)}  # type: ignore[arg-type]
    return {**workbook(township, []), **sheets}


@pytest.fixture
def county(tmp_path: Path, forms: Forms) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    for name in NAMES[1:]:
        county.write(name, drawn(name, forms, [], []))
    county.write(
        NAMES[0],
        drawn(
            NAMES[0],
            forms,
            [veteran(0, blood_group="A型"), veteran(1, blood_group="C型")],
            [
                {
                    "name": veteran(0)["name"],
                    "id_number": number(0),
                    "honour": "最美退役军人",
                    "given_on": "2026-05-01",
                },
                {"name": "错名", "id_number": number(1), "honour": "先进个人"},
            ],
        ),
    )
    return county


def test_a_new_column_and_a_new_form_reach_template_check_store_view_master_feedback_and_dictionary(
    county: CountyOnDisk, forms: Forms
) -> None:
    template = BytesIO()
    write_template(template, forms, county.setup.townships[0], "2026下半年")
    template.seek(0)
    book = CalamineWorkbook.from_filelike(template)
    assert "荣誉" in book.sheet_names
    assert "血型" in book.get_sheet_by_name("退役军人").to_python(skip_empty_area=False)[HEADER_ROW - 1]

    report = run(county.setup, forms, NOW)
    with county.store() as store:
        found = {(k.problem.code, k.problem.header) for k in store.problems("990101001")}
        assert [row.key for row in store.rows("honours")] == [f"{number(0)}|最美退役军人"]
    assert {("M04", "血型")} <= found
    assert report.exit_code == 1

    engine = create_engine(county.setup.store_url)
    with engine.connect() as connection:
        assert connection.execute(text('SELECT "姓名", "血型" FROM "退役军人"')).all() == [(veteran(0)["name"], "A型")]
        assert connection.execute(text("SELECT honour, given_on FROM honours")).all() == [
            ("最美退役军人", "2026-05-01")
        ]
    engine.dispose()

    master = openpyxl.load_workbook(county.master)
    assert "荣誉" in master.sheetnames
    assert "血型" in [cell.value for row in master["退役军人"].iter_rows(max_row=3) for cell in row]
    feedback = openpyxl.load_workbook(county.feedback(NAMES[0]))
    assert any("血型" in str(v) for sheet in feedback for row in sheet.iter_rows(values_only=True) for v in row)
    assert "| 血型 | blood_group |" in data_dictionary(forms)
    assert "荣誉名称" in data_dictionary(forms)


def test_rows_stored_before_a_column_was_added_stay_readable_and_unchanged(tmp_path: Path, forms: Forms) -> None:
    county = make_county(tmp_path / "before")
    for name in NAMES:
        county.write(name, workbook(name, [veteran(0)] if name == NAMES[0] else []))
    county.sync()
    county.write(NAMES[0], drawn(NAMES[0], forms, [veteran(0)], []))
    for name in NAMES[1:]:
        county.write(name, drawn(name, forms, [], []))
    report = run(county.setup, forms, datetime(2026, 11, 24, 10).astimezone())
    assert [(line.rows, line.changed) for line in report.townships] == [(1, 0), (0, 0), (0, 0)]
    assert len(row_history(county.setup, forms, number(0))) == 1


def test_a_form_begun_with_forms_new_is_in_template_sync_view_master_and_dictionary_without_a_change_of_code(
    tmp_path: Path,
) -> None:
    county = make_county(tmp_path / "county")
    county.settings.write_text(county.settings.read_text("utf-8").replace('forms = ""', 'forms = "表单"'), "utf-8")
    begun = CliRunner().invoke(forms_app, ["new", "民兵登记", "--id", "militia", "--county", str(county.settings)])
    assert begun.exit_code == 0, begun.output
    forms = county.setup.forms()

    (template, *_) = write_templates(county.setup, forms, with_data=False, only=NAMES[0])
    assert "民兵登记" in CalamineWorkbook.from_path(template.path).sheet_names

    militia = [column for column in forms["militia"].columns if column.typed]
    rows: list[list[object]] = [
        [veteran(0)["name"], number(0), "东风村", "2026-05-01", "走访", None],
        [veteran(1)["name"], number(1), "东风村", "2026-05-02", "其他", None],
    ]
    drawn_sheet = RawSheet("民兵登记", [[column.header for column in militia], *rows])  # type: ignore[list-item]
    for name in NAMES:
        empty = RawSheet("民兵登记", drawn_sheet.rows[:1])
        people = [veteran(0)] if name == NAMES[0] else []
        county.write(name, {**workbook(name, people), "民兵登记": drawn_sheet if people else empty})
    run(county.setup, forms, NOW)

    with county.store() as store:
        assert len(store.rows("militia")) == 2
        own = [known.problem for known in store.problems("990101001") if known.problem.code == "Z01"]
    assert {(one.header, one.row, one.message) for one in own} == {
        ("备注", 3, "类别选了“其他”，备注里没有写明是什么"),
        ("身份证号", 3, "退役军人表里没有这个人"),
    }
    engine = create_engine(county.setup.store_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT done_on, sort FROM militia ORDER BY done_on")).all() == [
            ("2026-05-01", "走访"),
            ("2026-05-02", "其他"),
        ]
    engine.dispose()
    assert "民兵登记" in openpyxl.load_workbook(county.master).sheetnames
    assert "| 类别 | sort | 单选 | 必填 | 走访、来访、其他 |" in data_dictionary(forms)

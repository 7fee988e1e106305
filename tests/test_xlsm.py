"""The workbook with buttons: what is in it beside what is in the .xlsx, and how it is read back."""

import re
import zipfile
from pathlib import Path

import pytest

from macros.marks import SIGN
from macros.with_buttons import BAR, COVER_BAR, SET_TOKEN, buttons_for
from sync_service.errors import TaizhangError
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from sync_service.templates import write_templates
from tests.county import NAMES, PERIOD, CountyOnDisk, make_county, veteran
from tests.olevba import modules
from tests.program import taizhang
from tests.small import SETTING, TODAY, TOWNSHIP
from validators.check import check
from workbook_templates.bar import GAP, Button, behind, pixels, places_of
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.in_sheet import in_sheet
from workbook_templates.sheet import BUTTON_SETTINGS, DICTIONARY, OWN_SHEETS, RESULT
from workbook_templates.table_columns import name_column, table_columns

OURS = load_forms()
FORMS = Forms(
    [form.model_copy(update={"room": 30}) for form in OURS.values() if form.id in {"cover", "veterans", "payments"}],
    OURS.digest,
)
ROWS: dict[str, list[dict[str, object]]] = {
    "veterans": [veteran(1), veteran(2, enlist_date="2014-13")],
    "payments": [{"amount": 1500.5, "months": 3, "batch_no": "2026-DQFX-01"}],
}
ADDRESS = "https://tz.example.cn"


def made(path: Path, address: str = ADDRESS, *, buttons: bool = True) -> Path:
    bar = buttons_for(TOWNSHIP, address) if buttons else None
    write_template(path, FORMS, TOWNSHIP, PERIOD, ROWS, buttons=bar)
    return path


@pytest.fixture(scope="module")
def xlsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("xlsm") / "城关镇.xlsm")


@pytest.fixture(scope="module")
def xlsx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("xlsx") / "城关镇.xlsx", buttons=False)


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def test_the_same_input_gives_the_same_bytes(xlsm: Path, tmp_path: Path) -> None:
    assert made(tmp_path / "again.xlsm").read_bytes() == xlsm.read_bytes()


def test_the_package_says_that_it_has_macros_and_every_part_has_its_type(xlsm: Path) -> None:
    package = parts(xlsm)
    types = package["[Content_Types].xml"]
    assert 'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"' in types
    assert 'Extension="bin" ContentType="application/vnd.ms-office.vbaProject"' in types
    assert 'Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"' in types
    assert 'Target="vbaProject.bin"' in package["xl/_rels/workbook.xml.rels"]


def test_every_sheet_has_the_code_name_of_a_module_of_the_project(xlsm: Path) -> None:
    package = parts(xlsm)
    names = [
        re.findall(r'<sheetPr[^>]* codeName="(\w+)"', text)[0]
        for part, text in package.items()
        if part.startswith("xl/worksheets/sheet")
    ]
    (workbook,) = re.findall(r'<workbookPr codeName="(\w+)"', package["xl/workbook.xml"])
    documents = {
        name
        for name, source in modules(zipfile.ZipFile(xlsm).read("xl/vbaProject.bin")).items()
        if 'VB_Base = "0{000208' in source
    }
    assert {*names, workbook} == documents
    assert len(names) == len(documents) - 1


def test_each_bar_has_its_buttons_in_order_and_no_other_sheet_has_any(xlsm: Path) -> None:
    package = parts(xlsm)
    bars = [
        list(
            zip(
                re.findall(r"<font[^>]*>(.*?)</font>", text),
                re.findall(r"<x:FmlaMacro>\[0\]!(\w+)<", text),
                strict=True,
            )
        )
        for part, text in sorted(package.items())
        if "vmlDrawing" in part
    ]
    table = [(button.caption, button.macro) for button in BAR]
    assert bars == [[(button.caption, button.macro) for button in (*COVER_BAR, SET_TOKEN)], table, table]


def test_without_an_address_there_is_no_token_to_fill_in(tmp_path: Path) -> None:
    package = parts(made(tmp_path / "城关镇.xlsm", ""))
    assert SET_TOKEN.caption not in "".join(text for part, text in package.items() if "vmlDrawing" in part)


def test_the_sheets_are_those_of_the_xlsx_but_for_buttons_and_settings(xlsm: Path, xlsx: Path) -> None:
    with_buttons, without = parts(xlsm), parts(xlsx)
    own = re.compile(r'<sheetPr codeName="\w+"/>|<legacyDrawing r:id="rId\d+"/>| codeName="\w+"')
    for part in without:
        if part.startswith("xl/worksheets/sheet") or part in {"xl/styles.xml", "docProps/custom.xml"}:
            stripped, expected = (own.sub("", package[part]) for package in (with_buttons, without))
            assert stripped.replace("<sheetPr>", "") == expected.replace("<sheetPr>", ""), part


def test_it_is_read_back_as_the_xlsx_is_stamp_and_all(xlsm: Path, xlsx: Path) -> None:
    ours, plain = read_book(xlsm, Limits()), read_book(xlsx, Limits())
    assert ours.stamp == plain.stamp
    assert ours.stamp is not None
    assert [s for s in ours.sheets if s.title not in OWN_SHEETS] == [
        s for s in plain.sheets if s.title not in OWN_SHEETS
    ]
    assert DICTIONARY not in [sheet.title for sheet in ours.sheets]
    verdict, expected = (check(FORMS, book, TOWNSHIP, TODAY, PERIOD) for book in (ours, plain))
    assert verdict == expected
    assert [row.valid for sheet in verdict.sheets for row in sheet.rows if sheet.form == "veterans"] == [True, False]


def test_the_hidden_sheet_says_whose_it_is_and_where_to_ask(xlsm: Path) -> None:
    sheet = next(sheet for sheet in read_book(xlsm, Limits()).sheets if sheet.title == BUTTON_SETTINGS)
    said = {str(row[0]): row[1] for row in sheet.rows}
    assert not sheet.visible
    assert (said["TZ_TOWNSHIP"], said["TZ_URL"], said["TZ_SIGN"], said["TZ_RESULT"]) == (
        TOWNSHIP.code, ADDRESS, SIGN, RESULT,
    )  # fmt: skip


WIDE, NARROW = Button("下一处问题", "A"), Button("校验", "B")


@pytest.mark.parametrize("edge", [0, 60, 100, 150, 200, 400])
def test_buttons_follow_each_other_and_none_is_cut_where_the_sheet_is_scrolled(edge: int) -> None:
    buttons = (WIDE, NARROW, WIDE)
    begins = list(places_of(buttons, 50, edge))
    ends = [at + button.width for at, button in zip(begins, buttons, strict=True)]
    assert begins[0] >= 50
    assert all(end + GAP <= begin for end, begin in zip(ends, begins[1:], strict=False))
    assert not [at for at, end in zip(begins, ends, strict=True) if at < edge < end]


@pytest.mark.parametrize("form", [form for form in OURS.values() if form.layout == "table"], ids=lambda form: form.id)
def test_to_check_and_to_go_on_are_always_in_view_beside_the_title(form: Form) -> None:
    widths = [column.width for column in table_columns(form, in_sheet(form, SETTING))[: name_column(form)]]
    _, second, *_ = places_of(BAR, behind(form.title), pixels(widths))
    assert second + BAR[1].width <= pixels(widths)


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


def set_url(county: CountyOnDisk, url: str) -> None:
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace('\nurl = ""', f'\nurl = "{url}"'), "utf-8")


def settings_of(path: Path) -> dict[str, object]:
    sheet = next(sheet for sheet in read_book(path, Limits()).sheets if sheet.title == BUTTON_SETTINGS)
    return {str(row[0]): row[1] for row in sheet.rows}


def test_the_workbook_with_buttons_is_written_beside_the_other_and_knows_the_address(county: CountyOnDisk) -> None:
    set_url(county, "https://tz.example.cn/")
    written = list(write_templates(county.setup, FORMS, with_data=False, only=NAMES[0], buttons=True))
    assert [one.path.name for one in written] == ["城关镇.xlsx", "城关镇.xlsm"]
    assert settings_of(written[1].path)["TZ_URL"] == ADDRESS


def test_an_address_that_only_this_pc_understands_is_not_written(county: CountyOnDisk) -> None:
    *_, written = write_templates(county.setup, FORMS, with_data=False, only=NAMES[0], buttons=True)
    assert "TZ_URL" not in settings_of(written.path)


def test_a_token_goes_into_the_workbook_of_one_township_when_told_to(county: CountyOnDisk) -> None:
    set_url(county, ADDRESS)
    *_, written = write_templates(county.setup, FORMS, with_data=False, only=NAMES[0], buttons=True, token="abcd-efgh")
    assert settings_of(written.path)["TZ_TOKEN_990101001"] == "abcd-efgh"
    with pytest.raises(TaizhangError, match="--token"):
        list(write_templates(county.setup, FORMS, with_data=False, only="", buttons=True, token="abcd-efgh"))


def test_the_xlsx_is_the_same_with_and_without_an_xlsm_beside_it(county: CountyOnDisk) -> None:
    (alone,) = write_templates(county.setup, FORMS, with_data=False, only=NAMES[0])
    before = alone.path.read_bytes()
    beside, _ = write_templates(county.setup, FORMS, with_data=False, only=NAMES[0], buttons=True)
    assert beside.path.read_bytes() == before


def test_a_clerks_workbook_with_buttons_is_merged_like_any_other(county: CountyOnDisk) -> None:
    target = county.book(NAMES[0], ".xlsm")
    cover = {"filler": "李四", "phone": "13900000000"}
    township = county.setup.townships[0]
    rows = {"veterans": [veteran(n, remark="参加过抗洪") for n in range(3)]}
    write_template(target, OURS, township, PERIOD, rows, cover, buttons_for(township, ADDRESS))
    county.age(target)
    county.sync()
    assert len(county.veterans()) == 3


def test_the_command_tells_which_files_it_wrote_and_that_an_address_is_wanting(county: CountyOnDisk) -> None:
    made = taizhang("templates", "--buttons", "--township", NAMES[0], "--county", county.settings)
    assert made.returncode == 0, made.stderr
    assert [Path(line).name for line in made.stdout.splitlines()[:2]] == ["城关镇.xlsx", "城关镇.xlsm"]
    assert "[endpoint]" in made.stdout

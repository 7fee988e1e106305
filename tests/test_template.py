"""The township workbook as openpyxl reads it: what is there for the clerk, and what a reader relies on."""

import re
import warnings
import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from tests.small import forms_of
from workbook_templates.entry import TEXT_LIMIT, TITLE_LIMIT
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.in_sheet import in_sheet
from workbook_templates.kinds.base import Setting
from workbook_templates.place import County, Township
from workbook_templates.sheet import (
    DICTIONARY,
    FIRST_ROW,
    HEADER_ROW,
    ID_ROW,
    STAMP_NAME,
    STAMP_PROPERTY,
    confirm_column,
    last_row,
    letter,
    places,
)
from workbook_templates.stamp import Stamp, parse_stamp
from workbook_templates.table_columns import name_column

TOWNSHIP = Township(County("990101", "示例县"), "990101100", "城关镇", ("东风村", "红旗村", "向阳社区"))
OURS = load_forms()
ROOM = 50
FORMS = Forms(
    [form.model_copy(update={"room": ROOM, "filled_by": ("township",)}) for form in OURS.values()], OURS.digest
)
"""Every form in one workbook, with few rows: openpyxl would take a minute to read them all back."""
TABLES = [form for form in FORMS.values() if form.layout == "table"]
EXCEL_LONGEST, EXCEL_DEEPEST = 8192, 64
PLAIN = """
id = "plain"
no = "T01"
title = "便笺"
version = 1
row = "一条便笺"
key = ["subject"]

[[column]]
id = "subject"
header = "事由"
kind = "text"

[[column]]
id = "remark"
header = "备注"
kind = "text"
"""
LATER_THAN_2010 = re.compile(r"\b(LET|LAMBDA|XLOOKUP|FILTER|UNIQUE|TEXTJOIN|CONCAT|IFS|SWITCH|IFNA|SEQUENCE)\(")
ROWS: dict[str, list[dict[str, object]]] = {
    "veterans": [
        {"name": "张建国", "id_number": "990101196005060124", "enlist_date": "1980-03", "status_date": "2026-01-05"},
        {"name": "李秀英"},
    ],
    "payments": [{"amount": 1500.5, "months": 3, "batch_no": "2025-DQFX-01"}],
}


def _open(data: bytes) -> Workbook:
    with warnings.catch_warnings():
        # The area to print is a formula, which ends at the last row that is filled in; openpyxl knows ranges only.
        warnings.filterwarnings("ignore", "Print area cannot be set", UserWarning)
        return openpyxl.load_workbook(BytesIO(data), data_only=True)


def _bytes(rows: dict[str, list[dict[str, object]]] | None = None) -> bytes:
    file = BytesIO()
    write_template(file, FORMS, TOWNSHIP, "2026上半年", rows)
    return file.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return _bytes()


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return _open(data)


def _depth(formula: str) -> int:
    depth = deepest = 0
    for c in re.sub(r'"[^"]*"', "", formula):
        depth += (c == "(") - (c == ")")
        deepest = max(deepest, depth)
    return deepest


def _xml(data: bytes, form: str) -> str:
    """The part of the workbook with a form's sheet; the cover and the guide come before them all."""
    number = [table.id for table in TABLES].index(form) + 3
    return zipfile.ZipFile(BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml").decode()


def _dimension(page: Worksheet, number: int) -> ColumnDimension:
    """The look of a column; equal neighbours share one."""
    return next(d for d in page.column_dimensions.values() if d.min <= number <= d.max)


def _validations(page: Worksheet) -> dict[str, DataValidation]:
    return {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}


def test_the_same_input_gives_the_same_bytes(data: bytes) -> None:
    assert data == _bytes()
    assert _bytes(ROWS) == _bytes(ROWS)
    assert _bytes(ROWS) != data


def test_the_file_is_small() -> None:
    file = BytesIO()
    write_template(file, OURS, TOWNSHIP, "2026上半年")
    assert len(file.getvalue()) < 2_000_000


def test_cover_guide_and_one_sheet_for_each_form_are_shown_and_the_dictionary_is_hidden(book: Workbook) -> None:
    assert book.sheetnames == ["封面", "说明", *(form.title for form in TABLES), DICTIONARY]
    assert [page.title for page in book if page.sheet_state != "visible"] == [DICTIONARY]
    assert book.active is not None
    assert book.active.title == "封面"


def test_the_cover_says_whose_workbook_this_is(book: Workbook) -> None:
    page = book["封面"]
    said = {row[0].value: row[1] for row in page.iter_rows(min_row=3)}
    assert [said[label].value for label in ("县", "乡镇(街道)", "填报期")] == ["示例县", "城关镇", "2026上半年"]
    assert said["模板版本"].value == "、".join(f"{form.title} {form.version}" for form in FORMS.values())
    assert said["乡镇(街道)"].protection.locked
    assert said["模板版本"].protection.locked
    assert not said["填报人"].protection.locked
    assert _dimension(page, 16384).protection.locked
    assert page.protection.sheet


def test_the_stamp_stands_in_the_dictionary_in_a_name_and_in_a_property(book: Workbook) -> None:
    stamp = Stamp("990101", "990101100", FORMS.versions)
    assert parse_stamp(book[DICTIONARY]["A1"].value) == stamp
    assert book.defined_names[STAMP_NAME].attr_text == f"'{DICTIONARY}'!$A$1"
    [owner] = book.custom_doc_props.props
    assert owner.name == STAMP_PROPERTY
    assert parse_stamp(owner.value) == Stamp("990101", "990101100", {})


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_ids_and_headers_stand_over_their_columns(book: Workbook, form: Form) -> None:
    page = book[form.title]
    assert page.row_dimensions[ID_ROW].hidden
    for place in places(form):
        assert page.cell(ID_ROW, place.number).value == place.column.id
        assert page.cell(HEADER_ROW, place.number).value == place.column.header
        assert page.cell(HEADER_ROW, place.number).protection.locked
    ids = [cell.value for cell in page[ID_ROW]]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "_status"
    assert ids[confirm_column(form) - 1] == "_confirm"
    assert all(str(text).startswith("_") for text in ids[confirm_column(form) - 1 :])


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_a_number_that_is_no_quantity_is_typed_into_a_text_cell(book: Workbook, form: Form) -> None:
    page = book[form.title]
    for place in places(form):
        if place.column.typed and place.column.of.name in {"id18", "phone", "account", "pdate", "month", "enum"}:
            assert _dimension(page, place.number).number_format == "@"


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_no_blank_cell_is_written_and_formula_cells_show_nothing(data: bytes, form: Form) -> None:
    xml = _xml(data, form.id)
    cells = re.findall(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', xml)
    body = [cell for cell in cells if int(cell[1]) >= FIRST_ROW]
    formulas = {letter(formula.number) for formula in in_sheet(form, Setting(TOWNSHIP, date(2026, 1, 1))).formulas}
    assert {column for column, *_ in body} == formulas
    assert len(body) == len(formulas) * ROOM
    assert all('t="str"' in about and inner.endswith("<v></v>") for _, _, about, inner in body)


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_no_formula_exceeds_what_old_spreadsheets_allow(form: Form) -> None:
    for formula in in_sheet(form, Setting(TOWNSHIP, date(2026, 1, 1))).formulas:
        assert len(formula.formula) < EXCEL_LONGEST
        assert _depth(formula.formula) < EXCEL_DEEPEST
        assert not LATER_THAN_2010.search(formula.formula)


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_no_formula_looks_at_another_row_of_data(form: Form) -> None:
    for formula in in_sheet(form, Setting(TOWNSHIP, date(2026, 1, 1))).formulas:
        text = re.sub(r'"[^"]*"', "", formula.formula)
        rows = {int(row) for row in re.findall(r"(?<![\w.])[A-Z]{1,3}(\d+)\b", text)}
        assert rows <= {FIRST_ROW}
        assert "$" not in text


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_rows_may_be_inserted_deleted_sorted_and_filtered_but_the_header_not_be_changed(
    book: Workbook, form: Form
) -> None:
    page = book[form.title]
    protection = page.protection
    assert protection.sheet
    assert protection.password is None
    for forbidden in ("insertRows", "deleteRows", "sort", "autoFilter", "formatColumns", "formatRows"):
        assert not getattr(protection, forbidden)
    # Excel deletes a row of a protected sheet only if every cell of it is unlocked, to the last column.
    dimensions = list(page.column_dimensions.values())
    assert not any(dimension.protection.locked for dimension in dimensions)
    assert sum(dimension.max - dimension.min + 1 for dimension in dimensions) == 16384


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_names_stay_in_view_and_titles_are_printed_on_every_page(book: Workbook, form: Form) -> None:
    page = book[form.title]
    name = name_column(form)
    assert page.freeze_panes == f"{letter(name + 1)}{FIRST_ROW}"
    assert page.auto_filter.ref == f"A{HEADER_ROW}:{letter(confirm_column(form))}{last_row(form)}"
    assert page.print_title_rows == f"$1:${HEADER_ROW}"
    assert page.print_title_cols == f"$A:${letter(name)}"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert "&P" in page.oddFooter.right.text


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_only_the_rows_that_are_filled_in_are_printed(data: bytes, form: Form) -> None:
    xml = zipfile.ZipFile(BytesIO(data)).read("xl/workbook.xml").decode()
    areas = re.findall(r'<definedName name="_xlnm.Print_Area"[^>]*>(.*?)</definedName>', xml)
    area = next(area for area in areas if area.startswith(f"'{form.title}'!$A$1:INDEX("))
    filled = letter(in_sheet(form, Setting(TOWNSHIP, date(2026, 1, 1))).filled)
    assert f"MATCH(9,'{form.title}'!${filled}$1:${filled}${last_row(form)})" in area


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_every_typed_column_says_in_chinese_what_it_takes(book: Workbook, form: Form) -> None:
    rules = _validations(book[form.title])
    for place in places(form):
        column = place.column
        rule = rules.get(f"{letter(place.number)}{FIRST_ROW}")
        if column.typed and column.hint:
            assert rule is not None
            assert rule.prompt == column.hint
            assert len(rule.promptTitle) <= TITLE_LIMIT
        if rule is not None and rule.type:
            assert rule.errorTitle
            assert 0 < len(rule.error) <= TEXT_LIMIT
            assert {area.max_row for area in rule.sqref.ranges} == {last_row(form)}


def test_drop_downs_offer_the_villages_of_this_township_and_no_others(book: Workbook) -> None:
    form = FORMS["veterans"]
    village = next(place for place in places(form) if place.column.id == "village")
    rule = _validations(book[form.title])[f"{letter(village.number)}{FIRST_ROW}"]
    assert (rule.type, rule.formula1) == ("list", "tz_village")
    area = book.defined_names["tz_village"].attr_text.split("!")[1].replace("$", "")
    assert [row[0].value for row in book[DICTIONARY][area]] == list(TOWNSHIP.villages)


def test_every_list_that_a_sheet_names_is_there(book: Workbook, data: bytes) -> None:
    archive = zipfile.ZipFile(BytesIO(data))
    tables = [f"xl/worksheets/sheet{number}.xml" for number in range(3, 3 + len(TABLES))]
    named = {name for part in tables for name in re.findall(r"\btz_\w+", archive.read(part).decode())}
    assert named
    assert named <= set(book.defined_names)


def test_rows_of_the_store_are_filled_in_and_derived_cells_stay_formulas() -> None:
    filled = _bytes(ROWS)
    plain = _open(filled)
    veterans, payments = plain["退役军人"], plain["资金发放"]
    at = {form.id: {place.column.id: place.number for place in places(form)} for form in TABLES}
    first = {name: veterans.cell(FIRST_ROW, number) for name, number in at["veterans"].items()}
    assert first["id_number"].value == "990101196005060124"
    assert first["enlist_date"].value == "1980-03"
    assert first["status_date"].value.date() == date(2026, 1, 5)
    sex = f'<c r="{letter(at["veterans"]["sex"])}{FIRST_ROW}"'
    assert re.search(sex + r"[^>]*><f ", _xml(filled, "veterans"))
    assert veterans.cell(FIRST_ROW + 1, at["veterans"]["name"]).value == "李秀英"
    assert payments.cell(FIRST_ROW, at["payments"]["amount"]).value == 1500.5
    assert payments.cell(FIRST_ROW, at["payments"]["months"]).value == 3


def test_a_form_that_does_not_fit_a_prompt_is_refused() -> None:
    from xlsxwriter import Workbook as Writer

    from workbook_templates.column import Column
    from workbook_templates.entry import accept
    from workbook_templates.kinds.base import Cell

    column = Column(id="x", header="甲", kind="int", hint="填数")
    with Writer(BytesIO()) as writer:
        page = writer.add_worksheet()
        accept(page, (4, 0, 9, 0), column, Cell("A5"), Setting(TOWNSHIP, date(2026, 1, 1)))
        with pytest.raises(ValueError, match="甲"):
            accept(page, (4, 0, -9, 0), column, Cell("A5"), Setting(TOWNSHIP, date(2026, 1, 1)))


def test_a_form_of_two_plain_texts_needs_no_helper_columns() -> None:
    file = BytesIO()
    write_template(file, forms_of(PLAIN), TOWNSHIP, "2026上半年")
    ids = [cell.value for cell in _open(file.getvalue())["便笺"][ID_ROW]]
    assert ids == ["_status", "subject", "remark", "_confirm", "_filled", "_p_1"]


def test_a_template_with_rows_in_it_has_room_for_more() -> None:
    forms = Forms([OURS["stations"].model_copy(update={"room": 50})], OURS.digest)
    made = BytesIO()
    rows = [{"station_name": f"第{n}村退役军人服务站"} for n in range(100)]
    write_template(made, forms, TOWNSHIP, "2026上半年", {"stations": rows})
    with zipfile.ZipFile(made) as book:
        xml = book.read("xl/worksheets/sheet2.xml").decode()
    assert f'<row r="{FIRST_ROW + 119}"' in xml
    assert f'<row r="{FIRST_ROW + 120}"' not in xml

"""The requests for a Google spreadsheet: Google takes them, and they say what the Excel workbook says, cell by cell."""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.google_grid import Grid, Spreadsheet
from tests.google_schema import faults_of
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.google.template import sheet_id, template_requests
from workbook_templates.in_sheet import in_sheet
from workbook_templates.kinds.base import Setting, from_serial
from workbook_templates.place import County, Township
from workbook_templates.sheet import (
    DICTIONARY,
    FIRST_ROW,
    GUIDE,
    HEADER_ROW,
    ID_ROW,
    STAMP_NAME,
    confirm_column,
    last_row,
    letter,
    places,
)
from workbook_templates.stamp import Stamp, parse_stamp
from workbook_templates.table_columns import TableColumn, name_column, table_columns

PERIOD = "2026上半年"
# Words with which a cell would calculate, if they were typed into it.
TOWNSHIP = Township(County("990101", "=1+1县"), "990101100", "@城关镇", ("=1+1", "+86村", "'红旗村", "向阳社区"))
BUREAU = Township(County("990101", "示例县", ("城关镇",)), "990101000", "示例县", (), "county")
OURS = load_forms()
SHORT = Forms([form.model_copy(update={"room": 3, "filled_by": ("township",)}) for form in OURS.values()], OURS.digest)
"""Every form in one workbook: what is compared cell by cell needs three rows, not three thousand."""
TABLES = [form for form in SHORT.values() if form.layout == "table"]
GOOGLE_MOST_CELLS, LONGEST_FORMULA = 10_000_000, 8192

FUNCTIONS = {
    # Functions of Excel 97 that LibreOffice and Google Sheets took over with their arguments: what a cell is,
    *["ISERROR", "ISNA", "ISNUMBER", "ISTEXT", "COUNTBLANK"],
    # texts,
    *["EXACT", "FIND", "LEFT", "LEN", "LOWER", "MID", "REPLACE", "RIGHT", "SUBSTITUTE", "TRIM", "UPPER", "VALUE"],
    # dates, of which DATEVALUE is only given what every locale reads alike,
    *["DATE", "DATEVALUE", "DAY", "MONTH", "TODAY", "YEAR"],
    # numbers,
    *["ABS", "INT", "MOD", "ROUND", "SUMPRODUCT"],
    # places,
    *["COLUMNS", "INDEX", "MATCH", "ROW", "VLOOKUP"],
    # and logic; TRUE and FALSE are written without brackets.
    *["AND", "IF", "NOT", "OR"],
    # Newer, but in all three: Excel 2007, LibreOffice 4.0, Google Sheets.
    *["COUNTIFS", "IFERROR"],
}
SHARED_SYNTAX = {
    "inline array": r"[{}]",  # its separators depend on the locale, and .xls has none in shared formulas
    "structured reference": r"\[",  # Google has no tables with names of columns as Excel has
    "whole column": r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?!\w)",  # slow in a formula of every row
}


def _requests(forms: Forms = SHORT, township: Township = TOWNSHIP) -> tuple[Mapping[str, Any], ...]:
    return template_requests(forms, township, PERIOD)


@pytest.fixture(scope="module")
def google() -> Spreadsheet:
    return Spreadsheet().apply(_requests())


@pytest.fixture(scope="module")
def excel() -> Workbook:
    file = BytesIO()
    write_template(file, SHORT, TOWNSHIP, PERIOD)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Print area cannot be set", UserWarning)
        return openpyxl.load_workbook(file)


def _columns(form: Form) -> tuple[TableColumn, ...]:
    return table_columns(form, in_sheet(form, Setting(TOWNSHIP, date(2026, 1, 1))))


def _formulas(value: object) -> Iterator[str]:
    """Every text in the requests that Google calculates."""
    match value:
        case {"formulaValue": str(text)}:
            yield text
        case {"userEnteredValue": str(text)} if text.startswith("="):
            yield text
        case dict():
            for part in value.values():
                yield from _formulas(part)
        case list() | tuple():
            for part in value:
                yield from _formulas(part)


def _hex(color: Mapping[str, Any] | None) -> str:
    if not color:
        return ""
    return "".join(f"{round(color['rgbColor'][name] * 255):02X}" for name in ("red", "green", "blue"))


def _area(grid: Mapping[str, int]) -> str:
    """A GridRange as A1:B2."""
    first = f"{letter(grid['startColumnIndex'] + 1)}{grid['startRowIndex'] + 1}"
    last = f"{letter(grid['endColumnIndex'])}{grid['endRowIndex']}"
    return first if first == last else f"{first}:{last}"


def _same_area(grid: Mapping[str, int], area: str) -> bool:
    return _area(grid) == area.replace("$", "")


# What Google accepts


@pytest.mark.parametrize("township", [TOWNSHIP, BUREAU], ids=["township", "bureau"])
def test_google_s_own_description_of_its_api_allows_every_request(township: Township) -> None:
    requests = _requests(OURS, township)
    assert faults_of("BatchUpdateSpreadsheetRequest", {"requests": requests}) == []
    assert all(len(request) == 1 for request in requests)


def test_the_description_refuses_what_google_would_refuse() -> None:
    wrong = [
        {"addSheet": {"properties": {"titel": "封面"}}},
        {"addSheet": {"properties": {"title": 1}}},
        {"addSheet": {"properties": {"sheetId": 2**31}}},
        {"addSheet": {"properties": {"sheetType": "TABLE"}}},
        {"mergeCells": [{}]},
    ]
    assert [len(faults_of("Request", request)) for request in wrong] == [1] * len(wrong)


@pytest.mark.parametrize("township", [TOWNSHIP, BUREAU], ids=["township", "bureau"])
def test_the_whole_set_of_sheets_fits_into_one_spreadsheet(township: Township) -> None:
    grids = [r["addSheet"]["properties"]["gridProperties"] for r in _requests(OURS, township) if "addSheet" in r]
    assert sum(grid["rowCount"] * grid["columnCount"] for grid in grids) < GOOGLE_MOST_CELLS


def test_names_of_ranges_are_such_as_google_has(google: Spreadsheet) -> None:
    for name in google.names:
        assert re.fullmatch(r"tz_\w{1,200}", name, re.ASCII)


def test_the_same_input_gives_the_same_requests() -> None:
    assert _requests() == _requests()
    ids = [sheet_id(name) for name in (*OURS, GUIDE, DICTIONARY)]
    assert len(set(ids)) == len(ids)
    assert 0 not in ids


# What every spreadsheet program calculates


@pytest.mark.parametrize("township", [TOWNSHIP, BUREAU], ids=["township", "bureau"])
def test_every_formula_uses_only_what_excel_2010_libreoffice_and_google_share(township: Township) -> None:
    formulas = set(_formulas(_requests(OURS, township)))
    assert formulas
    for formula in formulas:
        bare = re.sub(r'"[^"]*"', '""', formula)
        assert len(formula) < LONGEST_FORMULA
        assert set(re.findall(r"([A-Za-z_.][\w.]*)\(", bare)) <= FUNCTIONS, formula
        for name, pattern in SHARED_SYNTAX.items():
            assert not re.search(pattern, bare), (name, formula)


def test_colours_depend_on_their_own_sheet_only(google: Spreadsheet) -> None:
    """Google lets a conditional format name neither another sheet nor a range."""
    for grid in google.by_id.values():
        for rule in grid.marks:
            formula = re.sub(r'"[^"]*"', "", rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"])
            assert "!" not in formula
            assert "tz_" not in formula


# The same as in Excel


def test_the_sheets_are_those_of_the_excel_workbook(google: Spreadsheet, excel: Workbook) -> None:
    assert google.titles == excel.sheetnames
    hidden = [title for title in google.titles if google[title].properties["hidden"]]
    assert hidden == [page.title for page in excel if page.sheet_state == "hidden"] == [DICTIONARY]


@pytest.mark.parametrize("township", [TOWNSHIP, BUREAU], ids=["township", "bureau"])
def test_everybody_gets_the_forms_that_they_fill_in(township: Township) -> None:
    added = [
        request["addSheet"]["properties"]["title"] for request in _requests(OURS, township) if "addSheet" in request
    ]
    assert [title for title in added if title not in {GUIDE, DICTIONARY}] == [
        form.title for form in OURS.values() if township.filler in form.filled_by
    ]


@pytest.mark.parametrize("title", ["封面", GUIDE, DICTIONARY, *(form.title for form in TABLES)])
def test_every_cell_holds_what_it_holds_in_excel(google: Spreadsheet, excel: Workbook, title: str) -> None:
    grid, page = google[title], excel[title]
    size = grid.properties["gridProperties"]
    assert (page.max_row, page.max_column) <= (size["rowCount"], size["columnCount"])
    for row in range(1, size["rowCount"] + 1):
        for column in range(1, size["columnCount"] + 1):
            cell = page.cell(row, column)
            assert grid.value(row, column) == (None if cell.value == "" else cell.value), cell.coordinate
            assert grid.is_formula(row, column) == (cell.data_type == "f"), cell.coordinate


def test_lists_have_the_names_and_places_that_they_have_in_excel(google: Spreadsheet, excel: Workbook) -> None:
    named = {name: defined.attr_text.split("!")[1] for name, defined in excel.defined_names.items()}
    assert STAMP_NAME in named
    assert google.names.keys() == named.keys()
    for name, (title, grid) in google.names.items():
        assert title == DICTIONARY
        assert _same_area(grid, named[name])


def _accepted_in_excel(page: Worksheet) -> dict[str, Any]:
    return {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}


def _day(bound: str) -> str:
    """A bound of Excel's between days as Google says it: by the date, not by its number."""
    if bound.isdecimal():
        day = from_serial(int(bound))
        return f"=DATE({day.year},{day.month},{day.day})"
    return f"={bound}"


@pytest.mark.parametrize("title", ["封面", *(form.title for form in TABLES)])
def test_every_cell_accepts_what_it_accepts_in_excel(google: Spreadsheet, excel: Workbook, title: str) -> None:
    lists = {name: defined.attr_text for name, defined in excel.defined_names.items()}
    rules = _accepted_in_excel(excel[title])
    first = {f"{letter(at[1])}{at[0]}": rule for at, rule in _accepting(google[title]).items()}
    assert first.keys() == rules.keys()
    for at, (rule, bottom) in first.items():
        ours = rules[at]
        condition = rule["condition"]
        values = [value["userEnteredValue"] for value in condition["values"]]
        assert {bottom} == {area.max_row for area in ours.sqref.ranges}
        assert rule["strict"] == (ours.type is not None and ours.errorStyle in {None, "stop"} and ours.showErrorMessage)
        assert rule["inputMessage"] == "\n".join(filter(None, (ours.prompt, ours.error)))
        match ours.type:
            case None:
                expected = ("CUSTOM_FORMULA", ["=TRUE"])
            case "list":
                assert rule["showCustomUi"]
                expected = ("ONE_OF_RANGE", [f"={lists[ours.formula1]}"])
            case "custom":
                expected = ("CUSTOM_FORMULA", [f"={ours.formula1}"])
            case "date":
                bounds = [_day(bound) for bound in (ours.formula1, ours.formula2)]
                expected = ("DATE_BETWEEN", bounds)
            case kind:
                assert kind in {"whole", "decimal"}
                expected = ("NUMBER_BETWEEN", [f"={ours.formula1}", f"={ours.formula2}"])
        assert (condition["type"], values) == expected, at


def _accepting(grid: Grid) -> dict[tuple[int, int], tuple[Mapping[str, Any], int]]:
    """Each validation by the first cell of its area, with the area's last row."""
    found: dict[tuple[int, int], tuple[Mapping[str, Any], int]] = {}
    for (row, _), cell in grid.cells.items():
        if "dataValidation" in cell:
            first, rule = cell["dataValidation"]
            found[first] = (rule, max(row, found.get(first, (rule, 0))[1]))
    return found


def _shown(look: DifferentialStyle) -> tuple[str, str, bool]:
    fill = look.fill.bgColor.rgb[2:] if look.fill else ""
    ink = look.font.color.rgb[2:] if look.font and look.font.color else ""
    return fill, ink, bool(look.font and look.font.b)


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_colours_appear_where_they_appear_in_excel(google: Spreadsheet, excel: Workbook, form: Form) -> None:
    ours = [
        (rule.priority, str(area.sqref), rule.formula[0], *_shown(rule.dxf))
        for area in excel[form.title].conditional_formatting
        for rule in area.rules
    ]
    drawn = [mark[1:] for mark in sorted(ours) if any(mark[3:])]
    assert len(drawn) == len(ours) - 1  # all but the lines, which Google prints by itself
    seen = []
    for rule in google[form.title].marks:
        look = rule["booleanRule"]["format"]
        text = look.get("textFormat", {})
        formula = rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"].removeprefix("=")
        colors = (_hex(look.get("backgroundColorStyle")), _hex(text.get("foregroundColorStyle")))
        seen.append((_area(rule["ranges"][0]), formula, *colors, text.get("bold", False)))
    assert seen == drawn


# What lands where


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_each_column_has_its_header_format_and_colour(google: Spreadsheet, excel: Workbook, form: Form) -> None:
    grid, page = google[form.title], excel[form.title]
    for place in places(form):
        assert grid.value(ID_ROW, place.number) == place.column.id
        assert grid.value(HEADER_ROW, place.number) == place.column.header
        header = grid.cells[HEADER_ROW, place.number]["userEnteredFormat"]
        assert header["wrapStrategy"] == "WRAP"
        theirs = page.cell(HEADER_ROW, place.number)
        assert _hex(header["backgroundColorStyle"]) == theirs.fill.fgColor.rgb[2:]
        for row in (FIRST_ROW, last_row(form)):
            number = grid.cells[row, place.number]["userEnteredFormat"].get("numberFormat", {"pattern": "General"})
            dimension = next(d for d in page.column_dimensions.values() if d.min <= place.number <= d.max)
            assert number["pattern"] == dimension.number_format
            if place.column.typed and place.column.of.name in {"id18", "phone", "account", "pdate", "month", "enum"}:
                assert number["type"] == "TEXT"
            if place.column.of.name == "date":
                assert number == {"type": "DATE", "pattern": "yyyy-mm-dd"}
            if place.column.of.name in {"int", "money", "year"}:
                assert number["type"] == "NUMBER"


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_formulas_are_filled_down_to_the_last_row_and_stay_in_their_row(google: Spreadsheet, form: Form) -> None:
    grid, end = google[form.title], last_row(form)
    for column in _columns(form):
        first = grid.value(FIRST_ROW, column.number)
        assert first == (f"={column.formula}" if column.formula else None)
        if column.formula:
            rest = re.sub(r'"[^"]*"', "", str(grid.value(end, column.number)))
            assert {int(row) for row in re.findall(r"(?<![\w.$])[A-Z]{1,3}(\d+)\b", rest)} <= {end}
            assert grid.cells[end, column.number]["userEnteredFormat"].get("numberFormat", {}).get("type") != "TEXT"


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_names_and_headers_stay_in_view_helpers_are_hidden_and_rows_can_be_filtered(
    google: Spreadsheet, form: Form
) -> None:
    grid = google[form.title]
    size = grid.properties["gridProperties"]
    assert (size["rowCount"], size["frozenRowCount"], size["frozenColumnCount"]) == (
        HEADER_ROW + form.room, HEADER_ROW, name_column(form),
    )  # fmt: skip
    assert [row for row, about in grid.rows.items() if about.get("hiddenByUser")] == [ID_ROW]
    hidden = {column for column, about in grid.columns.items() if about.get("hiddenByUser")}
    assert hidden == set(range(confirm_column(form) + 1, size["columnCount"] + 1))
    assert all(about["pixelSize"] > 0 for about in grid.columns.values())
    assert _same_area(grid.filter, f"A{HEADER_ROW}:{letter(confirm_column(form))}{last_row(form)}")


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_columns_and_sheets_are_known_again_whatever_they_are_called(google: Spreadsheet, form: Form) -> None:
    grid = google[form.title]
    assert google.by_id[sheet_id(form.id)] is grid
    assert grid.notes == {"taizhang-form": form.id}
    for column in _columns(form):
        if not column.hidden:
            assert grid.columns[column.number]["taizhang-column"] == column.id


def test_the_stamp_stands_in_the_dictionary_in_a_name_and_with_the_spreadsheet(google: Spreadsheet) -> None:
    stamp = Stamp("990101", "990101100", SHORT.versions)
    assert parse_stamp(str(google[DICTIONARY].value(1, 1))) == stamp
    assert _same_area(google.names[STAMP_NAME][1], "A1")
    assert google.notes == {"taizhang": str(stamp)}


def test_headers_and_the_template_s_own_words_are_guarded_and_what_is_filled_in_is_not(google: Spreadsheet) -> None:
    for form in TABLES:
        [guard] = google[form.title].guards
        assert guard["range"]["endRowIndex"] == HEADER_ROW
    for title in (GUIDE, DICTIONARY):
        [guard] = google[title].guards
        assert set(guard["range"]) == {"sheetId"}
    cover = google["封面"]
    [guard] = cover.guards
    free = {at for area in guard["unprotectedRanges"] for at in cover.places(area)}
    labels = {cover.value(row, 1) for row, _ in free}
    assert {"填报期", "填报人"} <= labels
    assert not labels & {"县", "乡镇(街道)", "模板版本"}
    assert all(guard["warningOnly"] for grid in google.by_id.values() for guard in grid.guards)


def test_nothing_calculates_but_the_formulas_of_the_forms(google: Spreadsheet) -> None:
    known = {
        (form.title, column.number): f"={column.formula}"
        for form in TABLES
        for column in _columns(form)
        if column.formula
    }
    found = {}
    for title in google.titles:
        grid = google[title]
        for row, column in grid.cells:
            if grid.is_formula(row, column) and (row == FIRST_ROW or title not in {form.title for form in TABLES}):
                found[title, column] = grid.value(row, column)
    assert found == known
    assert google["封面"].value(3, 2) == "=1+1县"

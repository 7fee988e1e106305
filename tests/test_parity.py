"""The sheet and Python give the same verdict on the same row: LibreOffice recalculates, both are compared (law 9)."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest

from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.libreoffice import needs_libreoffice, recalculated
from tests.typed_rows import TOWNSHIP, Row, right_row, rule_rows, variations
from validators.check import check
from validators.problems import Problem
from validators.status import status
from workbook_templates.cells import CellError, Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Form, load_forms
from workbook_templates.in_sheet import INEXPRESSIBLE, in_sheet, said
from workbook_templates.kinds.base import Setting, serial
from workbook_templates.sheet import CONFIRM_ID, FIRST_ROW, letter, places

TODAY = date.today()
SETTING = Setting(TOWNSHIP, TODAY)
FORMS = load_forms()
TABLES = [form for form in FORMS.values() if form.layout == "table"]


def _rows(form: Form, random: Random) -> Iterator[Row]:
    right = [right_row(form, SETTING, random) for _ in range(120)]
    yield from right
    for column in form.columns:
        if column.typed:
            row = random.choice(right)
            for raw in variations(column, row, SETTING):
                yield row | {column.id: raw}
    for row in right[:1]:
        yield from rule_rows(form, row, TODAY)
    wrong = [c for c in form.columns if c.typed]
    for _ in range(80):
        row = dict(random.choice(right))
        for column in random.sample(wrong, 3):
            row[column.id] = random.choice(list(variations(column, row, SETTING)))
        yield row


def _cell_xml(at: str, raw: Raw) -> str:
    if isinstance(raw, CellError):
        return f'<c r="{at}" t="e"><v>{raw.text}</v></c>'
    if isinstance(raw, date):
        return f'<c r="{at}"><v>{serial(raw)}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{raw}</t></is></c>'


def _typed_over(path: Path, cells: Mapping[str, Mapping[str, Raw]]) -> None:
    """Puts values into cells of the sheets' parts, over whatever stands there: error values, and derived cells."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            raws = cells.get(name, {})

            def put(match: re.Match[str], raws: Mapping[str, Raw] = raws) -> str:
                return _cell_xml(match[1], raws[match[1]]) if match[1] in raws else match[0]

            if raws:
                data = re.sub(r'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', put, data.decode()).encode()
            target.writestr(name, data)


@dataclass(frozen=True)
class Verdicts:
    """Each row as typed, with what the sheet shows for it and what Python's problems come to; and all tokens."""

    rows: dict[str, list[tuple[Row, str, str]]]
    tokens: dict[str, set[str]]


def _judged(folder: Path, rows: Mapping[str, Sequence[Row]]) -> Verdicts:
    path = folder / "generated.xlsx"
    cells: dict[str, dict[str, Raw]] = {}
    filled: dict[str, list[Row]] = {}
    for number, (form_id, some) in enumerate(rows.items(), 3):
        at = {place.column.id: place for place in places(FORMS[form_id])}
        for r, row in enumerate(some, FIRST_ROW):
            over = {k for k, v in row.items() if isinstance(v, CellError) or (v is not None and not at[k].column.typed)}
            into = cells.setdefault(f"xl/worksheets/sheet{number}.xml", {})
            into |= {f"{letter(at[k].number)}{r}": row[k] for k in over}
            filled.setdefault(form_id, []).append(
                {k: "占位" if k in over else v for k, v in row.items() if k != CONFIRM_ID}
            )
    write_template(path, FORMS, TOWNSHIP, "2026上半年", filled)
    _typed_over(path, cells)
    book = read_book(recalculated(path, folder), Limits())
    problems = check(FORMS, book, TOWNSHIP, TODAY).problems
    found, tokens = dict[str, list[tuple[Row, str, str]]](), dict[str, set[str]]()
    for form_id, some in rows.items():
        form, of_row = FORMS[form_id], defaultdict[int | None, list[Problem]](list)
        sheet = next(sheet for sheet in book.sheets if sheet.title == form.title)
        for problem in problems:
            if problem.form == form_id:
                of_row[problem.row].append(problem)
        parts, found[form_id], tokens[form_id] = in_sheet(form, SETTING).parts, [], set()
        for number, row in enumerate(some, FIRST_ROW):
            cells_ = sheet.rows[number - 1]
            found[form_id].append((row, str(cells_[0] or ""), status(form, of_row[number], confirmed=False)))
            for part in parts:
                tokens[form_id].update(re.findall("[89][0-7]{4}", str(cells_[part - 1])))
    return Verdicts(found, tokens)


SHOWN_BY_NO_ROW = {
    # a year with decimals in a date cell is in INEXPRESSIBLE, for Python reads a date there
    "veterans": {"× 状态变更日期：分不清1月还是10月", "× 出生日期：分不清1月还是10月"},
    "beneficiaries": {"× 年度确认日期：分不清1月还是10月", "× 出生日期：分不清1月还是10月"},
    "payments": {"× 发放日期：分不清1月还是10月"},
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    random = Random(2026)
    rows = {form.id: list(_rows(form, random)) for form in TABLES}
    return _judged(tmp_path_factory.mktemp("parity"), rows)


@needs_libreoffice
@pytest.mark.libreoffice
def test_the_status_column_and_python_agree_on_every_row(verdicts: Verdicts) -> None:
    rows = [(form, *verdict) for form, some in verdicts.rows.items() for verdict in some]
    assert len(rows) >= 2000
    differing = [(form, row, shown, wanted) for form, row, shown, wanted in rows if shown != wanted]
    assert not differing[:5]
    wrong = sum(wanted != "√" for _, _, _, wanted in rows)
    assert len(rows) // 2 <= wrong < len(rows)


@needs_libreoffice
@pytest.mark.libreoffice
def test_every_problem_that_a_sheet_can_show_was_shown(verdicts: Verdicts) -> None:
    for form in TABLES:
        sayings = in_sheet(form, SETTING).sayings
        silent = {text for token, text in sayings.items() if token not in verdicts.tokens[form.id]}
        assert silent == SHOWN_BY_NO_ROW.get(form.id, set())


@needs_libreoffice
@pytest.mark.libreoffice
def test_what_a_formula_cannot_judge_is_listed_and_differs_as_listed(tmp_path: Path) -> None:
    rows: dict[str, list[Row]] = {form.id: [] for form in TABLES}
    wanted: dict[str, list[tuple[str, str]]] = {form.id: [] for form in TABLES}
    for case in INEXPRESSIBLE:
        form, column = next(
            (form, column)
            for form in TABLES
            for column in form.columns
            if column.typed and column.of.name == case.kind and (column.required or case.sheet != "M01")
            if case.kind != "enum" or column.list == "ethnic"
        )
        rows[form.id].append(right_row(form, SETTING, Random(7)) | {column.id: case.writing})
        shown = [said(column.header, code) if code else "√" for code in (case.sheet, case.python)]
        wanted[form.id].append((shown[0], shown[1]))
    judged = _judged(tmp_path, rows).rows
    assert {form: [verdict[1:] for verdict in some] for form, some in judged.items()} == wanted

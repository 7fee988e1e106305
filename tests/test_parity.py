"""The sheet and Python give the same verdict on the same row: LibreOffice recalculates, both are compared (law 9)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from tests.generated_rows import Generated, generated, surplus_of
from tests.judged_rows import alone
from tests.libreoffice import needs_libreoffice, recalculated, uncoloured
from tests.typed_rows import BUREAU, TOWNSHIP, Row, sort
from validators.check import check
from validators.problems import Problem
from validators.status import status
from workbook_templates.catalogue import catalogue
from workbook_templates.column import Column
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.in_sheet import INEXPRESSIBLE, Inexpressible, in_sheet, said
from workbook_templates.kinds.base import Cell, Setting
from workbook_templates.sheet import FIRST_ROW

pytestmark = [needs_libreoffice, pytest.mark.libreoffice, pytest.mark.slow]

TODAY = date.today()
BOOKS = 8
"""Workbooks over which the forms are spread; two are calculated at a time."""
STAGED = """
id = "staged"
no = "T98"
title = "分期"
version = 1
row = "一行"
key = ["subject"]

[[column]]
id = "subject"
header = "事由"
kind = "text"
required = true

[[column]]
id = "number"
header = "件数"
kind = "int"
"""
STAGES = {"past": TODAY - timedelta(days=1), "now": TODAY, "future": TODAY + timedelta(days=1)}
STAGE = """
[[column]]
id = "{name}"
header = "{name} 必填"
kind = "text"
required = true
error_from = {day}

[[column]]
id = "{name}_when"
header = "{name} 视情况"
kind = "text"
required_when = "number > 3"
error_from = {day}

[[rule]]
code = "Z01"
at = "{name}"
when = "number == {n}"
message = "件数不对"
cure = "请核对件数。"
error_from = {day}
"""


@dataclass(frozen=True)
class Verdicts:
    """What the sheet shows for each row of a form, what Python's problems come to, and all that its hidden tokens say."""

    made: Generated
    rows: list[tuple[Row, str, str]]
    cases: list[tuple[Inexpressible, Column, str, str]]
    said: set[str]


def _judged(folder: Path, cover: Form, book: Sequence[Generated]) -> list[Verdicts]:
    setting = book[0].setting
    rows = {made.form.id: [*made.rows, *(row for _, _, row in made.cases)] for made in book}
    forms = Forms([cover, *(made.form.model_copy(update={"room": len(rows[made.form.id])}) for made in book)], "")
    folder.mkdir()
    write_template(folder / "rows.xlsx", forms, setting.township, "2026上半年", rows)
    read = read_book(recalculated(uncoloured(folder / "rows.xlsx"), folder), Limits())
    of_row = defaultdict[tuple[str, int | None], list[Problem]](list)
    forms = Forms([cover, *(alone(made.form) for made in book)], "")
    for problem in check(forms, read, setting.township, TODAY).problems:
        of_row[(problem.form, problem.row)].append(problem)
    found = []
    for made in book:
        form, sheet = made.form, next(sheet for sheet in read.sheets if sheet.title == made.form.title)
        checks, shown, told = in_sheet(form, setting), list[tuple[Row, str, str]](), set[str]()
        for number, row in enumerate(rows[form.id], FIRST_ROW):
            cells = sheet.rows[number - 1]
            shown.append((row, str(cells[0] or ""), status(form, of_row[(form.id, number)], confirmed=False)))
            tokens = (token for part in checks.parts for token in re.findall("[89][0-7]{4}", str(cells[part - 1])))
            told.update(checks.sayings[token] for token in tokens)
        n = len(made.rows)
        cases = [(case, column, *two[1:]) for (case, column, _), two in zip(made.cases, shown[n:], strict=True)]
        found.append(Verdicts(made, shown[:n], cases, told))
    return found


def _books(made: Sequence[Generated]) -> list[list[Generated]]:
    """The forms spread over workbooks, each of one filler and all about alike in size."""
    books: list[list[Generated]] = [[] for _ in range(BOOKS)]
    by_size = sorted(made, key=lambda one: -len(one.rows) * len(one.form.columns))
    town = [one for one in by_size if one.setting.township is TOWNSHIP]
    for one in town:
        min(books[1:], key=lambda book: sum(len(m.rows) * len(m.form.columns) for m in book)).append(one)
    books[0] = [one for one in by_size if one not in town]
    return [book for book in books if book]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdicts]:
    folder = tmp_path_factory.mktemp("parity")
    own = folder / "own"
    own.mkdir()
    stages = (STAGE.format(name=name, day=day, n=n) for n, (name, day) in enumerate(STAGES.items()))
    (own / "staged.toml").write_text("".join((STAGED, *stages)), "utf-8")
    forms = load_forms(own=own)
    cover = forms["cover"]
    covered = set[str]()
    made = [
        generated(
            form, Setting(TOWNSHIP if TOWNSHIP.filler in form.filled_by else BUREAU, TODAY), covered, Random(form.id)
        )
        for form in forms.values()
        if form.layout == "table"
    ]
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(_judged, folder / str(n), cover, book) for n, book in enumerate(_books(made))]
        return [verdict for job in jobs for verdict in job.result()]


def test_every_expression_was_judged_on_both_sides_of_a_bound(verdicts: list[Verdicts]) -> None:
    unfound = {name for verdict in verdicts for name, pairs in verdict.made.pairs.items() if not pairs}
    assert unfound <= {surplus_of(v.made.form, column) for v in verdicts for column in v.made.form.columns}


def test_the_status_column_and_python_agree_on_every_row(verdicts: list[Verdicts]) -> None:
    rows = [(verdict.made.form.id, *row) for verdict in verdicts for row in verdict.rows]
    differing = [(form, shown, wanted, row) for form, row, shown, wanted in rows if shown != wanted]
    assert not differing[:5]
    wrong = sum(wanted != "√" for _, _, _, wanted in rows)
    assert len(rows) // 2 <= wrong < len(rows)


def _parts(form: Form, text: str) -> tuple[Column, str]:
    """The column that a saying is about, and the rest of it."""
    mark, header, short = re.fullmatch("(.) (.*?)：(.*)", text).groups()  # type: ignore[union-attr]
    return next(column for column in form.columns if column.header == header), f"{mark}{short}"


def _not_here(made: Generated) -> set[str]:
    """What no row of the form can show: a requirement's severity on another day, a cell that is never out of place, and
    what Python alone is known to read otherwise."""
    form = made.form
    other = {
        said(column.header, code, severity)
        for column, code, day in (
            *((column, column.absent, column.error_from) for column in form.columns),
            *((form.by_id[rule.at], rule.code, rule.error_from) for rule in form.rules),
        )
        if day
        for severity in (("warning",) if day <= TODAY else ("error",))
    }
    surplus = {said(column.header, "M03") for column in form.columns if not made.pairs.get(surplus_of(form, column), 1)}
    known = {
        said(c.header, case.sheet) for c in form.columns for case in INEXPRESSIBLE if case.sheet and case.kind == c.kind
    }
    return other | surplus | known


def test_every_problem_that_a_sheet_can_show_was_shown_in_a_column_of_each_sort(verdicts: list[Verdicts]) -> None:
    of_sort = set[tuple[str, str]]()
    for verdict in verdicts:
        for column, rest in (_parts(verdict.made.form, text) for text in verdict.said):
            of_sort.add((sort(column), rest))
    silent = []
    for made, told in ((verdict.made, verdict.said) for verdict in verdicts):
        for text in {*in_sheet(made.form, made.setting).sayings.values()} - told - _not_here(made):
            column, rest = _parts(made.form, text)
            own = column.of.checks(Cell("A1", "B1", "C1"), column, made.setting)
            by_kind = rest[1:] in {catalogue()[check.code].short for check in own}
            if not by_kind or (sort(column), rest) not in of_sort:
                silent.append((made.form.id, text))
    assert not silent


def test_what_a_formula_cannot_judge_is_listed_and_differs_as_listed(verdicts: list[Verdicts]) -> None:
    as_listed = {
        case
        for verdict in verdicts
        for case, column, *shown in verdict.cases
        if shown == [said(column.header, code) if code else "√" for code in (case.sheet, case.python)]
    }
    assert [case for case in INEXPRESSIBLE if case not in as_listed] == []


def test_a_new_requirement_is_a_warning_until_its_day(verdicts: list[Verdicts]) -> None:
    told = next(verdict.said for verdict in verdicts if verdict.made.form.id == "staged")
    for name, day in STAGES.items():
        severity = "error" if day <= TODAY else "warning"
        for header, code in ((f"{name} 必填", "M01"), (f"{name} 视情况", "M02"), (f"{name} 必填", "Z01")):
            assert [one for one in ("error", "warning") if said(header, code, one) in told] == [severity]

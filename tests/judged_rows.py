"""Python's verdict on single rows, and rows with which nothing is wrong, of any form, found by looking for them."""

from collections.abc import Mapping, Sequence
from random import Random

from tests.boundary_rows import Rows, sample
from tests.typed_rows import Row
from validators.check import check
from validators.problems import Problem
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting
from workbook_templates.stamp import Stamp

DRAFTS = 3
"""Rows begun for each one that is wanted: the search ends with the first that come right."""
ROUNDS = 100
"""Times that rows are changed before the search is given up."""
ELSEWHERE = 0.6
"""How often not the cell with the problem is changed, but any that its rule asks for."""
FILLED = 0.2
"""The share of cells filled in at first where nothing asks for them."""


def alone(form: Form) -> Form:
    """The form without what it asks between rows and between sheets, which a row by itself cannot show."""
    return form.model_copy(
        update={
            "key": tuple(column.id for column in form.stored), "key_else": (), "person": "", "recognise": (),
            "roster": False, "lookups": (), "repeats": (), "outliers": (), "coverages": (),
        }
    )  # fmt: skip


def judged(form: Form, rows: Sequence[Mapping[str, object]], setting: Setting) -> list[list[Problem]]:
    """Each row's problems that are no mere notices."""
    township = setting.township
    cells = [[column.header for column in form.stored], *([row.get(c.id) for c in form.stored] for row in rows)]
    book = RawBook("", (RawSheet(form.title, cells),), Stamp(township.county.code, township.code, {}))  # type: ignore[arg-type]
    found: list[list[Problem]] = [[] for _ in rows]
    for problem in check(Forms([alone(form)], ""), book, township, setting.today).problems:
        if problem.row and problem.severity != "notice":
            found[problem.row - 2].append(problem)
    return found


def _expressions(form: Form, problem: Problem) -> list[str]:
    """The expressions of the form by which there may be such a problem."""
    at = [column for column in form.columns if column.header == problem.header]
    conditions = [text for column in at for text in (column.required_when, column.derive) if text]
    ids = {column.id for column in at}
    return [rule.when for rule in form.rules if rule.code == problem.code and rule.at in ids] or conditions


def _changed(rows: Rows, row: Row, problem: Problem, random: Random) -> Row:
    """The row with one cell changed that has to do with the problem."""
    column = next(column for column in rows.form.columns if column.header == problem.header)
    texts = _expressions(rows.form, problem)
    values: list[Raw] = [None, sample(column, rows.setting, random)]
    if texts and random.random() < ELSEWHERE:
        question = random.choice(rows.questions(random.choice(texts)))
        column = random.choice(question.columns)
        values = [value for pair in question.neighbours(row, column, random) for value in pair]
    values = [value for value in values if value is not None or not column.required]
    return row | {column.id: random.choice(values)} if column.typed and values else row


def _draft(form: Form, setting: Setting, random: Random) -> Row:
    typed = (column for column in form.columns if column.typed)
    return {c.id: sample(c, setting, random) for c in typed if c.required or random.random() < FILLED}


def right_rows(form: Form, setting: Setting, n: int, random: Random) -> list[Row]:
    """`n` rows of the form with which nothing is wrong; derived cells are left to the sheet."""
    rows = Rows(form, setting)
    drafts = [_draft(form, setting, random) for _ in range(DRAFTS * n)]
    found = judged(form, drafts, setting)
    for _ in range(ROUNDS):
        wrong = [i for i, problems in enumerate(found) if problems]
        if len(drafts) - len(wrong) >= n:
            return [row for row, problems in zip(drafts, found, strict=True) if not problems][:n]
        changed = [_changed(rows, drafts[i], random.choice(found[i]), random) for i in wrong]
        for i, row, problems in zip(wrong, changed, judged(form, changed, setting), strict=True):
            if len(problems) <= len(found[i]):
                drafts[i], found[i] = row, problems
    raise AssertionError(f"{form.id}: {found[wrong[0]]}")

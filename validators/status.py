"""What the status cell of a row says for the problems that Python found: the twin of the sheet's own formulas."""

from collections.abc import Iterable

from validators.problems import Problem
from workbook_templates.catalogue import catalogue
from workbook_templates.form import Form
from workbook_templates.in_sheet import CONFIRMED, RIGHT, said


def _order(form: Form, problem: Problem) -> tuple[bool, bool, int, bool]:
    """Errors first; then cells in column order, a surplus cell (M03) last among its own; then rules in file order."""
    rules = [(rule.code, form.by_id[rule.at].header) for rule in form.rules]
    headers = [column.header for column in form.columns]
    here = (problem.code, problem.header)
    is_rule = here in rules
    place = rules.index(here) if is_rule else headers.index(problem.header)
    return problem.severity != "error", is_rule, place, problem.code == "M03"


def status(form: Form, problems: Iterable[Problem], *, confirmed: bool) -> str:
    """The status text of one row that is not blank. `problems` are all of that row in the order in which they were found.

    Only what a sheet can check has a `short` in the catalogue; the rest is left to the feedback.
    """
    shown = [
        problem
        for problem in problems
        if problem.header and problem.severity != "notice" and catalogue()[problem.code].short
    ]
    if not shown:
        return RIGHT
    first = min(shown, key=lambda problem: _order(form, problem))
    if first.severity == "warning" and confirmed:
        return CONFIRMED
    return said(first.header, first.code, first.severity)

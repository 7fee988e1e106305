"""Whether a workbook for a new period still is the last period's: only its cover was changed."""

from collections.abc import Sequence

from sync_service.merge import Plan
from validators.checked import CheckedSheet
from validators.problems import Problem, problem
from workbook_templates.form import Forms

FEW, ALIKE = 20, 0.98
"""Fewer rows may well be the same by chance; from this share on they hardly are."""


def sent_again(forms: Forms, plans: Sequence[Plan], sheets: Sequence[CheckedSheet]) -> list[Problem]:
    """F07 where the cover states a new period and nearly every row of what happens in a period stands as it did before.

    Rosters (who is a veteran) go on from period to period and say nothing.
    """
    by_form = {plan.form: plan for plan in plans if plan.complete}
    cover = next((plan for form, plan in by_form.items() if forms[form].layout == "cover"), None)
    if cover is None or not (cover.new and cover.gone):
        return []
    rows = same = 0
    for sheet in sheets:
        form, plan = forms[sheet.form], by_form.get(sheet.form)
        if form.layout == "table" and not form.roster and plan:
            rows += len(sheet.rows)
            same += len(sheet.rows) - len(plan.new) - len(plan.changed)
    return [problem("F07", {"n": same})] if rows >= FEW and same >= ALIKE * rows else []

"""What figures are held against: their own earlier values, and each other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sync_service.figures.counting import Number
from sync_service.figures.period import Period
from sync_service.figures.wording import tabled
from workbook_templates.expression import FUNCTIONS
from workbook_templates.figure import Check, Figure
from workbook_templates.figure_names import check_expression

Outcome = Literal["holds", "fails", "unknown"]


@dataclass(frozen=True, slots=True)
class Before:
    """A figure's value in an earlier period, and the codes of who had reported. `sealed`: as it was reported then."""

    period: Period
    value: Number | None
    done: Collection[str]
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure against an earlier value of its own (`name`: 上期 or 上年同期).

    `change` and `percent` are None where the two cannot be compared: one is not known, or not the same have reported both: what
    is still missing is not a decrease. `large`: the change is more than the figure's tolerance and has to be explained.
    """

    name: str
    before: Before
    change: Number | None
    percent: float | None
    large: bool


def compared(figure: Figure, value: Number | None, done: Collection[str], name: str, before: Before) -> Comparison:
    """The figure's value, made from what `done` have reported, against an earlier one."""
    if value is None or before.value is None or set(done) != set(before.done):
        return Comparison(name, before, None, None, large=False)
    change = value - before.value
    percent = 100 * change / before.value if before.value else None
    # From nothing to something is a large change too; a ratio's change is told in points, and judged by them.
    moved = abs(change) if figure.unit == "%" else abs(percent) if percent is not None else 100 if change else 0
    return Comparison(name, before, change, percent, large=moved > figure.tolerance)


@dataclass(frozen=True, slots=True)
class Checked:
    """A check between figures with its outcome. `shown` names the figures in it with their values."""

    check: Check
    outcome: Outcome
    shown: str


def _true(text: str, values: Mapping[str, Number | None]) -> bool | None:
    """Whether the condition holds; None if a figure in it is not known."""
    expression = check_expression(text)
    if any(values[name] is None for name in expression.names):
        return None
    scope = {name: function.python for name, function in FUNCTIONS.items()} | dict(values)
    return bool(eval(expression.python({name: name for name in expression.names}), scope))


def checked(check: Check, figures: Mapping[str, Figure], values: Mapping[str, Number | None]) -> Checked:
    """Whether what must hold between figures does."""
    names = dict.fromkeys([*check_expression(check.that).names])
    shown = "，".join(f"{name} {figures[name].label} {tabled(figures[name], values[name])}" for name in names)
    applies = _true(check.when, values) if check.when else True
    holds = _true(check.that, values) if applies else None
    outcome: Outcome = "unknown" if holds is None else "holds" if holds else "fails"
    return Checked(check, outcome, shown)

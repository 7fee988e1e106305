"""What a name in the template says: a figure in words, its parts, or that it is not known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from sync_service.figures.comparing import Comparison
from sync_service.figures.counting import Number
from sync_service.figures.figures import EARLIER, Figures
from sync_service.figures.wording import plain_number, rounded, worded
from workbook_templates.figure import Figure

MISSING = "\ue000{}待补\ue001"
"""What is not known, between signs that nobody types: what stands between them becomes red."""
PARTLY = "\ue002{}\ue003"
"""What not all have reported yet: it becomes yellow."""
NO_CHANGE = "持平"
MOST_NAMED = 5
"""So many categories or places are named in running text, the largest first."""


def missing(label: str) -> str:
    """What stands in the text for a figure that is not known."""
    return MISSING.format(label)


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as the template may use it; written by itself it is `text`.

    `text` follows the wording rules (1200余人, 5.58万元); `exact` is the number with its unit, `number` without; `wan` is an
    amount in 万元. `last_period` and `last_year` are what it came to before, `change` how it changed in a year.
    `by` names the largest categories, `lacking` those that have none, `reported` says who has reported.
    """

    id: str
    text: str
    exact: str
    number: str
    wan: str
    unit: str
    label: str
    meaning: str
    last_period: str
    last_year: str
    change: str
    by: str
    lacking: str
    reported: str

    def __str__(self) -> str:
        return self.text


PARTS = tuple(field.name for field in fields(Said))
"""What may follow the point after a figure's name in a template."""


def reported_words(figures: Figures, figure_id: str) -> str:
    """Who has reported what a figure is made from: 10/12 个乡镇已报."""
    reported = figures.reported(figure_id)
    bureau = {one.code for one in figures.townships if one.filler == "county"}
    who = "县本级" if set(reported.expected) <= bureau and reported.expected else "个乡镇"
    return f"{len(reported.done)}/{len(reported.expected)} {who}已报"


def is_complete(figures: Figures, figure_id: str) -> bool:
    """Whether everybody has reported what the figure is made from."""
    return not figures.reported(figure_id).missing


def _before(figure: Figure, one: Comparison | None) -> str:
    value = one.before.value if one else None
    return missing("") if value is None else worded(figure, value)


def _changed(figure: Figure, one: Comparison | None) -> str:
    if one is None or one.change is None:
        return missing("")
    if not one.change:
        return NO_CHANGE
    word = "增加" if one.change > 0 else "减少"
    if figure.unit == "%":
        return f"{word}{rounded(abs(one.change), 1)}个百分点"
    return f"{word}{rounded(abs(one.percent), 1)}%" if one.percent else f"{word}{worded(figure, abs(one.change))}"


def _listed(names: Iterable[str], most: int = MOST_NAMED) -> str:
    named = [*names]
    return "、".join(named[:most]) + ("等" if len(named) > most else "")


def said(figures: Figures, figure_id: str) -> Said:
    """A figure as the template may use it."""
    figure, value = figures.definitions.figures[figure_id], figures.value(figure_id)
    before = {one.name: one for one in figures.compared(figure_id)}
    gap = missing("")

    def marked(text: str) -> str:
        if value is None:
            return gap
        return text if is_complete(figures, figure_id) else PARTLY.format(text)

    number = "" if value is None else plain_number(value, 1 if figure.unit == "%" else 2).replace(",", "")
    categories: Mapping[str, Number | None] = figures.results[figure_id].by_category
    return Said(
        id=figure_id,
        text=marked(figures.text(figure_id)),
        exact=marked(f"{number}{figure.unit}"),
        number=marked(number),
        wan=marked("" if value is None else f"{rounded(value / 10_000, 2)}万{figure.unit}"),
        unit=figure.unit,
        label=figure.label,
        meaning=figure.meaning,
        last_period=_before(figure, before.get(EARLIER[0])),
        last_year=_before(figure, before.get(EARLIER[1])),
        change=_changed(figure, before.get(EARLIER[1])),
        by=_listed(f"{name}{worded(figure, count)}" for name, count in categories.items() if count) or gap,
        lacking=_listed(figures.lacking(figure_id), len(figures.lacking(figure_id))) or "无",
        reported=reported_words(figures, figure_id),
    )

"""The charts that a template asks for: {{ chart('Q01') }} by township, {{ bars('Q04', 'Q06') }} a bar for each figure."""

from collections.abc import Sequence

from sync_service.figures.counting import Number
from sync_service.figures.figures import Figures
from sync_service.report.charts import Chart, Series
from sync_service.report.said import Said, missing
from workbook_templates.figure import Figure

PLACE = "\ue004{}\ue005"
"""Where a chart goes, by its number, between signs that nobody types."""
YUAN = "元"


def _unit(figure: Figure) -> str:
    return "万元" if figure.unit == YUAN else figure.unit


def _shown(figure: Figure, value: Number | None) -> float | None:
    """The number as a chart shows it: money in 万元, two decimals."""
    if value is None:
        return None
    return round(value / 10_000, 2) if figure.unit == YUAN else round(value, 2)


class Pictured:
    """Takes what a template asks for, and remembers the charts in order; a chart of which nothing is known is 待补."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self.charts: list[Chart] = []

    def _place(self, chart: Chart) -> str:
        if all(value is None for one in chart.series for value in one.values):
            return missing(chart.title)
        self.charts.append(chart)
        return PLACE.format(len(self.charts))

    def _asked(self, wanted: Sequence[str | Said]) -> list[Figure]:
        return [self._figures.definitions.figures[one.id if isinstance(one, Said) else one] for one in wanted]

    def chart(self, *wanted: str | Said) -> str:
        """A chart with a group of columns for each township, one for each figure."""
        asked = self._asked(wanted)
        by_township = [self._figures.by_township(one.id) for one in asked]
        names = list(dict.fromkeys(name for values in by_township for name in values))
        series = [
            Series(one.label, [_shown(one, values.get(name)) for name in names])
            for one, values in zip(asked, by_township, strict=True)
        ]
        labels, units = "、".join(one.label for one in asked), "、".join(dict.fromkeys(map(_unit, asked)))
        return self._place(Chart(f"各乡镇{labels}（{units}）", names, series))

    def bars(self, *wanted: str | Said) -> str:
        """A chart with one column for each figure."""
        asked = self._asked(wanted)
        values = [_shown(one, self._figures.value(one.id)) for one in asked]
        units = "、".join(dict.fromkeys(map(_unit, asked)))
        return self._place(Chart(f"主要指标（{units}）", [one.label for one in asked], [Series(units, values)]))

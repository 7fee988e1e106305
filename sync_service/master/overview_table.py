"""The table in 总览: which columns there are, and what stands in them for a township and for the county."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format

from sync_service.look import SERIES, Look, display_width
from sync_service.master.content import NORMAL, MasterContent, TownshipLine

_BARS = "▁▂▃▄▅▆▇█"  # GBK has them, so Chinese fonts do
_VILLAGES = 28
"""As wide as the villages without a row are shown; those for which there is no room are only counted."""

Value = str | int | float | date | None
Shown = tuple[Value, Format]


@dataclass(frozen=True, slots=True)
class OverviewColumn:
    """A column of 总览. `shown` gives a township's value with its style; `total` the county's, or None."""

    header: str
    width: float
    shown: Callable[[TownshipLine], Shown]
    total: Value = None
    bar: str = ""
    """The colour of the bars that compare the townships, if there are any."""


def _bars(rows: Sequence[int]) -> str:
    """Bars and the change from first to last, as text: sparklines are not shown by every program."""
    if len(rows) < 2:
        return ""
    low, span = min(rows), max(rows) - min(rows)
    bars = "".join(_BARS[(count - low) * (len(_BARS) - 1) // span if span else len(_BARS) // 2] for count in rows)
    change = rows[-1] - rows[0]
    return f"{bars} {change:+,}" if change else bars


def _share(part: int, whole: int) -> float | None:
    """A part of a whole, in thousandths and never rounded up: what is not quite all is not shown as 100 %."""
    return part * 1000 // whole / 1000 if whole else None


class OverviewTable:
    """What the table says of a content."""

    def __init__(self, look: Look, content: MasterContent) -> None:
        self._look, self._content = look, content

    @cached_property
    def _waiting(self) -> dict[str, int]:
        """How many open cases concern each township."""
        waiting = dict.fromkeys(self._content.names, 0)
        for line in self._content.review.open:
            for township in {side.township for side in line.case.sides} & waiting.keys():
                waiting[township] += 1
        return waiting

    def _reviewed(self, township: str) -> Shown:
        reviews = [one for one in self._content.review.reviews if one.township == township]
        again = sum(one.state == "审核后有变更" for one in reviews)
        done = sum(one.state != "未审核" for one in reviews)
        text = f"{done} / {len(reviews)}" if reviews else ""
        return (
            (f"{text} ▲{again}", self._look("cell", "centre", "warning"))
            if again
            else (text, self._look("cell", "centre"))
        )

    def _timely(self, line: TownshipLine) -> Shown:
        """Whether the township kept to the deadline: it is late if it began after it, or still changed rows."""
        deadline = self._content.deadline
        assert deadline
        if line.last_change is None or line.first_change is None:
            over = self._content.made_at.date() > deadline
            return (
                ("× 逾期没报", self._look("cell", "centre", "error"))
                if over
                else ("○ 还没有报", self._look("cell", "centre"))
            )
        if line.last_change.date() <= deadline:
            return "√ 按时", self._look("cell", "centre", "confirmed")
        late = self._look("cell", "centre", "warning")
        days = (line.first_change.date() - deadline).days
        return (f"▲ 迟了 {days} 天", late) if days > 0 else ("▲ 截止后改过", late)

    def _villages(self, line: TownshipLine) -> Shown:
        if not line.idle:
            return "√", self._look("cell", "centre")
        text = f"{len(line.idle)} 个：{line.idle[0]}"
        for village in line.idle[1:]:
            if display_width(f"{text}、{village}…") > _VILLAGES:
                text += "…"
                break
            text += f"、{village}"
        return text, self._look("cell", "warning")

    def _counted(self, get: Callable[[TownshipLine], int], mark: str = "") -> Callable[[TownshipLine], Shown]:
        def shown(line: TownshipLine) -> Shown:
            count = get(line)
            return count, self._look("cell", "count", *([mark] if mark and count else []))

        return shown

    def _percent(
        self, get: Callable[[TownshipLine], float | None], digits: str = "0.0%"
    ) -> Callable[[TownshipLine], Shown]:
        def shown(line: TownshipLine) -> Shown:
            share = get(line)
            style = self._look("cell", "centre", num_format=digits)
            return ("—", self._look("cell", "centre")) if share is None else (share, style)

        return shown

    def _pulled(self, line: TownshipLine) -> Shown:
        if line.last_pull is None:
            return "从未", self._look("cell", "centre", "warning")
        return line.last_pull, self._look("cell", "moment")

    def _changed(self, line: TownshipLine) -> Shown:
        return line.last_change.date() if line.last_change else "—", self._look(
            "cell", "centre", num_format="yyyy-mm-dd"
        )

    def _state(self, line: TownshipLine) -> Shown:
        fine = line.state == NORMAL
        return f"{'√' if fine else '▲'} {line.state}", self._look(
            "cell", "wrap", "confirmed" if fine else "warning", indent=1
        )

    def _expectation(self) -> list[OverviewColumn]:
        """Expected against reported, where the county expects anything: only the forms of which it does are compared."""
        lines = [line for line in self._content.townships if line.expected]
        if not lines:
            return []

        def reported(line: TownshipLine) -> int:
            return sum(line.counts.get(form, 0) for form in line.expected)

        def expected(line: TownshipLine) -> Shown:
            return (sum(line.expected.values()) if line.expected else "—"), self._look("cell", "count")

        wanted = sum(sum(line.expected.values()) for line in lines)
        return [
            OverviewColumn("应报", 9, expected, wanted),
            OverviewColumn(
                "完成率", 9, self._percent(lambda line: _share(reported(line), sum(line.expected.values())), "0%"),
                _share(sum(map(reported, lines)), wanted),
            ),
        ]  # fmt: skip

    @cached_property
    def columns(self) -> list[OverviewColumn]:
        """The columns, in order; what the county does not ask for has none."""
        lines = self._content.townships
        timely = [OverviewColumn("是否按时", 13, self._timely)] if self._content.deadline else []
        blanks, required = (sum(getattr(line, name) for line in lines) for name in ("blanks", "required"))
        return [
            OverviewColumn("乡镇（街道）", 13, lambda line: (line.name, self._look("cell", "text", bold=True)), "合计"),
            OverviewColumn(
                "登记行数", 12, self._counted(lambda line: sum(line.counts.values())),
                sum(sum(line.counts.values()) for line in lines), "#9DB7D5",
            ),
            *self._expectation(),
            OverviewColumn(
                "必填\n齐全", 9, self._percent(lambda line: _share(line.required - line.blanks, line.required)),
                _share(required - blanks, required),
            ),
            OverviewColumn("没有记录的村", _VILLAGES, self._villages, f"{sum(len(line.idle) for line in lines)} 个"),
            OverviewColumn("最近改动", 12, self._changed),
            *timely,
            OverviewColumn("最近读取", 17, self._pulled),
            OverviewColumn("× 错误", 11, self._counted(lambda line: line.errors), sum(line.errors for line in lines), "#EBA197"),
            OverviewColumn(
                "▲ 提醒", 11, self._counted(lambda line: line.warnings), sum(line.warnings for line in lines), "#F7D684"
            ),
            OverviewColumn("○ 提示", 9, self._counted(lambda line: line.notices), sum(line.notices for line in lines)),
            OverviewColumn(
                "待决定", 9, self._counted(lambda line: self._waiting[line.code], "warning"), len(self._content.review.open)
            ),
            OverviewColumn("已审核\n的表", 11, lambda line: self._reviewed(line.code)),
            OverviewColumn(
                "行数走势", 22, lambda line: (_bars(line.trend), self._look("cell", "text", font_color=SERIES[0], indent=1))
            ),
            OverviewColumn("状态", 22, self._state),
        ]  # fmt: skip

    def number(self, header: str) -> int:
        """The number of the column with this header, from 0."""
        return next(number for number, column in enumerate(self.columns) if column.header == header)


def put(sheet: Any, row: int, number: int, shown: Shown) -> None:
    """Write a value with its style."""
    value, style = shown
    if value is None:
        sheet.write_blank(row, number, None, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, number, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, number, value, style)
    else:
        sheet.write_number(row, number, value, style)

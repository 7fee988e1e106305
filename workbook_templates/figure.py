"""What a reported figure is: its meaning, the rows that it counts and what is made of them, as figures.toml writes it down.

A figure is a stock (the state on a day), a flow (what is dated inside a period) or a ratio of two other figures. Its
conditions are written in the language of the rules (workbook_templates.expression) over the columns of its form; besides
columns they may name the days in PARAMETERS.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from workbook_templates.errors import PartError, Wrong
from workbook_templates.rule import Record

PARAMETERS = {
    "period_from": "本期第一天",
    "period_to": "本期最后一天（还没有到的，算到截止日）",
    "as_of": "截止日",
    "spring_from": "春节慰问的第一天（上年 12 月 1 日）",
    "spring_to": "春节慰问的最后一天（元宵节）",
}
"""The days that a condition may name, with what they are called in Chinese."""

Kind = Literal["stock", "flow", "ratio"]
Window = Literal["period", "spring", "year", "until"]
"""Which dates count: those in the period, around the Spring Festival, in the year up to the day, or any up to the day."""
Count = Literal["rows", "persons", "distinct", "sum", "smallest", "largest", "townships", "villages", "expected"]
Wording = Literal["plain", "more", "tens_of_thousands", "money", "percent"]
IDENTIFIER = r"^[A-Za-z][A-Za-z0-9_]*$"
NEED_VALUE = frozenset({"sum", "smallest", "largest", "distinct"})
FORMLESS = frozenset({"townships", "villages", "expected"})
"""What is counted without looking at rows: the county's own list of places, and how many rows it expects in a form."""
DATED = frozenset({"period", "spring", "year"})
"""Windows that have a beginning: what is dated in them has happened, whatever became of its row."""


class Join(Record):
    """Rows of another form that there must be (`expect` "some") or must not be ("none") for a row to count.

    They agree with the row as `match` says (own column = the other's), where `that`, dated by `date` in the window `within`.
    """

    form: str
    match: dict[str, str] = Field(min_length=1)
    that: str = ""
    date: str = ""
    within: Window = "until"
    expect: Literal["some", "none"] = "some"


class Part(Record):
    """Which rows of which form are counted: those where `where`, dated by `date` in the window `within`, and every join holds."""

    form: str = ""
    where: str = ""
    date: str = ""
    within: Window = "until"
    joins: tuple[Join, ...] = Field((), alias="join")

    @property
    def happened(self) -> bool:
        """Whether its rows are events of a time, rather than the state on a day."""
        return bool(self.date) and self.within in DATED


class Figure(Part):
    """One reported figure; `meaning` says in Chinese what is in it and what is not.

    `count` says what is counted: rows, persons (each once, by the form's ID number), distinct values or the sum, smallest or
    largest of `of` (an expression), the county's townships or villages, or the rows that are `expected` in the form (county.toml).
    Rows of the parts in `also` count too. `by` breaks the figure down by a column; `each` says that every township or village
    should have a row, so that those that have none are named. A ratio is 100 × `part` ÷ `whole`, both ids of figures.
    `beside` is the figure under which this one is shown; with `chart`, a picture shows it by township. A change of more than `tolerance` per cent against an earlier period
    has to be explained. `wording` is how running text says it; by itself it follows from the unit.
    """

    id: str = Field(pattern=IDENTIFIER)
    label: str = Field(min_length=1, max_length=40)
    unit: str = Field(min_length=1, max_length=8)
    line: str = Field(min_length=1)
    kind: Kind
    meaning: str = Field(min_length=1)
    count: Count = "rows"
    of: str = ""
    also: tuple[Part, ...] = ()
    by: str = ""
    each: Literal["", "townships", "villages"] = ""
    part: str = ""
    whole: str = ""
    beside: str = ""
    chart: bool = False
    tolerance: float = Field(30, gt=0)
    wording: Wording | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Where its rows come from; nothing for a ratio and what is counted without rows."""
        return (self, *self.also) if self.form and self.count not in FORMLESS else ()

    @property
    def worded(self) -> Wording:
        """How running text says it."""
        by_unit: dict[str, Wording] = {"元": "money", "%": "percent"}
        return self.wording or by_unit.get(self.unit, "plain")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if wrongs := [*self._ratio_wrongs(), *self._row_wrongs()]:
            raise PartError(*wrongs)
        return self

    def _ratio_wrongs(self) -> list[Wrong]:
        if self.kind == "ratio":
            missing = [name for name in ("part", "whole") if not getattr(self, name)]
            return [
                Wrong(f"比率要写 {name}（{'分子' if name == 'part' else '分母'}是哪个指标）", ()) for name in missing
            ]
        return [
            Wrong(f'{name} 只和 kind = "ratio" 一起写', (name,)) for name in ("part", "whole") if getattr(self, name)
        ]

    def _row_wrongs(self) -> list[Wrong]:
        if self.kind == "ratio" or self.count in FORMLESS - {"expected"}:
            return [Wrong("这个指标不数行，不要写 form", ("form",))] if self.form else []
        if not self.form:
            return [Wrong("没有写 form（数哪张表的行）；请补上一行 form = …")]
        if self.count == "expected":
            return []
        wrongs = []
        if (self.count in NEED_VALUE) != bool(self.of):
            text = (
                "of 只和 count = sum、smallest、largest、distinct 一起写"
                if self.of
                else f"count = {self.count} 要写 of"
            )
            wrongs.append(Wrong(text, ("of",) if self.of else ("count",)))
        for place, part in ((), self), *((("also", n), part) for n, part in enumerate(self.also)):
            if self.kind == "flow" and not part.happened:
                text = '流量指标要写 date（按哪一列的日期）和 within = "period"（或 spring、year）'
                wrongs.append(Wrong(text, (*place, "within") if part.date else place))
            if self.kind == "stock" and part.happened:
                wrongs.append(Wrong('存量指标是截止日的状况，within 只能是 "until"', (*place, "within")))
        return wrongs


class Check(Record):
    """What must hold between figures: `that`, an expression over their ids, wherever `when`. `text` is told if it does not."""

    id: str = Field(pattern=IDENTIFIER)
    that: str = Field(min_length=1)
    when: str = ""
    text: str = Field(min_length=1)
    severity: Literal["error", "warning"] = "error"


class FigureFile(Record):
    """All that stands in one file of figures."""

    figures: tuple[Figure, ...] = Field((), alias="figure")
    checks: tuple[Check, ...] = Field((), alias="check")

"""All figures of a county for one period, each with the rows that make it up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import add

from sync_service.figures.collecting import uncollected
from sync_service.figures.comparing import Before, Checked, Comparison, checked, compared
from sync_service.figures.counting import EACH_BY_NUMBER, Counter, Number, People
from sync_service.figures.covers import Covers, covers_of
from sync_service.figures.period import Span
from sync_service.figures.reading import Reader, columns_needed
from sync_service.figures.result import CountedRow, Reported, Result
from sync_service.figures.selecting import Selector
from sync_service.figures.uncertainty import Doubts, Open, Uncertainty
from sync_service.figures.unsettled import what_is_open
from sync_service.figures.wording import NOT_NOW, worded
from sync_service.settings import CountySetup
from sync_service.store import Store
from workbook_templates.figure import FORMLESS, Figure
from workbook_templates.figures import Definitions
from workbook_templates.form import Forms
from workbook_templates.place import Township

EARLIER = ("上期", "上年同期")
"""What a figure is compared with: the period before, and the same one a year earlier."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures for a span. `results` by id, in the order of the definitions; `earlier` what they were, by EARLIER.

    `covers` tells which period each township's workbook states.
    """

    span: Span
    definitions: Definitions
    townships: Sequence[Township]
    results: Mapping[str, Result]
    covers: Covers
    earlier: Mapping[str, Mapping[str, Before]]

    def value(self, figure_id: str) -> Number | None:
        """The figure for the county; None if it is not known."""
        return self.results[figure_id].value

    def text(self, figure_id: str) -> str:
        """The figure as running text says it; 待补 if it is not known, and that there is none in this period."""
        if not self.results[figure_id].applies:
            return NOT_NOW
        return worded(self.definitions.figures[figure_id], self.value(figure_id))

    def rows(self, figure_id: str) -> Sequence[CountedRow]:
        """The very rows that the figure counts; those of numerator and denominator for a ratio."""
        figure = self.definitions.figures[figure_id]
        ids = (figure.part, figure.whole) if figure.kind == "ratio" else (figure_id,)
        return [row for one in ids for row in self.results[one].rows()]

    def row_count(self, figure_id: str) -> int:
        """How many they are."""
        figure = self.definitions.figures[figure_id]
        ids = (figure.part, figure.whole) if figure.kind == "ratio" else (figure_id,)
        return sum(self.results[one].row_count for one in ids)

    def by_township(self, figure_id: str) -> Mapping[str, Number | None]:
        """The figure for each township by name; None for those that have not reported."""
        names = {township.code: township.name for township in self.townships}
        return {names[code]: value for code, value in self.results[figure_id].by_township.items()}

    def uncertainty(self, figure_id: str) -> Uncertainty:
        """How sure it is."""
        return self.results[figure_id].uncertainty

    def reported(self, figure_id: str) -> Reported:
        """Who has reported what it is made from."""
        return self.results[figure_id].reported

    def compared(self, figure_id: str) -> Sequence[Comparison]:
        """The figure against its earlier values, as far as there are any."""
        result = self.results[figure_id]
        return [
            compared(result.figure, result.value, result.reported.done, name, values[figure_id])
            for name, values in self.earlier.items()
            if figure_id in values
        ]

    @property
    def checks(self) -> Sequence[Checked]:
        """What must hold between the figures, and whether it does."""
        values = {figure_id: result.value for figure_id, result in self.results.items()}
        return [checked(check, self.definitions.figures, values) for check in self.definitions.checks.values()]

    def lacking(self, figure_id: str) -> Sequence[str]:
        """The townships or villages that should have a row and have none, by name; of those that have reported."""
        result = self.results[figure_id]
        there = {code: {name for (town, name) in result.by_village if town == code} for code in result.reported.done}
        if result.figure.each == "townships":
            rows = {township for table, some in result.parts for township in (table.township[i] for i in some)}
            return [one.name for one in self.townships if one.code in there and one.code not in rows]
        if result.figure.each == "villages":
            return [
                f"{one.name}{village}"
                for one in self.townships
                if one.code in there and one.filler == "township"
                for village in one.villages
                if village not in there[one.code]
            ]
        return ()


@dataclass(frozen=True, slots=True)
class _Work:
    """What every figure of a span is computed with."""

    setup: CountySetup
    forms: Forms
    selector: Selector
    people: People
    doubts: Doubts
    unread: Collection[tuple[str, str]]

    def reported(self, figure: Figure) -> Reported:
        """Who has reported the figure's forms, of those who fill them in."""
        fillers = set(self.forms[figure.form].filled_by)
        # What both fill in is the townships' to report; the bureau adds to it.
        asked = "township" if "township" in fillers else "county"
        expected = tuple(one.code for one in self.setup.townships if one.filler == asked)
        return Reported(
            tuple(
                code for code in expected if code in self.selector.reported and (figure.form, code) not in self.unread
            ),
            expected,
        )

    def counted(self, figure: Figure) -> Result:
        """A figure that counts rows."""
        counter = Counter(figure, self.people)
        reported = self.reported(figure)
        parts = [self.selector.select(part) for part in figure.parts]
        applies = all(self.selector.applies(part) for part in figure.parts)
        value = counter.count(parts) if reported.done and applies else None
        found = counter.by_township(parts)
        shown = [one.code for one in self.setup.townships if one.code in {*reported.expected, *found}]
        empty = counter.count([(table, []) for table, _ in parts])
        known = {*reported.done, *found} if applies else set()
        by_township = {code: found.get(code, empty) if code in known else None for code in shown}
        sure = self.doubts.of(counter, value, parts)
        return Result(figure, value, by_township, reported, sure, parts, counter, applies)

    def listed(self, figure: Figure) -> Result:
        """A figure that the settings give."""
        towns = [one for one in self.setup.townships if one.filler == "township"]
        match figure.count:
            case "townships":
                given: dict[str, Number | None] = {one.code: 1 for one in towns}
            case "villages":
                given = {one.code: len(one.villages) for one in towns}
            case _:
                title, expected = self.forms[figure.form].title, self.setup.settings.review.expected
                given = {one.code: expected.get(one.name, {}).get(title) for one in towns}
        known = {code: number for code, number in given.items() if number is not None}
        value = sum(known.values()) if known else None
        reported = Reported(tuple(known), tuple(given))
        return Result(figure, value, given, reported, Uncertainty(value, value))


def _share(part: Number | None, whole: Number | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None


def _narrowed(result: Result, done: Collection[str]) -> tuple[Number | None, Number | None, Number | None]:
    """What a figure comes to for some of those who have reported it, and what that is at least and at most."""
    left_out, sure = set(result.reported.done).difference(done), result.uncertainty
    if result.value is None or sure.least is None or sure.most is None or not left_out:
        return result.value, sure.least, sure.most
    if result.counter:
        parts = [(table, [i for i in rows if table.township[i] not in left_out]) for table, rows in result.parts]
        value = result.counter.count(parts) or 0
    else:
        value = sum(result.by_township[code] or 0 for code in done)
    return value, value - (result.value - sure.least), value + (sure.most - result.value)


def _is_of(part: Result, whole: Result) -> bool:
    """Whether the rows of the part are among those of the whole: both are made from one form."""
    forms = [{table.form.id for table, _ in one.parts} for one in (part, whole)]
    return bool(forms[0] & forms[1])


def _ratio(figure: Figure, part: Result, whole: Result) -> Result:
    """A ratio. Where not all have reported both, only those are compared who have."""
    done = tuple(code for code in part.reported.done if code in whole.reported.done)
    value, least, most = _narrowed(part, done)
    over, fewest, greatest = _narrowed(whole, done)
    by_township = {
        code: _share(number, whole.by_township[code])
        for code, number in part.by_township.items()
        if code in whole.by_township
    }
    few, many = part.uncertainty, whole.uncertainty
    share, highest = _share(value, over), _share(most, fewest)
    together: Callable[[int, int], int] = add
    if _is_of(part, whole):  # a row that is open is open in both, once, and the part cannot come to more than the whole
        together = max
        highest = None if highest is None else min(highest, max(share or 0, 100))
    sure = replace(
        few,
        least=_share(least, greatest),
        most=highest,
        held=together(few.held, many.held),
        twice=together(few.twice, many.twice),
        awaiting=together(few.awaiting, many.awaiting),
        wrong=together(few.wrong, many.wrong),
        suspected=together(few.suspected, many.suspected),
    )
    reported = Reported(done, part.reported.expected)
    return Result(figure, share if done else None, by_township, reported, sure)


def _results(work: _Work, definitions: Definitions) -> dict[str, Result]:
    found: dict[str, Result] = {}
    for figure in definitions.figures.values():
        if figure.kind != "ratio":
            found[figure.id] = work.listed(figure) if figure.count in FORMLESS else work.counted(figure)
    for figure in definitions.figures.values():
        if figure.kind == "ratio":
            found[figure.id] = _ratio(figure, found[figure.part], found[figure.whole])
    return {figure_id: found[figure_id] for figure_id in definitions.figures}


def _earlier(span: Span, name: str) -> Span:
    period = span.period.previous if name == EARLIER[0] else span.period.year_before
    # In the middle of a period, an earlier one is taken to the same day.
    last = period.last
    if span.last < span.period.last and name == EARLIER[1]:
        last = _year_before(span.last)
    return Span(period, last, span.before)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


@uncollected()
def figures(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    definitions: Definitions,
    span: Span,
    *,
    people: People = EACH_BY_NUMBER,
    suspects: People = EACH_BY_NUMBER,
    sealed: Mapping[str, Mapping[str, Before]] | None = None,
) -> Figures:
    """Every figure for a span, from one pass over the rows of each form.

    `people` is who is who, `suspects` the same if all those who may be one are one; without, every ID number is a person. `sealed` are
    the values of reported periods by their names, which stand for what would be counted now.
    Raises StoreError if the store cannot be read.
    """
    covers = covers_of(store, forms)
    reader = Reader(store, forms, covers, columns_needed(definitions.figures.values(), forms))
    unsettled, unread = what_is_open(store, forms, span, suspects)

    def work(one: Span, unsettled: Open) -> _Work:
        reported = [place.code for place in setup.townships if covers.reported(place.code, one)]
        selector = Selector(
            one, reported, lambda form: reader.state(form, one, reported), lambda form: reader.events(form, one)
        )
        return _Work(setup, forms, selector, people, Doubts(unsettled), unread)

    results = _results(work(span, unsettled), definitions)
    settled = Open({}, {}, {}, EACH_BY_NUMBER)
    earlier: dict[str, Mapping[str, Before]] = {}
    for name in EARLIER:
        before = _earlier(span, name)
        if before.period.name in (sealed or {}):
            earlier[name] = (sealed or {})[before.period.name]
        elif any(covers.reported(place.code, before) for place in setup.townships):
            found = _results(work(before, settled), definitions)
            earlier[name] = {key: Before(before.period, one.value, one.reported.done) for key, one in found.items()}
    return Figures(span, definitions, setup.townships, results, covers, earlier)

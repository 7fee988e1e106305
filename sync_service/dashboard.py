"""What 总览 shows of each township, and how the county's problems have gone, counted from the store."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, time

from sync_service.master.content import NORMAL, TownshipLine, TrendPoint
from sync_service.moments import local, moment
from sync_service.settings import CountySetup
from sync_service.store import Source, Store
from sync_service.store.standing import Standing
from sync_service.trend import trends
from validators.problems import Problem
from workbook_templates.catalogue import catalogue
from workbook_templates.form import Form, Forms
from workbook_templates.place import Township


def _state(source: Source | None, here: Standing | None) -> str:
    """How the township stands, in a few words: what hinders reading comes before what is to be mended."""
    if source is None:
        return "还没有收到"
    if source.status != "ok":
        return catalogue()[source.status].short
    if here and any(here.held.values()):
        return "有行待确认"
    return "有错误待改" if here and here.errors else NORMAL


def _filled(
    tables: Mapping[str, Form], rows: Mapping[str, int], awaiting: Mapping[str, int], found: Sequence[Problem]
) -> tuple[int, int]:
    """How many required cells are blank, and how many there are, in the rows of one township's workbook.

    Rows that were never right are not stored, and are told by their errors only.
    """
    headers = {
        name: {column.header: column for column in form.stored if column.required} for name, form in tables.items()
    }
    wrong: dict[str, set[int]] = defaultdict(set)
    blanks = 0
    for one in found:
        if one.form not in tables or one.row is None or not one.open:
            continue
        if one.severity == "error":
            wrong[one.form].add(one.row)
        column = headers[one.form].get(one.header)
        blanks += column is not None and one.code == column.absent
    seen = {name: rows[name] + max(0, len(wrong[name]) - awaiting.get(name, 0)) for name in tables}
    return blanks, sum(count * len(headers[name]) for name, count in seen.items())


def _idle(township: Township, seen: Set[str]) -> tuple[str, ...]:
    """The villages of which there is no row; the county bureau, which fills in for all of them, has none of its own."""
    if township.filler == "county":
        return ()
    return tuple(village for village in township.villages if village not in seen)


def county_lines(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    about: Mapping[str, Sequence[Problem]],
    standing: Mapping[str, Standing],
    villages: Mapping[str, Set[str]],
) -> tuple[list[TownshipLine], list[TrendPoint]]:
    """A line for each township, in the county's order, and the trend.

    By township, `about` are all its problems, `standing` how it stands now, and `villages` those of which it has rows.
    """
    tables = {form.id: form for form in forms.values() if form.layout == "table"}
    review = setup.settings.review
    begins = moment(datetime.combine(review.begins or date(2000, 1, 1), time()).astimezone())
    counted = store.dashboard(begins)
    awaiting: dict[str, dict[str, int]] = defaultdict(dict)
    for (place, form), n in counted.awaiting.items():
        awaiting[place][form] = n
    trend, of_rows = trends(store.runs(), store.tallies(), tables)
    sources = store.sources()
    lines = []
    for township in setup.townships:
        code = township.code
        source, here, found = sources.get(code), standing.get(code), about.get(code, ())
        rows = {name: here.rows.get(name, 0) if here else 0 for name in tables}
        severities = Counter(one.severity for one in found if one.open)
        expected = review.expected.get(township.name, {})
        blanks, required = _filled(tables, rows, awaiting[code], found)
        change = counted.changed.get(code)
        lines.append(
            TownshipLine(
                code,
                township.name,
                {name: n for name, n in rows.items() if n or township.filler in tables[name].filled_by},
                local(source.read_at) if source and source.read_at else None,
                severities["error"],
                severities["warning"],
                sum(one.severity == "notice" for one in found),
                _state(source, here),
                of_rows.get(code, ()),
                {name: expected[form.title] for name, form in tables.items() if form.title in expected},
                blanks,
                required,
                _idle(township, villages.get(code, frozenset())),
                local(change.first) if change else None,
                local(change.last) if change else None,
            )
        )
    return lines, trend

"""Every figure is what an independent count over the invented rows makes it, for two periods and on earlier days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from sync_service.settings import CountySetup
from sync_service.store import Store
from tests.figure_county import (
    DEFINITIONS,
    EAST,
    PLACES,
    WEST,
    Rows,
    carried_over,
    counted,
    county,
    flat,
    invented,
    kept_by_bureau,
    of_place,
    report,
    since,
    together,
)
from tests.figure_truth import truth
from workbook_templates.place import Township

FIRST, SECOND = "2026上半年", "2026下半年"
JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)
AT = {FIRST: "2026-07-08T02:00:00Z", SECOND: "2027-01-08T02:00:00Z"}
AFTER_FIRST = "2026-12-01T00:00:00Z"


@dataclass(frozen=True)
class Reported:
    """The county after both periods, and what it handed in for each."""

    store: Store
    setup: CountySetup
    first: Rows
    second: Rows


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    folder = tmp_path_factory.mktemp("county")
    numbers: set[str] = set()
    first: dict[Township, Rows] = {}
    second: dict[Township, Rows] = {}
    with county(folder) as (store, setup):
        for place in PLACES:
            of = of_place(place, "figures", numbers)
            first[place] = invented(place, date.fromisoformat(AT[FIRST][:10]), of, 25)
            happened = since(invented(place, date.fromisoformat(AT[SECOND][:10]), of, 15), date(2026, 7, 1))
            second[place] = together(carried_over(first[place]), happened)
        kept_by_bureau(first)
        kept_by_bureau(second)
        for place in PLACES:
            report(store, place, FIRST, first[place], AT[FIRST])
        for place in PLACES:
            report(store, place, SECOND, second[place], AT[SECOND])
        assert [known.problem for known in store.problems() if known.problem.severity == "error"] == []
        yield Reported(store, setup, flat(first.values()), flat(second.values()))


def _differing(
    found: dict[str, float | None], wanted: dict[str, float | None]
) -> dict[str, tuple[float | None, float | None]]:
    return {key: (found[key], value) for key, value in wanted.items() if found[key] != pytest.approx(value)}


def _values(reported: Reported, period: str, day: str = "", before: str = "9999") -> dict[str, float | None]:
    found = counted(reported.store, reported.setup, period, day, before=before)
    return {key: result.value for key, result in found.results.items()}


def test_the_independent_count_knows_every_figure_but_the_ratios() -> None:
    rows: Rows = {"beneficiaries": [], "veterans": []}
    counted_too = {key for key, figure in DEFINITIONS.figures.items() if figure.kind != "ratio"}
    assert set(truth(rows, date(2026, 1, 1), JUNE)) == counted_too


def test_every_figure_of_the_first_period_is_what_an_independent_count_makes_it(reported: Reported) -> None:
    wanted = truth(reported.first, date(2026, 1, 1), JUNE)
    assert _differing(_values(reported, FIRST, before=AFTER_FIRST), wanted) == {}
    assert sum(bool(value) for value in wanted.values()) > 60


def test_the_next_periods_workbooks_change_nothing_of_what_happened_before(reported: Reported) -> None:
    assert _values(reported, FIRST) == _values(reported, FIRST, before=AFTER_FIRST)


def test_every_figure_of_the_second_period_is_what_an_independent_count_makes_it(reported: Reported) -> None:
    wanted = truth(reported.second, date(2026, 7, 1), DECEMBER)
    # Examinations of the year were written down in the first half's workbooks.
    both = {**reported.second, "health_checks": [*reported.first["health_checks"], *reported.second["health_checks"]]}
    yearly = truth(both, date(2026, 7, 1), DECEMBER)
    wanted |= {key: yearly[key] for key in ("Q18", "Q19a", "Q19b", "B13")}
    assert _differing(_values(reported, SECOND), wanted) == {}


def test_on_an_earlier_day_only_what_was_dated_by_then_counts(reported: Reported) -> None:
    found = _values(reported, FIRST, "2026-03-31", before=AFTER_FIRST)
    wanted = truth(reported.first, date(2026, 1, 1), date(2026, 3, 31))
    assert _differing(found, wanted) == {}
    assert found != _values(reported, FIRST)


def test_before_the_first_workbook_came_nothing_is_known_and_nothing_is_0(reported: Reported) -> None:
    found = _values(reported, FIRST, before=AT[FIRST])
    assert {value for key, value in found.items() if key not in ("N01", "N02")} == {None}


def test_the_rows_of_a_figure_make_it_up(reported: Reported) -> None:
    found = counted(reported.store, reported.setup, FIRST)
    for key, result in found.results.items():
        rows = found.rows(key)
        if result.figure.count == "rows" and result.parts:
            assert len(rows) == result.value
        if result.figure.count == "sum":
            assert sum(row.adds or 0 for row in rows) == pytest.approx(result.value)
        assert {row.file for row in rows} <= {f"{place.name}.xlsx" for place in PLACES}


def test_townships_and_villages_add_up_to_the_county(reported: Reported) -> None:
    found = counted(reported.store, reported.setup, FIRST)
    for key in ("Q03", "Q04", "Q13", "Q15", "Q25", "B14"):
        result = found.results[key]
        assert sum(value or 0 for value in result.by_township.values()) == pytest.approx(result.value)
        assert sum(value or 0 for value in result.by_village.values()) == pytest.approx(result.value)
    assert set(found.by_township("Q01")) == {EAST.name, WEST.name}
    assert set(found.by_township("B14")) == {place.name for place in PLACES}


def test_a_second_period_is_compared_with_the_first(reported: Reported) -> None:
    found = counted(reported.store, reported.setup, SECOND)
    (one,) = found.compared("Q04")
    before = _values(reported, FIRST)["Q04"]
    assert (one.name, one.before.period.name, one.before.value) == ("上期", FIRST, before)
    assert one.change == pytest.approx((found.value("Q04") or 0) - (before or 0))


def test_every_check_that_can_be_made_holds_in_a_county_without_mistakes(reported: Reported) -> None:
    found = counted(reported.store, reported.setup, FIRST)
    assert [one.check.id for one in found.checks if one.outcome == "fails" and one.check.severity == "error"] == []
    assert sum(one.outcome == "holds" for one in found.checks) > 10

"""Those who may be one person make figures of people uncertain until the coordinator has said who they are."""

from pathlib import Path

import pytest

from sync_service.figures.asking import figures_of, span_of
from sync_service.figures.figures import Figures
from sync_service.review.places import CONFLICTS
from sync_service.store import Store
from tests.county import NOW, veteran
from tests.figure_county import EAST, FORMS, report
from tests.right_rows import beneficiary, born, payment
from tests.right_rows import veteran as registered
from tests.typed_master import LittleCounty, copied, decide, little_county, shown

FIRST, SECOND, THIRD = "城关镇", "石桥镇", "柳林镇"
SAME = {"name": "欧阳建军", "phone": "13912345678"}


def asked(county: LittleCounty) -> Figures:
    """The figures as taizhang figures computes them."""
    with county.store() as store:
        return figures_of(county.setup, FORMS, store, span_of(county.setup, "", "", NOW))


def bounds(county: LittleCounty, key: str = "Q02") -> tuple[object, object, object]:
    """The figure, and what it is at least and at most."""
    found = asked(county)
    sure = found.uncertainty(key)
    return found.value(key), sure.least, sure.most


def _line(county: LittleCounty) -> int:
    """Which line of 重复与冲突 asks about the two of one name."""
    return next(n for n, line in enumerate(shown(county, CONFLICTS)) if "欧阳建军" in str(line))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Two rows that are likely one person, a number that two people have, a person in two townships, and somebody else."""
    made = little_county(tmp_path_factory.mktemp("shared") / "county")
    made.say(
        {
            FIRST: [veteran(0, **SAME), veteran(5, name="李大海"), veteran(7)],
            SECOND: [veteran(1, **SAME), veteran(5, name="赵小龙"), veteran(7)],
            THIRD: [veteran(3)],
        }
    )
    made.sync()
    return made


@pytest.fixture
def county(shared: LittleCounty, tmp_path: Path) -> LittleCounty:
    """The same county, for one test to change."""
    return copied(shared, tmp_path / "county")


def test_every_open_pair_lowers_what_a_figure_of_people_is_at_least(shared: LittleCounty) -> None:
    assert bounds(shared) == (6, 4, 6)
    assert "另有 2 对疑似重复待核实" in asked(shared).uncertainty("Q02").reasons


def test_a_number_that_two_people_have_is_two_people_until_somebody_says_otherwise(shared: LittleCounty) -> None:
    towns = asked(shared).by_township("Q02")
    assert towns == {FIRST: 3, SECOND: 3, THIRD: 1}  # one person of them stands in two townships


@pytest.mark.parametrize(("choice", "least", "most"), [("两者保留", 4, 5), ("不是同一人", 5, 6), ("采用甲", 4, 5)])
def test_what_the_coordinator_decided_is_not_uncertain_any_more(
    county: LittleCounty, choice: str, least: int, most: int
) -> None:
    decide(county, CONFLICTS, choice, which=_line(county))
    county.sync()
    assert bounds(county) == (most, least, most)
    assert "另有 1 对疑似重复待核实" in asked(county).uncertainty("Q02").reasons


def test_what_is_not_counted_by_people_is_not_uncertain(shared: LittleCounty) -> None:
    assert asked(shared).uncertainty("Q03").sure


def test_the_rows_about_a_number_are_found_on_every_form(store: Store) -> None:
    rows = {"beneficiaries": [beneficiary()], "payments": [payment()], "veterans": [registered(1985)]}
    report(store, EAST, "2026上半年", rows, "2026-07-01T02:00:00Z")
    assert store.rows_about("veterans", "id_number", {born(1956)}) == []
    for form in ("beneficiaries", "payments"):
        (row,) = store.rows_about(form, "id_number", {born(1956), born(1985)})
        assert row.key.startswith(born(1956))
        assert row.file == f"{EAST.name}.xlsx"

"""审核: a township's form is marked as reviewed, and what changes afterwards is shown with number and list."""

from pathlib import Path

import pytest

from sync_service.review.places import HAND, MARK, PENDING, REVIEWS, STATE
from sync_service.review.showing import review_content
from tests.county import number, veteran
from tests.typed_master import LittleCounty, answers, copied, decide, little_county, review, shown

FIRST = "城关镇"
EAST = "990101001"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Three veterans of a township, reviewed."""
    made = little_county(tmp_path_factory.mktemp("shared") / "county")
    made.say({FIRST: [veteran(0), veteran(1), veteran(2)]})
    made.sync()
    review(made, FIRST, "退役军人")
    made.sync()
    return made


@pytest.fixture
def county(shared: LittleCounty, tmp_path: Path) -> LittleCounty:
    """The same county, for one test to change."""
    return copied(shared, tmp_path / "county")


def state(county: LittleCounty) -> tuple[str, int]:
    """How the review stands, and how many rows have changed since."""
    with county.store() as store:
        lines = review_content(store, county.setup, county.forms, store.standing()).reviews
    (line,) = [one for one in lines if (one.township, one.form) == (EAST, "veterans")]
    return line.state, line.changed


CHANGED = [veteran(0, political_status="中共党员"), veteran(2), veteran(3)]
"""One changed, one gone, one new."""


def test_changes_after_a_review_are_counted_and_listed(county: LittleCounty) -> None:
    assert state(county) == ("已审核", 0)
    county.send(FIRST, CHANGED)
    county.sync()
    assert state(county) == ("审核后有变更", 3)
    assert len(shown(county, PENDING)) == 3
    line = next(line for line in shown(county, REVIEWS) if line[HAND])
    assert (line[MARK], line[HAND]) == ("已审核", "赵主任")
    assert "审核后有变更" in str(line[STATE])


def test_rows_that_changed_and_changed_back_are_as_they_were_reviewed(county: LittleCounty) -> None:
    county.send(FIRST, CHANGED)
    county.sync()
    county.send(FIRST, [veteran(0), veteran(1), veteran(2)])
    county.sync()
    assert state(county) == ("已审核", 0)
    assert shown(county, PENDING) == []


def test_the_mark_can_be_renewed_and_taken_back(county: LittleCounty) -> None:
    county.send(FIRST, CHANGED)
    county.sync()
    review(county, FIRST, "退役军人", "重新审核", "钱科长")
    county.sync()
    assert state(county) == ("已审核", 0)
    review(county, FIRST, "退役军人", None, None)
    county.sync()
    assert state(county) == ("未审核", 0)


def test_each_change_can_be_accepted_or_taken_back(county: LittleCounty) -> None:
    county.send(FIRST, CHANGED)
    county.sync()
    for which in range(3):
        decide(county, PENDING, "采用甲" if which < 2 else "采用乙", which=which)
    county.sync()
    county.sync(full=True)
    assert state(county) == ("已审核", 0)
    assert {line[0] for line in answers(county, PENDING)} == {"已处理"}
    kept = set(county.veterans())
    assert len(kept) in {2, 3, 4}
    for which in range(3):
        decide(county, PENDING, "", "", which=which)
    county.sync()
    county.sync(full=True)
    assert {key for _, key in county.veterans()} == {number(0), number(2), number(3)}
    assert county.veterans()[EAST, number(0)]["political_status"] == "中共党员"
    assert state(county) == ("审核后有变更", 3)


def test_a_mark_without_a_name_is_answered(county: LittleCounty) -> None:
    review(county, "石桥镇", "退役军人", hand="")
    county.sync()
    with county.store() as store:
        assert "处理人" in store.statements()[-1].outcome

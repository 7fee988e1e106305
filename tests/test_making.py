"""Laws of making a feedback: from the reading that was judged, whatever lies in its place by now."""

import secrets
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from sync_service.gather import book_of
from sync_service.making import Maker
from sync_service.publish import Prepared, discard
from sync_service.sources.base import Item, Limits
from sync_service.sources.places import Places, places
from sync_service.spool import Spool, spooled
from sync_service.wanted import WantedFeedback
from tests.county import NAMES, CountyOnDisk, make_county, veteran
from validators.problems import problem

SHEET = "退役军人"
WRONG = problem("M01", sheet=SHEET, row=4, column="B", header="姓名")


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({NAMES[0]: [veteran(0), veteran(1)]})
    return county


def _source(county: CountyOnDisk) -> tuple[Places, Item]:
    setup = county.setup
    source = places(setup.addresses, setup.access, setup.settings.limits.look_seconds)
    township = setup.townships[0].code
    item = next(found.item for found in source.look() if found.township == township)
    assert item
    return source, item


def _made(county: CountyOnDisk, source: Places, spool: Spool, item: Item, digest: str) -> list[str] | None:
    """The titles of the sheets of the feedback, None if it was not made."""
    wanted = WantedFeedback(county.setup.townships[0], item, digest, [WRONG], datetime(2026, 6, 20), "")
    target = county.folder / "反馈.xlsx"
    made = Maker(county.setup, county.forms, source, spool, Limits())(wanted, target)
    if made is None:
        return None
    assert isinstance(made, Prepared)
    titles = [*openpyxl.load_workbook(made.temporary).sheetnames]
    discard(made)
    return titles


def test_a_feedback_is_made_from_what_this_run_read_even_if_the_workbook_is_gone_by_then(county: CountyOnDisk) -> None:
    source, item = _source(county)
    digest = source.mark(item, None).digest.hex()
    with spooled(county.folder) as spool:
        spool.keep(book_of(item.township, digest), source.read(item, Limits()))
        county.book(NAMES[0]).unlink()
        assert _made(county, source, spool, item, digest) == ["校验结果", SHEET]


def test_another_reading_than_the_one_that_was_judged_is_never_taken(county: CountyOnDisk) -> None:
    source, item = _source(county)
    digest = source.mark(item, None).digest.hex()
    with spooled(county.folder) as spool:
        spool.keep(book_of(item.township, digest), source.read(item, Limits()))
        assert _made(county, source, spool, item, secrets.token_hex(16)) is None


def test_a_workbook_that_this_run_has_not_read_is_read_for_its_feedback(county: CountyOnDisk) -> None:
    source, item = _source(county)
    with spooled(county.folder) as spool:
        assert _made(county, source, spool, item, source.mark(item, None).digest.hex()) == ["校验结果", SHEET]

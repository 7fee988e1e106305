"""Laws of what is worked out between storing and publishing, in processes of its own."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from sync_service.errors import TaizhangError
from sync_service.store.errors import StoreError
from tests.county import NAMES, CountyOnDisk, make_county, veteran

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what is put in its place is not there in a spawned process"
)

SEARCH = "sync_service.working_out.refresh_cases"


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({NAMES[0]: [veteran(0), veteran(1)], NAMES[1]: [veteran(1)]})
    return county


def cases(county: CountyOnDisk) -> int:
    with county.store() as store:
        return len(store.cases())


def die(*_: object) -> NoReturn:
    os.abort()


def fail(*_: object) -> NoReturn:
    raise StoreError("登记库没有响应", "再运行一次。")


@pytest.mark.parametrize(("happens", "told"), [(die, "没有算成"), (fail, "登记库没有响应")])
def test_a_search_that_fails_is_told_and_made_up_for_in_the_next_run(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, happens: object, told: str
) -> None:
    with monkeypatch.context() as for_once:
        for_once.setattr(SEARCH, happens)
        with pytest.raises(TaizhangError, match=told):
            county.sync()
    assert not (county.folder / "县级总台账.xlsx").exists()
    assert cases(county) == 0
    report = county.sync()
    assert not any(one.trouble for one in report.published)
    assert (county.folder / "县级总台账.xlsx").exists()
    assert cases(county) == 1


def test_nothing_is_worked_out_again_if_nothing_changed(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    county.sync()
    monkeypatch.setattr(SEARCH, die)
    assert county.sync().run is None
    assert cases(county) == 1

"""The night's 统计.xlsx: only if it is wanted, only if something changed, and never over what somebody saved."""

from pathlib import Path

import openpyxl
import pytest

from sync_service.figures.nightly import write_nightly
from sync_service.settings import CountySetup
from sync_service.store import Store
from tests.county import NOW, veteran
from tests.figure_county import FORMS
from tests.typed_master import LittleCounty, little_county


@pytest.fixture
def county(tmp_path: Path) -> LittleCounty:
    made = little_county(tmp_path / "county")
    made.say({"城关镇": [veteran(0), veteran(1)]})
    made.sync()
    return made


def wanted(county: LittleCounty) -> CountySetup:
    """The settings of a county that wants the workbook."""
    settings = county.setup.settings
    service = settings.service.model_copy(update={"figures": "统计.xlsx"})
    return CountySetup(settings.model_copy(update={"service": service}), county.folder)


def test_nobody_gets_a_workbook_that_nobody_asked_for(county: LittleCounty) -> None:
    assert write_nightly(county.setup, FORMS, NOW) is None


def test_it_is_written_anew_when_something_has_changed_and_only_then(county: LittleCounty) -> None:
    setup = wanted(county)
    path = write_nightly(setup, FORMS, NOW)
    assert path == county.folder / "统计.xlsx"
    assert openpyxl.load_workbook(path)["统计"]["A1"].value == "清河县统计"
    before = path.stat()
    assert write_nightly(setup, FORMS, NOW) is None
    assert path.stat() == before
    county.send("城关镇", [veteran(0)])
    county.sync()
    assert write_nightly(setup, FORMS, NOW) == path
    assert path.stat() != before


def test_that_the_night_wrote_it_stands_in_the_audit(county: LittleCounty) -> None:
    def exports() -> list[object]:
        with Store.open(county.setup.store_url, county.setup.county.code) as store:
            return [entry.about["command"] for entry in store.audit_entries() if entry.what == "export"]

    setup = wanted(county)
    write_nightly(setup, FORMS, NOW)
    assert exports() == ["night"]
    write_nightly(setup, FORMS, NOW)
    assert len(exports()) == 1, "nothing was written"


def test_what_somebody_saved_in_it_is_kept_and_the_new_one_waits_beside(county: LittleCounty) -> None:
    setup, path, beside = wanted(county), county.folder / "统计.xlsx", county.folder / "统计（新）.xlsx"
    path.write_bytes(b"somebody's own")
    assert write_nightly(setup, FORMS, NOW) == beside
    assert write_nightly(setup, FORMS, NOW) is None
    assert path.read_bytes() == b"somebody's own"
    path.unlink()
    assert write_nightly(setup, FORMS, NOW) == path
    assert not beside.exists()
    assert openpyxl.load_workbook(path)["统计"]["A1"].value == "清河县统计"

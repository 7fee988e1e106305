"""What a county can rely on while one of its townships keeps its workbook in a place of any kind."""

import time
from pathlib import Path

import pytest

from sync_service.pipeline import RunReport, TownshipReport
from sync_service.settings import load_settings
from tests.conformance.servers import PASSWORD
from tests.conformance.stages import TOWN, Stage
from tests.county import NAMES, CountyOnDisk, make_county, number, veteran, workbook

PLACE, *HERE = NAMES
LOOK_SECONDS = 4.0

needs = pytest.mark.needs
pytestmark = pytest.mark.slow


class CountyElsewhere:
    """A county whose first township has its workbook on a stage, and the others in a folder here."""

    def __init__(self, folder: Path, stage: Stage) -> None:
        self.disk: CountyOnDisk = make_county(folder)
        self._stage = stage
        text = self.disk.settings.read_text("utf-8")
        for old, new in (
            (f'workbook = "上报/{PLACE}.xlsx"', f"workbook = '{stage.addresses[TOWN]}'"),
            ('passwords = ""', 'passwords = "账号.toml"' if stage.passwords else 'passwords = ""'),
            ("look_seconds = 30", f"look_seconds = {LOOK_SECONDS}"),
        ):
            assert old in text
            text = text.replace(old, new, 1)
        self.disk.settings.write_text(text, "utf-8")
        for n, name in enumerate(HERE, 1):
            self.disk.write(name, workbook(name, [veteran(10 * n)]))
        self.put(0, 1)

    def put(self, *people: int) -> None:
        """Saves the township's workbook with these invented people."""
        self._stage.put(workbook(PLACE, [veteran(n) for n in people]))

    def sync(self) -> RunReport:
        """One run, with the accounts as they are now."""
        accounts = self.disk.folder / "账号.toml"
        accounts.write_text(self._stage.passwords, "utf-8")
        accounts.chmod(0o600)
        return self.disk.sync()

    @property
    def people(self) -> set[str]:
        """The ID numbers that the store holds of the township."""
        return {key for township, key in self.disk.veterans() if township == TOWN}

    def told(self) -> list[str]:
        """The codes of what is open about the township's workbook itself."""
        with self.disk.store() as store:
            return [known.problem.code for known in store.problems(TOWN) if known.problem.code.startswith("F")]


def line(report: RunReport) -> TownshipReport:
    return next(one for one in report.townships if one.code == TOWN)


@pytest.fixture
def county(stage: Stage, tmp_path: Path) -> CountyElsewhere:
    county = CountyElsewhere(tmp_path / "county", stage)
    report = county.sync()
    assert [one.status for one in report.townships] == ["ok", "ok", "ok"], report
    assert line(report).new == 2
    return county


def test_only_a_changed_workbook_is_read_again(county: CountyElsewhere) -> None:
    still = county.sync()
    assert (still.run, [one.read for one in still.townships]) == (None, [False, False, False])
    county.put(0, 1, 2)
    changed = county.sync()
    assert ([one.read for one in changed.townships], line(changed).new) == ([True, False, False], 1)
    assert county.people == {number(0), number(1), number(2)}


@pytest.mark.parametrize("way", ["delete", "rename"])
def test_a_workbook_that_is_gone_is_told_and_its_rows_stand(county: CountyElsewhere, stage: Stage, way: str) -> None:
    getattr(stage, way)()
    report = county.sync()
    assert line(report).status in ("F28", "F45")
    assert line(report).message
    assert county.people == {number(0), number(1)}
    assert county.sync().run is None


@needs("remove_folder")
def test_a_folder_that_is_gone_takes_no_row_along(county: CountyElsewhere, stage: Stage) -> None:
    stage.remove_folder()  # type: ignore[attr-defined]
    assert line(county.sync()).status == "F28"
    assert county.people == {number(0), number(1)}


@needs("copy_beside", "lock", "unlock")
def test_a_copy_is_told_and_an_open_workbook_is_left_alone(county: CountyElsewhere, stage: Stage) -> None:
    stage.copy_beside()  # type: ignore[attr-defined]
    county.put(0, 1, 2)
    stage.lock()  # type: ignore[attr-defined]
    busy = county.sync()
    assert (line(busy).status, line(busy).read) == ("F27", False)
    assert county.people == {number(0), number(1)}
    stage.unlock()  # type: ignore[attr-defined]
    assert line(county.sync()).read
    assert county.told() == ["F34"]
    assert county.people == {number(0), number(1), number(2)}


@needs("go_down", "come_back")
@pytest.mark.parametrize("how", ["go_down", "go_silent"])
def test_a_place_that_is_away_is_told_once_in_time_and_the_others_go_on(
    county: CountyElsewhere, stage: Stage, how: str
) -> None:
    getattr(stage, how if hasattr(stage, how) else "go_down")()
    county.disk.write(HERE[0], workbook(HERE[0], [veteran(10), veteran(11)]))
    began = time.monotonic()
    report = county.sync()
    assert time.monotonic() - began < 60  # the look ends after LOOK_SECONDS; the rest is work on a busy machine
    assert line(report).status == "F41"
    assert line(report).message
    assert [one.new for one in report.townships if one.name == HERE[0]] == [1]
    assert county.people == {number(0), number(1)}
    assert county.told() == ["F41"]
    assert county.sync().run is None
    stage.come_back()  # type: ignore[attr-defined]
    county.put(0, 1, 2)
    assert line(county.sync()).status == "ok"
    assert county.told() == []
    assert county.people == {number(0), number(1), number(2)}


@needs("change_password")
def test_a_wrong_password_is_told_with_its_own_cure_and_quoted_nowhere(
    county: CountyElsewhere, stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    stage.change_password()  # type: ignore[attr-defined]
    report = county.sync()
    assert line(report).status == "F42"
    assert "账号" in line(report).message
    assert county.people == {number(0), number(1)}
    said = repr(report) + "".join(capfd.readouterr()) + repr(load_settings(county.disk.settings).settings)
    written = [path.read_bytes() for path in county.disk.folder.rglob("*") if path.is_file() and path.suffix != ".toml"]
    assert PASSWORD not in said
    assert all(PASSWORD.encode() not in text for text in written)

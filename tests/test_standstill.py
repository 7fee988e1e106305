"""A pass with nothing changed is over at the door; whatever its outcome depends on opens the door."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

import validators
import workbook_templates
from sync_service import door, watching
from sync_service.alone import alone
from sync_service.moments import moment
from sync_service.pipeline import RunReport, run
from sync_service.report_text import report_json, report_text
from sync_service.service.runner import Runner
from sync_service.service.unchanged import Unchanged
from sync_service.settings import load_settings
from sync_service.sources.naming import ENDINGS, matters
from sync_service.standstill import Standstill, look, note_of
from sync_service.store.records import Output
from sync_service.terminal import plain
from sync_service.watching import Watch, had_nothing_to_do, leave_note, watch_over
from tests.county import CountyOnDisk, make_county, number, veteran, workbook
from tests.simulated_clock import SimulatedClock

DOOR = "import sys; from sync_service.door import main; main()"
HEAVY = {
    "pydantic", "pydantic_settings", "sqlalchemy", "sqlite3", "openpyxl", "xlsxwriter", "python_calamine", "orjson", "typer",
    "rich", "filelock", "schedule", "typing", "pathlib", "dataclasses", "inspect", "sync_service.cli",
}  # fmt: skip
Change = Callable[[CountyOnDisk], object]


def now() -> datetime:
    return datetime.now().astimezone()


def begin(county: CountyOnDisk) -> Watch | None:
    return watch_over(county.setup, county.settings, time.time_ns(), now())


def attempt(county: CountyOnDisk) -> RunReport | None:
    """What one run reports, if it had nothing to do."""
    watch = begin(county)
    assert watch
    report = county.sync(watch.now)
    if not had_nothing_to_do(watch, county.setup, report):
        return None
    leave_note(watch, county.settings, report)
    return report


def come_to_rest(county: CountyOnDisk) -> RunReport:
    """Runs until there is nothing to do any more, and that is noted."""
    for _ in range(5):
        time.sleep(0.06)  # what the last run wrote becomes older than a tick of the clock of files
        if report := attempt(county):
            return report
    pytest.fail("it never comes to rest")


def never_rests(county: CountyOnDisk) -> bool:
    """Whether one run after the other finds something to do, although nothing changes."""
    for _ in range(3):
        time.sleep(0.06)
        if attempt(county):
            return False
    return True


def lasts(county: CountyOnDisk) -> bool:
    return Standstill.noted(str(county.settings)).lasts()


@pytest.fixture(scope="module", autouse=True)
def nothing_overridden() -> Iterator[None]:
    """The environment says nothing to the program; of the tests' own switches it knows nothing."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("TAIZHANG_")]:
            environment.delenv(name)
        yield


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> tuple[CountyOnDisk, RunReport]:
    """A county at rest, with everything that settings may name."""
    county = make_county(tmp_path_factory.mktemp("standstill") / "清河县")
    county.fill({"城关镇": [veteran(1), veteran(2)], "石桥镇": [veteran(3, village="火星村")]})
    text = county.settings.read_text("utf-8")
    for key, value in (("passwords", "账号.toml"), ("forms", "表单")):
        assert f'\n{key} = ""' in text
        text = text.replace(f'\n{key} = ""', f'\n{key} = "{value}"')
    county.settings.write_text(text, "utf-8")
    (county.folder / "表单").mkdir()
    (county.folder / "账号.toml").write_text("", "utf-8")
    return county, come_to_rest(county)


@pytest.fixture
def still(resting: tuple[CountyOnDisk, RunReport]) -> Iterator[CountyOnDisk]:
    """The same county, its standstill noted anew however the test before left it."""
    county, report = resting
    watch = begin(county)
    assert watch
    leave_note(watch, county.settings, report)
    assert lasts(county)
    yield county
    for leftover in county.folder.glob("上报/~$*"):
        leftover.unlink()


def same_size_later(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def same_size_and_time(path: Path) -> None:
    before = path.stat()
    same_size_later(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def settings_saved(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace("held_rows = 20", "held_rows = 21"), "utf-8")


def linked(path: Path) -> None:
    data = path.read_bytes()
    elsewhere = path.with_name("别处")
    elsewhere.write_bytes(data)
    path.unlink()
    path.symlink_to(elsewhere)


def swap(path: Path) -> None:
    """Puts a copy with the same content and time in the file's place, as bringing back a backup does."""
    copy = path.with_name("备份")
    copy.write_bytes(path.read_bytes())
    os.utime(copy, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    copy.replace(path)


def store_written(county: CountyOnDisk) -> None:
    with county.store() as store:
        store.published(Output("somebody", f"wrote at {time.time_ns()}", ""))


CHANGES: dict[str, Change] = {
    "a workbook was saved, its size the same": lambda county: same_size_later(county.book("城关镇")),
    "a workbook was saved, its size and time the same": lambda county: same_size_and_time(county.book("城关镇")),
    "a workbook came in another format": lambda county: county.write("石桥镇", workbook("石桥镇", []), ".ods"),
    "a copy came beside a workbook": lambda county: county.book("石桥镇").with_name("石桥镇(1).xlsx").touch(),
    "a workbook was opened": lambda county: county.book("柳林镇").with_name("~$柳林镇.xlsx").touch(),
    "a workbook was renamed": lambda county: county.book("石桥镇").rename(county.book("石桥镇旧")),
    "a workbook was deleted": lambda county: county.book("柳林镇").unlink(),
    "a link took a workbook's place": lambda county: linked(county.book("城关镇")),
    "the folder of the workbooks went away": lambda county: (county.folder / "上报").rename(county.folder / "上报旧"),
    "the master was saved": lambda county: same_size_later(county.master),
    "the master was moved away": lambda county: county.master.rename(county.folder / "别处.xlsx"),
    "a feedback was written into": lambda county: same_size_later(county.feedback("石桥镇")),
    "a feedback was deleted": lambda county: county.feedback("石桥镇").unlink(),
    "the settings were saved": lambda county: settings_saved(county.settings),
    "the accounts were saved": lambda county: (county.folder / "账号.toml").write_text("#", "utf-8"),
    "the accounts were opened to others": lambda county: (county.folder / "账号.toml").chmod(0o640),
    "a form of the county's own came": lambda county: (county.folder / "表单" / "x.toml").touch(),
    "another program wrote into the store": store_written,
    "another store was put in its place": lambda county: swap(county.folder / "taizhang.db"),
    "the store was deleted": lambda county: (county.folder / "taizhang.db").unlink(),
}

if os.name == "nt":  # rights stand elsewhere, links are for administrators, every time of a file can be set
    for posix in (
        "a workbook was saved, its size and time the same",
        "a link took a workbook's place",
        "the accounts were opened to others",
    ):
        del CHANGES[posix]


def test_a_store_that_another_program_holds_open_is_watched_with_what_it_has_not_written_home(
    still: CountyOnDisk,
) -> None:
    with still.store() as reader:
        reader.runs(1)
        assert lasts(still), "nobody has written anything"
        store_written(still)
        assert not lasts(still)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_is_over_as_soon_as_anything_changed_that_a_run_depends_on(still: CountyOnDisk, change: Change) -> None:
    time.sleep(0.02)
    change(still)
    assert not lasts(still)


def test_another_version_of_the_program_is_another_world(still: CountyOnDisk) -> None:
    watched = Standstill.noted(str(still.settings)).folders
    for module in (validators.__file__, workbook_templates.__file__, run.__code__.co_filename):
        assert ".py" in watched[str(Path(str(module)).parent)]
    assert ".toml" in watched[str(Path(str(workbook_templates.__file__)).parent / "forms")]


def test_it_ends_with_the_day_and_when_the_clock_was_set_back(still: CountyOnDisk) -> None:
    for name, value in (("day", f"{now() - timedelta(days=1):%Y-%m-%d}"), ("moment", time.time_ns() + 60 * 10**9)):
        noted = Standstill.noted(str(still.settings))
        setattr(noted, name, value)
        assert not noted.lasts()


@pytest.mark.parametrize("name", ["TAIZHANG_PERIOD", "taizhang_files__store", "TAIZHANG_PASSWORD_MASTER"])
def test_what_the_environment_says_is_not_overlooked(
    still: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "2026下半年")
    assert not lasts(still)


def test_every_file_that_matters_in_a_folder_of_workbooks_is_watched(tmp_path: Path) -> None:
    names = [f"城关镇{ending}" for ending in ENDINGS] + [
        "城关镇.XLSX",
        "~$城关镇.xlsx",
        ".~lock.城关镇.xlsx#",
        ".~城关镇",
    ]
    for name in (*names, "说明.txt"):
        (tmp_path / name).touch()
    assert all(map(matters, names))
    assert look([], {str(tmp_path): sorted(ENDINGS)}) == {
        str(tmp_path): {name: _stamp(tmp_path / name) for name in names}
    }


def _stamp(path: Path) -> list[int]:
    found = path.lstat()
    return [found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


Events = set[tuple[str, Path]]
_events: Events | None = None


def _listen(event: str, details: tuple[object, ...]) -> None:
    if _events is not None and event in {"open", "os.scandir", "sqlite3.connect"} and isinstance(details[0], str):
        _events.add((event, Path(details[0])))


sys.addaudithook(_listen)


@contextmanager
def heard() -> Iterator[Events]:
    """Which files are opened and folders are gone through meanwhile, in this process."""
    global _events
    events: Events = set()
    _events = events
    try:
        yield events
    finally:
        _events = None


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    county = make_county(tmp_path_factory.mktemp("lively") / "清河县")
    county.fill({"城关镇": [veteran(1), veteran(2)]})
    return county


@pytest.fixture
def county(lively: CountyOnDisk) -> CountyOnDisk:
    """A county at rest, in which things happen for real."""
    lively.write("石桥镇", workbook("石桥镇", [veteran(3, village="火星村")]))
    come_to_rest(lively)
    return lively


def test_a_run_with_nothing_to_do_reads_nothing_that_is_not_watched(county: CountyOnDisk) -> None:
    noted = Standstill.noted(str(county.settings))
    with heard() as events:
        setup = load_settings(county.settings)
        run(setup, setup.forms(), now())
    places = (county.folder, Path(str(workbook_templates.__file__)).parent)
    lock = {county.folder / ".taizhang.lock", county.folder / ".taizhang.lock.json"}
    read = {path for _, path in events if any(path.is_relative_to(place) for place in places)} - lock
    assert {county.settings, county.master, county.feedback("城关镇"), county.folder / "taizhang.db"} <= read

    def is_watched(path: Path) -> bool:
        endings = noted.folders.get(str(path.parent), ["?"])
        return str(path) in {*noted.files, *noted.folders} or path.name.endswith(tuple(endings))

    assert [path for path in read if not is_watched(path)] == []


def test_nothing_is_noted_after_a_run_that_did_something_or_while_anything_is_waited_for(county: CountyOnDisk) -> None:
    county.write("石桥镇", workbook("石桥镇", [veteran(4)]))
    assert attempt(county) is None, "it read and published"
    county.age(county.book("城关镇"), 30)
    come_to_rest(county)
    county.write("石桥镇", workbook("石桥镇", [veteran(4), veteran(6, name=None)]))
    county.age(county.book("石桥镇"), 30)
    assert never_rests(county), "somebody is still typing"
    county.age(county.book("石桥镇"))
    come_to_rest(county)
    owner = county.book("石桥镇").with_name("~$石桥镇.xlsx")
    owner.touch()
    county.age(owner, 3600)
    assert never_rests(county), "a workbook is open, and counts as closed after some hours"
    owner.unlink()
    come_to_rest(county)
    watch = begin(county)
    assert watch
    report = county.sync(watch.now, full=True)
    assert not had_nothing_to_do(watch, county.setup, report), "it read everything"
    county.feedback("城关镇").write_bytes(b"somebody's own")
    county.age(county.feedback("城关镇"))
    assert never_rests(county), "somebody has to be told each time"
    county.feedback("城关镇").unlink()
    come_to_rest(county)
    county.age(county.master, -5)
    assert attempt(county) is None, "by its time it may be changed once more unseen"


def test_a_workbook_that_cannot_be_taken_over_keeps_nothing_from_resting(county: CountyOnDisk) -> None:
    county.write("石桥镇", workbook("城关镇", [veteran(4)]))
    county.age(county.book("石桥镇"))
    report = come_to_rest(county)
    assert [line.status for line in report.townships if line.name == "石桥镇"] == ["F31"]


def test_a_time_in_whole_seconds_is_not_believed_before_it_is_old(county: CountyOnDisk) -> None:
    for fraction, believed in ((0, False), (1, True)):
        second = int(time.time() - 0.1) * 10**9 + fraction
        os.utime(county.master, ns=(second, second))
        watch = begin(county)
        assert watch
        report = county.sync(watch.now)
        assert had_nothing_to_do(watch, county.setup, report) is believed


def test_nothing_is_noted_of_what_cannot_be_watched(county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert begin(county)
    monkeypatch.setenv("TAIZHANG_PERIOD", county.setup.settings.period)
    assert begin(county) is None
    monkeypatch.delenv("TAIZHANG_PERIOD")
    text = county.settings.read_text("utf-8")
    for here, elsewhere in (
        ("上报/石桥镇.xlsx", "webdavs://dav.example.cn/石桥镇.xlsx"),
        ("taizhang.db", "postgresql+psycopg://somebody@localhost/taizhang"),
    ):
        assert here in text
        county.settings.write_text(text.replace(here, elsewhere), "utf-8")
        assert begin(county) is None
    county.settings.write_text(text, "utf-8")


def test_a_share_that_hangs_is_waited_for_and_told_of_by_the_program_alone(
    still: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hanging, listdir = str(still.folder / "反馈"), os.listdir

    def late(folder: str) -> list[str]:
        if folder == hanging:
            time.sleep(5)
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", late)
    monkeypatch.setattr(watching, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(door, "PATIENCE", 0.2)
    assert begin(still) is None
    still.settings.rename(still.folder / "moved.toml")
    monkeypatch.setattr(sys, "argv", ["taizhang", "sync", "--county", str(still.settings)])
    began = time.monotonic()
    with pytest.raises(SystemExit):
        door.main()
    assert time.monotonic() - began < 4
    assert "找不到设置文件" in capsys.readouterr().err
    (still.folder / "moved.toml").rename(still.settings)


def test_a_file_changed_while_a_run_was_at_work_is_not_taken_for_what_the_run_saw(county: CountyOnDisk) -> None:
    watch = begin(county)
    assert watch
    report = county.sync(watch.now)
    county.write("石桥镇", workbook("石桥镇", [veteran(5)]))
    assert not had_nothing_to_do(watch, county.setup, report)


def at_the_door(folder: Path, *words: str) -> tuple[int, str, list[str]]:
    """The exit code of a sync, what it printed, and which of the heavy modules it loaded."""
    last = f"import atexit, sys; atexit.register(lambda: print(*({HEAVY!r} & sys.modules.keys()), file=sys.stderr)); "
    done = subprocess.run(
        [sys.executable, "-c", last + DOOR, "sync", *words], capture_output=True, text=True, encoding="utf-8", check=False,
        cwd=folder, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr.split()


def test_a_pass_with_nothing_changed_says_what_a_run_says_and_loads_nothing_heavy(county: CountyOnDisk) -> None:
    report = come_to_rest(county)
    code, said, loaded = at_the_door(county.folder)
    assert (code, said, loaded) == (1, plain(report_text(report)) + "\n", [])
    code, said, loaded = at_the_door(county.folder / "上报", "--county=../county.toml", "--json")
    at = json.loads(said)["at"]
    assert (code, said, loaded) == (1, report_json(replace(report, at=at)) + "\n", [])
    assert report.at <= at <= moment(now())
    county.book("石桥镇").unlink()
    code, said, loaded = at_the_door(county.folder)
    assert code == 2
    assert "没有找到" in said
    assert "sqlalchemy" in loaded


def test_what_is_noted_is_for_its_owner_alone_and_another_that_lies_there_does_no_harm(county: CountyOnDisk) -> None:
    note = Path(note_of(str(county.settings)))
    assert os.name == "nt" or note.stat().st_mode & 0o077 == 0
    for content in (b"", b"[]", b"{}", note.read_bytes()[:-9], b"\xff"):
        note.write_bytes(content)
        with pytest.raises((OSError, ValueError, TypeError)):
            lasts(county)


CODES = ("990101001", "990101002", "990101003")


def one_pass(county: CountyOnDisk, unchanged: Unchanged) -> None:
    watch = unchanged.watch(now())
    unchanged.learn(CODES, watch, run(county.setup, county.forms, now(), among=CODES))


@pytest.fixture
def unchanged(county: CountyOnDisk) -> Unchanged:
    """What the service knows after its passes have come to have nothing to do."""
    known = Unchanged(county.setup, county.settings)
    one_pass(county, known)
    return known


def test_the_service_knows_a_pass_that_had_nothing_to_do_until_anything_changes(
    county: CountyOnDisk, unchanged: Unchanged
) -> None:
    assert unchanged.report(CODES, now())
    assert unchanged.report(CODES[:2], now()) is None
    assert unchanged.report(CODES, now() + timedelta(days=1)) is None
    county.write("石桥镇", workbook("石桥镇", [veteran(5)]))
    assert unchanged.report(CODES, now()) is None


def test_what_the_service_itself_notes_in_the_store_is_no_change_but_all_else_is(
    county: CountyOnDisk, unchanged: Unchanged
) -> None:
    for _ in range(2):
        with unchanged.writing():
            store_written(county)
        assert unchanged.report(CODES, now())
    with unchanged.writing():
        store_written(county)
        county.write("石桥镇", workbook("石桥镇", [veteran(5)]))
    assert unchanged.report(CODES, now()) is None


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_another_run_writes_is_not_taken_for_the_services_own(
    county: CountyOnDisk, unchanged: Unchanged, when: str
) -> None:
    if when == "before":
        store_written(county)
        with unchanged.writing():
            store_written(county)
    else:
        with alone(county.folder), unchanged.writing():
            store_written(county)
    assert unchanged.report(CODES, now()) is None


def test_a_pass_that_is_not_made_is_kept_in_the_store_as_any_other(county: CountyOnDisk) -> None:
    clock = SimulatedClock()
    service = Runner(county.settings, clock, Random(1))

    def looks() -> bool:
        """Whether the next pass looks at the workbooks."""
        time.sleep(0.06)
        clock.sleep(60)
        with heard() as events:
            service.tick()
        with county.store() as store:
            assert {pull.looked_at for pull in store.pulls().values()} == {moment(clock.now())}
        return ("os.scandir", county.folder / "上报") in events

    assert [looks() for _ in range(6)] == [True, True, False, False, False, False]
    county.write("石桥镇", workbook("石桥镇", [veteran(5)]))
    assert looks()
    assert ("990101002", number(5)) in county.veterans()

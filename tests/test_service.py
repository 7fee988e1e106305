"""The service in a county on disk, its clock simulated; as a process where it is about processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from random import Random

import openpyxl
import orjson
import pytest

from sync_service.alone import alone, holder
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.service.log import Log
from sync_service.service.plan import service_lock
from sync_service.service.runner import Runner
from sync_service.sources.worker import Worker
from sync_service.store import Store
from sync_service.store.pulls import Night, Pull
from tests.county import CountyOnDisk, make_county, number, veteran, workbook
from tests.ports import free_port
from tests.program import STARTED_ANEW
from tests.simulated_clock import SUNDAY, SimulatedClock

SECONDS = 60


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    made = make_county(tmp_path / "清河县")
    made.fill({"城关镇": [veteran(1), veteran(2)]})
    return made


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


def runner(county: CountyOnDisk, clock: SimulatedClock) -> Runner:
    return Runner(county.settings, clock, Random(1))


def set_up(county: CountyOnDisk, old: str, new: str) -> None:
    text = county.settings.read_text("utf-8")
    assert old in text
    county.settings.write_text(text.replace(old, new), "utf-8")


def log(county: CountyOnDisk, event: str = "") -> list[dict[str, object]]:
    lines = (county.folder / "运行记录.jsonl").read_bytes().splitlines()
    return [line for line in map(orjson.loads, lines) if event in ("", line["event"])]


def nights(county: CountyOnDisk) -> list[str]:
    """The days of the nights that were gone through whole, oldest first, as the log tells."""
    return [str(line["night"]) for line in log(county, "night") if not line["undone"]]


def pull(county: CountyOnDisk, township: str) -> Pull:
    with county.store() as store:
        return store.pulls()[township]


def test_it_pulls_in_its_interval_and_reads_only_what_changed(county: CountyOnDisk, clock: SimulatedClock) -> None:
    service = runner(county, clock)
    clock.live(service, minutes=5)
    county.write("石桥镇", workbook("石桥镇", [veteran(3)]))
    clock.live(service, minutes=5)
    assert [line["read"] for line in log(county, "round")] == [3, 1]
    assert ("990101002", number(3)) in county.veterans()
    assert clock.passed == 600
    assert pull(county, "990101002").reached_at == moment(SUNDAY + timedelta(minutes=9))


def test_nights_are_made_one_a_day_and_one_that_was_missed_is_made_up_once(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    set_up(county, "local_seconds = 60", "local_seconds = 7200")
    clock.live(runner(county, clock), hours=1)
    assert nights(county) == ["2026-11-22"]
    clock.live(runner(county, clock), days=1)
    clock.sleep(3 * 86_400)  # the PC is off
    service = runner(county, clock)
    service.tick()
    assert nights(county)[2:] == ["2026-11-26"]
    clock.live(service, hours=12)
    clock.live(runner(county, clock), hours=12)
    assert nights(county)[2:] == ["2026-11-26", "2026-11-27"]
    with county.store() as store:
        assert {night.undone for night in store.nights()} == {""}


def test_setting_the_clock_back_or_forward_neither_doubles_nor_loses_a_night(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    set_up(county, "local_seconds = 60", "local_seconds = 7200")
    service = runner(county, clock)
    clock.live(service, hours=17)  # the 23rd, 03:00
    clock.set(clock.at - timedelta(hours=5))
    clock.live(service, hours=6)
    assert nights(county) == ["2026-11-22", "2026-11-23"]
    clock.set(datetime(2026, 11, 24, 1, 30).astimezone())
    clock.live(service, minutes=20)
    clock.set(datetime(2026, 11, 24, 3).astimezone())  # jumps over the hour
    clock.live(service, minutes=20)
    assert nights(county) == ["2026-11-22", "2026-11-23", "2026-11-24"]
    looked = pull(county, "990101001").looked_at
    clock.set(clock.at - timedelta(days=400))
    clock.live(service, hours=3)
    assert pull(county, "990101001").looked_at < looked  # it pulls on
    assert nights(county)[3:] == ["2025-10-20"]


def test_a_place_that_is_down_is_tried_ever_more_rarely_while_the_others_go_on(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    address = f"webdav://127.0.0.1:{free_port()}/石桥镇.xlsx"
    set_up(county, 'workbook = "上报/石桥镇.xlsx"', f'workbook = "{address}"')
    set_up(county, "remote_seconds = 300", "remote_seconds = 60")
    service = runner(county, clock)
    clock.live(service, minutes=8)
    down, up = pull(county, "990101002"), pull(county, "990101001")
    assert (down.status, down.failing_since, down.reached_at) == (
        "F41",
        up.looked_at[:10] + down.failing_since[10:],
        "",
    )
    assert 2 <= down.failures <= 4
    assert down.next_at > up.next_at
    assert up.status == "ok"
    assert [line["township"] for line in log(county, "failing")] == ["990101002"]
    set_up(county, f'workbook = "{address}"', 'workbook = "上报/石桥镇.xlsx"')
    clock.live(service, minutes=5)
    assert [line["township"] for line in log(county, "recovered")] == ["990101002"]
    assert pull(county, "990101002")[3:6] == ("ok", 0, "")


def test_a_store_that_cannot_be_used_is_told_once_and_mended_by_itself(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    set_up(county, "local_seconds = 60", "local_seconds = 1800")
    service = runner(county, clock)
    store = county.folder / "taizhang.db"
    store.write_bytes(b"no database " * 1000)
    clock.live(service, hours=2)
    assert [line["kind"] for line in log(county, "pass_failed")] == ["StoreError"]
    store.unlink()
    clock.live(service, hours=2)
    assert "pass_failed" not in {line["event"] for line in log(county)[-2:]}
    assert nights(county) == ["2026-11-22"]
    assert ("990101001", number(1)) in county.veterans()


def test_a_step_of_a_night_that_fails_keeps_the_others_from_nothing_and_is_tried_again(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    set_up(county, "local_seconds = 60", "local_seconds = 1800")
    barred = county.folder / "备份"
    barred.write_text("in the way", "utf-8")
    service = runner(county, clock)
    clock.live(service, minutes=20)
    with county.store() as store:
        assert [(one.night, one.undone) for one in store.nights()] == [("2026-11-22", "backup")]
    assert county.veterans()
    barred.unlink()
    clock.live(service, hours=1)
    assert nights(county) == ["2026-11-22"]
    assert len(list(barred.glob("*.zip"))) == 1


def test_new_settings_are_followed_and_unusable_ones_are_told_and_waited_out(
    county: CountyOnDisk, clock: SimulatedClock
) -> None:
    service = runner(county, clock)
    clock.live(service, minutes=2)
    good = county.settings.read_text("utf-8")
    county.settings.write_text(good.replace('night = "02:00"', 'night = "half past"'), "utf-8")
    clock.live(service, minutes=5)
    (told,) = log(county, "settings_failed")
    assert "half past" in str(told["words"])
    county.settings.write_text(good.replace("local_seconds = 60", "local_seconds = 3600"), "utf-8")
    assert pull(county, "990101001").looked_at > str(told["at"])  # it went on meanwhile
    clock.live(service, minutes=5)
    assert len(log(county, "settings")) == 1
    assert service.tick() > 60


def test_what_is_remembered_is_kept_by_every_database(store: Store) -> None:
    first = Pull("990101001", "2026-11-22T10:00:00Z", "", "F41", 1, "2026-11-22T10:00:00Z", "2026-11-22T10:02:00Z")
    store.pulled([first, first._replace(township="990101002")])
    store.pulled([first._replace(failures=2)])
    assert {code: one.failures for code, one in store.pulls().items()} == {"990101001": 2, "990101002": 1}
    for night in ("2026-11-22", "2026-11-23", "2027-11-23"):
        store.night_done(Night(night, "2026-11-23T02:00:00Z", "backup"))
    store.night_done(Night("2026-11-23", "2026-11-23T03:00:00Z", ""))
    assert [(one.night, one.undone) for one in store.nights()] == [("2026-11-23", ""), ("2026-11-22", "backup")]


def test_nothing_personal_comes_into_the_log(county: CountyOnDisk, clock: SimulatedClock) -> None:
    rows = [
        veteran(1),
        veteran(2, phone="13812345"),
        veteran(3, id_number=number(3)[:17] + "?"),
        veteran(4, ethnicity="火星族"),
    ]
    county.fill({"城关镇": rows, "石桥镇": rows})
    service = runner(county, clock)
    clock.live(service, minutes=3)
    county.book("城关镇").write_bytes(b"broken")
    clock.live(service, minutes=3)
    text = (county.folder / "运行记录.jsonl").read_text("utf-8")
    marked = {str(row[name]) for row in rows for name in ("name", "id_number", "phone")}
    assert not [value for value in marked if value in text]
    assert {line["event"] for line in log(county)} >= {"round", "failing", "night"}


def test_of_an_unforeseen_error_the_log_has_its_kind_and_its_place_but_not_its_words(tmp_path: Path) -> None:
    journal = Log(tmp_path / "log.jsonl", 10**6, 2, console=False)
    try:
        Pull(*["王一东 990101199001010011"] * 99)  # type: ignore[arg-type]
        int("王一东 990101199001010011")
    except (TypeError, ValueError) as error:
        journal.failed("pass_failed", "这一次没有读成", error, SUNDAY)
    try:
        service_lock(None)  # type: ignore[arg-type]
    except AttributeError as error:
        journal.failed("pass_failed", "这一次没有读成", error, SUNDAY)
    first, second = map(orjson.loads, (tmp_path / "log.jsonl").read_bytes().splitlines())
    assert "王" not in orjson.dumps(first).decode()
    assert (first["kind"], second["kind"]) == ("TypeError", "AttributeError")
    assert second["where"].startswith("sync_service/service/plan.py:")


def test_the_log_takes_turns_and_is_its_owners_alone(tmp_path: Path) -> None:
    journal = Log(tmp_path / "log.jsonl", 1000, 3, console=False)
    for n in range(200):
        journal.tell("round", f"第 {n} 行", SUNDAY, round=str(n))
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["log.jsonl", "log.jsonl.1", "log.jsonl.2", "log.jsonl.3"]
    assert all(file.stat().st_size <= 1000 and file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert orjson.loads(files[0].read_bytes().splitlines()[-1])["round"] == "199"


@contextmanager
def running(county: CountyOnDisk) -> Iterator[subprocess.Popen[str]]:
    """`taizhang run` as a process of its own, once it lives."""
    command = [sys.executable, "-c", STARTED_ANEW, "run", "--county", str(county.settings)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment) as process:
        try:
            while (alive := holder(service_lock(county.setup))) is None or alive.pid != process.pid:
                assert process.poll() is None
                time.sleep(0.05)
            yield process
        finally:
            process.kill()


def test_a_second_service_is_refused_and_a_killed_one_leaves_nothing_that_bars_the_next(
    county: CountyOnDisk, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = service_lock(county.setup)
    with running(county) as process:
        alive = holder(lock)
        assert alive
        assert alive.pid == process.pid
        monkeypatch.setattr("sync_service.service.runner.LOCK_PATIENCE", 0)
        with pytest.raises(TaizhangError, match=f"已经有一个 taizhang run 在运行（进程号 {process.pid}"):
            Runner(county.settings, clock).run()
        process.send_signal(signal.SIGKILL)
        process.wait(SECONDS)
    assert holder(lock) is None
    with running(county) as process:
        while not log(county, "night"):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        assert "已停止" in said
    with county.store() as store:
        assert len(store.nights()) == 1
    assert [line["event"] for line in log(county)].count("started") == 2


@pytest.mark.parametrize("method", [name for name in ("fork", "spawn") if name in get_all_start_methods()])
def test_the_processes_of_a_service_last_and_publish_every_change(
    county: CountyOnDisk, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr("sync_service.sources.worker._STARTING", get_context(method))
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker())
        return started[-1]

    monkeypatch.setattr("sync_service.sources.crew.Worker", start)
    service = runner(county, clock)
    clock.sleep(service.tick())
    night, jobs = len(started), county.setup.settings.limits.jobs
    for rows in range(3, 8):
        county.fill({"城关镇": [veteran(n) for n in range(1, rows)]})
        clock.sleep(600)
        service.tick()
        master = openpyxl.load_workbook(county.folder / "县级总台账.xlsx", read_only=True)["退役军人"]
        assert [row[0] for row in master.iter_rows(min_row=3, values_only=True)].count("城关镇") == rows - 1
    service.close()
    assert night == jobs
    assert len(started) == night + jobs
    assert not log(county, "pass_failed")


def test_who_has_to_wait_for_a_run_waits_a_little_and_is_told_who_is_at_work(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(TaizhangError, match=f"进程号 {os.getpid()}"), alone(tmp_path, 0.1):
        pass
    with alone(tmp_path):
        pass
    assert not list(tmp_path.glob("*.json"))

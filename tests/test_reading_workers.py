"""What runs in a worker can fail in every way without harming its caller."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from sync_service.sources.base import Limits
from sync_service.sources.crew import Crew, run_all
from sync_service.sources.worker import Failure, WorkerError, refusal
from workbook_templates.form import Forms, load_forms

LIMITS = Limits(seconds=30)


def double(number: int) -> int:
    return 2 * number


def wait_for_ever(number: int) -> int:
    if number == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    return number


def abort(number: int) -> int:
    if number == 0:
        os.abort()
    return number


def leave(number: int) -> int:
    if number == 0:
        os._exit(3)
    return number


def swallow(megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


def starve_like_rust() -> None:
    os.write(2, b"memory allocation of 25769803776 bytes failed\n")
    os.abort()


class Panic(BaseException):
    """As pyo3's PanicException, no Exception."""


def panic() -> None:
    raise Panic


def stumble(secret: str) -> None:
    raise KeyError(secret)


def big() -> bytes:
    return bytes(5_000_000)


def mark(folder: Path, name: str) -> None:
    (folder / f"{name}.began").touch()
    time.sleep(0.3)
    (folder / f"{name}.ended").touch()


def test_each_call_gives_its_result_with_its_number() -> None:
    assert dict(run_all(double, [(n,) for n in range(5)], LIMITS)) == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


def test_no_calls_give_nothing() -> None:
    assert list(run_all(double, [], LIMITS)) == []


def test_a_result_larger_than_a_pipe_arrives_whole() -> None:
    assert list(run_all(big, [()], LIMITS)) == [(0, bytes(5_000_000))]


def test_what_is_done_first_is_handed_over_first() -> None:
    results = run_all(wait_for_ever, [(0,), (1,), (2,)], Limits(seconds=3))
    assert [next(results), next(results), next(results)] == [(1, 1), (2, 2), (0, Failure("time"))]


def test_a_call_that_takes_too_long_is_killed_and_the_others_go_on() -> None:
    began = time.monotonic()
    assert dict(run_all(wait_for_ever, [(0,), (1,)], Limits(seconds=0.5), jobs=1)) == {0: Failure("time"), 1: 1}
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("dying", [abort, leave])
def test_a_call_that_takes_its_process_down_takes_nothing_else_along(dying: object) -> None:
    assert callable(dying)
    assert dict(run_all(dying, [(0,), (1,), (2,)], LIMITS)) == {0: Failure("crash"), 1: 1, 2: 2}


def test_a_panic_of_a_library_is_a_crash() -> None:
    assert list(run_all(panic, [()], LIMITS)) == [(0, Failure("crash"))]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_a_call_that_wants_too_much_memory_fails_alone() -> None:
    calls = [(150,), (1,)]
    found = dict(run_all(swallow, calls, Limits(seconds=30, memory_mb=100)))
    assert found == {0: Failure("memory"), 1: 2**20}
    assert dict(run_all(swallow, calls, Limits(seconds=30, memory_mb=500))) == {0: 150 * 2**20, 1: 2**20}


def test_an_abort_for_want_of_memory_is_told_from_other_aborts(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(run_all(starve_like_rust, [()], LIMITS)) == [(0, Failure("memory"))]
    assert capfd.readouterr().err == ""


def test_a_fault_of_ours_is_raised_with_its_place_but_without_what_it_quotes() -> None:
    with pytest.raises(WorkerError) as caught:
        list(run_all(stumble, [("某某 990101198503120014",)], LIMITS))
    assert "in stumble" in str(caught.value)
    assert "KeyError" in str(caught.value)
    assert "990101198503120014" not in str(caught.value)


def test_no_more_calls_run_at_a_time_than_allowed(tmp_path: Path) -> None:
    for _ in run_all(mark, [(tmp_path, str(n)) for n in range(3)], LIMITS, jobs=1):
        began, ended = (len(list(tmp_path.glob(f"*.{what}"))) for what in ("began", "ended"))
        assert began == ended


def note_and_wait(folder: Path) -> None:
    (folder / "pid").write_text(f"{os.getpid()}")
    time.sleep(600)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_written(path: Path) -> int:
    for _ in range(200):
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError("the worker never began")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from sync_service.sources.base import Limits;"
        "from sync_service.sources.crew import run_all; from tests.test_reading_workers import note_and_wait;"
        f"list(run_all(note_and_wait, [(Path({str(tmp_path)!r}),)], Limits()))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parent.parent)
    try:
        worker = wait_until_written(tmp_path / "pid")
        assert alive(worker)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    for _ in range(100):
        if not alive(worker):
            return
        time.sleep(0.05)
    raise AssertionError("the worker lives on")


def wait_for_another(folder: Path, number: int) -> None:
    if number == 0:
        wait_until_written(folder / "pid")
    else:
        note_and_wait(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_when_nobody_wants_their_results_any_more(tmp_path: Path) -> None:
    results = run_all(wait_for_another, [(tmp_path, 0), (tmp_path, 1)], LIMITS)
    next(results)
    worker = wait_until_written(tmp_path / "pid")
    assert alive(worker)
    results.close()  # type: ignore[attr-defined]
    assert not alive(worker)


def own_process(number: int) -> int:
    del number
    return os.getpid()


def test_calls_share_as_many_processes_as_may_run_at_a_time() -> None:
    processes = dict(run_all(own_process, [(n,) for n in range(6)], LIMITS, jobs=2)).values()
    assert len({*processes}) == 2
    assert os.getpid() not in processes


def test_a_process_that_dies_between_two_calls_costs_none_of_them() -> None:
    results = run_all(own_process, [(n,) for n in range(3)], LIMITS, jobs=1)
    _, first = next(results)
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)
    (_, second), (_, third) = results
    assert second == third != first


_left: list[bytearray] = []


def leave_behind(megabytes: int) -> int:
    _left.append(bytearray(megabytes * 2**20))
    return os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_what_calls_leave_in_memory_starves_no_later_one() -> None:
    limits = Limits(seconds=30, memory_mb=100)
    processes = [process for _, process in run_all(leave_behind, [(70,)] * 5, limits, jobs=1)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [2, 2, 1]


class Counted:
    """What tells how often it was sent."""

    def __init__(self, times: int = 0) -> None:
        self.times = times

    def __reduce__(self) -> tuple[object, ...]:
        self.times += 1
        return Counted, (self.times,)


def sent(thing: Counted, number: int) -> tuple[int, int]:
    return number, thing.times


def test_what_is_bound_to_the_function_is_not_sent_with_each_call() -> None:
    thing = Counted()
    outcomes = [outcome for _, outcome in run_all(partial(sent, thing), [(n,) for n in range(9)], LIMITS, jobs=1)]
    assert outcomes == [(n, 1) for n in range(9)]
    assert thing.times == 1


def processes_of(crew: Crew, jobs: int = 2) -> set[int]:
    """The processes that do the next calls."""
    found = [outcome for _, outcome in crew.run_all(own_process, [(n,) for n in range(jobs)], LIMITS, jobs)]
    return {process for process in found if isinstance(process, int)}


def test_a_crew_does_one_function_after_the_other_with_the_same_processes() -> None:
    with Crew() as crew, crew.shift(2):
        first = processes_of(crew)
        assert [*crew.run_all(double, [(n,) for n in range(4)], LIMITS)]
        assert dict(crew.run_all(big, [()], LIMITS)) == {0: bytes(5_000_000)}
        assert processes_of(crew) == first
        assert len(first) == 2


def test_only_processes_that_were_there_when_a_shift_began_outlast_it() -> None:
    with Crew() as crew:
        with crew.shift(1):
            during = processes_of(crew, 3)
        with crew.shift(1):
            after = processes_of(crew, 1)
        assert len(during) == 3
        assert after < during


def test_a_process_that_died_in_a_shift_is_made_up_for_in_the_next() -> None:
    with Crew() as crew:
        with crew.shift(1):
            assert dict(crew.run_all(abort, [(0,)], LIMITS, 1)) == {0: Failure("crash")}
            during = processes_of(crew, 1)
        with crew.shift(1):
            lasting = processes_of(crew, 1)
        with crew.shift(1):
            assert processes_of(crew, 1) == lasting
        assert lasting != during


def test_a_process_that_did_many_calls_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_service.sources.crew.CALLS", 3)
    with Crew() as crew, crew.shift(1):
        processes = [process for _, process in crew.run_all(own_process, [(n,) for n in range(7)], LIMITS, 1)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [3, 3, 1]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("forgotten", [False, True])
def test_a_crew_that_is_closed_or_forgotten_leaves_no_process(forgotten: bool) -> None:
    crew = Crew()
    with crew.shift(2):
        processes = processes_of(crew)
    assert all(map(alive, processes))
    if not forgotten:
        crew.close()
    del crew
    assert not any(map(alive, processes))


def seen(forms: Forms) -> tuple[list[str], int]:
    return [form.title for form in forms.values()], id(forms)


def test_forms_that_a_process_has_already_are_not_made_again() -> None:
    with Crew() as crew, crew.shift(1):
        first, second = ([*crew.run_all(partial(seen, load_forms()), [()], LIMITS, 1)] for _ in range(2))
    assert first == second
    ((_, outcome),) = first
    assert not isinstance(outcome, Failure)
    assert outcome[0] == [form.title for form in load_forms().values()]


def test_each_failure_tells_the_clerk_what_is_the_matter() -> None:
    limits = Limits(seconds=60, memory_mb=512)
    told = [refusal(Failure(kind), "a.xlsx", limits) for kind in ("time", "memory", "crash")]
    assert [found.code for found in told] == ["F30", "F30", "F32"]
    assert "超过 60 秒" in told[0].message
    assert "512 MB" in told[1].message

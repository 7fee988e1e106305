"""Laws of publishing: what lies there is never harmed."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from sync_service.feedback import write_feedback
from sync_service.publish import Prepared, Published, beside, digest_of, discard, install, obstacle, prepare, unmade
from validators.problems import problem
from validators.raw import RawBook, RawSheet
from workbook_templates.form import load_forms
from workbook_templates.place import County, Township

OLD, NEW, NEWER = b"old " * 50_000, b"new " * 50_000, b"newer" * 50_000


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _prepare(path: Path, content: bytes) -> Prepared:
    def write(target: Path) -> None:
        target.write_bytes(content)

    return prepare(path, write)


def _put(path: Path, content: bytes, *known: bytes) -> Published:
    """Publishes `content`, when files with the contents `known` were published there before."""
    return install(_prepare(path, content), [_digest(one) for one in known])


def _opened(path: Path) -> Path:
    """The owner file of somebody who has `path` open."""
    owner = path.with_name(f"~${path.name}")
    owner.write_text("somebody")
    return owner


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return tmp_path / "县级总台账.xlsx"


def test_what_was_published_is_replaced_by_what_is_new(master: Path) -> None:
    _put(master, OLD)
    second = _put(master, NEW, OLD)
    assert (second.settled, second.path, master.read_bytes()) == (True, master, NEW)
    assert _names(master.parent) == [master.name]


def test_equal_bytes_leave_the_file_untouched(master: Path) -> None:
    _put(master, OLD)
    before = master.stat()
    assert _put(master, OLD, OLD).settled
    assert (master.stat().st_mtime_ns, master.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_that_somebody_saved_since_is_never_overwritten_and_the_new_one_lies_beside(master: Path) -> None:
    _put(master, OLD)
    master.write_bytes(b"her work")
    done = _put(master, NEW, OLD)
    assert master.read_bytes() == b"her work"
    assert beside(master).read_bytes() == NEW
    assert (done.path, done.settled) == (beside(master), False)
    assert "保存过" in done.message
    assert "县级总台账（新）.xlsx" in done.message


def test_a_file_that_we_never_published_is_never_overwritten(master: Path) -> None:
    master.write_bytes(b"somebody else's")
    assert not _put(master, NEW).settled
    assert master.read_bytes() == b"somebody else's"


@pytest.mark.parametrize("owner", ["~$县级总台账.xlsx", ".~lock.县级总台账.xlsx#", ".~县级总台账.xlsx"])
def test_a_file_that_is_open_is_never_overwritten_and_is_replaced_once_closed(master: Path, owner: str) -> None:
    _put(master, OLD)
    (master.parent / owner).write_text("somebody")
    held = _put(master, NEW, OLD)
    assert (master.read_bytes(), beside(master).read_bytes()) == (OLD, NEW)
    assert "开着" in held.message
    assert owner in held.message
    (master.parent / owner).unlink()
    assert _put(master, NEWER, OLD).settled
    assert master.read_bytes() == NEWER
    assert not beside(master).exists()


def test_the_owner_file_of_a_workbook_that_is_gone_does_not_hinder(master: Path) -> None:
    (master.parent / "~$县级总台账.xlsx").write_text("somebody")
    assert _put(master, NEW).settled


def test_a_file_moved_away_frees_the_way(master: Path) -> None:
    _put(master, OLD)
    master.write_bytes(b"her work")
    _put(master, NEW, OLD)
    master.rename(master.with_name("她的.xlsx"))
    assert _put(master, NEW, OLD).settled
    assert master.read_bytes() == NEW
    assert not beside(master).exists()


def test_a_file_put_back_as_it_was_frees_the_way(master: Path) -> None:
    _put(master, OLD)
    master.write_bytes(b"her work")
    assert obstacle(master, [_digest(OLD)])
    master.write_bytes(OLD)
    assert not obstacle(master, [_digest(OLD)])
    assert _put(master, NEW, OLD).settled


def test_the_waiting_file_is_renewed_each_time(master: Path) -> None:
    master.write_bytes(b"her work")
    _put(master, NEW)
    _put(master, NEWER)
    assert beside(master).read_bytes() == NEWER


def test_with_both_open_nothing_is_overwritten_and_the_message_says_so(master: Path) -> None:
    _put(master, OLD)
    _opened(master)
    _put(master, NEW, OLD)
    _opened(beside(master))
    done = _put(master, NEWER, OLD)
    assert (master.read_bytes(), beside(master).read_bytes()) == (OLD, NEW)
    assert done.path is None
    assert "都关闭" in done.message
    assert unmade(master, None, [_digest(OLD)]) == done, "making it would have been in vain"


def test_an_open_waiting_file_is_not_taken_away(master: Path) -> None:
    master.write_bytes(b"her work")
    _put(master, NEW)
    _opened(beside(master))
    master.unlink()
    assert _put(master, NEWER).settled
    assert beside(master).read_bytes() == NEW


def test_the_very_bytes_count_as_published_whoever_put_them_there(master: Path) -> None:
    master.write_bytes(NEW)
    before = master.stat()
    assert _put(master, NEW, OLD).settled
    assert master.stat().st_ino == before.st_ino
    assert _names(master.parent) == [master.name]


def test_no_change_escapes_a_digest_not_even_one_that_leaves_size_and_time_as_they_were(
    master: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_service.publish._RESTED", 0)  # nobody waits here for a file to come to rest
    master.write_bytes(OLD)
    mark = master.stat()
    assert digest_of(master) == digest_of(master) == _digest(OLD)
    time.sleep(0.02)  # the clock of the file system moves on
    master.write_bytes(NEW)
    os.utime(master, ns=(mark.st_atime_ns, mark.st_mtime_ns))
    assert digest_of(master) == _digest(NEW)


def test_any_of_the_known_files_may_be_replaced(master: Path) -> None:
    for lying in (OLD, NEW):
        master.write_bytes(lying)
        assert _put(master, NEWER, OLD, NEW).settled
        assert master.read_bytes() == NEWER


def test_a_prepared_file_touches_nothing_until_it_is_installed(master: Path) -> None:
    _put(master, OLD)
    prepared = _prepare(master, NEW)
    assert master.read_bytes() == OLD
    assert prepared.digest == _digest(NEW)
    discard(prepared)
    assert _names(master.parent) == [master.name]


def test_a_file_that_waits_beside_need_not_be_made_again(master: Path) -> None:
    master.write_bytes(b"her work")
    held = _put(master, NEW, OLD)
    assert unmade(master, _digest(NEW), [_digest(OLD)]) == held
    assert unmade(master, _digest(NEWER), [_digest(OLD)]) is None
    assert unmade(master, None, [_digest(OLD)]) is None
    master.unlink()
    waiting = beside(master).stat()
    ready = unmade(master, _digest(NEW), [_digest(OLD)])
    assert isinstance(ready, Prepared)
    assert install(ready, [_digest(OLD)]).settled
    assert master.stat().st_ino == waiting.st_ino
    assert _names(master.parent) == [master.name]


def test_a_file_that_waits_beside_is_not_taken_from_somebody_who_reads_it(master: Path) -> None:
    master.write_bytes(b"her work")
    _put(master, NEW, OLD)
    _opened(beside(master))
    master.unlink()
    assert unmade(master, _digest(NEW), [_digest(OLD)]) is None


def test_discarding_leaves_the_file_that_waits_beside(master: Path) -> None:
    beside(master).write_bytes(NEW)
    ready = unmade(master, _digest(NEW), [])
    assert isinstance(ready, Prepared)
    discard(ready)
    assert beside(master).read_bytes() == NEW


def test_a_writer_that_fails_leaves_no_trace(master: Path) -> None:
    _put(master, OLD)

    def fail(target: Path) -> None:
        target.write_bytes(b"half")
        raise ValueError("cannot")

    with pytest.raises(ValueError, match="cannot"):
        prepare(master, fail)
    assert _names(master.parent) == [master.name]
    assert master.read_bytes() == OLD


def test_leftovers_of_a_killed_run_are_cleaned_and_nothing_else_is(master: Path) -> None:
    left = master.parent / f".{master.name}.0011223344556677.tmp"
    other = master.parent / ".别的.xlsx.0011223344556677.tmp"
    left.mkdir()
    (left / "rows").write_bytes(b"half")
    other.mkdir()
    _put(master, NEW)
    assert not left.exists()
    assert other.exists()


def test_nothing_of_the_rows_is_written_anywhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))  # not there: writing to it would fail
    made = datetime(2026, 6, 20)
    target = tmp_path / "反馈.xlsx"
    township = Township(County("990101", "青禾县"), "990101100", "城关镇", ())
    book = RawBook("a.xlsx", (RawSheet("表", (("姓名", "张建国"),)),))
    found = [problem("M01", sheet="表", row=1, column="B", header="姓名")]
    prepared = prepare(target, lambda path: write_feedback(path, township, book, found, load_forms(), made))
    assert install(prepared, []).settled
    assert _names(tmp_path) == ["反馈.xlsx"]


def test_who_may_read_the_file_stays_as_it_was(master: Path) -> None:
    _put(master, OLD)
    master.chmod(0o640)
    _put(master, NEW, OLD)
    assert master.stat().st_mode & 0o777 == 0o640


CHILD = """
import itertools, sys
from pathlib import Path
from sync_service.publish import install, prepare
path, known = Path(sys.argv[1]), []
print("ready", flush=True)
for number in itertools.count():
    content = bytes([number % 251]) * 300_000
    def write(target):
        with target.open("wb") as file:
            for start in range(0, len(content), 30_000):
                file.write(content[start:start + 30_000])
    prepared = prepare(path, write)
    install(prepared, known)
    known = [prepared.digest]
"""


def test_killed_at_any_moment_a_whole_file_lies_there_and_the_next_publication_cleans_up(master: Path) -> None:
    chance = random.Random(7)
    for _ in range(12):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(master)], stdout=subprocess.PIPE)
        with child:
            assert child.stdout
            assert child.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.0, 0.06))
            child.send_signal(signal.SIGKILL)
        if master.exists():
            content = master.read_bytes()
            assert content == content[:1] * 300_000
        done = install(_prepare(master, NEW), [digest_of(master) or b""])
        assert done.settled
        assert _names(master.parent) == [master.name]
        master.unlink()

"""Laws of the published files over several runs: written only when they change, and told as long as they have to wait."""

import os
from pathlib import Path

import pytest

from sync_service.outputs import MASTER, Publication
from sync_service.pipeline import RunReport
from sync_service.publish import beside
from sync_service.store.records import Output
from tests.county import NAMES, CountyOnDisk, make_county, veteran, workbook

FIRST, SECOND = NAMES[:2]


def _change(county: CountyOnDisk, generation: int, township: str = FIRST) -> None:
    """A saved workbook with something right that is new and something wrong that is new."""
    people = [veteran(0, phone=f"139{generation:08d}"), veteran(1, village=f"火星{generation}村")]
    county.write(township, workbook(township, people))


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({FIRST: [veteran(0), veteran(1)], SECOND: [veteran(10)]})
    county.sync()
    return county


def _open(path: Path) -> Path:
    """The owner file of somebody who has `path` open."""
    owner = path.with_name(f"~${path.name}")
    owner.write_text("somebody")
    return owner


def _files(county: CountyOnDisk) -> dict[str, tuple[int, int, int]]:
    """The marks of every workbook, and of the feedback's folder, whose time tells if anything was made in it for a while."""
    folder = county.feedback(FIRST).parent
    marks = {str(path): path.stat() for path in [folder, *county.folder.rglob("*.xlsx")]}
    return {name: (mark.st_ino, mark.st_size, mark.st_mtime_ns) for name, mark in marks.items()}


def _remembered(county: CountyOnDisk) -> dict[str, Output]:
    with county.store() as store:
        return dict(store.outputs())


def _trouble(report: RunReport) -> list[Publication]:
    return [one for one in report.published if one.trouble]


def _bar(path: Path, how: str) -> Path:
    """Somebody opens `path`, or saves something there that cannot be read; what has to go for the way to be free."""
    if how == "open":
        return _open(path)
    path.write_bytes(b"her notes")
    return path


@pytest.mark.parametrize("how", ["open", "saved"])
@pytest.mark.parametrize("which", ["master", "feedback"])
def test_nothing_changed_and_the_master_or_a_feedback_barred_writes_nothing_and_says_so(
    county: CountyOnDisk, which: str, how: str
) -> None:
    path = county.master if which == "master" else county.feedback(FIRST)
    hindrance = _bar(path, how)
    _change(county, 1)
    first = county.sync()
    files, remembered, lying = _files(county), _remembered(county), path.read_bytes()
    for _ in range(2):
        again = county.sync()
        assert (again.exit_code, again.run) == (2, None)
        assert again.published == tuple(_trouble(first))
        assert (_files(county), _remembered(county)) == (files, remembered)
    assert path.read_bytes() == lying

    waiting = beside(path).stat()
    hindrance.unlink()
    freed = county.sync()
    assert [(one.path, one.trouble) for one in freed.published] == [(str(path), False)]
    assert path.stat().st_ino == waiting.st_ino, "it was made again though it lay there"
    assert not beside(path).exists()
    assert county.sync().published == ()


def test_an_open_master_with_nothing_new_to_say_is_no_trouble(county: CountyOnDisk) -> None:
    _open(county.master)
    assert county.sync().published == ()


def test_a_master_saved_with_nothing_new_to_say_is_put_beside_once(county: CountyOnDisk) -> None:
    _bar(county.master, "saved")
    assert county.sync().exit_code == 2
    made = beside(county.master).stat().st_mtime_ns
    assert county.sync().exit_code == 2
    assert beside(county.master).stat().st_mtime_ns == made


def test_what_waits_beside_is_renewed_when_there_is_something_new_to_say(county: CountyOnDisk) -> None:
    owner = _open(county.master)
    waiting = set()
    for generation in range(1, 5):
        _change(county, generation)
        assert county.sync().exit_code == 2
        waiting.add(beside(county.master).read_bytes())
        assert len(_remembered(county)[MASTER].digests.split()) == 2, "what is remembered grows"
    assert len(waiting) == 4
    last = beside(county.master).read_bytes()
    owner.unlink()
    assert county.sync().exit_code == 1
    assert county.master.read_bytes() == last


def test_what_waits_beside_and_was_taken_away_is_made_again(county: CountyOnDisk) -> None:
    _open(county.master)
    _change(county, 1)
    county.sync()
    made = beside(county.master).read_bytes()
    beside(county.master).unlink()
    assert county.sync().exit_code == 2
    assert beside(county.master).read_bytes() == made


def test_somebody_who_puts_the_waiting_file_in_its_place_has_not_saved_anything(county: CountyOnDisk) -> None:
    _bar(county.master, "saved")
    _change(county, 1)
    county.sync()
    beside(county.master).replace(county.master)
    owner = _open(county.master)
    _change(county, 2)
    assert "正开着" in _trouble(county.sync())[0].message
    owner.unlink()
    _change(county, 3)
    assert county.sync().exit_code == 1
    assert not beside(county.master).exists()


def test_a_master_put_back_as_it_was_published_frees_the_way(county: CountyOnDisk) -> None:
    before = county.master.read_bytes()
    _bar(county.master, "saved")
    for generation in (1, 2):
        _change(county, generation)
        assert county.sync().exit_code == 2
    county.master.write_bytes(before)
    assert county.sync().exit_code == 1
    assert county.master.read_bytes() != before
    assert not beside(county.master).exists()


def test_with_both_places_taken_nothing_is_written_and_both_are_told(county: CountyOnDisk) -> None:
    owner = _open(county.master)
    _change(county, 1)
    county.sync()
    also = _open(beside(county.master))
    _change(county, 2)
    county.sync()
    files = _files(county)
    report = county.sync()
    assert "都关闭" in _trouble(report)[0].message
    assert (report.exit_code, _files(county)) == (2, files)
    owner.unlink()
    also.unlink()
    assert county.sync().exit_code == 1
    assert not beside(county.master).exists()
    assert county.sync().published == ()


def test_a_feedback_is_not_made_from_a_workbook_that_is_no_longer_the_one_that_was_judged(county: CountyOnDisk) -> None:
    book = county.book(FIRST)
    judged, mark = book.read_bytes(), book.stat()
    told = county.feedback(FIRST).read_bytes()
    county.feedback(FIRST).unlink()
    book.write_bytes(judged[::-1])
    os.utime(book, ns=(mark.st_atime_ns, mark.st_mtime_ns))  # as if it had changed since the run looked at it
    assert county.sync().published == ()
    assert not county.feedback(FIRST).exists()
    book.write_bytes(judged)
    os.utime(book, ns=(mark.st_atime_ns, mark.st_mtime_ns))
    assert county.sync().exit_code == 0
    assert county.feedback(FIRST).read_bytes() == told

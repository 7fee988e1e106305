"""What the processes of a run hand each other: nobody else sees it, nobody else's is taken, nothing of it stays."""

import gc
import os
from pathlib import Path

import pytest

from sync_service.alone import alone
from sync_service.errors import TaizhangError
from sync_service.gather import judge, look
from sync_service.readings import Grounds, readings
from sync_service.references import NOTHING
from sync_service.review.history import Stated
from sync_service.review.overlaying import CountySays
from sync_service.sources.crew import Crew
from sync_service.sources.places import places
from sync_service.spool import FOLDER, Spool, spooled
from tests.county import NAMES, NOW, CountyOnDisk, make_county, veteran
from validators.checked import CheckedSheet

OF_ONE_RUN = b"k" * 32


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / FOLDER, OF_ONE_RUN)


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({name: [veteran(10 * n + k) for k in range(3)] for n, name in enumerate(NAMES)})
    return county


def test_what_is_kept_comes_back_as_it_was_and_goes_when_it_is_dropped(spool: Spool) -> None:
    assert not spool.holds("one")
    spool.keep("one", ("甲", [1, None], b"x"))
    spool.keep("two", "乙")
    assert spool.holds("one")
    assert (spool.kept("one"), spool.kept("two")) == (("甲", [1, None], b"x"), "乙")
    spool.drop("one")
    spool.drop("one")
    assert not spool.holds("one")
    with pytest.raises(TaizhangError, match="在运行时被动过"):
        spool.kept("one")


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_only_its_own_user_may_read_it(spool: Spool) -> None:
    before = os.umask(0)
    try:
        spool.keep("one", "甲")
    finally:
        os.umask(before)
    assert (spool.folder.stat().st_mode & 0o777, (spool.folder / "one").stat().st_mode & 0o777) == (0o700, 0o600)


def test_what_another_has_put_there_is_not_taken(spool: Spool, tmp_path: Path) -> None:
    spool.keep("one", "甲")
    right = (spool.folder / "one").read_bytes()
    Spool(tmp_path / FOLDER, b"another run's".ljust(32)).keep("two", "甲")
    for name, data in (("one", right[:-1]), ("one", right[:-1] + b"?"), ("one", b""), ("three", right)):
        (spool.folder / name).write_bytes(data)
    for name in ("one", "two", "three"):
        with pytest.raises(TaizhangError, match="在运行时被动过"):
            spool.kept(name)


def test_a_disk_that_takes_nothing_is_named(spool: Spool) -> None:
    spool.folder.write_bytes(b"no folder")
    with pytest.raises(TaizhangError, match="里写不了文件"):
        spool.keep("one", "甲")


def test_nothing_stays_of_a_run_that_ended_failed_or_was_killed(tmp_path: Path) -> None:
    with spooled(tmp_path) as spool:
        spool.keep("one", "甲")
    assert not spool.folder.exists()
    with pytest.raises(ZeroDivisionError), spooled(tmp_path) as spool:
        spool.keep("one", 1 / 0)
    assert not spool.folder.exists()
    Spool(tmp_path / FOLDER, OF_ONE_RUN).keep("left by a killed one", "甲")
    with spooled(tmp_path) as spool:
        assert not spool.folder.exists()


def test_a_run_leaves_no_spool_behind(county: CountyOnDisk) -> None:
    Spool(county.folder / FOLDER, OF_ONE_RUN).keep("left by a killed one", "甲")
    assert county.sync().run == 1
    assert not (county.folder / FOLDER).exists()


def test_the_rows_of_one_township_are_in_memory_at_a_time(county: CountyOnDisk) -> None:
    setup, forms = county.setup, county.forms
    source = places(setup.addresses, setup.access, 10)
    with alone(setup.folder), spooled(setup.folder) as spool, county.store() as store, Crew() as crew:
        found = {one.township: one for one in source.look()}
        units = [(unit, found[unit.code]) for unit in setup.townships]
        looks = look(setup, forms, source, units, {}, NOW, NOTHING.fingerprint, full=False)
        given = judge(setup, forms, source, looks, NOW.date(), {}, spool, crew, lambda *_: None)
        judged = {one.township.code: verdict for one, verdict in given}
        grounds = Grounds(setup, forms, store, CountySays(Stated([]), NOW.date()))
        held = []
        for reading in readings(grounds, looks, judged, spool, {}, NOW):
            held.append(sum(isinstance(one, CheckedSheet) for one in gc.get_objects()))
            assert len(reading.plans) == held[0]
    assert len(held) == len(NAMES)
    assert max(held) < 2 * held[0]

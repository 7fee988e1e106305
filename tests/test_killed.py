"""Law 7: killed at any moment, the store is the one before or the one after, and the master is whole."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from sync_service.publish import beside
from tests.county import NAMES, CountyOnDisk, make_county, veteran, workbook
from tests.program import started

KILLS = 24
pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")
DYING = """
import os, signal, sys
from sync_service.cli import main
installed, wanted = 0, int(sys.argv[2])
def die(event, args):
    global installed
    if event == "os.rename" and str(args[1]).endswith(".xlsx"):
        if installed == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        installed += 1
    elif installed == wanted > 0 and event != "os.kill":
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
sys.argv = ["taizhang", "sync", "--county", sys.argv[1]]
main()
"""
"""Dies in the very moment in which as many published files as wanted have taken their places, and not one more."""


def draw(county: CountyOnDisk, generation: int) -> None:
    for name in NAMES:
        start = 100 * NAMES.index(name)
        people = [veteran(n, phone=f"139{generation:08d}") for n in range(start, start + 40)]
        county.write(name, workbook(name, people))


def phones(county: CountyOnDisk) -> set[object]:
    return {row["phone"] for row in county.veterans().values()}


def spent(county: CountyOnDisk) -> float:
    begun = time.monotonic()
    run = started("sync", "--county", county.settings)
    run.join()
    assert run.exitcode == 0
    return time.monotonic() - begun


@pytest.mark.slow
def test_law_7_a_run_killed_at_any_moment_leaves_the_store_and_the_master_whole(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    draw(county, 0)
    spent(county)
    draw(county, 1)
    duration = spent(county)
    chance = random.Random(7)
    killed = 0
    generation = 1
    for n in range(KILLS):
        before = phones(county)
        generation += 1
        draw(county, generation)
        run = started("sync", "--county", county.settings)
        time.sleep(0.1 + (n + chance.random()) / KILLS * (duration - 0.1))  # one in each part of a run
        run.kill()
        run.join()
        killed += run.exitcode == -signal.SIGKILL
        after = phones(county)
        assert after in (before, {f"139{generation:08d}"}), "half a run is in the store"
        with county.master.open("rb") as file:
            openpyxl.load_workbook(file, read_only=True).close()
    assert killed > KILLS / 2
    assert county.sync().exit_code == 0
    assert phones(county) == {f"139{generation:08d}"}
    assert not list(county.folder.glob(".*.tmp"))
    assert county.sync().run is None


@pytest.mark.parametrize("installed", [0, 1, 3])
def test_a_run_killed_between_replacing_and_remembering_is_not_taken_for_somebodys_saving(
    tmp_path: Path, installed: int
) -> None:
    def wrong(generation: int) -> None:
        for name in NAMES[:2]:
            county.write(name, workbook(name, [veteran(NAMES.index(name), village=f"火星{generation}村")]))

    def lying() -> list[bytes]:
        return [path.read_bytes() for path in outputs]

    county = make_county(tmp_path / "county")
    wrong(0)
    county.sync()
    outputs = [county.master, *map(county.feedback, NAMES[:2])]
    for generation in (1, 2):
        before = lying()
        wrong(generation)
        run = subprocess.run([sys.executable, "-c", DYING, county.settings, str(installed)], stdout=subprocess.DEVNULL)
        assert run.returncode == -signal.SIGKILL
        assert sum(old != new for old, new in zip(before, lying(), strict=True)) == installed
    wrong(3)
    report = county.sync()
    assert [one.message for one in report.published if one.trouble] == []
    assert len(report.published) == len(outputs)
    assert not any(beside(path).exists() for path in outputs)
    assert not list(county.folder.rglob("*.tmp"))
    assert county.sync().published == ()

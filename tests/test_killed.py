"""Law 7: killed at any moment, the store is the one before or the one after, and the master is whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from tests.county import NAMES, CountyOnDisk, make_county, veteran, workbook

KILLS = 50
PROGRAM = (
    "import sys; from sync_service.cli import main; sys.argv = ['taizhang', 'sync', '--county', sys.argv[1]]; main()"
)


def draw(county: CountyOnDisk, generation: int) -> None:
    for name in NAMES:
        start = 100 * NAMES.index(name)
        people = [veteran(n, phone=f"139{generation:08d}") for n in range(start, start + 40)]
        county.write(name, workbook(name, people))


def phones(county: CountyOnDisk) -> set[object]:
    return {row["phone"] for row in county.veterans().values()}


def spent(county: CountyOnDisk) -> float:
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", PROGRAM, county.settings], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


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
    for _ in range(KILLS):
        before = phones(county)
        generation += 1
        draw(county, generation)
        run = subprocess.Popen([sys.executable, "-c", PROGRAM, county.settings], stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, duration))
        run.send_signal(signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        after = phones(county)
        assert after in (before, {f"139{generation:08d}"}), "half a run is in the store"
        with county.master.open("rb") as file:
            openpyxl.load_workbook(file, read_only=True).close()
    assert killed > KILLS / 2
    assert county.sync().exit_code == 0
    assert phones(county) == {f"139{generation:08d}"}
    assert not list(county.folder.glob(".*.tmp"))
    assert county.sync().run is None

"""A county's service over a season: edits, faults, a wrong clock and power cuts; at the end the store is what the clerks' files say.

python -m benchmarks.soak [--townships 30] [--days 90] [--seed 7]

The service is the real one, in a process of its own that is killed (SIGKILL) at random moments; only its clock is simulated. A model
beside it knows what each workbook says. It is checked every ten days and at the end: the store is the model, every night was gone
through once, the service's memory stays flat, its backups are verified, and nothing is left lying about.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import orjson

from benchmarks.soak_clerks import Clerks, differences
from benchmarks.soak_service import START
from sync_service.backup.keeping import backup_folder
from sync_service.backup.records import records
from sync_service.settings import CountyPart, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from sync_service.store import Store
from tests.county import CountyOnDisk

HOUR = 3600
STEP = 8 * HOUR
"""So much of simulated time passes between two rounds of edits. The service pulls twice in it."""
SETTLED = 15
"""A process has reached its size after so many rounds."""
MOST_GROWTH = 0.1
"""What counts as flat from then on, over a month."""


@dataclass
class Result:
    """What a soak came to. `wrong` says everything that was not as it should be."""

    steps: int = 0
    edits: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    nights: int = 0
    backups: int = 0
    growth: float = 0.0
    rows: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The numbers in a line."""
        return (
            f"{self.steps} rounds, {self.edits} edits, {self.kills} power cuts, faults {dict(self.faults)}, {self.nights} nights, "
            f"{self.backups} backups kept, {self.rows} rows, memory grew by {self.growth:.1%}, {len(self.wrong)} things wrong"
        )


class Service:
    """The process, started again whenever it was killed."""

    def __init__(self, county: Path, chance: Random, result: Result) -> None:
        self._county, self._chance, self._result = county, chance, result
        self._process: subprocess.Popen[str] | None = None
        self.at, self._sizes, self._usual = 0.0, list[int](), 1.0

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-m", "benchmarks.soak_service", str(self._county)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self._sizes = []
        return self._process

    def _listen(self, process: subprocess.Popen[str]) -> bool:
        """Whether it came to the end of its order; how far it came is remembered in any case."""
        assert process.stdout
        size = 0
        for line in process.stdout:
            said = json.loads(line) if line.endswith("\n") else {}
            if "done" in said:
                self._sizes.append(size)
                return True
            self.at, size = said.get("at", self.at), said.get("memory", size)
        return False

    def go_on(self, until: float, wrong: float, *, cut: bool) -> None:
        """Has the service run until then; with `cut`, the power fails somewhere on the way, and it is started again."""
        while True:
            process = self._started()
            assert process.stdin
            began = time.monotonic()
            process.stdin.write(json.dumps({"at": self.at, "until": until, "wrong": wrong}) + "\n")
            process.stdin.flush()
            if cut:
                time.sleep(self._chance.uniform(0, self._usual))
                process.send_signal(signal.SIGKILL)
            done = self._listen(process)
            if cut:
                self._bury(process)
            elif not done:
                self._bury(process)
                raise RuntimeError("the service ended by itself")
            if done:
                self._usual = time.monotonic() - began
                return
            cut = False

    def _bury(self, process: subprocess.Popen[str]) -> None:
        process.communicate()
        self._result.kills += process.returncode == -signal.SIGKILL
        self._process = None

    def off(self, until: float) -> None:
        """Switches the PC off until then."""
        self.end()
        self.at = until

    def end(self) -> None:
        """Ends the process, and takes down how much it has grown."""
        if self._process:
            self._process.communicate()
            self._process = None
        if len(self._sizes) > SETTLED + 5:
            self._result.growth = max(self._result.growth, self._sizes[-1] / self._sizes[SETTLED] - 1)


def made(folder: Path, names: list[str]) -> CountyOnDisk:
    """The county's folder and settings."""
    (folder / "上报").mkdir(parents=True)
    parts = [
        TownshipPart(code=f"990101{n:03d}", name=name, workbook=f"上报/{name}.xlsx", villages=("东风村", "向阳村"))
        for n, name in enumerate(names, 1)
    ]
    text = render_settings("2026下半年", CountyPart(code="990101", name="清河县"), parts)
    text = re.sub(r"^local_seconds = .*$", f"local_seconds = {STEP // 2}", text, flags=re.MULTILINE)
    (folder / "county.toml").write_text(text, "utf-8")
    return CountyOnDisk(folder)


def _look_back(county: CountyOnDisk, expected: set[date], result: Result) -> None:
    """Nights, backups and leftovers, after everything."""
    setup = load_settings(county.settings)
    with Store.open(setup.store_url, setup.county.code) as store:
        nights = store.nights()
    done = {date.fromisoformat(night.night) for night in nights}
    result.nights = len(done)
    if done != expected:
        result.wrong.append(f"nights lost {sorted(expected - done)}, or too many {sorted(done - expected)}")
    result.wrong += [f"night {night.night} is not complete: {night.undone}" for night in nights if night.undone]
    lines = [
        orjson.loads(line) for path in county.folder.glob("运行记录.jsonl*") for line in path.read_bytes().splitlines()
    ]
    whole = Counter(line["night"] for line in lines if line["event"] == "night" and not line["undone"])
    result.wrong += [f"night {night} was gone through {n} times" for night, n in whole.items() if n > 1]
    folder = backup_folder(setup)
    assert folder
    result.backups = len(records(folder))
    result.wrong += [f"{one.file} is not verified" for one in records(folder) if not one.verified]
    result.wrong += [f"{path.name} is left over" for path in county.folder.rglob("*.tmp") if path.exists()]
    result.rows = len(county.veterans())


def soak(
    folder: Path, townships: int, days: int, seed: int, progress: Callable[[str], object], *, cuts: float = 0.1
) -> Result:
    """A soak in an empty folder; each round of edits is cut short by a power failure with that chance."""
    chance, result = Random(seed), Result()
    names = [f"第{n}镇" for n in range(1, townships + 1)]
    county = made(folder, names)
    clerks = Clerks(county, names, chance)
    result.faults = clerks.faults
    service = Service(county.settings, chance, result)
    owner = county.folder / f"~${county.master.name}"
    expected = {START.date() if START.hour >= 2 else START.date() - timedelta(days=1)}
    until, end = 0.0, days * 24 * HOUR
    while until < end:
        calm = until > end * 2 / 3  # without power cuts, so that one process lives long enough to see it grow
        if not calm and chance.random() < 0.02 and until > 0:
            until = min(end, until + chance.choice((2, 3)) * 24 * HOUR)
            service.off(until)
        until += STEP
        wrong = chance.choice((-HOUR, HOUR)) if chance.random() < 0.05 else 0
        if chance.random() < 0.1 and county.master.exists():
            owner.write_bytes(b"somebody")
        service.go_on(until, wrong, cut=not calm and chance.random() < cuts)
        owner.unlink(missing_ok=True)
        result.steps += 1
        # The last night that has begun by now is the one that must have been gone through.
        now = START + timedelta(seconds=until)
        expected.add(now.date() if now.hour >= 2 else now.date() - timedelta(days=1))
        if result.steps % 30 == 0:
            clerks.mend()
            until += STEP
            service.go_on(until, 0, cut=False)
            result.wrong += differences(clerks)
            progress(f"day {until / HOUR / 24:.0f}: {result.summary}")
        clerks.work(max(2, townships // 6))
        result.edits = clerks.edits
    clerks.mend()
    service.go_on(until + 24 * HOUR, 0, cut=False)
    expected.add((START + timedelta(seconds=until + 24 * HOUR)).date())
    service.end()
    if result.growth > MOST_GROWTH:
        result.wrong.append(f"the service's memory grew by {result.growth:.1%}")
    result.wrong += differences(clerks)
    _look_back(county, expected, result)
    return result


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--townships", type=int, default=30)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        result = soak(Path(scratch) / "county", options.townships, options.days, options.seed, print)
    print(f"{options.days} days: {result.summary}")
    print("\n".join(result.wrong) or "store = model")
    if result.wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

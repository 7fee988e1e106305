"""Law 7 when the world fails in the middle of a write: the store is the one before or after, the master whole, the next run mends all."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from sync_service.backup.keeping import backup_folder, keep
from sync_service.backup.records import records
from sync_service.errors import TaizhangError
from tests.allowed_skips import allowed_skip
from tests.county import NAMES, NOW, CountyOnDisk, make_county, veteran, workbook

pytestmark = pytest.mark.skipif(os.name == "nt", reason="mounts, limits and signals of POSIX")
PEOPLE = 8
PROGRAM = "import sys; from sync_service.cli import main; sys.argv = ['taizhang', *sys.argv[1:]]; main()"


def draw(county: CountyOnDisk, generation: int) -> None:
    """The first township's people get other telephones, and the second's a mistake each time, so that master and feedback change."""
    people = [veteran(n, phone=f"139{generation:08d}") for n in range(PEOPLE)]
    county.write(NAMES[0], workbook(NAMES[0], people))
    county.write(NAMES[1], workbook(NAMES[1], [veteran(100, village=f"火星{generation}村")]))


def phones(county: CountyOnDisk) -> set[object]:
    return {row["phone"] for row in county.veterans().values()}


def whole(path: Path) -> bool:
    with path.open("rb") as file:
        openpyxl.load_workbook(file, read_only=True).close()
    return True


def lasting(county: CountyOnDisk, generation: int) -> None:
    """What holds after a fault, and that the next run mends everything."""
    assert phones(county) in ({f"139{generation - 1:08d}"}, {f"139{generation:08d}"}), "half a run is in the store"
    assert whole(county.master)
    assert all(whole(path) for path in county.feedback(NAMES[1]).parent.glob("*.xlsx"))


def mended(county: CountyOnDisk, generation: int) -> None:
    report = county.sync()
    assert [one.message for one in report.published if one.trouble] == []
    assert phones(county) == {f"139{generation:08d}"}
    assert not [path for path in county.folder.rglob("*.tmp") if path.exists()]
    assert county.sync().published == ()


def tried(county: CountyOnDisk) -> str:
    """What a run said: its error, or the trouble with what it published; "" if all went well."""
    try:
        return "".join(one.message for one in county.sync().published if one.trouble)
    except TaizhangError as error:
        return f"{error} {error.hint}"


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = make_county(tmp_path_factory.mktemp("faults") / "county")
    draw(county, 0)
    county.write(NAMES[2], workbook(NAMES[2], []))
    county.sync()
    return county.folder


@pytest.fixture
def county(synced: Path, tmp_path: Path) -> CountyOnDisk:
    return CountyOnDisk(Path(shutil.copytree(synced, tmp_path / "county")))


@pytest.fixture
def small_disk(synced: Path, tmp_path: Path) -> Iterator[CountyOnDisk]:
    """The county on a disk of its own of a few MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(path.stat().st_size for path in synced.rglob("*")) * 2 + 3_000_000
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], stderr=subprocess.DEVNULL
    ).returncode:
        allowed_skip("this account may not mount a disk; the test with a limit on files' sizes does the same")
    try:
        yield CountyOnDisk(Path(shutil.copytree(synced, disk / "county")))
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fills the disk up to so many bytes."""
    filler = disk / "filler"
    filler.write_bytes(b"\0" * max(0, shutil.disk_usage(disk).free - left))
    return filler


def test_a_full_disk_harms_nothing_at_any_point_and_is_named(small_disk: CountyOnDisk) -> None:
    said = []
    for generation, left in enumerate((0, 60_000, 140_000), 1):
        draw(small_disk, generation)
        filler = fill(small_disk.folder.parent, left)
        said.append(tried(small_disk))
        filler.unlink()
        lasting(small_disk, generation)
        mended(small_disk, generation)
    assert sum("磁盘满" in words for words in said) >= 2, said
    assert all("磁盘" in words or not words for words in said), said


def test_a_backup_on_a_full_disk_is_told_and_the_ones_before_stay(small_disk: CountyOnDisk) -> None:
    folder = backup_folder(small_disk.setup)
    assert folder
    assert keep(small_disk.setup, NOW, "manual")
    before = records(folder)
    for left in (0, 60_000):
        filler = fill(small_disk.folder.parent, left)
        with pytest.raises(TaizhangError, match="磁盘满"):
            keep(small_disk.setup, NOW.replace(hour=12), "manual")
        filler.unlink()
        assert records(folder) == before
    assert keep(small_disk.setup, NOW.replace(hour=13), "manual")
    assert not [path for path in small_disk.folder.rglob("*.tmp") if path.exists()]


@pytest.mark.parametrize("kilobytes", [40])
def test_a_file_that_cannot_grow_any_further_harms_nothing(county: CountyOnDisk, kilobytes: int) -> None:
    draw(county, 1)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "sync", "--county", county.settings],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024,) * 2),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert "Traceback" not in run.stdout
    assert run.returncode == 2
    lasting(county, 1)
    mended(county, 1)


class Failing:
    """Stands before a function of the system and fails its n-th call in this process."""

    def __init__(self, real: Callable[..., object], error: int) -> None:
        self.real, self.error, self.calls, self.at = real, error, 0, 0

    def __call__(self, *args: object, **more: object) -> object:
        self.calls += 1
        if self.calls == self.at:
            raise OSError(self.error, os.strerror(self.error))
        return self.real(*args, **more)

    def arm(self, at: int) -> None:
        self.calls, self.at = 0, at


@pytest.mark.parametrize(("name", "error"), [("fsync", errno.EIO), ("replace", errno.ENOSPC)])
def test_a_failing_call_harms_nothing_whichever_one_it_is(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, name: str, error: int
) -> None:
    failing = Failing(getattr(os, name), error)
    monkeypatch.setattr(os, name, failing)
    for at in range(1, 20):
        draw(county, at)
        failing.arm(at)
        words = tried(county)
        failing.arm(0)
        lasting(county, at)
        mended(county, at)
        if not words:
            break
        assert "磁盘" in words
    assert 2 <= at < 19, "some calls failed, and at last none was left to fail"


@pytest.mark.parametrize("error", [errno.EACCES, errno.EBUSY, errno.EPERM, errno.ETXTBSY])
def test_a_master_that_another_program_holds_waits_beside_and_the_store_goes_on(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    real = os.replace

    def replace(source: str, target: str) -> None:
        if Path(target) == county.master:
            raise OSError(error, os.strerror(error))
        real(source, target)

    before = county.master.read_bytes()
    draw(county, 1)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        assert "正开着" in tried(county)
    assert phones(county) == {"13900000001"}
    assert county.master.read_bytes() == before
    assert whole(county.master.with_name("县级总台账（新）.xlsx"))
    mended(county, 1)
    assert not county.master.with_name("县级总台账（新）.xlsx").exists()


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_failing_call_leaves_the_backups_before_as_they_were(
    county: CountyOnDisk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = backup_folder(county.setup)
    assert folder
    keep(county.setup, NOW, "manual")
    before = records(folder)
    failing = Failing(getattr(os, name), errno.EIO)
    monkeypatch.setattr(os, name, failing)
    for at in (1, 2):
        failing.arm(at)
        with pytest.raises(TaizhangError, match="没有写成"):
            keep(county.setup, NOW.replace(hour=12, minute=at), "manual")
        assert all(one in records(folder) for one in before)
    failing.arm(0)
    assert keep(county.setup, NOW.replace(hour=13), "manual")

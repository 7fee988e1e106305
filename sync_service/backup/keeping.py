"""Making a backup: taken, written, read back, recorded; then those that nobody needs any more go."""

import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sync_service.alone import held
from sync_service.backup.archive import pack, sound, sqlite_path, take_store, unpack_store
from sync_service.backup.records import ENDING, PREFIX, Record, Why, beside, records, write_record
from sync_service.backup.snapshot import DamagedError
from sync_service.backup.thinning import superfluous
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.troubles import of_sqlite, of_system
from sync_service.whole_files import TEMPORARY, write_whole

LOCK = ".taizhang.backup.lock"
SCRATCH = ".taizhang.backup."
AN_HOUR = timedelta(hours=1)
PATIENCE = 60
"""So many seconds another backup at work is waited for."""


def backup_folder(setup: CountySetup) -> Path | None:
    """Where the backups lie, None if none are wanted."""
    folder = setup.settings.backup.folder
    return setup.path(folder) if folder else None


@contextmanager
def scratch(setup: CountySetup) -> Iterator[Path]:
    """A folder beside the store for what is looked at meanwhile; only its owner can enter. Killed ones' leftovers go."""
    for left in setup.folder.glob(f"{SCRATCH}*{TEMPORARY}"):
        shutil.rmtree(left)
    folder = setup.folder / f"{SCRATCH}{secrets.token_hex(4)}{TEMPORARY}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _newest_run(setup: CountySetup) -> int:
    with Store.open(setup.store_url, setup.county.code) as store:
        runs = store.runs(1)
    return runs[0].id if runs else 0


def _due(found: list[Record], run: int, now: datetime) -> bool:
    """Whether an hourly backup is due: something has changed, and the last is an hour old (or from the future: a wrong clock)."""
    if not found:
        return True
    age = now - datetime.fromisoformat(found[0].at)
    return found[0].run != run and not timedelta(0) <= age < AN_HOUR


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(setup: CountySetup, folder: Path, now: datetime, why: Why, run: int) -> Record:
    name = f"{PREFIX}{setup.county.code}_{now.astimezone():%Y%m%d_%H%M%S}{ENDING}"
    with scratch(setup) as here:
        store, rows = take_store(setup, here)

        def check(written: Path) -> None:
            found = sound(unpack_store(written, here / "read back"))
            if found != rows:
                raise DamagedError("读回来的行数和登记库不一样")

        write_whole(folder / name, lambda file: pack(setup, store, file), check)
    path = folder / name
    record = Record(name, moment(now), why, run, path.stat().st_size, _digest(path), rows, verified=True)
    write_record(folder, record)
    return record


def _thin_out(setup: CountySetup, folder: Path) -> None:
    for record in superfluous(records(folder), setup.settings.backup):
        (folder / record.file).unlink(missing_ok=True)
        beside(folder / record.file).unlink(missing_ok=True)
    for left in folder.glob(f".{PREFIX}*{TEMPORARY}"):
        left.unlink(missing_ok=True)


def keep(setup: CountySetup, now: datetime, why: Why) -> Record | None:
    """Makes a backup and thins out the older ones; the new one's record, None if none was due or none is wanted.

    An "hourly" one is made only if the last is an hour old and there has been a run since: the service asks after each pass. Others
    may work on the store meanwhile. Raises TaizhangError (StoreError) if it could not be made; the older ones are all kept then.
    """
    folder = backup_folder(setup)
    if folder is None or not setup.has_store:
        return None
    try:
        folder.mkdir(
            mode=0o700, exist_ok=True
        )  # not its parents: a disk that is not plugged in must not become a folder here
        run = _newest_run(setup)
        if why == "hourly" and not _due(records(folder), run, now):
            return None
        with held(setup.folder / LOCK, PATIENCE, "另一个 taizhang 正在备份", "等它结束后再运行一次。"):
            record = _make(setup, folder, now, why, run)
            _thin_out(setup, folder)
            return record
    except OSError as error:
        what, cure = of_system(error)
        raise TaizhangError(
            f"备份没有写成：{what}（{setup.settings.backup.folder}）",
            f"{cure}，再运行 taizhang backup。原有的备份都还在。",
        ) from error
    except sqlite3.Error as error:
        what, cure = of_sqlite(error)
        raise TaizhangError(f"备份没有做成：{what}", f"{cure}。原有的备份都还在。") from None
    except DamagedError as error:
        where = "登记库" if sqlite_path(setup) else "备份"
        raise TaizhangError(
            f"备份没有做成：{where}没有通过检查（{error}）",
            "原有的备份都还在。请再运行一次 taizhang backup；还是这样，就用 taizhang restore 恢复最近的一份。",
        ) from error

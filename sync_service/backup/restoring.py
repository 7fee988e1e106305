"""Bringing a backup back: it is checked first, what lies there now is put aside, and nothing is ever deleted."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync_service.alone import alone, held
from sync_service.audit.acting import at_this_pc
from sync_service.audit.chain import Head
from sync_service.backup.archive import STORE, check_zip, master_in, sound, sqlite_path, unpack_missing, unpack_store
from sync_service.backup.keeping import LOCK, PATIENCE, scratch
from sync_service.backup.snapshot import DamagedError, examine
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.privacy.forgetting import forget_again
from sync_service.settings import CountySetup, load_settings
from sync_service.store import Store, StoreError
from sync_service.troubles import of_system
from sync_service.whole_files import sync_folder, write_whole

ASIDE = "恢复前_"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring did.

    How many rows of people's there are now, the newest run, where the things of before lie, what was missing and taken out of
    the backup, and how many people were erased again who had been erased since the backup.
    """

    rows: int
    run: int
    aside: Path | None
    put_back: tuple[str, ...]
    forgotten: int = 0


def _unusable(backup: Path, error: DamagedError) -> TaizhangError:
    return TaizhangError(f"“{backup.name}”不能用来恢复：{error}", "请换一份备份。现在的登记库没有动。")


def _checked(backup: Path, here: Path) -> tuple[Path, Mapping[str, int]]:
    """The store out of the backup, and how many rows it has. Raises TaizhangError if it is not whole, or not for us to restore."""
    try:
        store = unpack_store(backup, here)
        if store.name == STORE:
            return store, sound(store)
    except DamagedError as error:
        raise _unusable(backup, error) from error
    raise TaizhangError(
        "这份备份是 PostgreSQL 的，要由管数据库的人恢复",
        f"请从 {backup.name} 里取出 {store.name}，用 pg_restore 恢复到空的数据库，再运行 taizhang sync --full。",
    )


def _settle(store: Path) -> None:
    """Brings what SQLite keeps beside the store into it, as far as it still can be opened."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(store, timeout=PATIENCE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _put_aside(setup: CountySetup, store: Path, folder: Path) -> None:
    """Moves master and feedback into `folder`, and has the store there too; the store itself still lies where it was."""
    folder.mkdir(mode=0o700)
    files = setup.settings.files
    for path in (setup.path(files.master), setup.path(files.feedback)):
        if path.exists():
            path.rename(folder / path.name)
    if not store.exists():
        return
    _settle(store)
    try:
        os.link(store, folder / store.name)
    except OSError:  # FAT has no links
        shutil.copy2(store, folder / store.name)
    for name in (f"{store.name}-wal", f"{store.name}-shm"):  # left by a store that can no longer be opened
        if store.with_name(name).exists():
            store.with_name(name).rename(folder / name)
    sync_folder(folder)


def _come_in(backup: Path, county: Path) -> tuple[CountySetup, tuple[str, ...]]:
    """The settings, out of the backup where there are none. Raises TaizhangError."""
    if not backup.is_file():
        raise TaizhangError(f"没有“{backup}”这个备份文件", "taizhang backup --list 会列出现有的备份。")
    try:
        check_zip(backup)
    except DamagedError as error:
        raise _unusable(backup, error) from error
    if county.exists():
        load_settings(county)  # what cannot be used is told before anything is touched
    put_back = unpack_missing(backup, county)
    return load_settings(county), tuple(put_back)


def _erased_so_far(setup: CountySetup, store: Path) -> tuple[Head, Mapping[str, frozenset[str]]]:
    """The present store's audit head, and who was erased from it; neither can be had of a store that does not open any more."""
    if store.exists():
        with suppress(StoreError), Store.open(setup.store_url, setup.county.code) as present:
            return present.audit_head(), present.forgotten()
    return Head(0, ""), {}


def _note(setup: CountySetup, present: Head, earlier: Mapping[str, frozenset[str]], now: datetime) -> tuple[int, int]:
    """Goes on with the restored store: the audit chain says so; the newest run's number, and how many people were erased again."""
    with Store.open(setup.store_url, setup.county.code) as opened:  # brings an older one to today's version
        runs = opened.runs(1)
        newest = runs[0].id if runs else 0
        about: dict[str, str | int] = {"run": newest, "head": f"{present.n}:{present.hash}"}
        opened.note("restore", about, who=at_this_pc(), at=moment(now))
        forgotten = forget_again(opened, setup, setup.forms(), earlier, now) if earlier else 0
        return newest, forgotten


def restore(backup: Path, county: Path, now: datetime) -> Restored:
    """Puts the store of `backup` in the place of the present one. `county` is the county.toml, taken from the backup if it is gone.

    The present store, master and feedback are moved into a folder of their own beside it. Killed at any moment, the store is the
    one before or the one after. Raises TaizhangError if the backup is not whole, or a run is at work.
    """
    setup, put_back = _come_in(backup, county)
    store = sqlite_path(setup)
    if store is None:
        raise TaizhangError(
            "登记库在 PostgreSQL 里，taizhang 不替你恢复它",
            "请管数据库的人用 pg_restore 恢复，再运行 taizhang sync --full。",
        )
    aside = setup.folder / f"{ASIDE}{now.astimezone():%Y%m%d_%H%M%S}"
    try:
        with (
            held(setup.folder / LOCK, PATIENCE, "另一个 taizhang 正在备份或恢复", "等它结束后再运行一次。"),
            alone(setup.folder),
            scratch(setup) as here,
        ):
            fresh, rows = _checked(backup, here)
            present, earlier = _erased_so_far(setup, store)
            _put_aside(setup, store, aside)
            store.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("rb") as source:
                write_whole(store, lambda file: shutil.copyfileobj(source, file), examine)
            master = master_in(backup)
            if master:
                write_whole(setup.path(setup.settings.files.master), lambda file: file.write(master))
            newest, forgotten = _note(setup, present, earlier, now)
            return Restored(rows["row_versions"], newest, aside, put_back, forgotten)
    except OSError as error:
        what, cure = of_system(error)
        place = f"已经移开的在“{aside.name}”里，没有丢。" if aside.exists() else ""
        raise TaizhangError(f"没有恢复成：{what}", f"{cure}，再运行一次。{place}") from error

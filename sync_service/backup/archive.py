"""What a backup holds: a zip with the store, the master workbook, and the settings that are needed to go on with them."""

import os
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import make_url

from sync_service.backup.snapshot import DamagedError, examine, snapshot
from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup, load_settings
from sync_service.whole_files import write_whole

STORE, DUMP, MASTER, SETTINGS, TOKENS, KEY, FORMS = (
    "taizhang.db", "taizhang.pgdump", "master.xlsx", "county.toml", "taizhang.tokens", "taizhang.key", "forms/",
)  # fmt: skip


def sqlite_path(setup: CountySetup) -> Path | None:
    """Where the store lies if it is a SQLite file."""
    url = make_url(setup.store_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _dump(setup: CountySetup, target: Path) -> None:
    """PostgreSQL's own backup of the database. Raises TaizhangError if its program is not here or fails."""
    url = make_url(setup.store_url)
    program = shutil.which("pg_dump")
    if not program:
        raise TaizhangError(
            "登记库在 PostgreSQL 里，这台电脑上没有它的备份程序 pg_dump，没有备份",
            "请安装 PostgreSQL 的客户端程序；或请管数据库的人按数据库自己的办法每天备份，并把 [backup] 的 folder 留空。",
        )
    given = {
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or url.query.get("port", "")),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }  # by the environment: others can see a command line
    settings = {name: value for name, value in given.items() if value}
    done = subprocess.run(
        [program, "--format=custom", f"--file={target}"],
        env={**os.environ, **settings}, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TaizhangError(f"pg_dump 没有备份成：{last}", "请把这一行交给管数据库的人；也请检查磁盘空间。")


def take_store(setup: CountySetup, folder: Path) -> tuple[Path, Mapping[str, int]]:
    """A copy of the store in `folder`, and how many rows each of its tables has ({} for PostgreSQL).

    Raises sqlite3.Error, TaizhangError, OSError.
    """
    store = sqlite_path(setup)
    if store is None:
        _dump(setup, folder / DUMP)
        return folder / DUMP, {}
    return folder / STORE, snapshot(store, folder / STORE)


def _belongings(setup: CountySetup, settings: Path) -> Iterator[tuple[str, Path]]:
    """What belongs to the store, by its name in the backup. Never the accounts: passwords are not to travel with backups."""
    yield SETTINGS, settings
    yield MASTER, setup.path(setup.settings.files.master)
    yield TOKENS, setup.path(setup.settings.endpoint.tokens)
    yield KEY, setup.path(setup.settings.privacy.key)  # without it nobody knows any more who was erased
    if own := setup.own_forms:
        yield from ((FORMS + path.name, path) for path in sorted(own.glob("*.toml")))


def pack(setup: CountySetup, store: Path, file: BinaryIO) -> None:
    """Writes the zip. Raises OSError."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(store, store.name)
        for name, path in _belongings(setup, setup.folder / SETTINGS):
            if path.exists():
                archive.write(path, name)


def check_zip(backup: Path) -> None:
    """Checks every part of a backup. Raises DamagedError if it is not whole or no backup, OSError if it cannot be read."""
    try:
        with zipfile.ZipFile(backup) as archive:
            broken = archive.testzip()
            if broken:
                raise DamagedError(f"里面的 {broken} 坏了")
            if not {STORE, DUMP} & set(archive.namelist()):
                raise DamagedError("里面没有登记库")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise DamagedError("不是完整的备份文件") from error


def unpack_store(backup: Path, folder: Path) -> Path:
    """The store out of a backup, written into `folder`. Raises DamagedError if the backup is not whole, OSError."""
    check_zip(backup)
    with zipfile.ZipFile(backup) as archive:
        return Path(archive.extract(STORE if STORE in archive.namelist() else DUMP, folder))


def master_in(backup: Path) -> bytes | None:
    """The master workbook out of a backup that was checked, None if there is none in it."""
    with zipfile.ZipFile(backup) as archive:
        return archive.read(MASTER) if MASTER in archive.namelist() else None


def sound(store: Path) -> Mapping[str, int]:
    """How many rows each table of an unpacked store has, after checking the whole of it. Raises DamagedError."""
    if store.name == STORE:
        return examine(store)
    listed = subprocess.run(["pg_restore", "--list", str(store)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if listed.returncode:
        raise DamagedError("pg_restore 读不了它")
    return {}


def _pour(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def unpack_missing(backup: Path, settings: Path) -> list[str]:
    """Puts county.toml, the townships' passwords and the county's own forms where they are missing; the names of those put there.

    `settings` is where county.toml is wanted; one that is there is left as it is. Raises OSError, TaizhangError.
    """
    put = []
    with zipfile.ZipFile(backup) as archive:
        if SETTINGS in archive.namelist() and not settings.exists():
            settings.write_bytes(archive.read(SETTINGS))
            put.append(settings.name)
        part = load_settings(settings).settings
        places = {TOKENS: settings.parent / part.endpoint.tokens, KEY: settings.parent / part.privacy.key}
        if part.files.forms:
            own = settings.parent / part.files.forms
            places |= {name: own / name.removeprefix(FORMS) for name in archive.namelist() if name.startswith(FORMS)}
        for name, place in places.items():
            if name in archive.namelist() and not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, partial(_pour, archive.read(name)))
                put.append(place.name)
    return put

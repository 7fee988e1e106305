"""What is known of each backup: a small JSON file beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson

from sync_service.whole_files import write_whole

Why = Literal["hourly", "nightly", "manual"]
ENDING = ".zip"
PREFIX = "台账备份_"


@dataclass(frozen=True, slots=True)
class Record:
    """One backup.

    `file` is its name in the backup folder, `at` its moment (UTC text), `run` the newest run in it, `rows` how many rows each table
    of the store has in it ({} for PostgreSQL). `verified`: it was read back whole and holds what the store held.
    """

    file: str
    at: str
    why: Why
    run: int
    bytes: int
    sha256: str
    rows: Mapping[str, int]
    verified: bool


def beside(backup: Path) -> Path:
    """Where the record of a backup lies."""
    return backup.with_name(f"{backup.name}.json")


def write_record(folder: Path, record: Record) -> None:
    """Writes a backup's record beside it. Raises OSError."""
    content = orjson.dumps(asdict(record), option=orjson.OPT_INDENT_2)
    write_whole(beside(folder / record.file), lambda file: file.write(content))


def records(folder: Path) -> list[Record]:
    """The backups in a folder that are there with their records, newest first. Raises OSError if it cannot be read."""
    found = []
    for path in folder.glob(f"{PREFIX}*{ENDING}.json"):
        try:
            record = Record(**orjson.loads(path.read_bytes()))
        except (
            ValueError,
            TypeError,
        ):  # cut off by a power cut: the backup beside it can still be restored by its name
            continue
        backup = folder / record.file
        if backup.exists() and backup.stat().st_size == record.bytes:
            found.append(record)
    return sorted(found, key=lambda record: (record.at, record.file), reverse=True)


def last_verified(folder: Path) -> Record | None:
    """The newest backup that was verified. Raises OSError if the folder cannot be read."""
    return next((record for record in records(folder) if record.verified), None)

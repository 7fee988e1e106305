"""The store of one moment in a file of its own, while others go on reading and writing it; and whether such a file is sound."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

STEP = 1000
"""So many pages are copied before others get a turn."""
PATIENCE = 30
"""So many seconds a locked store is waited for."""


class DamagedError(Exception):
    """A database does not hold together. The text says where, and quotes no row."""


def _counted(connection: sqlite3.Connection) -> dict[str, int]:
    names = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def snapshot(store: Path, copy: Path) -> Mapping[str, int]:
    """Copies a SQLite store as it stands to `copy`; how many rows each of its tables has. Raises sqlite3.Error."""
    with (
        closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.execute("BEGIN")  # the copy is of the very moment in which the rows are counted
        rows = _counted(source)
        source.backup(target, pages=STEP)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        return rows


def examine(path: Path) -> Mapping[str, int]:
    """How many rows each table of a SQLite file has, after checking the whole of it.

    Raises DamagedError if its pages do not hold together or its rows refer to others that are not there.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise DamagedError(str(found))
            astray = connection.execute("PRAGMA foreign_key_check").fetchone()
            if astray:
                raise DamagedError(f"{astray[0]} 里有行指向不存在的行")
            return _counted(connection)
    except sqlite3.DatabaseError as error:
        raise DamagedError(str(error)) from error

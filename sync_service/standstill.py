"""Whether everything that a run's outcome depends on lies as it lay when a run had nothing to do.

This and `sync_service.door` load next to nothing, not even pathlib or typing: a pass with nothing changed is over before the
program would have been loaded.
"""

import json
import os
import time

Stamp = list[int] | None
"""What changes with a file; None if it is not there."""

CHANGED = 2
"""Where in a stamp stands when the file was last changed, in nanoseconds since 1970."""

Seen = dict[str, Stamp | dict[str, Stamp]]
"""Stamps of files by their paths, and of the files in folders by the folders' paths and their names."""

_OPEN = ("~$", ".~")
"""How the names begin of files that tell that a workbook is open."""

_OVERRIDES = "TAIZHANG_"
"""How the names of environment variables begin that settings and passwords are read from."""


def _stamp(path: str) -> Stamp:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if found.st_size == 0 and path.endswith("-wal"):  # SQLite leaves an empty one lying, or takes it away
        return None
    return [found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _listed(folder: str, endings: list[str]) -> dict[str, Stamp] | None:
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    wanted = tuple(endings)
    return {
        name: _stamp(os.path.join(folder, name))
        for name in names
        if name.lower().endswith(wanted) or name.startswith(_OPEN)
    }


def stamps(files: list[str]) -> dict[str, Stamp]:
    """How these files lie."""
    return {path: _stamp(path) for path in files}


def look(files: list[str], folders: dict[str, list[str]]) -> Seen:
    """How these files lie, and those in the folders whose names end so, or tell that a workbook is open."""
    return {**stamps(files), **{folder: _listed(folder, endings) for folder, endings in folders.items()}}


def overridden() -> bool:
    """Whether the environment may have a say in settings or passwords: what it says must not be noted down."""
    return any(name.upper().startswith(_OVERRIDES) for name in os.environ)


def note_of(county: str) -> str:
    """Where it is noted how everything lay; `county` is where county.toml lies."""
    folder, name = os.path.split(os.path.realpath(county))
    return os.path.join(folder, f".{name}.standstill")


class Standstill:
    """What a run found that had nothing to do, and how everything lay then.

    `moment` is when that was, in nanoseconds since 1970, and `day` the county's day. `text` is what it told people, `record`
    what it told programs, and `code` what it ended with.
    """

    def __init__(
        self,
        moment: int,
        day: str,
        files: list[str],
        folders: dict[str, list[str]],
        seen: Seen,
        text: str,
        record: dict[str, object],
        code: int,
    ) -> None:
        self.moment = moment
        self.day = day
        self.files = files
        self.folders = folders
        self.seen = seen
        self.text = text
        self.record = record
        self.code = code

    @classmethod
    def noted(cls, county: str) -> "Standstill":
        """The one that was noted of a county last. Raises OSError, ValueError or TypeError if there is none."""
        with open(note_of(county), encoding="utf-8") as file:
            return cls(**json.load(file))

    def lasts(self) -> bool:
        """Whether it is still the same day, and everything lies as it lay."""
        same_time = self.moment <= time.time_ns() and self.day == time.strftime("%Y-%m-%d")
        return same_time and not overridden() and look(self.files, self.folders) == self.seen

    def record_now(self) -> str:
        """What a run would tell programs that was made now."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        record = {**self.record, "at": max(now, str(self.record["at"]))}
        return json.dumps(record, ensure_ascii=False, indent=2)

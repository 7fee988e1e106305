"""Watching over a run: what its outcome depends on, and whether that lay all the while as it lies when there is nothing to do.

`sync_service.standstill` looks; this module knows where.
"""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from sync_service.gather import LOOKED_FOR
from sync_service.pipeline import RunReport
from sync_service.report_text import report_json, report_text
from sync_service.settings import CountySetup
from sync_service.sources.deadline import within
from sync_service.sources.naming import ENDINGS
from sync_service.standstill import CHANGED, Seen, Stamp, look, note_of, overridden
from sync_service.store import Store
from sync_service.unfinished import TYPING
from sync_service.whole_files import write_whole

_PACKAGES = ("workbook_templates", "validators", "sync_service")

_UNSTEADY = LOOKED_FOR - {"F28", "F29", "F36", "F48"}
"""What the next look at a workbook's place may say otherwise although the same files lie there: whether one is open (F27), say."""

_COARSE_NS, _TICK_NS = 2_000_000_000, 50_000_000
"""A file changed so shortly before may change once more and keep its time: where times are whole seconds (FAT), and elsewhere."""

_ANSWER_SECONDS = 2


class Watched(NamedTuple):
    """The files that the outcome of a county's runs depends on, and the folders with the endings of those files in them that do.

    `store` are those of the files that the store consists of.
    """

    files: list[str]
    folders: dict[str, list[str]]
    store: list[str]

    def look(self) -> Seen | None:
        """How everything lies now; None if a folder does not answer, which is for the run itself to wait for and to tell."""
        try:
            return within(_ANSWER_SECONDS, look, self.files, self.folders)
        except TimeoutError:
            return None


class Watch(NamedTuple):
    """How everything lay before a run began. The run knows of nothing that was changed after `moment` (nanoseconds since 1970)."""

    watched: Watched
    seen: Seen
    moment: int
    now: datetime


def watched(setup: CountySetup, county: Path) -> Watched | None:
    """What is to be watched of the county whose settings lie at `county`; None if its store is no file.

    Workbooks on other machines cannot be watched.
    """
    files = setup.settings.files
    if "://" in files.store:
        return None
    store = [str(setup.path(name)) for name in (files.store, f"{files.store}-wal")]
    secrets = [setup.path(name) for name in (setup.settings.access.passwords, setup.settings.privacy.key) if name]
    single = [str(path) for path in (county.resolve(), setup.path(files.master), *secrets)]
    endings = {str(path.parent): {*ENDINGS} for path in setup.workbooks.values()}
    endings.setdefault(str(setup.path(files.feedback)), set()).add(".xlsx")
    if files.forms:
        endings.setdefault(str(setup.path(files.forms)), set()).add(".toml")
    folders = {folder: sorted(ends) for folder, ends in endings.items()}
    return Watched([*single, *store], folders, store)


def _with_our_code(county: Watched) -> Watched:
    """The same, and our own modules and forms: another version may come to other results."""
    tops = [Path(__file__).parents[1] / package for package in _PACKAGES]
    folders = [folder for top in tops for folder in (top, *top.rglob("*")) if folder.is_dir()]
    code = {str(folder): [".py", ".toml"] for folder in folders if folder.name != "__pycache__"}
    return county._replace(folders={**code, **county.folders})


def begin_watch(one: Watched, moment: int, now: datetime) -> Watch | None:
    """Begins to watch over a run; None if that cannot be done."""
    seen = one.look()
    return Watch(one, seen, moment, now) if seen is not None else None


def watch_over(setup: CountySetup, county: Path, moment: int, now: datetime) -> Watch | None:
    """Begins to watch over a run of all townships; None if not all that its outcome depends on can be watched."""
    if overridden() or setup.workbooks.keys() != setup.addresses.keys():
        return None
    found = watched(setup, county)
    if found is None:
        return None
    return begin_watch(_with_our_code(found), moment, now)


def is_coarse(stamp: Stamp) -> bool:
    """Whether a file may be one whose times are kept in whole seconds."""
    return stamp is not None and stamp[CHANGED] % 1_000_000_000 == 0


def _is_settled(stamp: Stamp, moment: int) -> bool:
    return stamp is None or stamp[CHANGED] < moment - (_COARSE_NS if is_coarse(stamp) else _TICK_NS)


def _is_at_rest(watch: Watch) -> bool:
    """Whether nothing was saved so lately that it may change once more unseen."""
    for found in watch.seen.values():
        stamps = found.values() if isinstance(found, dict) else (found,)
        if not all(_is_settled(stamp, watch.moment) for stamp in stamps):
            return False
    return True


def _is_awaited(setup: CountySetup) -> bool:
    """Whether rows are held that somebody is still typing: their time runs out although nothing changes."""
    with Store.open(setup.store_url, setup.county.code) as store:
        return any(source.setup == TYPING for source in store.sources().values())


def had_nothing_to_do(watch: Watch, setup: CountySetup, report: RunReport) -> bool:
    """Whether the run neither found nor changed anything, and the next one, if everything lies so still, will do no more."""
    steady = not report.published and all(not line.read and line.status not in _UNSTEADY for line in report.townships)
    if not (steady and _is_at_rest(watch)) or _is_awaited(setup):
        return False
    return watch.watched.look() == watch.seen  # whatever the run had stored would show there


def leave_note(watch: Watch, county: Path, report: RunReport) -> None:
    """Notes down what a run found that had nothing to do, so that the next one need not begin. A full disk keeps it from that."""
    note = {
        "moment": watch.moment,
        "day": f"{watch.now:%Y-%m-%d}",
        "files": watch.watched.files,
        "folders": watch.watched.folders,
        "seen": watch.seen,
        "text": report_text(report),
        "record": orjson.loads(report_json(report)),
        "code": report.exit_code,
    }
    with suppress(OSError):
        write_whole(Path(note_of(str(county))), lambda file: file.write(json.dumps(note).encode()))

"""How the county stands: each township's last pull, the service, its nights, the store and its backups. Nothing personal is in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sync_service.alone import Holder, holder
from sync_service.backup.archive import sqlite_path
from sync_service.backup.keeping import backup_folder
from sync_service.backup.records import last_verified
from sync_service.gather import LOOKED_FOR
from sync_service.moments import moment
from sync_service.service.night import until_night
from sync_service.service.plan import service_lock
from sync_service.settings import CountySetup
from sync_service.store import Source, Store
from sync_service.store.pulls import Night, Pull
from sync_service.store.records import READ, KnownProblem, Run
from sync_service.store.standing import Standing
from workbook_templates.catalogue import catalogue
from workbook_templates.place import Township

WHOLE = LOOKED_FOR | {READ}
"""With these, the last reading was of a workbook that could be read; what is in the way now came later."""
NEVER = "F36"
"""What is said of a workbook that has not come yet, by its code in the catalogue."""


@dataclass(frozen=True, slots=True)
class TownshipStatus:
    """One township. Moments are UTC text, "" for never.

    `reached_at` is when its workbook was last got at, `failing_since` from when on it is not, `next_at` when it is looked at again.
    `status` is "ok" or the code of what is in the way, `state` the same in a few words, `message` in whole ones, `cure` what to do.
    """

    code: str
    name: str
    rows: int
    errors: int
    warnings: int
    held: int
    status: str
    state: str
    message: str
    cure: str
    looked_at: str
    reached_at: str
    failing_since: str
    next_at: str


@dataclass(frozen=True, slots=True)
class Status:
    """The county at a moment. `last_night` is the day of the last night that was gone through, `undone` its steps that failed. `next_pull` is "" while no service runs, `store_bytes` None for a store on a server.

    `backup_at` is the moment of the last backup that was read back and found whole, "" if there is none.
    """

    county: str
    at: str
    service: Holder | None
    townships: tuple[TownshipStatus, ...]
    last_run: int | None
    last_run_at: str
    next_pull: str
    last_night: str
    last_night_at: str
    undone: tuple[str, ...]
    next_night: str
    store_bytes: int | None
    backup_wanted: bool
    backup_at: str
    backup_file: str


class _Known(NamedTuple):
    """What the store says."""

    standing: Mapping[str, Standing] = {}
    sources: Mapping[str, Source] = {}
    problems: Sequence[KnownProblem] = ()
    pulls: Mapping[str, Pull] = {}
    run: Run | None = None
    night: Night | None = None


def _known(setup: CountySetup) -> _Known:
    if not setup.has_store:
        return _Known()
    with Store.open(setup.store_url, setup.county.code) as store:
        sources = store.sources()
        hindered = {source.status for source in sources.values()} - {READ}
        problems = store.problems(codes=hindered) if hindered else ()
        run, night = next(iter(store.runs(1)), None), next(iter(store.nights(1)), None)
        return _Known(store.standing(), sources, problems, store.pulls(), run, night)


def _township(unit: Township, known: _Known, tables: Collection[str], *, served: bool) -> TownshipStatus:
    here, source, pull = known.standing.get(unit.code), known.sources.get(unit.code), known.pulls.get(unit.code)
    status = source.status if source else NEVER
    told = next((p.problem for p in known.problems if (p.township, p.problem.code) == (unit.code, status)), None)
    return TownshipStatus(
        unit.code,
        unit.name,
        sum(n for form, n in here.rows.items() if form in tables) if here else 0,
        here.errors if here else 0,
        here.warnings if here else 0,
        sum(here.held.values()) if here else 0,
        status,
        "正常" if status == READ else catalogue()[status].short,
        told.message if told else "",
        told.cure if told else "",
        pull.looked_at if pull else "",
        max(pull.reached_at if pull else "", source.read_at if source and status in WHOLE else ""),
        pull.failing_since if pull else "",
        pull.next_at if pull and served else "",
    )


def _size(store: Path) -> int:
    """Bytes of a store with what has not been written into its file yet."""
    return sum(path.stat().st_size for path in (store, store.with_name(f"{store.name}-wal")) if path.exists())


def county_status(setup: CountySetup, now: datetime) -> Status:
    """How the county stands now. Raises StoreError if the store cannot be read, FormError if the forms cannot."""
    known = _known(setup)
    tables = {form.id for form in setup.forms().values() if form.layout == "table"}
    service = holder(service_lock(setup))
    townships = tuple(_township(unit, known, tables, served=service is not None) for unit in setup.townships)
    night = now + timedelta(seconds=until_night(now, setup.settings.service.night_time))
    path, folder = sqlite_path(setup), backup_folder(setup)
    backup = last_verified(folder) if folder and folder.is_dir() else None
    return Status(
        setup.county.name,
        moment(now),
        service,
        townships,
        known.run.id if known.run else None,
        known.run.finished_at if known.run else "",
        min((one.next_at for one in townships if one.next_at), default=""),
        known.night.night if known.night else "",
        known.night.finished_at if known.night else "",
        tuple(known.night.undone.split()) if known.night else (),
        moment(night),
        _size(path) if path else None,
        folder is not None,
        backup.at if backup else "",
        backup.file if backup else "",
    )

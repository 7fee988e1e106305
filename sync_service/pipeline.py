"""A run: look, judge, merge, apply, publish."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync_service.alone import alone
from sync_service.gather import Judged, Progress, Sighting, judge, look, says_the_same, verdict_of
from sync_service.moments import moment
from sync_service.outputs import MASTER, Publication, publish_outputs
from sync_service.readings import Grounds, planned, readings
from sync_service.references import NOTHING, held_by
from sync_service.review.carrying import ReadBack, carry_out_decisions
from sync_service.review.history import Stated
from sync_service.review.overlaying import CountySays
from sync_service.review.telling import told_townships
from sync_service.settings import CountySetup
from sync_service.sources.crew import Crew
from sync_service.sources.places import Places, places
from sync_service.spool import Spool, spooled
from sync_service.store import Source, Store
from sync_service.store.records import READ, Tally
from sync_service.working_out import work_out
from validators.problems import Problem
from workbook_templates.form import Forms


@dataclass(frozen=True, slots=True)
class TownshipReport:
    """What a run did for one township. `read` tells whether its workbook was read in this run.

    `status` is "ok" or the code of the problem that kept the workbook from being read. `errors` and `warnings` are the
    open ones now, whenever they were found.
    """

    code: str
    name: str
    read: bool
    status: str
    rows: int
    new: int
    changed: int
    gone: int
    held: int
    errors: int
    warnings: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. `run` is its number in the store, None if nothing changed in what the townships say.

    `decided` is the number of the run in which what the coordinator had written in the master was carried out, if anything.
    """

    run: int | None
    at: str
    townships: tuple[TownshipReport, ...]
    published: tuple[Publication, ...]
    decided: int | None = None

    @property
    def exit_code(self) -> int:
        """0 all is well, 1 there are problems to mend, 2 something could not be read or written."""
        if any(line.status != READ for line in self.townships) or any(one.trouble for one in self.published):
            return 2
        return 1 if any(line.errors or line.held for line in self.townships) else 0


def _reports(
    grounds: Grounds,
    looks: Sequence[Sighting],
    read: Collection[str],
    run: int | None,
    shared: Mapping[str, Sequence[Problem]],
) -> Iterator[TownshipReport]:
    store, setup = grounds.store, grounds.setup
    tables = {form.id for form in grounds.forms.values() if form.layout == "table"}
    standing, sources = store.standing(), store.sources()
    did: dict[str, list[Tally]] = defaultdict(list)
    for tally in store.tallies(run) if run else ():
        if tally.run == run and tally.form in tables:
            did[tally.township].append(tally)
    in_the_way = {one.status for one in sources.values() if one.status != READ}
    hindrances = {
        known.township: known.problem
        for known in reversed(store.problems(codes=in_the_way) if in_the_way else [])
        if known.township in sources and known.problem.code == sources[known.township].status
    }
    looked_at = {one.township.code for one in looks}
    for township in setup.townships:
        here, counts = standing.get(township.code), did[township.code]
        hindrance = hindrances.get(township.code) if township.code in looked_at else None
        yield TownshipReport(
            township.code,
            township.name,
            township.code in read,
            sources[township.code].status if township.code in sources else READ,
            sum(n for form, n in here.rows.items() if form in tables) if here else 0,
            sum(count.new for count in counts),
            sum(count.changed for count in counts),
            sum(count.gone for count in counts),
            sum(here.held.values()) if here else 0,
            here.errors if here else 0,
            (here.warnings if here else 0) + sum(one.open for one in shared.get(township.code, ())),
            f"{hindrance.message}。{hindrance.cure}" if hindrance else "",
        )


def _look_and_judge(
    grounds: Grounds,
    source: Places,
    known: Mapping[str, Source],
    spool: Spool,
    crew: Crew,
    now: datetime,
    among: Collection[str] | None,
    full: bool,
    progress: Progress,
) -> tuple[list[Sighting], dict[str, Judged]]:
    """Looks at every workbook, or those in the places of `among`, and judges those that are due.

    The county bureau's come first, for others are judged by them.
    """
    setup, forms = grounds.setup, grounds.forms
    found = {one.township: one for one in (source if among is None else source.only(among)).look()}
    held, looks, judged = NOTHING, list[Sighting](), dict[str, Judged]()
    for filler in ("county", "township"):
        fillers = [unit for unit in setup.townships if unit.filler == filler]
        units = [(unit, found[unit.code]) for unit in fillers if unit.code in found]
        here = look(setup, forms, source, units, known, now, held.fingerprint, full=full)
        due = [one for one in here if one.due]
        references = held.rows() if due else {}
        judged |= {
            one.township.code: verdict
            for one, verdict in judge(setup, forms, source, due, now.date(), references, spool, crew, progress)
            if full or not says_the_same(verdict, one, known.get(one.township.code))
        }
        looks += here
        for unit in fillers if filler == "county" else ():
            taken = unit.code in judged and not judged[unit.code].refused
            plans = [plan for plan, _, _ in planned(grounds, spool.kept(verdict_of(unit.code)))] if taken else []
            held = held_by(grounds.store, forms, unit, plans)
    return looks, judged


def _unread(setup: CountySetup, decided: ReadBack) -> Iterator[Publication]:
    """What the coordinator is told if the master that she saved cannot be read."""
    if decided.trouble:
        path = str(setup.path(setup.settings.files.master))
        yield Publication(MASTER, path, f"县级总台账里填写的内容读不出来：{decided.trouble}", trouble=True)


def run(
    setup: CountySetup,
    forms: Forms,
    now: datetime,
    *,
    full: bool = False,
    among: Collection[str] | None = None,
    patience: float = 0,
    crew: Crew | None = None,
    progress: Progress = lambda done, total, name: None,  # noqa: ARG005 - nobody watches
) -> RunReport:
    """One run: carry out what the coordinator decided, look at every township, read and judge what changed, merge, apply, publish.

    With `full`, every workbook is read again. With `among` (codes of townships), only the places where their workbooks
    lie are looked at. Another run at work is waited for, `patience` seconds. With a `crew`, its processes do the work and are
    kept, unless workbooks lie on other machines: connections to those end with the run. Raises StoreError or TaizhangError if the
    county itself cannot be worked on; what hinders a single township is in the report.
    """
    at = moment(now)
    source = places(setup.addresses, setup.access, setup.settings.limits.look_seconds)
    with (
        alone(setup.folder, patience),
        spooled(setup.folder) as spool,
        Crew() as own,
        (own if crew is None or source.others else crew).shift(setup.settings.limits.jobs) as hands,
        Store.open(setup.store_url, setup.county.code) as store,
    ):
        store.show(forms.values())
        decided = carry_out_decisions(store, setup, forms, hands, now)
        grounds = Grounds(setup, forms, store, CountySays(Stated(store.statements()), now.date()))
        known = store.sources()
        looks, judged = _look_and_judge(grounds, source, known, spool, hands, now, among, full, progress)
        applied = store.apply(readings(grounds, looks, judged, spool, known, now), started_at=at, at=at)
        work_out(store, setup, forms, hands, applied.at)
        shared = told_townships(store, forms)
        published = publish_outputs(store, setup, forms, source, spool, hands, shared)
        reports = tuple(_reports(grounds, looks, judged, applied.run, shared))
        return RunReport(applied.run, applied.at, reports, (*_unread(setup, decided), *published), decided.run)

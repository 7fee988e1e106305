"""A run: look, judge, merge, apply, publish."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync_service.alone import alone
from sync_service.gather import LOOKED_FOR, Judged, Progress, Sighting, judge, look, says_the_same
from sync_service.last_period import sent_again
from sync_service.merge import Plan, Policy, merge
from sync_service.moments import moment
from sync_service.outputs import MASTER, Publication, publish_outputs
from sync_service.privacy.refusing import without_forgotten
from sync_service.references import NOTHING, held_by
from sync_service.review.carrying import ReadBack, carry_out_decisions
from sync_service.review.history import Stated
from sync_service.review.overlaying import CountySays
from sync_service.review.refreshing import refresh_cases
from sync_service.review.telling import LEFT_OUT, told_townships
from sync_service.settings import CountySetup
from sync_service.sources.places import Places, kept, places
from sync_service.store import Reading, Source, Store
from sync_service.store.review_records import Statement
from sync_service.unfinished import BLANK, HELD, TYPING, hold_back, is_fresh
from validators.checked import Checked, CheckedSheet
from validators.problems import Problem, problem
from workbook_templates.form import Forms

READ = "ok"


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


def _about(plan: Plan, sheet: CheckedSheet, title: str, out: Collection[str]) -> list[Problem]:
    """What the clerk is told of a plan: rows held, rows whose change the county undid, and rows (`out`) that are another's."""
    told = []
    held = len(plan.held) + len(plan.still_held)
    if held:
        told.append(problem("L02", {"form": title, "n": held}, sheet=sheet.sheet, form=sheet.form))
    rows = {row.key: row.row for row in sheet.rows}
    told += [
        problem(
            LEFT_OUT if refusal.key in out else "L03",
            sheet=sheet.sheet,
            form=sheet.form,
            key=refusal.key,
            row=rows[refusal.key],
        )
        for refusal in plan.refused
        if refusal.digest is not None
    ]
    return told


def _source(setup: CountySetup, one: Sighting, judged: Judged | None, known: Source | None, at: str) -> Source:
    """How the workbook is remembered: by the mark of its last reading, and what hinders it now."""
    hindered = next((p.code for p in one.found.problems if p.severity == "error" or p.code == "F27"), None)
    if judged is None:
        before = known or Source(one.township.code, "", 0, 0, "", "", READ, "")
        if one.mark is None:
            return replace(before, status=hindered or READ)
        return replace(before, size=one.mark.size, mtime_ns=one.mark.mtime_ns)
    match judged.verdict:
        case Problem(code=status):
            pass
        case Checked(sheets=sheets, problems=problems) if not any(sheet.complete for sheet in sheets):
            status = next(p.code for p in problems if p.severity == "error")
        case _:
            status = READ
    assert one.found.item
    path = kept(setup.folder, one.found.item.place)
    mark = judged.mark
    held = isinstance(judged.verdict, Checked) and any(p.code == HELD for p in judged.verdict.problems)
    judged_by = TYPING if held else one.setup
    return Source(one.township.code, path, mark.size, mark.mtime_ns, mark.digest.hex(), judged_by, status, at)


def _plans(
    store: Store, setup: CountySetup, forms: Forms, verdict: Checked, county: CountySays
) -> Iterator[tuple[Plan, list[Problem], Sequence[Statement]]]:
    """What the sheets of a workbook mean for the stored rows, with what is to be told of it, and of the county's corrections."""
    limits = setup.settings.limits
    for sheet in verdict.sheets:
        form = forms[sheet.form]
        policy = Policy(limits.held_rows, limits.held_percent, form.recognise)
        laid = county.lay_over(form, store.current(verdict.township, form.id), sheet)
        plan = merge(laid.stored, laid.sheet, policy)
        yield plan, _about(plan, sheet, form.title, laid.out), laid.statements


def _readings(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    looks: Sequence[Sighting],
    judged: Mapping[str, Judged],
    known: Mapping[str, Source],
    county: CountySays,
    at: str,
) -> Iterator[Reading]:
    """What the looks and verdicts mean for the store; townships of which there is nothing new are left out."""
    before: dict[str, list[Problem]] = defaultdict(list)
    for old in store.problems(codes=LOOKED_FOR) if len(judged) < len(looks) else ():
        before[old.township].append(old.problem)
    for one in looks:
        code = one.township.code
        verdict = judged[code].verdict if code in judged else None
        source = _source(setup, one, judged.get(code), known.get(code), at)
        if isinstance(verdict, Checked) and source.status == READ:
            planned = list(_plans(store, setup, forms, verdict, county))
            told = [p for _, about, _ in planned for p in about]
            plans = [plan for plan, _, _ in planned]
            told += sent_again(forms, plans, verdict.sheets)
            stated = [one for _, _, statements in planned for one in statements]
            found = [*one.found.problems, *verdict.problems, *told]
            yield Reading(source, plans, found, stated, verdict.rejected)
        elif verdict is not None or _to_write(one, known.get(code), before[code]):
            stands = [old.problem for old in store.problems(code)]
            if verdict is None and one.mark is not None:  # what was said of the file at its last reading still holds
                said = [p for p in stands if p.code not in LOOKED_FOR]
            else:
                now = [verdict] if isinstance(verdict, Problem) else [*verdict.problems] if verdict else []
                said = [*now, *(p for p in stands if p.form)]  # what was found in the rows then stands meanwhile
            yield Reading(source, [], [*one.found.problems, *said])


def _to_write(one: Sighting, known: Source | None, before: Sequence[Problem]) -> bool:
    """Whether there is anything to tell the store of a workbook that is not due: its file moved, or its place changed."""
    if one.mark is None or known is None:
        return True
    same_file = (one.mark.size, one.mark.mtime_ns) == (known.size, known.mtime_ns)
    return (
        not same_file or known.status != READ or list(one.found.problems) != [p for p in before if p.code in LOOKED_FOR]
    )


def _reports(
    setup: CountySetup,
    forms: Forms,
    store: Store,
    readings: Sequence[Reading],
    read: Collection[str],
    shared: Mapping[str, Sequence[Problem]],
) -> Iterator[TownshipReport]:
    by_code = {reading.source.township: reading for reading in readings}
    standing, sources = store.standing(), store.sources()
    for township in setup.townships:
        reading, here = by_code.get(township.code), standing.get(township.code)
        counts = [p.counts for p in reading.plans if forms[p.form].layout == "table"] if reading else []
        status = sources[township.code].status if township.code in sources else READ
        hindrance = next((p for p in reading.problems if p.code == status), None) if reading else None
        yield TownshipReport(
            township.code,
            township.name,
            township.code in read,
            status,
            sum(n for form, n in here.rows.items() if form in forms and forms[form].layout == "table") if here else 0,
            sum(count.new for count in counts),
            sum(count.changed for count in counts),
            sum(count.gone for count in counts),
            sum(here.held.values()) if here else 0,
            here.errors if here else 0,
            (here.warnings if here else 0) + sum(one.open for one in shared.get(township.code, ())),
            f"{hindrance.message}。{hindrance.cure}" if hindrance else "",
        )


def _look_and_judge(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    source: Places,
    known: Mapping[str, Source],
    county: CountySays,
    now: datetime,
    among: Collection[str] | None,
    full: bool,
    progress: Progress,
) -> tuple[list[Sighting], dict[str, Judged]]:
    """Looks at every workbook, or those in the places of `among`, and judges those that are due.

    The county bureau's come first, for others are judged by them.
    """
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
            for one, verdict in judge(setup, forms, source, due, now.date(), references, progress)
            if full or not says_the_same(verdict, one, known.get(one.township.code))
        }
        looks += here
        for unit in fillers if filler == "county" else ():
            verdict = judged[unit.code].verdict if unit.code in judged else None
            planned = _plans(store, setup, forms, verdict, county) if isinstance(verdict, Checked) else ()
            plans = [plan for plan, _, _ in planned]
            held = held_by(store, forms, unit, plans)
    return looks, judged


def _still_typing(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    looks: Sequence[Sighting],
    judged: Mapping[str, Judged],
    now: datetime,
) -> dict[str, Judged]:
    """The verdicts, with what is missing in rows that somebody is still typing told as 填写中."""
    waited = dict(judged)
    for one in looks:
        item, verdict = one.found.item, judged[one.township.code].verdict if one.township.code in judged else None
        if not (item and isinstance(verdict, Checked) and is_fresh(item.changed, now, setup.patience)):
            continue
        known = store.problems(one.township.code, codes={HELD, *BLANK})
        begun = {run.id: datetime.fromisoformat(run.started_at) for run in store.runs()} if known else {}
        lacking = {p.form for p in verdict.problems if p.code in BLANK and forms[p.form].layout == "table"}
        stored = {form: store.current(one.township.code, form).rows for form in lacking}
        held = hold_back(verdict, stored, known, begun, now, setup.patience)
        waited[one.township.code] = replace(judged[one.township.code], verdict=held)
    return waited


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
    progress: Progress = lambda done, total, name: None,  # noqa: ARG005 - nobody watches
) -> RunReport:
    """One run: carry out what the coordinator decided, look at every township, read and judge what changed, merge, apply, publish.

    With `full`, every workbook is read again. With `among` (codes of townships), only the places where their workbooks
    lie are looked at. Another run at work is waited for, `patience` seconds. Raises StoreError or TaizhangError if the
    county itself cannot be worked on; what hinders a single township is in the report.
    """
    at = moment(now)
    with alone(setup.folder, patience), Store.open(setup.store_url, setup.county.code) as store:
        store.show(forms.values())
        source = places(setup.addresses, setup.access, setup.settings.limits.look_seconds)
        decided = carry_out_decisions(store, setup, forms, now)
        county = CountySays(Stated(store.statements()), now.date())
        known = store.sources()
        looks, judged = _look_and_judge(store, setup, forms, source, known, county, now, among, full, progress)
        judged = _still_typing(store, setup, forms, looks, judged, now)
        judged = without_forgotten(setup, forms, judged, store.forgotten())
        readings = list(_readings(store, setup, forms, looks, judged, known, county, at))
        applied = store.apply(readings, started_at=at, at=at)
        refresh_cases(store, setup, forms, applied.at)
        shared = told_townships(store, forms)
        published = publish_outputs(store, setup, forms, source, shared)
        reports = tuple(_reports(setup, forms, store, readings, judged, shared))
        return RunReport(applied.run, applied.at, reports, (*_unread(setup, decided), *published), decided.run)

"""What judged workbooks mean for the store: each verdict laid beside what is stored, one township at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync_service.gather import LOOKED_FOR, Judged, Sighting, verdict_of
from sync_service.last_period import sent_again
from sync_service.merge import Plan, Policy, merge
from sync_service.moments import moment
from sync_service.privacy.refusing import refusing
from sync_service.review.overlaying import CountySays
from sync_service.review.telling import LEFT_OUT
from sync_service.settings import CountySetup
from sync_service.sources.places import kept
from sync_service.spool import Spool
from sync_service.store import Reading, Source, Store
from sync_service.store.records import READ
from sync_service.store.review_records import Statement
from sync_service.unfinished import BLANK, HELD, TYPING, hold_back, is_fresh
from validators.checked import Checked, CheckedSheet
from validators.problems import Problem, problem
from workbook_templates.form import Forms


@dataclass(frozen=True, slots=True)
class Grounds:
    """What verdicts are held against: the county's settings and forms, what is stored, and what the county decided."""

    setup: CountySetup
    forms: Forms
    store: Store
    county: CountySays


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


def planned(grounds: Grounds, verdict: Checked) -> Iterator[tuple[Plan, list[Problem], Sequence[Statement]]]:
    """What the sheets of a workbook mean for the stored rows, with what is to be told of it, and of the county's corrections."""
    limits = grounds.setup.settings.limits
    stored = grounds.store.current(verdict.township, [sheet.form for sheet in verdict.sheets])
    for sheet in verdict.sheets:
        form = grounds.forms[sheet.form]
        policy = Policy(limits.held_rows, limits.held_percent, form.recognise)
        laid = grounds.county.lay_over(form, stored[form.id], sheet)
        plan = merge(laid.stored, laid.sheet, policy)
        yield plan, _about(plan, sheet, form.title, laid.out), laid.statements


def _still_typing(grounds: Grounds, one: Sighting, verdict: Checked, now: datetime) -> Checked:
    """The verdict, with what is missing in rows that somebody is still typing told as 填写中."""
    patience, store = grounds.setup.patience, grounds.store
    if one.found.item is None or not is_fresh(one.found.item.changed, now, patience):
        return verdict
    known = store.problems(one.township.code, codes={HELD, *BLANK})
    begun = {run.id: datetime.fromisoformat(run.started_at) for run in store.runs()} if known else {}
    lacking = {p.form for p in verdict.problems if p.code in BLANK and grounds.forms[p.form].layout == "table"}
    stored = store.current(one.township.code, lacking)
    return hold_back(verdict, {form: here.rows for form, here in stored.items()}, known, begun, now, patience)


def _source(
    setup: CountySetup, one: Sighting, judged: Judged | None, verdict: Checked | None, known: Source | None, at: str
) -> Source:
    """How the workbook is remembered: by the mark of its last reading, and what hinders it now."""
    if judged is None:
        hindered = next((p.code for p in one.found.problems if p.severity == "error" or p.code == "F27"), READ)
        before = known or Source(one.township.code, "", 0, 0, "", "", READ, "")
        if one.mark is None:
            return replace(before, status=hindered)
        return replace(before, size=one.mark.size, mtime_ns=one.mark.mtime_ns)
    if judged.refused:
        status = judged.refused.code
    elif verdict and not any(sheet.complete for sheet in verdict.sheets):
        status = next(p.code for p in verdict.problems if p.severity == "error")
    else:
        status = READ
    assert one.found.item
    path = kept(setup.folder, one.found.item.place)
    mark = judged.mark
    held = verdict is not None and any(p.code == HELD for p in verdict.problems)
    judged_by = TYPING if held else one.setup
    return Source(one.township.code, path, mark.size, mark.mtime_ns, mark.digest.hex(), judged_by, status, at)


def _to_write(one: Sighting, known: Source | None, before: Sequence[Problem]) -> bool:
    """Whether there is anything to tell the store of a workbook that is not due: its file moved, or its place changed."""
    if one.mark is None or known is None:
        return True
    same_file = (one.mark.size, one.mark.mtime_ns) == (known.size, known.mtime_ns)
    return (
        not same_file or known.status != READ or list(one.found.problems) != [p for p in before if p.code in LOOKED_FOR]
    )


def _taken(grounds: Grounds, one: Sighting, source: Source, verdict: Checked) -> Reading:
    """The reading of a workbook that was judged."""
    laid = list(planned(grounds, verdict))
    plans = [plan for plan, _, _ in laid]
    told = [p for _, about, _ in laid for p in about]
    told += sent_again(grounds.forms, plans, verdict.sheets)
    stated = [one for _, _, statements in laid for one in statements]
    return Reading(source, plans, [*one.found.problems, *verdict.problems, *told], stated, verdict.rejected)


def _left(store: Store, one: Sighting, source: Source, found: Sequence[Problem] | None) -> Reading:
    """The reading of a workbook whose rows stay as they stand. `found` is why it could not be taken; None if it was not due."""
    stands = [old.problem for old in store.problems(source.township)]
    if found is None and one.mark is not None:  # what was said of the file at its last reading still holds
        said = [p for p in stands if p.code not in LOOKED_FOR]
    else:
        said = [*(found or ()), *(p for p in stands if p.form)]  # what was found in the rows then stands meanwhile
    return Reading(source, [], [*one.found.problems, *said])


def readings(
    grounds: Grounds,
    looks: Sequence[Sighting],
    judged: Mapping[str, Judged],
    spool: Spool,
    known: Mapping[str, Source],
    now: datetime,
) -> Iterator[Reading]:
    """What the looks and verdicts mean for the store, in the order of the townships' codes.

    Townships of which there is nothing new are left out. Only one township's rows are in memory at a time: each verdict is
    taken from the spool when its turn comes. Raises TaizhangError if it is not there any more, or the key is missing by
    which the people are known who were erased.
    """
    store = grounds.store
    without_forgotten = refusing(grounds.setup, grounds.forms, store.forgotten())
    before: dict[str, list[Problem]] = defaultdict(list)
    for old in store.problems(codes=LOOKED_FOR) if len(judged) < len(looks) else ():
        before[old.township].append(old.problem)
    for one in sorted(looks, key=lambda look: look.township.code):
        code = one.township.code
        given, verdict = judged.get(code), None
        if given and not given.refused:
            verdict = without_forgotten(_still_typing(grounds, one, spool.kept(verdict_of(code)), now))
            spool.drop(verdict_of(code))
        source = _source(grounds.setup, one, given, verdict, known.get(code), moment(now))
        if verdict and source.status == READ:
            yield _taken(grounds, one, source, verdict)
        elif given or _to_write(one, known.get(code), before[code]):
            found = [given.refused] if given and given.refused else verdict.problems if verdict else None
            yield _left(store, one, source, found)

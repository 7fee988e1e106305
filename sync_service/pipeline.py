"""A run: look, judge, merge, apply, publish."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sync_service.gather import Judged, Look, Progress, judge, look
from sync_service.merge import Plan, Policy, merge
from sync_service.outputs import Publication, publish_outputs
from sync_service.settings import CountySetup
from sync_service.sources.folder import FolderSource
from sync_service.store import Reading, Source, Store
from validators.checked import Checked, CheckedSheet
from validators.problems import Problem, problem
from workbook_templates.form import Forms

READ = "ok"
LOOKED_FOR = frozenset(["F27", "F28", "F29", "F34"])
"""What a look at the folder finds; it holds only as long as the look finds it again."""


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
    """What a run did. `run` is its number in the store, None if nothing changed."""

    run: int | None
    at: str
    townships: tuple[TownshipReport, ...]
    published: tuple[Publication, ...]

    @property
    def exit_code(self) -> int:
        """0 all is well, 1 there are problems to mend, 2 something could not be read or written."""
        if any(line.status != READ for line in self.townships) or any(one.trouble for one in self.published):
            return 2
        return 1 if any(line.errors or line.held for line in self.townships) else 0


def moment(now: datetime) -> str:
    """A moment as the store writes it: UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _about(plan: Plan, sheet: CheckedSheet, title: str) -> list[Problem]:
    """What the clerk is told of a plan: rows held, and rows whose change was undone by the county."""
    place = {"sheet": sheet.sheet, "form": sheet.form}
    told = []
    held = len(plan.held) + len(plan.still_held)
    if held:
        told.append(problem("L02", {"form": title, "n": held}, **place))
    rows = {row.key: row.row for row in sheet.rows}
    told += [
        problem("L03", key=refusal.key, row=rows[refusal.key], **place)
        for refusal in plan.refused
        if refusal.digest is not None
    ]
    return told


def _is_about_the_file(one: Problem) -> bool:
    return not one.sheet and not one.form


def _source(setup: CountySetup, one: Look, judged: Judged | None, known: Source | None, at: str) -> Source:
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
    path = os.path.relpath(one.found.item.path, setup.folder)
    mark = judged.mark
    return Source(one.township.code, path, mark.size, mark.mtime_ns, mark.digest.hex(), one.setup, status, at)


def _reading(
    store: Store, setup: CountySetup, forms: Forms, one: Look, judged: Judged | None, known: Source | None, at: str
) -> Reading:
    """What one township's look and verdict mean for the store."""
    source = _source(setup, one, judged, known, at)
    verdict = judged.verdict if judged else None
    if isinstance(verdict, Checked) and source.status == READ:
        plans, told = [], list[Problem]()
        for sheet in verdict.sheets:
            form = forms[sheet.form]
            limits = setup.settings.limits
            policy = Policy(limits.held_rows, limits.held_percent, form.recognise)
            plan = merge(store.current(one.township.code, form.id), sheet, policy)
            plans.append(plan)
            told += _about(plan, sheet, form.title)
        return Reading(source, plans, [*one.found.problems, *verdict.problems, *told])
    before = [old.problem for old in store.problems(one.township.code)]
    stands = [p for p in before if not _is_about_the_file(p)]
    if verdict is None and one.mark is not None:  # not due: what was said of the file at its reading still holds
        stands = [p for p in before if p.code not in LOOKED_FOR]
        return Reading(source, [], [*one.found.problems, *stands])
    refused = [verdict] if isinstance(verdict, Problem) else [*verdict.problems] if verdict else []
    return Reading(source, [], [*one.found.problems, *refused, *stands])


def _reports(
    setup: CountySetup, readings: Sequence[Reading], read: Mapping[str, bool], totals: Mapping[str, int], names: Forms
) -> Iterator[TownshipReport]:
    by_code = {reading.source.township: reading for reading in readings}
    for township in setup.townships:
        reading = by_code[township.code]
        counts = [plan.counts for plan in reading.plans if names[plan.form].layout == "table"]
        still = sum(len(plan.held) + len(plan.still_held) for plan in reading.plans)
        severities = Counter(p.severity for p in reading.problems if p.open)
        status = reading.source.status
        hindrance = next((p for p in reading.problems if p.code == status), None)
        yield TownshipReport(
            township.code,
            township.name,
            read[township.code],
            status,
            totals.get(township.code, 0),
            sum(count.new for count in counts),
            sum(count.changed for count in counts),
            sum(count.gone for count in counts),
            still,
            severities["error"],
            severities["warning"],
            f"{hindrance.message}。{hindrance.cure}" if hindrance else "",
        )


def run(
    setup: CountySetup,
    forms: Forms,
    now: datetime,
    *,
    full: bool = False,
    progress: Progress = lambda done, total, name: None,  # noqa: ARG005 - nobody watches
) -> RunReport:
    """One run: look at every township, read and judge what changed, merge, apply all at once, publish.

    With `full`, every workbook is read again. Raises StoreError or TaizhangError if the county itself cannot be
    worked on; what hinders a single township is in the report.
    """
    at = moment(now)
    with Store.open(setup.store_url, setup.county.code) as store:
        store.show(forms.values())
        source = FolderSource(setup.workbooks)
        known = store.sources()
        looks = look(setup, forms, source, known, full=full)
        due = [one for one in looks if one.due]
        judged = {one.township.code: verdict for one, verdict in judge(setup, forms, source, due, now.date(), progress)}
        readings = [
            _reading(store, setup, forms, one, judged.get(one.township.code), known.get(one.township.code), at)
            for one in looks
        ]
        applied = store.apply(readings, started_at=at, at=moment(datetime.now(UTC)))
        published = publish_outputs(store, setup, forms, source, now)
        read = {one.township.code: one.township.code in judged for one in looks}
        totals = store.row_counts(tuple(form.id for form in forms.values() if form.layout == "table"))
        return RunReport(applied.run, applied.at, tuple(_reports(setup, readings, read, totals, forms)), published)

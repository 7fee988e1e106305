"""What the store holds, as the master workbook and the feedback show it."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import orjson

from sync_service.differences import WHAT, differences
from sync_service.master.content import NORMAL, Change, MasterContent, MasterRow, TownshipLine, TownshipProblem
from sync_service.moments import local
from sync_service.settings import CountySetup
from sync_service.sources.address import is_local
from sync_service.store import Source, Store
from sync_service.store.records import Event, KnownProblem, Row
from sync_service.store.standing import Standing
from validators.problems import Problem, problem
from workbook_templates.catalogue import catalogue
from workbook_templates.form import Form, Forms

SHOWN_RUNS = 10
MANY = 50
"""More rows than this that one run adds to or closes in one form of one township are told as one line."""

TREND = 8


def between_townships(store: Store, forms: Forms) -> dict[str, list[Problem]]:
    """What concerns several townships, by township: the same person or row twice (J01), and moves (J17)."""
    found: dict[str, list[Problem]] = defaultdict(list)
    places: dict[tuple[str, str, str], Row] = {}
    conflicts = [
        conflict
        for form in forms.values()
        if form.person
        for conflict in store.conflicts(form.id, by_person=form.roster)
    ]
    moves = [move for move in store.moves() if move.form in forms and forms[move.form].person]
    keys: dict[str, set[str]] = defaultdict(set)
    for conflict in conflicts:
        keys[conflict.form] |= {key for _, key in conflict.places}
    for move in moves:
        keys[move.form].add(move.key)
    for form_id, wanted in keys.items():
        places |= {(form_id, row.township, row.key): row for row in store.rows(form_id, wanted)}

    def report(code: str, form: Form, township: str, key: str) -> None:
        row = places[form.id, township, key]
        column = form.by_id[form.person]
        shown = column.of.mask(str(orjson.loads(row.payload).get(form.person, "")))
        found[township].append(
            problem(
                code,
                {"what": column.header},
                sheet=row.sheet,
                form=form.id,
                row=row.row,
                header=column.header,
                value=shown,
                key=key,
            )
        )

    for conflict in conflicts:
        for township, key in conflict.places:
            report("J01", forms[conflict.form], township, key)
    for move in moves:
        report("J17", forms[move.form], move.destination, move.key)
    return found


def _state(source: Source | None, here: Standing | None) -> str:
    """How the township stands, in a few words: what hinders reading comes before what is to be mended."""
    if source is None:
        return "还没有收到"
    if source.status != "ok":
        return catalogue()[source.status].short
    if here and any(here.held.values()):
        return "有行待确认"
    return "有错误待改" if here and here.errors else NORMAL


def _trends(store: Store, forms: Forms) -> Mapping[str, tuple[int, ...]]:
    """Each township's rows of all tables after each of the last runs that read it."""
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for tally in store.tallies():
        if tally.form in forms and forms[tally.form].layout == "table":
            sums[tally.township][tally.run] += tally.rows
    return {township: tuple(by_run[run] for run in sorted(by_run)[-TREND:]) for township, by_run in sums.items()}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _changes(store: Store, setup: CountySetup, forms: Forms, since_run: int) -> Iterator[Change]:
    """The changes of the last runs, newest run first; many rows that came or went at once are one line."""
    names = {township.code: township.name for township in setup.townships}
    at = {run.id: local(run.finished_at) for run in store.runs()}
    tables = {form.id: form for form in forms.values() if form.layout == "table"}
    for tally in sorted(store.tallies(since_run), key=lambda tally: -tally.run):
        form = tables.get(tally.form)
        if form is None or not (tally.new or tally.changed or tally.gone):
            continue
        place = (tally.run, at[tally.run], names.get(tally.township, tally.township), form.title)
        if tally.new > MANY:
            yield Change(*place, f"共 {tally.new} 行", "新增")
        if tally.gone > MANY:
            yield Change(*place, f"共 {tally.gone} 行", "关闭")
        if not (tally.changed or 0 < tally.new <= MANY or 0 < tally.gone <= MANY):
            continue
        for event in store.events(tally.run, tally.township, tally.form):
            what = WHAT[event.kind]
            if event.kind == "changed":
                for one in differences(form, event):
                    yield Change(*place, _subject(form, event), what, one.header, _shown(one.old), _shown(one.new))
            elif (tally.gone if event.kind == "gone" else tally.new) <= MANY:
                yield Change(*place, _subject(form, event), what)


def _subject(form: Form, event: Event) -> str:
    values = orjson.loads(event.new or event.old or b"{}")
    names = [str(values[name]) for name in form.recognise[:1] if name in values]
    return " ".join([*names, event.key])


def _rows(store: Store, form: Form, names: Mapping[str, str]) -> Iterator[MasterRow]:
    order = {code: n for n, code in enumerate(names)}
    for row in sorted(store.rows(form.id), key=lambda row: (order.get(row.township, len(order)), row.row, row.key)):
        yield MasterRow(
            names.get(row.township, row.township),
            orjson.loads(row.payload),
            local(row.since),
            row.file,
            row.sheet,
            row.row,
            "、".join(row.marks),
        )


def master_content(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
) -> MasterContent:
    """Everything that the master workbook shows. `problems` are the store's, `shared` those between townships."""
    names = {township.code: township.name for township in setup.townships}
    sources = store.sources()
    runs = store.runs()
    started = {run.id: local(run.finished_at) for run in runs}
    latest = max((local(source.read_at) for source in sources.values() if source.read_at), default=datetime(2000, 1, 1))
    made_at = max([latest, *started.values()])
    tables = [form for form in forms.values() if form.layout == "table"]
    standing = store.standing()
    by_township: dict[str, list[tuple[Problem, datetime]]] = defaultdict(list)
    for known in problems:
        by_township[known.township].append((known.problem, started.get(known.first_run, made_at)))
    for township, found in shared.items():
        by_township[township] += [(one, made_at) for one in found]
    trends = _trends(store, forms)
    master = setup.path(setup.settings.files.master)
    lines = []
    shown = []
    for code, name in names.items():
        source = sources.get(code)
        about = by_township[code]
        here = standing.get(code)
        severities = Counter(one.severity for one, _ in about if one.open)
        lines.append(
            TownshipLine(
                code,
                name,
                {form.id: here.rows.get(form.id, 0) if here else 0 for form in tables},
                local(source.read_at) if source and source.read_at else None,
                severities["error"],
                severities["warning"],
                sum(one.severity == "notice" for one, _ in about),
                sum(here.held.values()) if here else 0,
                _state(source, here),
                trends.get(code, ()),
            )
        )
        file = (
            Path(os.path.relpath(setup.folder / source.path, master.parent)).as_posix()
            if source and source.path and is_local(source.path)  # elsewhere there is no file to open
            else ""
        )
        shown += [TownshipProblem(name, file, one, first) for one, first in about]
    return MasterContent(
        setup.county,
        setup.settings.period,
        made_at,
        forms,
        lines,
        {form.id: _rows(store, form, names) for form in tables},
        shown,
        list(_changes(store, setup, forms, max((run.id for run in runs), default=0) - SHOWN_RUNS + 1)),
    )

"""What the store holds, as the master workbook and the feedback show it."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import orjson

from sync_service.dashboard import county_lines
from sync_service.differences import WHAT, differences
from sync_service.master.content import Change, MasterContent, MasterRow, RowBlock, TownshipProblem
from sync_service.moments import local
from sync_service.reuse.shelf import Shelf
from sync_service.review.showing import review_content
from sync_service.settings import CountySetup
from sync_service.sources.address import is_local
from sync_service.store import Source, Store
from sync_service.store.places import RowsMark
from sync_service.store.records import Event, KnownProblem
from sync_service.villages import villages_with_rows
from validators.problems import Problem
from workbook_templates.form import Form, Forms

SHOWN_RUNS = 10
MANY = 50
"""More rows than this that one run adds to or closes in one form of one township are told as one line."""


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
    return " ".join([*names, event.key.replace("|", " · ")])


def _rows(store: Store, form: Form, township: str, name: str) -> Iterator[MasterRow]:
    """One township's rows in the order in which they stand in its sheet."""
    for row in sorted(store.rows(form.id, township=township), key=lambda row: (row.row, row.key)):
        yield MasterRow(
            name,
            orjson.loads(row.payload),
            local(row.since),
            row.file,
            row.sheet,
            row.row,
            "、".join(row.marks),
            row.version,
        )


def row_blocks(
    store: Store, setup: CountySetup, forms: Forms, marks: Mapping[tuple[str, str], RowsMark]
) -> Mapping[str, Sequence[RowBlock]]:
    """The rows of every form by its id, township by township in the county's order; those that it has no more come last.

    `marks` are the store's now.
    """
    names = {township.code: township.name for township in setup.townships}
    order = {code: n for n, code in enumerate(names)}
    found: dict[str, list[RowBlock]] = defaultdict(list)
    for form, township in sorted(marks, key=lambda place: (order.get(place[1], len(order)), place[1])):
        if form in forms and forms[form].layout == "table":
            name = names.get(township, township)
            count, mark = marks[form, township]
            fetch = partial(_rows, store, forms[form], township, name)
            found[form].append(RowBlock(township, count, f"{name} {mark} {time.tzname}", fetch))
    return found


def _link(setup: CountySetup, source: Source | None) -> str:
    """The path to a township's workbook from the master's folder; "" if there is no file to open."""
    if source is None or not source.path or not is_local(source.path):
        return ""
    master = setup.path(setup.settings.files.master)
    return Path(os.path.relpath(setup.folder / source.path, master.parent)).as_posix()


def master_content(
    store: Store,
    setup: CountySetup,
    forms: Forms,
    problems: Sequence[KnownProblem],
    shared: Mapping[str, Sequence[Problem]],
    shelf: Shelf | None = None,
) -> MasterContent:
    """Everything that the master workbook shows. `problems` are the store's, `shared` those between townships.

    With a `shelf`, what was counted in townships in which nothing changed is taken from it.
    """
    names = {township.code: township.name for township in setup.townships}
    sources = store.sources()
    runs = store.runs()
    started = {run.id: local(run.finished_at) for run in runs}
    latest = max((local(source.read_at) for source in sources.values() if source.read_at), default=datetime(2000, 1, 1))
    made_at = max([latest, *started.values()])
    by_township: dict[str, list[tuple[Problem, datetime]]] = defaultdict(list)
    for known in problems:
        by_township[known.township].append((known.problem, started.get(known.first_run, made_at)))
    for township, found in shared.items():
        by_township[township] += [(one, made_at) for one in found]
    about = {code: [one for one, _ in by_township[code]] for code in names}
    standing, marks = store.standing(), store.rows_marks()
    villages = villages_with_rows(store, forms, marks, shelf)
    lines, trend = county_lines(store, setup, forms, about, standing, villages)
    links = {code: _link(setup, sources.get(code)) for code in names}
    return MasterContent(
        setup.county,
        setup.settings.period,
        made_at,
        forms,
        lines,
        row_blocks(store, setup, forms, marks),
        [
            TownshipProblem(name, links[code], one, first)
            for code, name in names.items()
            for one, first in by_township[code]
        ],
        list(_changes(store, setup, forms, max((run.id for run in runs), default=0) - SHOWN_RUNS + 1)),
        trend,
        setup.settings.review.deadline,
        review_content(store, setup, forms, standing),
    )

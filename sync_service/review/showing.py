"""What the master's review sheets show."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from sync_service.moments import local
from sync_service.review.cases import from_store
from sync_service.review.correcting import CONFLICT, correction_of
from sync_service.review.history import Stated, side_of
from sync_service.review.marking import Reviewable, reviewables
from sync_service.review.records import (
    Case,
    CaseLine,
    CorrectionLine,
    CorrectionState,
    ReviewContent,
    ReviewLine,
    Stray,
)
from sync_service.review.since_review import HerOwn, since_review
from sync_service.review.subjects import stamp
from sync_service.review.telling import answered
from sync_service.settings import CountySetup
from sync_service.store import Store
from sync_service.store.review_records import CLEARED, DONE, ENDED, REFUSED, STALE, Statement
from sync_service.store.standing import Standing
from workbook_templates.form import Forms

MOST_DONE = 500
"""So many decisions that were made are shown, the latest."""
MOST_STRAYS = 50


def _at(one: Statement | None) -> datetime | None:
    return local(one.at) if one else None


def _open_line(case: Case, newest: Statement | None) -> CaseLine:
    """A case that waits, with what was said of it in vain."""
    since = local(case.since) if case.since else None
    if newest and newest.state == REFUSED:
        return CaseLine(
            case, stamp(case.shown, newest.n), "没有采用", *newest.cells, newest.outcome, since, _at(newest)
        )
    if newest and newest.state == STALE:
        return CaseLine(case, stamp(case.shown, 0), "请再看一遍", outcome=newest.outcome, since=since, at=_at(newest))
    if newest and newest.state == DONE:
        outcome = f"上次定的是“{newest.choice}”（{newest.hand}），后来这里又变了"
        return CaseLine(case, stamp(case.shown, 0), "请再看一遍", outcome=outcome, since=since, at=_at(newest))
    outcome = newest.outcome if newest else ""
    return CaseLine(case, stamp(case.shown, 0), "待处理", outcome=outcome, since=since, at=_at(newest))


def _done_line(case: Case, force: Statement, newest: Statement) -> CaseLine:
    """A case that was decided, with what somebody may have wanted to change about it in vain."""
    since = local(case.since) if case.since else None
    shown = stamp(force.detail["shown"], newest.n if newest.state == REFUSED else force.n)
    if newest.state == REFUSED:
        outcome = f"{newest.outcome}原来的决定“{force.choice}”仍然有效。"
        return CaseLine(case, shown, "没有采用", *newest.cells, outcome, since, _at(newest))
    outcome = force.outcome if newest.state != STALE else f"{force.outcome}。{newest.outcome}"
    return CaseLine(case, shown, "已处理", *force.cells, outcome, since, _at(force))


def _decided_case(one: Statement) -> Case:
    """The case as it was when it was decided; its rows may be gone since."""
    detail = one.detail
    sides = tuple(side_of(side) for side in detail["sides"])
    return Case(
        one.subject, detail["kind"], detail["code"], sides, detail["why"], tuple(detail["choices"]), detail["shown"]
    )


def _where(case: Case) -> tuple[str, str, int, str]:
    side = case.sides[0]
    return side.township, side.form, side.row, case.id


def _cases(found: Sequence[Case], stated: Stated) -> tuple[tuple[CaseLine, ...], tuple[CaseLine, ...]]:
    """The lines that wait, newest first and then as the rows stand in the sheets, and those that are done, the last decided first."""
    force, newest = stated.in_force("case"), stated.newest("case")
    by_place = sorted(found, key=lambda case: (case.kind, case.code, *_where(case)))
    ordered = sorted(by_place, key=lambda case: case.since or "", reverse=True)
    waiting = [_open_line(case, newest.get(case.id)) for case in ordered if not answered(case, force)]
    unanswered = {line.case.id for line in waiting}
    here = {case.id: case for case in found}
    done = [
        _done_line(here.get(one.subject) or _decided_case(one), one, newest[one.subject])
        for one in sorted(force.values(), key=lambda one: -one.n)
        if one.subject not in unanswered
    ]
    return tuple(waiting), tuple(done[:MOST_DONE])


def _correction_state(one: Statement, in_conflict: bool) -> CorrectionState:
    if one.state == DONE:
        return "有冲突" if in_conflict else "已更正"
    states: Mapping[str, CorrectionState] = {ENDED: "已采纳", CLEARED: "已撤销", REFUSED: "没有采用", STALE: "没有采用"}
    return states[one.state]


def _corrections(store: Store, forms: Forms, stated: Stated) -> Iterator[CorrectionLine]:
    force = stated.in_force("correction")
    newest = sorted(stated.newest("correction").values(), key=lambda one: -one.n)
    keys: dict[str, set[str]] = {}
    for one in newest:
        keys.setdefault(one.detail["form"], set()).add(one.detail["key"])
    rows = {
        (form, row.township, row.key): orjson.loads(row.payload)
        for form, wanted in keys.items()
        if form in forms
        for row in store.rows(form, wanted)
    }
    for one in newest:
        correction = correction_of(one)
        form = forms.get(correction.form)
        if form is None or correction.column not in form.by_id:
            continue
        holds = force.get(one.subject)
        outcome = one.outcome
        if holds and holds.n != one.n:
            outcome = f"{outcome}原来的更正“{_text(correction_of(holds).value)}”仍然有效。"
        void = one.state in {STALE, CLEARED, ENDED}
        shown = (holds.cells if holds else ("", "", "")) if void else one.cells
        number = (holds.n if holds else 0) if void else one.n
        values: Mapping[str, Any] = rows.get(correction.place, {})
        names = [str(values[name]) for name in form.recognise[:1] if name in values]
        yield CorrectionLine(
            one.subject, stamp("", number), correction.township, correction.form, correction.key,
            " ".join([*names, correction.key]), correction.column, _text(correction.base), _text(correction.theirs),
            *shown, _correction_state(one, correction.state == CONFLICT), outcome, _at(one),
        )  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _review(store: Store, one: Reviewable, stated: Stated, own: HerOwn, newest_run: int, rows: int) -> ReviewLine:
    force, said = stated.in_force("review").get(one.id), stated.newest("review").get(one.id)
    place = one.id, one.township.code, one.form.id
    refused = said if said and said.state == REFUSED else None
    shown = refused or force
    cells = shown.cells if shown else ("", "", "")
    mark = stamp(str(newest_run), shown.n if shown else 0)
    outcome = said.outcome if said and said.state != DONE else ""
    if force is None:
        return ReviewLine(place[0], mark, *place[1:], "未审核", rows, 0, *cells, outcome, _at(refused))
    changed = sum(not own.settles(row) for row in since_review(store, one.form, force, own))
    state = "审核后有变更" if changed else "已审核"
    return ReviewLine(place[0], mark, *place[1:], state, rows, changed, *cells, outcome, _at(force))  # type: ignore[arg-type]


def review_content(store: Store, setup: CountySetup, forms: Forms, standing: Mapping[str, Standing]) -> ReviewContent:
    """All that the master's review sheets show, from the cases as they were found last. Equal stores give equal contents."""
    stated = Stated(store.statements())
    waiting, done = _cases([from_store(one) for one in store.cases()], stated)
    newest_run = max((run.id for run in store.runs(1)), default=0)
    own = HerOwn(stated)
    reviews = tuple(
        _review(
            store, one, stated, own, newest_run,
            standing[one.township.code].rows.get(one.form.id, 0) if one.township.code in standing else 0,
        )
        for one in reviewables(forms, setup.townships, setup.settings.period)
    )  # fmt: skip
    strays = stated.strays()[:MOST_STRAYS]
    return ReviewContent(
        waiting,
        done,
        tuple(_corrections(store, forms, stated)),
        reviews,
        tuple(
            Stray(
                one.detail["place"],
                " ".join(filter(None, (one.choice, one.hand, one.note))),
                one.outcome,
                local(one.at),
            )
            for one in strays
        ),
    )

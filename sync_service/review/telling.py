"""What the townships are told of cases, decisions and corrections: each of its own rows only, nothing of another's."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from sync_service.review.cases import from_store
from sync_service.review.correcting import CONFLICT, Correction, standing
from sync_service.review.history import CLOSING, SETTLING, Stated, place_of, side_of
from sync_service.review.records import Case, Side
from sync_service.review.subjects import Place
from sync_service.store import Store
from sync_service.store.review_records import Statement
from validators.problems import Problem, problem
from workbook_templates.form import Form, Forms

LEFT_OUT = "L04"
"""The code of what is told of a row that another township's was taken for."""
_ANSWERS = {"两者保留": "L06", "不是同一人": "L07", "退回更正": "L08", "已迁移": "L12"}
_ASKED = {"person": "J01", "row": "J01", "move": "J17"}
"""What is told of a case that waits: no more than that there is one. Likely doubles and reviews are the county's own affair."""

_NUMBER = re.compile(r"\d{6,}[\dXx]?")
"""An ID number, an account or a telephone number, or a part of one."""

Told = Iterator[tuple[str, Problem]]


def answered(case: Case, force: Mapping[str, Statement]) -> Statement | None:
    """The decision that still holds for a case: it was made about the very rows that stand now."""
    one = force.get(case.id)
    return one if one and one.detail["shown"] == case.shown else None


def _about(code: str, form: Form, side: Side, **words: object) -> tuple[str, Problem]:
    column = form.by_id[form.person] if form.person else form.by_id[form.key[0]]
    value = column.of.mask(str(side.values.get(column.id, "")))
    told = problem(
        code, {"what": column.header, **words}, sheet=side.sheet, form=form.id, row=side.row or None,
        header=column.header, value=value, key=side.key,
    )  # fmt: skip
    return side.township, told


def _discreet(note: str, forms: Forms, own: Side, others: Sequence[Side]) -> str:
    """A note without numbers, and without the names of the other row, whatever the coordinator wrote (law 11)."""
    names = {str(side.values.get(name, "")) for side in others for name in forms[side.form].recognise}
    mine = {str(own.values.get(name, "")) for name in forms[own.form].recognise}
    for name in sorted(names - mine - {""}, key=len, reverse=True):
        note = note.replace(name, "（另一人）")
    return _NUMBER.sub("（号码略）", note)


def _of_cases(forms: Forms, cases: Sequence[Case], force: Mapping[str, Statement]) -> Told:
    for case in cases:
        sides = [side for side in case.sides if side.form in forms]
        one = answered(case, force)
        if one is None:
            if case.kind in _ASKED:
                for side in sides[case.kind == "move" :]:
                    yield _about(_ASKED[case.kind], forms[side.form], side)
        elif one.choice in _ANSWERS:
            for own in {place_of(side): side for side in sides}.values():
                others = [side for side in sides if place_of(side) != place_of(own)]
                note = _discreet(one.note, forms, own, others) or "县里对它有疑问"
                yield _about(_ANSWERS[one.choice], forms[own.form], own, note=note)


def _of_closed(forms: Forms, force: Mapping[str, Statement], refused: set[Place], told: set[Place]) -> Told:
    """Rows that were taken, and those that were not while they still stand in their township's file."""
    for one in force.values():
        if one.detail["kind"] not in CLOSING or one.choice not in SETTLING:
            continue
        sides = [side_of(side) for side in one.detail["sides"]]
        loser, winner = sides[SETTLING[one.choice]], sides[1 - SETTLING[one.choice]]
        if place_of(loser) in refused and {loser.form, winner.form} <= forms.keys():
            yield _about("L05", forms[winner.form], winner)
            if place_of(loser) not in told:  # since its file was read again, this is told among what was found in it
                yield _about(LEFT_OUT, forms[loser.form], loser)


def _of_kept(forms: Forms, force: Mapping[str, Statement], kept: set[Place]) -> Told:
    for one in force.values():
        sides = [side_of(side) for side in one.detail["sides"]]
        if one.choice == "恢复" and place_of(sides[0]) in kept and sides[0].form in forms:
            form = forms[sides[0].form]
            subject = "、".join(str(sides[0].values[name]) for name in form.recognise[:1] if name in sides[0].values)
            yield _about("L09", form, sides[0]._replace(row=0), subject=subject or form.row)


def _of_corrections(store: Store, forms: Forms, corrections: Sequence[Correction]) -> Told:
    rows = store.rows_at(one.place for one in corrections if one.form in forms)
    for one in corrections:
        row = rows.get(one.place)
        if row is None or one.column not in forms[one.form].by_id:
            continue
        column = forms[one.form].by_id[one.column]
        value = column.of.mask(str(one.value)) if one.value is not None else "空白"
        values: Mapping[str, Any] = orjson.loads(row.payload)
        yield one.township, problem(
            "L11" if one.state == CONFLICT else "L10", {"value": value}, sheet=row.sheet, form=one.form, row=row.row,
            header=column.header, value=column.of.mask(str(values.get(one.column, ""))), key=one.key,
        )  # fmt: skip


def waiting_cases(store: Store) -> list[Case]:
    """The cases that the coordinator still has to decide, newest first."""
    force = Stated(store.statements()).in_force("case")
    found = [from_store(one) for one in store.cases()]
    return [case for case in found if answered(case, force) is None]


def told_townships(store: Store, forms: Forms) -> dict[str, list[Problem]]:
    """What each township is told besides what was found in its own workbook, by its code, in a fixed order."""
    stated = Stated(store.statements())
    force = stated.in_force("case")
    cases = [from_store(one) for one in store.cases()]
    in_files = {(old.problem.form, old.township, old.problem.key) for old in store.problems(codes={LEFT_OUT})}
    told: dict[str, list[Problem]] = defaultdict(list)
    for township, one in (
        *_of_cases(forms, cases, force),
        *_of_closed(forms, force, store.refused(), in_files),
        *_of_kept(forms, force, store.refused(gone=True)),
        *_of_corrections(store, forms, standing(stated)),
    ):
        if one not in told[township]:
            told[township].append(one)
    order = {form: number for number, form in enumerate(forms)}
    for problems in told.values():
        problems.sort(key=lambda one: (order[one.form], one.code, one.row or 0, one.key, one.header))
    return told

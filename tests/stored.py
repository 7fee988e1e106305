"""Sheets, plans and stores for the tests of merging and storing. A row is written as its values; everybody is invented."""

import hashlib
from collections.abc import Iterable, Sequence

import orjson

from sync_service.merge import Plan, Policy, Refusal, Stored, StoredRow, merge
from sync_service.store import Applied, Reading, Source, Store
from validators.checked import CheckedRow, CheckedSheet
from validators.problems import Problem

COUNTY = "990101"
EAST, WEST = "990101001", "990101002"
FORM = "veterans"
POLICY = Policy(recognise=("name",))


def moment(minute: int) -> str:
    """A moment in UTC, `minute` minutes after the first of March 2026."""
    days, rest = divmod(minute, 24 * 60)
    return f"2026-03-{1 + days:02d}T{rest // 60:02d}:{rest % 60:02d}:00Z"


def row(key: str, *, at: int = 5, valid: bool = True, **values: object) -> CheckedRow:
    """A checked row in line `at`."""
    payload = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return CheckedRow(key, payload, hashlib.blake2b(payload, digest_size=16).digest(), at, valid)


def sheet(*rows: CheckedRow, form: str = FORM, complete: bool = True) -> CheckedSheet:
    """A sheet of `rows`; rows without a line of their own get the lines from 5 on."""
    numbered = [one._replace(row=line) if one.row == 5 else one for line, one in enumerate(rows, start=5)]
    return CheckedSheet(form, "退役军人", complete, tuple(numbered))


def people(*numbers: int) -> list[CheckedRow]:
    """One row for each number."""
    return [row(f"k{n:03d}", name=f"人{n}", village="东风村", phone=f"1390000{n:04d}") for n in numbers]


FIRST, SECOND, THIRD = row("k1", name="甲"), row("k1", name="乙"), row("k1", name="丙")
"""One row in three states."""


def stored(
    rows: Iterable[CheckedRow],
    *,
    held: Iterable[str] = (),
    refusals: Iterable[Refusal] = (),
) -> Stored:
    """What the store holds, without a store."""
    by_key = {one.key: one for one in rows}
    return Stored(
        EAST,
        FORM,
        {key: StoredRow(key, one.digest, version) for version, (key, one) in enumerate(by_key.items(), 1)},
        frozenset(held),
        frozenset(refusals),
        lambda: {key: one.payload for key, one in by_key.items()},
    )


def plan(store: Store, incoming: CheckedSheet, township: str = EAST, policy: Policy = POLICY) -> Plan:
    """What `incoming` would do to the store."""
    return merge(store.current(township, [incoming.form])[incoming.form], incoming, policy)


def reading(
    plans: Sequence[Plan], township: str = EAST, problems: Sequence[Problem] = (), *, minute: int = 0
) -> Reading:
    """What one township's workbook brought."""
    return Reading(Source(township, f"{township}.xlsx", 1, 1, "d", "s", "ok", moment(minute)), plans, problems)


def sync(
    store: Store,
    minute: int,
    *sheets: CheckedSheet,
    township: str = EAST,
    problems: Sequence[Problem] = (),
    policy: Policy = POLICY,
) -> Applied:
    """One township's workbook synchronised."""
    plans = [plan(store, incoming, township, policy) for incoming in sheets]
    return store.apply(
        [reading(plans, township, problems, minute=minute)], started_at=moment(minute), at=moment(minute)
    )


def standing(store: Store, township: str = EAST, form: str = FORM) -> dict[str, bytes]:
    """The payloads that stand for a township, by key."""
    return {one.key: one.payload for one in store.rows(form) if one.township == township}


def marked(store: Store, mark: str, form: str = FORM) -> set[str]:
    """The keys that carry `mark`."""
    return {one.key for one in store.rows(form) if mark in one.marks}

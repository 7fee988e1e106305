"""The beginning of every run: what the coordinator wrote in the master is read, judged, stored and carried out, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from sync_service.moments import moment
from sync_service.privacy.locking import master_password
from sync_service.review.cases import from_store
from sync_service.review.correcting import payload_digest
from sync_service.review.deciding import Carried, Decider
from sync_service.review.history import Stated
from sync_service.review.keeping import keep
from sync_service.review.marking import mark, reviewables
from sync_service.review.places import SHEETS
from sync_service.review.reading import Read, read_master
from sync_service.review.settling import Current, Settler
from sync_service.review.subjects import Place
from sync_service.settings import CountySetup
from sync_service.sources.crew import Crew
from sync_service.store import Store
from sync_service.store.records import Output
from sync_service.store.review_records import ENDED, STALE, Act, Statement
from validators.problems import Problem
from workbook_templates.form import Forms
from workbook_templates.kinds.base import Value

MASTER = "master"
"""The name under which the store remembers the master among the published files."""
LAPSED = "归口乡镇的那一行已经不在，这个决定自动失效，这一行重新计入"
HEADLESS = "这张表的表头不见了，读不出填写的内容。请在新的总台账里再填一次；表头请不要改动或删除。"


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What came of the master that was found: the run that it made, or in Chinese why it could not be read."""

    run: int | None = None
    trouble: str = ""


def _digests(output: Output | None) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(digest) for digest in output.digests.split()) if output else ()


def _with_digest(output: Output | None, digest: bytes) -> Output:
    """What is remembered of the master once these bytes of it have been read: they may be replaced."""
    known = output or Output(MASTER, "", "")
    return known._replace(digests=" ".join([digest.hex(), *known.digests.split()]))


def _row(store: Store, place: Place) -> Mapping[str, Value] | None:
    row = store.rows_at([place]).get(place)
    return orjson.loads(row.payload) if row else None


def _headless(read: Read) -> list[Statement]:
    """The sheets of which nothing can be read."""
    return [
        Statement("stray", title + read.digest.hex(), "", "", "", "", STALE, HEADLESS, {"place": title})
        for title in read.typed.headless
        if title in SHEETS
    ]


def _news(statements: list[Statement], stated: Stated) -> list[Statement]:
    """Nothing, if all that was found are lines that belong to nothing and have been told: a master may be read twice."""
    known = {one.subject for one in stated.strays()}
    return [] if all(one.kind == "stray" and one.subject in known for one in statements) else statements


def _carried(store: Store, setup: CountySetup, forms: Forms, read: Read, now: datetime) -> Carried:
    stated = Stated(store.statements())
    names = {township.code: township.name for township in setup.townships}
    cases = {stored.id: from_store(stored) for stored in store.cases()}
    decided = Decider(forms, names, cases, stated).decide(read.typed.decisions)
    newest = max((run.id for run in store.runs(1)), default=0)
    versions = store.by_version({line.version for line in read.typed.corrections if line.version})
    townships = {township.code: township for township in setup.townships}
    current = Current(lambda place: _row(store, place) if place[0] in forms else None)
    settler = Settler(forms, townships, stated, current, versions, now.date())
    after, settled = settler.after(decided.statements), settler.settle(read.typed.corrections)
    known = {one.id: one for one in reviewables(forms, setup.townships, setup.settings.period)}
    marked = mark(read.typed.reviews, known, stated, newest, store.fingerprint)
    parts = (decided, after, settled, marked)
    statements = [*(one for part in parts for one in part.statements), *_headless(read)]
    return Carried(_news(statements, stated), [act for part in parts for act in part.acts])


def _lapsed(store: Store, now: datetime) -> int | None:
    """Lets rows stand again that were closed for another township's which is gone since; the run in which that was done."""
    stated = Stated(store.statements())
    out = stated.excluded()
    winners = store.rows_at(one.winner for one in out.values())
    over = {place: one for place, one in out.items() if one.winner not in winners}
    if not over:
        return None
    force = stated.in_force("case")
    ended = [force[one.subject]._replace(state=ENDED, outcome=LAPSED) for one in over.values()]
    acts = [(Act("reopen", *place), b"") for place in over]
    return store.carry_out(ended, acts, at=moment(now), note="归口的行已经不在，决定失效")


def carry_out_decisions(store: Store, setup: CountySetup, forms: Forms, crew: Crew, now: datetime) -> ReadBack:
    """Has `crew` read the master if somebody saved it, and carries out what is new in it, as a run of its own.

    Before that, decisions end that have lost their ground.

    What was read and that it was read is stored in one transaction (law 7): killed before it, the next run reads the master
    again; killed after it, the master may be replaced and nothing is lost.
    """
    lapsed = _lapsed(store, now)
    output = store.outputs().get(MASTER)
    master = setup.path(setup.settings.files.master)
    found = read_master(master, _digests(output), setup.settings.limits, master_password(setup), crew)
    if found is None:
        return ReadBack(lapsed)
    if isinstance(found, Problem):
        return ReadBack(lapsed, f"{found.message}。{found.cure}")
    keep(master, found.digest, moment(now))
    carried = _carried(store, setup, forms, found, now)
    acts = [(act, payload_digest(act.payload)) for act in carried.acts]
    hands = "、".join(dict.fromkeys(one.hand for one in carried.statements if one.hand))
    note = f"县级总台账里的决定：{hands}" if hands else "县级总台账里的填写"
    run = store.carry_out(carried.statements, acts, _with_digest(output, found.digest), at=moment(now), note=note)
    return ReadBack(run or lapsed)

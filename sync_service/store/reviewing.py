"""The coordinator's work in the store: what she wrote, what it does to rows, and the cases that wait for her."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from sync_service.merge import Counts
from sync_service.store.engine import insert
from sync_service.store.records import AWAITING, HELD
from sync_service.store.review_records import Act, Statement, StoredCase
from sync_service.store.writing import Place, Version, Writer, begin

_STATEMENT = "kind subject choice hand note stamp state outcome detail"


class _Kept(NamedTuple):
    """A version of a row, current or closed last."""

    id: int
    current: bool
    version: Version


def statements(connection: Connection, county: str) -> list[Statement]:
    """Everything that was ever stated, oldest first."""
    found = connection.execute(
        text(f"SELECT {', '.join(_STATEMENT.split())}, n, run, at FROM statements WHERE county = :county ORDER BY n"),
        {"county": county},
    )
    return [
        Statement(kind, subject, choice, hand, note, stamp, state, outcome, orjson.loads(detail), n, run, moment)
        for kind, subject, choice, hand, note, stamp, state, outcome, detail, n, run, moment in found
    ]


def newest_statement(connection: Connection, county: str) -> int:
    """The number of the newest statement; 0 if there is none."""
    found = connection.execute(text("SELECT max(n) FROM statements WHERE county = :county"), {"county": county})
    return found.scalar() or 0


def add_statements(writer: Writer, stated: Sequence[Statement]) -> bool:
    """Stores statements in their order, as made in this run; whether there were any."""
    if not stated:
        return False
    first = newest_statement(writer.connection, writer.county) + 1
    insert(
        writer.connection,
        "statements",
        f"county n run at {_STATEMENT}",
        [
            (writer.county, n, writer.run, writer.at, *one[:8], orjson.dumps(one.detail).decode())
            for n, one in enumerate(stated, first)
        ],
    )
    return True


def take_back(writer: Writer, run: int) -> bool:
    """Puts what was stated before a run in force again, for every subject of which the run had the last word."""
    by_subject: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in statements(writer.connection, writer.county):
        by_subject[one.kind, one.subject].append(one)
    back = []
    for stated in by_subject.values():
        if stated[-1].run != run:
            continue
        earlier = [one for one in stated if one.run != run]
        void = stated[-1]._replace(
            choice="", hand="", note="", stamp="", state="ended", outcome=f"第 {run} 次运行已撤销"
        )
        back.append(earlier[-1] if earlier else void)
    return add_statements(writer, sorted(back, key=lambda one: one.n))


def _newest(writer: Writer, act: Act) -> _Kept | None:
    """The row's newest version, whether it stands or not."""
    row = writer.connection.execute(
        text(
            "SELECT v.id, v.valid_to IS NULL, v.form, v.township, v.key, v.payload, v.digest,"
            " coalesce(w.file, v.source_file), coalesce(w.sheet, v.source_sheet), coalesce(w.row, v.source_row)"
            " FROM row_versions v LEFT JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
            " WHERE v.county = :county AND v.form = :form AND v.township = :township AND v.key = :key"
            " ORDER BY v.id DESC LIMIT 1"
        ),
        {"county": writer.county, "form": act.form, "township": act.township, "key": act.key},
    ).first()
    if row is None:
        return None
    return _Kept(row[0], bool(row[1]), Version(*row[2:])._replace(digest=bytes(row[6])))


def _do(writer: Writer, act: Act, digest: bytes) -> str:
    """Does one act; which of new, changed, gone it made of the row, or "" for none. `digest` is that of its payload."""
    place, keys = (act.form, act.township), [act.key]
    newest = _newest(writer, act)
    if newest is None:
        return ""
    match act.kind:
        case "drop" | "delete" if newest.current:
            writer.close([newest.id])
            for mark in (AWAITING, HELD):
                writer.unmark(place, keys, mark)
            if act.kind == "drop":
                writer.refuse(place, [(act.key, newest.version.digest)])
            return "gone"
        case "refuse" if newest.current:
            writer.refuse(place, [(act.key, newest.version.digest)])
        case "reopen":
            writer.accept(place, [(act.key, newest.version.digest)])
            if not newest.current:
                writer.open([newest.version])
                return "new"
        case "keep" if newest.current:
            writer.unmark(place, keys, HELD)
            writer.refuse(place, [(act.key, None)])
        case "hold" if newest.current:
            writer.accept(place, [(act.key, None)])
            writer.unmark(place, keys, HELD)
            writer.mark(place, keys, HELD)
        case "write" if newest.current and newest.version.digest != digest:
            writer.close([newest.id])
            writer.accept(place, [(act.key, digest)])
            writer.open([newest.version._replace(payload=act.payload.decode(), digest=digest)])
            return "changed"
    return ""


def _settle(writer: Writer, places: Iterable[Place]) -> None:
    """Takes the question about held rows (L02) off the list where none is held any more."""
    for form, township in sorted(places):
        writer.connection.execute(
            text(
                "DELETE FROM problems WHERE county = :county AND form = :form AND township = :township AND code = 'L02'"
                " AND NOT EXISTS (SELECT 1 FROM marks m WHERE m.county = :county AND m.form = :form"
                " AND m.township = :township AND m.mark = :held)"
            ),
            {"county": writer.county, "form": form, "township": township, "held": HELD},
        )


def carry_out(
    connection: Connection,
    county: str,
    stated: Sequence[Statement],
    acts: Sequence[tuple[Act, bytes]],
    *,
    at: str,
    note: str,
) -> int:
    """Stores what was stated and does what follows (acts with the digests of their payloads), as one run; its number.

    The caller holds the transaction.
    """
    writer = begin(connection, county, at)
    counts: dict[Place, Counter[str]] = defaultdict(Counter)
    for act, digest in acts:
        counts[act.form, act.township][_do(writer, act, digest)] += 1
    _settle(writer, counts)
    add_statements(writer, stated)
    done = {
        place: Counts(writer.standing(place), many["new"], many["changed"], many["gone"], 0)
        for place, many in counts.items()
        if many["new"] or many["changed"] or many["gone"]
    }
    writer.finish("confirm", at, note, done)
    return writer.run


def cases(connection: Connection, county: str) -> list[StoredCase]:
    """The cases that were open when they were looked for last, newest first."""
    found = connection.execute(
        text(
            "SELECT id, kind, code, sides, why, choices, shown, since FROM cases"
            " WHERE county = :county ORDER BY since DESC, kind, code, id"
        ),
        {"county": county},
    )
    return [StoredCase(*row) for row in found]


def replace_cases(connection: Connection, county: str, found: Sequence[StoredCase]) -> None:
    """Keeps these cases in the place of the earlier ones."""
    connection.execute(text("DELETE FROM cases WHERE county = :county"), {"county": county})
    rows = [(county, *one) for one in found]
    insert(connection, "cases", "county id kind code sides why choices shown since", rows)


def changed_since(
    connection: Connection, county: str, form: str, township: str, run: int
) -> list[tuple[str, str, str]]:
    """What changed in a township's form since a run: (key, payload then, payload now), "" where there was or is none; by key."""
    found = connection.execute(
        text(
            "SELECT key, payload, run, closed_run FROM row_versions"
            " WHERE county = :county AND form = :form AND township = :township"
            " AND (run > :run OR closed_run > :run) ORDER BY id"
        ),
        {"county": county, "form": form, "township": township, "run": run},
    )
    then: dict[str, str] = defaultdict(str)
    now: dict[str, str] = defaultdict(str)
    for key, payload, opened, closed in found:
        if opened <= run:
            then[key] = payload
        if closed is None:
            now[key] = payload
    return [(key, then[key], now[key]) for key in sorted(then.keys() | now.keys()) if then[key] != now[key]]


def fingerprint(connection: Connection, county: str, form: str, township: str, run: int) -> str:
    """Changes with every row of a township's form, as they stood after a run."""
    found = connection.execute(
        text(
            "SELECT key, digest FROM row_versions WHERE county = :county AND form = :form AND township = :township"
            " AND run <= :run AND (closed_run IS NULL OR closed_run > :run) ORDER BY key"
        ),
        {"county": county, "form": form, "township": township, "run": run},
    )
    hashed = hashlib.blake2b(digest_size=16)
    for key, digest in sorted((key, bytes(digest)) for key, digest in found):
        hashed.update(f"{key}\0".encode() + digest)
    return hashed.hexdigest()


def held_since(connection: Connection, county: str) -> dict[tuple[str, str, str], int]:
    """The held rows (form, township, key), with the run that held them."""
    found = connection.execute(
        text("SELECT form, township, key, since_run FROM marks WHERE county = :county AND mark = :held"),
        {"county": county, "held": HELD},
    )
    return {(form, township, key): run for form, township, key, run in found}


def refused(connection: Connection, county: str, *, gone: bool) -> set[tuple[str, str, str]]:
    """The rows (form, township, key) whose content in the file is not taken, or (`gone`) whose absence from it is not."""
    found = connection.execute(
        text("SELECT form, township, key, digest FROM refusals WHERE county = :county"), {"county": county}
    )
    return {(form, township, key) for form, township, key, digest in found if bool(bytes(digest)) != gone}

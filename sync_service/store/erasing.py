"""Erasing what is known of a person from the store: the one path on which a stored version is ever changed.

The triggers that keep versions and statements as they are are lifted inside the one transaction that erases, and stand again
before it commits. Of each version there stays a tombstone: which form and township, when it came and went, its digest, and a
key that says nothing; the history of everything else, counts and sealed figures are not touched.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Engine, text

from sync_service.audit.chain import About
from sync_service.merge import Counts
from sync_service.store import auditing
from sync_service.store.engine import insert, many
from sync_service.store.records import TOMBSTONE
from sync_service.store.review_records import ENDED
from sync_service.store.writing import Place, Writer, begin

ERASED = "已按规定删除"
_KEPT = ("row_versions", "statements")
"""The tables whose triggers are lifted."""


class PersonRow(NamedTuple):
    """A row that there is or was: its versions, and when the last of them was closed (None: it stands)."""

    form: str
    township: str
    key: str
    versions: int
    closed: str | None


class Erasure(NamedTuple):
    """A row to be erased: the key that its tombstones get, and the keyed hash by which its person is not taken again ("": is)."""

    row: PersonRow
    pseudonym: str
    person: str


def rows_of(connection: Connection, county: str, form: str, column: str, number: str) -> tuple[list[PersonRow], int]:
    """A form's rows in which `column` holds the ID number in any version, and how many other standing rows mention it."""
    found = connection.execute(
        text(
            "SELECT township, key, payload, valid_to FROM row_versions"
            " WHERE county = :county AND form = :form AND payload LIKE :number ORDER BY id"
        ),
        {"county": county, "form": form, "number": f"%{number}%"},
    )
    rows: dict[tuple[str, str], PersonRow] = {}
    mentions = set()
    for township, key, payload, closed in found:
        if orjson.loads(payload).get(column) != number:
            if closed is None:
                mentions.add((township, key))
            continue
        before = rows.get((township, key))
        rows[township, key] = PersonRow(form, township, key, before.versions + 1 if before else 1, closed)
    return [*rows.values()], len(mentions - rows.keys())


def expired(connection: Connection, county: str, form: str, before: str) -> list[PersonRow]:
    """A form's rows that do not stand any more, the last version of which was closed before a moment, and that are not erased yet."""
    found = connection.execute(
        text(
            "SELECT township, key, count(*), max(valid_to) FROM row_versions"
            " WHERE county = :county AND form = :form AND key NOT LIKE :tombstone GROUP BY township, key"
            " HAVING count(*) = count(valid_to) AND max(valid_to) < :before ORDER BY township, key"
        ),
        {"county": county, "form": form, "before": before, "tombstone": f"{TOMBSTONE}%"},
    )
    return [PersonRow(form, *row) for row in found]


def forgotten(connection: Connection, county: str) -> Mapping[str, frozenset[str]]:
    """The keyed hashes of the people whose rows are not taken again, by form."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, person in connection.execute(
        text("SELECT form, person FROM forgotten WHERE county = :county"), {"county": county}
    ):
        found[form].add(person)
    return {form: frozenset(people) for form, people in found.items()}


def lift(connection: Connection, county: str, person: str, *, who: str, at: str) -> int:
    """Lets a person's rows be taken again; in how many forms they were not."""
    scope = {"county": county, "person": person}
    forms = connection.execute(
        text("SELECT count(*) FROM forgotten WHERE county = :county AND person = :person"), scope
    ).scalar_one()
    if forms:
        connection.execute(text("DELETE FROM forgotten WHERE county = :county AND person = :person"), scope)
        auditing.note(connection, county, who, "lift_forget", {"person": person}, at)
    return int(forms)


@contextmanager
def _lifted(connection: Connection) -> Iterator[None]:
    """The triggers are away meanwhile; if anything is raised, the whole transaction goes, and they never were."""
    if connection.dialect.name != "sqlite":
        for table in _KEPT:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered with checks outstanding
        for table in _KEPT:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    connection.exec_driver_sql("PRAGMA secure_delete=ON")  # what is overwritten is not left in free pages
    named = ", ".join(f"'{table}'" for table in _KEPT)
    triggers = connection.exec_driver_sql(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({named})"
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def _erase_rows(writer: Writer, erasures: Sequence[Erasure]) -> Mapping[Place, int]:
    """Closes those that stand and leaves tombstones of all; how many stood, by form and township."""
    closed: dict[Place, int] = defaultdict(int)
    for row, pseudonym, _ in erasures:
        scope = {"county": writer.county, "form": row.form, "township": row.township, "key": row.key}
        where = "WHERE county = :county AND form = :form AND township = :township AND key = :key"
        standing = writer.connection.execute(
            text(f"SELECT id FROM row_versions {where} AND valid_to IS NULL"), scope
        ).scalar()
        if standing is not None:
            writer.close([standing])
        closed[row.form, row.township] += standing is not None
        for table in ("marks", "refusals", "problems"):
            writer.connection.execute(text(f"DELETE FROM {table} {where}"), scope)
        writer.connection.execute(
            text(f"UPDATE row_versions SET key = :pseudonym, payload = '{{}}' {where}"),
            {**scope, "pseudonym": pseudonym},
        )
    return closed


_Gone = Mapping[tuple[str, str, str], str]
"""The pseudonyms of erased rows by form, township and key."""


def _place_of(side: Sequence[Any]) -> tuple[str, str, str]:
    """Form, township and key of one side of a case as JSON keeps it (review.records.Side)."""
    return side[1], side[0], side[2]


def _blank(detail: dict[str, Any], gone: _Gone) -> bool:
    """Takes what is known of erased rows out of a statement's detail; whether there was any."""
    found = False
    own = gone.get((detail.get("form", ""), detail.get("township", ""), detail.get("key", "")))
    if own:
        found = True
        detail |= {"key": own, "base": None, "value": None, "theirs": None}
    for side in detail.get("sides", ()):
        pseudonym = gone.get(_place_of(side))
        if pseudonym:
            found = True
            side[2:4] = [pseudonym, {}]
            detail["why"] = ERASED
    return found


def _erase_statements(writer: Writer, gone: _Gone) -> None:
    """What the coordinator stated of erased rows is over, and says nothing of them any more; who stated it and when stays."""
    found = writer.connection.execute(
        text("SELECT n, detail FROM statements WHERE county = :county"), {"county": writer.county}
    ).all()
    changed = []
    for n, text_of in found:
        detail = orjson.loads(text_of)
        if _blank(detail, gone):
            changed.append(("", "", ENDED, ERASED, orjson.dumps(detail).decode(), writer.county, n))
    many(
        writer.connection,
        "UPDATE statements SET choice = ?, note = ?, state = ?, outcome = ?, detail = ? WHERE county = ? AND n = ?",
        changed,
    )


def _erase_cases(writer: Writer, gone: _Gone) -> None:
    """Open cases with an erased row are no cases any more; the next run looks for cases anew."""
    found = writer.connection.execute(
        text("SELECT id, sides FROM cases WHERE county = :county"), {"county": writer.county}
    ).all()
    ended = [
        (writer.county, case) for case, sides in found if any(_place_of(side) in gone for side in orjson.loads(sides))
    ]
    many(writer.connection, "DELETE FROM cases WHERE county = ? AND id = ?", ended)


def erase(
    connection: Connection, county: str, erasures: Sequence[Erasure], number: str, *, who: str, about: About, at: str
) -> int:
    """Erases rows as a run of its own, which nothing undoes; its number. The caller holds the transaction.

    Rows of the same forms that could not be stored and carry `number` go too. `about` is for the audit entry.
    """
    writer = begin(connection, county, at)
    gone = {(row.form, row.township, row.key): pseudonym for row, pseudonym, _ in erasures}
    with _lifted(connection):
        closed = _erase_rows(writer, erasures)
        _erase_statements(writer, gone)
        _erase_cases(writer, gone)
        for form in {row.form for row, _, _ in erasures} if number else ():
            connection.execute(
                text("DELETE FROM rejected_rows WHERE county = :county AND form = :form AND number = :number"),
                {"county": county, "form": form, "number": number},
            )
        counts = {place: Counts(writer.standing(place), 0, 0, many_, 0) for place, many_ in closed.items()}
        writer.finish("confirm", at, ERASED, counts)
        people = sorted({(row.form, person) for row, _, person in erasures if person})
        for form, person in people:
            connection.execute(
                text("DELETE FROM forgotten WHERE county = :county AND form = :form AND person = :person"),
                {"county": county, "form": form, "person": person},
            )
        rows = [(county, form, person, writer.run, writer.at) for form, person in people]
        insert(connection, "forgotten", "county form person run at", rows)
        auditing.note(connection, county, who, "forget", {**about, "run": writer.run}, writer.at)
    return writer.run


def wipe_log(engine: Engine) -> None:
    """Has SQLite bring its write-ahead log into the file and empty it: the log still holds what was there before."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

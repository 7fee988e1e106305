"""What the store holds now."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import partial
from typing import Any

from sqlalchemy import Connection, text

from sync_service.merge import Refusal, Stored, StoredRow
from sync_service.store.engine import listed
from sync_service.store.records import HELD, KnownProblem, Output, Row, Run, Source, Tally
from validators.problems import Problem

_CURRENT = "county = :county AND township = :township AND valid_to IS NULL"

PROBLEM_FIELDS = tuple(field.name for field in fields(Problem))
PROBLEM_COLUMNS = " ".join("col" if name == "column" else name for name in PROBLEM_FIELDS)  # COLUMN is a word of SQL


FEW_KEYS = 500
"""So many keys are looked up one by one; for more, reading the whole form is quicker (and SQL has its limits)."""


_MOST_NAMES = 5_000
"""So many values a statement may name."""
_ROWS = (
    "SELECT v.township, v.key, v.payload, v.valid_from, w.file, w.sheet, w.row, v.id FROM row_versions v"
    " JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
    " WHERE v.county = :county AND v.form = :form AND v.valid_to IS NULL"
)


def marks_of(
    connection: Connection, county: str, form: str, township: str | None = None
) -> Mapping[str, set[tuple[str, str]]]:
    """The marks of a form's rows, of all townships or one: (township, key) by mark."""
    marks: dict[str, set[tuple[str, str]]] = defaultdict(set)
    where = "county = :county AND form = :form" + (" AND township = :township" if township else "")
    found = connection.execute(
        text(f"SELECT mark, township, key FROM marks WHERE {where}"),
        {"county": county, "form": form, **({"township": township} if township else {})},
    )
    for mark, place, key in found:
        marks[mark].add((place, key))
    return marks


def marked(
    connection: Connection, county: str, township: str, forms: Collection[str]
) -> Mapping[tuple[str, str], frozenset[str]]:
    """The keys of a township's rows that carry a mark, by form and mark."""
    where, named = listed("form", forms)
    found = connection.execute(
        text(f"SELECT form, mark, key FROM marks WHERE county = :county AND township = :township AND form IN {where}"),
        {"county": county, "township": township, **named},
    )
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    for form, mark, key in found:
        keys[form, mark].add(key)
    return {place: frozenset(some) for place, some in keys.items()}


def refusals(
    connection: Connection, county: str, township: str, forms: Collection[str]
) -> Mapping[str, frozenset[Refusal]]:
    """What is not taken again of a township's rows, by form."""
    where, named = listed("form", forms)
    found = connection.execute(
        text(
            f"SELECT form, key, digest FROM refusals WHERE county = :county AND township = :township AND form IN {where}"
        ),
        {"county": county, "township": township, **named},
    )
    refused: dict[str, set[Refusal]] = defaultdict(set)
    for form, key, digest in found:
        refused[form].add(Refusal(key, bytes(digest) or None))
    return {form: frozenset(some) for form, some in refused.items()}


def current(
    opened: Callable[[], AbstractContextManager[Connection]], county: str, township: str, forms: Collection[str]
) -> Mapping[str, Stored]:
    """One township's rows by form, for merging. Their payloads are read by themselves when asked for."""
    if not forms:
        return {}
    scope = {"county": county, "township": township}
    where, named = listed("form", forms)

    def payloads(form: str) -> Mapping[str, bytes]:
        with opened() as later:
            found = later.execute(
                text(f"SELECT key, payload FROM row_versions WHERE form = :form AND {_CURRENT}"),
                {"form": form, **scope},
            )
            return {key: payload.encode() for key, payload in found}

    rows: dict[str, dict[str, StoredRow]] = {form: {} for form in forms}
    with opened() as connection:
        found = connection.execute(
            text(f"SELECT form, key, digest, id FROM row_versions WHERE form IN {where} AND {_CURRENT}"),
            {**scope, **named},
        )
        for form, key, digest, version in found.all():
            rows[form][key] = StoredRow(key, bytes(digest), version)
        marks = marked(connection, county, township, forms)
        refused = refusals(connection, county, township, forms)
    return {
        form: Stored(
            township,
            form,
            rows[form],
            marks.get((form, HELD), frozenset()),
            refused.get(form, frozenset()),
            partial(payloads, form),
        )
        for form in forms
    }


def rows(
    connection: Connection, county: str, form: str, keys: Collection[str] | None = None, place: str | None = None
) -> Iterator[Row]:
    """The current rows of a form, all or those with one of `keys`, of all townships or one (`place`), by township and key."""
    marks = marks_of(connection, county, form, place)
    few = {f"key{n}": key for n, key in enumerate(sorted(keys))} if keys and len(keys) <= FEW_KEYS else {}
    listed = f" AND v.key IN ({', '.join(f':{name}' for name in few)})" if few else ""
    here = " AND v.township = :township" if place else ""
    found = connection.execute(
        text(f"{_ROWS}{listed}{here} ORDER BY v.township, v.key"),
        {"county": county, "form": form, **few, **({"township": place} if place else {})},
    )
    for township, key, payload, since, file, sheet, row, version in found:
        if keys is not None and key not in keys:
            continue
        named = tuple(sorted(mark for mark, marked in marks.items() if (township, key) in marked))
        yield Row(township, key, payload.encode(), since, file, sheet, row, named, version)


def rows_about(connection: Connection, county: str, form: str, column: str, numbers: Collection[str]) -> Iterator[Row]:
    """The current rows of a form about people with these ID numbers, which stand in `column`; without their marks."""
    value = f"json_extract(v.payload, '$.{column}')"
    if connection.dialect.name != "sqlite":
        value = f"CAST(v.payload AS json) ->> '{column}'"
    ordered = sorted(numbers)
    for first in range(0, len(ordered), _MOST_NAMES):
        named = {f"number{n}": number for n, number in enumerate(ordered[first : first + _MOST_NAMES])}
        listed = ", ".join(f":{name}" for name in named)
        scope = {"county": county, "form": form, **named}
        found = connection.execute(text(f"{_ROWS} AND {value} IN ({listed})"), scope)
        for township, key, payload, since, file, sheet, row, version in found:
            yield Row(township, key, payload.encode(), since, file, sheet, row, (), version)


def sources(connection: Connection, county: str) -> Mapping[str, Source]:
    """Every township's workbook as it was last looked at, by township."""
    columns = "township, path, size, mtime_ns, digest, setup, status, read_at"
    found = connection.execute(text(f"SELECT {columns} FROM sources WHERE county = :county"), {"county": county})
    return {row[0]: Source(*row) for row in found}


def _problem(values: Sequence[Any]) -> Problem:
    known = dict(zip(PROBLEM_FIELDS, values, strict=True))
    return Problem(**{**known, "confirmed": bool(known["confirmed"])})  # SQLite knows no truth values


def problems(
    connection: Connection, county: str, township: str | None = None, codes: Collection[str] = ()
) -> list[KnownProblem]:
    """The problems found at the last reading, of all townships or one, in the order in which the checker gave them."""
    where = "county = :county" + (" AND township = :township" if township else "")
    named = {f"code{n}": code for n, code in enumerate(sorted(codes))}
    if named:
        where += f" AND code IN ({', '.join(f':{name}' for name in named)})"
    columns = ", ".join(PROBLEM_COLUMNS.split())
    found = connection.execute(
        text(f"SELECT township, first_run, {columns} FROM problems WHERE {where} ORDER BY township, n"),
        {"county": county, **named, **({"township": township} if township else {})},
    )
    return [KnownProblem(place, _problem(values), first_run) for place, first_run, *values in found]


def runs(connection: Connection, county: str, last: int | None) -> list[Run]:
    """The `last` runs or all, newest first."""
    found = connection.execute(
        text(
            "SELECT id, kind, started_at, finished_at, note, undoes FROM runs WHERE county = :county ORDER BY id DESC"
            + ("" if last is None else " LIMIT :last")
        ),
        {"county": county, **({} if last is None else {"last": last})},
    )
    return [Run(*row) for row in found]


def tallies(connection: Connection, county: str, since_run: int) -> list[Tally]:
    """The numbers of every run from `since_run` on, oldest first."""
    found = connection.execute(
        text(
            "SELECT run, township, form, rows, new, changed, gone, held, errors, warnings FROM run_townships"
            " WHERE county = :county AND run >= :run ORDER BY run, township, form"
        ),
        {"county": county, "run": since_run},
    )
    return [Tally(*row) for row in found]


def outputs(connection: Connection, county: str) -> Mapping[str, Output]:
    """The published files by name."""
    found = connection.execute(
        text("SELECT name, fingerprint, digests FROM outputs WHERE county = :county"), {"county": county}
    )
    return {row[0]: Output(*row) for row in found}

"""What the store held at some moment, and how it came to hold what it holds."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from sync_service.store.records import Event, EventKind, Row

_JOINED = (
    "SELECT v.id, v.form, v.township, v.key, v.payload, v.run, opened.kind, v.valid_from, v.closed_run, closed.kind,"
    " v.valid_to, v.source_file, v.source_sheet, v.source_row FROM {versions}"
    " JOIN runs opened ON opened.county = v.county AND opened.id = v.run"
    " LEFT JOIN runs closed ON closed.county = v.county AND closed.id = v.closed_run"
)
_VERSIONS = _JOINED.format(versions="row_versions v")
_ORDER = "ORDER BY v.form, v.township, v.key, v.id"


def _events(versions: Sequence[Any]) -> Iterator[Event]:
    """The events of versions that are sorted by form, township, key and number."""
    before: Any = None
    for index, version in enumerate(versions):
        (_, form, township, key, payload, run, run_kind, at, closed_run, closing_kind, closed_at, *place) = version
        if before and before[1:4] != version[1:4]:
            before = None
        replaces = before is not None and before[8] == run
        kind: EventKind = "new" if before is None else "changed" if replaces else "reopened"
        old = before[4].encode() if replaces else None
        yield Event(run, run_kind, kind, at, form, township, key, old, payload.encode(), *place)
        following = versions[index + 1] if index + 1 < len(versions) else None
        replaced = following is not None and following[1:4] == version[1:4] and following[5] == closed_run
        if closed_run is not None and not replaced:
            yield Event(
                closed_run, closing_kind, "gone", closed_at, form, township, key, payload.encode(), None, *place
            )
        before = version


def _like(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def history(connection: Connection, county: str, sought: str) -> list[Event]:
    """Each change of the rows whose key, or a part of it such as an ID number, is `sought`; oldest first in each row."""
    part = _like(sought)
    found = connection.execute(
        text(
            f"{_VERSIONS} WHERE v.county = :county AND (v.key = :key OR v.key LIKE :first ESCAPE '\\'"
            f" OR v.key LIKE :middle ESCAPE '\\' OR v.key LIKE :last ESCAPE '\\') {_ORDER}"
        ),
        {"county": county, "key": sought, "first": f"{part}|%", "middle": f"%|{part}|%", "last": f"%|{part}"},
    )
    return list(_events(found.all()))


def events(connection: Connection, county: str, run: int, township: str, form: str) -> list[Event]:
    """Each change that one run made to one form of one township, by key."""
    touched = "SELECT key FROM row_versions WHERE county = :county AND form = :form AND township = :township"
    # Two questions instead of one with OR: each has its index. CROSS JOIN has SQLite begin with what they give.
    keys = f"({touched} AND run = :run UNION {touched} AND closed_run = :run) t"
    found = connection.execute(
        text(
            f"{_JOINED.format(versions=f'{keys} CROSS JOIN row_versions v')}"
            f" WHERE t.key = v.key AND v.county = :county AND v.form = :form AND v.township = :township {_ORDER}"
        ),
        {"county": county, "run": run, "township": township, "form": form},
    )
    return [event for event in _events(found.all()) if event.run == run]


def as_of(connection: Connection, county: str, form: str, at: str) -> Iterator[Row]:
    """The rows of a form as they stood at a moment, by township and key; the place is where each version came from."""
    found = connection.execute(
        text(
            "SELECT township, key, payload, valid_from, source_file, source_sheet, source_row FROM row_versions"
            " WHERE county = :county AND form = :form AND valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
            " ORDER BY township, key"
        ),
        {"county": county, "form": form, "at": at},
    )
    for township, key, payload, since, file, sheet, row in found:
        yield Row(township, key, payload.encode(), since, file, sheet, row, ())

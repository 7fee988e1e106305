"""Sealed figures: written once, lifted at most, never changed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from sync_service.audit.acting import at_this_pc
from sync_service.store import auditing
from sync_service.store.engine import insert
from sync_service.store.errors import StoreError


class Seal(NamedTuple):
    """A period whose figures were reported: up to which day, when, by whom and why; and when, by whom and why that was lifted."""

    id: int
    period: str
    as_of: str
    sealed_at: str
    sealed_by: str
    note: str
    definitions: str
    lifted_at: str | None = None
    lifted_by: str | None = None
    lifted_note: str | None = None


class SealedFigure(NamedTuple):
    """A figure as it was reported: its value, by the townships' codes too, who had reported, its meaning, and its rows' versions."""

    figure: str
    value: float | None
    by_township: Mapping[str, float | None]
    done: Sequence[str]
    meaning: str
    versions: Sequence[int] = ()


_FIELDS = "id, period, as_of, sealed_at, sealed_by, note, definitions, lifted_at, lifted_by, lifted_note"


def seals(connection: Connection, county: str) -> list[Seal]:
    """Every seal that there ever was, oldest first."""
    found = connection.execute(
        text(f"SELECT {_FIELDS} FROM seals WHERE county = :county ORDER BY id"), {"county": county}
    )
    return [Seal(*row) for row in found]


def _standing(connection: Connection, county: str, period: str) -> Seal | None:
    return next((one for one in seals(connection, county) if one.period == period and not one.lifted_at), None)


def _written(one: SealedFigure) -> tuple[str, float | None, str, str, str]:
    return one.figure, one.value, orjson.dumps(one.by_township).decode(), " ".join(one.done), one.meaning


def seal(connection: Connection, county: str, wanted: Seal, figures: Sequence[SealedFigure]) -> int:
    """Seals a period; the seal's number. `wanted.id` is not asked for. Raises StoreError if the period is sealed already."""
    if _standing(connection, county, wanted.period):
        raise StoreError(f"{wanted.period}已经封存", "要重新封存，请先 taizhang unseal，再封存一次。")
    number = len(seals(connection, county)) + 1
    insert(connection, "seals", f"county {_FIELDS.replace(',', '')}", [(county, number, *wanted[1:])])
    first: dict[tuple[int, ...], str] = {}  # figures of the same rows keep them once
    for one in figures:
        first.setdefault(tuple(one.versions), one.figure)
    insert(
        connection,
        "sealed_figures",
        "county seal figure value by_township done meaning rows_of",
        [(county, number, *_written(one), first[tuple(one.versions)]) for one in figures],
    )
    rows = [(county, number, figure, version) for versions, figure in first.items() for version in versions]
    insert(connection, "sealed_rows", "county seal figure version", rows)
    about = {"period": wanted.period, "by": wanted.sealed_by, "note": wanted.note}
    auditing.note(connection, county, at_this_pc(), "seal", about, wanted.sealed_at)
    return number


def lift(connection: Connection, county: str, period: str, *, at: str, by: str, note: str) -> Seal:
    """Lifts the seal of a period; it stays on record. Raises StoreError if the period is not sealed."""
    standing = _standing(connection, county, period)
    if standing is None:
        raise StoreError(f"{period}没有封存", "taizhang figures 会写明哪些期已经封存。")
    connection.execute(
        text(
            "UPDATE seals SET lifted_at = :at, lifted_by = :by, lifted_note = :note WHERE county = :county AND id = :id"
        ),
        {"county": county, "id": standing.id, "at": at, "by": by, "note": note},
    )
    auditing.note(connection, county, at_this_pc(), "unseal", {"period": period, "by": by, "note": note}, at)
    return standing


def sealed_figures(connection: Connection, county: str, number: int, *, rows: bool) -> dict[str, SealedFigure]:
    """The figures of a seal by id, with their rows' versions if asked for."""
    scope = {"county": county, "seal": number}
    versions: dict[str, list[int]] = {}
    if rows:
        query = "SELECT figure, version FROM sealed_rows WHERE county = :county AND seal = :seal ORDER BY version"
        for figure, version in connection.execute(text(query), scope):
            versions.setdefault(figure, []).append(version)
    query = "SELECT figure, value, by_township, done, meaning, rows_of FROM sealed_figures"
    found = connection.execute(text(f"{query} WHERE county = :county AND seal = :seal"), scope)
    return {
        figure: SealedFigure(figure, value, orjson.loads(by_township), done.split(), meaning, versions.get(rows_of, ()))
        for figure, value, by_township, done, meaning, rows_of in found
    }

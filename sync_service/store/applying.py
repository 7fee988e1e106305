"""One run of synchronising, written in one transaction (law 7); a run that changes nothing leaves no trace (law 1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.merge import Counts, Plan, Refusal
from sync_service.store.engine import insert, listed, many
from sync_service.store.reading import PROBLEM_COLUMNS, PROBLEM_FIELDS, marked, problems, refusals, sources
from sync_service.store.records import AWAITING, HELD, Applied, KnownProblem, Output, Reading, Source
from sync_service.store.rejected import write_rejected
from sync_service.store.reviewing import add_statements
from sync_service.store.writing import Place, Version, Writer, begin
from validators.problems import Problem

_Places = Mapping[int, tuple[str, str, int]]
"""Where versions stand: file, sheet and row."""


class _Known(NamedTuple):
    """What the store holds of a township beside its rows: where versions stand in the file, and by form marks and refusals."""

    places: _Places
    marks: Mapping[tuple[str, str], frozenset[str]]
    refusals: Mapping[str, frozenset[Refusal]]


def _places(connection: Connection, county: str, township: str, forms: Collection[str]) -> _Places:
    where, named = listed("form", forms)
    found = connection.execute(
        text(
            "SELECT w.version, w.file, w.sheet, w.row FROM row_versions v"
            " JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
            f" WHERE v.county = :county AND v.form IN {where} AND v.township = :township AND v.valid_to IS NULL"
        ),
        {"county": county, "township": township, **named},
    )
    return {version: (file, sheet, row) for version, file, sheet, row in found.all()}


def _known(writer: Writer, township: str, plans: Sequence[Plan]) -> _Known:
    scope = (writer.connection, writer.county, township)
    forms = [plan.form for plan in plans]
    staying = [plan.form for plan in plans if plan.places]
    return _Known(_places(*scope, staying) if staying else {}, marked(*scope, forms), refusals(*scope, forms))


def _write_rows(writer: Writer, plan: Plan, file: str) -> bool:
    """Versions: closed, and opened."""
    writer.close([row.version for row in plan.gone] + [change.old.version for change in plan.changed])
    taken = sorted([*plan.new, *(change.row for change in plan.changed)], key=lambda row: row.key)
    writer.open(
        [
            Version(plan.form, plan.township, row.key, row.payload.decode(), row.digest, file, plan.sheet, row.row)
            for row in taken
        ]
    )
    return bool(plan.gone or taken)


def _write_places(writer: Writer, plan: Plan, file: str, known: _Places) -> bool:
    """Where the rows that stay stand in the file now: only what moved is written."""
    moved = [
        (file, plan.sheet, row, writer.county, version)
        for version, row in plan.places
        if known.get(version) != (file, plan.sheet, row)
    ]
    many(
        writer.connection,
        "UPDATE whereabouts SET file = ?, sheet = ?, row = ? WHERE county = ? AND version = ?",
        moved,
    )
    return bool(moved)


def _write_marks(writer: Writer, plan: Plan, known: Mapping[tuple[str, str], frozenset[str]]) -> bool:
    """Marks: those that stay keep the run that gave them."""
    place = (plan.form, plan.township)
    changed = False
    for mark, wanted in ((AWAITING, {*plan.awaiting}), (HELD, {*plan.held, *plan.still_held})):
        before = known.get((plan.form, mark), frozenset())
        writer.unmark(place, before - wanted, mark)
        writer.mark(place, wanted - before, mark)
        changed |= before != wanted
    return changed


def _write_refusals(writer: Writer, plan: Plan, known: frozenset[Refusal]) -> bool:
    """Refusals: what a decision of the county refuses without knowing the content is remembered once it has been met."""
    place = (plan.form, plan.township)
    writer.accept(place, plan.lapsed)
    fresh = {*plan.refused} - known
    writer.refuse(place, sorted(fresh, key=lambda one: (one[0], one[1] or b"")))
    return bool(fresh)


def _write_plan(writer: Writer, plan: Plan, file: str, known: _Known) -> bool:
    written = [
        _write_rows(writer, plan, file),
        _write_places(writer, plan, file, known.places),
        _write_marks(writer, plan, known.marks),
        _write_refusals(writer, plan, known.refusals.get(plan.form, frozenset())),
    ]
    return any(written)


def _identity(problem: Problem) -> tuple[str, ...]:
    """What makes a problem the same one at the next reading, when rows may have moved."""
    return problem.code, problem.form, problem.key or problem.value, problem.header


def _first_runs(known: Iterable[KnownProblem], found: Sequence[Problem], run: int) -> list[int]:
    """For each problem found the run that first found it: the oldest one goes to the first of its like."""
    earlier: dict[tuple[str, ...], list[int]] = {}
    for old in known:
        earlier.setdefault(_identity(old.problem), []).append(old.first_run)
    for runs in earlier.values():
        runs.sort(reverse=True)
    return [older.pop() if (older := earlier.get(_identity(one))) else run for one in found]


def _write_problems(writer: Writer, township: str, found: Sequence[Problem]) -> bool:
    known = problems(writer.connection, writer.county, township)
    if [old.problem for old in known] == list(found):
        return False
    writer.connection.execute(
        text("DELETE FROM problems WHERE county = :county AND township = :township"),
        {"county": writer.county, "township": township},
    )
    insert(
        writer.connection,
        "problems",
        f"county township n first_run {PROBLEM_COLUMNS}",
        [
            (writer.county, township, n, first, *(getattr(one, name) for name in PROBLEM_FIELDS))
            for n, (one, first) in enumerate(zip(found, _first_runs(known, found, writer.run), strict=True))
        ],
    )
    return True


def _write_sources(writer: Writer, found: Iterable[Source], run: int | None) -> None:
    """The marks by which a workbook is known to be unchanged; without a run they keep the last one that they had."""
    known = sources(writer.connection, writer.county)
    for source in found:
        before = known.get(source.township)
        if run is None and before and replace(source, read_at=before.read_at) == before:
            continue
        writer.connection.execute(
            text(
                "INSERT INTO sources (county, township, path, size, mtime_ns, digest, setup, status, read_at, read_run)"
                " VALUES (:county, :township, :path, :size, :mtime_ns, :digest, :setup, :status, :read_at, :run)"
                " ON CONFLICT (county, township) DO UPDATE SET path = excluded.path, size = excluded.size,"
                " mtime_ns = excluded.mtime_ns, digest = excluded.digest, setup = excluded.setup,"
                " status = excluded.status, read_at = excluded.read_at,"
                " read_run = coalesce(excluded.read_run, sources.read_run)"
            ),
            {"county": writer.county, "run": run, **asdict(source)},
        )


def _write_reading(writer: Writer, reading: Reading) -> bool:
    township = reading.source.township
    # Sorted, so that even the versions' numbers are the same.
    plans = sorted((plan for plan in reading.plans if plan.complete), key=lambda plan: plan.form)
    known = _known(writer, township, plans) if plans else _Known({}, {}, {})
    written = [_write_plan(writer, plan, reading.source.path, known) for plan in plans]
    written += [_write_problems(writer, township, reading.problems), add_statements(writer, reading.statements)]
    if reading.rejected is not None:
        written.append(write_rejected(writer, township, reading.rejected))
    return any(written)


def _counts(reading: Reading) -> Mapping[Place, Counts]:
    counts = {(plan.form, reading.source.township): plan.counts for plan in reading.plans}
    if any(not problem.form for problem in reading.problems):
        counts["", reading.source.township] = Counts(0, 0, 0, 0, 0)
    return counts


def apply(
    connection: Connection, county: str, readings: Iterable[Reading], *, started_at: str, at: str, note: str
) -> Applied:
    """Writes what `readings` brought, one after the other, in the order of the townships' codes. The caller holds the transaction.

    Raises StaleError if a row is not any more what its plan was made for, ValueError if a township comes more than once or out of turn.
    """
    writer = begin(connection, county, at)
    found: list[Source] = []
    counts: dict[Place, Counts] = {}
    changed = False
    for reading in readings:
        if found and reading.source.township <= found[-1].township:
            raise ValueError(
                f"township {reading.source.township} was read more than once, or after {found[-1].township}"
            )
        changed |= _write_reading(writer, reading)
        counts |= _counts(reading)
        found.append(reading.source)
    run = writer.run if changed else None
    _write_sources(writer, found, run)
    if run is None:
        return Applied(None, writer.at)
    writer.finish("sync", started_at, note, counts)
    return Applied(run, writer.at)


def remember_outputs(connection: Connection, county: str, outputs: Sequence[Output]) -> None:
    """Remembers published files."""
    connection.execute(
        text(
            "INSERT INTO outputs (county, name, fingerprint, digests) VALUES (:county, :name, :fingerprint, :digests)"
            " ON CONFLICT (county, name) DO UPDATE SET fingerprint = excluded.fingerprint, digests = excluded.digests"
        ),
        [{"county": county, **output._asdict()} for output in outputs],
    )

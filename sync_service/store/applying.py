"""One run of synchronising, written in one transaction (law 7); a run that changes nothing leaves no trace (law 1)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, text

from sync_service.merge import Counts, Plan
from sync_service.store.engine import insert, many
from sync_service.store.reading import PROBLEM_COLUMNS, PROBLEM_FIELDS, marks_of, problems, refusals, sources
from sync_service.store.records import AWAITING, HELD, Applied, KnownProblem, Output, Reading, Source
from sync_service.store.reviewing import add_statements, write_rejected
from sync_service.store.writing import Place, Version, Writer, begin
from validators.problems import Problem


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


def _write_places(writer: Writer, plan: Plan, file: str) -> bool:
    """Where the rows that stay stand in the file now: only what moved is written."""
    found = writer.connection.execute(
        text(
            "SELECT w.version, w.file, w.sheet, w.row FROM row_versions v"
            " JOIN whereabouts w ON w.county = v.county AND w.version = v.id"
            " WHERE v.county = :county AND v.form = :form AND v.township = :township AND v.valid_to IS NULL"
        ),
        {"county": writer.county, "form": plan.form, "township": plan.township},
    )
    known = {version: tuple(place) for version, *place in found}
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


def _write_marks(writer: Writer, plan: Plan) -> bool:
    """Marks: those that stay keep the run that gave them."""
    place = (plan.form, plan.township)
    known = marks_of(writer.connection, writer.county, plan.form, plan.township)
    changed = False
    for mark, wanted in ((AWAITING, {*plan.awaiting}), (HELD, {*plan.held, *plan.still_held})):
        before = {key for _, key in known[mark]}
        writer.unmark(place, before - wanted, mark)
        writer.mark(place, wanted - before, mark)
        changed |= before != wanted
    return changed


def _write_refusals(writer: Writer, plan: Plan) -> bool:
    """Refusals: what a decision of the county refuses without knowing the content is remembered once it has been met."""
    place = (plan.form, plan.township)
    writer.accept(place, plan.lapsed)
    fresh = {*plan.refused} - refusals(writer.connection, writer.county, plan.township, plan.form)
    writer.refuse(place, sorted(fresh, key=lambda one: (one[0], one[1] or b"")))
    return bool(fresh)


def _write_plan(writer: Writer, plan: Plan, file: str) -> bool:
    if not plan.complete:
        return False
    written = [_write_rows(writer, plan, file), _write_places(writer, plan, file), _write_marks(writer, plan)]
    return any([*written, _write_refusals(writer, plan)])


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


def _counts(readings: Iterable[Reading]) -> dict[Place, Counts]:
    counts = {(plan.form, reading.source.township): plan.counts for reading in readings for plan in reading.plans}
    for reading in readings:
        if any(not problem.form for problem in reading.problems):
            counts["", reading.source.township] = Counts(0, 0, 0, 0, 0)
    return counts


def apply(
    connection: Connection, county: str, readings: Sequence[Reading], *, started_at: str, at: str, note: str
) -> Applied:
    """Writes what `readings` brought. The caller holds the transaction.

    Raises StaleError if a row is not any more what its plan was made for, ValueError if a township was read twice.
    """
    twice = [township for township, n in Counter(one.source.township for one in readings).items() if n > 1]
    if twice:
        raise ValueError(f"townships {twice} were read more than once")
    writer = begin(connection, county, at)
    changed = []
    for reading in sorted(readings, key=lambda one: one.source.township):
        township = reading.source.township
        plans = sorted(reading.plans, key=lambda plan: plan.form)  # so that even the versions' numbers are the same
        changed += [_write_plan(writer, plan, reading.source.path) for plan in plans]
        changed.append(_write_problems(writer, township, reading.problems))
        changed.append(add_statements(writer, reading.statements))
        if reading.rejected is not None:
            changed.append(write_rejected(writer, township, reading.rejected))
    run = writer.run if any(changed) else None
    _write_sources(writer, (reading.source for reading in readings), run)
    if run is None:
        return Applied(None, writer.at)
    writer.finish("sync", started_at, note, _counts(readings))
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

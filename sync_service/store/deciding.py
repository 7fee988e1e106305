"""What the coordinator decides: that held rows are really gone, and that a run shall have had no effect."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from sync_service.merge import Counts
from sync_service.store.errors import StoreError
from sync_service.store.reading import runs
from sync_service.store.records import AWAITING, HELD, TOMBSTONE, RunKind, Undone
from sync_service.store.reviewing import take_back
from sync_service.store.writing import Place, Version, Writer, begin


class _Kept(NamedTuple):
    """A version as undoing sees it."""

    id: int
    run: int
    closed_run: int | None
    version: Version


def _touched(writer: Writer, run: int) -> Mapping[tuple[str, str, str], list[_Kept]]:
    """All versions, oldest first, of every row that `run` opened or closed a version of."""
    found = writer.connection.execute(
        text(
            "SELECT v.id, v.run, v.closed_run, v.form, v.township, v.key, v.payload, v.digest,"
            " v.source_file, v.source_sheet, v.source_row FROM row_versions v"
            " JOIN (SELECT DISTINCT form, township, key FROM row_versions"
            "       WHERE county = :county AND (run = :run OR closed_run = :run)) t"
            " ON t.form = v.form AND t.township = v.township AND t.key = v.key"
            " WHERE v.county = :county AND v.key NOT LIKE :tombstone ORDER BY v.id"  # what was erased does not come back
        ),
        {"county": writer.county, "run": run, "tombstone": f"{TOMBSTONE}%"},
    )
    touched: dict[tuple[str, str, str], list[_Kept]] = defaultdict(list)
    for number, opened, closed, *values in found:
        version = Version(*values)._replace(digest=bytes(values[4]))
        touched[version[:3]].append(_Kept(number, opened, closed, version))
    return touched


class _Effect(NamedTuple):
    """What taking a run's effect back means for one row: `close` this, `restore` that; either may be missing."""

    close: _Kept | None
    restore: _Kept | None


def _effect(versions: list[_Kept], run: int) -> _Effect | None:
    """How to take back what `run` did to a row, or None if the row changed again since."""
    *earlier, newest = versions
    replaced = earlier[-1] if earlier and earlier[-1].closed_run == run else None
    if newest.run == run and newest.closed_run is None:
        return _Effect(newest, replaced)
    if newest.closed_run == run:
        return _Effect(None, newest)
    return None


def _root(connection: Connection, county: str, run: int) -> tuple[RunKind, bool]:
    """The kind of the run that a chain of undoing began with, and whether `run` left its effect standing."""
    found = {one.id: one for one in runs(connection, county, None)}
    if run not in found:
        raise StoreError(f"没有第 {run} 次运行", "运行号见总台账的“变更记录”。")
    standing = True
    while (undone := found[run].undoes) is not None:
        run, standing = undone, not standing
    return found[run].kind, standing


def _counts(writer: Writer, place: Place, done: Sequence[_Effect]) -> Counts:
    new = sum(effect.close is None for effect in done)
    gone = sum(effect.restore is None for effect in done)
    return Counts(writer.standing(place), new, len(done) - new - gone, gone, 0)


def _take_back(
    writer: Writer, place: Place, done: Sequence[_Effect], kind: RunKind, standing: bool, refused: set[str]
) -> None:
    """Writes the effects, and what keeps the next reading of the unchanged file from undoing the undoing.

    `refused` are the keys of rows that the run closed because another township's was taken: they were not held.
    """
    closed = {effect.close.version.key: effect.close for effect in done if effect.close}
    restored = {effect.restore.version.key: effect.restore for effect in done if effect.restore}
    writer.close([kept.id for kept in closed.values()])
    writer.open([kept.version for kept in restored.values()])
    keys = sorted(closed.keys() | restored.keys())
    for mark in (AWAITING, HELD):
        writer.unmark(place, closed.keys() - restored.keys(), mark)
    if standing and kind == "sync":
        writer.refuse(place, [(key, closed[key].version.digest if key in closed else None) for key in keys])
    if standing and kind == "confirm":
        writer.mark(place, restored.keys() - closed.keys() - refused, HELD)


def _permit(writer: Writer, run: int) -> Mapping[Place, set[str]]:
    """Forgets what `run` refused; the keys of which it refused a content. Rows that it kept are held again."""
    scope = {"county": writer.county, "run": run}
    found = writer.connection.execute(
        text("SELECT form, township, key, digest FROM refusals WHERE county = :county AND run = :run"), scope
    )
    refused: dict[Place, set[str]] = defaultdict(set)
    for form, township, key, digest in found.all():
        if bytes(digest):
            refused[form, township].add(key)
        else:
            writer.mark((form, township), [key], HELD)
    writer.connection.execute(text("DELETE FROM refusals WHERE county = :county AND run = :run"), scope)
    return refused


def _read_again(connection: Connection, county: str, townships: Collection[str]) -> None:
    """The next pass reads these townships' workbooks though they lie unchanged: so it tells them what is not taken any more."""
    forget = text("UPDATE sources SET setup = '' WHERE county = :county AND township = :township")
    for township in sorted(townships):
        connection.execute(forget, {"county": county, "township": township})


def undo(connection: Connection, county: str, run: int, *, at: str, note: str) -> Undone:
    """Takes back what `run` did, as a new run; rows that changed again since are left and reported.

    What the run wrote is closed, what it replaced or closed stands again as a new version, and the file as it is now does
    not bring the undone state back (see merge.Refusal). What was decided in that run is decided no more. A confirmation that is undone leaves the rows held again; an undo
    may be undone. Raises StoreError if there is no such run or nothing of it is left to undo.
    """
    kind, standing = _root(connection, county, run)
    writer = begin(connection, county, at)
    effects: dict[Place, list[_Effect]] = defaultdict(list)
    left = []
    for (form, township, key), versions in sorted(_touched(writer, run).items()):
        effect = _effect(versions, run)
        if effect:
            effects[form, township].append(effect)
        else:
            left.append((form, township, key))
    if not take_back(writer, run) and not effects:
        raise StoreError(f"第 {run} 次运行没有可撤销的改动", "它没有改动过记录，或这些记录后来又改动过。")
    refused = _permit(writer, run) if standing and kind == "confirm" else {}
    for place, done in sorted(effects.items()):
        _take_back(writer, place, done, kind, standing, refused.get(place, set()))
    _read_again(connection, county, {township for _, township in effects})
    counts = {place: _counts(writer, place, done) for place, done in effects.items()}
    writer.finish("undo", at, note, counts, undoes=run)
    return Undone(writer.run, tuple(left))


def _settle(connection: Connection, county: str, place: Place) -> None:
    """Takes the question about held rows (L02) off the list of problems: it has been answered."""
    form, township = place
    connection.execute(
        text("DELETE FROM problems WHERE county = :county AND form = :form AND township = :township AND code = 'L02'"),
        {"county": county, "form": form, "township": township},
    )


def confirm(
    connection: Connection, county: str, place: Place, keys: Collection[str] | None, *, at: str, note: str
) -> int:
    """Closes the held rows of a form and township, all or those named, as a new run; its number.

    Raises StoreError if none is held, or one of `keys` is not.
    """
    form, township = place
    found = connection.execute(
        text(
            "SELECT v.key, v.id FROM marks m JOIN row_versions v ON v.county = m.county AND v.form = m.form"
            " AND v.township = m.township AND v.key = m.key AND v.valid_to IS NULL"
            " WHERE m.county = :county AND m.form = :form AND m.township = :township AND m.mark = :mark"
        ),
        {"county": county, "form": form, "township": township, "mark": HELD},
    )
    held: dict[str, int] = dict(found.all())
    wanted = set(held if keys is None else keys)
    if not wanted or not wanted <= held.keys():
        raise StoreError("没有待确认的行，或所选的行并不在待确认之列", "请先同步一次，再看总台账的“总览”。")
    writer = begin(connection, county, at)
    writer.close([held[key] for key in sorted(wanted)])
    writer.unmark(place, wanted, HELD)
    if wanted == held.keys():
        _settle(connection, county, place)
    writer.finish("confirm", at, note, {place: Counts(writer.standing(place), 0, 0, len(wanted), 0)})
    return writer.run

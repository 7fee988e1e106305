"""What follows for the stored rows from a township's sheet: pure judgement, nothing is read or written here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import orjson

from validators.checked import CheckedRow, CheckedSheet


class StoredRow(NamedTuple):
    """A row as the store holds it now: its key, the digest of its payload, and the number of its version."""

    key: str
    digest: bytes
    version: int


class Refusal(NamedTuple):
    """What the coordinator undid: this content of the row, or (`digest` None) its disappearance."""

    key: str
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class Stored:
    """One township's rows of one form. `held` are keys that vanished earlier and wait for the coordinator.

    `payloads` gives the payloads of the current rows by key; it is asked only when a spoilt row has to be recognised.
    """

    township: str
    form: str
    rows: Mapping[str, StoredRow]
    held: frozenset[str]
    refusals: frozenset[Refusal]
    payloads: Callable[[], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Policy:
    """Law 5: more than `rows` rows and more than `percent` per cent of a form vanishing at once are held.

    `recognise` are the ids of the columns by which a row with a spoilt key is known again.
    """

    rows: int = 20
    percent: float = 10
    recognise: tuple[str, ...] = ()


class Change(NamedTuple):
    """A row whose content changed, with the version that it replaces."""

    row: CheckedRow
    old: StoredRow


class Counts(NamedTuple):
    """Numbers of rows; `rows` is how many stand in the store after the plan, `held` only those held for the first time."""

    rows: int
    new: int
    changed: int
    gone: int
    held: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for one township and one form; every sequence is sorted by key. Rows not named stand as they are.

    `new` rows have no current version (a row that was closed and is back is one of them). `gone` rows are closed.
    `held` vanished with too many others now, `still_held` earlier; `released` were held and are back in the file.
    `awaiting` stand in the file in a form that is not valid: the last good version stands (待更正). `refused` is what
    was undone and is not taken again, `lapsed` refusals that the file no longer calls for. `places` gives the row number
    of each stored version that is in the file unchanged, awaiting or refused.
    Unless `complete`, the sheet was no ground for any change.
    """

    township: str
    form: str
    sheet: str
    complete: bool
    counts: Counts
    new: tuple[CheckedRow, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[StoredRow, ...] = ()
    held: tuple[str, ...] = ()
    still_held: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    awaiting: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    lapsed: tuple[Refusal, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


def _order(refusal: Refusal) -> tuple[str, bytes]:
    return refusal.key, refusal.digest or b""


def _unique(rows: Iterable[CheckedRow]) -> dict[str, CheckedRow]:
    """The valid rows by key, sorted. The checker lets no two valid rows of different content share a key."""
    valid: dict[str, CheckedRow] = {}
    for row in sorted((row for row in rows if row.valid), key=attrgetter("key", "row")):
        first = valid.setdefault(row.key, row)
        if first.digest != row.digest:
            raise ValueError(f"valid rows {[first.row, row.row]} share a key but not their content")
    return valid


def _recognised(
    vanished: Iterable[str], spoilt: Iterable[CheckedRow], stored: Stored, recognise: tuple[str, ...]
) -> dict[str, CheckedRow]:
    """Which vanished rows the spoilt ones are: equal in the recognising columns and in half of the stored values.

    The closest pair is taken first and each row once; the order of rows plays no part.
    """
    payloads = stored.payloads()
    by_mark: dict[tuple[object, ...], list[tuple[str, dict[str, object]]]] = {}
    for key in vanished:
        values = orjson.loads(payloads[key])
        by_mark.setdefault(tuple(values.get(name) for name in recognise), []).append((key, values))
    pairs = []
    for row in spoilt:
        found = orjson.loads(row.payload)
        for key, values in by_mark.get(tuple(found.get(name) for name in recognise), ()):
            equal = sum(found.get(name) == value for name, value in values.items())
            if equal * 2 >= len(values):
                pairs.append((-equal, key, row.payload, row.row, row))
    matched: dict[str, CheckedRow] = {}
    used: set[int] = set()
    for _, key, _, number, row in sorted(pairs, key=lambda pair: pair[:4]):
        if key not in matched and number not in used:
            matched[key] = row
            used.add(number)
    return matched


def _spoilt(
    stored: Stored, incoming: CheckedSheet, valid: Mapping[str, CheckedRow], recognise: tuple[str, ...]
) -> dict[str, CheckedRow]:
    """The stored rows whose row in the file is not valid, with that row."""
    invalid = [row for row in incoming.rows if not row.valid]
    spoilt: dict[str, CheckedRow] = {}
    for row in sorted(invalid, key=lambda row: row.row):
        if row.key in stored.rows and row.key not in valid:
            spoilt.setdefault(row.key, row)
    # A row whose key was changed AND which is invalid would otherwise close its old record and store nothing (law 3).
    strangers = [row for row in invalid if row.key not in stored.rows]
    vanished = stored.rows.keys() - valid.keys() - spoilt.keys()
    if strangers and vanished:
        spoilt |= _recognised(vanished, strangers, stored, recognise)
    return spoilt


def _lapsed(
    refusals: Iterable[Refusal], stored: Stored, valid: Mapping[str, CheckedRow], spoilt: Mapping[str, CheckedRow]
) -> list[Refusal]:
    """The refusals whose cause is over: the content is another one now, or the row has been in the file again."""
    lapsed = []
    for refusal in refusals:
        present = refusal.key in valid or refusal.key in spoilt
        if refusal.digest is None:
            over = present or refusal.key not in stored.rows
        else:
            over = not present or (refusal.key in valid and valid[refusal.key].digest != refusal.digest)
        if over:
            lapsed.append(refusal)
    return lapsed


def merge(stored: Stored, incoming: CheckedSheet, policy: Policy) -> Plan:
    """What `incoming` does to `stored`: a function of both that the order of rows has no part in (law 2).

    Raises ValueError if the sheet is another form's, or two of its valid rows share a key but not their content.
    """
    if stored.form != incoming.form:
        raise ValueError(f"a sheet of form {incoming.form} cannot be merged into {stored.form}")
    total = len(stored.rows)
    if not incoming.complete:
        return Plan(stored.township, stored.form, incoming.sheet, complete=False, counts=Counts(total, 0, 0, 0, 0))
    valid = _unique(incoming.rows)
    spoilt = _spoilt(stored, incoming, valid, policy.recognise)

    new, changed, refused, places = [], [], [], []
    for key, row in valid.items():
        old = stored.rows.get(key)
        if old and old.digest == row.digest:
            places.append((old.version, row.row))
        elif (refusal := Refusal(key, row.digest)) in stored.refusals:
            refused.append(refusal)
            if old:
                places.append((old.version, row.row))
        elif old:
            changed.append(Change(row, old))
        else:
            new.append(row)
    places += [(stored.rows[key].version, row.row) for key, row in spoilt.items()]

    vanished = stored.rows.keys() - valid.keys() - spoilt.keys()
    kept = {refusal for refusal in stored.refusals if refusal.digest is None and refusal.key in vanished}
    still_held = vanished & stored.held
    fresh = vanished - still_held - {refusal.key for refusal in kept}
    missing = len(fresh) + len(still_held)
    too_many = missing > policy.rows and missing * 100 > policy.percent * total
    held, gone = (fresh, set()) if too_many else (set(), fresh)
    return Plan(
        stored.township,
        stored.form,
        incoming.sheet,
        complete=True,
        counts=Counts(total + len(new) - len(gone), len(new), len(changed), len(gone), len(held)),
        new=tuple(new),
        changed=tuple(changed),
        gone=tuple(stored.rows[key] for key in sorted(gone)),
        held=tuple(sorted(held)),
        still_held=tuple(sorted(still_held)),
        released=tuple(sorted(stored.held - vanished)),
        awaiting=tuple(sorted(spoilt)),
        refused=tuple(sorted([*refused, *kept], key=_order)),
        lapsed=tuple(sorted(_lapsed(stored.refusals, stored, valid, spoilt), key=_order)),
        places=tuple(sorted(places)),
    )

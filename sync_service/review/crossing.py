"""Keys that concern several townships: looked for where a row came or went since last time, and known from then elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from sync_service.reuse.shelf import Shelf
from sync_service.review.searching import MANY, SEARCH
from sync_service.store import Store
from sync_service.store.records import Conflict, Move
from workbook_templates.form import Forms

_CROSSING = "crossing"


class Crossing(NamedTuple):
    """The same row, such as a payment, in several townships; and the rows that left one township and came up in another."""

    conflicts: Sequence[Conflict]
    moves: Sequence[Move]


def _packed(run: int, found: Crossing) -> bytes:
    return orjson.dumps([run, [[*one] for one in found.conflicts], [[*one] for one in found.moves]])


def _unpacked(packed: bytes) -> tuple[int, Crossing]:
    run, conflicts, moves = orjson.loads(packed)
    told = [Conflict(form, key, tuple((place[0], place[1]) for place in places)) for form, key, places in conflicts]
    return run, Crossing(told, [Move(*one) for one in moves])


def crossing(store: Store, forms: Forms, shelf: Shelf) -> Crossing:
    """What crosses from one township into another in forms about persons. Persons on two rosters are found among the doubles."""
    asked = [form.id for form in forms.values() if form.person and not form.roster]
    made_from = repr((SEARCH, forms.digest)).encode()
    run = max((one.id for one in store.runs(1)), default=0)
    packed = shelf.get(_CROSSING, made_from)
    known_run, known = _unpacked(packed) if packed else (0, Crossing([], []))
    keys = store.keys_since(known_run) if known_run else set()
    if not known_run or len(keys) > MANY:
        conflicts = [one for form in asked for one in store.conflicts(form, by_person=False)]
        moves = store.moves()
    else:
        conflicts = [one for one in known.conflicts if one.subject not in keys]
        moves = [one for one in known.moves if one.key not in keys]
        if keys:
            conflicts += [one for one in store.shared(keys) if one.form in asked]
            moves += store.moves(keys)
    found = Crossing(sorted(conflicts), sorted(moves))
    shelf.put(_CROSSING, made_from, _packed(run, found))
    return found

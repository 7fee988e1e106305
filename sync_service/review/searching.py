"""The search for doubles in the store: the people of townships in which nothing changed are taken from the shelf, and of the
pairs found last time those with whom nothing that changed has to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson

from sync_service.doubles.changed import suspicions_after
from sync_service.doubles.person import Person, people_of
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions
from sync_service.reuse.shelf import Shelf
from sync_service.store import Store
from validators.checked import Rejected
from workbook_templates.form import Form, Forms

SEARCH = 2
"""Goes up whenever the code finds other doubles or cases, so that they are looked for again."""
MANY = 1000
"""If more rows than this have changed, everything is searched: that costs no more then."""
_PEOPLE, _FOUND = "people-", "doubles"


class Roll(NamedTuple):
    """The persons of a form and township, and those of them with a number that does not hold together."""

    people: Sequence[Person]
    spoilt: Sequence[Person]


class _Last(NamedTuple):
    """What was found last, and the fingerprints of the rolls in which it was."""

    rolls: Mapping[str, str]
    found: Sequence[Suspicion]


def _packed_roll(people: Sequence[Person]) -> bytes:
    return orjson.dumps([[*one, bool(one.number and not one.whole)] for one in people])


def _roll(packed: bytes) -> Roll:
    people, spoilt = [], []
    for *said, is_spoilt in orjson.loads(packed):
        one = Person(*said)
        people.append(one)
        if is_spoilt:
            spoilt.append(one)
    return Roll(people, spoilt)


def _packed(last: _Last) -> bytes:
    found = [[*one._replace(left=[*one.left], right=[*one.right])] for one in last.found]  # type: ignore[arg-type]
    return orjson.dumps([last.rolls, found])


def _last(packed: bytes) -> _Last:
    rolls, found = orjson.loads(packed)
    return _Last(
        rolls,
        [
            Suspicion(code, strength, Person(*left), Person(*right), why, tuple(codes), tuple(differing), owner)
            for code, strength, left, right, why, codes, differing, owner in found
        ],
    )


def _said(one: Person) -> Person:
    """What a change is told by: a stored row is known by its key wherever it stands in its sheet."""
    return one._replace(sheet="", row=0) if one.stored else one


class Searcher:
    """One search. `rejected` are the rows of rosters that could not be stored, with their townships."""

    def __init__(self, store: Store, forms: Forms, rejected: Iterable[tuple[str, Rejected]], shelf: Shelf) -> None:
        self._store, self._forms, self._shelf = store, forms, shelf
        self._rejected: Mapping[tuple[str, str], list[tuple[str, Rejected]]] = defaultdict(list)
        for township, one in rejected:
            self._rejected[one.form, township].append((township, one))

    def _rolls(self) -> dict[str, tuple[Form, str, str]]:
        """The name of every roll with its form, its township and its fingerprint."""
        marks = self._store.rows_marks()
        rolls = {}
        for form, township in sorted({*marks, *self._rejected}):
            if form in self._forms and self._forms[form].roster:
                mark = marks[form, township].mark if (form, township) in marks else ""
                others = [(one.sheet, one.row, one.number, one.payload) for _, one in self._rejected[form, township]]
                made_from = repr((SEARCH, self._forms.digest, mark, others))
                rolls[f"{_PEOPLE}{form}-{township}"] = self._forms[form], township, made_from
        return rolls

    def _made(self, form: Form, township: str) -> bytes:
        rows = self._store.rows(form.id, township=township)
        return _packed_roll([*people_of(form, rows, self._rejected[form.id, township])])

    def find(self, changes: Sequence[IdChange], *, dialect: bool) -> list[Suspicion]:
        """What is suspected of the rows of all rosters, as `suspicions` gives it."""
        settings = repr((SEARCH, self._forms.digest, changes, dialect)).encode()
        packed = self._shelf.get(_FOUND, settings)
        last = _last(packed) if packed else None
        people, spoilt = list[Person](), list[Person]()
        before, now = set[Person](), set[Person]()
        rolls = self._rolls()
        for name in sorted({*rolls, *(last.rolls if last else ())}):
            form, township, made_from = rolls.get(name, (None, "", ""))
            kept = self._shelf.get(name, made_from.encode()) if form else None
            is_new = last is not None and last.rolls.get(name, "") != made_from
            if last and is_new and name in last.rolls:
                earlier = self._shelf.get(name, last.rolls[name].encode())
                if earlier is None:
                    last = None
                else:
                    before |= {*map(_said, _roll(earlier).people)}
            if form is None:
                continue
            if kept is None:
                kept = self._made(form, township)
                self._shelf.put(name, made_from.encode(), kept)
            roll = _roll(kept)
            people += roll.people
            spoilt += roll.spoilt
            if is_new:
                now |= {*map(_said, roll.people)}
        changed = before ^ now
        if last is None or len(changed) > MANY:
            found = suspicions(people, changes, dialect=dialect)
        else:
            found = suspicions_after(last.found, people, spoilt, changed, changes, dialect=dialect)
        self._shelf.put(_FOUND, settings, _packed(_Last({name: roll[2] for name, roll in rolls.items()}, found)))
        self._shelf.keep_only(_PEOPLE, rolls)
        return found

"""The search for doubles in the store: an index of all rows is kept on the shelf, and of the pairs found last time those with
whom nothing that changed has to do."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from sync_service.doubles.changed import suspicions_after
from sync_service.doubles.index import Index
from sync_service.doubles.person import Person, not_taken_over, person_of_row, roles_of
from sync_service.doubles.register import Register
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions_in
from sync_service.reuse.shelf import Shelf
from sync_service.store import Store
from sync_service.store.versions import NOTHING
from validators.checked import Rejected
from workbook_templates.form import Forms

SEARCH = 3
"""Goes up whenever the code finds other doubles or cases, so that they are looked for again."""
MANY = 1000
"""If more rows than this have changed, everything is searched, and the index on the shelf is brought up to date."""
_INDEX, _FOUND = "index", "doubles"


class _Last(NamedTuple):
    """What was found after a run, and the rows that were not taken over then."""

    run: int
    rejected: Sequence[Person]
    found: Sequence[Suspicion]


def _packed(last: _Last) -> bytes:
    found = [[*one._replace(left=[*one.left], right=[*one.right])] for one in last.found]  # type: ignore[arg-type]
    return orjson.dumps([last.run, [[*one] for one in last.rejected], found])


def _last(packed: bytes) -> _Last:
    run, rejected, found = orjson.loads(packed)
    return _Last(
        run,
        [Person(*one) for one in rejected],
        [
            Suspicion(code, strength, Person(*left), Person(*right), why, tuple(codes), tuple(differing), owner)
            for code, strength, left, right, why, codes, differing, owner in found
        ],
    )


class Searcher:
    """One search. `rejected` are the rows of rosters of which nothing is stored, with their townships."""

    def __init__(self, store: Store, forms: Forms, rejected: Iterable[tuple[str, Rejected]], shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf
        self._run = max((run.id for run in store.runs(1)), default=0)
        self._made_from = SEARCH, forms.digest
        self._forms = {form.id: form for form in forms.values() if form.roster}
        self._roles = {form.id: roles_of(form) for form in self._forms.values()}
        self._rejected = [
            not_taken_over(self._forms[one.form], township, one)
            for township, one in rejected
            if one.form in self._forms
        ]

    def _read(self, versions: Collection[int]) -> Mapping[int, Person]:
        return {
            version: person_of_row(self._forms[form], township, key, map(orjson.loads(payload).get, self._roles[form]))
            for version, (form, township, key, payload) in self._store.by_version(versions).items()
        }

    def _all_since(self, run: int) -> Iterator[tuple[int, Person]]:
        """Who came since a run: read one after another, and only what tells who it is."""
        for form in self._forms.values():
            columns = [column or NOTHING for column in self._roles[form.id]]
            for one in self._store.said_since(form.id, columns, run):
                yield one.version, person_of_row(form, one.township, one.key, orjson.loads(one.values))

    def _few_since(self, run: int) -> tuple[Collection[int], Collection[int]] | None:
        """The rows that came since a run and those that are gone; None if they are more than is worth looking at one by one."""
        if not run:
            return None
        came, gone = (moved(self._forms, run) for moved in (self._store.came_since, self._store.gone_since))
        return (came, gone) if len(came) + len(gone) <= MANY else None

    def _register(self, changes: Sequence[IdChange]) -> Register:
        """All rows as they are now, by the index on the shelf and what came and went since it was made."""
        made_from = repr(self._made_from).encode()
        run, _, packed = (self._shelf.get(_INDEX, made_from) or b"0\n").partition(b"\n")
        index = Index.unpacked(packed) if packed else Index()
        few = self._few_since(int(run))
        if few:
            came, gone = few
            return Register(index, self._read, [*self._read(came).values(), *self._rejected], {*gone}, changes)
        index = index.updated({*self._store.gone_since(self._forms, int(run))}, self._all_since(int(run)))
        self._shelf.put(_INDEX, made_from, b"%d\n%s" % (self._run, index.packed()))
        return Register(index, self._read, self._rejected, changes=changes)

    def _changed_since(self, last: _Last) -> set[Person] | None:
        """Rows as they were and as they are, where they differ; None if that is more than is worth looking at one by one."""
        few = self._few_since(last.run)
        if few is None:
            return None
        came, gone = few
        changed = {*self._read(gone).values(), *last.rejected} ^ {*self._read(came).values(), *self._rejected}
        return changed if len(changed) <= MANY else None

    def find(self, changes: Sequence[IdChange], *, dialect: bool) -> list[Suspicion]:
        """What is suspected of the rows of all rosters, as `suspicions` gives it."""
        settings = repr((self._made_from, changes, dialect)).encode()
        packed = self._shelf.get(_FOUND, settings)
        last = _last(packed) if packed else None
        changed = self._changed_since(last) if last else None
        register = self._register(changes)
        if last is None or changed is None:
            found = suspicions_in(register, dialect=dialect)
        else:
            found = suspicions_after(last.found, register, changed, dialect=dialect)
        self._shelf.put(_FOUND, settings, _packed(_Last(self._run, self._rejected, found)))
        return found

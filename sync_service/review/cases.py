"""Which cases there are: everything that the coordinator has to settle, found anew whenever something changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import orjson

from sync_service.doubles.changes import NUMBER_CHANGES, changes_of
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import Suspicion
from sync_service.reuse.shelf import Shelf
from sync_service.review.correcting import CONFLICT, standing
from sync_service.review.crossing import crossing
from sync_service.review.history import Stated
from sync_service.review.records import OFFERED, Case, CaseKind, Choice, Side
from sync_service.review.searching import Searcher
from sync_service.review.since_review import HerOwn, since_review
from sync_service.review.subjects import Place, case_id, digest_of, identity
from sync_service.store import Store
from sync_service.store.records import HELD, Conflict, Move, Row
from sync_service.store.review_records import StoredCase
from validators.problems import problem
from workbook_templates.form import Form, Forms

MOST_CHANGES = 200
"""More rows than this that changed after one review are counted in 审核, and only so many are asked about."""


class Search(NamedTuple):
    """How to look for cases: the townships' codes in the county's order, the present period, and whether sounds that dialects
    confuse count as one."""

    townships: Sequence[str]
    period: str
    dialect: bool = False

    def order(self, township: str) -> int:
        """The township's place in the county's order."""
        return self.townships.index(township) if township in self.townships else len(self.townships)


class _Rows:
    """Rows of the store by their places, each read once: those that are asked for together are read together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Place, Row | None] = {}

    def read(self, places: Iterable[Place]) -> None:
        """Reads the rows at these places."""
        unknown = {place: None for place in places if place not in self._known}
        if unknown:
            self._known |= unknown | dict(self._store.rows_at(unknown))

    def side(self, place: Place) -> Side | None:
        """The row at a place, if it stands."""
        self.read([place])
        row = self._known[place]
        return _side(place[0], row) if row else None


def _side(form: str, row: Row) -> Side:
    return Side(row.township, form, row.key, orjson.loads(row.payload), row.file, row.sheet, row.row)


def _case(
    forms: Forms, kind: CaseKind, code: str, sides: Sequence[Side], why: str, *shown: object, column: str = ""
) -> Case:
    places = [(side.form, side.township, side.key) for side in sides]
    choices: tuple[Choice, ...] = OFFERED[kind]
    if len({side.form for side in sides}) > 1 or not all(side.key for side in sides):
        choices = tuple(choice for choice in choices if choice not in {"采用甲", "采用乙"})
    told = shown or [identity(forms[side.form], side.values) for side in sides]
    return Case(case_id(kind, places, column), kind, code, tuple(sides), why, choices, digest_of(*told))


def _shown(value: object) -> str:
    return "空白" if value is None else str(value)


def _why(code: str, form: Form) -> str:
    return problem(code, {"what": form.by_id[form.person].header, "form": form.title, "n": 1}).message


def _conflicts(conflicts: Sequence[Conflict], forms: Forms, search: Search, rows: _Rows) -> Iterator[Case]:
    """The same row, such as a payment, from two townships; the same person on two rosters is found among the doubles."""
    rows.read((conflict.form, *place) for conflict in conflicts for place in conflict.places)
    for conflict in conflicts:
        form = forms[conflict.form]
        firsts: dict[str, str] = {}
        for township, key in sorted(conflict.places):
            firsts.setdefault(township, key)
        first, *others = sorted(firsts.items(), key=lambda place: search.order(place[0]))
        for other in others:
            sides = [side for place in (first, other) if (side := rows.side((form.id, *place)))]
            yield _case(forms, "row", "J01", sides, _why("J01", form))


def _moves(moves: Sequence[Move], forms: Forms, rows: _Rows, stated: Stated) -> Iterator[Case]:
    """Rows that left one township and came up in another. A row that was closed in favour of the other did not move."""
    out = stated.excluded()
    rows.read((move.form, move.destination, move.key) for move in moves)
    for move in moves:
        form = forms.get(move.form)
        if form is None or not form.person or (move.form, move.origin, move.key) in out:
            continue
        there = rows.side((move.form, move.destination, move.key))
        if there:
            left = there._replace(township=move.origin, values={}, file="", sheet="", row=0)
            shown = (move.closed_at, move.opened_at)
            yield _case(forms, "move", "J17", [left, there], _why("J17", form), *shown)


def _held(store: Store, forms: Forms, rows: _Rows) -> Iterator[Case]:
    """Rows that vanished with many others (law 5), one by one."""
    held = store.held_since()
    rows.read(held)
    for place, run in held.items():
        side = rows.side(place) if place[0] in forms else None
        if side:
            why = f"这一行从{forms[place[0]].title}表里和许多行一起消失，{HELD}"
            yield _case(forms, "held", "L02", [side], why, run, sorted(side.values.items()))


def _doubles(store: Store, forms: Forms, search: Search, rows: _Rows, shelf: Shelf) -> Iterator[Case]:
    """Likely the same person under different rows; the same person in two townships with more to be said of it."""
    rejected = store.rejected()
    typed = {(one.form, township, one.row): orjson.loads(one.payload) for township, one in rejected}

    def side(person: Person) -> Side | None:
        if person.stored:
            return rows.side((person.form, person.township, person.key))
        # A number with a mistake in it is no value of the row; it is what the coordinator has to compare all the same.
        values = typed[person.form, person.township, person.row] | {forms[person.form].person: person.number}
        return Side(person.township, person.form, "", values, "", person.sheet, person.row)

    changes = [*changes_of(store.rows(NUMBER_CHANGES))] if NUMBER_CHANGES in forms else []
    suspected = Searcher(store, forms, rejected, shelf).find(changes, dialect=search.dialect)
    asked = [found for found in suspected if _is_asked(found)]
    rows.read(one.place for found in asked for one in (found.left, found.right) if one.stored)
    for found in asked:
        pair = sorted((found.left, found.right), key=lambda one: (search.order(one.township), one.place))
        sides = [one for person in pair if (one := side(person))]
        if len(sides) == 2:
            same = found.left.number == found.right.number and found.left.form == found.right.form
            kind: CaseKind = "person" if same and found.left.township != found.right.township else "double"
            case = _case(forms, kind, found.code, sides, found.why)
            places = [person.place for person in pair]
            yield replace(case, id=case_id(kind, places))


def _is_asked(found: Suspicion) -> bool:
    """Whether the coordinator has to say something: not where the same person rightly stands on two rosters of two forms."""
    return found.left.form == found.right.form or found.strength != "certain"


def _corrections(forms: Forms, rows: _Rows, stated: Stated) -> Iterator[Case]:
    """Cells that the county corrected and the township changed to something else since."""
    for one in standing(stated):
        side = rows.side(one.place) if one.state == CONFLICT and one.form in forms else None
        if side:
            column = forms[one.form].by_id[one.column]
            theirs = {
                name: value for name, value in {**side.values, one.column: one.theirs}.items() if value is not None
            }
            said = {"value": _shown(one.value)}
            why = problem("L11", said, header=column.header).message
            shown = (one.base, one.value, one.theirs)
            yield _case(
                forms, "correction", "L11", [side, side._replace(values=theirs)], why, *shown, column=one.column
            )


def _after_reviews(store: Store, forms: Forms, rows: _Rows, stated: Stated, period: str) -> Iterator[Case]:
    """Rows that changed, came or went after their form had been reviewed."""
    own = HerOwn(stated)
    for reviewed in stated.in_force("review").values():
        if reviewed.detail["period"] != period or reviewed.detail["form"] not in forms:
            continue
        form = forms[reviewed.detail["form"]]
        for one in islice(since_review(store, form, reviewed, own), MOST_CHANGES):
            form_id, township, key = one.place
            here = rows.side(one.place) or Side(township, form_id, key, {}, "", "", 0)
            sides = [here._replace(values=orjson.loads(text or "{}")) for text in (one.then, one.now)]
            what = "在审核以后变了" if one.then and one.now else "是审核以后新增的" if one.now else "在审核以后不见了"
            why = problem("L13", {"what": what}).message
            yield _case(forms, "reviewed", "L13", sides, why, one.then, one.now)


def find_cases(store: Store, forms: Forms, stated: Stated, search: Search, shelf: Shelf) -> list[Case]:
    """Every case that is open or answered now, each once; what earlier searches found is taken from the `shelf`."""
    rows = _Rows(store)
    across = crossing(store, forms, shelf)
    found: dict[str, Case] = {}
    for case in (
        *_doubles(store, forms, search, rows, shelf),
        *_conflicts(across.conflicts, forms, search, rows),
        *_moves(across.moves, forms, rows, stated),
        *_held(store, forms, rows),
        *_corrections(forms, rows, stated),
        *_after_reviews(store, forms, rows, stated, search.period),
    ):
        found.setdefault(case.id, case)
    return list(found.values())


def to_store(found: Iterable[Case], known: Iterable[StoredCase], at: str) -> list[StoredCase]:
    """The cases as the store keeps them; those that are known keep the moment since when they are."""
    since: Mapping[str, str] = {one.id: one.since for one in known}
    return [
        StoredCase(
            case.id, case.kind, case.code, orjson.dumps([[*side] for side in case.sides]).decode(), case.why,
            orjson.dumps(case.choices).decode(), case.shown, since.get(case.id, at),
        )
        for case in found
    ]  # fmt: skip


def from_store(stored: StoredCase) -> Case:
    """A case as it was found."""
    sides = tuple(Side(*side) for side in orjson.loads(stored.sides))
    choices = tuple(orjson.loads(stored.choices))
    return Case(stored.id, stored.kind, stored.code, sides, stored.why, choices, stored.shown, stored.since)  # type: ignore[arg-type]

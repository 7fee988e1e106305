"""Who is who in the store: by the evidence of the rows, by what the coordinator decided, and by what still waits for her."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sync_service.doubles.changes import NUMBER_CHANGES, changes_of
from sync_service.doubles.clusters import person_of
from sync_service.doubles.person import Person, people_of
from sync_service.doubles.suspicion import STRENGTHS, IdChange
from sync_service.review.cases import from_store
from sync_service.review.history import Stated, place_of, side_of
from sync_service.review.records import Case, Side
from sync_service.review.subjects import Place
from sync_service.review.telling import answered
from sync_service.store import Store
from workbook_templates.form import Forms

_OF_PEOPLE = frozenset(["person", "double"])


class WhoIsWho(NamedTuple):
    """The person of each row of which more is known or asked than its ID number says; every other row is about its number's.

    Rows lead to the row that stands for their person: `known` by what is known, `supposed` if all who may be one person are.
    """

    known: Mapping[Place, Place]
    supposed: Mapping[Place, Place]
    numbers: Mapping[str, Place]
    """The ID numbers of these rows, each with a row of its own."""


def open_cases(store: Store, stated: Stated) -> Iterator[Case]:
    """The cases that wait for the coordinator, as they were found last."""
    force = stated.in_force("case")
    return (case for case in map(from_store, store.cases()) if not answered(case, force))


def _pairs(cases: Iterable[Case]) -> list[tuple[Side, Side]]:
    """The rows that may be about one person, two and two. What the number says already is not asked of them."""
    return [
        (case.sides[0], case.sides[1])
        for case in cases
        if case.kind in _OF_PEOPLE and STRENGTHS[case.code] != "certain" and all(side.key for side in case.sides)
    ]


def _numbers(forms: Forms, sides: Iterable[Side], changes: Iterable[IdChange]) -> set[str]:
    """The ID numbers of rows, and those that were replaced."""
    said = {str(side.values.get(forms[side.form].person, "")) for side in sides if side.form in forms}
    return said | {number for change in changes for number in change} - {""}


def _people(store: Store, forms: Forms, numbers: set[str]) -> list[Person]:
    """Whom the rows with these numbers are about."""
    found = ((form, store.rows_about(form.id, form.person, numbers)) for form in forms.values() if form.person)
    return [one for form, rows in found for one in people_of(form, rows)] if numbers else []


def who_is_who(store: Store, forms: Forms, *, dialect: bool = False) -> WhoIsWho:
    """Who the rows are about wherever the ID number alone does not tell. Looks at rows of the numbers in question only."""
    stated = Stated(store.statements())
    decided = [one for one in stated.in_force("case").values() if one.detail["kind"] in _OF_PEOPLE]
    asked = _pairs(open_cases(store, stated))
    changes = [*changes_of(store.rows(NUMBER_CHANGES))] if NUMBER_CHANGES in forms else []
    sides = [side_of(side) for one in decided for side in one.detail["sides"]]
    people = _people(store, forms, _numbers(forms, [*sides, *(side for pair in asked for side in pair)], changes))
    linked, apart = (
        [pair for pair in pairs if pair[0][2] and pair[1][2]] for pairs in (stated.linked(), stated.apart())
    )
    known = person_of(people, linked, changes, apart=apart, dialect=dialect)
    supposed = [*linked, *((place_of(left), place_of(right)) for left, right in asked)]
    return WhoIsWho(
        known,
        person_of(people, supposed, changes, apart=apart, dialect=dialect) if asked else known,
        {one.number: one.place for one in people if one.number},
    )

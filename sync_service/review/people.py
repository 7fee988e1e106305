"""Who is who in the store: by the evidence of the rows, and by what the coordinator decided."""

from collections.abc import Mapping

from sync_service.doubles.changes import NUMBER_CHANGES, changes_of
from sync_service.doubles.clusters import person_of
from sync_service.doubles.person import people_of
from sync_service.review.history import Stated
from sync_service.review.subjects import Place
from sync_service.store import Store
from workbook_templates.form import Forms


def linked_people(store: Store, forms: Forms, *, dialect: bool = False) -> Mapping[Place, Place]:
    """For each row that is about a person, the row that stands for this person: the figures count it once."""
    stated = Stated(store.statements())
    people = [one for form in forms.values() if form.person for one in people_of(form, store.rows(form.id))]
    changes = changes_of(store.rows(NUMBER_CHANGES)) if NUMBER_CHANGES in forms else ()
    return person_of(people, stated.linked(), changes, apart=stated.apart(), dialect=dialect)

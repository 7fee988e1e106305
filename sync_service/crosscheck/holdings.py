"""What the store holds, as crosschecks need it: each form's rows, who people are, and when somebody last visited them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from sync_service.crosscheck.records import Whom
from sync_service.doubles.person import Person, people_of
from sync_service.store.records import Row
from validators.table import Reference, Table, reference_table
from workbook_templates.form import Form, Forms
from workbook_templates.place import Township

VISITS = "visits"
REACHED_BY = ("veterans", "beneficiaries", "military_families", "insurance_cases")
"""The forms that say where somebody lives and how he or she is reached, the best first."""
DEAD = "去世"


class Held(NamedTuple):
    """A row with its values; it is the form's `n`th, counted from 0."""

    row: Row
    values: Mapping[str, Any]
    n: int


class Holdings:
    """A county's rows as they stood; `rows` reads those of a form from the store, each form once."""

    def __init__(self, forms: Forms, townships: Sequence[Township], rows: Callable[[str], Sequence[Row]]) -> None:
        self.forms = forms
        self._rows = rows
        self._fillers = {one.code: one.filler for one in townships}
        self._held: dict[str, list[Held]] = {}
        self._people: dict[str, list[Person]] = {}
        self._tables: dict[str, Table] = {}

    def held(self, form: str) -> Sequence[Held]:
        """The rows of a form."""
        if form not in self._held:
            self._held[form] = [Held(row, orjson.loads(row.payload), n) for n, row in enumerate(self._rows(form))]
        return self._held[form]

    def stand_in(self, form: str, held: Sequence[Held], people: Sequence[Person]) -> None:
        """Has other rows, with the people that they are about, stand for those that are stored of a form."""
        self._held[form], self._people[form] = list(held), list(people)

    def dated(self, form: str, column: str, first: date, last: date) -> Sequence[Held]:
        """Those of a form whose date in `column` lies between two days."""
        days = (first.isoformat(), last.isoformat())
        return [one for one in self.held(form) if days[0] <= (one.values.get(column) or "") <= days[1]]

    def people(self, form: str) -> Sequence[Person]:
        """The people that a form is about, row by row."""
        if form not in self._people:
            self._people[form] = list(people_of(self.forms[form], (one.row for one in self.held(form))))
        return self._people[form]

    def person(self, form: str, one: Held) -> Person:
        """Whom a row of a form is about."""
        return self.people(form)[one.n]

    def table(self, form: str) -> Table:
        """The rows of a form, made ready for conditions to be asked of them."""
        if form not in self._tables:
            self._tables[form] = table_of(self.forms[form], self.held(form))
        return self._tables[form]

    @cached_property
    def _reached(self) -> Mapping[str, Person]:
        """For each ID number the row that tells best where its owner is reached."""
        found: dict[str, Person] = {}
        for form in REACHED_BY:
            for one in self.people(form):
                if one.number and self._fillers.get(one.township) == "township":
                    found.setdefault(one.number, one)
        return found

    @cached_property
    def _visited(self) -> Mapping[str, str]:
        days: dict[str, str] = defaultdict(str)
        for _, values, _ in self.held(VISITS):
            number, day = values.get("id_number"), values.get("visit_date")
            if number and day:
                days[number] = max(days[number], day)
        return days

    @cached_property
    def dead(self) -> frozenset[str]:
        """The ID numbers of people of whom a roster says that they have died."""
        rosters = [form.id for form in self.forms.values() if form.roster]
        return frozenset(one.number for form in rosters for one in self.people(form) if one.state == DEAD)

    def whom(self, one: Person) -> Whom:
        """Who a row is about, where he or she lives by the rosters or else by the row itself, and how to reach him or her."""
        best = self._reached.get(one.number, one)
        township = best.township if self._fillers.get(best.township) == "township" else ""
        phones = [person.phone for person in (best, one) if person.phone]
        return Whom(
            one.name,
            one.number,
            township,
            best.village if township else "",
            phones[0] if phones else "",
            self._visited.get(one.number, ""),
        )

    def title(self, form: str) -> str:
        """What a form is called."""
        return self.forms[form].title


def table_of(form: Form, held: Sequence[Held]) -> Table:
    """Some rows of a form, made ready for conditions to be asked of them."""
    return reference_table(form, (Reference(one.row.row, one.values) for one in held))


def shown(form: Form, columns: Sequence[str], values: Mapping[str, Any]) -> Iterator[str]:
    """What a row says in some columns, in words: 优抚类别 残疾军人."""
    for name in columns:
        if (value := values.get(name)) not in (None, ""):
            yield f"{form.by_id[name].header} {value}"

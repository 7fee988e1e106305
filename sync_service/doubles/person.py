"""A row about a person as the search for doubles sees it: who it says that he or she is, and where the row stands."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import orjson

from sync_service.store.records import Row
from validators.checked import Rejected
from workbook_templates.form import Form
from workbook_templates.kinds.resident_id import OldResidentId, born, check_digit, lengthened

LEFT_US: Mapping[str, str] = {"去世": "去世", "户口迁出": "迁出", "迁出": "迁出"}
"""What rosters say of somebody whom they do not count any more."""
AT_HOME = frozenset(["人户一致", "户在人不在"])
"""What a township says of somebody whose household is registered there: it is the owner of the person (J01)."""
SHORTEST, LONGEST = 14, 19
"""How long something is that may be a spoilt ID number."""


class Roles(NamedTuple):
    """Which column of a form says what of the person that a row is about, by column id; "" where none does.

    Columns are known by their kind, and those of which a form may have several of one kind by taizhang's own ids.
    """

    name: str
    number: str
    birth: str
    village: str
    phone: str
    account: str
    enlisted: str
    discharged: str
    employer: str
    state: str
    address: str
    residence: str


class Person(NamedTuple):
    """What one row says of a person; "" where it says nothing.

    `number` is the ID number as it stands in the row: of 18 digits, in old lists also of 15, and in a row that was not taken
    over (`stored` false) whatever was typed, if it looks like one at all. Dates are ISO text, months without a day; a `birth`
    date comes from the number if that holds together. `state` is 去世, 迁出 or "". On a `roster` a person stands in one
    township only; others are old lists, such as the bureau's. Rows that were not taken over have no key.
    """

    township: str
    form: str
    key: str
    name: str
    number: str
    birth: str = ""
    village: str = ""
    phone: str = ""
    account: str = ""
    enlisted: str = ""
    discharged: str = ""
    employer: str = ""
    state: str = ""
    address: str = ""
    residence: str = ""
    roster: bool = True
    stored: bool = True
    sheet: str = ""
    row: int = 0

    @property
    def whole(self) -> bool:
        """Whether the number tells who this is: it is of 18 digits and holds together, and the row was taken over."""
        return self.stored and holds_together(self.number)

    @property
    def identity(self) -> object:
        """What all rows with one good number share; a row without one stands for itself."""
        return self.number if self.whole else self.place

    @property
    def place(self) -> tuple[str, str, str]:
        """Which row this is from run to run: form, township and key; a row without a key is known by what was typed."""
        return self.form, self.township, self.key or f"?{self.number}|{self.name}|{self.birth}|{self.village}"


@lru_cache(maxsize=1 << 15)
def holds_together(number: str) -> bool:
    """Whether a number has 18 digits, its check digit is right, and there is such a day of birth."""
    if len(number) != 18 or not number[:17].isdecimal() or check_digit(number[:17]) != number[17]:
        return False
    return bool(birth_in(number))


def birth_in(number: str) -> str:
    """The birth date in a number of 15 or 18 digits as ISO text; "" if there is no such day in it."""
    long = lengthened(number)
    return _born(long[:14]) if len(long) >= 17 else ""


@lru_cache(maxsize=1 << 15)
def _born(beginning: str) -> str:
    """The birth date in a number that begins so: a county has one area code and fewer days of birth than people."""
    try:
        return born(beginning).isoformat()
    except ValueError:
        return ""


def renewed(number: str) -> str:
    """The 18 digits that a number of 15 would have become; others as they are."""
    if len(number) != 15 or not number.isdecimal():
        return number
    long = lengthened(number)
    return long + check_digit(long)


def typed_number(text: str) -> str:
    """What was typed into a cell for an ID number, if it looks like one: 14 to 19 digits, among them at most one X; else ""."""
    digits = text.replace("X", "", 1)
    return text if SHORTEST <= len(text) <= LONGEST and digits.isascii() and digits.isdecimal() else ""


def roles_of(form: Form) -> Roles:
    """Which column of a form with persons says what."""

    def of_kind(kind: str) -> str:
        return next((column.id for column in form.stored if column.kind == kind), "")

    def named(*ids: str) -> str:
        return next((one for one in ids if one in form.by_id), "")

    names = (one for one in form.recognise if form.by_id[one].kind == "name")
    births = (column.id for column in form.stored if column.derive == f"birth({form.person})")
    return Roles(
        name=next(names, of_kind("name")),
        number=form.person,
        birth=next(births, named("birth_date", "birth_month")),
        village=of_kind("village"),
        phone=of_kind("phone"),
        account=of_kind("account"),
        enlisted=named("enlist_date"),
        discharged=named("discharge_date"),
        employer=named("placement_employer"),
        state=named("person_status", "benefit_status"),
        address=named("hukou_address"),
        residence=named("residence_status"),
    )


def is_old_list(form: Form) -> bool:
    """Whether the form is an old list of persons, in which numbers may be missing or of 15 digits (C02)."""
    return bool(form.person) and isinstance(form.by_id[form.person].of, OldResidentId)


def person_of_row(
    form: Form, township: str, key: str, said: Iterable[object], typed: str | None = None, sheet: str = "", row: int = 0
) -> Person:
    """The person of a row that says this in the columns of `roles_of(form)`, in their order.

    `typed` is what was typed for a number into a row that was not taken over.
    """
    known = Roles._make([str(one) if one else "" for one in said])
    number = known.number if typed is None else typed_number(typed)
    birth = known.birth
    if holds_together(number) or not birth:
        birth = birth_in(number) or birth
    return Person(
        township, form.id, key, known.name, number, birth, known.village, known.phone, known.account, known.enlisted,
        known.discharged, known.employer, LEFT_US.get(known.state, ""), known.address, known.residence, form.roster,
        typed is None, sheet, row,
    )  # fmt: skip


def people_of(form: Form, rows: Iterable[Row]) -> Iterator[Person]:
    """The persons of a form's stored rows."""
    columns = roles_of(form)
    for row in rows:
        said = map(orjson.loads(row.payload).get, columns)
        yield person_of_row(form, row.township, row.key, said, None, row.sheet, row.row)


def not_taken_over(form: Form, township: str, one: Rejected) -> Person:
    """The person of a row of a form that was not taken over."""
    said = map(orjson.loads(one.payload).get, roles_of(form))
    return person_of_row(form, township, "", said, one.number, one.sheet, one.row)

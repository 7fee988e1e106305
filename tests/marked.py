"""Two townships full of marked values: every number, card, telephone and address in them is found again wherever it turns up."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from tests.right_people import FORMS, ROWS
from validators.raw import RawSheet
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.kinds.resident_id import check_digit

NUMBERS = frozenset(["id18", "idold"])
MARKED = NUMBERS | {"phone", "account", "address", "name"}
SURNAME, GIVEN = "欧", "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉梅红建国志文斌春燕海波"


@dataclass
class Marker:
    """Gives out values of one township. `given` are those to look for, by what they are."""

    first: int
    people: dict[str, str] = field(default_factory=dict)
    given: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._n = count(self.first)

    def _keep(self, what: str, text: str) -> str:
        self.given.setdefault(what, set()).add(text)
        return text

    def person(self, number: str) -> str:
        """The marked number of one born on the same day and of the same sex."""
        made = f"99{next(self._n):04d}{number[6:17]}"
        return self._keep("number", made + check_digit(made))

    def value(self, column: Column, original: Raw) -> Raw:
        """A marked value in the place of a right one."""
        if not isinstance(original, str) or column.kind not in MARKED:
            return original
        if column.kind in NUMBERS:
            return self.people.setdefault(original, self.person(original)) if len(original) == 18 else original
        n = next(self._n)
        match column.kind:
            case "phone":
                return self._keep("phone", f"1380{n:07d}")
            case "account":
                return self._keep("account", f"8{n:014d}7")
            case "address":
                place = self._keep("address", f"{n}组{n}号")
                return original if original == "同户籍" else f"清河县城关镇东风村{place}"
        base = len(GIVEN)
        return self._keep("name", SURNAME + GIVEN[n // base // base] + GIVEN[n // base % base] + GIVEN[n % base])

    def row(self, form: Form, original: Mapping[str, Raw]) -> dict[str, Raw]:
        """A right row with marked values; the person's name is the same wherever the person stands."""
        return {name: self.value(form.by_id[name], value) for name, value in original.items() if name in form.by_id}

    def stranger(self, form: Form, original: Mapping[str, Raw]) -> dict[str, Raw]:
        """The row of somebody else, whom nobody else's row mentions; only the number is marked."""
        return {**original, form.person: self.person(str(original[form.person]))}

    def _spoilt(self, column: Column, value: str) -> Raw:
        """What a hasty clerk makes of a value."""
        if column.kind in NUMBERS:
            return self._keep("spoilt", value[:17] + ("1" if value[-1] != "1" else "2"))
        if column.kind == "phone":
            return self._keep("spoilt", value + "3")
        if column.kind == "account":
            return self._keep("spoilt", f"{value}号")
        return value

    def bad(self, form: Form) -> Iterator[dict[str, Raw]]:
        """Rows with one thing wrong in each: a spoilt value, values one column off, numbers in texts, what may be executed."""
        original = ROWS[form.id][0]
        if not form.person or not original.get(form.person):
            return
        for column in form.columns:
            value = original.get(column.id)
            if column.kind in {"phone", "account", *NUMBERS} and isinstance(value, str):
                row = self.stranger(form, original)
                marked = row[column.id] if column.id == form.person else self.value(column, value)
                yield row | {column.id: self._spoilt(column, str(marked))}
        for column in form.columns:  # one column off: a number stands where something else should
            if column.typed and column.kind in {
                "name",
                "enum",
                "village",
                "date",
                "pdate",
                "bool",
                "text",
                "int",
                "money",
            }:
                row = self.stranger(form, original)
                yield row | {column.id: row[form.person]}
        row = self.stranger(form, original)
        yield row | {"remark": f'=HYPERLINK("http://x","{row[form.person]}")'}
        row = self.stranger(form, original)
        yield row | {"remark": f"电话{self.value(form.by_id.get('phone', PHONE), '13900000000')}"}

    def sheets(self) -> dict[str, RawSheet]:
        """Every form that a township fills in, right rows first, then the bad ones."""
        sheets = {}
        for form in FORMS.values():
            if form.layout != "table" or "township" not in form.filled_by:
                continue
            right = [self.row(form, one) for one in ROWS[form.id]]
            rows = [*right, *self.bad(form)]
            header = tuple(column.header for column in form.columns)
            body = [tuple(row.get(column.id) for column in form.columns) for row in rows]
            sheets[form.title] = RawSheet(form.title, (header, *body))
        return sheets

    def found_in(self, text: str, *what: str) -> list[str]:
        """The marked values that stand in a text; only some sorts of them if they are named."""
        told = "\n".join({*_CANDIDATE.findall(text)})
        sorts = what or ("number", "phone", "account", "address", "spoilt", "name")
        return [value for sort in sorts for value in self.given.get(sort, ()) if value in told]


_CANDIDATE = re.compile(rf"\d{{11,}}[Xx号]?|\d+组\d+号|{SURNAME}[{GIVEN}]{{3}}")
PHONE = next(column for column in FORMS["veterans"].columns if column.kind == "phone")

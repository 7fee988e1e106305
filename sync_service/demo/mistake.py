"""What a mistake is: in whose rows it is made, how, and what taizhang must find where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.people import Maker
from workbook_templates.cells import Raw


class Find(NamedTuple):
    """A problem that must be found: code, form, column id, and which of the person's rows of that form (from 0).

    `nth` is None where the sheet as a whole is meant.
    """

    code: str
    form: str
    column: str
    nth: int | None = 0


class Merge(NamedTuple):
    """Cells of one column that are merged downwards, from one of the person's rows of a form to another."""

    form: str
    column: str
    first: int
    last: int


Spoil = Callable[[Records, Inventor], Records]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of mistake. `who` invents a person with right rows, `make` spoils them; no finds: it is mended silently.

    `in_template` is whether it can be made in the official template.
    """

    id: str
    what: str
    who: Maker
    make: Spoil
    finds: tuple[Find, ...]
    merges: tuple[Merge, ...] = ()
    in_template: bool = True


Wrong = Raw | Callable[[Raw], Raw]
Change = Callable[[Row, Inventor], Mapping[str, Raw]]


def spoilt(records: Records, form: str, changes: Mapping[str, Raw]) -> Records:
    """The records with some cells of the first row of `form` changed."""
    first, *others = records[form]
    return {**records, form: ({**first, **changes}, *others)}


class Sheet:
    """Writes down mistakes in one form, made by default in the rows of the people that `who` invents."""

    def __init__(self, form: str, who: Maker) -> None:
        self._form, self._who = form, who

    def cell(self, id_: str, what: str, column: str, code: str, wrong: Wrong, who: Maker | None = None) -> Mistake:
        """One cell is `wrong` (or what `wrong` makes of it), and `code` is found there; "" if it is mended silently."""

        def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
            del of
            return {column: wrong(row.get(column)) if callable(wrong) else wrong}

        return self.row(id_, what, column, code, change, who)

    def row(self, id_: str, what: str, column: str, code: str, change: Change, who: Maker | None = None) -> Mistake:
        """Several cells of a row are changed, and `code` is found at `column`; "" if it is mended silently."""

        def make(records: Records, of: Inventor) -> Records:
            return spoilt(records, self._form, change(records[self._form][0], of))

        return Mistake(id_, what, who or self._who, make, (Find(code, self._form, column),) if code else ())

    def rows(
        self, id_: str, what: str, finds: Mapping[tuple[int, str], str],
        more: Callable[[Row, Inventor], tuple[Row, ...]], who: Maker | None = None, merges: tuple[Merge, ...] = (),
    ) -> Mistake:  # fmt: skip
        """The row becomes what `more` makes of it; `finds` gives the code for (which row, column)."""

        def make(records: Records, of: Inventor) -> Records:
            return {**records, self._form: more(records[self._form][0], of)}

        found = tuple(Find(code, self._form, column, index) for (index, column), code in finds.items())
        return Mistake(id_, what, who or self._who, make, found, merges, not merges)

    def row_finds(
        self, id_: str, what: str, finds: Mapping[str, str], change: Change, who: Maker | None = None
    ) -> Mistake:
        """Several cells of a row are changed, and `finds` gives the code for each column at which one is found."""
        places = {(0, column): code for column, code in finds.items()}
        return self.rows(id_, what, places, lambda row, of: ({**row, **change(row, of)},), who)


def only(records: Records, *forms: str) -> Records:
    """What the records say in some of the forms."""
    return {form: rows for form, rows in records.items() if form in forms}


def together(*all_records: Records) -> Records:
    """The rows of several people."""
    forms = dict.fromkeys(form for records in all_records for form in records)
    return {form: tuple(row for records in all_records for row in records.get(form, ())) for form in forms}


def spoil(form: str, change: Change) -> Spoil:
    """Spoils the first row of `form`."""
    return lambda records, of: spoilt(records, form, change(records[form][0], of))


def is_(**cells: Raw) -> Change:
    """The same cells for everybody."""
    return lambda row, of: cells  # noqa: ARG005


def neighbours(maker: Maker, n: int) -> Maker:
    """So many people of a kind, whose rows stand together."""

    def make(of: Inventor) -> Records:
        return together(*(maker(of) for _ in range(n)))

    return make


def shared(form: str, *columns: str) -> Spoil:
    """All rows of the form say in some columns what the first one says."""

    def make(records: Records, of: Inventor) -> Records:
        del of
        first, *others = records[form]
        return {**records, form: (first, *({**row, **{name: first[name] for name in columns}} for row in others))}

    return make


def without(*forms: str) -> Spoil:
    """What these forms should say of the person was forgotten."""
    return lambda records, of: {form: rows for form, rows in records.items() if form not in forms}  # noqa: ARG005


def first_of(maker: Maker, *forms: str) -> Maker:
    """What the person has in some of the forms."""
    return lambda of: only(maker(of), *forms)

"""What a mistake is: in whose rows it is made, how, and what taizhang must find where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.people import Maker
from workbook_templates.cells import Raw


class Find(NamedTuple):
    """A problem that must be found: code, form, column id, and which of the person's rows of that form (from 0)."""

    code: str
    form: str
    column: str
    nth: int = 0


class Merge(NamedTuple):
    """Cells of one column that are merged downwards, from one of the person's rows of a form to another."""

    form: str
    column: str
    first: int
    last: int


Spoil = Callable[[Records, Inventor], Records]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of mistake. `who` invents a person with right rows, `make` spoils them; no finds: it is mended silently."""

    id: str
    what: str
    who: Maker
    make: Spoil
    finds: tuple[Find, ...]
    merges: tuple[Merge, ...] = ()


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
        return Mistake(id_, what, who or self._who, make, found, merges)

"""Who is on a list: rows that find no partner on another sheet (or find one that they should not), a person once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sync_service.crosscheck.definitions import Asked, ListCheck, Sought
from sync_service.crosscheck.holdings import Held, Holdings, shown, table_of
from sync_service.crosscheck.likeness import likeness, suspected
from sync_service.crosscheck.records import Entry
from sync_service.doubles.person import Person
from validators.between_sheets import partners
from validators.table import Table, rows_where
from workbook_templates.form import Form

MOST_SHOWN = 2
"""Of so many rows of one person the particulars are told; of more only how many they are."""


class _Search:
    """One list being made; rows of forms that are `dated` are those of the period."""

    def __init__(self, check: ListCheck, holdings: Holdings, first: date, last: date, today: date) -> None:
        self.check, self.holdings = check, holdings
        self._window, self._today = (first, last), today
        self._dated: dict[str, tuple[Sequence[Held], Table]] = {}

    def _table(self, form: str) -> tuple[Sequence[Held], Table]:
        """The rows of a form that count, and the same made ready for conditions."""
        column = self.check.dated.get(form)
        if column is None:
            return self.holdings.held(form), self.holdings.table(form)
        if form not in self._dated:
            held = self.holdings.dated(form, column, *self._window)
            self._dated[form] = held, table_of(self.holdings.forms[form], held)
        return self._dated[form]

    def _found(self, table: Table, sought: Sought) -> set[int]:
        """The rows that find one by any of the targets."""
        found: set[int] = set()
        for target in sought.targets:
            there = partners(table, self._table(target.form)[1], target, self._today)
            found |= {i for i, partner in enumerate(there) if partner is not None}
        return found

    def rows(self, asked: Asked) -> Iterator[Held]:
        """The rows that are on the list."""
        held, table = self._table(asked.form)
        wanted = set(rows_where(table, table.form.expression(asked.where), self._today))
        for sought in asked.some:
            wanted &= self._found(table, sought)
        for sought in asked.none:
            wanted -= self._found(table, sought)
        return (held[i] for i in sorted(wanted))


def _about(form: Form, asked: Asked, rows: Sequence[Held]) -> str:
    """What a person's rows say, in words: 3 笔，共 1,200.00 元."""
    said = [f"{len(rows)} 行，共 {sum(one.values.get(asked.sum) or 0 for one in rows):,.2f} 元"] if asked.sum else []
    for one in rows[:MOST_SHOWN] if len(rows) <= MOST_SHOWN else rows[-1:]:
        said += shown(form, asked.show, one.values)
    return "；".join(dict.fromkeys(said))


def _entries(search: _Search, asked: Asked) -> Iterator[tuple[Person, Entry]]:
    holdings, form = search.holdings, search.holdings.forms[asked.form]
    by_person: Mapping[str, list[tuple[Held, Person]]] = defaultdict(list)
    for held in search.rows(asked):
        person = holdings.person(form.id, held)
        by_person[person.number or held.row.key].append((held, person))
    for found in by_person.values():
        held, person = found[-1]
        about = _about(form, asked, [one for one, _ in found])
        source = f"{form.title} 第 {held.row.row} 行"
        yield person, Entry(search.check.id, holdings.whom(person), about, source)


def listed(check: ListCheck, holdings: Holdings, first: date, last: date, today: date) -> list[Entry]:
    """Everybody on a list, once. `first` and `last` bound the period, `today` is the day that is asked about."""
    search = _Search(check, holdings, first, last, today)
    entries: dict[str, tuple[Person, Entry]] = {}
    for asked in check.of:
        for person, entry in _entries(search, asked):
            entries.setdefault(person.number or entry.source, (person, entry))
    if not check.likely:
        return [entry for _, entry in entries.values()]
    alike = suspected([person for person, _ in entries.values()], holdings.people(check.likely))
    return [
        entry._replace(likely=likeness(match, holdings))
        for (_, entry), match in zip(entries.values(), alike, strict=True)
        if not (match and check.unless_likely)
    ]

"""The rows of the forms for each span, read from the store once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from sync_service.figures.covers import Covers
from sync_service.figures.period import Span
from sync_service.figures.selecting import Events, columns_of
from sync_service.figures.table import Table, table_of
from sync_service.store import Store
from workbook_templates.figure import Figure, Part
from workbook_templates.form import Forms

VILLAGE = "village"


def _of_part(part: Part, figure: Figure, forms: Forms) -> Iterable[tuple[str, set[str]]]:
    """The columns that a part of a figure needs, by form."""
    form = forms[part.form]
    own = columns_of(form, part.where) | {part.date, figure.by, form.person, VILLAGE}
    own |= set(form.expression(figure.of).names) if figure.of else set()
    for join in part.joins:
        named = columns_of(form, join.that, forms[join.form])
        theirs = {name.removeprefix("other.") for name in named if "." in name}
        yield join.form, theirs | {*join.match.values(), join.date}
        own |= {name for name in named if "." not in name} | {*join.match}
    yield part.form, own


def columns_needed(figures: Iterable[Figure], forms: Forms) -> Mapping[str, Collection[str]]:
    """The columns that figures look at, by form."""
    needed: dict[str, set[str]] = defaultdict(set)
    for figure in figures:
        for part in figure.parts:
            for form, columns in _of_part(part, figure, forms):
                needed[form] |= columns & forms[form].by_id.keys()
    return needed


class Reader:
    """Reads each form's rows when they are first asked for, and keeps them for other spans."""

    def __init__(self, store: Store, forms: Forms, covers: Covers, needed: Mapping[str, Collection[str]]) -> None:
        self._store, self._forms, self._covers, self._needed = store, forms, covers, needed
        self._events: dict[tuple[str, str], Events] = {}

    def state(self, form_id: str, span: Span, townships: Collection[str]) -> Table:
        """A form's rows as each of the townships, which have reported it, stood at the end of a span."""
        ends: dict[str, list[str]] = defaultdict(list)
        for township in townships:
            ends[self._covers.end(township, span)].append(township)
        if ends.keys() <= {span.before}:  # nobody has moved on to a later period: what stands is the state
            return self.events(form_id, span).table
        table = table_of(self._forms[form_id], self._needed[form_id])
        for end, some in sorted(ends.items()):
            table.extend(self._store.stood(form_id, [*table.values], end, some))
        return table

    def events(self, form_id: str, span: Span) -> Events:
        """A form's rows of all times, those that stand and those that were closed."""
        known = form_id, span.before
        if known not in self._events:
            form = self._forms[form_id]
            table = table_of(form, self._needed[form_id], partial(self._store.stood, form_id, before=span.before))
            table.extend(self._store.closed(form_id, [*table.values], span.before))
            filed = [
                None if closed is None else self._covers.filed_before(township, closed)
                for township, closed in zip(table.township, table.closed, strict=True)
            ]
            self._events[known] = Events(table, filed)
        return self._events[known]

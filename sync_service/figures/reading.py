"""The rows of the forms for each span, read from the store once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sync_service.figures.covers import Covers
from sync_service.figures.period import Span
from sync_service.figures.selecting import Rows, columns_of
from sync_service.figures.table import Table, table_of
from sync_service.store import Store
from workbook_templates.figure import Figure, Part
from workbook_templates.form import Form, Forms

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
        self._events: dict[tuple[str, str], tuple[Table, Sequence[int | None]]] = {}

    def rows(self, form_id: str, span: Span, townships: Collection[str]) -> Rows:
        """A form's rows for a span; its state is that of `townships`, which have reported it."""
        events, filed = self._all(self._forms[form_id], span.before)
        ends: dict[str, list[str]] = defaultdict(list)
        for township in townships:
            ends[self._covers.end(township, span)].append(township)
        if ends.keys() <= {span.before}:  # nobody has moved on to a later period: what stands is the state
            return Rows(events, events, filed)
        state = table_of(self._forms[form_id], self._needed[form_id], ())
        for end, some in sorted(ends.items()):
            state.extend(self._store.stood(form_id, end, some))
        return Rows(state, events, filed)

    def _all(self, form: Form, before: str) -> tuple[Table, Sequence[int | None]]:
        if (form.id, before) not in self._events:
            table = table_of(form, self._needed[form.id], self._store.stood(form.id, before))
            table.extend(self._store.closed(form.id, before))
            filed = [
                None if closed is None else self._covers.filed_before(township, closed)
                for township, closed in zip(table.township, table.closed, strict=True)
            ]
            self._events[form.id, before] = table, filed
        return self._events[form.id, before]

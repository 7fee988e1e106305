"""What is still open in the county's rows: held, awaiting correction, and wrong from the start."""

from collections import Counter as Tally
from collections.abc import Collection

from sync_service.figures.counting import People
from sync_service.figures.period import Span
from sync_service.figures.uncertainty import Open
from sync_service.store import AWAITING, HELD, Store
from workbook_templates.form import Forms


def what_is_open(store: Store, forms: Forms, span: Span, suspects: People) -> tuple[Open, Collection[tuple[str, str]]]:
    """What is open now, and the (form, township) whose sheet could not be read and of which the store has nothing.

    The store knows what is open now only: for an earlier moment nothing is told.
    """
    if any(run.finished_at >= span.before for run in store.runs(1)):
        return Open({}, {}, {}, suspects), frozenset()
    marks = {form.id: store.marked(form.id) for form in forms.values()}
    wrong: set[tuple[str, str, int]] = set()
    unread: set[tuple[str, str]] = set()
    for known in store.problems():
        one = known.problem
        if one.severity != "error" or one.form not in forms:
            continue
        if one.row is not None:
            if (known.township, one.key) not in marks[one.form][AWAITING]:
                wrong.add((one.form, known.township, one.row))
        elif one.column is None:
            unread.add((one.form, known.township))
    rows = Tally((form, township) for form, township, _ in wrong)
    return (
        Open(
            {form: marked[HELD] for form, marked in marks.items() if marked[HELD]},
            {form: marked[AWAITING] for form, marked in marks.items() if marked[AWAITING]},
            rows,
            suspects,
        ),
        {(form, township) for form, township in unread if not store.current(township, [form])[form].rows},
    )

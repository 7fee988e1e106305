"""What crosses from one township into another is the same, whatever is known from earlier runs."""

from pathlib import Path
from random import Random

import pytest

from sync_service.reuse.shelf import Shelf
from sync_service.review import crossing
from sync_service.store import Store
from tests.stored import EAST, WEST, moment, row, sheet, sync
from workbook_templates.form import load_forms

FORMS = ("veterans", "payments")


def test_what_crosses_is_the_same_whether_all_keys_are_looked_at_or_those_that_came_or_went(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms, random, seen = load_forms(), Random(1), set[tuple[int, int]]()
    for step in range(1, 15):
        rows = [row(f"k{n}", name=f"人{random.randrange(2)}") for n in random.sample(range(6), 3)]
        applied = sync(store, step, sheet(*rows, form=random.choice(FORMS)), township=random.choice((EAST, WEST)))
        if step % 4 == 0 and applied.run and store.keys_since(applied.run - 1):
            store.undo(applied.run, at=moment(step))
        anew = crossing.crossing(store, forms, Shelf(tmp_path / "none"))
        for many in (0, 2, 1000):  # everything anew, now and then, and never
            monkeypatch.setattr(crossing, "MANY", many)
            shelf = Shelf(tmp_path / f"shelf{many}")
            shelf.folder.mkdir(exist_ok=True)
            assert crossing.crossing(store, forms, shelf) == anew
        assert anew.moves == store.moves()
        assert list(anew.conflicts) == store.conflicts("payments", by_person=False)
        seen.add((len(anew.conflicts), len(anew.moves)))
    assert len(seen) > 5

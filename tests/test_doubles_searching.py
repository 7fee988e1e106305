"""The search for doubles in a store finds the same, whatever it finds on the shelf from earlier runs."""

from collections.abc import Collection, Mapping
from pathlib import Path
from random import Random
from typing import ClassVar

import orjson
import pytest

from sync_service.doubles.person import not_taken_over, people_of
from sync_service.doubles.suspicion import IdChange
from sync_service.doubles.suspicions import suspicions
from sync_service.reuse.shelf import Shelf
from sync_service.review import searching
from sync_service.review.searching import Searcher
from sync_service.store import Store
from tests.doubled import number
from tests.stored import COUNTY, EAST, FORM, WEST, row, sheet, sync
from validators.checked import CheckedRow, Rejected
from workbook_templates.form import load_forms

CHANGES = [IdChange(number(11), number(13))]
SPOILT = (number(11)[:17], number(15)[:10] + "9" + number(15)[11:])


def _rows(random: Random, many: int) -> list[CheckedRow]:
    return [
        row(
            f"{number(11 + n)}|{n}",
            id_number=number(11 + n),
            name=random.choice(("张建国", "章建国", "李大山")),
            phone=random.choice(("13900000001", "13900000002", "13900000003")),
            village=random.choice(("东风村", "红星村")),
            enlist_date="1986-11",
            discharge_date=random.choice(("1990-03", "1991-03")),
        )
        for n in random.sample(range(9), many)
    ]


def _rejected(random: Random) -> list[tuple[str, Rejected]]:
    said = orjson.dumps({"name": "张建国", "phone": "13900000001", "village": "东风村"})
    return [(EAST, Rejected(FORM, "退役军人", 90 + random.randrange(3), one, said)) for one in random.sample(SPOILT, 1)]


def test_a_search_with_the_shelf_finds_what_a_search_of_everything_finds(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms, random, seen = load_forms(), Random(1), set()
    for step in range(1, 13):
        applied = sync(store, step, sheet(*_rows(random, 7)), township=random.choice((EAST, WEST)))
        if step in {6, 9} and applied.run:
            store.undo(applied.run, at="2026-03-02T00:00:00Z")
        rejected = _rejected(random)
        stored = (one._replace(sheet="", row=0) for one in people_of(forms[FORM], store.rows(FORM)))
        people = [*stored, *(not_taken_over(forms[FORM], *one) for one in rejected)]
        expected = suspicions(people, CHANGES)
        for many in (0, 5, 1000):  # everything anew, now and then, and never
            monkeypatch.setattr(searching, "MANY", many)
            shelf = Shelf(tmp_path / f"shelf{many}")
            shelf.folder.mkdir(exist_ok=True)
            assert Searcher(store, forms, rejected, shelf).find(CHANGES, dialect=False) == expected
        seen |= {one.code for one in expected}
    assert {"J01", "J03", "J10", "J11"} <= seen


class Watched(Store):
    """A store that tells which versions were asked for by their numbers."""

    asked: ClassVar[set[int]] = set()

    def by_version(self, versions: Collection[int]) -> Mapping[int, tuple[str, str, str, bytes]]:
        self.asked.update(versions)
        return super().by_version(versions)


def test_a_search_reads_only_who_came_and_those_that_share_something(url: str, tmp_path: Path) -> None:
    forms, shelf = load_forms(), Shelf(tmp_path)
    many = [row(number(n), id_number=number(n), name=f"人{n}", phone=f"1390000{n:04d}") for n in range(11, 90)]
    with Watched.open(url, COUNTY) as store:
        sync(store, 1, sheet(*many))
        assert Searcher(store, forms, [], shelf).find([], dialect=False) == []
        sync(store, 2, sheet(row(number(12), id_number=number(12), name="人12")), township=WEST)
        Watched.asked.clear()
        (found,) = Searcher(store, forms, [], shelf).find([], dialect=False)
        assert (found.code, len(Watched.asked)) == ("J01", 2)

"""What every source of workbooks must do, whatever lies behind it. A new source joins by a stage of its own."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from sync_service.sources.base import Item, Limits, Refused, Source, unchanged
from sync_service.sources.folder import FolderSource
from sync_service.sources.worker import run_all
from tests.drawn import sheet, write_xlsx
from validators.raw import RawBook

TOWN, EMPTY_TOWN = "990101001", "990101002"


class Stage(Protocol):
    """A source in which one township has a workbook and another has none, and hands to change it."""

    source: Source

    def save(self, name: str) -> None:
        """Save the workbook with one person in it, as a clerk does."""

    def remove(self) -> None:
        """Take the workbook away."""


class FolderStage:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "城关镇.xlsx"
        self._saved = time.time() - 1000
        self.source: Source = FolderSource({TOWN: self._path, EMPTY_TOWN: folder / "柳河乡.xlsx"})

    def save(self, name: str) -> None:
        write_xlsx(self._path, {"退役军人": sheet(f"| 姓名 |\n| {name} |")})
        self._saved += 10
        os.utime(self._path, (self._saved, self._saved))

    def remove(self) -> None:
        self._path.unlink()


STAGES: dict[str, Callable[[Path], Stage]] = {"folder": FolderStage}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    stage = STAGES[request.param](tmp_path)
    stage.save("某甲")
    return stage


def item(stage: Stage) -> Item:
    found = next(found for found in stage.source.look() if found.township == TOWN)
    assert found.item is not None
    return found.item


def test_every_township_is_looked_for_and_a_missing_workbook_is_a_problem(stage: Stage) -> None:
    found = {found.township: found for found in stage.source.look()}
    assert found.keys() == {TOWN, EMPTY_TOWN}
    assert found[TOWN].item == Item(TOWN, item(stage).path)
    assert found[TOWN].problems == ()
    assert found[EMPTY_TOWN].item is None
    assert [missing.code for missing in found[EMPTY_TOWN].problems] == ["F28"]


def test_an_untouched_workbook_keeps_its_mark_and_a_changed_one_does_not(stage: Stage) -> None:
    first = stage.source.mark(item(stage), None)
    assert stage.source.mark(item(stage), first) == first
    stage.save("某乙")
    second = stage.source.mark(item(stage), first)
    assert second.digest != first.digest


def test_what_was_saved_is_read(stage: Stage) -> None:
    book = stage.source.read(item(stage), Limits())
    assert [(page.title, list(page.rows)) for page in book.sheets] == [("退役军人", [("姓名",), ("某甲",)])]


def test_reading_works_in_a_process_of_its_own(stage: Stage) -> None:
    ((_, book),) = run_all(stage.source.read, [(item(stage), Limits())], Limits())
    assert isinstance(book, RawBook)
    assert book == stage.source.read(item(stage), Limits())


def test_a_workbook_saved_while_it_is_read_is_refused(stage: Stage) -> None:
    before = stage.source.mark(item(stage), None)
    assert unchanged(stage.source, item(stage), before) == before
    stage.save("某乙")
    with pytest.raises(Refused) as caught:
        unchanged(stage.source, item(stage), before)
    assert caught.value.problem.code == "F26"


def test_a_workbook_that_vanishes_is_refused_not_an_accident(stage: Stage) -> None:
    gone = item(stage)
    stage.remove()
    with pytest.raises(Refused):
        stage.source.mark(gone, None)
    with pytest.raises(Refused):
        stage.source.read(gone, Limits())
    assert all(found.item is None for found in stage.source.look())

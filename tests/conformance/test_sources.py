"""What every source of workbooks must do, whatever lies behind it: one workbook, looked at, marked and read."""

from pathlib import Path

import pytest

from sync_service.sources.access import Access
from sync_service.sources.base import Item, Limits, Refused, Source, unchanged
from sync_service.sources.crew import run_all
from sync_service.sources.folder import FolderSource
from tests.conformance.stages import EMPTY_TOWN, TOWN, Stage
from tests.drawn import Drawn, sheet, write_xlsx
from validators.raw import RawBook


def book(name: str) -> Drawn:
    table = sheet(f"| 姓名 | 身份证号 | 备注 |\n| {name} | 990101199001010017 | |")
    return {"退役军人": table, "资金发放": sheet("| 姓名 |\n| |\n| 0012 |")}


TYPED: Drawn = {
    "退役军人": sheet("| 金额 | 日期 | 时刻 |\n| `=12.5` | `@2026-03-05` | `@2026-03-05T08:30` |\n| `=7` | | |")
}


@pytest.fixture
def source(stage: Stage, tmp_path: Path) -> Source:
    stage.put(book("某甲"))
    passwords = tmp_path / "账号.toml"
    passwords.write_text(stage.passwords, "utf-8")
    passwords.chmod(0o600)
    return stage.source(Access(passwords))


def item(source: Source) -> Item:
    found = next(found for found in source.look() if found.township == TOWN)
    assert found.item is not None
    return found.item


def test_every_township_is_looked_for_and_a_missing_workbook_is_a_problem(source: Source) -> None:
    found = {found.township: found for found in source.look()}
    assert found.keys() == {TOWN, EMPTY_TOWN}
    assert found[TOWN].item is not None
    assert found[TOWN].problems == ()
    assert found[EMPTY_TOWN].item is None
    assert [missing.severity for missing in found[EMPTY_TOWN].problems] == ["error"]


def test_an_untouched_workbook_keeps_its_mark_and_a_changed_one_does_not(stage: Stage, source: Source) -> None:
    first = source.mark(item(source), None)
    assert source.mark(item(source), first) == first
    marks = [found.mark for found in source.look() if found.township == TOWN]
    assert marks in ([None], [first])
    stage.put(book("某乙"))
    assert source.mark(item(source), first) != first


def read_alike(source: Source, drawn: Drawn, folder: Path) -> None:
    here = Item(TOWN, "城关镇.xlsx", str(write_xlsx(folder / "城关镇.xlsx", drawn)))
    expected = FolderSource({}).read(here, Limits())
    found = source.read(item(source), Limits())
    assert [(page.title, list(page.rows)) for page in found.sheets] == [
        (page.title, list(page.rows)) for page in expected.sheets
    ]


def test_what_was_saved_is_read_as_if_it_lay_in_a_folder_here(source: Source, tmp_path: Path) -> None:
    read_alike(source, book("某甲"), tmp_path)


@pytest.mark.needs("types")
def test_numbers_and_dates_are_read_as_if_they_lay_in_a_folder_here(
    stage: Stage, source: Source, tmp_path: Path
) -> None:
    stage.put(TYPED)
    read_alike(source, TYPED, tmp_path)


def test_reading_works_in_a_process_of_its_own(source: Source) -> None:
    ((_, book),) = run_all(source.read, [(item(source), Limits())], Limits())
    assert isinstance(book, RawBook)
    assert book == source.read(item(source), Limits())


def test_a_workbook_saved_while_it_is_read_is_refused(stage: Stage, source: Source) -> None:
    before = source.mark(item(source), None)
    assert unchanged(source, item(source), before) == before
    stage.put(book("某乙"))
    with pytest.raises(Refused) as caught:
        unchanged(source, item(source), before)
    assert caught.value.problem.code in ("F26", "F43")


def test_a_workbook_that_vanishes_is_refused_not_an_accident(stage: Stage, source: Source) -> None:
    gone = item(source)
    stage.delete()
    with pytest.raises(Refused):
        source.mark(gone, None)
    with pytest.raises(Refused):
        source.read(gone, Limits())
    assert all(found.item is None for found in source.look())

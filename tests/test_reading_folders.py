"""The right file is found in a folder, read only when it may be, and only when it changed."""

import os
import time
import unicodedata
from pathlib import Path

import pytest

from sync_service.sources.base import Found, Item, Limits, Mark, Refused, unchanged
from sync_service.sources.crew import run_all
from sync_service.sources.folder import FolderSource
from tests.drawn import sheet, write_xls, write_xlsx
from validators.problems import Problem, problem

TOWN = "990101001"
DAY = 24 * 3600


def source(folder: Path, name: str = "城关镇.xlsx") -> FolderSource:
    return FolderSource({TOWN: folder / name})


def look(folder: Path, name: str = "城关镇.xlsx") -> Found:
    (found,) = source(folder, name).look()
    assert found.township == TOWN
    return found


def item_at(path: Path, township: str = TOWN) -> Item:
    return Item(township, path.name, str(path))


def put(folder: Path, name: str, age: float = DAY) -> Path:
    path = folder / name
    path.write_bytes(name.encode())
    return dated(path, age)


def dated(path: Path, age: float) -> Path:
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [found.code for found in problems]


def test_the_file_that_the_settings_name_is_found(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    put(tmp_path, "柳河乡.xlsx")
    put(tmp_path, "说明.docx")
    assert look(tmp_path) == Found(TOWN, item_at(path))


@pytest.mark.parametrize("ending", [".xls", ".XLSX", ".et", ".ods", ".xlsm", ".xlsb"])
def test_a_file_saved_with_another_ending_is_found(tmp_path: Path, ending: str) -> None:
    path = put(tmp_path, f"城关镇{ending}")
    assert look(tmp_path) == Found(TOWN, item_at(path))


def test_a_name_is_found_however_its_accents_are_stored(tmp_path: Path) -> None:
    path = put(tmp_path, unicodedata.normalize("NFD", "Zhèn.xlsx"))
    assert look(tmp_path, unicodedata.normalize("NFC", "Zhèn.xlsx")) == Found(TOWN, item_at(path))


def test_a_missing_file_or_folder_is_a_problem_that_names_the_place(tmp_path: Path) -> None:
    put(tmp_path, "城关镇.docx")
    (tmp_path / "城关镇.xlsx").mkdir()
    expected = problem("F28", {"file": f"{tmp_path.name}/城关镇.xlsx"})
    assert look(tmp_path) == Found(TOWN, None, (expected,))
    assert codes(look(tmp_path / "没有").problems) == ["F28"]


def test_a_share_that_hangs_holds_up_only_its_own_townships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging, path = tmp_path / "共享", put(tmp_path, "城关镇.xlsx")
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: time.sleep(3) if folder == hanging else scandir(folder))
    both = FolderSource({TOWN: path, "990101002": hanging / "柳河乡.xlsx"}, patience=0.2)
    here, there = both.look()
    assert here.item == item_at(path)
    assert (there.item, codes(there.problems)) == (None, ["F41"])


def test_of_two_files_that_could_be_meant_neither_is_read(tmp_path: Path) -> None:
    put(tmp_path, "城关镇.xls")
    put(tmp_path, "城关镇.ods")
    expected = problem("F29", {"files": "城关镇.ods、城关镇.xls"})
    assert look(tmp_path) == Found(TOWN, None, (expected,))
    put(tmp_path, "城关镇.xlsx")
    assert codes(look(tmp_path).problems) == ["F29"]


OWNERS = ["~$城关镇.xlsx", "~$镇.xlsx", ".~城关镇.xlsx", ".~lock.城关镇.xlsx#"]


@pytest.mark.parametrize("owner", OWNERS)
def test_a_file_that_somebody_has_open_is_not_read(tmp_path: Path, owner: str) -> None:
    put(tmp_path, "城关镇.xlsx")
    put(tmp_path, owner, age=3600)
    assert look(tmp_path) == Found(TOWN, None, (problem("F27", {"file": "城关镇.xlsx"}),))


@pytest.mark.parametrize("owner", OWNERS)
def test_an_owner_file_left_by_a_crash_keeps_nobody_out_for_ever(tmp_path: Path, owner: str) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    put(tmp_path, owner, age=13 * 3600)
    assert look(tmp_path) == Found(TOWN, item_at(path))


def test_another_township_s_open_file_keeps_nobody_out(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    put(tmp_path, "~$柳河乡.xlsx", age=60)
    assert look(tmp_path) == Found(TOWN, item_at(path))


@pytest.mark.parametrize(
    "copy",
    [
        "城关镇(1).xlsx",
        "城关镇（2）.xls",
        "城关镇 (1).et",
        "城关镇 - 副本.xlsx",
        "城关镇 - 副本 (2).xlsx",
        "城关镇_副本.xlsx",
        "城关镇副本.xlsx",
        "副本 城关镇.xlsx",
        "复件 (2) 城关镇.xls",
        "Copy of 城关镇.xlsx",
        "城关镇 - Copy.xlsx",
        "城关镇 (conflicted copy 2026-11-23).xlsx",
        "城关镇 (某某 的冲突副本 2026-11-23).xlsx",
        "城关镇(冲突副本).xlsx",
        "城关镇.sync-conflict-20261123-101010-ABCDEF.xlsx",
        "城关镇(某某的冲突文件2026-11-23 10.10.10).xlsx",
        "城关镇_冲突_某某_2026-11-23.xlsx",
        "城关镇 的副本.xlsx",
        "城关镇-DESKTOP-A1B2C3.xlsx",
        "城关镇 (某某's conflicted copy 2026-11-23).xlsx",
    ],
)
def test_a_copy_beside_the_file_is_named_and_the_file_is_read_all_the_same(tmp_path: Path, copy: str) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    put(tmp_path, copy)
    assert look(tmp_path) == Found(TOWN, item_at(path), (problem("F34", {"files": copy}),))


@pytest.mark.parametrize(
    "other", ["城关镇二期.xlsx", "城关镇2025下半年.xlsx", "城关镇_校验反馈.xlsx", "新城关镇.xlsx", "城关镇(1).docx"]
)
def test_a_file_with_a_similar_name_is_no_copy(tmp_path: Path, other: str) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    put(tmp_path, other)
    assert look(tmp_path) == Found(TOWN, item_at(path))


def test_another_township_s_workbook_is_no_copy_whatever_its_name(tmp_path: Path) -> None:
    first, second = put(tmp_path, "城关镇.xlsx"), put(tmp_path, "城关镇(2).xlsx")
    both = FolderSource({"990101001": first, "990101002": second}).look()
    assert both == (
        Found("990101001", item_at(first, "990101001")),
        Found("990101002", item_at(second, "990101002")),
    )


def test_a_mark_is_the_same_while_nothing_changes(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    folder, item = source(tmp_path), item_at(path)
    first = folder.mark(item, None)
    assert (first.size, first.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert folder.mark(item, first) == first


def test_a_file_that_looks_unchanged_is_not_opened(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    known = Mark(path.stat().st_size, path.stat().st_mtime_ns, b"as it was stored")
    assert source(tmp_path).mark(item_at(path), known) is known


def test_a_file_saved_again_with_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx", age=2 * DAY)
    folder, item = source(tmp_path), item_at(path)
    first = folder.mark(item, None)
    dated(path, DAY)
    second = folder.mark(item, first)
    assert second.digest == first.digest
    assert second.mtime_ns != first.mtime_ns


def test_a_change_in_the_same_instant_as_the_mark_does_not_go_unseen(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx", age=0.5)
    folder, item = source(tmp_path), item_at(path)
    before, times = folder.mark(item, None), path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_mtime_ns == times.st_mtime_ns
    assert folder.mark(item, before).digest != before.digest


def test_a_file_that_changes_while_it_is_read_is_not_believed(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    folder, item = source(tmp_path), item_at(path)
    before = folder.mark(item, None)
    assert unchanged(folder, item, before) == before
    path.write_bytes(b"saved meanwhile")
    with pytest.raises(Refused) as caught:
        unchanged(folder, item, before)
    assert caught.value.problem == problem("F26", {"file": "城关镇.xlsx"})


def test_a_file_that_vanishes_after_the_look_is_missing(tmp_path: Path) -> None:
    folder, item = source(tmp_path), item_at(tmp_path / "城关镇.xlsx")
    for attempt in (lambda: folder.mark(item, None), lambda: folder.read(item, Limits())):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.problem.code == "F28"


def refusal_as_nobody(folder: FolderSource, item: Item) -> str:
    if os.geteuid() == 0:  # nothing is denied to root
        os.seteuid(65534)
    try:
        folder.read(item, Limits())
    except Refused as error:
        return error.problem.code
    return ""


@pytest.mark.skipif(os.name == "nt", reason="there a file is denied while another program holds it")
def test_a_file_that_is_denied_is_taken_for_open(tmp_path: Path) -> None:
    path = put(tmp_path, "城关镇.xlsx")
    path.chmod(0)
    calls = [(source(tmp_path), item_at(path))]
    assert list(run_all(refusal_as_nobody, calls, Limits())) == [(0, "F27")]


def test_what_is_found_under_another_ending_is_read_by_its_content(tmp_path: Path) -> None:
    write_xls(tmp_path / "城关镇.xls", {"表": sheet("| 甲 |")})
    found = look(tmp_path)
    assert found.item is not None
    book = source(tmp_path).read(found.item, Limits())
    assert (book.name, book.sheets[0].rows[0]) == ("城关镇.xls", ("甲",))


def test_looking_marking_and_reading_leave_the_folder_as_it_was(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "城关镇.xlsx", {"表": sheet("| 甲 |")})
    dated(path, DAY)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    found = look(tmp_path)
    assert found.item is not None
    source(tmp_path).mark(found.item, None)
    source(tmp_path).read(found.item, Limits())
    assert [other.name for other in tmp_path.iterdir()] == ["城关镇.xlsx"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before

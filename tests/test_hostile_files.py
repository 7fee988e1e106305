"""Whatever lies in a township's place: it is read, or refused in one sentence that fits, and harms nobody else."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from sync_service.feedback import write_feedback
from sync_service.settings import CountyPart, TownshipPart
from sync_service.settings_text import render_settings
from sync_service.sources.base import Limits, Refused
from sync_service.sources.crew import run_all
from sync_service.sources.excel import read_bytes
from sync_service.sources.folder import FolderSource
from sync_service.sources.worker import Failure, refusal
from tests.county import NAMES, NOW, PERIOD, VILLAGES, CountyOnDisk, make_county, veteran, workbook
from tests.drawn import write_xlsx
from tests.hostile_files import FILES, LESS, PEOPLE, READ
from validators.bounded import MOST, bounded
from validators.check import check
from validators.problems import problem
from workbook_templates.form import load_forms
from workbook_templates.place import County, Township

LINUX = pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")
LIMITS = Limits(seconds=30, memory_mb=700)
ALL_READ = (READ, LESS)


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    """The hostile files."""
    return {name: make() for name, (make, _) in FILES.items()}


def outcome(name: str, data: bytes, township: Township, scratch: Path) -> str:
    """The code that the clerk is told, or how much of the workbook was read; it is judged and its feedback made, too."""
    try:
        book = read_bytes(name, data, LIMITS)
    except Refused as refused:
        return refused.problem.code
    forms = load_forms()
    checked = check(forms, book, township, NOW.date(), PERIOD)
    write_feedback(scratch / f"{name}.xlsx", township, book, checked.problems, forms, NOW.replace(tzinfo=None))
    rows = next(len(sheet.rows) for sheet in checked.sheets if sheet.form == "veterans")
    return READ if rows == PEOPLE else LESS


def test_every_hostile_file_is_read_or_refused_within_its_limits_and_by_the_code_that_fits(
    contents: Mapping[str, bytes], tmp_path: Path
) -> None:
    township = Township(County("990101", "清河县"), "990101001", "城关镇", VILLAGES)
    names = list(contents)
    calls = [(name, contents[name], township, tmp_path) for name in names]
    found = {}
    for index, given in run_all(outcome, calls, LIMITS):
        found[names[index]] = refusal(given, names[index], LIMITS).code if isinstance(given, Failure) else given
    assert found == {name: code for name, (_, code) in FILES.items()}


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory, contents: Mapping[str, bytes]) -> tuple[CountyOnDisk, list[str]]:
    """A county in order, with a township for each file that cannot be read; one more is left alone."""
    bad = [name for name, (_, code) in FILES.items() if code not in ALL_READ]
    county = make_county(tmp_path_factory.mktemp("besieged") / "county")
    parts = [
        TownshipPart(code=f"990101{n:03d}", name=f"第{n}镇", workbook=f"上报/{n}.xlsx", villages=VILLAGES)
        for n in range(1, len(bad) + 2)
    ]
    county.settings.write_text(render_settings(PERIOD, CountyPart(code="990101", name="清河县"), parts), "utf-8")
    for n, part in enumerate(parts):
        county.age(write_xlsx(county.folder / part.workbook, workbook(part.name, [veteran(n)])))
    assert [line.new for line in county.sync().townships] == [1] * len(parts)
    for part, name in zip(parts, bad, strict=False):
        place = county.folder / part.workbook
        place.unlink()
        place = place.with_suffix(Path(name).suffix)
        place.write_bytes(contents[name])
        county.age(place, 300)
    return county, bad


def test_files_that_cannot_be_read_change_no_stored_row_and_hold_nobody_up(
    besieged: tuple[CountyOnDisk, list[str]],
) -> None:
    county, bad = besieged
    stood = county.veterans()
    last = county.settings.parent / "上报" / f"{len(bad) + 1}.xlsx"
    county.age(write_xlsx(last, workbook(f"第{len(bad) + 1}镇", [veteran(len(bad)), veteran(len(bad) + 1)])), 300)
    report = county.sync()
    assert [line.status for line in report.townships] == [FILES[name][1] for name in bad] + ["ok"]
    assert all("原有的数据保持不动" in line.message or "密码" in line.message for line in report.townships[:-1])
    assert report.townships[-1].new == 1
    assert {key: row for key, row in county.veterans().items() if key in stood} == stood
    assert [one.message for one in report.published if one.trouble] == []
    assert not [*county.sync().published], "and the next run has nothing to do"


def test_a_sheet_that_came_out_empty_closes_no_row(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    county.fill({"城关镇": [veteran(n) for n in range(PEOPLE)]})
    county.sync()
    stood = county.veterans()
    for name in (name for name, (_, code) in FILES.items() if code == LESS):
        county.book("城关镇").write_bytes(FILES[name][0]())
        county.age(county.book("城关镇"), 300)
        assert county.sync().townships[0].gone == 0
        assert county.veterans() == stood


STRANGE = ("a\0b", "\x1b]0;掌控\x07红", "\u202e反着写\u2066", "\ufffe\uffff无", "行\r\n行", "[/red]", "{v} %s {0}")


def test_characters_that_nobody_types_break_neither_the_store_nor_what_is_told(url: str, tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    text = county.settings.read_text("utf-8").replace('store = "taizhang.db"', f'store = "{url}"')
    assert url in text
    county.settings.write_text(text, "utf-8")
    rows = [veteran(n, hukou_address=f"清河县城关镇{value}号", notes=value) for n, value in enumerate(STRANGE)]
    rows += [
        veteran(20 + n, **{column: value}) for n, value in enumerate(STRANGE) for column in ("name", "village", "phone")
    ]
    county.write("城关镇", workbook("城关镇", rows), ".xls")
    report = county.sync()
    assert report.townships[0].status == "ok"
    assert [one.message for one in report.published if one.trouble] == []
    stored = {str(row["hukou_address"]) for row in county.veterans().values()}
    assert {f"清河县城关镇{left}号" for left in ("ab", "]0;掌控红", "反着写", "无", "[/red]")} <= stored
    with county.store() as store:
        told = [known.problem for known in store.problems("990101001")]
    assert told
    assert not any(
        c < " " and c not in "\t\n\r" for one in told for c in f"{one.message}{one.value}{one.cure}{one.sheet}"
    )


def test_nonsense_in_every_cell_is_told_up_to_a_bound_the_gravest_first() -> None:
    many = [problem("M07", value="无", row=n) for n in range(MOST)] + [
        problem("M01", header="姓名", row=n) for n in range(9)
    ]
    told = bounded(many)
    assert [told[0].code, len(told)] == ["F49", MOST + 1]
    assert "还有 9 处" in told[0].message
    assert sum(one.severity == "error" for one in told) == 9
    assert [one.row for one in told[1:] if one.code == "M07"] == list(range(MOST - 9)), (
        "in the order in which they came"
    )
    assert bounded(many[:MOST]) == tuple(many[:MOST])


def test_a_fault_of_ours_in_one_workbook_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = make_county(tmp_path / "county")
    county.fill({name: [veteran(n)] for n, name in enumerate(NAMES)})

    def stumbling(forms: object, book: object, township: Township, *rest: object) -> object:
        if township.name == "石桥镇":
            raise KeyError("990101198503120014")
        return check(forms, book, township, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("sync_service.gather.check", stumbling)
    report = county.sync()
    assert [line.status for line in report.townships] == ["ok", "F50", "ok"]
    assert "test_hostile_files.py 第" in report.townships[1].message
    assert "KeyError" in report.townships[1].message
    assert "990101198503120014" not in report.townships[1].message
    assert len(county.veterans()) == 2


def _secret(folder: Path) -> Path:
    elsewhere = folder / "别处.xlsx"
    return write_xlsx(elsewhere, workbook("城关镇", [veteran(7)]))


@LINUX
@pytest.mark.parametrize("what", ["link", "dangling", "pipe", "device", "folder"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, what: str) -> None:
    county = make_county(tmp_path / "county")
    county.fill({})
    county.sync()
    place = county.book("城关镇")
    place.unlink()
    match what:
        case "link":
            place.symlink_to(_secret(tmp_path))
        case "dangling":
            place.symlink_to(tmp_path / "没有")
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "folder":
            place.mkdir()
    began = time.monotonic()
    report = county.sync()
    assert time.monotonic() - began < 20
    assert report.townships[0].status == ("F28" if what == "folder" else "F48")
    assert county.veterans() == {}
    place.rmdir() if what == "folder" else place.unlink()
    county.write("城关镇", workbook("城关镇", [veteran(1)]))
    assert county.sync().townships[0].new == 1


@LINUX
def test_a_link_that_takes_the_files_place_after_the_look_is_not_followed(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "城关镇.xlsx", workbook("城关镇", []))
    source = FolderSource({"1": path})
    (found,) = source.look()
    assert found.item
    path.unlink()
    path.symlink_to(_secret(tmp_path))
    for act in (lambda item: source.mark(item, None), lambda item: source.read(item, Limits())):
        with pytest.raises(Refused) as caught:
            act(found.item)
        assert caught.value.problem.code == "F48"

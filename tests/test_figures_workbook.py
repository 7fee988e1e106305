"""统计.xlsx and the commands: every number leads to its rows, and the rows are those that the number counts."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from sync_service.cli import app
from sync_service.demo.places import TOWNSHIPS
from sync_service.figures.figures import Figures
from sync_service.figures.sealing import seal_figures
from sync_service.figures.workbook import write_figures
from sync_service.settings_text import render_settings
from sync_service.store import Store
from tests.figure_county import (
    EAST,
    FORMS,
    PLACES,
    counted,
    county,
    flat,
    invented,
    kept_by_bureau,
    of_place,
    report,
    setup_of,
)

H1 = "2026上半年"
JULY = "2026-07-08T02:00:00Z"
NOW = datetime(2026, 7, 9, 10).astimezone()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with its settings, its store and 统计.xlsx, of which one township has not reported."""
    folder = tmp_path_factory.mktemp("figures")
    setup = setup_of(folder)
    (folder / "county.toml").write_text(render_settings(H1, setup.settings.county, setup.settings.township), "utf-8")
    numbers: set[str] = set()
    with county(folder) as (store, _):
        rows = {place: invented(place, NOW.date(), of_place(place, "workbook", numbers), 5) for place in PLACES}
        kept_by_bureau(rows)
        for place in (EAST, PLACES[2]):
            report(store, place, H1, rows[place], JULY)
        figures = counted(store, setup, H1)
        seal_figures(store, figures, NOW, "李四", "半年总结")
        write_figures(folder / "统计.xlsx", setup, FORMS, store, figures, [], NOW)
    assert flat(rows.values())
    return folder


@pytest.fixture(scope="module")
def figures(folder: Path) -> Figures:
    with county(folder) as (store, setup):
        return counted(store, setup, H1)


@pytest.fixture(scope="module")
def book(folder: Path) -> Iterator[Any]:
    opened = openpyxl.load_workbook(folder / "统计.xlsx")
    yield opened
    opened.close()


def _lines(sheet: Any, ids: set[str]) -> dict[str, list[Any]]:
    """A sheet's lines by the figure that they begin with."""
    return {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5) if row[0].value in ids}


def test_the_summary_shows_every_figure_and_a_dash_where_it_is_not_known(book: Any, figures: Figures) -> None:
    lines = _lines(book["统计"], {*figures.results})
    assert [*lines] == [*figures.results]
    for key, line in lines.items():
        value = figures.value(key)
        assert line[4] == ("—" if value is None else pytest.approx(value))
        assert line[5] == figures.text(key)
    assert "东岭镇（没有交）" in book["统计"]["A3"].value


def test_by_township_stands_what_each_has_reported_and_their_sum(book: Any, figures: Figures) -> None:
    headers = [cell.value for cell in book["分乡镇"][4]]
    for key, line in _lines(book["分乡镇"], {*figures.results}).items():
        for name, value in figures.by_township(key).items():
            assert line[headers.index(name)] == ("—" if value is None else pytest.approx(value))
        if isinstance(line[4], str) and line[4].startswith("="):
            assert line[4].startswith("=SUM(F")


def test_every_figure_leads_to_its_rows_and_these_lead_back(book: Any, figures: Figures) -> None:
    for row in book["统计"].iter_rows(min_row=5, max_col=1):
        cell = row[0]
        if cell.value in figures.results and figures.row_count(cell.value):
            assert cell.hyperlink, cell.value
            sheet = book[cell.hyperlink.location.split("!")[0].strip("'")]
            assert sheet["A2"].hyperlink.location == "'统计'!A1"


def test_the_rows_on_a_figures_sheet_make_it_up(book: Any, figures: Figures) -> None:
    seen = 0
    for key, result in figures.results.items():
        if result.figure.count not in ("rows", "sum") or len(result.parts) != 1 or not result.row_count:
            continue
        title = next(sheet.title for sheet in book if key in str(sheet["A1"].value).removesuffix("　明细").split("、"))
        header, *rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=4)]
        assert len(rows) == result.row_count
        assert {row[header.index("版本号")] for row in rows} == {row.version for row in figures.rows(key)}
        adds = f"{key}\n算{result.figure.unit}"
        if adds in header:
            assert sum(row[header.index(adds)] or 0 for row in rows) == pytest.approx(result.value)
        seen += 1
    assert seen > 25


def test_the_sheets_print_on_a4_across_and_say_what_they_are(book: Any) -> None:
    first = ["统计", "分乡镇", "图", "分村", "分类别", "核对", "缺项名单", "和上报的差别", "口径"]
    assert book.sheetnames[: len(first)] == first
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert len(book["图"]._charts) == 4
    assert [row[0].value for row in book["核对"].iter_rows(min_row=5, max_row=25)] == [
        f"K{n:02d}" for n in range(1, 22)
    ]
    assert "没有报2026上半年" in [row[1].value for row in book["缺项名单"].iter_rows(min_row=5)]


def test_every_village_has_its_line(book: Any) -> None:
    lines = [(row[0].value, row[1].value) for row in book["分村"].iter_rows(min_row=5)]
    assert {(place.name, village) for place in TOWNSHIPS[:2] for village in place.villages} <= set(lines)


def _run(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(app, [*words, "--county", str(folder / "county.toml")], catch_exceptions=False)


def test_the_command_says_the_figures_to_people_and_to_programs(folder: Path, figures: Figures) -> None:
    result = _run(folder, "figures", "--json")
    content = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {one["id"]: one["value"] for one in content["figures"]} == {
        key: one.value for key, one in figures.results.items()
    }
    assert content["sealed"]["sealed_by"] == "李四"
    assert (content["period"], content["changed_since"]) == (H1, [])
    told = _run(folder, "figures").stdout
    assert "还没有报这一期的：东岭镇（没有交）" in told
    assert "和封存时上报的完全一样" in told


def test_the_command_writes_the_workbook_but_never_over_another_unless_told_to(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "统计.xlsx"
    assert "只在县局的电脑上保管" in _run(folder, "figures", "--out", str(out)).stdout
    assert out.exists()
    from sync_service.errors import TaizhangError

    with pytest.raises(TaizhangError, match="没有覆盖"):
        _run(folder, "figures", "--out", str(out))


def test_sealing_and_unsealing_by_command_keep_who_when_and_why(folder: Path) -> None:
    assert "已解封" in _run(folder, "unseal", H1, "--note", "数报错了", "--by", "王五").stdout
    assert "已封存" in _run(folder, "seal", "2026H1", "--note", "重报", "--by", "李四").stdout
    with Store.open(setup_of(folder).store_url, "990101") as store:
        first, second = store.seals()
    assert (first.lifted_by, first.lifted_note) == ("王五", "数报错了")
    assert (second.sealed_by, second.note, second.lifted_at) == ("李四", "重报", None)

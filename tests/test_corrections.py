"""The coordinator corrects a cell: it stands until the township changes that very cell."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_service.review.correcting import CONFLICT, STANDS, TAKEN_OVER, Correction, corrected, correction_of
from sync_service.review.places import CONFLICTS, CORRECTIONS
from sync_service.review.telling import told_townships
from sync_service.store.review_records import DONE, ENDED, Statement
from tests.county import number, veteran
from tests.small import small_forms
from tests.stored import row, sheet
from tests.typed_master import (
    LittleCounty,
    answers,
    copied,
    correct,
    decide,
    little_county,
    opened,
    recorrect,
    shown,
    write,
)

FIRST, SECOND, THIRD = "城关镇", "石桥镇", "柳林镇"
EAST = "990101001"
PEOPLE = small_forms()["people"]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Two veterans in one township; the telephone of the first has been corrected."""
    made = little_county(tmp_path_factory.mktemp("shared") / "county")
    made.say({FIRST: [veteran(0), veteran(1)]})
    made.sync()
    correct(made, "退役军人", "联系电话", "13911112222", where=lambda line: line["身份证号"] == number(0))
    made.sync()
    return made


@pytest.fixture
def county(shared: LittleCounty, tmp_path: Path) -> LittleCounty:
    """The same county, for one test to change."""
    return copied(shared, tmp_path / "county")


def phone(county: LittleCounty, n: int = 0) -> object:
    """The person's stored telephone number."""
    return county.veterans()[EAST, number(n)]["phone"]


def codes(county: LittleCounty) -> list[str]:
    """What the county tells the township."""
    with county.store() as store:
        return [one.code for one in told_townships(store, county.forms).get(EAST, ())]


def test_a_correction_stands_whatever_else_the_township_changes(county: LittleCounty) -> None:
    assert phone(county) == "13911112222"
    assert codes(county) == ["L10"]
    assert answers(county, CORRECTIONS)[0][0] == "已更正"
    county.sync(full=True)
    county.send(FIRST, [veteran(0, political_status="中共党员"), veteran(1)])
    county.sync()
    assert phone(county) == "13911112222"
    assert county.veterans()[EAST, number(0)]["political_status"] == "中共党员"


def test_law_1_nothing_changes_when_the_township_has_not_taken_it_over_yet(county: LittleCounty) -> None:
    runs, made = county.versions(), county.master.read_bytes()
    county.sync(full=True)
    with opened(county):
        pass
    county.sync()
    assert (county.versions(), county.master.read_bytes()) == (runs, made)


def test_a_correction_that_the_township_takes_over_is_over(county: LittleCounty) -> None:
    county.send(FIRST, [veteran(0, phone="13911112222"), veteran(1)])
    county.sync()
    assert codes(county) == []
    assert answers(county, CORRECTIONS)[0][0] == "已采纳"
    county.send(FIRST, [veteran(0, phone="13933334444"), veteran(1)])
    county.sync()
    assert phone(county) == "13933334444"


@pytest.mark.parametrize(("choice", "stands"), [("采用甲", "13911112222"), ("采用乙", "13933334444")])
def test_the_same_cell_changed_by_both_is_a_conflict(county: LittleCounty, choice: str, stands: str) -> None:
    county.send(FIRST, [veteran(0, phone="13933334444"), veteran(1)])
    county.sync()
    assert phone(county) == "13911112222"
    assert codes(county) == ["L11"]
    assert answers(county, CORRECTIONS)[0][0] == "有冲突"
    decide(county, CONFLICTS, choice)
    county.sync()
    county.sync(full=True)
    assert phone(county) == stands
    assert codes(county) == (["L10"] if choice == "采用甲" else [])
    decide(county, CONFLICTS, "", "")
    county.sync()
    assert phone(county) == "13911112222"
    assert codes(county) == ["L11"]


def test_a_correction_can_be_changed_and_withdrawn(county: LittleCounty) -> None:
    recorrect(county, "13955556666")
    county.sync()
    assert phone(county) == "13955556666"
    recorrect(county, None, "")
    county.sync()
    county.sync(full=True)
    assert phone(county) == veteran(0)["phone"]
    assert answers(county, CORRECTIONS)[0][0] == "已撤销"
    assert codes(county) == []


@pytest.mark.parametrize(
    ("column", "value", "hand", "words"),
    [
        ("联系电话", "12", "赵主任", "电话"),
        ("退役时间", "2011-01", "赵主任", "“退役时间”"),
        ("身份证号", number(7), "赵主任", "退回更正"),
        ("出生日期", "1980-01-01", "赵主任", "自动算出"),
        ("联系电话", "13900001111", "", "处理人"),
        ("血型", "A", "赵主任", "没有“血型”这一列"),
    ],
)
def test_a_correction_is_judged_like_any_cell(
    county: LittleCounty, column: str, value: str, hand: str, words: str
) -> None:
    before = county.veterans()
    correct(county, "退役军人", column, value, hand, where=lambda line: line["身份证号"] == number(1))
    county.sync()
    assert county.veterans() == before
    with county.store() as store:
        assert words in store.statements()[-1].outcome


def test_a_cell_is_corrected_in_a_line_of_her_own(county: LittleCounty) -> None:
    with opened(county) as book:
        page = book[CORRECTIONS]
        headers = {str(cell.value): cell.column for line in page.iter_rows(max_row=6) for cell in line if cell.value}
        cells = {
            "乡镇": FIRST,
            "表": "退役军人",
            "登记主键": number(1),
            "列名": "联系电话",
            "更正为": 13977778888,
            "处理人": "赵",
        }
        at = page.max_row + 2
        for name, value in cells.items():
            page.cell(at, headers[name]).value = value
    county.sync()
    assert phone(county, 1) == "13977778888"


def test_a_correction_goes_with_its_row_and_comes_back_with_it(county: LittleCounty) -> None:
    county.send(FIRST, [veteran(1)])
    county.sync()
    assert codes(county) == []
    county.send(FIRST, [veteran(0), veteran(1)])
    county.sync()
    assert phone(county) == "13911112222"


def test_an_undone_correction_is_corrected_no_more(county: LittleCounty) -> None:
    with county.store() as store:
        store.undo(2, at="2026-11-24T08:00:00Z")
    county.sync(full=True)
    assert phone(county) == veteran(0)["phone"]
    assert answers(county, CORRECTIONS)[0][0] != "已更正"
    assert len(shown(county, CORRECTIONS)) == 1


VALUES = st.one_of(st.none(), st.sampled_from(["中共党员", "群众", "东风村"]))


def correction(column: str, base: str | None, value: str | None) -> Correction:
    """A correction of row k1."""
    cell = {
        "form": "people",
        "township": EAST,
        "key": "k1",
        "column": column,
        "base": base,
        "value": value,
        "theirs": base,
    }
    return correction_of(Statement("correction", column, "", "赵", "", "", DONE, "", cell))


def add(county: LittleCounty, key: str) -> None:
    """Types a new line into 更正."""
    with opened(county) as book:
        sheet = book[CORRECTIONS]
        row = next(row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == "添在这里")
        write(
            sheet, row, 乡镇=FIRST, 表="退役军人", 登记主键=key, 列名="联系电话", 更正为="13911112222", 处理人="赵主任"
        )


def unknown(county: LittleCounty) -> str:
    """What 没有认出 says; "" if there is no such sheet."""
    book = openpyxl.load_workbook(county.master)
    return "\n".join(str(cell.value) for line in book["没有认出"] for cell in line) if "没有认出" in book else ""


def test_a_line_of_hers_that_belongs_to_nothing_is_told_until_she_writes_again(county: LittleCounty) -> None:
    add(county, "不对的")
    county.sync()
    assert "城关镇的“退役军人”里没有登记主键是“不对的”的行" in unknown(county)
    with opened(county):
        pass
    runs = county.versions()
    county.sync(full=True)
    assert "不对的" in unknown(county)
    assert county.versions() == runs
    recorrect(county, "13955556666")
    county.sync()
    assert unknown(county) == ""
    add(county, "不对的")
    county.sync()
    assert "不对的" in unknown(county)


@given(
    base=VALUES,
    county=VALUES,
    theirs=VALUES,
    others=st.dictionaries(st.sampled_from(["branch", "village"]), st.text("甲乙", min_size=1, max_size=3)),
)
def test_three_way_merge_of_a_cell(
    base: str | None, county: str | None, theirs: str | None, others: dict[str, str]
) -> None:
    cells: dict[str, Any] = {name: value for name, value in {"party": theirs, **others}.items() if value is not None}
    one = correction("party", base, county)
    laid, stated = corrected(PEOPLE, sheet(row("k1", **cells), form="people"), [one], TODAY)
    stored = orjson.loads(laid.rows[0].payload)
    assert {name: value for name, value in stored.items() if name != "party"} == others
    assert stored.get("party") == county
    heard = correction_of(stated[0]) if stated else one
    if theirs == county:
        assert heard.state == TAKEN_OVER
        assert not stated or stated[0].state == ENDED
    else:
        assert heard.state == (STANDS if theirs == base else CONFLICT)


@given(county=st.dictionaries(st.sampled_from(["party", "branch", "village"]), st.text("甲乙", min_size=1), min_size=1))
def test_the_order_of_corrections_plays_no_part_and_twice_is_once(county: dict[str, str]) -> None:
    incoming = row("k1", name="王东", party="群众")
    ones = [correction(column, {"party": "群众"}.get(column), value) for column, value in county.items()]
    laid, stated = corrected(PEOPLE, sheet(incoming, form="people"), ones, TODAY)
    back, again = corrected(PEOPLE, sheet(incoming, form="people"), ones[::-1], TODAY)
    assert laid == back
    assert stated == again
    assert orjson.loads(laid.rows[0].payload) == {"name": "王东", "party": "群众"} | county


def test_a_row_that_is_not_valid_is_left_alone() -> None:
    spoilt = row("k1", valid=False, party="群众")
    laid, stated = corrected(PEOPLE, sheet(spoilt, form="people"), [correction("party", "群众", "中共党员")], TODAY)
    assert laid.rows[0].payload == spoilt.payload
    assert stated == []

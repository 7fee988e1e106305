"""What the coordinator decides in the master comes back, once, with a name, and can be taken back."""

from pathlib import Path

import openpyxl
import pytest

from sync_service.review.places import CASE_ID, CHOICE, CONFLICTS, HAND, PENDING
from sync_service.review.telling import told_townships
from sync_service.store.review_records import DONE
from tests.county import NOW, number, veteran
from tests.typed_master import LittleCounty, answers, copied, decide, lines, little_county, opened, shown, write

FIRST, SECOND, THIRD = "城关镇", "石桥镇", "柳林镇"
EAST, WEST = "990101001", "990101002"


def codes(county: LittleCounty, township: str) -> list[str]:
    """The codes in a township's feedback that come from the county."""
    with county.store() as store:
        found = {one.problem.code for one in store.problems(township) if one.problem.code[0] in "JL"}
        return sorted(found | {one.code for one in told_townships(store, county.forms).get(township, ())})


def places(county: LittleCounty, n: int = 0) -> list[str]:
    """The townships in which the person stands."""
    return sorted(township for township, key in county.veterans() if key == number(n))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LittleCounty:
    """Person 0 stands in two townships."""
    made = little_county(tmp_path_factory.mktemp("shared") / "county")
    made.say({FIRST: [veteran(0), veteran(1)], SECOND: [veteran(0), veteran(2)], THIRD: [veteran(3)]})
    made.sync()
    return made


@pytest.fixture
def county(shared: LittleCounty, tmp_path: Path) -> LittleCounty:
    """The same county, for one test to change."""
    return copied(shared, tmp_path / "county")


def test_a_person_of_two_townships_is_taken_from_one_and_the_other_is_told_without_a_name(county: LittleCounty) -> None:
    assert codes(county, EAST) == ["J01"]
    decide(county, CONFLICTS, "采用甲", note="户口在城关")
    report = county.sync()
    assert report.decided == 2
    assert places(county) == [EAST]
    assert (codes(county, EAST), codes(county, WEST)) == (["L05"], ["L04"])
    ((state, outcome),) = answers(county, CONFLICTS)
    assert state == "已处理"
    assert FIRST in outcome
    text = str([[*row] for sheet in openpyxl.load_workbook(county.feedback(SECOND)) for row in sheet.values])
    assert number(1) not in text
    assert "户口在城关" not in text


def test_law_1_a_master_that_was_only_saved_again_changes_nothing(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    county.sync()
    made, runs = county.master.read_bytes(), county.versions()
    with opened(county):
        pass
    county.sync()
    assert county.versions() == runs
    assert county.master.read_bytes() == made
    assert county.sync().published == ()


def test_the_losing_townships_file_does_not_bring_the_row_back(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    county.sync()
    county.send(SECOND, [veteran(0, political_status="中共党员"), veteran(2)])
    county.sync()
    county.sync(full=True)
    assert places(county) == [EAST]
    assert codes(county, WEST) == ["L04"]
    county.send(SECOND, [veteran(2)])
    county.sync()
    assert (codes(county, EAST), codes(county, WEST)) == ([], [])


def test_a_cleared_decision_is_taken_back(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用乙")
    county.sync()
    assert places(county) == [WEST]
    decide(county, CONFLICTS, "", "")
    county.sync()
    assert places(county) == [EAST, WEST]
    assert codes(county, EAST) == ["J01"]
    county.sync(full=True)
    assert places(county) == [EAST, WEST]
    assert answers(county, CONFLICTS)[0][0] == "待处理"


def test_another_choice_takes_the_place_of_the_first(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用乙")
    county.sync()
    decide(county, CONFLICTS, "采用甲")
    county.sync()
    county.sync(full=True)
    assert places(county) == [EAST]


@pytest.mark.parametrize(("choice", "code"), [("两者保留", "L06"), ("不是同一人", "L07")])
def test_an_answer_is_remembered_until_it_is_another_question(county: LittleCounty, choice: str, code: str) -> None:
    decide(county, CONFLICTS, choice)
    county.sync()
    county.send(SECOND, [veteran(0, political_status="中共党员"), veteran(2)])
    county.sync()
    assert places(county) == [EAST, WEST]
    assert answers(county, CONFLICTS)[0][0] == "已处理"
    assert codes(county, EAST) == codes(county, WEST) == [code]
    county.send(SECOND, [veteran(0, name="李大海"), veteran(2)])
    county.sync()
    state, outcome = answers(county, CONFLICTS)[0]
    assert state == "请再看一遍"
    assert choice in outcome
    assert shown(county, CONFLICTS)[0][CHOICE] in {None, ""}


def test_both_townships_are_asked_to_correct(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "退回更正", note="请看户口本")
    county.sync()
    assert codes(county, EAST) == codes(county, WEST) == ["L08"]
    assert places(county) == [EAST, WEST]


def test_a_note_reaches_a_township_without_the_others_name_and_numbers(county: LittleCounty) -> None:
    county.send(SECOND, [veteran(0, name="欧阳海"), veteran(2)])
    county.sync()
    decide(county, CONFLICTS, "退回更正", note=f"和欧阳海（{number(0)}，13912345678）核对")
    county.sync()
    with county.store() as store:
        told = told_townships(store, county.forms)
    (east,) = [one.message for one in told[EAST] if one.code == "L08"]
    (west,) = [one.message for one in told[WEST] if one.code == "L08"]
    assert "和（另一人）（（号码略），（号码略））核对" in east
    assert "欧阳海" in west
    assert number(0) not in east + west


def test_another_workbook_that_lies_in_the_masters_place_is_not_replaced(county: LittleCounty) -> None:
    other = openpyxl.Workbook()
    other.active["A1"] = "别的工作簿"
    other.save(county.master)
    saved = county.master.read_bytes()
    assert county.sync().exit_code == 2
    assert county.master.read_bytes() == saved


@pytest.mark.parametrize(
    ("choice", "hand", "words"),
    [
        ("采用丙", "赵主任", "不能用在这里"),
        ("确认删除", "赵主任", "不能用在这里"),
        ("采用甲", "", "处理人"),
        ("", "赵主任", "处理决定"),
    ],
)
def test_what_cannot_be_done_is_answered_beside_it(county: LittleCounty, choice: str, hand: str, words: str) -> None:
    decide(county, CONFLICTS, choice, hand)
    county.sync()
    state, outcome = answers(county, CONFLICTS)[0]
    assert state in {"没有采用", "请再看一遍"}
    assert words in outcome
    assert places(county) == [EAST, WEST]
    runs = county.versions()
    with opened(county):
        pass
    county.sync()
    assert county.versions() == runs
    decide(county, CONFLICTS, "采用甲")
    county.sync()
    assert places(county) == [EAST]


def test_a_decision_about_rows_that_changed_since_is_asked_again(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    kept = county.master.read_bytes()
    county.master.unlink()
    county.send(SECOND, [veteran(0, name="李大海"), veteran(2)])
    county.sync()
    county.master.write_bytes(kept)
    county.sync()
    assert places(county) == [EAST, WEST]
    assert answers(county, CONFLICTS)[0][0] == "请再看一遍"


def test_two_lines_of_one_case_that_contradict_each_other_are_answered(county: LittleCounty) -> None:
    with opened(county) as book:
        sheet = book[CONFLICTS]
        ((row, line),) = lines(sheet)
        last = sheet.max_row + 1
        for column in range(1, sheet.max_column + 1):
            sheet.cell(last, column).value = sheet.cell(row, column).value
        write(sheet, row, **{CHOICE: "采用甲", HAND: "赵主任"})
        write(sheet, last, **{CHOICE: "采用乙", HAND: "赵主任"})
        assert line[CASE_ID]
    county.sync()
    assert places(county) == [EAST, WEST]
    assert "几种不同" in answers(county, CONFLICTS)[0][1]


def test_rows_in_any_order_and_rows_that_are_missing_say_nothing_else(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")
    rows = [veteran(n) for n in range(6)]
    county.say({FIRST: rows, SECOND: rows, THIRD: []})
    county.sync()
    decide(county, CONFLICTS, "采用甲", which=0)
    county.sync()
    with opened(county) as book:
        sheet = book[CONFLICTS]
        found = list(lines(sheet))
        waiting = [(row, line) for row, line in found if not line[CHOICE]]
        write(sheet, waiting[2][0], **{CHOICE: " 采用乙 ", HAND: "赵主任"})
        done = next(row for row, line in found if line[CHOICE])
        sheet.delete_rows(done, 2)
        sheet.insert_rows(3, 4)
        book.move_sheet(sheet, -3)
    county.sync()
    with county.store() as store:
        assert [one.choice for one in store.statements() if one.state == DONE] == ["采用甲", "采用乙"]
    standing = [township for township, _ in county.veterans()]
    assert (standing.count(EAST), standing.count(WEST)) == (5, 5)


def test_a_line_without_its_hidden_number_is_told_of(county: LittleCounty) -> None:
    with opened(county) as book:
        ((row, _),) = lines(book[CONFLICTS])
        write(book[CONFLICTS], row, **{CASE_ID: None, CHOICE: "采用甲", HAND: "赵主任"})
    county.sync()
    with county.store() as store:
        (stray,) = store.statements()
    assert (stray.kind, stray.choice) == ("stray", "采用甲")
    assert places(county) == [EAST, WEST]


def test_when_the_taken_row_goes_the_other_one_counts_again(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    county.sync()
    county.send(FIRST, [veteran(1)])
    county.sync()
    county.sync()
    assert places(county) == [WEST]


def test_an_undone_run_of_decisions_asks_again(county: LittleCounty) -> None:
    decide(county, CONFLICTS, "采用甲")
    run = county.sync().decided
    assert run
    with county.store() as store:
        undone = store.undo(run, at="2026-11-24T08:00:00Z").run
    assert places(county) == [EAST, WEST]
    county.sync(full=True)
    assert places(county) == [EAST, WEST]
    assert answers(county, CONFLICTS)[0][0] == "待处理"
    with county.store() as store:
        store.undo(undone, at="2026-11-24T08:00:00Z")
    county.sync(full=True)
    assert places(county) == [EAST]


def test_what_she_saved_is_kept_and_what_cannot_be_read_is_not_touched(county: LittleCounty) -> None:
    with opened(county) as book:
        book.create_sheet("我的笔记")["A1"] = "明天打电话"
    county.sync()
    (kept,) = (county.folder / "历次总台账").iterdir()
    assert kept.name.startswith(f"县级总台账_{NOW:%Y-%m-%d_%H%M%S}_")
    assert "我的笔记" in openpyxl.load_workbook(kept).sheetnames
    assert "我的笔记" not in openpyxl.load_workbook(county.master).sheetnames
    county.master.write_bytes(b"no workbook any more")
    report = county.sync()
    assert report.exit_code == 2
    assert county.master.read_bytes() == b"no workbook any more"


@pytest.fixture
def held(tmp_path: Path) -> LittleCounty:
    """Twenty-two rows of a township are held."""
    made = little_county(tmp_path / "county")
    made.say({FIRST: [veteran(n) for n in range(25)], SECOND: [], THIRD: []})
    made.sync()
    made.send(FIRST, [veteran(n) for n in range(3)])
    made.sync()
    return made


def test_held_rows_are_settled_one_by_one(held: LittleCounty) -> None:
    numbers = [int(str(line["甲：在哪里"]).split("第 ")[1].split()[0]) for line in shown(held, PENDING)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 22
    decide(held, PENDING, "确认删除", which=0)
    decide(held, PENDING, "恢复", which=1)
    held.sync()
    assert len(held.veterans()) == 24
    assert codes(held, EAST) == ["L02", "L09"]
    held.sync(full=True)
    assert len(held.veterans()) == 24
    states = [state for state, _ in answers(held, PENDING)]
    assert states.count("已处理") == 2
    with opened(held) as book:
        for row, line in lines(book[PENDING]):
            if line[CHOICE]:
                write(book[PENDING], row, **{CHOICE: None, HAND: None})
    held.sync()
    assert len(held.veterans()) == 25
    with held.store() as store:
        assert len(store.held_since()) == 22


def test_a_move_that_is_confirmed_is_not_asked_again(tmp_path: Path) -> None:
    county = little_county(tmp_path / "county")
    county.say({FIRST: [veteran(0), veteran(1)], SECOND: [], THIRD: []})
    county.sync()
    county.say({FIRST: [veteran(1)], SECOND: [veteran(0)], THIRD: []})
    county.sync()
    assert codes(county, WEST) == ["J17"]
    decide(county, PENDING, "已迁移")
    county.sync()
    assert codes(county, WEST) == ["L12"]
    assert answers(county, PENDING)[0][0] == "已处理"

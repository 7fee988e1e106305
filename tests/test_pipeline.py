"""The laws of the design, over real workbooks on disk."""

import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from sync_service.alone import alone
from sync_service.asking import confirm_gone, row_history, standing_at, undo_run
from sync_service.errors import TaizhangError
from sync_service.publish import beside
from sync_service.templates import write_templates
from tests.county import NAMES, NOW, PERIOD, CountyOnDisk, make_county, number, veteran, workbook
from validators.raw import RawSheet

FIRST, SECOND = "城关镇", "石桥镇"
CODE, OTHER = "990101001", "990101002"


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path / "county")
    county.fill({FIRST: [veteran(n) for n in range(3)], SECOND: [veteran(n) for n in range(10, 12)]})
    return county


def line(county: CountyOnDisk, township: str = FIRST, *, full: bool = False):  # type: ignore[no-untyped-def]
    return next(one for one in county.sync(full=full).townships if one.name == township)


def codes(county: CountyOnDisk, township: str = CODE) -> list[str]:
    with county.store() as store:
        return [known.problem.code for known in store.problems(township)]


def bytes_of(county: CountyOnDisk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [county.master, *county.feedback(FIRST).parent.iterdir()]}


def test_a_county_is_read_checked_merged_and_published(county: CountyOnDisk) -> None:
    report = county.sync()
    assert report.exit_code == 0, report
    assert [(one.name, one.rows, one.new) for one in report.townships] == [
        ("城关镇", 3, 3),
        ("石桥镇", 2, 2),
        ("柳林镇", 0, 0),
    ]
    assert county.veterans()[CODE, number(0)]["name"] == veteran(0)["name"]
    book = openpyxl.load_workbook(county.master)
    assert {"总览", "退役军人", "优抚对象", "资金发放", "问题", "变更记录", "说明"} <= set(book.sheetnames)
    assert all(county.feedback(name).exists() for name in NAMES)


def test_law_1_syncing_the_same_input_twice_changes_nothing_the_second_time(county: CountyOnDisk) -> None:
    county.sync()
    before, runs = bytes_of(county), county.versions()
    for full in (False, True):
        report = county.sync(full=full)
        assert report.run is None
        assert report.published == ()
        assert (bytes_of(county), county.versions()) == (before, runs)


def test_law_2_the_order_of_the_townships_in_the_settings_does_not_matter(county: CountyOnDisk, tmp_path: Path) -> None:
    other = CountyOnDisk(Path(shutil.copytree(county.folder, tmp_path / "other")))
    beginning, *parts = other.settings.read_text("utf-8").split("\n[[township]]")
    other.settings.write_text("\n[[township]]".join([beginning, *(f"{part}\n" for part in parts[::-1])]), "utf-8")
    found = []
    for one in (county, other):
        one.sync()
        with one.store() as store:
            found.append((store.rows("veterans"), store.tallies()))
    assert [one.code for one in other.setup.townships] == [one.code for one in county.setup.townships][::-1]
    assert found[0] == found[1]


def test_law_2_the_order_of_rows_and_columns_does_not_matter(county: CountyOnDisk) -> None:
    county.sync()
    before = county.veterans()
    drawn = workbook(FIRST, [veteran(n) for n in (2, 0, 1)])
    people = drawn["退役军人"]
    shuffled = [list(reversed(row)) for row in people.rows]
    drawn = dict(reversed(({**drawn, "退役军人": type(people)(people.title, shuffled)}).items()))
    county.write(FIRST, drawn)
    one = line(county)
    assert (one.new, one.changed, one.gone) == (0, 0, 0)
    assert county.veterans() == before


def test_law_3_an_invalid_edit_never_replaces_a_valid_record(county: CountyOnDisk) -> None:
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(0, village="火星村"), veteran(1), veteran(2)]))
    one = line(county)
    assert (one.rows, one.changed, one.errors) == (3, 0, 1)
    assert county.veterans()[CODE, number(0)]["village"] == "东风村"
    assert codes(county) == ["F24"]
    sheet = openpyxl.load_workbook(county.master)["退役军人"]
    marked = [row for row in sheet.iter_rows(values_only=True) if "待更正" in row]
    assert len(marked) == 1


def test_law_3_a_spoilt_id_number_does_not_close_the_row(county: CountyOnDisk) -> None:
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(0, id_number=number(0)[:-1]), veteran(1), veteran(2)]))
    one = line(county)
    assert (one.rows, one.gone, one.errors) == (3, 0, 1)


def test_law_4_a_row_that_vanished_is_closed_and_can_come_back(county: CountyOnDisk) -> None:
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(0), veteran(1)]))
    assert line(county).gone == 1
    county.write(FIRST, workbook(FIRST, [veteran(0), veteran(1), veteran(2)]))
    assert line(county).new == 1
    assert [change.what for change in row_history(county.setup, county.forms, number(2))] == ["新增", "关闭", "恢复"]


def test_law_5_many_rows_vanishing_at_once_are_held_until_the_county_confirms(county: CountyOnDisk) -> None:
    county.write(FIRST, workbook(FIRST, [veteran(n) for n in range(100, 140)]))
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(n) for n in range(100, 115)]))
    report = county.sync()
    one = report.townships[0]
    assert (one.rows, one.gone, one.held, report.exit_code) == (40, 0, 25, 1)
    assert "L02" in codes(county)
    assert line(county).held == 25
    confirmed = list(confirm_gone(county.setup, county.forms, FIRST, "", NOW))
    assert [title for title, _ in confirmed] == ["退役军人"]
    assert (line(county).rows, line(county).held) == (15, 0)


def test_law_6_the_same_person_in_two_townships_stands_in_both_and_is_reported_to_both(county: CountyOnDisk) -> None:
    county.write(SECOND, workbook(SECOND, [veteran(0), veteran(10)]))
    county.sync()
    assert {(CODE, number(0)), (OTHER, number(0))} <= county.veterans().keys()
    problems = openpyxl.load_workbook(county.master)["问题"]
    conflicts = [
        row for row in problems.iter_rows(values_only=True) if any("在另一个乡镇也有登记" in str(v) for v in row)
    ]
    assert len(conflicts) == 2
    assert [one.warnings for one in county.sync().townships] == [1, 1, 0], "sync and 总览 give the same number"
    for name in (FIRST, SECOND):
        text = "".join(
            str(v)
            for s in openpyxl.load_workbook(county.feedback(name))
            for row in s.iter_rows(values_only=True)
            for v in row
        )
        assert "在另一个乡镇也有登记" in text


def test_law_6_a_row_that_left_one_township_for_another_is_shown_as_a_move(county: CountyOnDisk) -> None:
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(1), veteran(2)]))
    county.write(SECOND, workbook(SECOND, [veteran(0), veteran(10), veteran(11)]))
    county.sync()
    problems = openpyxl.load_workbook(county.master)["问题"]
    assert sum("可能是迁入" in str(v) for row in problems.iter_rows(values_only=True) for v in row) == 1
    changes = row_history(county.setup, county.forms, number(0))
    assert [(change.township, change.what) for change in changes] == [
        (FIRST, "新增"),
        (FIRST, "关闭"),
        (SECOND, "新增"),
    ]


def test_law_8_a_pass_reads_only_the_workbook_that_changed(county: CountyOnDisk) -> None:
    county.sync()
    assert [one.read for one in county.sync().townships] == [False, False, False]
    county.write(SECOND, workbook(SECOND, [veteran(10)]))
    assert [one.read for one in county.sync().townships] == [False, True, False]


def test_law_8_a_workbook_that_was_only_touched_is_not_read(county: CountyOnDisk) -> None:
    county.sync()
    county.age(county.book(FIRST), 30)
    assert [one.read for one in county.sync().townships] == [False, False, False]


def test_law_10_a_form_can_be_listed_as_it_stood_and_a_row_followed_to_its_file(county: CountyOnDisk) -> None:
    county.sync()
    with county.store() as store:
        first = store.runs()[0].finished_at
    table = standing_at(county.setup, county.forms, "退役军人", datetime.fromisoformat(first))
    assert len(table.rows) == 5
    (change,) = row_history(county.setup, county.forms, number(1))
    assert change.place == "上报/城关镇.xlsx 退役军人 第 3 行"
    assert {one.header for one in change.differences} >= {"姓名", "身份证号"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:900]), "F26"),
        (lambda path: path.write_bytes(b"<html><table></table></html>"), "F01"),
        (lambda path: path.unlink(), "F28"),
        (lambda path: (path.parent / f"~${path.name}").write_bytes(b"x"), "F27"),
        (lambda path: shutil.copy(path, path.with_suffix(".xls")), "F29"),
        (lambda path: path.write_bytes(b""), "F26"),
    ],
)
def test_a_workbook_that_cannot_be_read_leaves_the_stored_rows_and_the_other_townships_alone(  # type: ignore[no-untyped-def]
    county: CountyOnDisk, spoil, code: str
) -> None:
    county.sync()
    before = county.veterans()
    spoil(county.book(FIRST))
    county.write(SECOND, workbook(SECOND, [veteran(10), veteran(11), veteran(12)]))
    report = county.sync()
    assert report.exit_code == 2
    assert (report.townships[0].status, report.townships[0].rows) == (code, 3)
    assert report.townships[0].message
    assert report.townships[1].new == 1
    assert code in codes(county)
    assert county.veterans().items() >= before.items()
    assert county.sync().run is None


def test_a_township_that_can_be_read_again_recovers(county: CountyOnDisk) -> None:
    county.sync()
    path = county.book(FIRST)
    whole = path.read_bytes()
    path.write_bytes(whole[:900])
    assert county.sync().exit_code == 2
    path.write_bytes(whole)
    county.age(path)
    report = county.sync()
    assert (report.exit_code, codes(county)) == (0, [])


def test_a_township_recovers_when_its_workbook_was_only_open_for_a_while(county: CountyOnDisk) -> None:
    county.sync()
    owner = county.book(FIRST).with_name(f"~${county.book(FIRST).name}")
    owner.write_bytes(b"x")
    assert line(county).status == "F27"
    owner.unlink()
    assert (line(county).status, codes(county)) == ("ok", [])


def test_a_workbook_of_another_township_is_refused_and_the_rows_stand(county: CountyOnDisk) -> None:
    county.sync()
    shutil.copy(county.book(SECOND), county.book(FIRST))
    report = county.sync()
    assert (report.townships[0].status, report.townships[0].rows) == ("F31", 3)


def test_the_problems_of_the_last_reading_stay_listed_while_the_file_cannot_be_read(county: CountyOnDisk) -> None:
    drawn = workbook(FIRST, [veteran(0, village="火星村")])
    cover = [[cell if cell != PERIOD else "2025上半年" for cell in row] for row in drawn["封面"].rows]
    county.write(FIRST, {**drawn, "封面": RawSheet("封面", cover)})
    county.sync()
    county.book(FIRST).unlink()
    county.sync()
    assert codes(county) == ["F28", "F06", "F24"]


def test_the_same_rows_in_any_format_give_the_same_store(tmp_path: Path) -> None:
    stores = []
    for ending in (".xlsx", ".xls", ".ods"):
        county = make_county(tmp_path / ending[1:])
        for name in NAMES:
            county.write(name, workbook(name, [veteran(n) for n in range(5)] if name == FIRST else []), ending)
        assert county.sync().exit_code == 0
        stores.append(county.veterans())
    assert stores[0] == stores[1] == stores[2]
    assert len(stores[0]) == 5


def test_undo_takes_one_runs_effect_back_until_the_file_says_something_else(county: CountyOnDisk) -> None:
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(0, phone="13911111111"), veteran(1), veteran(2)]))
    run = county.sync().run
    assert run
    undone = undo_run(county.setup, county.forms, run, NOW)
    assert undone.left == ()
    assert county.veterans()[CODE, number(0)]["phone"] == "13900000000"
    county.sync()
    assert county.veterans()[CODE, number(0)]["phone"] == "13900000000"
    assert codes(county) == ["L03"]
    county.sync(full=True)
    assert codes(county) == ["L03"]
    county.write(FIRST, workbook(FIRST, [veteran(0, phone="13922222222"), veteran(1), veteran(2)]))
    county.sync()
    assert county.veterans()[CODE, number(0)]["phone"] == "13922222222"


def test_a_master_that_was_saved_and_cannot_be_read_is_never_overwritten(county: CountyOnDisk) -> None:
    county.sync()
    county.master.write_bytes(b"her notes")
    county.write(FIRST, workbook(FIRST, [veteran(0)]))
    report = county.sync()
    assert report.exit_code == 2
    assert county.master.read_bytes() == b"her notes"
    assert beside(county.master).exists()
    assert any("被人保存过" in one.message for one in report.published)
    assert any("读不出来" in one.message for one in report.published)
    county.master.unlink()
    assert county.sync().exit_code == 0
    assert county.master.exists()
    assert not beside(county.master).exists()


def test_a_deleted_master_or_feedback_is_made_again(county: CountyOnDisk) -> None:
    county.sync()
    before = bytes_of(county)
    county.master.unlink()
    county.feedback(SECOND).unlink()
    assert len(county.sync().published) == 2
    assert bytes_of(county) == before


def test_the_feedback_names_nobody_of_another_township(county: CountyOnDisk) -> None:
    county.write(SECOND, workbook(SECOND, [veteran(0), veteran(10, village="火星村")]))
    county.sync()
    for name, foreign in ((FIRST, number(10)), (SECOND, number(1))):
        book = openpyxl.load_workbook(county.feedback(name))
        text = " ".join(str(v) for s in book for row in s.iter_rows(values_only=True) for v in row)
        assert foreign not in text


def test_the_clerks_workbook_is_never_written_to(county: CountyOnDisk) -> None:
    county.write(FIRST, workbook(FIRST, [veteran(0, village="火星村")]))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in county.book(FIRST).parent.iterdir()}
    county.sync()
    assert {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in county.book(FIRST).parent.iterdir()
    } == before


def test_a_template_filled_from_the_store_gives_back_the_same_rows(county: CountyOnDisk) -> None:
    county.write(FIRST, workbook(FIRST, [veteran(n, remark="参加过抗洪", unit_code="37001部队") for n in range(3)]))
    county.sync()
    before = county.veterans()
    (made,) = write_templates(county.setup, county.forms, with_data=True, only=FIRST)
    shutil.move(made.path, county.book(FIRST))
    county.age(county.book(FIRST))
    one = line(county)
    assert (one.read, one.rows, one.new, one.changed, one.gone) == (True, 3, 0, 0, 0)
    assert county.veterans() == before


def test_only_one_run_at_a_time_works_on_a_county(county: CountyOnDisk) -> None:
    with alone(county.folder), pytest.raises(TaizhangError, match="正在这里运行"):
        county.sync()
    assert county.sync().run == 1


def test_a_clerks_workbook_is_never_overwritten_by_a_template(county: CountyOnDisk) -> None:
    settings = county.settings.read_text("utf-8").replace('templates = "模板"', 'templates = "上报"')
    county.settings.write_text(settings, "utf-8")
    before = county.book(FIRST).read_bytes()
    with pytest.raises(TaizhangError, match="上报的工作簿，没有覆盖"):
        list(write_templates(county.setup, county.forms, with_data=False, only=FIRST, force=True))
    assert county.book(FIRST).read_bytes() == before


def test_a_template_that_somebody_filled_in_is_overwritten_only_when_told_to(county: CountyOnDisk) -> None:
    (made,) = write_templates(county.setup, county.forms, with_data=False, only=FIRST)
    list(write_templates(county.setup, county.forms, with_data=False, only=FIRST))
    made.path.write_bytes(b"filled in")
    with pytest.raises(TaizhangError, match="内容不同，没有覆盖"):
        list(write_templates(county.setup, county.forms, with_data=False, only=FIRST))
    list(write_templates(county.setup, county.forms, with_data=False, only=FIRST, force=True))
    assert made.path.read_bytes() != b"filled in"


def test_a_workbook_that_was_never_sent_is_waited_for_and_one_that_was_is_missed(county: CountyOnDisk) -> None:
    county.book(SECOND).unlink()
    county.sync()
    county.book(FIRST).unlink()
    assert [one.status for one in county.sync().townships] == ["F28", "F36", "ok"]


def test_a_foreign_workbook_is_reported_once_however_often_it_is_read(county: CountyOnDisk) -> None:
    county.sync()
    shutil.copy(county.book(SECOND), county.book(FIRST))
    for _ in range(3):
        county.sync(full=True)
    assert codes(county) == ["F31"]
    county.book(FIRST).write_bytes(b"<html></html>")
    county.sync()
    assert codes(county) == ["F01"], "what was said of one file is not said of the next"


def test_the_question_about_held_rows_goes_with_its_answer(county: CountyOnDisk) -> None:
    county.write(FIRST, workbook(FIRST, [veteran(n) for n in range(100, 140)]))
    county.sync()
    county.write(FIRST, workbook(FIRST, [veteran(n) for n in range(100, 115)]))
    county.sync()
    assert codes(county) == ["L02"]
    list(confirm_gone(county.setup, county.forms, FIRST, "", NOW))
    assert codes(county) == []

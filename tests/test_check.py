"""The verdict on a whole sheet: what is recognised, what is skipped, what is wrong."""

from datetime import date

import orjson
import pytest

from tests.drawn import sheet
from tests.small import (
    LI,
    MONEY,
    PEOPLE,
    SETTING,
    TODAY,
    TOWNSHIP,
    WANG,
    ZHAO,
    book,
    codes,
    forms_of,
    judged,
    small_forms,
)
from validators.check import check
from validators.raw import Range, RawBook
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.stamp import Stamp

HEADER = "|姓名|身份证号|村(社区)|入伍时间|退役时间|政治面貌|所在党支部|"


def people(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows])


def test_right_rows_have_no_problem_and_carry_key_and_payload() -> None:
    checked = judged(people(f"|王一|{WANG}|东风村|1978-12|1981-01|群众||"))
    assert codes(checked) == []
    (row,) = checked.sheets[0].rows
    assert (row.key, row.row, row.valid) == (WANG, 2, True)
    assert orjson.loads(row.payload) == {
        "name": "王一",
        "id_number": WANG,
        "village": "东风村",
        "enlist_date": "1978-12",
        "discharge_date": "1981-01",
        "party": "群众",
    }


def test_every_problem_of_every_row_is_found_in_one_pass() -> None:
    checked = judged(
        people("|张3|123|南山村|1990-13|1981-01|委员||", f"|王一|{WANG}|东风村|1981-01|1978-12|中共党员||")
    )
    assert codes(checked) == ["N02 A2", "I03 B2", "F24 C2", "D06 D2", "M04 F2", "D08 E3", "M02 G3"] or sorted(
        codes(checked)
    ) == sorted(["N02 A2", "I03 B2", "F24 C2", "D06 D2", "M04 F2", "D08 E3", "M02 G3"])


def test_the_message_says_what_is_wrong_and_how_to_mend_it_and_hides_the_number() -> None:
    checked = judged(people(f"|王一|{WANG[:-1]}|东风村|||群众||"))
    (found,) = checked.problems
    assert (found.place, found.header) == ("人员 B2", "身份证号")
    assert found.message == "身份证号是 17 位，应为 18 位"
    assert "请照证件补全" in found.cure
    assert WANG[:-1] not in found.value


def test_a_follow_on_error_of_a_reported_cell_is_suppressed() -> None:
    checked = judged(people(f"|王一|{WANG}|东风村|1990-13|1981-01|群众||"))
    assert codes(checked) == ["D06 D2"]


def test_a_warning_that_the_clerk_confirmed_is_kept_but_not_open_and_an_error_stays_open() -> None:
    header = HEADER + "属实说明|"
    checked = judged(
        people(
            f"|王一|{WANG}|东风村|1940-01|1981-01|群众||已核实|",
            f"|李二|{LI}|南山村|1978-12|1981-01|群众||已核实|",
            header=header,
        )
    )
    warning, error = checked.problems
    assert (warning.code, warning.confirmed, warning.open) == ("D10", True, False)
    assert (error.code, error.confirmed, error.open) == ("F24", False, True)


def test_the_header_is_found_below_titles_and_by_its_other_names() -> None:
    drawn = people(
        f"|王一|{WANG}|东风|",
        header="|城关镇人员台账|\n|单位：人|\n|姓 名|身份证号码|所在村|入伍日期|退伍时间|政治面貌|所在党支部|",
    )
    checked = judged(drawn)
    assert codes(checked) == ["F12 B3", "F12 C3", "F12 D3", "F12 E3", "F15 1", "A02 C4"]
    assert checked.sheets[0].rows[0].row == 4


def test_the_row_of_ids_wins_over_whatever_the_header_says() -> None:
    drawn = f"|name|id_number|village|enlist_date|discharge_date|party|branch|\n|叫啥|号|村|入|退|面貌|支部|\n|王一|{WANG}|东风村|||群众||"
    checked = judged(drawn)
    assert codes(checked) == []
    assert checked.sheets[0].rows[0].key == WANG


def test_the_order_of_columns_does_not_matter_to_what_is_read() -> None:
    one = judged(people(f"|王一|{WANG}|东风村|1978-12|1981-01|群众||"))
    other = judged(
        people(
            f"|群众|1981-01|{WANG}|王一|1978-12|东风村||",
            header="|政治面貌|退役时间|身份证号|姓名|入伍时间|村(社区)|所在党支部|",
        )
    )
    assert one.sheets[0].rows == other.sheets[0].rows


def test_a_two_level_header_is_read_by_its_leaves() -> None:
    drawn = sheet(
        f"|姓名|身份证号|村(社区)|服役情况||政治面貌|所在党支部|\n||||入伍时间|退役时间|||\n|王一|{WANG}|东风村|1978-12|1981-01|群众||".replace(
            "||||入伍时间", "| | | |入伍时间"
        ),
        "人员",
    )
    checked = judged(drawn)
    assert codes(checked) == []
    assert checked.sheets[0].rows[0].row == 3


def test_totals_notes_blank_and_hidden_rows_are_reported_never_silent() -> None:
    drawn = sheet(
        people(
            f"|王一|{WANG}|东风村|||群众||",
            "| |",
            "|小计| |1人|",
            f"|李二|{LI}|东风村|||群众||",
            "|合计| |2人|",
            "|填表人：某某| | |",
        ),
        "人员",
        hidden_rows=frozenset([5]),
    )
    checked = judged(drawn)
    assert codes(checked) == ["F16 4", "F17 7", "F18 5", "F23 3"]
    assert [row.row for row in checked.sheets[0].rows] == [2, 5]


def test_a_row_of_bare_sums_is_a_total() -> None:
    money = f"|批次|姓名|身份证号|金额|\n|春|王一|{WANG}|=100|\n|春|李二|{LI}|=50.5|\n| | | |=150.5|"
    checked = judged(people(f"|王一|{WANG}|", f"|李二|{LI}|"), money)
    assert codes(checked) == ["F16 4"]


def test_cells_in_error_are_problems_and_not_blanks() -> None:
    checked = judged(people(f"|#N/A|{WANG}|#REF!|||群众||"))
    assert [(p.code, p.severity, p.value) for p in checked.problems] == [
        ("F21", "error", "#N/A"),
        ("F21", "warning", "#REF!"),
    ]


def test_a_village_merged_over_rows_is_filled_down_and_anything_else_is_refused() -> None:
    rows = people(f"|王一|{WANG}|东风村|||群众||", f"|李二|{LI}||||||")
    merged = sheet(rows, "人员", merged=(Range(2, 3, 3, 3), Range(2, 6, 3, 6)))
    checked = judged(merged)
    assert codes(checked) == ["F33 C2", "F20 F2"]
    assert [row.valid for row in checked.sheets[0].rows] == [True, False]
    assert orjson.loads(checked.sheets[0].rows[1].payload)["village"] == "东风村"


def test_a_column_that_is_missing_twice_or_unknown_is_named() -> None:
    assert codes(judged("|姓名|村(社区)|政治面貌|\n|王一|东风村|群众|")) == ["F11"]
    twice = judged(people(f"|王一|{WANG}|东风村|||群众||{WANG}|", header=HEADER + "证件号码|"))
    assert codes(twice) == ["F14 H1"]
    assert not twice.sheets[0].complete
    assert codes(judged(people(f"|王一|{WANG}|东风村|||群众||高|", header=HEADER + "身高|"))) == ["F13 H1"]


def test_an_optional_column_that_is_missing_is_reported_once_for_the_sheet() -> None:
    checked = judged(f"|姓名|身份证号|村(社区)|\n|王一|{WANG}|东风村|\n|李二|{LI}|东风村|")
    assert codes(checked) == ["F35"]
    assert checked.sheets[0].complete


def test_a_sheet_without_a_header_or_that_is_missing_leaves_the_stored_rows_alone() -> None:
    no_header = judged("|随便|写的|\n|一些|东西|")
    assert codes(no_header) == ["F10"]
    assert not no_header.sheets[0].complete
    missing = check(small_forms(), book(sheet(HEADER, "人员")), TOWNSHIP, TODAY)
    assert [p.code for p in missing.problems] == ["F09"]
    assert [one.complete for one in missing.sheets] == [True, False]


def test_a_workbook_of_another_township_or_county_is_not_read() -> None:
    for stamp in (Stamp("990101", "990101002", {}), Stamp("990102", "990102001", {})):
        checked = check(small_forms(), RawBook("城关镇.xlsx", (sheet(HEADER, "人员"),), stamp), TOWNSHIP, TODAY)
        assert [p.code for p in checked.problems] == ["F31"]
        assert not any(one.complete for one in checked.sheets)


def test_a_workbook_that_does_not_say_whose_it_is_is_not_read() -> None:
    checked = check(small_forms(), RawBook("城关镇.xlsx", (sheet(HEADER, "人员"),)), TOWNSHIP, TODAY)
    assert [p.code for p in checked.problems] == ["F37"]


def test_a_workbook_of_an_older_template_is_read_by_the_columns_that_it_has() -> None:
    forms = forms_of(PEOPLE.replace("version = 1", "version = 2"), MONEY)
    old = RawBook(
        "城关镇.xlsx",
        (sheet(people(f"|王一|{WANG}|东风村|||群众||"), "人员"), sheet("|批次|姓名|身份证号|金额|", "发放")),
        Stamp("990101", TOWNSHIP.code, {"people": 1, "money": 1}),
    )
    checked = check(forms, old, TOWNSHIP, TODAY)
    assert [p.code for p in checked.problems] == ["F05"]
    assert checked.sheets[0].complete


def test_a_hidden_sheet_with_data_is_reported() -> None:
    checked = check(
        small_forms(),
        book(sheet(HEADER, "人员"), sheet("|批次|姓名|身份证号|金额|", "发放"), sheet("|留底|", "旧表", visible=False)),
        TOWNSHIP,
        TODAY,
    )
    assert [(p.code, p.sheet) for p in checked.problems] == [("F19", "旧表")]


def test_the_same_row_twice_counts_once_and_two_different_ones_are_both_refused() -> None:
    row, other = f"|王一|{WANG}|东风村|||群众||", f"|王一|{WANG}|向阳村|||群众||"
    same = judged(people(row, row))
    assert codes(same) == ["K03 B3"]
    assert [r.row for r in same.sheets[0].rows] == [2]
    different = judged(people(row, other))
    assert codes(different) == ["K01 B2", "K01 B3"]
    assert not any(r.valid for r in different.sheets[0].rows)


def test_numbers_that_were_dragged_down_are_one_problem() -> None:
    rows = [f"|某人|{int(WANG) + n}|东风村|||群众||" for n in range(4)]
    checked = judged(people(*rows))
    assert codes(checked) == ["I14 B3"]
    assert [row.valid for row in checked.sheets[0].rows] == [True, False, False, False]


def test_a_reference_to_another_sheet_must_be_there_and_agree() -> None:
    money = f"|批次|姓名|身份证号|金额|\n|春|王一|{WANG}|=1|\n|春|李三|{LI}|=1|\n|春|赵四|{ZHAO}|=1|"
    checked = judged(people(f"|王一|{WANG}|东风村|||||", f"|李二|{LI}|东风村|||||"), money)
    assert codes(checked) == ["X01 B3", "X30 C4"]
    assert "“人员”表第 3 行" in checked.problems[0].message


def test_a_reference_to_a_person_whose_number_is_misspelt_there_is_not_reported_again() -> None:
    money = f"|批次|姓名|身份证号|金额|\n|春|王一|{WANG}|=1|"
    checked = judged(people(f"|王一|{WANG[:-1]}|东风村|||||"), money)
    assert codes(checked) == ["I03 B2"]


def test_a_sheet_that_cannot_be_read_raises_no_follow_on_problems_in_others() -> None:
    checked = judged("|随便|", f"|批次|姓名|身份证号|金额|\n|春|王一|{WANG}|=1|")
    assert codes(checked) == ["F10"]


@pytest.mark.parametrize("written", ["男", None])
def test_a_derived_cell_is_filled_in_and_compared_with_what_was_typed(written: str | None) -> None:
    form = PEOPLE.replace(
        '[[column]]\nid = "village"',
        '[[column]]\nid = "sex"\nheader = "性别"\nkind = "enum"\nlist = "sex"\nderive = "sex(id_number)"\n\n[[column]]\nid = "village"',
    )
    forms = forms_of(form)
    rows = f"|姓名|身份证号|性别|村(社区)|入伍时间|退役时间|政治面貌|所在党支部|\n|王一|{WANG}|{written or ''}|东风村|\n|李二|{LI}|男|东风村|"
    checked = check(forms, book(sheet(rows, "人员"), forms=forms), TOWNSHIP, TODAY)
    assert codes(checked) == ["I08 C3"]
    assert orjson.loads(checked.sheets[0].rows[0].payload)["sex"] == "男"


def test_the_verdict_on_a_date_depends_on_the_day_it_is_given() -> None:
    drawn = book(
        sheet(people(f"|王一|{WANG}|东风村|1978-12|2026-12|群众||"), "人员"), sheet("|批次|姓名|身份证号|金额|", "发放")
    )
    assert [p.code for p in check(small_forms(), drawn, TOWNSHIP, date(2026, 11, 30)).problems] == ["D07"]
    assert [p.code for p in check(small_forms(), drawn, TOWNSHIP, date(2026, 12, 31)).problems] == ["D10"]
    assert SETTING.today == TODAY


def people_sheet_text() -> str:
    return people(f"|李二|{LI}|东风村|||群众||")


def test_a_sheet_under_another_name_is_known_by_its_columns_if_only_one_can_be_meant() -> None:
    people_sheet = sheet(people(f"|王一|{WANG}|东风村|||群众||"), "人员台帐")
    money_sheet = sheet("|批次|姓名|身份证号|金额|", "发放")
    checked = check(small_forms(), book(people_sheet, money_sheet), TOWNSHIP, TODAY)
    assert [(p.code, p.sheet) for p in checked.problems] == [("F38", "人员台帐")]
    assert [row.key for row in checked.sheets[0].rows] == [WANG]
    twice = check(
        small_forms(), book(people_sheet, sheet(people_sheet_text(), "人员 (2)"), money_sheet), TOWNSHIP, TODAY
    )
    assert [(p.code, p.sheet) for p in twice.problems] == [("F39", "人员台帐"), ("F39", "人员 (2)"), ("F09", "")]


def test_a_copy_beside_the_sheet_itself_is_reported_and_not_read() -> None:
    checked = check(
        small_forms(),
        book(sheet(HEADER, "人员"), sheet(people_sheet_text(), "人员 (2)"), sheet("|批次|姓名|身份证号|金额|", "发放")),
        TOWNSHIP,
        TODAY,
    )
    assert [(p.code, p.sheet) for p in checked.problems] == [("F39", "人员 (2)")]


def test_a_cell_that_depends_on_another_being_filled_in_is_surplus_where_that_is_blank() -> None:
    forms = forms_of(PEOPLE.replace("party == '中共党员'", "filled(village)"))
    rows = people(f"|王一|{WANG}||||群众|东风支部|", f"|李二|{LI}|东风村|||群众||")
    checked = check(forms, book(sheet(rows, "人员"), forms=forms), TOWNSHIP, TODAY)
    assert codes(checked) == ["M03 G2", "M02 G3"]
    assert "是“（空）”" in checked.problems[0].message


def test_more_rows_than_the_form_has_room_for_are_said_and_read() -> None:
    forms = forms_of(PEOPLE.replace("[[column]]", "room = 50\n\n[[column]]", 1))
    rows = [f"|王{number}|{make_number('990101', date(1960, 1, 1), number)}|" for number in range(1, 52)]
    checked = check(forms, book(sheet(people(*rows), "人员"), forms=forms), TOWNSHIP, TODAY)
    assert len(checked.sheets[0].rows) == 51
    [crowded] = [problem for problem in checked.problems if problem.code == "F22"]
    assert "50" in crowded.message

"""Rosters against rosters: who is found by what, who is on which list, and what a township gets to see of it."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from sync_service.cli import app
from sync_service.crosscheck.crosschecking import COUNTY_BOOK, Question, crosscheck, write_books
from sync_service.crosscheck.definitions import list_checks
from sync_service.crosscheck.records import Crosscheck
from sync_service.errors import TaizhangError
from sync_service.figures.period import Period
from tests.county import CountyOnDisk
from tests.crosschecked import BUREAU, EAST, WEST, Filled, county_with, entitled, hung, number, paid, person, veteran
from tests.drawn import sheet as drawn
from tests.drawn import write_xlsx
from workbook_templates.kinds.resident_id import mask_number

NOW = datetime(2026, 6, 20, 10).astimezone()
MADE = datetime(2026, 6, 20, 10)
HALF = Period(2026, 1)


def placed(name: str, no: int, **more: object) -> dict[str, object]:
    """A row of the bureau's roster."""
    about = {
        "archive_no": f"1990-{no}",
        "discharge_date": "1990-03",
        "placement_employer": "县供销社",
        "placement_year": 1990,
    }
    return {"name": name, **about, **more}


ROSTER = [
    placed("赵申请", 1, id_number=number(1)),
    placed("钱在册", 2, id_number=number(2)),
    placed("孙去世", 3, id_number=number(3)),
    placed("李疑似", 4, birth_month="1968-05", enlist_date="1986-11"),
    placed("周无人", 5, birth_month="1961-01", origin_township="石桥镇"),
    placed("吴已告", 6, id_number=number(6), notified="已通知"),
    placed("郑失联", 7, id_number=number(7), notified="联系不上"),
    placed("冯撤回", 8, id_number=number(8)),
]
COUNTY: Filled = {
    BUREAU: {"placement_history": ROSTER},
    EAST: {
        "insurance_cases": [
            person(1, "赵申请", case_status="已录入"),
            person(8, "冯撤回", case_status="撤回"),
        ],
        "veterans": [
            veteran(1, "赵申请"),
            veteran(2, "钱在册", phone="13911112222"),
            veteran(3, "孙去世", person_status="去世", status_date="2026-01-05"),
            veteran(6, "吴已告"),
            veteran(7, "郑失联"),
            veteran(8, "冯撤回"),
        ],
        "visits": [
            {"id_number": number(2), "visit_date": "2026-02-03"},
            {"id_number": number(2), "visit_date": "2026-05-03"},
        ],
    },
    WEST: {"veterans": [veteran(4, "李疑似")]},
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    return county_with(tmp_path_factory.mktemp("crosscheck"), COUNTY)


def asked(county: CountyOnDisk, roster: Path | None = None, sheet: str = "", at: datetime = NOW) -> Crosscheck:
    return crosscheck(county.setup, county.forms, Question(HALF, at, roster, sheet))


@pytest.fixture(scope="module")
def found(county: CountyOnDisk) -> Crosscheck:
    return asked(county)


def results(found: Crosscheck) -> dict[str, str]:
    return {one.whom.name: one.result for one in found.placements}


RESULTS = {
    "赵申请": "已申请", "钱在册": "在册未申请", "孙去世": "已去世", "李疑似": "疑似匹配", "周无人": "查无此人", "吴已告": "在册未申请",
    "郑失联": "在册未申请", "冯撤回": "在册未申请",
}  # fmt: skip


def test_everybody_on_the_roster_comes_out_in_one_of_five_ways(found: Crosscheck) -> None:
    assert results(found) == RESULTS


def test_who_has_yet_to_be_told_is_nobody_who_applied_died_or_was_told(found: Crosscheck) -> None:
    assert {one.whom.name for one in found.unnotified} == {"钱在册", "李疑似", "周无人", "郑失联", "冯撤回"}


def test_somebody_who_is_found_by_number_has_the_townships_telephone_and_last_visit(found: Crosscheck) -> None:
    (one,) = [one for one in found.placements if one.whom.name == "钱在册"]
    assert (one.whom.township, one.whom.village, one.whom.phone) == (EAST, "东风村", "13911112222")
    assert one.whom.visited == "2026-05-03"
    assert "身份证号和姓名都相同" in one.basis


def test_somebody_who_is_only_likely_found_is_for_that_township_with_the_reason(found: Crosscheck) -> None:
    (one,) = [one for one in found.placements if one.whom.name == "李疑似"]
    assert one.likely
    assert (one.whom.township, one.whom.number) == (WEST, "")
    assert "退役时间" in one.basis


def test_somebody_whom_nobody_knows_is_for_the_township_of_origin(found: Crosscheck) -> None:
    (one,) = [one for one in found.placements if one.whom.name == "周无人"]
    assert one.whom.township == WEST


def test_a_roster_of_any_layout_says_the_same_as_the_bureaus_own(county: CountyOnDisk, tmp_path: Path) -> None:
    lines = [
        "|历年安排工作人员花名册|",
        "|序号|姓名|居民身份证号|出生时间|入伍日期|退伍时间|分配单位|原籍|通知情况|电视|",
    ]
    for n, one in enumerate(ROSTER, 1):
        cells = [
            one.get(name)
            for name in ("id_number", "birth_month", "enlist_date", "discharge_date", "placement_employer")
        ]
        rest = [one.get("origin_township"), one.get("notified"), "有"]
        lines.append("|".join(["", str(n), str(one["name"]), *(str(cell or "") for cell in (*cells, *rest)), ""]))
    roster = write_xlsx(tmp_path / "名册.xlsx", {"名册": drawn("\n".join(lines))})
    other = asked(county, roster)
    assert results(other) == RESULTS
    assert {one.whom.name for one in other.unnotified} == {one.whom.name for one in asked(county).unnotified}
    (remark,) = other.remarks
    assert "分配单位→安置单位" in remark
    assert remark.endswith("没有用到的列：电视。")


def test_a_number_that_is_wrong_on_the_roster_is_suspected_and_not_taken_for_nobody(
    county: CountyOnDisk, tmp_path: Path
) -> None:
    wrong = number(2)[:-1] + ("1" if number(2)[-1] != "1" else "2")
    text = f"|姓名|身份证号|退役时间|入伍时间|\n|钱在册|{wrong}|1990-03|1986-11|"
    roster = write_xlsx(tmp_path / "名册.xlsx", {"名册": drawn(text)})
    (one,) = asked(county, roster).placements
    assert (one.result, one.whom.number) == ("疑似匹配", wrong)


@pytest.mark.parametrize("text", ["|村|单位|电话|\n|东风村|供销社|1|", "|姓名|单位|安置年度|\n|甲|供销社|1990|"])
def test_a_roster_that_does_not_say_who_its_people_are_is_refused(
    county: CountyOnDisk, tmp_path: Path, text: str
) -> None:
    roster = write_xlsx(tmp_path / "名册.xlsx", {"名册": drawn(text)})
    with pytest.raises(TaizhangError, match=r"认不出名册上的人|找不到表头") as refused:
        asked(county, roster)
    assert refused.value.hint


def on_list(folder: Path, check: str, **forms: list[dict[str, object]]) -> set[str]:
    """The ID numbers of those on a list of a county with these rows of one township."""
    county = county_with(folder, {EAST: forms})
    return {one.whom.number for one in asked(county).entries if one.check == check}


def test_a_plaque_counts_for_its_holder_and_the_head_of_the_household_if_it_hangs(tmp_path: Path) -> None:
    plaques = [hung(1), hung(9, head_id=number(2)), hung(3, plaque_status="应挂未挂")]
    veterans = [veteran(1), veteran(2), veteran(3), veteran(4), veteran(5, person_status="去世")]
    families: list[dict[str, object]] = [
        {
            "soldier_name": "李兵",
            "soldier_id": number(20),
            "contact_id": number(1),
            "service_status": "服役中",
            "village": "东风村",
        },
        {"soldier_name": "张兵", "soldier_id": number(21), "contact_id": number(30), "service_status": "服役中"},
    ]
    rows: dict[str, list[dict[str, object]]] = {"plaques": plaques, "veterans": veterans, "military_families": families}
    assert on_list(tmp_path, "plaques", **rows) == {number(3), number(4), number(21)}


def test_a_check_up_counts_in_its_own_year_only(tmp_path: Path) -> None:
    checks: list[dict[str, object]] = [
        person(1, exam_year=2026, exam_status="已检"),
        person(2, exam_year=2025, exam_status="已检"),
        person(3, exam_year=2026, exam_status="应检未检"),
        person(4, exam_year=2026, exam_status="不符合条件"),
    ]
    people = [entitled(1), entitled(2), entitled(3), entitled(4), entitled(5, benefit_status="停发")]
    rows = {"health_checks": checks, "beneficiaries": people}
    assert on_list(tmp_path, "checkups", **rows) == {number(2), number(3)}


def test_who_is_entitled_and_got_nothing_in_the_period_is_listed(tmp_path: Path) -> None:
    payments = [paid(1), paid(2, "2025-12-10"), paid(3, pay_status="退回"), paid(4, benefit_type="春节慰问金")]
    people = [entitled(n) for n in range(1, 6)]
    rows = {"payments": payments, "beneficiaries": people, "veterans": [veteran(5, person_status="去世")]}
    assert on_list(tmp_path, "unpaid", **rows) == {number(2), number(3), number(4)}


def test_who_got_a_benefit_without_being_on_its_list_is_listed_once_with_the_sum(tmp_path: Path) -> None:
    payments = [paid(1), paid(2), paid(2, "2026-04-10"), paid(2, "2026-05-10"), paid(3, "2025-12-10")]
    county = county_with(
        tmp_path, {EAST: {"payments": payments, "beneficiaries": [entitled(1, benefit_status="停发")]}}
    )
    (one,) = [one for one in asked(county).entries if one.check == "unentitled"]
    assert one.whom.number == number(2)
    assert one.about.startswith("3 行，共 1,500.00 元")


def test_what_was_paid_for_months_after_the_death_is_listed(tmp_path: Path) -> None:
    county = county_with(
        tmp_path,
        {
            BUREAU: {"payments": [paid(1, "2026-03-20"), paid(2, "2026-03-20"), paid(3, "2026-03-20")]},
            EAST: {"veterans": [veteran(1, person_status="去世", status_date="2026-02-10")]},
            WEST: {
                "beneficiaries": [
                    entitled(2, benefit_status="去世", benefit_end="2026-02"),
                    entitled(3, benefit_status="去世", benefit_end="2026-03"),
                ]
            },
        },
    )
    listed = {one.whom.number: one.whom.township for one in asked(county).entries if one.check == "after_death"}
    assert listed == {number(1): EAST, number(2): WEST}


def test_who_was_given_work_and_is_on_no_roster_is_listed_unless_likely_there(tmp_path: Path) -> None:
    category = {"veteran_category": "政府安排工作退役士兵"}
    county = county_with(
        tmp_path,
        {
            BUREAU: {"placement_history": ROSTER[3:4]},
            EAST: {"veterans": [veteran(4, "李疑似", **category), veteran(9, "陈漏登", **category), veteran(2)]},
        },
    )
    assert [one.whom.name for one in asked(county).entries if one.check == "unlisted"] == ["陈漏登"]


def test_a_crosscheck_is_of_the_day_that_is_asked_about(county: CountyOnDisk) -> None:
    assert asked(county, at=datetime(2026, 2, 1).astimezone()).placements == []


def texts(path: Path) -> str:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


@pytest.fixture(scope="module")
def books(found: Crosscheck, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    list(write_books(found, folder, MADE, force=False))
    return folder


def test_a_township_sees_its_own_people_only_and_no_whole_number(books: Path, found: Crosscheck) -> None:
    text = texts(books / "城关镇_待办名单.xlsx")
    assert "钱在册" in text
    assert mask_number(number(2)) in text
    assert number(2) not in text
    others = {one.whom.name for one in found.placements if one.whom.township != EAST}
    assert others
    assert not [name for name in others if name in text]


def test_somebody_alike_in_another_township_is_masked(tmp_path: Path) -> None:
    """A roster's origin says 石桥镇, the likeness lives in 城关镇."""
    rows = {
        BUREAU: {
            "placement_history": [
                placed("李疑似", 4, birth_month="1968-05", enlist_date="1986-11", origin_township="石桥镇")
            ]
        },
        EAST: {"veterans": [veteran(4, "李疑似", discharge_date="1990-03")]},
    }
    found = asked(county_with(tmp_path, rows))
    list(write_books(found, tmp_path / "核对", MADE, force=False))
    text = texts(tmp_path / "核对" / "石桥镇_待办名单.xlsx")
    assert "另一乡镇的 李*似（退役军人）" in text


def test_the_countys_workbook_has_everybody_with_whole_numbers(books: Path) -> None:
    text = texts(books / COUNTY_BOOK)
    assert all(name in text for name in RESULTS)
    assert number(2) in text


def test_a_work_list_has_columns_to_fill_in_that_take_yes_or_no(books: Path) -> None:
    sheet = openpyxl.load_workbook(books / "城关镇_待办名单.xlsx")["社保接续未通知"]
    headers = [cell.value for cell in sheet[3]]
    assert headers[-3:] == ["是否已通知", "日期", "备注"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"是,否"'
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_a_township_with_nothing_to_do_is_told_so(books: Path) -> None:
    assert "没有要办的人" in texts(books / "柳林镇_待办名单.xlsx")


def test_work_lists_that_may_be_filled_in_are_not_overwritten(books: Path, found: Crosscheck) -> None:
    before = {path.name: path.read_bytes() for path in books.iterdir()}
    with pytest.raises(TaizhangError, match="没有覆盖"):
        list(write_books(found, books, MADE, force=False))
    assert {path.name: path.read_bytes() for path in books.iterdir()} == before


def test_the_same_findings_give_the_same_bytes(books: Path, found: Crosscheck, tmp_path: Path) -> None:
    again = list(write_books(found, tmp_path, MADE, force=False))
    assert [path.read_bytes() for path in again] == [(books / path.name).read_bytes() for path in again]


def test_the_command_tells_numbers_and_nobodys_name(county: CountyOnDisk, tmp_path: Path) -> None:
    command = ["crosscheck", "--county", str(county.settings), "--out", str(tmp_path / "核对"), "--period", "2026H1"]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    assert "已申请 1" in said.output
    as_json = CliRunner().invoke(app, [*command, "--force", "--json"])
    for output in (said.output, as_json.output):
        assert not [name for name in RESULTS if name in output]
        assert number(2) not in output


def test_a_list_says_what_it_asks_and_each_title_fits_a_sheet() -> None:
    titles = [check.title for check in list_checks()]
    assert len({*titles}) == len(titles)
    assert all(check.ask and check.meaning for check in list_checks())

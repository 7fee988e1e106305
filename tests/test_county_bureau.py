"""The county bureau keeps a workbook of its own: standards and rosters that townships' rows are looked up in."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sync_service.errors import TaizhangError
from sync_service.settings import load_settings
from sync_service.templates import write_templates
from tests.county import NAMES, PERIOD, CountyOnDisk, make_county, number, veteran, workbook

BUREAU = "县本级"
CASE = {
    "accept_no": "DFZ-2026-0001", "name": veteran(0)["name"], "id_number": number(0), "village": "东风村", "phone": "13900000000",
    "apply_date": "2026-06-03", "station": "城关镇退役军人服务站", "enlist_date": "2012-12", "discharge_date": "2014-12",
    "placement_mode": "政府安排工作", "placement_year": 2015, "placement_employer": "县粮食局", "employer_status": "改制",
    "insurance_types": "医疗", "medical_months": 20, "relief": "无", "case_status": "已登记",
}  # fmt: skip
PLACED = {
    "archive_no": "2014-介-001", "name": veteran(0)["name"], "id_number": number(0), "discharge_date": "2014-12",
    "placement_year": 2015, "placement_employer": "县供销社",
}  # fmt: skip


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    county = make_county(tmp_path, f"上报/{BUREAU}.xlsx")
    county.write(NAMES[0], workbook(NAMES[0], [veteran(0)], insurance_cases=[CASE]))
    for name in NAMES[1:]:
        county.write(name, workbook(name, []))
    return county


def bureau(county: CountyOnDisk, *placed: dict[str, object]) -> None:
    county.write(BUREAU, workbook(BUREAU, [], "county", placement_history=list(placed)))


def codes(county: CountyOnDisk) -> list[str]:
    with county.store() as store:
        return [known.problem.code for known in store.problems("990101001")]


def test_a_township_is_judged_by_what_the_bureau_holds_already_in_the_same_run(county: CountyOnDisk) -> None:
    bureau(county, PLACED)
    report = county.sync()
    assert codes(county) == ["X74"]
    assert [(line.name, line.read) for line in report.townships][-1] == (BUREAU, True)
    assert county.sync().run is None, "the same input twice changes nothing"


def test_what_the_bureau_changes_is_asked_again_of_the_townships_and_of_nobody_else(county: CountyOnDisk) -> None:
    bureau(county, PLACED)
    county.sync()
    bureau(county, PLACED | {"placement_employer": "县粮食局"})
    county.sync()
    assert codes(county) == []
    county.write(
        BUREAU,
        workbook(BUREAU, [], "county", placement_history=[PLACED | {"placement_employer": "县粮食局"}], activities=[]),
    )
    assert [line.read for line in county.sync().townships] == [False, False, False, False], "the same bytes"


def test_the_bureau_may_change_its_other_sheets_without_any_township_being_read(county: CountyOnDisk) -> None:
    bureau(county, PLACED)
    county.sync()
    fair: dict[str, object] = {
        "activity_type": "座谈会",
        "topic": "综合",
        "name": "八一座谈会",
        "start_date": "2026-07-30",
    }
    county.write(BUREAU, workbook(BUREAU, [], "county", placement_history=[PLACED], activities=[fair]))
    assert [line.read for line in county.sync().townships] == [False, False, False, True]
    with county.store() as store:
        assert [row.township for row in store.rows("activities")] == ["990101000"]


def test_a_row_that_the_bureau_takes_out_is_no_longer_looked_up(county: CountyOnDisk) -> None:
    bureau(county, PLACED)
    county.sync()
    bureau(county)
    county.sync()
    assert codes(county) == []


def test_the_bureaus_template_has_its_own_sheets_and_every_village_by_its_township(county: CountyOnDisk) -> None:
    (made,) = write_templates(county.setup, county.forms, with_data=False, only=BUREAU)
    titles = CalamineWorkbook.from_path(made.path).sheet_names
    assert {"待遇标准", "历年安排工作名册"} <= {*titles}
    assert "退役军人" not in titles
    assert county.setup.townships[-1].villages[:2] == ("城关镇东风村", "城关镇向阳村")


def test_a_township_cannot_take_the_bureaus_place(county: CountyOnDisk) -> None:
    text = county.settings.read_text("utf-8").replace('code = "990101003"', 'code = "990101000"')
    county.settings.write_text(text, "utf-8")
    with pytest.raises(TaizhangError, match="县本级"):
        load_settings(county.settings)


def test_last_periods_rows_under_a_new_cover_are_doubted(tmp_path: Path) -> None:
    county = make_county(tmp_path)
    gifts = [
        {
            "campaign": "日常走访", "visit_date": f"2026-05-{day + 1:02d}", "name": veteran(1)["name"], "id_number": number(1), "village": "东风村",
            "target_type": "一般退役军人", "visit_mode": "入户", "cash": 100, "fund_source": "乡镇", "visitor": "站长李四",
        }
        for day in range(25)
    ]  # fmt: skip
    county.fill({})
    county.write(NAMES[0], workbook(NAMES[0], [veteran(1)], period="2026上半年", visits=gifts))
    county.sync()
    county.write(NAMES[0], workbook(NAMES[0], [veteran(1)], visits=gifts))
    county.sync()
    assert codes(county) == ["F07"]
    county.write(
        NAMES[0], workbook(NAMES[0], [veteran(1)], visits=[*gifts[:24], gifts[24] | {"visit_date": "2026-11-02"}])
    )
    county.sync()
    assert codes(county) == []


def test_new_rows_under_a_new_cover_are_not(tmp_path: Path) -> None:
    county = make_county(tmp_path)
    county.fill({})
    county.write(NAMES[0], workbook(NAMES[0], [veteran(1)], period="2026上半年"))
    county.sync()
    county.write(NAMES[0], workbook(NAMES[0], [veteran(1)]))
    county.sync()
    assert PERIOD == "2026下半年"
    assert codes(county) == []

"""Likely doubles in a county on disk: rows that were not taken over are compared too, and what the bureau registered counts."""

from pathlib import Path

import openpyxl
import pytest

from sync_service.store import AWAITING
from tests.county import NAMES, CountyOnDisk, make_county, number, veteran, workbook
from tests.typed_master import lines

BUREAU = "县本级"
SLIPPED = number(1)[:16] + str((int(number(1)[16]) + 1) % 10) + number(1)[17]
CHANGED = {
    "name": veteran(0)["name"], "old_number": number(0), "new_number": number(7), "change_reason": "出生日期更正",
    "change_date": "2012-05-18", "evidence": "清河派出所证明〔2012〕35号",
}  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyOnDisk:
    """Person 0 has an old number in the first township and the new one in the second; person 1's is misspelt in the third."""
    made = make_county(Path(tmp_path_factory.mktemp("doubles")), f"上报/{BUREAU}.xlsx")
    made.write(NAMES[0], workbook(NAMES[0], [veteran(0), veteran(1)]))
    made.write(NAMES[1], workbook(NAMES[1], [veteran(7, name=veteran(0)["name"])]))
    made.write(NAMES[2], workbook(NAMES[2], [veteran(1, id_number=SLIPPED, phone="13912345678")]))
    made.write(BUREAU, workbook(BUREAU, [], "county"))
    made.sync()
    return made


def cases(county: CountyOnDisk) -> list[str]:
    """The codes of the open cases."""
    with county.store() as store:
        return sorted(case.code for case in store.cases())


def test_a_row_that_was_not_taken_over_is_known_by_its_misspelt_number_until_it_is_mended(county: CountyOnDisk) -> None:
    assert cases(county) == ["J03"]
    (shown,) = lines(openpyxl.load_workbook(county.master)["重复与冲突"])
    assert f"≠ 身份证号：{SLIPPED}" in shown[1]["乙：内容"]
    assert "没有入库" in shown[1]["乙：在哪里"]
    assert "没有入库" not in shown[1]["甲：在哪里"]
    county.write(NAMES[2], workbook(NAMES[2], [veteran(2)]))
    county.sync()
    assert cases(county) == []


def test_nor_is_it_the_double_of_the_row_that_stood_there_and_waits_to_be_mended(county: CountyOnDisk) -> None:
    county.write(NAMES[2], workbook(NAMES[2], [veteran(2, id_number=number(2)[:17])]))
    county.sync()
    with county.store() as store:
        assert [row.marks for row in store.rows("veterans", township=f"{county.setup.county.code}003")] == [(AWAITING,)]
    assert cases(county) == []


def test_a_number_that_the_bureau_registered_as_replaced_makes_two_rows_one_person(county: CountyOnDisk) -> None:
    county.write(BUREAU, workbook(BUREAU, [], "county", number_changes=[CHANGED]))
    county.sync()
    assert cases(county) == ["J11"]
    assert county.sync().run is None


def test_a_master_follows_when_the_county_says_that_its_dialect_confuses_sounds(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    county.write(NAMES[0], workbook(NAMES[0], [veteran(0, name="兰建国")]))
    county.write(NAMES[1], workbook(NAMES[1], [veteran(0, name="南建国")]))
    county.sync()
    assert cases(county) == ["J10"]
    text = county.settings.read_text("utf-8")
    county.settings.write_text(text.replace("dialect = false", "dialect = true"), "utf-8")
    assert county.sync().published
    assert cases(county) == ["J06"]
    (shown,) = lines(openpyxl.load_workbook(county.master)["重复与冲突"])
    assert "同音" in shown[1]["为什么"]
    assert county.sync().published == ()

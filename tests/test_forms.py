"""Form files: what they may say, and that adding to them is all it takes."""

import pytest

from tests.small import MONEY, PEOPLE, forms_of
from workbook_templates.errors import FormError
from workbook_templates.form import load_forms


def test_the_county_has_its_cover_and_three_forms() -> None:
    assert [form.title for form in load_forms().values()] == ["封面", "退役军人", "优抚对象", "资金发放"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "village"', 'kind = "vilage"', "columns.3：没有“vilage”这种列"),
        ('kind = "village"', 'kind = "village"\ncolour = "red"', "columns.3.colour"),
        ('choices = ["中共党员", "群众"]', "", "columns.6：要写 list"),
        ("discharge_date <= enlist_date", "discharge_date <= enlisted", "D08：没有“enlisted”这一列"),
        ("discharge_date <= enlist_date", "discharge_date <= ", "D08：第"),
        ("party == '中共党员'", "party == '党员'", "“政治面貌”没有“党员”这个选项"),
        ('code = "D08"', 'code = "D99"', "catalogue.toml 里没有“D99”"),
        ('key = ["id_number"]', 'key = ["number"]', "没有“number”这一列"),
        ('id = "branch"', 'id = "party"', "有两列的 id 相同"),
        ('title = "人员"', 'titel = "人员"', "titel"),
    ],
)
def test_a_mistake_in_a_form_file_is_refused_with_the_file_and_the_place(old: str, new: str, message: str) -> None:
    with pytest.raises(FormError, match=r"0\.toml") as refused:
        forms_of(PEOPLE.replace(old, new, 1))
    assert message in str(refused.value)


def test_a_lookup_into_a_form_that_is_not_there_is_refused() -> None:
    with pytest.raises(FormError, match="X01：没有“people”这张表"):
        forms_of(MONEY)


def test_any_change_that_a_verdict_depends_on_changes_the_digest() -> None:
    assert forms_of(PEOPLE, MONEY).digest == forms_of(PEOPLE, MONEY).digest
    assert forms_of(PEOPLE, MONEY).digest != forms_of(PEOPLE.replace("> 35", "> 36"), MONEY).digest

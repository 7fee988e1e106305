"""Rules between the rows of a sheet, between sheets, and with what the county bureau holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from tests.drawn import sheet
from tests.small import COUNTY, LI, TODAY, TOWNSHIP, WANG, ZHAO, codes, forms_of
from validators.check import check
from validators.checked import Checked
from validators.raw import RawBook
from validators.table import Reference
from workbook_templates.errors import FormError
from workbook_templates.form import Forms
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.stamp import Stamp

PLAQUES = """
id = "plaques"
no = "T01"
title = "牌"
version = 1
row = "一块牌"
key = ["number"]
key_else = ["holder_id"]
repeated = "K06"
person = "holder_id"
recognise = ["name"]

[[column]]
id = "number"
header = "编号"
kind = "text"

[[column]]
id = "name"
header = "姓名"
kind = "name"

[[column]]
id = "holder_id"
header = "身份证号"
kind = "id18"

[[column]]
id = "village"
header = "村(社区)"
kind = "village"

[[column]]
id = "phone"
header = "电话"
kind = "phone"

[[column]]
id = "amount"
header = "金额"
kind = "money"

[[column]]
id = "day"
header = "日期"
kind = "date"
"""
HEADER = "|编号|姓名|身份证号|村(社区)|电话|金额|日期|"


def judged(rules: str, *rows: str, today: date = TODAY) -> Checked:
    forms = forms_of(PLAQUES + rules)
    book = RawBook(
        "城关镇.xlsx", (sheet("\n".join([HEADER, *rows]), "牌"),), Stamp(COUNTY.code, TOWNSHIP.code, forms.versions)
    )
    return check(forms, book, TOWNSHIP, today)


def test_a_blank_key_column_that_need_not_be_filled_in_gives_way_to_the_other_key() -> None:
    checked = judged("", f"|甲1|王一|{WANG}|", f"| |李二|{LI}|", "| |赵三| |")
    assert [row.key for row in checked.sheets[0].rows] == ["甲1", LI, ""]


def test_a_wrong_key_cell_does_not_give_way_to_the_other_key() -> None:
    assert [row.key for row in judged("", f"|同上|王一|{WANG}|").sheets[0].rows] == [""]


def test_two_different_rows_of_one_key_are_reported_in_the_forms_own_words() -> None:
    assert codes(judged("", f"|甲1|王一|{WANG}|", f"|甲1|李二|{LI}|")) == ["K06 A2", "K06 A3"]


def test_a_key_part_that_may_be_blank_is_an_empty_part() -> None:
    forms = forms_of(PLAQUES.replace('key = ["number"]\nkey_else = ["holder_id"]', 'key = ["holder_id", "number"]'))
    book = RawBook(
        "城关镇.xlsx", (sheet(f"{HEADER}\n| |王一|{WANG}|", "牌"),), Stamp(COUNTY.code, TOWNSHIP.code, forms.versions)
    )
    assert [row.key for row in check(forms, book, TOWNSHIP, TODAY).sheets[0].rows] == [f"{WANG}|"]


REPEAT = '\n[[repeat]]\ncode = "P06"\nat = "phone"\nsame = ["phone"]\ndistinct = "holder_id"\nleast = 3\n'


def test_what_too_many_people_share_is_one_problem_that_names_every_row() -> None:
    rows = [f"|甲{n}|王一|{number}||13900000000|" for n, number in enumerate((WANG, LI, ZHAO))]
    checked = judged(REPEAT, *rows)
    assert codes(checked) == ["P06 E2"]
    assert "第 2–4 行" in checked.problems[0].message
    assert codes(judged(REPEAT, *rows[:2])) == []


def test_rows_about_one_person_share_what_is_theirs() -> None:
    assert codes(judged(REPEAT, *(f"|甲{n}|王一|{WANG}||13900000000|" for n in range(5)))) == []


def test_a_repeat_may_be_asked_of_what_is_computed_and_only_of_some_rows() -> None:
    rule = '\n[[repeat]]\ncode = "X43"\nat = "day"\nsame = ["holder_id", "year(day)"]\nwhen = "amount > 1"\n'
    rows = [
        f"|甲{n}|王一|{WANG}|||={n + 1}|@{day}|"
        for n, day in enumerate(("2025-01-01", "2025-07-01", "2025-09-01", "2024-05-01"))
    ]
    checked = judged(rule, *rows)
    assert codes(checked) == ["X43 G3"], "the first row is not asked, the last is of another year"


OUTLIER = '\n[[outlier]]\ncode = "A16"\nat = "amount"\nsame = ["village"]\n'


def test_an_amount_ten_times_off_what_is_usual_is_doubted() -> None:
    amounts = (500, 500, 520, 520, 500, 5001, 49, 50, 5000)
    rows = [f"|甲{n}|王一|{WANG}|东风村||={amount}|" for n, amount in enumerate(amounts)]
    assert codes(judged(OUTLIER, *rows)) == ["A16 F7", "A16 F8"]


def test_a_few_amounts_have_no_usual_one() -> None:
    assert codes(judged(OUTLIER, *(f"|甲{n}|王一|{WANG}|东风村||={10**n}|" for n in range(4)))) == []


COVERAGE = '\n[[coverage]]\ncode = "X95"\nat = "village"\nof = "villages"\nwhen = "amount > 1"\n'


def test_a_village_without_a_row_is_named_once_and_not_before_anything_is_filled_in() -> None:
    checked = judged(COVERAGE, f"|甲1|王一|{WANG}|东风村||=5|", f"|甲2|李二|{LI}|向阳村||=1|")
    assert codes(checked) == ["X95"]
    assert checked.problems[0].message.endswith("：向阳村、红星社区")
    assert codes(judged(COVERAGE)) == []


def test_the_county_bureau_need_not_cover_the_villages() -> None:
    forms = forms_of((PLAQUES + COVERAGE).replace("version = 1", 'version = 1\nfilled_by = ["county", "township"]'))
    book = RawBook(
        "县本级.xlsx",
        (sheet(f"{HEADER}\n|甲1|王一|{WANG}|||=5|", "牌"),),
        Stamp(COUNTY.code, "990101000", forms.versions),
    )
    bureau = replace(TOWNSHIP, code="990101000", name="县本级", filler="county")
    assert codes(check(forms, book, bureau, TODAY)) == []


ITSELF = """
[[lookup]]
code = "X02"
at = "holder_id"
form = "plaques"
match = { name = "name" }
that = "other.holder_id != holder_id"
expect = "none"
"""


def test_a_row_is_compared_with_the_others_of_its_sheet_and_not_with_itself() -> None:
    assert codes(judged(ITSELF, f"|甲1|王一|{WANG}|", f"|甲2|王一|{LI}|", f"|甲3|赵三|{ZHAO}|")) == ["X02 C2", "X02 C3"]
    alone = ITSELF.replace('that = "other.holder_id != holder_id"\n', "")
    assert codes(judged(alone, f"|甲1|王一|{WANG}|", f"|甲3|赵三|{ZHAO}|")) == []


PEOPLE = """
id = "{id}"
no = "{no}"
title = "{title}"
version = 1
filled_by = ["{by}"]
row = "一个人"
key = ["id_number"]
person = "id_number"
recognise = ["name"]

[[column]]
id = "name"
header = "姓名"
kind = "name"
required = true

[[column]]
id = "id_number"
header = "身份证号"
kind = "id18"
required = true

[[column]]
id = "day"
header = "日期"
kind = "date"
"""
SOMEWHERE = """
[[lookup]]
code = "X51"
at = "holder_id"
form = "veterans"
match = { holder_id = "id_number" }
expect = "some"

[[lookup.also]]
form = "soldiers"
match = { holder_id = "id_number" }
"""


def people(form_id: str, no: str, title: str, by: str = "township") -> str:
    return PEOPLE.format(id=form_id, no=no, title=title, by=by)


@cache
def three() -> Forms:
    return forms_of(
        PLAQUES + SOMEWHERE,
        people("veterans", "T02", "退役").replace("version", "roster = true\nversion"),
        people("soldiers", "T03", "现役"),
    )


def found(forms: Forms, plaques: Sequence[str], **others: Sequence[str]) -> list[str]:
    drawn = [sheet("\n".join([HEADER, *plaques]), "牌")]
    drawn += [sheet("\n".join(["|姓名|身份证号|日期|", *rows]), title) for title, rows in others.items()]
    book = RawBook("城关镇.xlsx", tuple(drawn), Stamp(COUNTY.code, TOWNSHIP.code, forms.versions))
    return codes(check(forms, book, TOWNSHIP, TODAY))


def test_who_may_be_in_one_of_several_sheets_is_missed_only_if_in_none() -> None:
    plaques = [f"|甲1|王一|{WANG}|", f"|甲2|李二|{LI}|", f"|甲3|赵三|{ZHAO}|"]
    assert found(three(), plaques, 退役=[f"|王一|{WANG}|"], 现役=[f"|李二|{LI}|"]) == ["X51 C4"]


def test_nobody_is_missed_from_sheets_in_which_nothing_is_filled_in_or_that_cannot_be_read() -> None:
    assert found(three(), [f"|甲1|王一|{WANG}|"], 退役=[], 现役=[]) == []
    assert found(three(), [f"|甲1|王一|{WANG}|"], 退役=[f"|李二|{LI}|"]) == ["F09"]


def test_a_name_column_that_slipped_by_a_row_is_one_problem_and_none_of_its_rows_is_taken_over() -> None:
    names = [f"王{c}" for c in "一二三四五六七八"]
    numbers = [make_number("990101", date(1960, 1, n + 1), 11) for n in range(8)]
    right = [f"|{name}|{number}|" for name, number in zip(names, numbers, strict=True)]
    slipped = [
        f"|甲{n}|{name}|{number}|"
        for n, (name, number) in enumerate(zip([*names[:2], "王二", *names[2:-1]], numbers, strict=True))
    ]
    forms = three()
    assert found(forms, slipped, 退役=right, 现役=[]) == ["F25 B4"]
    drawn = (
        sheet("\n".join([HEADER, *slipped]), "牌"),
        sheet("\n".join(["|姓名|身份证号|日期|", *right]), "退役"),
        sheet("|姓名|身份证号|日期|", "现役"),
    )
    checked = check(
        forms, RawBook("城关镇.xlsx", drawn, Stamp(COUNTY.code, TOWNSHIP.code, forms.versions)), TOWNSHIP, TODAY
    )
    assert [row.valid for row in checked.sheets[0].rows] == [True, True, False, False, False, False, False, False]


def test_a_few_wrong_names_are_not_a_slip() -> None:
    plaques = [f"|甲{n}|错名|{number}|" for n, number in enumerate((WANG, LI, ZHAO))]
    right = [f"|王一|{WANG}|", f"|李二|{LI}|", f"|赵三|{ZHAO}|"]
    assert "F25" not in str(found(three(), plaques, 退役=right, 现役=[]))


def test_a_new_rule_is_a_warning_until_its_day_and_an_error_from_then_on() -> None:
    rule = '\n[[rule]]\ncode = "X71"\nat = "amount"\nwhen = "amount > 5"\nerror_from = 2026-07-01\n'
    row = f"|甲1|王一|{WANG}|||=6|"
    before, on = judged(rule, row, today=date(2026, 6, 30)), judged(rule, row, today=date(2026, 7, 1))
    assert [(one.problems[0].severity, one.sheets[0].rows[0].valid) for one in (before, on)] == [
        ("warning", True),
        ("error", False),
    ]


def test_a_column_that_is_newly_required_is_a_warning_until_its_day() -> None:
    forms = PLAQUES.replace(
        'header = "电话"\nkind = "phone"', 'header = "电话"\nkind = "phone"\nrequired = true\nerror_from = 2026-07-01'
    )
    book = RawBook(
        "城关镇.xlsx",
        (sheet(f"{HEADER}\n|甲1|王一|{WANG}|", "牌"),),
        Stamp(COUNTY.code, TOWNSHIP.code, forms_of(forms).versions),
    )
    severities = [
        check(forms_of(forms), book, TOWNSHIP, day).problems[0].severity
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert severities == ["warning", "error"]


def test_a_rule_that_only_one_county_has_brings_its_own_words() -> None:
    rule = '\n[[rule]]\ncode = "Z01"\nat = "amount"\nwhen = "amount > 5"\nmessage = "超过本县上限 5 元"\ncure = "请改成 5 元以内。"\n'
    (one,) = judged(rule, f"|甲1|王一|{WANG}|||=6|").problems
    assert (one.code, one.message, one.cure) == ("Z01", "超过本县上限 5 元", "请改成 5 元以内。")
    with pytest.raises(FormError, match="message"):
        forms_of(PLAQUES + rule.replace('message = "超过本县上限 5 元"\n', ""))


STANDARDS = people("standards", "C01", "标准", "county")
BY_STANDARD = '\n[[lookup]]\ncode = "X74"\nat = "day"\nform = "standards"\nmatch = { holder_id = "id_number" }\nthat = "other.day != day"\nexpect = "none"\n'


def test_rows_are_looked_up_in_what_the_county_bureau_holds() -> None:
    forms = forms_of(PLAQUES + BY_STANDARD, STANDARDS)
    assert [*forms.of(TOWNSHIP)] == ["plaques"]
    book = RawBook(
        "城关镇.xlsx",
        (sheet(f"{HEADER}\n|甲1|王一|{WANG}||||@2025-01-01|", "牌"),),
        Stamp(COUNTY.code, TOWNSHIP.code, forms.versions),
    )
    held = {"standards": [Reference(9, {"id_number": WANG, "name": "王一", "day": "2025-01-02"})]}
    checked = check(forms, book, TOWNSHIP, TODAY, references=held)
    assert codes(checked) == ["X74 G2"]
    assert "第 9 行" in checked.problems[0].message
    assert codes(check(forms, book, TOWNSHIP, TODAY)) == []


def test_a_workbook_from_before_a_form_existed_lacks_its_sheet_once_and_not_as_an_error() -> None:
    stamp = Stamp(COUNTY.code, TOWNSHIP.code, {"plaques": 1})
    checked = check(three(), RawBook("城关镇.xlsx", (sheet(HEADER, "牌"),), stamp), TOWNSHIP, TODAY)
    assert [(one.code, one.severity) for one in checked.problems] == [("F40", "warning")]
    assert "退役、现役" in checked.problems[0].message
    assert [one.complete for one in checked.sheets] == [True, False, False]


def test_a_file_that_is_named_after_another_township_is_doubted() -> None:
    township = replace(TOWNSHIP, county=replace(COUNTY, townships=("城关镇", "石桥镇")))
    book = RawBook("石桥镇2026.xlsx", (sheet(HEADER, "牌"),), Stamp(COUNTY.code, TOWNSHIP.code, {"plaques": 1}))
    assert codes(check(forms_of(PLAQUES), book, township, TODAY)) == ["F08"]
    assert codes(check(forms_of(PLAQUES), replace(book, name="城关镇（石桥镇转）.xlsx"), township, TODAY)) == []

"""The rules of the forms of services, honours and the county's own lists: each tells a row that breaks it, and no other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tests.service_rows import (
    C02,
    C03,
    FORMS,
    RIGHT,
    STATIONS,
    T08,
    T09,
    T10,
    T11,
    T12,
    WANG,
    ZHAO,
    Found,
    Row,
    Sheets,
    found,
    number,
)

REJECTED: Row = {"case_status": "审核不通过", "reject_reason": "不是安排工作的", "finish_date": "2019-07-01"}
SERGEANT: Row = {"id_number": ZHAO, "rank_group": "军士", "enlist_date": "2013-03"}
OFFICER: Row = {
    "id_number": number(1973, 3, 17),
    "rank_group": "军官",
    "placement_mode": "退休",
    "enlist_date": "1995-04",
}
PETITION: Row = {
    "case_type": "信访诉求", "hardship": None, "due_date": "2026-11-22", "case_status": "受理中", "aid_mode": None,
    "aid_amount": None, "finish_date": None, "county_audit_date": None,
}  # fmt: skip
SECOND: Row = {
    "case_no": "DFZ-202603-001", "reg_date": "2026-03-05", "town_audit_date": "2026-03-06",
    "county_audit_date": "2026-03-07", "finish_date": "2026-03-08",
}  # fmt: skip
"""A case of the same person, one day before a year has gone by."""


def _people(year: int) -> list[Row]:
    """Five people with one telephone."""
    return [{"id_number": number(year, 4, day), "accept_no": f"{day}", "case_no": f"{day}"} for day in range(1, 6)]


def _four(year: int) -> list[Row]:
    """Four people with one telephone, one of them twice."""
    people = _people(year)
    return [
        *people[:4],
        {**people[4], "id_number": people[0]["id_number"], "batch": "秋季", "hardship": "旧伤复发或残情病情加重"},
    ]


def _named(form: str, name: str, id_number: str) -> Sheets:
    """A sheet of one person with whom only name and number matter."""
    return {form: [{"name": name, "id_number": id_number}]}


@dataclass(frozen=True)
class Case:
    """A rule, with what breaks it and what only just keeps it.

    `others` are rows of other sheets with the wrong rows, `beside` with the right ones; `held` is a row that the county holds.
    """

    form: str
    code: str
    at: str
    wrong: Row | Sequence[Row]
    right: Row | Sequence[Row]
    others: Sheets = field(default_factory=dict)
    beside: Sheets = field(default_factory=dict)
    held: Row | None = None

    def __str__(self) -> str:
        return f"{self.form} {self.code} {self.at}"


CASES = (
    Case(T08, "D08", "discharge_date", {"discharge_date": "1986-11", "placement_year": 1986, "pension_months": 1},
         {"discharge_date": "1986-12", "placement_year": 1986, "pension_months": 2}),
    Case(T08, "D09", "enlist_date", {"enlist_date": "1982-03"}, {"enlist_date": "1982-04"}),
    Case(T08, "D14", "gap_to", {"gap_to": "1998-06"}, {"gap_to": "1998-07", "pension_months": 1}),
    Case(T08, "D15", "entry_date", {"entry_date": "2019-06-02"}, {"entry_date": "2019-06-03"}),
    Case(T08, "D15", "finish_date", {**REJECTED, "finish_date": "2019-06-02"}, {**REJECTED, "finish_date": "2019-06-03"}),
    Case(T08, "X15", "placement_year", {"placement_year": 1989}, {"placement_year": 1990}),
    Case(T08, "X15", "placement_year", {"placement_year": 1996}, {"placement_year": 1995}),
    Case(T08, "X71", "placement_mode", {"placement_mode": "复员"}, {"placement_mode": "政府安排工作"}),
    Case(T08, "X72", "pension_months", {"pension_months": 42}, {"pension_months": 41}),
    Case(T08, "X72", "medical_months", {"insurance_types": "养老和医疗", "medical_months": 42},
         {"insurance_types": "养老和医疗", "medical_months": 41}),
    Case(T08, "X73", "pension_months", {"gap_to": "2001-10"}, {"gap_to": "2001-11"}),
    Case(T08, "X01", "name", {}, {}, _named("veterans", "赵伟东", ZHAO), _named("veterans", "赵卫东", ZHAO)),
    Case(T08, "X74", "placement_employer", {"placement_employer": "县粮食局"}, {}, held=RIGHT[C02]),
    Case(T08, "X74", "placement_employer", {"placement_year": 1991}, {}, held=RIGHT[C02]),
    Case(T08, "P06", "phone", _people(1968), _four(1968)),
    Case(T09, "D08", "discharge_date", {"enlist_date": "2025-03-16"}, {"enlist_date": "2024-12-16"}),
    Case(T09, "D09", "enlist_date", {"enlist_date": "2016-11-04", "rank_group": "军士"},
         {"enlist_date": "2016-11-05", "rank_group": "军士"}),
    Case(T09, "D10", "discharge_date", {"enlist_date": "2025-01"}, {"enlist_date": "2024-12"}),
    Case(T09, "D10", "discharge_date", {"enlist_date": "2018-03"}, {"enlist_date": "2018-04"}),
    Case(T09, "D15", "archive_audit_date", {"archive_audit_date": "2025-04-01"}, {"archive_audit_date": "2025-04-02"}),
    Case(T09, "D15", "train_end", {"train_status": "结业", "train_end": "2025-05-05"},
         {"train_status": "结业", "train_end": "2025-05-06"}),
    Case(T09, "D15", "report_date", {"report_date": "2025-03-15"}, {"report_date": "2025-03-16"}),
    Case(T09, "X81", "placement_mode", {"placement_mode": "安排工作", "merit": "三等功2次"},
         {"placement_mode": "安排工作", "merit": "二等功"}),
    Case(T09, "X81", "placement_mode", {"placement_mode": "安排工作"}, {"placement_mode": "安排工作", "merit": "三等战功1次、嘉奖"}),
    Case(T09, "X81", "placement_mode", {**SERGEANT, "placement_mode": "安排工作", "enlist_date": "2013-03-17"},
         {**SERGEANT, "placement_mode": "安排工作", "enlist_date": "2013-03-16"}),
    Case(T09, "X82", "placement_mode", {**SERGEANT, "enlist_date": "2013-03-16"}, {**SERGEANT, "enlist_date": "2013-03-17"}),
    Case(T09, "X83", "placement_mode", {"placement_mode": "逐月领取退役金"}, {"placement_mode": "供养"}),
    Case(T09, "X84", "placement_mode", {**OFFICER, "id_number": number(1970, 3, 17)}, {**OFFICER, "id_number": number(1970, 3, 16)}),
    Case(T09, "X84", "placement_mode", {**OFFICER, "enlist_date": "1995-03-17"}, {**OFFICER, "enlist_date": "1995-03-16"}),
    Case(T09, "X85", "report_date", {"report_date": "2025-05-16", "train_apply_date": "2025-05-16"},
         {"report_date": "2025-05-15", "train_apply_date": "2025-05-16"}),
    Case(T09, "X87", "train_apply_date", {"train_apply_date": "2025-03-27"}, {"train_apply_date": "2025-03-28"}),
    Case(T09, "X88", "archive_count", {"archive_count": 2}, {"archive_count": 1}),
    Case(T09, "X01", "name", {}, {}, _named("veterans", "王刚", WANG), _named("veterans", "王强", WANG)),
    Case(T09, "X86", "id_number", {}, {}, _named("veterans", "赵卫东", ZHAO), _named("veterans", "王强", WANG)),
    Case(T09, "P06", "phone", _people(2002), _four(2002)),
    Case(T10, "D15", "town_audit_date", {"town_audit_date": "2025-03-05"}, {"town_audit_date": "2025-03-06"}),
    Case(T10, "D15", "county_audit_date", {"county_audit_date": "2025-03-09"}, {"county_audit_date": "2025-03-10"}),
    Case(T10, "D15", "due_date", {"due_date": "2025-03-05"}, {"due_date": "2025-03-06"}),
    Case(T10, "D15", "finish_date", {"finish_date": "2025-03-05"}, {"finish_date": "2025-03-06"}),
    Case(T10, "X91", "due_date", PETITION, {**PETITION, "due_date": "2026-11-23"}),
    Case(T10, "X91", "due_date", PETITION, {**PETITION, "case_status": "已办结", "finish_date": "2025-03-25"}),
    Case(T10, "X01", "name", {}, {}, _named("veterans", "赵伟东", ZHAO), _named("veterans", "赵卫东", ZHAO)),
    Case(T10, "X01", "name", {}, {}, _named("beneficiaries", "赵伟东", ZHAO), _named("beneficiaries", "赵卫东", ZHAO)),
    Case(T10, "X92", "hardship", [{}, SECOND], [{}, {**SECOND, "reg_date": "2026-03-06"}]),
    Case(T10, "X92", "hardship", [{}, SECOND], [{}, {**SECOND, "hardship": "服役时间长致长期失业或下岗"}]),
    Case(T10, "P06", "phone", _people(1968), _four(1968)),
    Case(T11, "X97", "ins_notice", [{"ins_notice": "否"}, *STATIONS[1:]],
         [{"ins_notice": "否", "ins_consult_window": "否"}, *STATIONS[1:]]),
    Case(T11, "X98", "staff_veteran", [{"staff_veteran": 3}, *STATIONS[1:]], [{"staff_veteran": 2}, *STATIONS[1:]]),
    Case(T11, "K09", "village", [*STATIONS, {"station_name": "东风村老兵之家"}], [*STATIONS, {**STATIONS[3], "station_name": "二站"}]),
    Case(T11, "X95", "village", [*STATIONS[:2], STATIONS[3]], STATIONS),
    Case(T11, "X96", "level", STATIONS[:3], STATIONS),
    Case(T12, "D15", "notice_date", {"notice_date": "2024-11-30"}, {"notice_date": "2024-12-01"}),
    Case(T12, "D15", "deliver_date", {"deliver_date": "2025-01-09"}, {"deliver_date": "2025-01-10"}),
    Case(T12, "X01", "name", {}, {}, _named("veterans", "王刚", WANG), _named("veterans", "王强", WANG)),
    Case(T12, "X01", "name", {}, {}, _named("beneficiaries", "王刚", WANG), _named("beneficiaries", "王强", WANG)),
    Case(T12, "X01", "name", {}, {}, {"military_families": [{"soldier_name": "王刚", "soldier_id": WANG}]},
         {"military_families": [{"soldier_name": "王强", "soldier_id": WANG}]}),
    Case(C02, "D08", "discharge_date", {"enlist_date": "1990-03"}, {"enlist_date": "1990-02"}),
    Case(C02, "X15", "placement_year", {"placement_year": 1989}, {"placement_year": 1990}),
    Case(C02, "X15", "placement_year", {"placement_year": 1996}, {"placement_year": 1995}),
    Case(C03, "A18", "local_part", {"local_part": 1234.01}, {"local_part": 1234}),
    Case(C03, "D14", "effective_to", {"effective_to": "2024-07-31"}, {"effective_to": "2024-08-01"}),
    Case(C03, "K11", "effective_from", [{"effective_to": "2025-08-01"}, {"effective_from": "2025-08-01"}],
         [{"effective_to": "2025-07-31"}, {"effective_from": "2025-08-01"}]),
    Case(C03, "K11", "effective_from", [{}, {"effective_from": "2025-08-01"}],
         [{}, {"effective_from": "2025-08-01", "disability_grade": "五级"}]),
    Case(C03, "K11", "effective_from", [{"disability_nature": None}, {"disability_nature": None, "effective_from": "2025-08-01"}],
         [{"disability_nature": None}, {"effective_from": "2025-08-01"}]),
)  # fmt: skip


@dataclass(frozen=True)
class Sometimes:
    """Columns that must be filled in where `asked`, must not where `surplus`, and may where `optional`; with right values."""

    form: str
    values: Row
    asked: Row = field(default_factory=dict)
    surplus: Row | None = None
    optional: Row | None = None

    def __str__(self) -> str:
        return f"{self.form} {'、'.join(self.values)}"


PAID: Row = {
    "case_status": "已补缴",
    "employer_pay": 0,
    "personal_pay": 8200,
    "fiscal_pay": 16400,
    "finish_date": "2019-09-01",
}
WITHDRAWN: Row = {"case_status": "撤回"}
EXEMPLAR: Row = {"honor_type": "最美退役军人"}
SOMETIMES = (
    Sometimes(T08, {"gap_from": "1998-07", "gap_to": "2008-12", "pension_months": 41}, {"insurance_types": "养老和医疗"},
              {"insurance_types": "医疗"}),
    Sometimes(T08, {"medical_months": 41}, {"insurance_types": "医疗"}, {"insurance_types": "养老"}),
    Sometimes(T08, {"entry_date": "2019-06-10"}, {"case_status": "审核通过"}, {"case_status": "已受理"}, WITHDRAWN),
    Sometimes(T08, {"reject_reason": "不是安排工作的"}, REJECTED, {"case_status": "审核通过"}),
    Sometimes(T08, {"employer_pay": 0, "personal_pay": 8200, "fiscal_pay": 16400}, PAID, {"case_status": "审核通过"}),
    Sometimes(T08, {"finish_date": "2019-09-01"}, PAID, {"case_status": "审核通过"}, WITHDRAWN),
    Sometimes(T09, {"archive_count": 1, "archive_result": "合格"}, {}, {"archive_audit_date": None}),
    Sometimes(T09, {"train_apply_date": "2025-05-06", "train_course": "电工", "train_status": "在训"}, {}, {"train_applied": "否"}),
    Sometimes(T09, {"train_end": "2025-06-06"}, {"train_status": "结业"}, {"train_status": "放弃"}),
    Sometimes(T09, {"employer": "县供电公司"}, {"employment_status": "灵活就业"}, {"employment_status": "务农"}),
    Sometimes(T10, {"id_number": ZHAO}, {"case_type": "创业扶持"}, None, PETITION),
    Sometimes(T10, {"village": "东风村"}, {"people": 1}, None, {"people": 2}),
    Sometimes(T10, {"village": "东风村"}, {"people": 1}, None, {"name": "匿名"}),
    Sometimes(T10, {"hardship": "其他特殊情况"}, {"case_type": "解四难"}, PETITION),
    Sometimes(T10, {"town_audit_date": "2025-03-10"}, {"case_status": "不予批准"}, None, {"case_status": "受理中"}),
    Sometimes(T10, {"county_audit_date": "2025-03-18"}, {"case_status": "已批准"}, {"case_status": "受理中"}, {"case_status": "不予批准"}),
    Sometimes(T10, {"county_audit_date": "2025-03-18"}, {"case_status": "已办结"}, None, {**PETITION, "case_status": "已办结"}),
    Sometimes(T10, {"due_date": "2026-12-01"}, PETITION, None, {"case_type": "困难帮扶"}),
    Sometimes(T10, {"aid_mode": "实物、资金"}, {"case_type": "创业扶持"}, PETITION, {"case_type": "就业援助"}),
    Sometimes(T10, {"aid_amount": 3000}, {"aid_mode": "实物、资金"}, {"aid_mode": "实物"}),
    Sometimes(T10, {"finish_date": "2025-03-25"}, {"case_status": "已办结"}, {"case_status": "受理中"}, {"case_status": "不予受理"}),
    Sometimes(T11, {"village": "东风村"}, {}, STATIONS[3]),
    Sometimes(T11, {"address": "政府院内", "sign_hung": "是", "head_name": "王永胜", "head_phone": "13900000001", "staff_full": 0,
                    "staff_part": 2, "ins_consult_window": "是"}, {"level": "县"}, {"level": "县直单位"}),
    Sometimes(T11, {"sign_date": "2019-04-12"}, {}, {"sign_hung": "否"}),
    Sometimes(T11, {"ins_accept_window": "是"}, STATIONS[3], {"level": "村(社区)"}, {"level": "县"}),
    Sometimes(T11, {"ins_notice": "是"}, {}, {"level": "县直单位"}, STATIONS[3]),
    Sometimes(T12, {"notice_date": "2025-01-10", "deliver_status": "已送达"}, {}, EXEMPLAR),
    Sometimes(T12, {"deliver_date": "2025-01-18"}, {}, {"deliver_status": "待送达"}),
    Sometimes(T12, {"honor_level": "县", "library_status": "入库", "publicity_consent": "是", "deed": "事" * 50}, EXEMPLAR,
              {"honor_type": "立功喜报"}, {"honor_type": "其他"}),
    Sometimes(C02, {"birth_month": "1968-03"}, {"id_number": None}, None, {}),
)  # fmt: skip


@pytest.mark.parametrize("form", RIGHT)
def test_a_right_row_has_no_problem(form: str) -> None:
    assert found(form, STATIONS if form == T11 else {}) == set()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_tells_what_breaks_it_and_nothing_that_only_just_keeps_it(case: Case) -> None:
    assert (case.code, case.at) in found(case.form, case.wrong, case.others, case.held)
    assert found(case.form, case.right, case.beside, case.held) == set()


def test_every_rule_of_these_forms_has_a_case() -> None:
    rules = {(form, rule.code, rule.at) for form in RIGHT for rule in FORMS[form].all_rules}
    assert rules == {(case.form, case.code, case.at) for case in CASES}


@pytest.mark.parametrize("one", SOMETIMES, ids=str)
def test_a_cell_that_is_asked_for_only_sometimes_is_asked_for_then_and_is_surplus_else_unless_it_may_be_there(
    one: Sometimes,
) -> None:
    blank: Row = dict.fromkeys(one.values)
    columns = FORMS[one.form].by_id

    def told(*changes: Row) -> Found:
        everything = {name: value for change in changes for name, value in change.items()}
        return {(code, at) for code, at in found(one.form, everything) if at in one.values and code[0] == "M"}

    assert told(one.asked, blank) == {(columns[name].absent, name) for name in one.values}
    assert told(one.asked, one.values) == set()
    if one.surplus is not None:
        assert told(one.surplus, one.values) == {("M03", name) for name in one.values}
        assert told(one.surplus, blank) == set()
    if one.optional is not None:
        assert told(one.optional, one.values) == told(one.optional, blank) == set()


def test_every_cell_that_is_asked_for_only_sometimes_has_a_case() -> None:
    conditional = {(form, column.id) for form in RIGHT for column in FORMS[form].columns if column.required_when}
    assert conditional == {(one.form, name) for one in SOMETIMES for name in one.values}


def test_the_months_of_service_count_both_ends_and_a_number_typed_over_them_is_compared() -> None:
    assert found(T08, {"service_months": 41}) == set()
    assert found(T08, {"service_months": 40}) == {("M14", "service_months")}


def test_rows_of_the_placement_list_without_a_file_number_are_told_apart_by_name_birth_and_discharge() -> None:
    unnumbered: Row = {"archive_no": None, "id_number": None}
    assert found(C02, [unnumbered, {**unnumbered, "birth_month": "1968-04"}]) == set()
    assert ("K01", "archive_no") in found(C02, [unnumbered, {**unnumbered, "placement_employer": "县粮食局"}])


def test_standards_without_grade_and_nature_are_told_apart_by_what_they_say() -> None:
    plain: Row = {"disability_grade": None, "disability_nature": None}
    assert (
        found(C03, [plain, {**plain, "beneficiary_category": "烈士遗属"}, {**plain, "beneficiary_category": None}])
        == set()
    )

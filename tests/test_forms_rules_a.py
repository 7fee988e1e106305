"""The rules of T01–T07 and C01, each by a workbook that just breaks it and one that just keeps it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pytest

from tests.right_rows import (
    Row,
    applied,
    beneficiary,
    born,
    bounty,
    dead,
    disabled,
    examined,
    fair,
    family,
    greeting,
    member,
    payment,
    plaque,
    rural,
    several,
    standard,
    stopped,
    survivor,
    veteran,
    visit,
)  # fmt: skip
from tests.small import COUNTY, TODAY, TOWNSHIP
from validators.check import check
from validators.raw import RawBook, RawSheet
from validators.table import Reference
from workbook_templates.cells import Raw
from workbook_templates.form import Form, Forms, load_forms
from workbook_templates.stamp import Stamp

ALL = load_forms()
FORMS = (
    "veterans", "beneficiaries", "military_families", "payments", "plaques", "visits", "health_checks", "activities",
)  # fmt: skip
MARKS = {"error": "!", "warning": "?"}
Sheets = Mapping[str, Sequence[Row]]


class Case(NamedTuple):
    """A rule (form, code with severity, column), and sheets that just break and just keep it."""

    rule: str
    broken: Sheets
    kept: Sheets


def on(form: str) -> Callable[..., Sheets]:
    """Draws a workbook with these rows on the sheet of `form`, and others."""
    return lambda *rows, **more: {form: rows, **more}


V, B, F, P, L, T, H, A = map(on, FORMS)


PLACED: Row = {"veteran_category": "政府安排工作退役士兵", "placement_employer": "县供销社", "placement_year": 2015}
UNINSURED: Row = PLACED | {"pension_status": "断缴"}
SON: Row = {"beneficiary_category": "部分烈士(错杀被平反人员)子女", "kinship": "子女", "martyr_name": "赵英",
       "enlist_date": None, "discharge_date": None}  # fmt: skip
PUPIL = "大学生入伍奖励金"

CASES = [
    Case("veterans D08! discharge_date", V(veteran(discharge_date="2012-12")), V(veteran(discharge_date="2013-03"))),
    Case("veterans D09! enlist_date", V(veteran(enlist_date="2004-04")), V(veteran(enlist_date="2004-05"))),
    Case("veterans D09? enlist_date", V(veteran(enlist_date="2006-04")), V(veteran(enlist_date="2006-05"))),
    Case("veterans X05! card_status", V(dead(card_status="办理中")), V(dead())),
    Case("veterans X05! employment_status", V(dead(employment_status="灵活就业")),
         V(dead(employment_status="退休(养老)"))),
    Case("veterans D10? discharge_date", V(veteran(discharge_date="2013-02")), V(veteran(discharge_date="2013-03"))),
    Case("veterans X03? veteran_category", V(veteran(veteran_category="复员干部")), V(veteran())),
    Case("veterans X04? veteran_category", V(veteran(enlist_date="2009-12", discharge_date="2011-10")),
         V(veteran(enlist_date="2009-12", discharge_date="2011-11"))),
    Case("veterans X12? party_relation", V(member(party_relation="不清楚", enlist_date="2024-05", discharge_date="2026-05")),
         V(member(party_relation="不清楚", enlist_date="2024-05", discharge_date="2026-06"))),
    Case("veterans X11? floating_party", V(member(floating_party=None)), V(member())),
    Case("veterans M15? floating_party", V(member(floating_party="流出")), V(member(floating_party="流出", remark="苏州"))),
    Case("veterans X14? employment_status",
         V(veteran(id_number=born(1966, month=11, day=23), employment_status="待就业(有求职意愿)")),
         V(veteran(id_number=born(1966, month=11, day=24), employment_status="待就业(有求职意愿)"))),
    Case("veterans X15? placement_year", V(veteran(**PLACED | {"placement_year": 2020})),
         V(veteran(**PLACED | {"placement_year": 2019}))),
    Case("veterans X15? placement_year", V(veteran(**PLACED | {"placement_year": 2013})),
         V(veteran(**PLACED | {"placement_year": 2014}))),
    Case("veterans X01! name", V(veteran(1956), beneficiaries=[beneficiary()]),
         V(veteran(1956, name="李大山"), beneficiaries=[beneficiary()])),
    Case("veterans X01! name", V(veteran(2005), military_families=[family()]),
         V(veteran(2005, name="李伟"), military_families=[family()])),
    Case("veterans X02? id_number", V(veteran(), veteran(1990, 13)), V(veteran(), veteran(1991))),
    Case("veterans X33? person_status", V(veteran(1956, name="李大山"), beneficiaries=[stopped()]),
         V(veteran(1956, name="李大山"), beneficiaries=[stopped(benefit_status="停发", stop_reason="条件变化")])),
    Case("veterans X52? id_number", V(veteran(), plaques=[plaque("甲1", 1991)]),
         V(veteran(), plaques=[plaque("甲1", 1991, head_id=born(1990))])),
    Case("veterans X52? id_number", V(veteran(), plaques=[plaque(plaque_status="已收回", withdraw_date="2026-01-01")]),
         V(veteran(), plaques=[plaque()])),
    Case("veterans X07? war_test", V(veteran(1956, war_test="参战"), beneficiaries=[disabled()]),
         V(veteran(1956, war_test="参战"), beneficiaries=[beneficiary()])),
    Case("veterans X09? pension_status", V(veteran(**UNINSURED), insurance_cases=[applied(1991)]),
         V(veteran(**UNINSURED), insurance_cases=[applied(1990)])),
    Case("veterans X13? living_status", V(veteran(living_status="低保"), visits=[visit(id_number=born(1990), visit_date="2025-10-31")]),
         V(veteran(living_status="低保"), visits=[visit(id_number=born(1990), visit_date="2025-11-01")])),
    Case("veterans P06? phone", V(*several(veteran, 1990, 5)), V(*several(veteran, 1990, 4))),
    Case("beneficiaries X22! disability_grade", B(disabled("七级", "因病")), B(disabled("六级", "因病"))),
    Case("beneficiaries X22? disability_grade", B(disabled("七级", "因病", benefit_status="受理中")),
         B(disabled("七级", "因公", benefit_status="受理中"))),
    Case("beneficiaries X24? kinship", B(beneficiary(**SON, id_number=born(1966, month=11, day=24))),
         B(beneficiary(**SON, id_number=born(1966, month=11, day=23)))),
    Case("beneficiaries X24? kinship", B(survivor(kinship="父母(抚养人)", id_number=born(1991, month=11, day=24))),
         B(survivor(kinship="父母(抚养人)", id_number=born(1991, month=11, day=23)))),
    Case("beneficiaries X25! enlist_date",
         B(beneficiary(1934, beneficiary_category="在乡复员军人", enlist_date="1954-11", discharge_date="1957-01")),
         B(beneficiary(1934, beneficiary_category="在乡复员军人", enlist_date="1954-10-31", discharge_date="1957-01"))),
    Case("beneficiaries D08! discharge_date", B(beneficiary(discharge_date="1974-12")),
         B(beneficiary(discharge_date="1975-01"))),
    Case("beneficiaries D14! benefit_end", B(stopped(benefit_end="2011-07")), B(stopped(benefit_end="2011-08"))),
    Case("beneficiaries X23? nursing_amount", B(disabled("五级", nursing_amount=1, mental_disability="否")),
         B(disabled("五级", nursing_amount=1, mental_disability="是"))),
    Case("beneficiaries X26? service_years", B(rural(service_years=6)), B(rural(service_years=5))),
    Case("beneficiaries X28? annual_confirm", B(beneficiary(annual_confirm="2025-12-31")),
         B(beneficiary(annual_confirm="2026-01-01"))),
    Case("beneficiaries X29? lonely", B(beneficiary(lonely="孤老", id_number=born(1966, month=11, day=24))),
         B(beneficiary(lonely="孤老", id_number=born(1966, month=11, day=23)))),
    Case("beneficiaries B03? account_name", B(beneficiary(account_name="李小山")), B(beneficiary())),
    Case("beneficiaries X01! name", B(beneficiary(), veterans=[veteran(1956)]),
         B(beneficiary(), veterans=[veteran(1956, name="李大山")])),
    Case("beneficiaries X02? id_number", B(beneficiary(), beneficiary(1956, 13)), B(beneficiary(), disabled())),
    Case("beneficiaries X21? beneficiary_category", B(rural(), disabled()), B(rural(), disabled(benefit_status="受理中"))),
    Case("beneficiaries X08? id_number", B(beneficiary(), veterans=[veteran()]),
         B(beneficiary(), veterans=[veteran(1956, name="李大山")])),
    Case("beneficiaries X33? benefit_status", B(beneficiary(), veterans=[dead(id_number=born(1956), name="李大山")]),
         B(beneficiary(), veterans=[veteran(1956, name="李大山")])),
    Case("beneficiaries X27? monthly_amount",
         B(disabled(), benefit_standards=[standard("残疾军人", 520.01, disability_grade="六级", disability_nature="因公")]),
         B(disabled(), benefit_standards=[standard("残疾军人", 520, disability_grade="六级", disability_nature="因公"),
                                          standard("残疾军人", 9, disability_grade="五级", disability_nature="因公")])),
    Case("beneficiaries X27? monthly_amount",
         B(beneficiary(), benefit_standards=[standard("参战退役人员", 500, effective_to="2026-11-23")]),
         B(beneficiary(), benefit_standards=[standard("参战退役人员", 500, effective_to="2026-11-22")])),
    Case("beneficiaries X27? monthly_amount",
         B(rural(), benefit_standards=[standard("60周岁以上农村籍退役士兵", 129, "元/月/服役年")]),
         B(rural(), benefit_standards=[standard("60周岁以上农村籍退役士兵", 130, "元/月/服役年")])),
    Case("beneficiaries X32? benefit_status", B(beneficiary(), payments=[payment(pay_date="2026-04-30")]),
         B(beneficiary(), payments=[payment(pay_date="2026-05-01")])),
    Case("beneficiaries K04? cert_no", B(disabled(), disabled(id_number=born(1956, 13))), B(disabled(), survivor())),
    Case("beneficiaries K04? cert_no", B(survivor(), survivor(13, martyr_name="钱勇")), B(survivor(), survivor(13))),
    Case("beneficiaries K05? cert_holder", B(survivor(), survivor(13)), B(survivor(), survivor(13, cert_holder="否"))),
    Case("beneficiaries B05? bank_account", B(*several(beneficiary, 1956, 2)), B(beneficiary(), disabled())),
    Case("beneficiaries P06? phone", B(*several(beneficiary, 1956, 5)), B(*several(beneficiary, 1956, 4))),
    Case("beneficiaries K02! id_number", B(beneficiary(), beneficiary(monthly_amount=530)), B(beneficiary(), disabled())),
    Case("military_families D09! enlist_date", F(family(soldier_id=born(1974))), F(family(soldier_id=born(1975)))),
    Case("military_families D09? enlist_date", F(family(soldier_id=born(1994))), F(family(soldier_id=born(1995)))),
    Case("military_families D15! status_date", F(family(service_status="退兵或除名", status_date="2025-08-31")),
         F(family(service_status="退兵或除名", status_date="2025-09-01"))),
    Case("military_families M15? approval_county", F(family(approval_county="外县(写县名)")),
         F(family(approval_county="外县(写县名)", remark="永安县"))),
    Case("military_families X01! soldier_name", F(family(), beneficiaries=[beneficiary(2005)]),
         F(family(), beneficiaries=[beneficiary(2005, name="李伟")])),
    Case("military_families P06? phone", F(*several(family, 2005, 5)), F(*several(family, 2005, 4))),
    Case("military_families B05? bank_account", F(*several(family, 2005, 2)), F(family())),
    Case("military_families I12? soldier_id", F(family(soldier_id=born(2010, month=11, day=24))),
         F(family(soldier_id=born(2010, month=11, day=23)))),
    Case("payments D14! period_to", P(payment(period_to="2025-12")), P(payment(period_to="2026-01"))),
    Case("payments X47? period_to", P(payment(period_from="2025-12")), P(payment(period_to="2026-12"))),
    Case("payments X48? months", P(payment(months=4)), P(payment())),
    Case("payments A11? amount", P(payment(amount=1560.02)), P(payment(amount=1560.01))),
    Case("payments A11? amount", P(bounty(standard=9000, extra=1)), P(bounty(standard=8999, extra=1))),
    Case("payments A19! amount", P(bounty(amount=0)), P(bounty(amount=0, pay_status="退回"))),
    Case("payments M15? adjust", P(payment(adjust=-1)), P(payment(adjust=-1, remark="多发"))),
    Case("payments M15? pay_method", P(payment(pay_method="现金", bank_account=None)),
         P(payment(pay_method="现金", bank_account=None, remark="本人签收"))),
    Case("payments X01! name", P(bounty(name="李韦"), military_families=[family()]), P(bounty(), military_families=[family()])),
    Case("payments X30! id_number", P(payment(), beneficiaries=[disabled()]), P(payment(), beneficiaries=[beneficiary()])),
    Case("payments X31! period_to", P(payment(period_to="2026-04"), beneficiaries=[stopped()]),
         P(payment(), beneficiaries=[stopped()])),
    Case("payments X31! period_to", P(payment(period_to="2026-04"), veterans=[dead(id_number=born(1956), name="李大山")]),
         P(payment(), veterans=[dead(id_number=born(1956), name="李大山")])),
    Case("payments X41! id_number", P(bounty(), military_families=[family(soldier_type="军士")]),
         P(bounty(), military_families=[family(soldier_type="军士", service_status="转改军士", status_date="2026-02-01")])),
    Case("payments X41! id_number", P(bounty(), military_families=[family(service_status="已退役", status_date="2025-12-31")]),
         P(bounty(), military_families=[family(service_status="已退役", status_date="2026-01-01")])),
    Case("payments X42? id_number", P(bounty(), military_families=[family(approval_county="外县(写县名)")]),
         P(bounty(), military_families=[family()])),
    Case("payments X44? id_number", P(bounty(PUPIL), military_families=[family()]),
         P(bounty(PUPIL), military_families=[family(student_status="大学新生")])),
    Case("payments X43? period_from", P(bounty(), bounty(batch_no="2026-YD-02", period_from="2026-12")),
         P(bounty(), bounty(batch_no="2026-YD-02", period_from="2025-12"))),
    Case("payments X45? benefit_type", P(bounty(PUPIL), bounty(PUPIL, batch_no="2026-YD-02")),
         P(bounty(PUPIL), bounty(PUPIL, batch_no="2026-YD-02", pay_status="退回"))),
    Case("payments X46? benefit_type", P(bounty(), bounty(PUPIL)), P(bounty(), bounty(PUPIL, batch_no="2026-JL-01"))),
    Case("payments X46? pay_date", P(payment(), payment(1956, 13, pay_date="2026-03-26")),
         P(payment(), payment(1956, 13))),
    Case("payments B05? bank_account", P(*several(payment, 1956, 2)), P(payment(), payment(period_from="2026-02"))),
    Case("payments A16? amount", P(*several(payment, 1956, 5), payment(1956, 31, amount=15601)),
         P(*several(payment, 1956, 5), payment(1956, 31, amount=15600))),
    Case("payments K10! id_number", P(payment(), payment(amount=1561)), P(payment(), payment(period_from="2026-02"))),
    Case("plaques D15! withdraw_date", L(plaque(plaque_status="已收回", withdraw_date="2019-01-25")),
         L(plaque(plaque_status="已收回", withdraw_date="2019-01-26"))),
    Case("plaques X01! holder_name", L(plaque(holder_name="王见国"), veterans=[veteran()]), L(plaque(), veterans=[veteran()])),
    Case("plaques X51? holder_id", L(plaque(), beneficiaries=[beneficiary(1990)]),
         L(plaque(), beneficiaries=[survivor(id_number=born(1990))])),
    Case("plaques K07? holder_id", L(plaque(), plaque("甲2")),
         L(plaque(), plaque("甲2", plaque_status="已收回", withdraw_date="2026-01-01"))),
    Case("plaques K07? head_id", L(plaque(head_id=born(1950)), plaque("甲2", 1991, head_id=born(1950))),
         L(plaque(head_id=born(1950)), plaque("甲2", 1991, head_id=born(1951)))),
    Case("plaques K07? hang_address", L(*(plaque(str(y), y, head_id=born(y), hang_address="3组1号") for y in (1990, 1991))),
         L(*(plaque(str(y), y, head_id=born(y), hang_address="3组1号", village=v)
             for y, v in ((1990, "东风村"), (1991, "向阳村"))))),
    Case("plaques K07? hang_address", L(*(plaque(str(y), y, hang_address="3组1号") for y in (1990, 1991))),
         L(*(plaque(str(y), y, hang_address=f"3组{y}号") for y in (1990, 1991)))),
    Case("plaques K06! plaque_no", L(plaque(), plaque("甲1", 1991)), L(plaque(), plaque("甲2", 1991))),
    Case("visits D21? visit_date", T(visit(visit_date="2026-03-11")), T(visit(visit_date="2026-03-10"))),
    Case("visits D21? visit_date", T(visit(visit_date="2025-11-30")), T(visit(visit_date="2025-12-01"))),
    Case("visits D21? visit_date", T(visit(campaign="清明", visit_date="2026-03-19")),
         T(visit(campaign="清明", visit_date="2026-03-20"))),
    Case("visits D21? visit_date", T(visit(campaign="八一", visit_date="2026-09-01")),
         T(visit(campaign="八一", visit_date="2026-08-31"))),
    Case("visits D21? visit_date", T(visit(campaign="重阳", visit_date="2026-11-16")),
         T(visit(campaign="重阳", visit_date="2026-11-15"))),
    Case("visits X01? name", T(visit(), veterans=[veteran(1956)]), T(visit(), veterans=[veteran(1956, name="李大山")])),
    Case("visits X61? cash", T(visit(), payments=[greeting()]), T(visit(), payments=[greeting(500.01)])),
    Case("health_checks X67? exam_date", H(examined(exam_date="2025-12-31")), H(examined(exam_date="2026-01-01"))),
    Case("health_checks X01! name", H(examined(), veterans=[veteran(1956)]),
         H(examined(), veterans=[veteran(1956, name="李大山")])),
    Case("health_checks X65? id_number", H(examined(), beneficiaries=[beneficiary(1957)]),
         H(examined(), beneficiaries=[beneficiary()])),
    Case("health_checks X66! id_number", H(examined(), examined(cost=181)), H(examined(), examined(batch="第2批"))),
    Case("activities D15! end_date", A(fair(end_date="2026-02-21")), A(fair())),
    Case("activities X99? intent", A(fair(intent=311)), A(fair(intent=310))),
]  # fmt: skip


def _sheet(form: Form, rows: Sequence[Row]) -> RawSheet:
    columns = form.stored
    lines: list[Sequence[Raw]] = [
        [column.header for column in columns],
        *([row.get(column.id) for column in columns] for row in rows),
    ]
    return RawSheet(form.title, lines)


HEADERS = {(form.id, column.header): column.id for form in ALL.values() for column in form.columns}


def _found(sheets: Sheets) -> set[str]:
    """What is wrong, in the words of a case, where its sheets are filled in and those that its rules look into are empty."""
    there = {target.form for name in sheets for lookup in ALL[name].lookups for target in lookup.targets}
    forms = Forms([form for form in ALL.values() if form.id in {*sheets, *there}], "")
    mine = forms.of(TOWNSHIP)
    drawn = tuple(_sheet(form, sheets.get(form.id, ())) for form in mine.values())
    book = RawBook("城关镇.xlsx", drawn, Stamp(COUNTY.code, TOWNSHIP.code, mine.versions))
    held = {
        name: [
            Reference(n, {key: cell for key, cell in row.items() if cell is not None}) for n, row in enumerate(rows, 6)
        ]
        for name, rows in sheets.items()
        if name not in mine
    }
    return {
        f"{p.form} {p.code}{MARKS[p.severity]} {HEADERS[p.form, p.header]}"
        for p in check(forms, book, TOWNSHIP, TODAY, references=held).problems
        if p.severity != "notice"
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_is_broken_just_beyond_its_bound_and_kept_just_within(case: Case) -> None:
    assert case.rule in _found(case.broken)
    assert case.rule not in _found(case.kept)


@pytest.mark.parametrize("name", FORMS)
def test_every_rule_has_its_case(name: str) -> None:
    form = ALL[name]
    asked = [f"{name} {rule.code}{MARKS[rule.severity_on(TODAY)]} {rule.at}" for rule in form.all_rules]
    tried = [case.rule for case in CASES]
    assert not [rule for rule in asked if asked.count(rule) > tried.count(rule)]


def test_right_rows_have_nothing_wrong() -> None:
    right = [
        V(veteran(), veteran(1991, name="王建军", **PLACED)), V(dead()), V(member()), B(beneficiary()), B(disabled()),
        B(survivor()), B(rural()), B(stopped()), F(family()), P(payment()), P(bounty()), P(greeting()), L(plaque()),
        T(visit()), H(examined()), A(fair()),
    ]  # fmt: skip
    assert [_found(sheets) for sheets in right] == [set()] * len(right)


def test_what_may_be_known_but_need_not_be_is_never_too_much() -> None:
    asked = [
        L(plaque(plaque_status="已收回", withdraw_date="2026-01-01")), T(visit(cash=0, goods_value=100)),
        T(visit(target_type="其他")), P(bounty(standard=9000, months=None)),
    ]  # fmt: skip
    assert not [found for sheets in asked for found in _found(sheets) if "M03" in found]

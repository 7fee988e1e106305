"""Right rows of T01–T07, C01 and C03, to be changed into what a test is about. All the people are invented."""

from collections.abc import Callable
from datetime import date

from tests.county import VETERAN
from workbook_templates.kinds.base import Value
from workbook_templates.kinds.resident_id import make_number

Cell = Value | None
Row = dict[str, Cell]


def born(year: int, sequence: int = 11, month: int = 5, day: int = 1) -> str:
    """The ID number of an invented man or woman."""
    return make_number("990101", date(year, month, day), sequence)


def veteran(year: int = 1990, sequence: int = 11, /, **changes: Cell) -> Row:
    """The right row of one born that year."""
    return {"name": "王建国", "id_number": born(year, sequence)} | VETERAN | {"phone": "13900000000"} | changes


def member(**changes: Cell) -> Row:
    """The right row of a Party member."""
    party = {
        "political_status": "中共党员",
        "party_branch": "东风村党支部",
        "party_relation": "在单位",
        "floating_party": "否",
    }
    return veteran(**party | changes)


def dead(**changes: Cell) -> Row:
    """The right row of one who died."""
    return veteran(**{"person_status": "去世", "status_date": "2026-03-10", "employment_status": None} | changes)


def beneficiary(year: int = 1956, sequence: int = 11, /, **changes: Cell) -> Row:
    """The right row of one who was in combat."""
    row: Row = {
        "name": "李大山", "id_number": born(year, sequence), "village": "东风村", "hukou_type": "农村",
        "hukou_address": "清河县城关镇东风村1组", "phone": "13900000001", "beneficiary_category": "参战退役人员",
        "benefit_status": "享受待遇", "benefit_start": "2011-08", "enlist_date": "1974-12", "discharge_date": "1979-03",
        "monthly_amount": 520, "lonely": "否", "support_mode": "分散", "bank_name": "农业银行", "account_name": "李大山",
        "bank_account": "10012345678", "annual_confirm": "2026-03-18",
    }  # fmt: skip
    return row | changes


def disabled(grade: str = "六级", nature: str = "因公", /, **changes: Cell) -> Row:
    """The right row of a disabled soldier."""
    kept = {"cert_no": "残1", "mental_disability": "否" if grade in {"五级", "六级"} else None}
    return beneficiary(
        beneficiary_category="残疾军人", disability_grade=grade, disability_nature=nature, **kept | changes
    )


def survivor(sequence: int = 11, /, **changes: Cell) -> Row:
    """The right row of the widow of a fallen soldier."""
    kin = {"kinship": "配偶", "martyr_name": "赵英", "cert_no": "烈1", "cert_holder": "是", "enlist_date": None}
    return beneficiary(1956, sequence, beneficiary_category="烈士遗属", discharge_date=None, **kin | changes)


def rural(**changes: Cell) -> Row:
    """The right row of a rural veteran of over sixty."""
    about: Row = {"beneficiary_category": "60周岁以上农村籍退役士兵", "service_years": 4}
    return beneficiary(**about | changes)


def stopped(**changes: Cell) -> Row:
    """The right row of one whose benefit ended in March 2026."""
    no = dict.fromkeys(("monthly_amount", "bank_name", "account_name", "bank_account"))
    return beneficiary(**{"benefit_status": "去世", "benefit_end": "2026-03", "stop_reason": "去世"} | no | changes)


def family(year: int = 2005, sequence: int = 11, /, **changes: Cell) -> Row:
    """The right row of a conscript's family."""
    row: Row = {
        "soldier_name": "李伟", "soldier_id": born(year, sequence), "soldier_type": "义务兵", "enlist_date": "2025-09",
        "enlist_batch": "秋季", "approval_county": "本县", "student_status": "高中及以下", "service_status": "服役中",
        "village": "东风村", "home_address": "东风村3组12号", "contact_name": "李明", "relation": "父母",
        "contact_id": born(1974), "phone": "13900000002", "payee_name": "李明", "bank_name": "农业银行",
        "bank_account": "10012345679",
    }  # fmt: skip
    return row | changes


def payment(year: int = 1956, sequence: int = 11, /, **changes: Cell) -> Row:
    """The right row of a quarter's allowance."""
    row: Row = {
        "batch_no": "2026-DB-01", "benefit_type": "定期生活补助", "name": "李大山", "id_number": born(year, sequence),
        "village": "东风村", "beneficiary_category": "参战退役人员", "period_from": "2026-01", "period_to": "2026-03",
        "months": 3, "standard": 520, "amount": 1560, "pay_date": "2026-03-25", "pay_method": "一卡通",
        "bank_account": "10012345678", "pay_status": "已发放",
    }  # fmt: skip
    return row | changes


def bounty(benefit: str = "义务兵家庭优待金", /, **changes: Cell) -> Row:
    """The right row of a sum paid once to the family of the conscript of `family()`."""
    once = {"months": None, "standard": None, "beneficiary_category": None, "amount": 9000, "batch_no": "2026-YD-01"}
    return payment(2005, benefit_type=benefit, **{"name": "李伟"} | once | changes)


def greeting(amount: float = 500, /, **changes: Cell) -> Row:
    """The right row of a gift of money at the Spring Festival."""
    once = {"months": None, "standard": None, "beneficiary_category": None, "pay_date": "2026-01-20"}
    return payment(benefit_type="春节慰问金", amount=amount, **once | changes)


def plaque(number: str = "甲1", year: int = 1990, /, **changes: Cell) -> Row:
    """The right row of a plaque that hangs."""
    row: Row = {
        "plaque_no": number, "holder_name": "王建国", "holder_id": born(year), "household_type": "退役军人",
        "village": "东风村", "hang_address": f"东风村{number}号", "action": "新挂", "hang_date": "2019-01-26",
        "plaque_status": "在挂",
    }  # fmt: skip
    return row | changes


def visit(**changes: Cell) -> Row:
    """The right row of a visit at the Spring Festival."""
    row: Row = {
        "campaign": "春节", "visit_date": "2026-01-20", "name": "李大山", "id_number": born(1956), "village": "东风村",
        "target_type": "重点优抚对象", "visit_mode": "入户", "cash": 500, "fund_source": "县财政", "visitor": "刘芳",
    }  # fmt: skip
    return row | changes


def examined(**changes: Cell) -> Row:
    """The right row of an examination."""
    row: Row = {
        "name": "李大山", "id_number": born(1956), "village": "东风村", "exam_year": 2026, "batch": "第1批",
        "exam_status": "已检", "exam_date": "2026-05-16", "hospital": "县人民医院", "cost": 180,
    }  # fmt: skip
    return row | changes


def fair(**changes: Cell) -> Row:
    """The right row of a job fair."""
    row: Row = {
        "activity_type": "专场招聘会", "topic": "就业创业", "name": "春季招聘会", "start_date": "2026-02-22",
        "end_date": "2026-02-22", "companies": 42, "posts": 860, "participants": 310, "intent": 57,
    }  # fmt: skip
    return row | changes


def applied(year: int) -> Row:
    """An application for gaps in somebody's insurance to be mended."""
    return {"accept_no": "DFZ-2026-1", "name": "王建国", "id_number": born(year)}


def standard(category: str, amount: float, unit: str = "元/月/人", /, **more: Cell) -> Row:
    """A standard that the county keeps."""
    about: Row = {"benefit_type": "定期生活补助", "beneficiary_category": category, "unit": unit, "amount": amount}
    return {**about, "effective_from": "2024-08-01", **more}


def several(make: Callable[..., Row], year: int, count: int) -> list[Row]:
    """Rows of so many people that say the same."""
    return [make(year, 2 * n + 11) for n in range(count)]

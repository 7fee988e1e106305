"""Those who serve now, and their families: what the family is paid, the plaque at its door, the visit, the good news."""

from datetime import date

from sync_service.demo.caring import visit
from sync_service.demo.honouring import merit, plaque
from sync_service.demo.inventor import Inventor, Records, Row, last_day, month_text
from workbook_templates.cells import Raw


def _paid(family: Row, benefit: str, code: str, amount: float, day: date) -> Row:
    """What the family was paid on a day, for the year."""
    return {
        "batch_no": f"{day.year}-{code}-01", "benefit_type": benefit, "name": family["soldier_name"],
        "id_number": family["soldier_id"], "village": family["village"], "period_from": month_text(day.year, 1),
        "period_to": month_text(day.year, 12), "amount": amount, "pay_date": day, "pay_method": "一卡通",
        "payee_name": family["contact_name"], "payee_id": family["contact_id"], "bank_account": family["bank_account"],
        "pay_status": "已发放",
    }  # fmt: skip


def _family(of: Inventor, enlisted: int, student: str) -> dict[str, Raw]:
    """A conscript's family; `student` is what he was when he enlisted in the autumn of that year."""
    soldier, parent = of.identity(enlisted - 21, enlisted - 19, "男"), of.identity(1970, 1978)
    about = of.about(parent)
    college = student != "高中及以下"
    return {
        "soldier_name": soldier.name, "soldier_id": soldier.number, "soldier_type": "义务兵",
        "enlist_date": month_text(enlisted, 9), "enlist_batch": "秋季", "approval_county": "本县", "student_status": student,
        "degree_level": of.random.choice(("专科", "本科")) if college else None,
        "service_region": of.random.choice(("一般地区", "一般地区", None)), "service_status": "服役中",
        "village": about["village"], "home_address": about["hukou_address"], "contact_name": parent.name, "relation": "父母",
        "contact_id": parent.number, "phone": about["phone"], "payee_name": parent.name, "bank_name": "农村信用社(农商行)",
        "bank_account": of.account(),
    }  # fmt: skip


def soldier(of: Inventor, student: str = "高中及以下") -> Records:
    """A conscript who serves his second year, and his family."""
    first_august = last_day(of.today, 8, 1)
    family = _family(of, first_august.year - 1, student)
    person: Row = {"name": family["soldier_name"], "id_number": family["soldier_id"], "village": family["village"]}
    payments = [_paid(family, "义务兵家庭优待金", "YDJ", 13200.0, first_august)]
    if student != "高中及以下":
        payments.append(_paid(family, "大学生入伍奖励金", "DXS", 8000.0, first_august))
    records: dict[str, tuple[Row, ...]] = {
        "military_families": (family,), "plaques": (plaque(of, person, "现役军人", last_day(of.today, 1, 26)),), "payments": tuple(payments),
        "visits": (visit(of, person, "现役军人家庭", "八一"),),
    }  # fmt: skip
    if of.random.random() < 0.3:
        records["honors"] = (merit(of, person),)
    return records


def student_soldier(of: Inventor) -> Records:
    """A conscript who was at college, for which the county gives a bounty."""
    return soldier(of, of.random.choice(("大学新生", "大学在校生", "大学毕业生")))


def sergeant(of: Inventor) -> Records:
    """Somebody who stayed in the army; his family gets a plaque and visits, but no allowance."""
    family = _family(of, of.today.year - of.random.randrange(4, 9), "高中及以下")
    row: Row = {**family, "soldier_type": "军士", "payee_name": None, "bank_name": None, "bank_account": None}
    person: Row = {"name": family["soldier_name"], "id_number": family["soldier_id"], "village": family["village"]}
    return {
        "military_families": (row,), "plaques": (plaque(of, person, "现役军人", last_day(of.today, 1, 26)),),
        "visits": (visit(of, person, "现役军人家庭", "春节"),),
    }  # fmt: skip

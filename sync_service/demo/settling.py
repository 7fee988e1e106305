"""Work and training for those who left the army: placed by the government years ago, or received this year."""

from datetime import date, timedelta

from sync_service.demo.honouring import plaque
from sync_service.demo.inventor import Identity, Inventor, Records, Row, Service, last_day
from workbook_templates.cells import Raw

EMPLOYERS = ("县供销社", "县化肥厂", "县棉纺厂", "县粮食局", "县汽车运输公司")
_GAP = ("1998-07", "2008-12", 126)
"""From when to when the factories paid nothing into the insurance, and how many months that is."""


def station_of(of: Inventor) -> str:
    """The name of the township's own station."""
    return f"{of.township.name}退役军人服务站"


def placed_veteran(of: Inventor, **more: Raw) -> tuple[Row, Service, Identity]:
    """A sergeant to whom the government gave work: the row of 退役军人, when he served, and who he is."""
    who = of.identity(1960, 1972)
    service = of.served(who, (12.5, 16))
    row = of.veteran(
        of.about(who, "城镇"), service, "政府安排工作退役士兵", "军士(士官、志愿兵)", enlist_hukou="城镇",
        placement_employer=of.random.choice(EMPLOYERS), placement_year=service.discharged[0] + 1, **more,
    )  # fmt: skip
    return row, service, who


def entry(of: Inventor, veteran: Row) -> Row:
    """A placed veteran in the county's old register, in which many numbers have 15 digits or are missing."""
    number, year = str(veteran["id_number"]), veteran["placement_year"]
    home = of.township.name if of.township.filler == "township" else of.random.choice(of.township.county.townships)
    known = of.random.choice((number, number, f"{number[:6]}{number[8:17]}", None))
    return {
        "archive_no": f"{year}-介-{of.township.code[-2:]}{of.count('archives'):03d}", "name": veteran["name"],
        "id_number": known, "birth_month": None if known else f"{number[6:10]}-{number[10:12]}",
        "enlist_date": veteran["enlist_date"], "discharge_date": veteran["discharge_date"], "placement_year": year,
        "placement_employer": veteran["placement_employer"], "origin_township": home,
        "notified": of.random.choice(("已通知", "已通知", "未通知")),
    }  # fmt: skip


def insurance_case(of: Inventor, veteran: Row, months: int) -> Row:
    """A placed veteran's application to make up for what his factory did not pay; he served so many months."""
    applied = date(2019, 6, 3) + timedelta(of.random.randrange(600))
    status = of.random.choice(("已录入", "审核通过", "已补缴"))
    row: dict[str, Raw] = {
        "accept_no": f"{of.township.code[-3:]}-{applied.year}-{of.count('insurance'):04d}", "name": veteran["name"],
        "id_number": veteran["id_number"], "village": veteran["village"], "phone": veteran["phone"], "apply_date": applied,
        "station": station_of(of), "enlist_date": veteran["enlist_date"], "discharge_date": veteran["discharge_date"],
        "placement_mode": "政府安排工作", "placement_year": veteran["placement_year"],
        "placement_employer": veteran["placement_employer"], "employer_status": of.random.choice(("改制", "破产", "撤销")),
        "insurance_types": "养老", "gap_from": _GAP[0], "gap_to": _GAP[1], "pension_months": min(months, _GAP[2]) // 2,
        "relief": "无", "case_status": status, "entry_date": applied + timedelta(7),
    }  # fmt: skip
    if status == "已补缴":
        row |= {
            "employer_pay": 21600.0,
            "personal_pay": 10800.0,
            "fiscal_pay": 0.0,
            "finish_date": applied + timedelta(200),
        }
    return row


def placed(of: Inventor) -> Records:
    """A sergeant to whom the government gave work."""
    row, _, _ = placed_veteran(of)
    return {
        "veterans": (row,), "plaques": (plaque(of, row, "退役军人"),), "placement_history": (entry(of, row),)
    }  # fmt: skip


def insured(of: Inventor) -> Records:
    """One whose factory went under, and who applied to have his insurance made up for."""
    row, service, _ = placed_veteran(of, pension_status="断缴", medical_status="城乡居民基本医疗保险")
    return {
        "veterans": (row,), "plaques": (plaque(of, row, "退役军人"),), "placement_history": (entry(of, row),),
        "insurance_cases": (insurance_case(of, row, service.months),),
    }  # fmt: skip


def _trained(of: Inventor, year: int) -> dict[str, Raw]:
    if of.random.random() < 0.3:
        return {"train_applied": "否"}
    finished = of.random.random() < 0.4
    return {
        "train_applied": "是", "train_apply_date": date(year, 4, 6), "train_org": "县职业技术学校",
        "train_course": of.random.choice(("汽车驾驶", "电工", "汽车驾驶、电工", "电焊", "计算机")),
        "train_status": "结业" if finished else "已报名", "train_end": date(year, 5, 10) if finished else None,
    }  # fmt: skip


def _received(of: Inventor, year: int, veteran: Row, **more: Raw) -> Records:
    """Received in the spring of a year: the rows of 退役军人, 光荣牌 and 安置培训就业."""
    row: Row = {
        **{name: veteran[name] for name in ("name", "id_number", "village", "phone", "enlist_date", "discharge_date", "merit")},
        "receive_year": year, "batch": "春季", "report_date": date(year, 3, of.random.randrange(18, 29)),
        "archive_in_date": date(year, 4, 2), "archive_audit_date": date(year, 4, 10), "archive_count": 1,
        "archive_result": "合格", "adaptive_training": "已参加", **_trained(of, year), "startup": "否",
        "employment_status": veteran["employment_status"], **more,
    }  # fmt: skip
    hung = plaque(of, veteran, "退役军人", date(year, 5, 1))
    return {"veterans": (veteran,), "plaques": (hung,), "placement_training": (row,)}


def _last_spring(today: date) -> int:
    """The year of the last spring whose soldiers are all received by today."""
    return last_day(today, 5, 15).year


def received(of: Inventor) -> Records:
    """A conscript who came home in the last spring: received with his file, and asked what he wants to learn."""
    year = _last_spring(of.today)
    who = of.identity(year - 22, year - 20)
    veteran = of.veteran(
        of.about(who), Service((year - 2, 3), (year, 3)), "自主就业退役士兵", "义务兵", discharge_date=date(year, 3, 16),
        employment_status="待就业(有求职意愿)", card_status="办理中",
    )  # fmt: skip
    return _received(of, year, veteran, rank_group="义务兵", placement_mode="自主就业", grant_amount=18000.0)


def received_sergeant(of: Inventor) -> Records:
    """A sergeant of thirteen years who came home in the last spring, and to whom the government gives work."""
    year = _last_spring(of.today)
    who = of.identity(year - 34, year - 32)
    veteran = of.veteran(
        of.about(who), Service((year - 13, 3), (year, 3)), "政府安排工作退役士兵", "军士(士官、志愿兵)",
        discharge_date=date(year, 3, 16), employment_status="国有企业", card_status="办理中", placement_employer="县城投公司",
        placement_year=year, pension_status="城镇职工养老保险",
    )  # fmt: skip
    return _received(of, year, veteran, rank_group="军士", placement_mode="安排工作", employer="县城投公司")

"""Mistakes that can be made in several sheets alike: dates in the wrong order, names that differ, one phone for many."""

from collections.abc import Mapping
from datetime import date, timedelta

from sync_service.demo.benefit_mistakes import unpaid
from sync_service.demo.case_mistakes import merited
from sync_service.demo.inventor import Identity, Inventor, Records, Row, Service
from sync_service.demo.mistake import Change, Find, Mistake, Sheet, first_of, is_, neighbours, shared
from sync_service.demo.people import Maker, asking, conscript, dead, exemplary, needy, rural, survivor
from sync_service.demo.settling import insured, received
from sync_service.demo.soldiers import sergeant
from workbook_templates.cells import Raw
from workbook_templates.kinds.resident_id import born, sex_of

_FAMILY: Maker = first_of(sergeant, "military_families")
_CLAIM: Maker = first_of(unpaid(survivor), "beneficiaries")
T01, T02, T03 = Sheet("veterans", conscript), Sheet("beneficiaries", unpaid(rural)), Sheet("military_families", _FAMILY)
T07, T08, T09 = (
    Sheet("health_checks", survivor),
    Sheet("insurance_cases", insured),
    Sheet("placement_training", received),
)
T10, T12 = Sheet("service_cases", needy), Sheet("honors", merited)


def _day(row: Row, column: str) -> date:
    day = row[column]
    assert isinstance(day, date)
    return day


def _before(other: str, column: str, **more: Raw) -> Change:
    """A date stands five days before the other one."""
    return lambda row, of: {column: _day(row, other) - timedelta(5), **more}  # noqa: ARG005


def _exchanged(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"enlist_date": row["discharge_date"], "discharge_date": row["enlist_date"]}


def _enlisted(years: int) -> Change:
    """Enlisted so many years after (or before) the year that is right."""

    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        value = str(row["enlist_date"])
        return {"enlist_date": f"{int(value[:4]) + years}{value[4:]}"}

    return change


def _enlisted_at(age: int) -> Change:
    """Enlisted in December of the year in which the soldier was so old."""
    return lambda row, of: {"enlist_date": f"{born(str(row['soldier_id'])).year + age}-12"}  # noqa: ARG005


def _another_name(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    return {"name": of.name()}


def _home_by_another_name(records: Records, of: Inventor) -> Records:
    """The soldier is also a veteran who moved away, under another name."""
    number = str(records["military_families"][0]["soldier_id"])
    who = Identity(of.name(), number, born(number), sex_of(number))
    service = Service((who.birth.year + 20, 9), (who.birth.year + 22, 9))
    veteran = of.veteran(
        of.about(who), service, "自主就业退役士兵", "义务兵", person_status="户口迁出", status_date=of.this_year()
    )
    return {**records, "veterans": (veteran,)}


def _namesake(row: Row, of: Inventor) -> tuple[Row, ...]:
    number = of.number(born(str(row["id_number"])), str(row["sex"]))
    return row, {**row, "id_number": number, "phone": of.phone(), "cert_holder": "否"}


def _finished_before(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    sums = dict.fromkeys(("employer_pay", "personal_pay", "fiscal_pay"), 100.0)
    return {"case_status": "已补缴", "finish_date": _day(row, "apply_date") - timedelta(5), **sums}


def _trained_before(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    applied = _day(row, "report_date") + timedelta(30)
    return {
        "train_applied": "是", "train_apply_date": applied, "train_course": "电工", "train_status": "结业",
        "train_end": applied - timedelta(5),
    }  # fmt: skip


def _due_before(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"case_type": "信访诉求", "due_date": _day(row, "reg_date") - timedelta(5), "issue_type": "退役安置"}


def _audited(town: int, county: int) -> Change:
    """Audited by township and county so many days after the matter was written down."""

    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        day = _day(row, "reg_date")
        return {
            "case_type": "困难帮扶", "town_audit_date": day + timedelta(town), "county_audit_date": day + timedelta(county),
        }  # fmt: skip

    return change


def _news_before(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"notice_date": date(int(str(row["honor_date"])[:4]), 11, 20)}


def _one_phone(form: str, maker: Maker, who: str) -> Mistake:
    return Mistake(
        f"phone-{form}",
        f"五个{who}都填了一个电话",
        neighbours(maker, 5),
        shared(form, "phone"),
        (Find("P06", form, "phone"),),
    )


IN_SEVERAL_SHEETS: tuple[Mistake, ...] = (
    T01.row("dead-and-working", "人已去世还填着务农", "employment_status", "X05",
            lambda row, of: {**dead(of.this_year()), "employment_status": "务农"}),  # noqa: ARG005
    T02.row("benefit-exchanged", "优抚对象的入伍和退役填反", "discharge_date", "D08", _exchanged),
    T02.rows("benefit-namesake", "优抚对象同名同生日却有两个号", {(0, "id_number"): "X02", (1, "id_number"): "X02"}, _namesake, _CLAIM),
    T03.row("family-child", "军人入伍时还是孩子", "enlist_date", "D09", _enlisted_at(12)),
    T03.row("family-young", "军人入伍时才十五岁", "enlist_date", "D09", _enlisted_at(15)),
    Mistake("family-name", "军人在退役军人表里是另一个名字", _FAMILY, _home_by_another_name,
            (Find("X01", "military_families", "soldier_name"), Find("X01", "veterans", "name"))),
    Mistake("plaque-head", "一个户主名下挂了两块牌", neighbours(conscript, 2), shared("plaques", "head_name", "head_id"),
            (Find("K07", "plaques", "head_id"),)),
    T07.row("check-name", "体检的姓名和优抚对象表不同", "name", "X01", _another_name),
    T08.row("insured-name", "申请人的姓名和退役军人表不同", "name", "X01", _another_name),
    T08.row("insured-served", "申请表的入伍和退役填反", "discharge_date", "D08", _exchanged),
    T08.row("insured-child", "申请人入伍时还是孩子", "enlist_date", "D09", _enlisted(-10)),
    T08.row("insured-finish", "办结日期早于申请日期", "finish_date", "D15", _finished_before),
    T08.row("insured-medical", "医疗补缴月数超过军龄", "medical_months", "X72", is_(insurance_types="养老和医疗", medical_months=300)),
    T09.row("trained-name", "接收的姓名和退役军人表不同", "name", "X01", _another_name),
    T09.row("trained-served", "接收表的入伍晚于退役", "discharge_date", "D08",
            lambda row, of: {"enlist_date": f"{_day(row, 'discharge_date').year}-04"}),  # noqa: ARG005
    T09.row("trained-child", "接收的人入伍时还是孩子", "enlist_date", "D09", _enlisted(-10)),
    T09.row("trained-short", "服役才一个月", "discharge_date", "D10",
            lambda row, of: {"enlist_date": f"{_day(row, 'discharge_date').year}-02"}),  # noqa: ARG005
    T09.row("trained-report", "报到早于退役", "report_date", "D15", _before("discharge_date", "report_date")),
    T09.row("trained-end", "结业早于申请", "train_end", "D15", _trained_before),
    T10.row("case-name", "帮扶的姓名和退役军人表不同", "name", "X01", _another_name),
    T10.row("case-town", "乡镇审核早于登记", "town_audit_date", "D15", _audited(-5, 12)),
    T10.row("case-county", "县级审批早于乡镇审核", "county_audit_date", "D15", _audited(8, 3)),
    T10.row("case-due", "办理期限早于登记", "due_date", "D15", _due_before, asking),
    T12.row("honor-notice", "接报早于立功", "notice_date", "D15", _news_before),
    T12.row("honor-name", "典型的姓名和退役军人表不同", "name", "X01", _another_name, exemplary),
    _one_phone("beneficiaries", _CLAIM, "优抚对象"),
    _one_phone("military_families", _FAMILY, "军人家庭"),
    _one_phone("insurance_cases", insured, "申请人"),
    _one_phone("placement_training", received, "接收的人"),
    _one_phone("service_cases", needy, "帮扶对象"),
)  # fmt: skip

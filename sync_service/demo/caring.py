"""What is done for people: visits at the festivals, health checks, and the matters that they bring to the station."""

from datetime import date, timedelta

from sync_service.demo.inventor import Inventor, Row, last_day
from workbook_templates.cells import Raw

_TROUBLES = (
    ("生活", "其他特殊情况", "家中主要劳力外出务工受阻，老人孩子生活暂时困难，申请帮扶"),
    ("住房", "突发事件(火灾水灾/交通事故/重大疾病/人身伤害/见义勇为)", "大雨造成房屋漏雨、院墙倒塌，申请帮助修缮"),
    ("医疗", "旧伤复发或残情病情加重", "今年住院花费较多，家庭负担重，需医疗救助"),
    ("就业创业", "服役时间长致长期失业或下岗", "下岗后长期没有固定工作，请求帮助找工作"),
)
"""What a matter is about, how it came about, and in which words it is written down."""


def _about(person: Row) -> dict[str, Raw]:
    return {name: person[name] for name in ("name", "id_number", "village")}


def visit(of: Inventor, person: Row, target: str, campaign: str) -> Row:
    """A visit at the last 春节 or 八一 to a person (name, id_number, village) of the kind `target`."""
    month, day = (1, 26) if campaign == "春节" else (7, 31)
    return {
        **_about(person), "campaign": campaign,
        "visit_date": last_day(of.today, month, day) - timedelta(of.random.randrange(7)), "target_type": target,
        "visit_mode": "入户", "cash": of.random.choice((200.0, 300.0, 500.0)), "goods_value": 150.0, "goods": "米、油",
        "fund_source": of.random.choice(("县财政", "乡镇")), "visitor": "王永胜(村支部书记)、刘芳(站长)",
    }  # fmt: skip


def health_check(of: Inventor, person: Row) -> Row:
    """The yearly health check of a beneficiary, which some do not go to."""
    last = last_day(of.today, 6, 20)
    row: dict[str, Raw] = {**_about(person), "exam_year": last.year, "batch": f"第{of.random.randrange(1, 3)}批"}
    if of.random.random() < 0.2:
        reason = of.random.choice(("外出", "行动不便", "本人放弃", "已自行体检"))
        return {**row, "exam_status": "应检未检", "unexamined_reason": reason}
    return {
        **row, "exam_status": "已检", "exam_date": last - timedelta(of.random.randrange(30)), "hospital": "县人民医院",
        "cost": 180.0, "follow_up": of.random.choice(("否", "否", "否", "是")),
    }  # fmt: skip


def _registered(of: Inventor, person: Row, kind: str, channel: str) -> tuple[date, dict[str, Raw]]:
    """A matter that was written down a month to half a year ago: the day, and the row so far."""
    day = of.today - timedelta(of.random.randrange(30, 180))
    number = f"{of.township.code[-3:]}-{day:%Y%m}-{of.count('cases'):03d}"
    return day, {
        **_about(person), "case_no": number, "case_type": kind, "reg_date": day, "channel": channel, "people": 1,
        "phone": person["phone"],
    }  # fmt: skip


def aid(of: Inventor, person: Row) -> Row:
    """Help for somebody (name, id_number, village, phone) in need: applied for, approved by township and county, and given."""
    day, row = _registered(of, person, of.random.choice(("困难帮扶", "解四难")), "走访发现")
    issue, hardship, reason = of.random.choice(_TROUBLES)
    amount = of.random.choice((1000.0, 2000.0, 3000.0))
    return {
        **row, "issue_type": issue, "hardship": hardship, "reason": reason, "apply_amount": amount + 1000,
        "town_audit_date": day + timedelta(4) if row["case_type"] == "困难帮扶" else None,
        "county_audit_date": day + timedelta(12), "case_status": "已办结", "aid_mode": "资金", "aid_amount": amount,
        "finish_date": day + timedelta(19), "satisfaction": "满意", "repeat_case": "否",
    }  # fmt: skip


def petition(of: Inventor, person: Row) -> Row:
    """A petition, answered in time."""
    day, row = _registered(of, person, "信访诉求", of.random.choice(("来访", "来信", "来电", "12345")))
    return {
        **row, "issue_type": of.random.choice(("退役安置", "优待抚恤", "社会保险")), "reason": "询问当年安置和补缴的政策，希望核对档案",
        "due_date": day + timedelta(60), "case_status": "已办结", "finish_date": day + timedelta(25), "satisfaction": "基本满意",
        "repeat_case": "否",
    }  # fmt: skip


def question(of: Inventor, person: Row) -> Row:
    """A question about what somebody is entitled to, answered the same week."""
    day, row = _registered(of, person, "政策咨询", "来电")
    return {
        **row, "issue_type": "政策咨询", "reason": "咨询优待证怎样申领、能享受哪些优待", "case_status": "已办结",
        "finish_date": day + timedelta(2), "satisfaction": "满意",
    }  # fmt: skip

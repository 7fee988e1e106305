"""The mistakes that clerks make in 社保接续 to 荣誉典型, each once."""

from collections.abc import Mapping
from datetime import date, timedelta

from sync_service.demo.honouring import merit
from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.mistake import Change, Find, Mistake, Sheet, Spoil, first_of, is_, neighbours, shared
from sync_service.demo.offices import of_township
from sync_service.demo.people import asking, exemplary, needy
from sync_service.demo.settling import insured, received, received_sergeant
from sync_service.demo.soldiers import soldier
from workbook_templates.cells import Raw

T08, T09 = Sheet("insurance_cases", insured), Sheet("placement_training", received)
T10, T12 = Sheet("service_cases", needy), Sheet("honors", exemplary)


def _day(row: Row, column: str) -> date:
    day = row[column]
    assert isinstance(day, date)
    return day


def _after(other: str, column: str, days: int, **more: Raw) -> Change:
    """A date stands so many days after the other one."""
    return lambda row, of: {column: _day(row, other) + timedelta(days), **more}  # noqa: ARG005


def _applied(**more: Raw) -> Mapping[str, Raw]:
    return {"train_applied": "是", "train_course": "电工", "train_status": "已报名", "train_end": None, **more}


def _overdue(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    registered = of.today - timedelta(100)
    return {
        "case_type": "信访诉求", "reg_date": registered, "due_date": registered + timedelta(60), "case_status": "受理中",
        "issue_type": "退役安置", "finish_date": None, "satisfaction": None,
    }  # fmt: skip


def _helped_again(row: Row, of: Inventor) -> tuple[Row, ...]:
    """Help for the same trouble, two weeks later."""
    days = ("reg_date", "town_audit_date", "county_audit_date", "finish_date")
    first: Row = {
        **row, "case_type": "困难帮扶", "town_audit_date": _day(row, "reg_date") + timedelta(4),
    }  # fmt: skip
    earlier = {name: _day(first, name) - timedelta(14) for name in days}
    number = f"{of.township.code[-3:]}-{earlier['reg_date']:%Y%m}-{of.count('cases'):03d}"
    return {**first, **earlier, "case_no": number}, first


def _in_old_register(of: Inventor) -> Records:
    """One who applied, and whose number the county's old register knows."""
    records = insured(of)
    number = records["veterans"][0]["id_number"]
    (known,) = records["placement_history"]
    return {**records, "placement_history": ({**known, "id_number": number, "birth_month": None},)}


def merited(of: Inventor) -> Records:
    """A soldier of whom good news came."""
    records = soldier(of)
    family = records["military_families"][0]
    person: Row = {"name": family["soldier_name"], "id_number": family["soldier_id"], "village": family["village"]}
    return {**records, "honors": (merit(of, person),)}


def _station(nth: int, **changes: Raw) -> Spoil:
    """One of the township's stations (the first is its own) is written down otherwise."""

    def make(records: Records, of: Inventor) -> Records:
        del of
        rows = list(records["stations"])
        rows[nth] = {**rows[nth], **changes}
        return {**records, "stations": tuple(rows)}

    return make


def _stations(first: int, last: int | None = None) -> Spoil:
    """Only these of the township's stations are written down."""
    return lambda records, of: {**records, "stations": records["stations"][first:last]}  # noqa: ARG005


def _two_in_a_village(records: Records, of: Inventor) -> Records:
    name, phone = of.name(), of.phone()
    own, first, *others = records["stations"]
    twin: Row = {
        **first,
        "station_name": f"{first['station_name']}(分站)",
        "liaison_name": name,
        "liaison_phone": phone,
    }
    return {**records, "stations": (own, first, twin, *others)}


def _paid_up(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {
        "case_status": "已补缴", "employer_pay": None, "personal_pay": 10800.0, "fiscal_pay": 0.0,
        "finish_date": _day(row, "apply_date") + timedelta(90),
    }  # fmt: skip


INSURANCE: tuple[Mistake, ...] = (
    T08.cell("insured-months", "军龄自己填成了 30 个月", "service_months", "M14", 30),
    T08.cell("insured-mode", "安置方式不是政府安排工作", "placement_mode", "X71", "复员"),
    T08.row("insured-long", "补缴月数超过军龄", "pension_months", "X72", is_(gap_from="1985-01", pension_months=250)),
    T08.cell("insured-gap", "补缴月数超过断缴月数", "pension_months", "X73", 140),
    T08.cell("insured-exchanged", "断缴起止填反", "gap_to", "D14", "1990-01"),
    T08.row("insured-entry", "录入日期早于申请日期", "entry_date", "D15", _after("apply_date", "entry_date", -1)),
    T08.row("insured-unpaid", "已补缴没填单位缴费", "employer_pay", "M02", _paid_up),
    T08.cell("insured-employer", "安置单位和安置名册不一致", "placement_employer", "X74", "县五金厂", _in_old_register),
    T08.row_finds("insured-year", "申请表的安置年度比退役晚了八年", {"placement_year": "X15", "placement_employer": "X74"},
                  lambda row, of: {"placement_year": int(str(row["placement_year"])) + 7}, _in_old_register),  # noqa: ARG005
)  # fmt: skip

TRAINING: tuple[Mistake, ...] = (
    Mistake("trained-stranger", "接收的人退役军人表里没有", first_of(received, "placement_training"),
            lambda records, of: records, (Find("X86", "placement_training", "id_number"),)),  # noqa: ARG005
    T09.row("trained-job", "义务兵选了安排工作", "placement_mode", "X81", is_(placement_mode="安排工作", merit=None)),
    T09.cell("trained-twelve", "满十二年的军士选了自主就业", "placement_mode", "X82", "自主就业", received_sergeant),
    T09.cell("trained-conscript", "义务兵选了转业", "placement_mode", "X83", "转业"),
    T09.cell("trained-retired", "三十多岁选了退休", "placement_mode", "X84", "退休", received_sergeant),
    T09.row("trained-late", "退役两个多月才报到", "report_date", "X85", _after("report_date", "discharge_date", -65)),
    T09.row("trained-early", "报到之前就申请培训", "train_apply_date", "X87",
            _after("report_date", "train_apply_date", -3, **_applied())),
    T09.cell("trained-files", "档案填了两份", "archive_count", "X88", 2),
    T09.row("trained-audit", "档案审核早于接收", "archive_audit_date", "D15", _after("archive_in_date", "archive_audit_date", -1)),
    T09.row("trained-course", "申请培训没填项目", "train_course", "M02",
            _after("report_date", "train_apply_date", 9, **_applied(train_course=None))),
    T09.row("trained-word", "培训项目写了“驾校”", "train_course", "",
            _after("report_date", "train_apply_date", 9, **_applied(train_course="驾校"))),
)  # fmt: skip

CASES: tuple[Mistake, ...] = (
    Mistake("case-number", "两件事项一个编号", neighbours(needy, 2), shared("service_cases", "case_no"),
            (Find("K08", "service_cases", "case_no"), Find("K08", "service_cases", "case_no", 1))),
    T10.row("case-overdue", "信访超期没有办结", "due_date", "X91", _overdue, asking),
    T10.rows("case-again", "一年内同一困难又批了一次", {(1, "hardship"): "X92"}, _helped_again),
    T10.row("case-finished", "办结日期早于登记日期", "finish_date", "D15", _after("reg_date", "finish_date", -1)),
    T10.cell("case-reason", "事由写得太短", "reason", "M11", "生活困难"),
    T10.cell("case-amount", "给了资金没填帮扶金额", "aid_amount", "M02", None),
    T10.cell("case-illness", "事由里写了病名", "reason", "S04", "本人患肺癌住院，家庭负担重，申请帮扶"),
    T10.cell("case-people", "涉及人数填了 0", "people", "M13", 0),
)  # fmt: skip

HONORS: tuple[Mistake, ...] = (
    T12.row("honor-delivered", "喜报送达早于接报", "deliver_date", "D15", _after("notice_date", "deliver_date", -3), merited),
    T12.cell("honor-undelivered", "已送达没填送达日期", "deliver_date", "M02", None, merited),
    T12.cell("honor-word", "荣誉类型写了“喜报”", "honor_type", "M05", "喜报", merited),
    T12.cell("honor-deed", "典型没写事迹", "deed", "M02", None),
    T12.cell("honor-short", "事迹只写了一句", "deed", "M11", "热心公益，乐于助人。"),
)  # fmt: skip

OFFICES: tuple[Mistake, ...] = (
    Mistake("station-missing", "有个村没有登记服务站", of_township, _stations(0, -1), (Find("X95", "stations", "village", None),)),
    Mistake("liaison-missing", "乡镇没有登记联络员", of_township, _stations(1), (Find("X96", "stations", "level", None),)),
    Mistake("station-twice", "一个村登记了两个站", of_township, _two_in_a_village, (Find("K09", "stations", "village", 1),)),
    Mistake("station-notice", "有咨询窗口没有张贴告示", of_township, _station(1, ins_notice="否"), (Find("X97", "stations", "ins_notice", 1),)),
    Mistake("station-staff", "退役军人比全部人员还多", of_township, _station(0, staff_veteran=9), (Find("X98", "stations", "staff_veteran"),)),
    Mistake("station-sign", "挂了牌没填挂牌日期", of_township, _station(2, sign_date=None), (Find("M02", "stations", "sign_date", 2),)),
)  # fmt: skip
"""Mistakes in what a township's workbook holds about nobody."""

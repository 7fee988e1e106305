"""Right rows of every form, written out by hand: a few people of one township, and what the county's bureau keeps.

Nothing is wrong in them, within rows, between rows and between sheets; so what is found in spoilt ones is what was spoilt.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from workbook_templates.cells import Raw
from workbook_templates.form import load_forms
from workbook_templates.kinds.numbered import luhn
from workbook_templates.kinds.resident_id import make_number
from workbook_templates.place import County, Township

Cells = Mapping[str, Raw]

FORMS = load_forms()
TODAY = date(2026, 11, 23)
COUNTY = County("990101", "清河县", ("城关镇", "石桥镇"))
TOWNSHIP = Township(COUNTY, "990101001", "城关镇", ("东风村", "向阳村", "红星社区"))
BUREAU = Township(COUNTY, "990101000", "县本级", ("城关镇东风村", "石桥镇石桥村"), "county")
PERIOD = "2026下半年"


def _number(born: str, sequence: int) -> str:
    return make_number(COUNTY.code, date.fromisoformat(born), sequence)


ZHANG, ZHAO, WANG = _number("1960-05-06", 11), _number("1968-03-12", 13), _number("2004-11-05", 15)
LI, SUN, ZHOU = _number("1950-06-08", 12), _number("1955-02-03", 17), _number("1972-08-19", 19)
SOLDIER, FATHER = _number("2005-05-17", 21), _number("1976-09-21", 23)
CARDS = tuple(
    next(f"62170000000000000{n}{d}" for d in "0123456789" if luhn(f"62170000000000000{n}{d}")) for n in range(5)
)

_LIVES: Cells = {
    "village": "东风村", "hukou_type": "农村", "hukou_address": "清河县城关镇东风村3组12号", "phone": "13900000001",
}  # fmt: skip
_VETERAN: Cells = {
    **_LIVES, "ethnicity": "汉族", "residence_address": "同户籍", "residence_status": "人户一致", "education": "初中",
    "political_status": "群众", "war_test": "无", "employment_status": "务农", "pension_status": "城乡居民养老保险",
    "medical_status": "城乡居民基本医疗保险", "card_status": "已领取", "living_status": "一般", "person_status": "正常",
    "veteran_category": "回乡生产的退役士兵", "rank_group": "义务兵", "enlist_hukou": "农村",
}  # fmt: skip
_RECEIVES: Cells = {
    **_LIVES, "benefit_status": "享受待遇", "benefit_start": "2015-08", "lonely": "否", "support_mode": "分散",
    "bank_name": "农村信用社(农商行)", "annual_confirm": date(2026, 3, 18),
}  # fmt: skip
_PAID: Cells = {
    "village": "东风村", "period_from": "2026-07", "period_to": "2026-09", "months": 3, "pay_date": date(2026, 9, 25),
    "pay_method": "一卡通", "pay_status": "已发放",
}  # fmt: skip
_HUNG: Cells = {
    "village": "东风村", "hang_address": "东风村3组12号", "action": "新挂", "route": "主动悬挂", "hang_date": date(2024, 1, 26),
    "hang_mode": "门口悬挂", "plaque_status": "在挂",
}  # fmt: skip


def _plaque(n: int, name: str, number: str, kind: str) -> Cells:
    return {
        **_HUNG, "hang_address": f"东风村3组{n}号", "plaque_no": f"GRP-2024-{n:05d}", "holder_name": name, "holder_id": number, "household_type": kind,
        "head_name": name, "head_id": number, "receiver": name,
    }  # fmt: skip


def _station(name: str, level: str, n: int, **more: Raw) -> Cells:
    return {
        "station_name": name, "level": level, "address": "党群服务中心", "sign_hung": "是", "sign_date": date(2019, 4, 12),
        "head_name": "王永胜", "head_phone": f"1390000001{n}", "liaison_name": "刘芳", "liaison_phone": f"1390000002{n}",
        "staff_full": 0, "staff_part": 2, "staff_veteran": 1, "ins_consult_window": "是", "board_count": 1, "budget": 5000.0,
        "model_level": "未创建", **more,
    }  # fmt: skip


ROWS: Mapping[str, Sequence[Cells]] = {
    "veterans": (
        {**_VETERAN, "name": "张建国", "id_number": ZHANG, "enlist_date": "1978-12", "discharge_date": "1982-01"},
        {
            **_VETERAN, "name": "赵卫东", "id_number": ZHAO, "phone": "13900000002", "hukou_type": "城镇",
            "enlist_hukou": "城镇", "veteran_category": "政府安排工作退役士兵", "rank_group": "军士(士官、志愿兵)",
            "enlist_date": "1986-11", "discharge_date": "1999-12", "placement_employer": "县供销社", "placement_year": 2000,
            "employment_status": "灵活就业", "pension_status": "断缴",
        },
        {
            **_VETERAN, "name": "王强", "id_number": WANG, "phone": "13900000003", "veteran_category": "自主就业退役士兵",
            "enlist_date": "2024-03", "discharge_date": "2026-03-16", "enlist_hukou": None,
            "employment_status": "待就业(有求职意愿)",
        },
        {**_VETERAN, "name": "孙福海", "id_number": SUN, "phone": "13900000004", "enlist_date": "1974-12",
         "discharge_date": "1978-12", "employment_status": "退休(养老)"},
        {**_VETERAN, "name": "周志刚", "id_number": ZHOU, "phone": "13900000005", "enlist_date": "1990-12",
         "discharge_date": "1994-12"},
    ),
    "beneficiaries": (
        {
            **_RECEIVES, "name": "李秀英", "id_number": LI, "phone": "13900000006", "beneficiary_category": "烈士遗属",
            "cert_no": "清优字0001号", "kinship": "配偶", "martyr_name": "王大勇", "cert_holder": "是",
            "monthly_amount": 1960.0, "account_name": "李秀英", "bank_account": CARDS[0],
        },
        {
            **_RECEIVES, "name": "孙福海", "id_number": SUN, "phone": "13900000004",
            "beneficiary_category": "60周岁以上农村籍退役士兵", "enlist_date": "1974-12", "discharge_date": "1978-12",
            "service_years": 4, "monthly_amount": 248.0, "account_name": "孙福海", "bank_account": CARDS[1],
        },
        {
            **_RECEIVES, "name": "周志刚", "id_number": ZHOU, "phone": "13900000005", "beneficiary_category": "残疾军人",
            "cert_no": "清军残00001", "disability_grade": "六级", "disability_nature": "因公", "mental_disability": "否",
            "enlist_date": "1990-12", "discharge_date": "1994-12", "monthly_amount": 1610.0, "account_name": "周志刚",
            "bank_account": CARDS[2],
        },
    ),
    "military_families": (
        {
            "soldier_name": "李伟", "soldier_id": SOLDIER, "soldier_type": "义务兵", "enlist_date": "2025-09",
            "enlist_batch": "秋季", "approval_county": "本县", "student_status": "大学在校生", "degree_level": "本科",
            "service_region": "一般地区", "service_status": "服役中", "village": "东风村",
            "home_address": "清河县城关镇东风村5组8号", "contact_name": "李德明", "relation": "父母", "contact_id": FATHER,
            "phone": "13900000007", "payee_name": "李德明", "bank_name": "农村信用社(农商行)", "bank_account": CARDS[3],
        },
    ),
    "payments": (
        {
            **_PAID, "batch_no": "2026-DQFX-03", "benefit_type": "三属定期抚恤金", "name": "李秀英", "id_number": LI,
            "beneficiary_category": "烈士遗属", "standard": 1960.0, "amount": 5880.0, "bank_account": CARDS[0],
        },
        {
            **_PAID, "batch_no": "2026-LNBZ-03", "benefit_type": "老年生活补助(60岁农村籍)", "name": "孙福海",
            "id_number": SUN, "beneficiary_category": "60周岁以上农村籍退役士兵", "standard": 248.0, "amount": 744.0,
            "bank_account": CARDS[1],
        },
        {
            **_PAID, "batch_no": "2026-CJFX-03", "benefit_type": "残疾抚恤金", "name": "周志刚", "id_number": ZHOU,
            "beneficiary_category": "残疾军人", "standard": 1610.0, "amount": 4830.0, "bank_account": CARDS[2],
        },
        {
            "batch_no": "2026-YDJ-01", "benefit_type": "义务兵家庭优待金", "name": "李伟", "id_number": SOLDIER,
            "village": "东风村", "period_from": "2026-01", "period_to": "2026-12", "amount": 13200.0,
            "pay_date": date(2026, 8, 1), "pay_method": "一卡通", "payee_name": "李德明", "payee_id": FATHER,
            "bank_account": CARDS[3], "pay_status": "已发放",
        },
        {
            "batch_no": "2026-CJWW-01", "benefit_type": "春节慰问金", "name": "张建国", "id_number": ZHANG,
            "village": "东风村", "period_from": "2026-02", "period_to": "2026-02", "amount": 500.0,
            "pay_date": date(2026, 2, 5), "pay_method": "现金", "pay_status": "已发放", "remark": "本人签收",
        },
    ),
    "plaques": (
        _plaque(1, "张建国", ZHANG, "退役军人"), _plaque(2, "赵卫东", ZHAO, "退役军人"), _plaque(3, "王强", WANG, "退役军人"),
        _plaque(4, "孙福海", SUN, "退役军人"), _plaque(5, "周志刚", ZHOU, "退役军人"), _plaque(6, "李秀英", LI, "烈士遗属"),
        _plaque(7, "李伟", SOLDIER, "现役军人"),
    ),
    "visits": (
        {
            "campaign": "春节", "visit_date": date(2026, 1, 28), "name": "李秀英", "id_number": LI, "village": "东风村",
            "target_type": "重点优抚对象", "visit_mode": "入户", "cash": 500.0, "goods_value": 200.0, "goods": "米、油",
            "fund_source": "县财政", "visitor": "王永胜(村支部书记)",
        },
    ),
    "health_checks": (
        {
            "name": "李秀英", "id_number": LI, "village": "东风村", "exam_year": 2026, "batch": "第1批", "exam_status": "已检",
            "exam_date": date(2026, 5, 16), "hospital": "县人民医院", "cost": 180.0, "follow_up": "否",
        },
    ),
    "insurance_cases": (
        {
            "accept_no": "DFZ-2019-0012", "name": "赵卫东", "id_number": ZHAO, "village": "东风村", "phone": "13900000002",
            "apply_date": date(2019, 6, 3), "station": "城关镇退役军人服务站", "enlist_date": "1986-11",
            "discharge_date": "1999-12", "placement_mode": "政府安排工作", "placement_year": 2000,
            "placement_employer": "县供销社", "employer_status": "改制", "insurance_types": "养老", "gap_from": "2001-07",
            "gap_to": "2008-12", "pension_months": 41, "relief": "无", "case_status": "已录入",
            "entry_date": date(2019, 6, 10),
        },
    ),
    "placement_training": (
        {
            "name": "王强", "id_number": WANG, "village": "东风村", "phone": "13900000003", "receive_year": 2026,
            "batch": "春季", "enlist_date": "2024-03", "discharge_date": date(2026, 3, 16), "rank_group": "义务兵",
            "placement_mode": "自主就业", "report_date": date(2026, 3, 28), "archive_in_date": date(2026, 4, 2),
            "archive_audit_date": date(2026, 4, 10), "archive_count": 1, "archive_result": "合格", "grant_amount": 18000.0,
            "adaptive_training": "已参加", "train_applied": "是", "train_apply_date": date(2026, 5, 6),
            "train_course": "汽车驾驶、电工", "train_status": "已报名", "employment_status": "待就业(有求职意愿)",
            "startup": "否",
        },
    ),
    "service_cases": (
        {
            "case_no": "DFZ-202603-007", "case_type": "困难帮扶", "reg_date": date(2026, 3, 6), "channel": "走访发现",
            "name": "张建国", "id_number": ZHANG, "people": 1, "village": "东风村", "phone": "13900000001", "issue_type": "住房",
            "hardship": "其他特殊情况", "reason": "大雨造成房屋漏雨，申请帮助修缮", "apply_amount": 5000.0,
            "town_audit_date": date(2026, 3, 10), "county_audit_date": date(2026, 3, 18), "case_status": "已办结",
            "aid_mode": "资金", "aid_amount": 3000.0, "finish_date": date(2026, 3, 25), "satisfaction": "满意",
            "repeat_case": "否",
        },
        {
            "case_no": "DFZ-202609-021", "case_type": "信访诉求", "reg_date": date(2026, 9, 1), "channel": "来访",
            "name": "赵卫东", "id_number": ZHAO, "people": 1, "village": "东风村", "phone": "13900000002",
            "issue_type": "退役安置", "reason": "询问当年安置的政策，希望核对档案", "due_date": date(2026, 10, 31),
            "case_status": "已办结", "finish_date": date(2026, 9, 20), "satisfaction": "基本满意", "repeat_case": "否",
        },
    ),
    "stations": (
        _station("城关镇退役军人服务站", "乡镇(街道)", 1, staff_full=2, ins_accept_window="是"),
        _station("东风村退役军人服务站", "村(社区)", 2, village="东风村", ins_notice="是"),
        _station("向阳村退役军人服务站", "村(社区)", 3, village="向阳村", ins_notice="是"),
        _station("红星社区退役军人服务站", "村(社区)", 4, village="红星社区", ins_notice="是"),
    ),
    "honors": (
        {
            "name": "李伟", "id_number": SOLDIER, "village": "东风村", "person_kind": "现役军人", "honor_type": "立功喜报",
            "honor_name": "三等功", "honor_date": "2025-12", "notice_date": date(2026, 1, 8),
            "deliver_date": date(2026, 1, 18), "deliverer": "镇党委书记、武装部长", "deliver_status": "已送达", "reward": 2000.0,
        },
    ),
    "activities": (
        {
            "activity_type": "专场招聘会", "topic": "就业创业", "name": "2026年春季退役军人专场招聘会",
            "start_date": date(2026, 2, 22), "end_date": date(2026, 2, 22), "place": "县人民广场", "companies": 42, "posts": 860,
            "participants": 310, "intent": 57,
        },
    ),
    "placement_history": (
        {
            "archive_no": "2000-介-046", "name": "赵卫东", "id_number": ZHAO, "enlist_date": "1986-11",
            "discharge_date": "1999-12", "placement_year": 2000, "placement_employer": "县供销社", "origin_township": "城关镇",
            "notified": "已通知",
        },
    ),
    "benefit_standards": (
        {
            "benefit_type": "残疾抚恤金", "beneficiary_category": "残疾军人", "disability_grade": "六级",
            "disability_nature": "因公", "unit": "元/月/人", "amount": 1610.0, "effective_from": date(2025, 8, 1),
            "source_doc": "清退役军人发〔2025〕12号",
        },
        {
            "benefit_type": "三属定期抚恤金", "beneficiary_category": "烈士遗属", "unit": "元/月/人", "amount": 1960.0,
            "effective_from": date(2025, 8, 1), "source_doc": "清退役军人发〔2025〕12号",
        },
    ),
    "number_changes": (
        {
            "name": "赵卫东", "old_number": _number("1967-03-12", 13), "new_number": ZHAO,
            "change_reason": "出生日期更正", "change_date": date(2012, 5, 18), "evidence": "清河派出所证明〔2012〕35号",
        },
    ),
}  # fmt: skip
"""The right rows of every form."""

"""Every figure once more, in plain Python over the rows as they were invented: nothing here knows the definitions or the store."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.figure_county import EAST, WEST, Row, Rows

LIVING = {
    "残疾抚恤金", "三属定期抚恤金", "定期生活补助", "老年生活补助(60岁农村籍)", "烈士子女生活补助", "护理费",
}  # fmt: skip
BEREAVED = {"烈士遗属", "因公牺牲军人遗属", "病故军人遗属"}
PARTY = {"中共党员", "中共预备党员"}
EMPLOYED = {"党政机关", "事业单位", "国有企业", "民营企业", "个体经营", "灵活就业", "自主创业"}
SPRING = {2026: (date(2025, 12, 1), date(2026, 3, 3)), 2027: (date(2026, 12, 1), date(2027, 2, 20))}


def _day(value: Any) -> date:
    """A date, or the first day of a month."""
    return value if isinstance(value, date) else date.fromisoformat(f"{value}-01"[:10])


def _short(number: Any) -> str:
    """An ID number as it was before 1999, with 15 digits."""
    return f"{number[:6]}{number[8:17]}" if number and len(number) == 18 else number or ""


def truth(rows: Rows, first: date, last: date) -> dict[str, float | None]:
    """The value of every figure from the first to the last day; `last` is the day of the stocks too."""

    def those(form: str, test: Callable[[Row], Any]) -> list[Any]:
        return [row for row in rows.get(form, []) if test(row)]

    def dated(form: str, column: str, test: Callable[[Any], Any], since: date = first) -> list[Any]:
        return [row for row in those(form, test) if row.get(column) and since <= _day(row[column]) <= last]

    def people(some: list[Any], column: str = "id_number") -> int:
        return len({row[column] for row in some})

    def total(some: list[Any], column: str) -> float:
        return round(sum(row.get(column) or 0 for row in some), 2)

    dead = {
        row["id_number"]
        for row in those("veterans", lambda r: r["person_status"] == "去世" and r["status_date"] <= last)
    }
    dead |= {
        row["id_number"]
        for row in those(
            "beneficiaries",
            lambda r: "去世" in (r["benefit_status"], r.get("stop_reason")) and _day(r["benefit_end"]) <= last,
        )
    }
    receiving = those("beneficiaries", lambda r: r["benefit_status"] == "享受待遇")
    alive = [row for row in receiving if row["id_number"] not in dead]
    well = those("veterans", lambda r: r["person_status"] == "正常")
    real = [row for row in well if row["veteran_category"] != "无军籍离退休退职职工"]

    def paid(*benefits: str, since: date = first) -> list[Any]:
        return dated(
            "payments", "pay_date", lambda r: r["benefit_type"] in benefits and r["pay_status"] == "已发放", since
        )

    living = [row for row in paid(*LIVING) if row["amount"] > 0]
    spring = SPRING.get(first.year) if first.month == 1 else None
    gifts = [row for row in paid("春节慰问金", since=spring[0]) if row["pay_date"] <= spring[1]] if spring else None
    visits = (
        [
            row
            for row in dated("visits", "visit_date", lambda r: r["campaign"] == "春节", spring[0])
            if row["visit_date"] <= spring[1] and row["target_type"] in ("重点优抚对象", "困难退役军人")
        ]
        if spring
        else None
    )
    outpatient, inpatient = paid("门诊医疗补助"), paid("住院及其他医疗补助")
    bounty, prize = paid("义务兵家庭优待金"), paid("大学生入伍奖励金")
    ever = date(1900, 1, 1)
    hanging = dated("plaques", "hang_date", lambda r: r["plaque_status"] == "在挂", ever)
    signed = dated("stations", "sign_date", lambda r: r.get("sign_hung") == "是", ever)
    year = date(last.year, 1, 1)
    examined = {
        row["id_number"] for row in dated("health_checks", "exam_date", lambda r: r["exam_status"] == "已检", year)
    }
    unfit = {
        row["id_number"]
        for row in those(
            "health_checks", lambda r: r["exam_status"] == "不符合条件" and int(r["exam_year"]) == last.year
        )
    }
    due = [row for row in alive if row["id_number"] not in unfit]
    printed = dated(
        "activities", "start_date", lambda r: (r["activity_type"], r["topic"]) == ("宣传品印制", "社保接续")
    )
    accepted = {"已录入", "审核通过", "审核不通过", "已补缴"}
    entered = dated("insurance_cases", "entry_date", lambda r: r["case_status"] in accepted, ever)
    received = dated("placement_training", "report_date", lambda r: r["rank_group"] in ("义务兵", "军士"))
    applied = dated("placement_training", "train_apply_date", lambda r: r["train_applied"] == "是")
    finished = dated("placement_training", "train_end", lambda r: r.get("train_status") == "结业")
    insured = {_short(row["id_number"]) for row in rows.get("insurance_cases", [])}
    fairs = dated("activities", "start_date", lambda r: (r["activity_type"], r["topic"]) == ("专场招聘会", "就业创业"))
    cases = dated("service_cases", "reg_date", lambda _: True)
    aided = [r for r in cases if r["case_type"] == "困难帮扶" and r["case_status"] in ("已批准", "已办结")]
    four = [r for r in cases if r["case_type"] == "解四难"]
    petitions = [r for r in cases if r["case_type"] == "信访诉求"]
    closed = [r for r in petitions if r["case_status"] == "已办结"]
    party = [row for row in well if row["political_status"] in PARTY]
    bearers = {row["id_number"] for row in real}
    bearers |= {
        row["id_number"]
        for row in those(
            "beneficiaries",
            lambda r: r["beneficiary_category"] in BEREAVED and r["benefit_status"] in ("享受待遇", "身份认定不享受"),
        )
    }
    bearers |= {
        row["soldier_id"] for row in those("military_families", lambda r: r["service_status"] in ("服役中", "转改军士"))
    }
    stations = those("stations", lambda r: r["level"] != "县直单位")
    liaisons = those("stations", lambda r: r.get("liaison_name"))
    standards = [
        row
        for row in those("benefit_standards", lambda r: not r.get("effective_to") or r["effective_to"] >= first)
        if row["effective_from"] <= last
    ]
    monthly = [
        r["amount"] for r in standards if r["benefit_type"] in LIVING and r["unit"] in ("元/月/人", "元/月/服役年")
    ]

    def highest(benefit: str) -> float | None:
        return max((row["amount"] for row in standards if row["benefit_type"] == benefit), default=None)

    return {
        "N01": 2,
        "N02": len(EAST.villages) + len(WEST.villages),
        "Q01": people(alive),
        "Q01a": people(rows["beneficiaries"]),
        "Q01b": len(alive),
        "Q02": people(real),
        "Q02a": people([row for row in real if row["residence_status"] != "人在户不在"]),
        "Q03": len(living),
        "Q03a": people(living),
        "Q03b": total(living, "months"),
        "Q04": total(living, "amount"),
        "Q05": None if gifts is None else len(gifts),
        "Q06": None if gifts is None else total(gifts, "amount"),
        "Q07": len(outpatient),
        "Q07a": len(inpatient),
        "Q08": total(outpatient, "amount"),
        "Q09": len(bounty),
        "Q10": total(bounty, "amount"),
        "Q10a": total(bounty, "extra"),
        "Q11": len(prize),
        "Q12": total(prize, "amount"),
        "Q13": None if visits is None else len(visits),
        "Q14": None if visits is None else total(visits, "cash"),
        "Q14a": None if visits is None else total(visits, "goods_value"),
        "Q15": len(hanging),
        "Q15a": len(dated("plaques", "hang_date", lambda r: r["action"] in ("新挂", "补发", "恢复"))),
        "Q16": len([row for row in signed if row["level"] == "乡镇(街道)"]),
        "Q17": len([row for row in signed if row["level"] == "村(社区)"]),
        "Q18": len(dated("health_checks", "exam_date", lambda r: r["exam_status"] == "已检")),
        "Q19a": people([row for row in due if row["id_number"] in examined]),
        "Q19b": people(due),
        "Q20": total(printed, "print_qty"),
        "Q21": len(
            [
                r
                for r in stations
                if r["level"] == "乡镇(街道)" and r.get("ins_accept_window") == r.get("ins_consult_window") == "是"
            ]
        ),
        "Q22": len(
            [
                r
                for r in stations
                if r["level"] == "村(社区)" and r.get("ins_notice") == r.get("ins_consult_window") == "是"
            ]
        ),
        "Q23": people(entered),
        "Q23a": people(dated("insurance_cases", "apply_date", lambda r: r["case_status"] == "已受理", ever)),
        "Q23b": len(rows.get("placement_history", []))
        + len(those("veterans", lambda r: r["veteran_category"] == "政府安排工作退役士兵")),
        "Q24": people(received),
        "Q25": total(dated("placement_training", "archive_audit_date", lambda _: True), "archive_count"),
        "Q26": people([row for row in applied if row in received]),
        "Q28": total([row for row in printed if row["print_kind"] in ("宣传手册", "指导手册")], "print_qty"),
        "B01": len(
            those(
                "placement_history",
                lambda r: r.get("notified") in (None, "未通知") and _short(r.get("id_number")) not in insured,
            )
        ),
        "B02": len(fairs),
        "B02a": total(fairs, "companies"),
        "B02b": total(fairs, "posts"),
        "B02c": total(fairs, "intent"),
        "B03": people(applied),
        "B03a": people(finished),
        "B03b": people([row for row in finished if row.get("employer")]),
        "B04": len(aided),
        "B04a": total(aided, "aid_amount"),
        "B04b": len(four),
        "B04c": len([row for row in four if row["case_status"] == "已办结"]),
        "B05": len(dated("honors", "deliver_date", lambda r: r.get("deliver_status") == "已送达")),
        "B05a": len(dated("honors", "notice_date", lambda r: r.get("deliver_status") == "待送达", ever)),
        "B06": people(party),
        "B06a": people([row for row in party if row["floating_party"] != "否"]),
        "B07": people(dated("honors", "honor_date", lambda r: r.get("library_status") in ("入库", "已宣传"), ever)),
        "B08": len(petitions),
        "B08a": total(petitions, "people"),
        "B08b": len(closed),
        "B08c": len([row for row in closed if row["finish_date"] <= row["due_date"]]),
        "B08e": len(
            those(
                "service_cases",
                lambda r: (
                    r["case_type"] == "信访诉求"
                    and r["case_status"] in ("已登记", "受理中", "已批准")
                    and r["due_date"] < last
                ),
            )
        ),
        "B09": len(liaisons),
        "B09a": len([row for row in liaisons if row["level"] == "乡镇(街道)"]),
        "B09c": len([row for row in liaisons if row["level"] == "县直单位"]),
        "B09b": len([row for row in liaisons if row["level"] == "村(社区)"]),
        "B10a": people(rows["veterans"]),
        "B10b": None,
        "B11": people(well),
        "B11a": people(receiving),
        "B12a": people([row for row in well if row["card_status"] == "已领取"]),
        "B12b": people([row for row in well if row["card_status"] != "不符合条件"]),
        "B12c": len(bearers),
        "B13": people([row for row in due if row["id_number"] not in examined]),
        "B14": total(stations, "staff_full"),
        "B14a": total(stations, "staff_part"),
        "B14b": len([row for row in stations if row["staff_full"] == 0]),
        "B14c": len([row for row in stations if not row.get("budget")]),
        "B14d": len(stations),
        "S01": min(monthly, default=None),
        "S02": max(monthly, default=None),
        "S03": highest("春节慰问金"),
        "S04": highest("义务兵家庭优待金"),
        "S05": highest("大学生入伍奖励金"),
        "S06": highest("门诊医疗补助"),
    }

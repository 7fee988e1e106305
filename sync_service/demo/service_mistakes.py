"""The mistakes that clerks make in 现役军人家庭 and 光荣牌 to 健康体检, each once."""

from collections.abc import Mapping
from datetime import date, timedelta

from sync_service.demo.caring import health_check
from sync_service.demo.honouring import plaque
from sync_service.demo.inventor import Inventor, Records, Row, last_day
from sync_service.demo.mistake import Change, Find, Mistake, Sheet, is_, neighbours, shared
from sync_service.demo.people import conscript, moved, needy, survivor
from sync_service.demo.soldiers import sergeant, soldier, student_soldier
from workbook_templates.cells import Raw

T03, T05 = Sheet("military_families", soldier), Sheet("plaques", conscript)
T06, T07 = Sheet("visits", needy), Sheet("health_checks", survivor)


def _gone(of: Inventor) -> Records:
    """Somebody who moved away and left his plaque."""
    records = moved(of)
    return {**records, "plaques": (plaque(of, records["veterans"][0], "退役军人"),)}


def _uninvited(of: Inventor) -> Records:
    """A veteran without a benefit who went to the health check."""
    records = conscript(of)
    return {**records, "health_checks": (health_check(of, records["veterans"][0]),)}


def _before(other: str, column: str, days: int = 10, **more: Raw) -> Change:
    """A date stands before the other one."""

    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        day = row[other]
        first = day if isinstance(day, date) else date.fromisoformat(f"{day}-01")
        return {column: first - timedelta(days), **more}

    return change


def _stranger(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    who = of.identity(1960, 1970)
    return {"holder_name": who.name, "holder_id": who.number}


def _two_plaques(row: Row, of: Inventor) -> tuple[Row, ...]:
    del of
    return row, {**row, "plaque_no": f"{row['plaque_no']}-2"}


def _in_may(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    return {"campaign": "春节", "visit_date": last_day(of.today, 5, 10)}


def _examined(**more: Raw) -> Change:
    """The health check took place, in the year that the row is about."""

    def change(row: Row, of: Inventor) -> Mapping[str, Raw]:
        del of
        day = date(int(str(row["exam_year"])), 6, 1)
        return {"exam_status": "已检", "exam_date": day, "hospital": "县人民医院", "unexamined_reason": None, **more}

    return change


def _year_before(row: Row, of: Inventor) -> Mapping[str, Raw]:
    return _examined(exam_date=date(int(str(row["exam_year"])) - 1, 6, 1))(row, of)


FAMILIES: tuple[Mistake, ...] = (
    T03.cell("family-type", "军人类别写了“士官”", "soldier_type", "M05", "士官", sergeant),
    T03.cell("family-degree", "大学生没填学历层次", "degree_level", "M02", None, student_soldier),
    T03.cell("family-payee", "义务兵没填领取人", "payee_name", "M02", None),
    T03.row("family-account", "军士家填了优待金账号", "bank_account", "M03", lambda row, of: {"bank_account": of.account()}, sergeant),  # noqa: ARG005
    T03.row("family-county", "外县入伍没写哪个县", "approval_county", "M15", is_(approval_county="外县(写县名)", remark=None), sergeant),
    T03.row("family-retired", "退役日期早于入伍", "status_date", "D15",
            _before("enlist_date", "status_date", service_status="已退役"), sergeant),
    T03.cell("family-region", "服役地区写了驻地", "service_region", "M04", "拉萨某部", sergeant),
    T03.cell("family-id", "联系人身份证号少一位", "contact_id", "I03", lambda v: str(v)[:17], sergeant),
    Mistake("family-accounts", "两家的优待金打进一个账号", neighbours(soldier, 2), shared("military_families", "bank_account"),
            (Find("B05", "military_families", "bank_account"),)),
)  # fmt: skip

PLAQUES: tuple[Mistake, ...] = (
    Mistake("plaque-number", "两块光荣牌一个编号", neighbours(conscript, 2), shared("plaques", "plaque_no"),
            (Find("K06", "plaques", "plaque_no"), Find("K06", "plaques", "plaque_no", 1))),
    T05.rows("plaque-two", "一个人家挂了两块牌", {(0, "holder_id"): "K07"}, _two_plaques),
    Mistake("plaque-address", "一个地址挂了两块牌", neighbours(conscript, 2), shared("plaques", "village", "hang_address"),
            (Find("K07", "plaques", "hang_address"),)),
    T05.row("plaque-stranger", "挂牌的人三张表里都没有", "holder_id", "X51", _stranger),
    T05.row("plaque-name", "光荣牌上的姓名和退役军人表不同", "holder_name", "X01", lambda row, of: {"holder_name": of.name()}),  # noqa: ARG005
    T05.row("plaque-withdrawn", "收回日期早于悬挂日期", "withdraw_date", "D15",
            _before("hang_date", "withdraw_date", plaque_status="已收回", action="收回"), _gone),
    T05.row("plaque-reason", "应挂未挂没填原因", "unhung_reason", "M02",
            is_(plaque_status="应挂未挂", hang_date=None), _gone),
    T05.cell("plaque-early", "悬挂日期早于发牌的年份", "hang_date", "D11", date(2015, 1, 26)),
    T05.cell("plaque-kind", "家庭类型写了“军属”", "household_type", "M05", "退役军人家庭"),
    T05.cell("plaque-undated", "在挂的没填悬挂日期", "hang_date", "M02", None),
)  # fmt: skip

VISITS: tuple[Mistake, ...] = (
    T06.row("visit-season", "春节慰问填在了五月", "visit_date", "D21", _in_may),
    T06.cell("visit-nobody", "走访个人没填身份证号", "id_number", "M02", None),
    T06.cell("visit-cash", "没有慰问金的空着没填 0", "cash", "M01", None),
    T06.cell("visit-fund", "有慰问金没填资金来源", "fund_source", "M02", None),
    T06.cell("visit-fund-word", "资金来源写了“镇财政”的旧称", "fund_source", "M05", "乡镇财政"),
    T06.row("visit-name", "走访的姓名和退役军人表不同", "name", "X01", lambda row, of: {"name": of.name()}),  # noqa: ARG005
    T06.cell("visit-issue", "困难诉求里写了病名", "issue", "S04", "患尿毒症，透析费用高"),
)  # fmt: skip

CHECKS: tuple[Mistake, ...] = (
    T07.row("check-outsider", "体检的人不是优抚对象", "id_number", "X65", is_(), _uninvited),
    T07.rows("check-twice", "同一批次体检登记了两次", {(0, "id_number"): "X66", (1, "id_number"): "X66"},
             lambda row, of: (row, {**row, "remark": "补登"})),  # noqa: ARG005
    T07.row("check-year", "体检日期不在体检年度", "exam_date", "X67", _year_before),
    T07.row("check-place", "已检的没填体检机构", "hospital", "M02", _examined(hospital=None)),
    T07.row("check-illness", "备注里写了体检结果", "remark", "S04", is_(remark="查出高血压")),
    T07.row("check-reason", "已检又填了未检原因", "unexamined_reason", "M03", _examined(unexamined_reason="外出")),
)  # fmt: skip

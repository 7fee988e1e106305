"""The mistakes in 退役军人, 优抚对象 and 资金发放 that show between columns, rows and sheets, each once."""

from collections.abc import Mapping
from datetime import date

from sync_service.demo.benefit_mistakes import unpaid
from sync_service.demo.caring import visit
from sync_service.demo.inventor import Inventor, Records, Row, month_text
from sync_service.demo.mistake import Find, Mistake, Sheet, Spoil, first_of, is_, neighbours, shared, spoil, without
from sync_service.demo.people import conscript, disabled, greeted, martyrs_widow, moved, needy, rural, survivor
from sync_service.demo.settling import insured, placed
from sync_service.demo.soldiers import soldier, student_soldier
from sync_service.demo.standards import standard_of
from workbook_templates.cells import Raw
from workbook_templates.kinds.resident_id import check_digit

T01, T02, T04 = Sheet("veterans", conscript), Sheet("beneficiaries", survivor), Sheet("payments", greeted)
_PARTY: Mapping[str, Raw] = {
    "political_status": "中共党员", "party_branch": "东风村党支部", "party_relation": "在本村(社区)", "floating_party": "否"
}  # fmt: skip
_SLIPPED = 12


def _unknown_county(value: Raw) -> Raw:
    first = "110299" + str(value)[6:17]
    return first + check_digit(first)


def _namesake(row: Row, of: Inventor) -> tuple[Row, ...]:
    born = row["birth_date"]
    assert isinstance(born, date)
    return row, {**row, "id_number": of.number(born, str(row["sex"])), "phone": of.phone()}


def _slipped(records: Records, of: Inventor) -> Records:
    """A cell was inserted above the birth dates of some people, so that each has the one before."""
    del of
    first, *others = records["veterans"]
    above = (first, *others[:-1])
    rows = ({**row, "birth_date": before["birth_date"]} for row, before in zip(others, above, strict=True))
    return {**records, "veterans": (first, *rows)}


def _died_in_spring(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    return {
        "benefit_status": "去世", "benefit_start": "2015-08", "benefit_end": month_text(of.today.year - 1, 3), "stop_reason": "去世",
    }  # fmt: skip


def _fought_too(row: Row, of: Inventor) -> tuple[Row, ...]:
    del of
    amount = standard_of("参战退役人员").amount
    return row, {**row, "beneficiary_category": "参战退役人员", "service_years": None, "monthly_amount": amount}


def _young_father(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    young = of.identity(of.today.year - 30, of.today.year - 25)
    return {
        "name": young.name, "id_number": young.number, "sex": young.sex, "birth_date": young.birth,
        "kinship": "父母(抚养人)",
    }  # fmt: skip


def _paid_again(form_row: int, **changes: Raw) -> Spoil:
    """One of the payments was made once more in another batch."""

    def make(records: Records, of: Inventor) -> Records:
        del of
        rows = records["payments"]
        again: Row = {**rows[form_row], "batch_no": f"{rows[form_row]['batch_no']}补", **changes}
        return {**records, "payments": (*rows, again)}

    return make


def _one_batch(row: Row, of: Inventor) -> tuple[Row, ...]:
    """Two benefits under one number of a batch."""
    del of
    batch = f"{row['batch_no']}甲"
    return {**row, "batch_no": batch}, {**row, "batch_no": batch, "benefit_type": "困难帮扶资金"}


def _two_days(records: Records, of: Inventor) -> Records:
    del of
    rows = tuple({**row, "batch_no": f"{row['batch_no']}乙"[-4:]} for row in records["payments"])
    return {**records, "payments": tuple({**row, "batch_no": rows[0]["batch_no"]} for row in rows)}


def _visited_too(records: Records, of: Inventor) -> Records:
    (paid,) = records["payments"]
    row: Row = {**visit(of, records["veterans"][0], "一般退役军人", "春节"), "cash": paid["amount"]}
    return {**records, "visits": (row,)}


def _taken_back(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"adjust": -100.0, "amount": float(str(row["amount"])) - 100}


VETERANS_TOO: tuple[Mistake, ...] = (
    T01.cell("name-traditional", "姓名用了繁体字", "name", "N05", "張建國", moved),
    T01.cell("id-county", "身份证号前六位不是任何县", "id_number", "I10", _unknown_county, moved),
    T01.cell("phone-local", "固定电话没写区号", "phone", "P07", "5123456"),
    T01.cell("phone-hotline", "电话写了服务热线", "phone", "P08", "12345"),
    T01.cell("remark-troops", "备注里写了部队驻地", "remark", "S02", "原在西部战区某师服役"),
    T01.cell("remark-illness", "备注里写了病名", "remark", "S04", "患糖尿病多年"),
    T01.row("party-unknown", "党员的组织关系不清楚", "party_relation", "X12", is_(**{**_PARTY, "party_relation": "不清楚"})),
    T01.row_finds("party-away", "流动党员没写流到哪里", {"party_relation": "X12", "floating_party": "M15"},
                  is_(**{**_PARTY, "floating_party": "流出", "remark": None})),
    T01.cell("old-and-jobless", "年过六十还填待就业", "employment_status", "X14", "待就业(有求职意愿)", rural),
    T01.cell("placed-late", "安置年度比退役晚了八年", "placement_year", "X15", lambda v: int(str(v)) + 7, placed),
    T01.rows("namesake", "同名同生日却有两个身份证号", {(0, "id_number"): "X02", (1, "id_number"): "X02"}, _namesake, moved),
    Mistake("birthdays-slipped", "出生日期错开了一行", neighbours(moved, _SLIPPED), _slipped,
            (Find("F25", "veterans", "birth_date", 1),), in_template=False),
    Mistake("phone-of-cadre", "五个人都填了村干部的电话", neighbours(moved, 5), shared("veterans", "phone"),
            (Find("P06", "veterans", "phone"),)),
    Mistake("insurance-forgotten", "安排工作后断缴，却没有社保接续申请", insured, without("insurance_cases"),
            (Find("X09", "veterans", "pension_status"),)),
    Mistake("needy-forgotten", "生活困难却没有走访和帮扶", needy, without("visits", "service_cases"),
            (Find("X13", "veterans", "living_status"),)),
    Mistake("plaque-forgotten", "退役军人家没有光荣牌", conscript, without("plaques"), (Find("X52", "veterans", "id_number"),)),
    Mistake("alive-and-dead", "优抚对象表已标去世，退役军人表还是正常", unpaid(rural), spoil("beneficiaries", _died_in_spring),
            (Find("X33", "veterans", "person_status"),)),
)  # fmt: skip

BENEFICIARIES_TOO: tuple[Mistake, ...] = (
    Mistake("certificate-shared", "两个残疾军人用一个证件号", neighbours(disabled, 2), shared("beneficiaries", "cert_no"),
            (Find("K04", "beneficiaries", "cert_no"),)),
    Mistake("holders-two", "一位烈士有两个持证人", neighbours(martyrs_widow, 2),
            shared("beneficiaries", "martyr_name", "cert_no"), (Find("K05", "beneficiaries", "cert_holder"),)),
    Mistake("account-shared", "两个优抚对象用一个账号", neighbours(survivor, 2), shared("beneficiaries", "bank_account"),
            (Find("B05", "beneficiaries", "bank_account"),)),
    T02.rows("two-benefits", "60 岁农村籍又享受参战补助", {(0, "beneficiary_category"): "X21"}, _fought_too, rural),
    T02.row("illness-grade-known", "只认定身份的也填了因病七级", "disability_grade", "X22",
            is_(disability_grade="七级", disability_nature="因病", mental_disability=None), unpaid(disabled)),
    T02.row("parent-young", "不到三十岁填成了烈士父母", "kinship", "X24", _young_father, first_of(unpaid(survivor), "beneficiaries")),
    T02.cell("amount-old", "月补助还是调标前的", "monthly_amount", "X27", lambda v: float(str(v)) - 60),
    Mistake("never-paid", "享受待遇却一直没有发放", rural, without("payments"), (Find("X32", "beneficiaries", "benefit_status"),)),
)  # fmt: skip

PAYMENTS_TOO: tuple[Mistake, ...] = (
    T04.row("cash-unsigned", "发现金没写谁签收", "pay_method", "M15", is_(remark=None)),
    T04.row("taken-back", "扣回没写原因", "adjust", "M15", _taken_back, survivor),
    T04.cell("nothing-paid", "实发金额填了 0", "amount", "A19", 0, greeted),
    Mistake("gift-of-thousands", "慰问金多打了两个零", neighbours(greeted, 6), spoil("payments", is_(amount=50000.0)),
            (Find("A16", "payments", "amount"),)),
    Mistake("accounts-of-two", "两个人的补助打进一个账号", neighbours(survivor, 2), shared("payments", "bank_account"),
            (Find("B05", "payments", "bank_account"),)),
    T04.rows("batch-of-two", "一个批次号发了两种待遇", {(0, "benefit_type"): "X46"}, _one_batch),
    Mistake("batch-of-two-days", "一个批次号在两天发放", survivor, _two_days, (Find("X46", "payments", "pay_date"),)),
    Mistake("allowance-of-sergeant", "优待金发给了军士", soldier,
            spoil("military_families", is_(soldier_type="军士", payee_name=None, bank_name=None, bank_account=None)),
            (Find("X41", "payments", "id_number"),)),
    Mistake("allowance-from-afar", "外县入伍的由本县发优待金", soldier,
            spoil("military_families", is_(approval_county="外县(写县名)", remark="由邻县批准入伍")),
            (Find("X42", "payments", "id_number"),)),
    Mistake("allowance-twice", "一年发了两次优待金", soldier, _paid_again(0), (Find("X43", "payments", "period_from"),)),
    Mistake("bounty-without-college", "没上过大学领了大学生奖励金", student_soldier,
            spoil("military_families", is_(student_status="高中及以下", degree_level=None)),
            (Find("X44", "payments", "id_number", 1),)),
    Mistake("bounty-twice", "大学生奖励金发了两次", student_soldier, _paid_again(1), (Find("X45", "payments", "benefit_type", 1),)),
    Mistake("gift-in-two-sheets", "慰问金在两张表里都登记了", greeted, _visited_too, (Find("X61", "visits", "cash"),)),
)  # fmt: skip

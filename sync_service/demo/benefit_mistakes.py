"""The mistakes that clerks make in 优抚对象 and 资金发放, and between the sheets, each once."""

from collections.abc import Mapping
from datetime import date

from sync_service.demo.inventor import Inventor, Records, Row
from sync_service.demo.mistake import Change, Find, Merge, Mistake, Sheet, Spoil, is_, only, spoil, spoilt
from sync_service.demo.people import (
    Maker,
    conscript,
    dead,
    demobilised,
    disabled,
    greeted,
    martyrs_widow,
    rural,
    survivor,
)
from sync_service.demo.standards import standard_of
from workbook_templates.cells import CellError, Raw
from workbook_templates.kinds.numbered import luhn

T01, T02, T04 = Sheet("veterans", conscript), Sheet("beneficiaries", survivor), Sheet("payments", survivor)


def _wrong_card(value: Raw) -> Raw:
    text = str(value)
    return next(text[:-1] + digit for digit in "0123456789" if not luhn(text[:-1] + digit))


def _last_year(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    return {"annual_confirm": date(of.today.year - 1, 3, 18)}


def _this_month(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    return {"annual_confirm": f"{of.today.year}年{of.today.month}月"}


def _stopped(end: str) -> Mapping[str, Raw]:
    return {
        "benefit_status": "停发", "benefit_end": end, "stop_reason": "条件变化", "monthly_amount": None, "bank_name": None,
        "account_name": None, "bank_account": None,
    }  # fmt: skip


def unpaid(maker: Maker) -> Maker:
    """Somebody whose claim is known, but who receives nothing."""

    def make(of: Inventor) -> Records:
        records = only(maker(of), "veterans", "plaques", "beneficiaries")
        cells = dict.fromkeys(("benefit_start", "monthly_amount", "bank_name", "account_name", "bank_account"))
        return spoilt(records, "beneficiaries", {"benefit_status": "身份认定不享受", **cells})

    return make


def _without_plaque(of: Inventor) -> Records:
    return only(unpaid(survivor)(of), "beneficiaries")


def _ended_before_start(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row, of
    return {**_stopped("2016-05"), "benefit_start": "2018-05"}


def _child_called_old(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del row
    young = of.identity(of.today.year - 40, of.today.year - 30)
    return {
        "name": young.name, "id_number": young.number, "sex": young.sex,
        "birth_date": young.birth, "kinship": "子女", "lonely": "孤老",
    }  # fmt: skip


def _exchanged(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"period_from": row["period_to"], "period_to": row["period_from"]}


def _more(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"amount": float(str(row["amount"])) + 100}


def _amount_with_sign(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"amount": f"￥{row['amount']:,.2f}元"}


def _as_text(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"amount": f"{row['amount']:.2f}"}


def _paid_twice(row: Row, of: Inventor) -> tuple[Row, ...]:
    del of
    return row, {**row, "pay_method": "银行转账"}


def _account_once(row: Row, of: Inventor) -> tuple[Row, ...]:
    first, second = of.payments({**row, "monthly_amount": row["standard"]})
    return first, {**second, "bank_account": None}


def _dead_but_receiving(records: Records, of: Inventor) -> Records:
    return spoilt(records, "veterans", dead(of.today))


def _stopped_but_paid(records: Records, of: Inventor) -> Records:
    del of
    first = records["payments"][0]
    return {**spoilt(records, "beneficiaries", _stopped(str(first["period_from"]))), "payments": (first,)}


def _another_name(form: str) -> Spoil:
    def make(records: Records, of: Inventor) -> Records:
        return spoilt(records, form, {"name": of.name()})

    return make


def _only_in(*forms: str) -> Spoil:
    return lambda records, of: only(records, *forms)  # noqa: ARG005 - the same for everybody


def _graded(grade: str, nature: str, written: str = "", **more: Raw) -> Change:
    """Somebody disabled who is paid as his grade says, which is `written` in another way."""
    amount = standard_of("残疾军人", grade, nature).amount
    return is_(
        disability_grade=written or grade, disability_nature=nature, mental_disability="否" if grade == "六级" else None,
        monthly_amount=amount, **more,
    )  # fmt: skip


def _two_months(row: Row, of: Inventor) -> Mapping[str, Raw]:
    del of
    return {"months": 2, "amount": float(str(row["standard"])) * 2 + float(str(row["extra"] or 0))}


def _since_december(row: Row, of: Inventor) -> Mapping[str, Raw]:
    """Paid for the months since last December."""
    del of
    year, month = int(str(row["period_to"])[:4]), int(str(row["period_to"])[5:])
    amount = float(str(row["standard"])) * (month + 1) + float(str(row["extra"] or 0))
    return {"period_from": f"{year - 1}-12", "months": month + 1, "amount": amount}


BENEFICIARIES: tuple[Mistake, ...] = (
    T02.cell("category-alias", "优抚类别写了“烈属”", "beneficiary_category", "M05", "烈属", martyrs_widow),
    T02.cell("category-two-readings", "优抚类别写了“三属”", "beneficiary_category", "M04", "三属"),
    T02.cell("grade-old", "残疾等级写了旧等级“二等乙级”", "disability_grade", "M04", "二等乙级", disabled),
    T02.row("grade-number", "残疾等级写了“6级”", "disability_grade", "M05",
            _graded("六级", "因公", "6级"), disabled),
    T02.cell("holder-tick", "是否持证人打了勾", "cert_holder", "M05", "√"),
    T02.cell("holder-wingdings", "是否持证人打了对号字体的 ü", "cert_holder", "M05", "ü"),
    T02.cell("kinship-word", "关系写了“妻子”", "kinship", "M05", "妻子"),
    T02.cell("bank-word", "开户银行写了“信用社”", "bank_name", "M05", "信用社"),
    T02.cell("no-certificate", "三属没填证件号", "cert_no", "M02", None),
    T02.cell("disabled-without-nature", "残疾军人没填残疾性质", "disability_nature", "M02", "/", disabled),
    T02.cell("grade-of-survivor", "三属填了残疾等级", "disability_grade", "M03", "七级"),
    T02.cell("certificate-brackets", "证件号用了全角括号", "cert_no", "", "（优）字第０１２号"),
    T02.cell("start-early", "享受起始年月早得出奇", "benefit_start", "D11", "1945-08"),
    T02.row("end-before-start", "停发年月早于起始年月", "benefit_end", "D14", _ended_before_start, unpaid(survivor)),
    T02.row("confirm-month", "年度确认日期没写日子", "annual_confirm", "D13", _this_month),
    T02.row("confirm-last-year", "还是去年的年度确认日期", "annual_confirm", "X28", _last_year),
    T02.cell("confirm-future", "年度确认日期是将来", "annual_confirm", "D07", date(2095, 3, 18)),
    T02.cell("years-word", "折算年数写了“四年半”", "service_years", "M12", "四年半", rural),
    T02.cell("years-many", "折算年数写成了 20", "service_years", "M13", 20, rural),
    T02.cell("years-differ", "折算年数与入退役时间不符", "service_years", "X26", 8, unpaid(rural)),
    Mistake("amount-yearly", "月补助标准填了年额", survivor, spoil("beneficiaries", is_(monthly_amount=62400.0)),
            (Find("A17", "beneficiaries", "monthly_amount"), Find("X27", "beneficiaries", "monthly_amount"))),
    T02.cell("nursing-dash", "护理费打了一横", "nursing_amount", "M07", "—"),
    T02.cell("nursing-formula", "护理费公式的结果是 #VALUE!", "nursing_amount", "F21", CellError("#VALUE!")),
    T02.cell("account-number", "银行账号存成了数字", "bank_account", "B01", lambda v: float(str(v))),
    T02.cell("account-letters", "银行账号里有字母", "bank_account", "B02", "6217ABCD0000"),
    T02.cell("account-short", "银行账号只有六位", "bank_account", "B02", "621700"),
    T02.cell("account-luhn", "卡号错了一位", "bank_account", "B04", _wrong_card),
    T02.cell("account-spaced", "卡号每四位空一格", "bank_account", "", lambda v: " ".join(str(v)[i : i + 4] for i in range(0, 19, 4))),
    T02.row("account-of-son", "开户名是儿子的", "account_name", "B03", lambda row, of: {"account_name": of.name()}),  # noqa: ARG005
    T02.row("illness-grade-7", "因病却评了七级", "disability_grade", "X22",
            is_(disability_grade="七级", disability_nature="因病", mental_disability=None), disabled),
    T02.row("nursing-grade-8", "八级还填了护理费", "nursing_amount", "X23",
            _graded("八级", "因公", nursing_amount=300.0), disabled),
    T02.row("demobilised-late", "在乡复员军人 1958 年入伍", "enlist_date", "X25",
            is_(enlist_date="1958-03", discharge_date="1962-03"), demobilised),
    T02.row("old-and-young", "三十多岁填成孤老", "lonely", "X29", _child_called_old, _without_plaque),
    T02.rows("category-twice", "同一人同一类别登记两次", {(0, "id_number"): "K02", (1, "id_number"): "K02"},
             lambda row, of: (row, {**row, "phone": of.phone()})),
)  # fmt: skip

PAYMENTS: tuple[Mistake, ...] = (
    T04.cell("pay-batch", "没填发放批次号", "batch_no", "M01", None),
    T04.cell("pay-benefit-alias", "待遇项目写了“春节慰问”", "benefit_type", "M05", "春节慰问", greeted),
    T04.cell("pay-benefit-two-readings", "待遇项目写了“抚恤补助”", "benefit_type", "M04", "抚恤补助"),
    T04.cell("pay-name-note", "对象姓名后面写了（代）", "name", "N02", lambda v: f"{v}（代）"),
    T04.cell("pay-id-number", "发放表的身份证号存成了数字", "id_number", "I01", lambda v: float(str(v)[:17] + "0")),
    T04.cell("pay-village", "发放表里写了外镇的村", "village", "F24", "响水洼村"),
    T04.cell("pay-month-dotted", "所属期写成 2026.4", "period_from", "D01", lambda v: f"{str(v)[:4]}.{int(str(v)[5:])}"),
    T04.cell("pay-month-quarter", "所属期写了“一季度”", "period_from", "D02", "一季度"),
    T04.row("pay-exchanged", "所属期起止填反", "period_to", "D14", _exchanged),
    T04.cell("pay-months-many", "发放月数写成了 36", "months", "M13", 36),
    T04.cell("pay-months-word", "发放月数写了“三个月”", "months", "M12", "三个月"),
    T04.cell("pay-months-unit", "发放月数写了“3个月”", "months", "", "3个月"),
    T04.row("pay-months-fewer", "发放月数比所属期少一个月", "months", "X48", _two_months),
    T04.row("pay-two-years", "所属期跨了年度", "period_to", "X47", _since_december),
    T04.cell("pay-standard", "按月发放的没填标准", "standard", "M02", None),
    T04.cell("pay-category-of-gift", "慰问金填了优抚类别", "beneficiary_category", "M03", "省定其他优抚对象", greeted),
    T04.row("pay-sum", "实发与标准×月数对不上", "amount", "A11", _more),
    T04.cell("pay-ten-thousands", "金额写了 0.15万", "amount", "A12", "0.15万"),
    T04.cell("pay-ten-thousands-two", "金额写了 1万2", "amount", "A12", "1万2"),
    T04.row("pay-sign", "金额带了￥、逗号和元", "amount", "A13", _amount_with_sign),
    T04.cell("pay-capitals", "金额写了中文大写", "amount", "A13", "伍佰元整", greeted),
    T04.row("pay-text", "金额是文本", "amount", "", _as_text),
    T04.cell("pay-negative", "金额是负数", "amount", "A14", -500, greeted),
    T04.cell("pay-about", "金额写了“五百左右”", "amount", "A14", "五百左右", greeted),
    T04.cell("pay-three-decimals", "金额有三位小数", "amount", "A15", 500.125, greeted),
    T04.cell("pay-day-missing", "没填发放日期", "pay_date", "M01", None),
    T04.cell("pay-day-future", "发放日期是将来", "pay_date", "D07", date(2095, 3, 25)),
    T04.cell("pay-day-without-year", "发放日期没写年", "pay_date", "D02", "3月25日"),
    T04.cell("pay-method", "发放方式写了“打卡”", "pay_method", "M04", "打卡"),
    T04.cell("pay-account", "一卡通没填账号", "bank_account", "M02", None),
    T04.cell("pay-account-number", "收款账号存成了数字", "bank_account", "B01", lambda v: float(str(v))),
    T04.cell("pay-account-luhn", "收款卡号错了一位", "bank_account", "B04", _wrong_card),
    T04.row("pay-account-of-cash", "现金发放却填了账号", "bank_account", "M03",
            lambda row, of: {"bank_account": of.account()}, greeted),  # noqa: ARG005
    T04.row("pay-payee", "代领的没填领款人身份证号", "payee_id", "M02", lambda row, of: {"payee_name": of.name()}),  # noqa: ARG005
    T04.row("pay-payee-nameless", "填了领款人身份证号却没填姓名", "payee_id", "M03",
            lambda row, of: {"payee_id": row["id_number"]}),  # noqa: ARG005
    T04.cell("pay-status", "发放状态写了“已打卡”", "pay_status", "M04", "已打卡"),
    T04.cell("pay-remark", "备注里写了卡号", "remark", "S03", "原卡号6217000000000000012已注销"),
    T04.rows("pay-twice", "同一笔发了两次", {(0, "id_number"): "K10", (1, "id_number"): "K10"}, _paid_twice),
    T04.rows("pay-row-twice", "同一笔粘贴了两遍", {(1, "id_number"): "K03"}, lambda row, of: (row, row)),  # noqa: ARG005
    T04.rows("pay-account-merged", "同一人两笔的账号合并成一格", {(0, "bank_account"): "F20"}, _account_once,
             merges=(Merge("payments", "bank_account", 0, 1),)),
)  # fmt: skip

BETWEEN_SHEETS: tuple[Mistake, ...] = (
    Mistake("two-names", "同一身份证号两张表姓名不同", unpaid(rural), _another_name("beneficiaries"),
            (Find("X01", "beneficiaries", "name"), Find("X01", "veterans", "name"), Find("X01", "plaques", "holder_name"))),
    Mistake("paid-another-name", "发放表与优抚对象表姓名不同", survivor, _another_name("payments"), (Find("X01", "payments", "name"),)),
    T01.cell("war-without-benefit", "标了参战，优抚对象表没有", "war_test", "X07", "参战"),
    Mistake("not-a-veteran", "优抚对象表有，退役军人表没有", rural, _only_in("beneficiaries", "payments"), (Find("X08", "beneficiaries", "id_number"),)),
    Mistake("paid-not-listed", "没有登记的人领了补助", survivor, _only_in("payments"), (Find("X30", "payments", "id_number"), Find("X30", "payments", "id_number", 1))),
    Mistake("paid-after-stop", "停发之后仍在发放", survivor, _stopped_but_paid, (Find("X31", "payments", "period_to"),)),
    Mistake("dead-and-receiving", "已去世仍在享受待遇", rural, _dead_but_receiving, (Find("X33", "beneficiaries", "benefit_status"),)),
)  # fmt: skip

"""Rows as clerks type them, right and wrong in known ways, for tests that compare the sheet's verdict with Python's."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from workbook_templates.cells import CellError, Raw
from workbook_templates.expression import environment
from workbook_templates.form import Column, Form
from workbook_templates.kinds.base import Setting, serial
from workbook_templates.kinds.choices import Choice, writings
from workbook_templates.kinds.resident_id import born, check_digit, make_number
from workbook_templates.place import County, Township

TOWNSHIP = Township(County("990101", "示例县"), "990101100", "城关镇", ("东风村", "红旗村", "向阳社区"))
Row = dict[str, Raw]

ANY: tuple[Raw, ...] = (None, "同上", "无", "/", "待补", "〃", CellError("#N/A"))
DATES: tuple[Raw, ...] = (
    "1995-03-12", "1995.3.12", "1995/3/12", "1995年3月12日", "1995年3月", "1995-3", "1995.3", "1995-03",
    "19950312", "199503", 33208, "33208", "95.3", "95.3.12", "95-03-12", "05年3月", "1995-13", "1995-02-30",
    "2000-02-29", "1995", "1995年", "春天", "2052-01-01", "2052-01", "0", "1899-01", "1926-12-31", "19951301", "199513",
    "1995.10", date(1995, 3, 12), date(1995, 3, 1), 7305, 60001, "约1970", "1986.11-1990.3",
)  # fmt: skip
NUMBERS: tuple[Raw, ...] = (19950312, 199503, 1995.3, 1990.1, 0)
WRITINGS: dict[str, tuple[Raw, ...]] = {
    "name": (
        "张三1", "张三、李四", "张三，李四", "张三/李四", "户主", "张", "张三(已故)", "张三（女）", "欧阳张王李赵钱", "张 三", "张　三",
        "买买提·艾合买提江", "买买提•艾合买提江", "Zhang San", "张Z", 12345, "张" * 26, "张" * 25, "合计",
    ),
    "phone": (
        "12345678901", "1390000000", "139 0000 0000", "139-0000-0000", "+8613900000000", "8613900000000", "0555-1234567",
        "(0555)1234567", "（0555）1234567", "05551234567", "5551234", "1551234", "13900000000/13900000001", "1.39E+10", 13900000000,
        "13900000000、13900000001", "abc", "0555-123456", "139000000001",
    ),
    "account": (
        "1234567", "12345678", "6217000000000000003", "6217000000000000004", "621700000000000000a", 6.217e18, "1" * 28, "1" * 29,
        "6217 0000 0000 0000 003", "6217-0000-0000-0000-003", "622202000000000", "6222020000000000", 12345678,
    ),
    "date": DATES, "pdate": DATES + NUMBERS, "month": DATES + NUMBERS,
    "year": (1990, "1990", "1990年", "90", "1990.5", 1949, 1950, "abc", 3000, "0", 0),
    "int": (0, 1, 8, 9, 24, 25, "3", "3个月", "3年", "3.5", 3.5, -1, "abc", "三"),
    "money": (
        0, 100, "100元", "1,200.00", "1，200", "￥100", "¥1,200元", "人民币100", "1.2万", "12万元", "abc", -5, "-5", 12.345, "12.345",
        19999.99, 20000, 99999999, 100000000, -99999999, -100000000,
    ),
    "bool": ("是", "否", "√", "×", "Y", "n", 1, 0, "1", "已", "未", "无", "也许", "有"),
    "village": ("东风", "东风村委会", "城关镇东风村", "向阳", "向阳社区", "向阳居", "不存在村"),
    "unit": ("37001部队", "37001", "3700部队", "370011", "某集团军", 37001),
    "text": ("短", "一二三四五", "一二三四五六", "字" * 200, "字" * 201, "字" * 300, 123456, "4.10", "*", "a?c"),
    "multi": ("三等功1次", "嘉奖", "三等功2次、嘉奖"),
}  # fmt: skip


def _age(today: date, years: int, days: int = 0) -> date:
    return today.replace(year=today.year - years) + timedelta(days=days)


def numbers(right: str, today: date) -> tuple[Raw, ...]:
    """An identity number in ways right and wrong."""
    last = "0123456789X".index(right[-1])
    area, birth = right[:6], born(right)
    made = [make_number(area, day, 321) for day in (_age(today, 17), _age(today, 17, 1), _age(today, 17, -1), today)]
    made += [make_number(area, day, 321) for day in (date(today.year - 115, 1, 1), date(today.year - 116, 12, 31))]
    made += [make_number(area, today + timedelta(days=1), 321), make_number(area, birth, 0)]
    made += [make_number("099901", birth, 321), make_number("110101", birth, 322)]
    with_x = next(n for s in range(1, 99) if (n := make_number(area, date(1980, 5, 6), s)).endswith("X"))

    def checked(first: str) -> str:
        return first + check_digit(first)

    return (
        *made, checked(area + "19801306321"), checked(area + "19800230321"), checked(area + "00000000321"),
        right[:-1] + "0123456789X"[(last + 1) % 11], right[:17], right + "1", right[:6] + right[8:17], int(float(int(right[:17] + "0"))),
        right[:10] + "O" + right[11:], with_x, with_x.lower(), with_x[:-1] + "×", with_x[:-1] + "*", with_x[:-1] + "Х", right[:17] + "A",
        f"{right[:6]} {right[6:14]} {right[14:]}", f"{right[:6]}-{right[6:]}", f"{right}/{with_x}", right + with_x, f"{right}，{with_x}",
        "军字第12345678号", "12345678", 12345678, 123456789012345,
    )  # fmt: skip


def variations(column: Column, row: Row, setting: Setting) -> Iterator[Raw]:
    """What may be found in a cell of the column."""
    yield from ANY
    yield from WRITINGS.get(column.of.name, ())
    if column.of.name == "id18":
        yield from numbers(str(row.get(column.id) or make_number("990101", date(1960, 5, 6), 123)), setting.today)
    if column.of.name == "enum":
        assert isinstance(column.of, Choice)
        codes = column.of.codes(column)
        yield from codes.names[:4]
        yield from [text for text in writings(codes) if text.isascii()][:3]
        yield from list(codes.aliases)[:5]
        yield from [name.replace("(", "（").replace(")", "）") for name in codes.names if "(" in name][:2]
        yield "不存在的选项"
    if column.of.name in {"date", "pdate", "month"}:
        for day in (setting.today, setting.today + timedelta(days=1), date(setting.today.year + 1, 3, 2)):
            yield from (day, day.isoformat())
    if column.low is not None and column.of.name == "int":
        yield from (int(column.low), int(column.low) - 1)


def _months(day: date, months: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return f"{year}-{month + 1:02d}"


def _fitting(form: Form, row: Row, setting: Setting, random: Random) -> Row:
    """What makes a sampled row hold together."""
    birth = born(str(row["id_number"]))
    if birth.year > 1988:
        birth = date(birth.year - 30, birth.month, 1)
    number = make_number("990101", birth, random.randrange(1, 999))
    enlisted = date(birth.year + 19, random.randrange(1, 13), 1)
    if form.id == "veterans":
        old = enlisted.year < 2009
        return {
            "enlist_date": _months(enlisted, 0), "discharge_date": _months(enlisted, 24), "rank_group": "义务兵",
            "veteran_category": "回乡生产的退役士兵" if old else "自主就业退役士兵", "person_status": "正常",
            "card_status": "已领取", "phone": "13900000000", "id_number": number,
        }  # fmt: skip
    if form.id == "beneficiaries":
        return {
            "beneficiary_category": random.choice(("参战退役人员", "残疾军人", "带病回乡退役军人")), "benefit_status": "享受待遇",
            "benefit_start": "2012-03", "enlist_date": _months(enlisted, 0), "discharge_date": _months(enlisted, 24),
            "lonely": "否", "annual_confirm": setting.today, "disability_grade": "三级", "disability_nature": "因战",
            "account_name": row["name"], "monthly_amount": 520, "id_number": number,
        }  # fmt: skip
    return {
        "benefit_type": "待安排工作期间生活补助", "period_from": "2025-01", "period_to": "2025-03", "months": 3, "standard": 500,
        "amount": 1500, "pay_status": "已发放", "pay_method": "一卡通", "batch_no": "2025-DQFX-01",
    }  # fmt: skip


def right_row(form: Form, setting: Setting, random: Random) -> Row:
    """A row of the form with which nothing is wrong; derived cells are left to the sheet."""
    row: Row = {c.id: c.of.sample(c, setting, random) for c in form.columns if c.typed and c.required}
    fitting = _fitting(form, row, setting, random)
    row |= {name: value for name, value in fitting.items() if form.by_id[name].required}
    for column in form.columns:
        if column.required_when and not column.required:
            expression = form.expression(column.required_when)
            places = {name: f"row.get({name!r})" for name in expression.names}
            comparable: Row = {
                name: None
                if (value := row.get(name, fitting.get(name))) is None
                else _comparable(form.by_id[name], value)
                for name in form.by_id
                if name in row or (name in fitting and not form.by_id[name].required_when)
            }
            if eval(expression.python(places), environment(setting.today) | {"row": comparable}):
                row[column.id] = fitting.get(column.id, column.of.sample(column, setting, random) or "东风村党支部")
    return row


def _comparable(column: Column, value: Raw) -> Raw:
    if isinstance(value, date):
        return serial(value)
    assert isinstance(value, str | int | float)
    return column.of.comparable(value)


def rule_rows(form: Form, row: Row, today: date) -> Iterator[Row]:
    """The right `row` changed so that it breaks each rule between columns, or only just keeps it."""
    birth = born(str(row["id_number"]))

    def at(years: int, months: int = 0) -> str:
        return f"{birth.year + years + (birth.month + months - 1) // 12}-{(birth.month + months - 1) % 12 + 1:02d}"

    changes: list[Row] = []
    if form.id == "veterans":
        enlisted = str(row["enlist_date"])
        year, month = int(enlisted[:4]), enlisted[4:]
        changes += [
            {
                "id_number": make_number("990101", _age(today, 16), 7),
                "enlist_date": _months(_age(today, 1), -10),
                "discharge_date": _months(_age(today, 1), 3),
            }
        ]
        changes += [{"discharge_date": enlisted}, {"discharge_date": f"{year - 1}{month}"}]
        changes += [{"discharge_date": f"{year + n}{month}"} for n in (1, 6, 7, 35, 36)]
        changes += [{"enlist_date": at(n), "discharge_date": at(n + 2)} for n in (13, 14, 15, 49, 50, 51, 52)]
        changes += [{"enlist_date": f"{birth.year + 14}{birth:-%m-%d}"}, {"discharge_date": f"{enlisted}-20"}]
        changes += [
            {"person_status": "去世", "status_date": today, "card_status": card} for card in ("办理中", "已领取")
        ]
        changes += [{"person_status": "去世", "status_date": None}, {"status_date": today}]
        ranks = ("义务兵", "军官(含文职干部)", "其他", "军官（含文职干部）")
        categories = form_names(form, "veteran_category")
        changes += [{"rank_group": rank, "veteran_category": category} for rank in ranks for category in categories]
        days = ("2011-10", "2011-11", "2020-12", "2021-01", "1954-10-31", "1954-11")
        changes += [{"discharge_date": day, "veteran_category": c} for day in days for c in categories]
        changes += [{"enlist_date": d, "veteran_category": "复员军人"} for d in ("1954-10", "1954-10-31", "1954-11-01")]
        changes += [
            {"political_status": p, "party_branch": b}
            for p in form_names(form, "political_status")
            for b in (None, "支部")
        ]
    if form.id == "beneficiaries":
        for nature in ("因战", "因公", "因病"):
            changes += [
                {"disability_nature": nature, "disability_grade": g, "nursing_amount": n, "mental_disability": m}
                for g in ("一级", "四级", "五级", "六级", "七级", "十级") for n, m in ((None, None), (0, "否"), (90, "是"))
            ]  # fmt: skip
        changes += [{"beneficiary_category": c} for c in form_names(form, "beneficiary_category")]
        changes += [
            {"beneficiary_category": "在乡复员军人", "enlist_date": d} for d in ("1954-10-31", "1954-10", "1954-11")
        ]
        changes += [
            {"benefit_end": "2012-02"},
            {"benefit_status": "停发", "stop_reason": "其他", "benefit_end": "2012-02"},
        ]
        changes += [
            {"benefit_status": "停发", "stop_reason": "其他", "benefit_end": "2012-03"},
            {"benefit_status": "停发"},
        ]
        changes += [
            {"account_name": "王某某"},
            {"account_name": f"{row['name']} "},
            {"account_name": " ".join(str(row["name"]))},
        ]
        changes += [{"annual_confirm": date(today.year - 1, 12, 31)}, {"annual_confirm": date(today.year, 1, 1)}]
        for years in (59, 60, 61, 70):
            number = make_number("990101", _age(today, years), 11)
            service: Row = {"service_years": 2, "enlist_date": "1975-01", "discharge_date": "1977-01"}
            rural: Row = {"id_number": number, "beneficiary_category": "60周岁以上农村籍退役士兵", **service}
            changes += [
                rural,
                {**rural, "service_years": 3},
                {**rural, "service_years": 4},
                {**rural, "service_years": "2年"},
            ]
            changes += [{"id_number": number, "lonely": "孤老"}, {"id_number": number, "lonely": "孤儿"}]
        for shift in (-1, 0, 1):
            changes.append({"id_number": make_number("990101", _age(today, 60, shift), 11), "lonely": "孤老"})
            changes.append({"id_number": make_number("990101", _age(today, 18, shift), 11), "lonely": "孤儿"})
    if form.id == "payments":
        changes += [
            {"period_to": "2024-12"},
            {"period_to": "2025-01"},
            {"period_to": "2024.12"},
            {"period_from": "2025-04"},
        ]
        changes += [{"amount": amount} for amount in (1500.01, 1500.02, 1499.99, 1499, "1500元", 0)]
        changes += [{"extra": 10, "amount": 1510}, {"adjust": -10, "amount": 1490}, {"adjust": "-10", "amount": 1491}]
        changes += [
            {"pay_status": "退回", "amount": 0},
            {"payee_name": "王德明"},
            {"payee_name": "王德明", "payee_id": row["id_number"]},
        ]
        changes += [{"benefit_type": t} for t in form_names(form, "benefit_type")]
        changes += [
            {"benefit_type": t, "beneficiary_category": None, "months": None} for t in form_names(form, "benefit_type")
        ]
    if "birth_date" in form.by_id:
        changes += [{"sex": sex} for sex in ("男", "女", "男性", "同上", "不详的", 1)]
        births: tuple[Raw, ...] = (
            "同上",
            "春天",
            "95.3.12",
            "1995-3",
            "1995.3.12",
            f"{birth:%Y.%m.%d}",
            f"{birth:%y.%m.%d}",
            birth,
            birth + timedelta(days=1),
        )
        changes += [{"birth_date": day} for day in (*births, today + timedelta(days=1))]
    for change in changes:
        yield row | change


def form_names(form: Form, column: str) -> tuple[str, ...]:
    """The choices of a column."""
    kind = form.by_id[column].of
    assert isinstance(kind, Choice)
    return kind.codes(form.by_id[column]).names

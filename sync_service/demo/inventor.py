"""Inventing one township's people: who they are, and the rows that a careful clerk types about them.

Rows are typed cells by column id; blank cells are None or left out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sync_service.demo.standards import benefit_of, standard_of
from workbook_templates.cells import Raw
from workbook_templates.kinds.numbered import luhn
from workbook_templates.kinds.resident_id import ENDS_LOST, make_number
from workbook_templates.kinds.texts import GIVEN, SURNAMES
from workbook_templates.place import Township

Row = Mapping[str, Raw]
Records = Mapping[str, tuple[Row, ...]]
"""One person's rows by form id."""

_BATCHES = {
    "残疾抚恤金": "CJFX", "三属定期抚恤金": "DQFX", "定期生活补助": "DQBZ", "老年生活补助(60岁农村籍)": "LNBZ", "烈士子女生活补助": "ZNBZ",
}  # fmt: skip
"""How the numbers of batches abbreviate what is paid by the month."""
_REMARKS = (None,) * 12 + ("在外务工", "随子女居住", "已通知本人", "材料齐全")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is."""

    name: str
    number: str
    birth: date
    sex: str


@dataclass(frozen=True, slots=True)
class Service:
    """From when to when somebody served, each (year, month)."""

    enlisted: tuple[int, int]
    discharged: tuple[int, int]

    @property
    def cells(self) -> Row:
        """As the forms ask for it."""
        return {"enlist_date": month_text(*self.enlisted), "discharge_date": month_text(*self.discharged)}

    @property
    def months(self) -> int:
        """How long, in months."""
        return (self.discharged[0] - self.enlisted[0]) * 12 + self.discharged[1] - self.enlisted[1]


def month_text(year: int, month: int) -> str:
    """A month as the forms ask for it: 1986-11."""
    return f"{year:04d}-{month:02d}"


def last_day(today: date, month: int, day: int) -> date:
    """The last such day that is not later than today."""
    return date(today.year - ((month, day) > (today.month, today.day)), month, day)


def _quarters(today: date) -> list[tuple[int, int]]:
    """The last two whole quarters before today, as (year, first month)."""
    year, first = today.year, (today.month - 1) // 3 * 3 + 1
    found: list[tuple[int, int]] = []
    for _ in range(2):
        year, first = (year, first - 3) if first > 3 else (year - 1, 10)
        found.insert(0, (year, first))
    return found


class Inventor:
    """Invents the people of one township; no two of them share a name or a number.

    `numbers` are those of people elsewhere: it grows, so that several inventors can share it.
    """

    def __init__(self, township: Township, today: date, random: Random, numbers: set[str] | None = None) -> None:
        self.township, self.today, self.random = township, today, random
        self._names: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._numbers = set() if numbers is None else numbers

    @property
    def place(self) -> str:
        """How addresses begin; the bureau names villages together with their townships."""
        return self.township.county.name + (self.township.name if self.township.filler == "township" else "")

    def name(self) -> str:
        """A name that nobody else has."""
        while True:
            given = "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2, 2, 2, 2))))
            name = self.random.choice(SURNAMES) + given
            if name not in self._names:
                self._names.add(name)
                return name

    def number(self, birth: date, sex: str) -> str:
        """A number that nobody else has."""
        while True:
            sequence = self.random.randrange(10, 499) * 2 + (sex == "男")
            number = make_number(self.township.county.code, birth, sequence)
            if number not in self._numbers and not number.endswith(ENDS_LOST):
                self._numbers.add(number)
                return number

    def identity(self, first_year: int, last_year: int, sex: str = "") -> Identity:
        """Somebody born from `first_year` to `last_year`, both included."""
        first = date(first_year, 1, 1)
        birth = first + timedelta(days=self.random.randrange((date(last_year, 12, 31) - first).days))
        sex = sex or self.random.choice("男男男男男男男女")
        return Identity(self.name(), self.number(birth, sex), birth, sex)

    def count(self, what: str) -> int:
        """The next number, from 1, in the township's register of `what`."""
        self._counts[what] += 1
        return self._counts[what]

    def phone(self) -> str:
        """A mobile number."""
        return f"139{self.random.randrange(10**8):08d}"

    def account(self) -> str:
        """A card number that passes the Luhn check."""
        body = "6217" + f"{self.random.randrange(10**14):014d}"
        return next(body + digit for digit in "0123456789" if luhn(body + digit))

    def served(self, who: Identity, years: tuple[float, float]) -> Service:
        """Enlisted at 18 to 21, in the autumn or winter, for so many years."""
        enlisted = (who.birth.year + self.random.randrange(19, 22), self.random.choice((9, 11, 12)))
        months = enlisted[0] * 12 + enlisted[1] - 1 + round(12 * self.random.uniform(*years))
        return Service(enlisted, (months // 12, months % 12 + 1))

    def this_year(self) -> date:
        """A day of this year, not later than today."""
        first = self.today.replace(month=1, day=1)
        return first + timedelta(days=self.random.randrange((self.today - first).days + 1))

    def about(self, who: Identity, hukou: str = "农村") -> dict[str, Raw]:
        """What every sheet of persons asks for."""
        village = self.random.choice(self.township.villages)
        group = self.random.randrange(1, 12)
        address = f"{self.place}{village}{group}组{self.count('houses')}号"
        return {
            "name": who.name, "id_number": who.number, "sex": who.sex, "birth_date": who.birth, "village": village,
            "hukou_type": hukou, "hukou_address": address, "phone": self.phone(), "remark": self.random.choice(_REMARKS),
        }  # fmt: skip

    def veteran(self, about: Row, service: Service, category: str, rank: str, **more: Raw) -> dict[str, Raw]:
        """A row of 退役军人."""
        choose = self.random.choice
        row: dict[str, Raw] = {
            **about, **service.cells, "veteran_category": category, "rank_group": rank,
            "ethnicity": choose(("汉族",) * 15 + ("回族", "土家族")), "residence_address": choose(("同户籍", None)),
            "residence_status": choose(("人户一致",) * 8 + ("户在人不在",)),
            "education": choose(("初中", "初中", "高中", "高中", "大学专科", "小学", None)), "political_status": "群众",
            "unit_code": choose((None, f"{self.random.randrange(31000, 39000)}部队")), "war_test": "无",
            "merit": choose((None,) * 6 + ("嘉奖", "嘉奖2次", "三等功1次", "三等功、嘉奖2次")),
            "employment_status": choose(("灵活就业", "务农", "务农", "其他企业", "个体经营(创业)")),
            "pension_status": "城乡居民养老保险", "medical_status": "城乡居民基本医疗保险",
            "card_status": choose(("已领取", "已领取", "已领取", "办理中", "未申领")),
            "living_status": choose(("一般",) * 9 + (None,)), "person_status": "正常",
        }  # fmt: skip
        if self.random.random() < 0.15:
            branch = f"{about['village']}党支部"
            row |= {
                "political_status": "中共党员",
                "party_branch": branch,
                "party_relation": "在本村(社区)",
                "floating_party": "否",
            }
        return row | more

    def beneficiary(self, about: Row, category: str, **more: Raw) -> dict[str, Raw]:
        """A row of 优抚对象 that receives what the county's standards say."""
        standard = standard_of(category, more.get("disability_grade"), more.get("disability_nature"))
        return {
            **about, "beneficiary_category": category, "benefit_status": "享受待遇",
            "benefit_start": month_text(self.random.randrange(2012, 2020), self.random.randrange(1, 13)),
            "monthly_amount": standard.amount * int(str(more.get("service_years", 1))), "lonely": "否", "support_mode": "分散",
            "bank_name": self.random.choice(("农村信用社(农商行)", "农村信用社(农商行)", "邮政储蓄银行", "农业银行")),
            "account_name": about["name"], "bank_account": self.account(), "annual_confirm": self.this_year(), **more,
        }  # fmt: skip

    def payments(self, beneficiary: Row, quarters: int = 2) -> tuple[Row, ...]:
        """What somebody who receives a benefit was paid in the last whole quarters."""
        category = str(beneficiary["beneficiary_category"])
        benefit = benefit_of(category)
        standard = float(str(beneficiary["monthly_amount"]))
        rows: list[Row] = []
        for year, first in _quarters(self.today)[-quarters:]:
            extra = self.random.choice((None, None, None, 100.0))
            rows.append(
                {
                    "batch_no": f"{year}-{_BATCHES[benefit]}-{first // 3 + 1:02d}", "benefit_type": benefit, "name": beneficiary["name"],
                    "id_number": beneficiary["id_number"], "village": beneficiary["village"],
                    "beneficiary_category": category, "period_from": month_text(year, first),
                    "period_to": month_text(year, first + 2), "months": 3, "standard": standard, "extra": extra,
                    "amount": standard * 3 + (extra or 0), "pay_date": date(year, first + 2, 25), "pay_method": "一卡通",
                    "bank_account": beneficiary["bank_account"], "pay_status": "已发放",
                }
            )  # fmt: skip
        return tuple(rows)

    def greeting(self, about: Row) -> Row:
        """A Spring Festival gift of money."""
        year = self.today.year if self.today >= date(self.today.year, 2, 10) else self.today.year - 1
        return {
            "batch_no": f"{year}-CJWW-01", "benefit_type": "春节慰问金", "name": about["name"], "id_number": about["id_number"],
            "village": about["village"], "period_from": f"{year}-02", "period_to": f"{year}-02",
            "amount": self.random.choice((300.0, 500.0, 600.0)), "pay_date": date(year, 2, 5), "pay_method": "现金",
            "pay_status": "已发放", "remark": "本人签收",
        }  # fmt: skip

"""Invented people whose rows hold together: within a row, between the columns, and between the sheets.

Each maker invents one person and gives the rows that a careful clerk types about him or her, by form.
"""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from sync_service.demo.inventor import (
    MARTYRS_CHILD,
    RURAL_OVER_60,
    Identity,
    Inventor,
    Records,
    Row,
    Service,
    month_text,
)
from workbook_templates.cells import Raw
from workbook_templates.form import Form
from workbook_templates.place import Township

Maker = Callable[[Inventor], Records]


def conscript(of: Inventor) -> Records:
    """A conscript from a village who went home before November 2011."""
    who = of.identity(1958, 1979)
    row = of.veteran(of.about(who), of.served(who, (2.5, 4.5)), "回乡生产的退役士兵", "义务兵", enlist_hukou="农村")
    return {"veterans": (row,)}


def self_employed(of: Inventor) -> Records:
    """A soldier who looked for work himself, after November 2011."""
    who = of.identity(1992, 1998)
    row = of.veteran(of.about(who), of.served(who, (2, 2.5)), "自主就业退役士兵", "义务兵")
    return {"veterans": (row,)}


def placed(of: Inventor) -> Records:
    """A sergeant to whom the government gave work."""
    who = of.identity(1960, 1972)
    service = of.served(who, (12.5, 16))
    employer = of.random.choice(("县供销社", "县化肥厂", "县棉纺厂", "县粮食局", "县汽车运输公司"))
    row = of.veteran(
        of.about(who, "城镇"), service, "政府安排工作退役士兵", "军士(士官、志愿兵)", enlist_hukou="城镇",
        placement_employer=employer, placement_year=service.discharged[0] + 1,
    )  # fmt: skip
    return {"veterans": (row,)}


def officer(of: Inventor) -> Records:
    """An officer who went into an office."""
    who = of.identity(1960, 1975)
    service = of.served(who, (15, 22))
    row = of.veteran(
        of.about(who, "城镇"), service, "计划分配军转干部", "军官(含文职干部)", employment_status="机关事业单位",
        placement_employer="县水利局", placement_year=service.discharged[0], pension_status="机关事业养老保险",
    )  # fmt: skip
    return {"veterans": (row,)}


def survivor(of: Inventor) -> Records:
    """A martyr's or soldier's mother, widow or child."""
    who = of.identity(1940, 1962, "女")
    category = of.random.choice(("烈士遗属", "因公牺牲军人遗属", "病故军人遗属"))
    row = of.beneficiary(
        of.about(who), category, cert_no=f"清优字{of.random.randrange(10000):04d}号", kinship="配偶", martyr_name=of.name(),
        cert_holder="是",
    )  # fmt: skip
    return {"beneficiaries": (row,)}


def martyrs_child(of: Inventor) -> Records:
    """A martyr's child who is old now."""
    row = of.beneficiary(of.about(of.identity(1945, 1955)), MARTYRS_CHILD, kinship="子女", martyr_name=of.name())
    return {"beneficiaries": (row,)}


def _soldier(
    of: Inventor, who: Identity, service: Service, category: str, veteran: Mapping[str, Raw], **more: Raw
) -> Records:
    about = of.about(who)
    cells: dict[str, Raw] = {"enlist_hukou": "农村", **veteran}
    return {
        "veterans": (of.veteran(about, service, str(cells.pop("veteran_category", "回乡生产的退役士兵")), str(cells.pop("rank_group", "义务兵")), **cells),),
        "beneficiaries": (of.beneficiary(about, category, **service.cells, **more),),
    }  # fmt: skip


def rural(of: Inventor) -> Records:
    """A former conscript from a village, over sixty."""
    who = of.identity(1946, 1962, "男")
    service = of.served(who, (2.8, 4.9))
    return _soldier(of, who, service, RURAL_OVER_60, {}, service_years=round(service.months / 12))


def disabled(of: Inventor) -> Records:
    """A soldier who was disabled on duty."""
    who = of.identity(1955, 1979, "男")
    grade = of.random.choice(("五级", "六级", "七级", "八级", "九级", "十级"))
    mental = "否" if grade in {"五级", "六级"} else None
    number = f"清军残{of.random.randrange(100000):05d}"
    return _soldier(
        of, who, of.served(who, (2.5, 4.5)), "残疾军人", {}, cert_no=number, disability_grade=grade,
        disability_nature=of.random.choice(("因公", "因战")), mental_disability=mental,
    )  # fmt: skip


def fought(of: Inventor) -> Records:
    """A soldier who fought in a war."""
    who = of.identity(1957, 1963, "男")
    return _soldier(of, who, of.served(who, (3, 4.5)), "参战退役人员", {"war_test": "参战"})


def returned_ill(of: Inventor) -> Records:
    """A soldier who came home ill."""
    who = of.identity(1955, 1970, "男")
    return _soldier(of, who, of.served(who, (2.5, 4.5)), "带病回乡退役军人", {})


def demobilised(of: Inventor) -> Records:
    """A soldier who enlisted before November 1954."""
    who = of.identity(1929, 1934, "男")
    enlisted = (who.birth.year + 18, of.random.randrange(1, 11))
    service = Service(enlisted, (enlisted[0] + 4, 3))
    veteran = {"veteran_category": "复员军人(1954-10-31前入伍)", "rank_group": "其他", "enlist_hukou": None}
    return _soldier(of, who, service, "在乡复员军人", veteran)


def died(of: Inventor) -> Records:
    """A former conscript over sixty who died this year; what he received ended with that month."""
    records = rural(of)
    day = of.this_year()
    stopped: Row = {
        "benefit_status": "去世", "benefit_end": month_text(day.year, day.month), "stop_reason": "去世", "monthly_amount": None,
        "bank_name": None, "account_name": None, "bank_account": None, "annual_confirm": date(day.year, 1, 1),
    }  # fmt: skip
    return {
        "veterans": ({**records["veterans"][0], "person_status": "去世", "status_date": day, "card_status": "已领取"},),
        "beneficiaries": ({**records["beneficiaries"][0], **stopped},),
    }


def paid(maker: Maker) -> Maker:
    """The person that `maker` invents, with what was paid in the last two quarters."""

    def make(of: Inventor) -> Records:
        records = maker(of)
        return {**records, "payments": of.payments(records["beneficiaries"][0])}

    return make


def greeted(of: Inventor) -> Records:
    """A conscript who got a gift of money at the Spring Festival."""
    records = conscript(of)
    return {**records, "payments": (of.greeting(records["veterans"][0]),)}


_MANY: tuple[tuple[Maker, int], ...] = (
    (conscript, 20), (self_employed, 14), (placed, 6), (officer, 3), (greeted, 10), (survivor, 2), (died, 2), (rural, 2),
    (paid(rural), 12), (paid(disabled), 4), (paid(fought), 5), (paid(returned_ill), 2), (paid(demobilised), 2),
    (paid(survivor), 5), (paid(martyrs_child), 2),
)  # fmt: skip
"""Kinds of people with how common they are."""


def anybody(of: Inventor) -> Records:
    """One person of the mix that a township has."""
    return of.random.choices([maker for maker, _ in _MANY], [weight for _, weight in _MANY])[0](of)


def right_rows(form: Form, township: Township, n: int, random: Random, today: date) -> tuple[Row, ...]:
    """`n` right rows of `form` about people of `township`, as a careful clerk types them by `today`."""
    of = Inventor(township, today, random)
    rows: list[Row] = []
    while len(rows) < n:
        rows += anybody(of).get(form.id, ())
    return tuple(rows[:n])

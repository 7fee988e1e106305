"""Invented people whose rows hold together: within a row, between the columns, and between the sheets.

Each maker invents one person and gives the rows that a careful clerk types about him or her, by form.
"""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from sync_service.demo.caring import aid, health_check, petition, question, visit
from sync_service.demo.honouring import example, plaque
from sync_service.demo.inventor import Identity, Inventor, Records, Row, Service, month_text
from sync_service.demo.offices import activities, departments, number_changes, standards, stations
from sync_service.demo.settling import insured, placed, received, received_sergeant
from sync_service.demo.soldiers import sergeant, soldier, student_soldier
from sync_service.demo.standards import MARTYRS_CHILD, RURAL_OVER_60
from workbook_templates.cells import Raw
from workbook_templates.form import Form
from workbook_templates.place import Township

Maker = Callable[[Inventor], Records]


def _at_home(of: Inventor, veteran: Row) -> Records:
    """A veteran with the plaque at his door."""
    return {"veterans": (veteran,), "plaques": (plaque(of, veteran, "退役军人"),)}


def conscript(of: Inventor) -> Records:
    """A conscript from a village who went home before November 2011."""
    who = of.identity(1958, 1979)
    service = of.served(who, (2.5, 4.5))
    return _at_home(of, of.veteran(of.about(who), service, "回乡生产的退役士兵", "义务兵", enlist_hukou="农村"))


def moved(of: Inventor) -> Records:
    """A conscript who has registered elsewhere: nobody here looks after him any more."""
    (row,) = conscript(of)["veterans"]
    return {"veterans": ({**row, "person_status": "户口迁出", "status_date": of.this_year()},)}


def self_employed(of: Inventor) -> Records:
    """A soldier who looked for work himself, after November 2011."""
    who = of.identity(1992, 1998)
    return _at_home(of, of.veteran(of.about(who), of.served(who, (2, 2.5)), "自主就业退役士兵", "义务兵"))


def officer(of: Inventor) -> Records:
    """An officer who went into an office."""
    who = of.identity(1960, 1975)
    service = of.served(who, (15, 22))
    row = of.veteran(
        of.about(who, "城镇"), service, "计划分配军转干部", "军官(含文职干部)", employment_status="机关事业单位",
        placement_employer="县水利局", placement_year=service.discharged[0], pension_status="机关事业养老保险",
    )  # fmt: skip
    return _at_home(of, row)


def _receiving(of: Inventor, records: Records) -> Records:
    """Somebody who receives a benefit, with what was paid in the last two quarters and the yearly health check."""
    (row,) = records["beneficiaries"]
    return {**records, "payments": of.payments(row), "health_checks": (health_check(of, row),)}


def _survivor(of: Inventor, category: str) -> Records:
    row = of.beneficiary(
        of.about(of.identity(1940, 1962, "女")), category, kinship="配偶", martyr_name=of.name(), cert_holder="是",
        cert_no=f"清优字{of.township.code[-3:]}{of.count('survivors'):04d}号",
    )  # fmt: skip
    records: Records = {"beneficiaries": (row,), "plaques": (plaque(of, row, category),)}
    return _receiving(of, {**records, "visits": (visit(of, row, "重点优抚对象", "春节"),)})


def survivor(of: Inventor) -> Records:
    """The widow of a martyr, or of a soldier who died on duty or of illness."""
    return _survivor(of, of.random.choice(("烈士遗属", "因公牺牲军人遗属", "病故军人遗属")))


def martyrs_widow(of: Inventor) -> Records:
    """A martyr's widow."""
    return _survivor(of, "烈士遗属")


def martyrs_child(of: Inventor) -> Records:
    """A martyr's child who is old now."""
    row = of.beneficiary(of.about(of.identity(1945, 1955)), MARTYRS_CHILD, kinship="子女", martyr_name=of.name())
    return _receiving(of, {"beneficiaries": (row,)})


def _soldier(
    of: Inventor, who: Identity, service: Service, category: str, veteran: Mapping[str, Raw], **more: Raw
) -> Records:
    about = of.about(who)
    cells: dict[str, Raw] = {"enlist_hukou": "农村", **veteran}
    category_then, rank = (
        str(cells.pop(*one)) for one in (("veteran_category", "回乡生产的退役士兵"), ("rank_group", "义务兵"))
    )
    row = of.veteran(about, service, category_then, rank, **cells)
    receives = of.beneficiary(about, category, **service.cells, **more)
    return _receiving(of, {**_at_home(of, row), "beneficiaries": (receives,)})


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
    number = f"清军残{of.township.code[-3:]}{of.count('disabled'):05d}"
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


def dead(day: date) -> Row:
    """What 退役军人 says of somebody who died on a day."""
    return {"person_status": "去世", "status_date": day, "card_status": "已领取", "employment_status": None}


def died(of: Inventor) -> Records:
    """A former conscript over sixty who died this year; what he received ended with that month."""
    records = rural(of)
    day = of.this_year()
    stopped: Row = {
        "benefit_status": "去世", "benefit_end": month_text(day.year, day.month), "stop_reason": "去世", "monthly_amount": None,
        "bank_name": None, "account_name": None, "bank_account": None, "annual_confirm": date(day.year, 1, 1),
    }  # fmt: skip
    return {
        "veterans": ({**records["veterans"][0], **dead(day)},),
        "beneficiaries": ({**records["beneficiaries"][0], **stopped},),
    }


def greeted(of: Inventor) -> Records:
    """A conscript who got a gift of money at the Spring Festival."""
    records = conscript(of)
    return {**records, "payments": (of.greeting(records["veterans"][0]),)}


def needy(of: Inventor) -> Records:
    """A conscript who is hard up: visited, and helped."""
    records = conscript(of)
    row: Row = {**records["veterans"][0], "living_status": of.random.choice(("低保", "低保边缘", "突发困难"))}
    return {
        **records, "veterans": (row,), "visits": (visit(of, row, "困难退役军人", "八一"),), "service_cases": (aid(of, row),)
    }  # fmt: skip


def asking(of: Inventor) -> Records:
    """A conscript who came to the station with a question or a petition."""
    records = conscript(of)
    return {**records, "service_cases": (of.random.choice((petition, question))(of, records["veterans"][0]),)}


def exemplary(of: Inventor) -> Records:
    """A veteran whose deeds are told."""
    records = self_employed(of)
    return {**records, "honors": (example(of, records["veterans"][0]),)}


_MANY: tuple[tuple[Maker, int], ...] = (
    (conscript, 22), (self_employed, 12), (placed, 4), (insured, 3), (officer, 3), (greeted, 8), (needy, 5), (asking, 6),
    (exemplary, 2), (moved, 1), (received, 5), (received_sergeant, 1), (soldier, 5), (student_soldier, 3), (sergeant, 2), (died, 2), (rural, 9), (disabled, 4),
    (fought, 4), (returned_ill, 2), (demobilised, 1), (survivor, 5), (martyrs_child, 2),
)  # fmt: skip
"""Kinds of people with how common they are."""
KINDS: tuple[Maker, ...] = tuple(maker for maker, _ in _MANY)
"""Every kind of people."""

_OFFICES: Mapping[str, Callable[[Inventor], tuple[Row, ...]]] = {
    "stations": lambda of: (*stations(of), *departments(of)), "activities": lambda of: activities(of, 9), "benefit_standards": standards,
    "number_changes": lambda of: number_changes(of, 10),
}  # fmt: skip
"""Rows about nobody, by form."""


def anybody(of: Inventor) -> Records:
    """One person of the mix that a township has."""
    return of.random.choices([maker for maker, _ in _MANY], [weight for _, weight in _MANY])[0](of)


def right_rows(form: Form, township: Township, n: int, random: Random, today: date) -> tuple[Row, ...]:
    """`n` right rows of `form` from `township`, as a careful clerk types them by `today`; of stations and the like, as many
    as there are."""
    of = Inventor(township, today, random)
    if form.id in _OFFICES:
        return _OFFICES[form.id](of)[:n]
    rows: list[Row] = []
    while len(rows) < n:
        rows += anybody(of).get(form.id, ())
    return tuple(rows[:n])

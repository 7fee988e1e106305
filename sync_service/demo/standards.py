"""The county's standards of what is paid by the month. Each county sets its own and raises them every year: these are invented."""

from collections.abc import Mapping
from typing import NamedTuple

from workbook_templates.cells import Raw

RURAL_OVER_60 = "60周岁以上农村籍退役士兵"
MARTYRS_CHILD = "部分烈士(错杀被平反人员)子女"
GRADES = ("一级", "二级", "三级", "四级", "五级", "六级", "七级", "八级", "九级", "十级")
_NATURES = {"因战": (10, 90.0), "因公": (10, 60.0), "因病": (6, 30.0)}
"""How a disability came about: how many grades there are for it (《军人抚恤优待条例》第 27 条), and what is paid on top."""
_MONTHLY = {
    "烈士遗属": ("三属定期抚恤金", 1960.0), "因公牺牲军人遗属": ("三属定期抚恤金", 1810.0),
    "病故军人遗属": ("三属定期抚恤金", 1690.0), "在乡复员军人": ("定期生活补助", 1480.0),
    "带病回乡退役军人": ("定期生活补助", 730.0), "参战退役人员": ("定期生活补助", 810.0),
    "参试退役人员": ("定期生活补助", 800.0), MARTYRS_CHILD: ("烈士子女生活补助", 640.0),
}  # fmt: skip
_FOR_A_YEAR = 62.0
"""What a former conscript over sixty gets each month for each year of his service."""


class Standard(NamedTuple):
    """One standard: the benefit, whom it is for (grade and nature only for the disabled), the unit, and yuan."""

    benefit: str
    category: str
    grade: str | None
    nature: str | None
    unit: str
    amount: float


def _all() -> list[Standard]:
    found = [
        Standard("残疾抚恤金", "残疾军人", grade, nature, "元/月/人", (11 - GRADES.index(grade)) * 310.0 + more)
        for nature, (grades, more) in _NATURES.items()
        for grade in GRADES[:grades]
    ]
    found += [
        Standard(benefit, category, None, None, "元/月/人", amount) for category, (benefit, amount) in _MONTHLY.items()
    ]
    return [*found, Standard("老年生活补助(60岁农村籍)", RURAL_OVER_60, None, None, "元/月/服役年", _FOR_A_YEAR)]


STANDARDS: tuple[Standard, ...] = tuple(_all())
"""Every standard that is in force."""

_BENEFITS = {one.category: one.benefit for one in STANDARDS}
_BY_WHOM: Mapping[tuple[Raw, Raw, Raw], Standard] = {(one.category, one.grade, one.nature): one for one in STANDARDS}


def benefit_of(category: str) -> str:
    """What people of this category are paid by the month. Raises KeyError if nothing."""
    return _BENEFITS[category]


def standard_of(category: str, grade: Raw = None, nature: Raw = None) -> Standard:
    """The standard for somebody of this category. Raises KeyError if there is none."""
    return _BY_WHOM[category, grade, nature]

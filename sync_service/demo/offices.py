"""What is no person: stations and liaisons, campaigns and fairs, and the county's table of standards."""

from datetime import date, timedelta

from sync_service.demo.inventor import Inventor, Records, Row, last_day
from sync_service.demo.standards import STANDARDS, Standard
from workbook_templates.cells import Raw

_DEPARTMENTS = ("县教育局", "县财政局", "县人社局", "县民政局", "县卫健局", "县公安局", "县医保局", "县农业农村局")
"""Departments of the county that have a liaison."""


def _liaison(of: Inventor, name: str, level: str, **more: Raw) -> dict[str, Raw]:
    return {"station_name": name, "level": level, "liaison_name": of.name(), "liaison_phone": of.phone(), **more}


def _station(of: Inventor, name: str, level: str, address: str, **more: Raw) -> Row:
    return {
        **_liaison(of, name, level), "address": address, "sign_hung": "是", "sign_date": date(2019, 4, 12),
        "head_name": of.name(), "head_phone": of.phone(), "staff_full": 0 if level == "村(社区)" else 2, "staff_part": 2,
        "staff_veteran": 1, "ins_consult_window": "是", "board_count": of.random.randrange(1, 4),
        "budget": of.random.choice((3000.0, 5000.0, 10000.0)), "model_level": of.random.choice(("未创建", "未创建", "县级", "市级")),
        **more,
    }  # fmt: skip


def stations(of: Inventor) -> tuple[Row, ...]:
    """A station in each village of the township, and its own."""
    town = of.township.name
    own = _station(of, f"{town}退役军人服务站", "乡镇(街道)", f"{town}政府院内", ins_accept_window="是")
    return own, *(
        _station(
            of, f"{village}退役军人服务站", "村(社区)", f"{town}{village}党群服务中心", village=village, ins_notice="是"
        )
        for village in of.township.villages
    )


def departments(of: Inventor) -> tuple[Row, ...]:
    """The county's departments, each with its liaison."""
    return tuple(_liaison(of, name, "县直单位") for name in _DEPARTMENTS)


def county_stations(of: Inventor) -> tuple[Row, ...]:
    """The county's centre and departments."""
    centre = f"{of.township.county.name}退役军人服务中心"
    return _station(of, centre, "县", "县政务服务中心三楼"), *departments(of)


def _fair(of: Inventor, day: date, season: str) -> Row:
    return {
        "activity_type": "专场招聘会", "topic": "就业创业", "name": f"{day.year}年{season}退役军人专场招聘会", "start_date": day,
        "end_date": day, "place": "县人民广场", "companies": of.random.randrange(20, 60), "posts": of.random.randrange(400, 900),
        "participants": of.random.randrange(200, 400), "intent": of.random.randrange(30, 90),
    }  # fmt: skip


def _print(of: Inventor, day: date, name: str, kind: str) -> Row:
    return {
        "activity_type": "宣传品印制", "topic": "社保接续", "name": f"{day.year}年印制{name}", "start_date": day,
        "print_name": name, "print_kind": kind, "print_qty": of.random.randrange(5, 20) * 1000,
        "print_unit": "张" if kind in {"宣传单", "海报"} else "份",
    }  # fmt: skip


def _talk(of: Inventor, day: date, kind: str, topic: str, name: str) -> Row:
    return {
        "activity_type": kind, "topic": topic, "name": f"{day.year}年{name}", "start_date": day,
        "end_date": day + timedelta(1), "place": "县委党校", "participants": of.random.randrange(40, 160),
    }  # fmt: skip


def activities(of: Inventor, years: int = 2) -> tuple[Row, ...]:
    """What the county did in the last years: two fairs a year, what was printed, and talks."""
    rows: list[Row] = []
    for back in range(years):
        spring, autumn, july = (last_day(of.today, *when) for when in ((2, 22), (10, 18), (7, 20)))
        spring, autumn, july = (day.replace(year=day.year - back) for day in (spring, autumn, july))
        rows += [
            _fair(of, spring, "春季"), _fair(of, autumn, "秋季"), _print(of, spring, "社保接续政策宣传手册", "宣传手册"),
            _print(of, autumn, "社保接续政策宣传单", "宣传单"), _talk(of, july, "座谈会", "双拥褒扬", "八一军地座谈会"),
            _talk(of, july, "普法教育", "普法", "退役军人保障法宣讲"),
        ]  # fmt: skip
    return tuple(rows)


def township_activities(of: Inventor) -> tuple[Row, ...]:
    """What a township did in the last year by itself."""
    name = of.township.name
    july, spring = (last_day(of.today, *when) for when in ((7, 25), (3, 5)))
    return (
        _talk(of, july, "座谈会", "双拥褒扬", f"{name}八一座谈会"), _talk(of, spring, "政策宣讲", "社保接续", f"{name}社保政策宣讲"),
    )  # fmt: skip


def garrison_visits(of: Inventor) -> tuple[Row, ...]:
    """The county's visits on 八一 to those who are no single person."""
    return tuple(
        {
            "campaign": "八一", "visit_date": last_day(of.today, 7, 29), "name": name, "target_type": "驻军单位",
            "visit_mode": "座谈", "cash": 0.0, "goods_value": 3000.0, "goods": "水果、图书", "visitor": "县领导",
        }
        for name in ("县人民武装部", "县消防救援大队")
    )  # fmt: skip


def _standard_row(one: Standard, first: date, last: date | None, rise: float) -> Row:
    return {
        "benefit_type": one.benefit, "beneficiary_category": one.category, "disability_grade": one.grade,
        "disability_nature": one.nature, "unit": one.unit, "amount": round(one.amount * rise, 2), "effective_from": first,
        "effective_to": last, "source_doc": f"清退役军人发〔{first.year}〕12号",
    }  # fmt: skip


def standards(of: Inventor) -> tuple[Row, ...]:
    """The standards in force since the August before last, and those before them."""
    begun = last_day(of.today, 8, 1)
    begun = begun.replace(year=begun.year - 1)
    before = begun.replace(year=begun.year - 1)
    return (
        *(_standard_row(one, begun, None, 1) for one in STANDARDS),
        *(_standard_row(one, before, begun - timedelta(1), 0.95) for one in STANDARDS),
    )


def number_changes(of: Inventor, n: int) -> tuple[Row, ...]:
    """People whose ID number the police replaced, because somebody else had it too."""
    found: list[Row] = []
    for _ in range(n):
        who = of.identity(1945, 1975)
        known = of.this_year()
        found.append({
            "name": who.name, "old_number": who.number, "new_number": of.number(who.birth, who.sex), "change_reason": "重号",
            "change_date": known, "evidence": f"城关派出所证明〔{known.year}〕{of.count('number_changes')}号",
        })  # fmt: skip
    return tuple(found)


def another_fair(of: Inventor) -> Records:
    """One more fair than the county had."""
    fair = _fair(of, last_day(of.today, 3, 8), f"第{of.count('fairs')}场")
    return {"activities": (fair,)}


def old_standard(of: Inventor) -> Records:
    """A standard that was in force for a year, long ago."""
    year = 1991 + of.count("standards")
    return {"benefit_standards": (
        {
            "benefit_type": "门诊医疗补助", "beneficiary_category": "残疾军人", "unit": "元/人次", "amount": 60.0,
            "effective_from": date(year, 1, 1), "effective_to": date(year, 12, 31), "source_doc": f"清民发〔{year}〕3号",
        },
    )}  # fmt: skip


def of_township(of: Inventor) -> Records:
    """What a township's workbook holds about nobody."""
    return {"stations": stations(of), "activities": township_activities(of)}


def of_bureau(of: Inventor) -> Records:
    """What the bureau's workbook holds about nobody."""
    return {
        "stations": county_stations(of), "activities": activities(of), "visits": garrison_visits(of),
        "benefit_standards": standards(of), "number_changes": number_changes(of, 2),
    }  # fmt: skip

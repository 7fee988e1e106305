"""All who were given work over the years, against those who applied for the insurance gap programme: nobody is missed.

A number decides first. Who has applied is done with; who has not and is on a roster of the townships has to be told; somebody
whose number is missing, old or wrong may be found by name and service dates, and has to be looked at.
"""

from collections.abc import Mapping

from sync_service.crosscheck.holdings import Held, Holdings, shown
from sync_service.crosscheck.likeness import is_certain, likeness
from sync_service.crosscheck.records import Placement, Result, Whom
from sync_service.crosscheck.roster import FORM
from sync_service.doubles.matching import match
from sync_service.doubles.person import Person
from sync_service.doubles.suspicion import Match
from workbook_templates.form import Form

APPLICATIONS = "insurance_cases"
WITHDRAWN = "撤回"
SAID = ("placement_employer", "placement_year", "discharge_date", "archive_no")


def _applicants(holdings: Holdings) -> list[Person]:
    """Who has applied and has not withdrawn it."""
    pairs = zip(holdings.people(APPLICATIONS), holdings.held(APPLICATIONS), strict=True)
    return [person for person, held in pairs if held.values.get("case_status") != WITHDRAWN]


def _registered(holdings: Holdings) -> list[Person]:
    """Who is on a roster of the townships."""
    return [one for form in holdings.forms.values() if form.roster for one in holdings.people(form.id)]


def _result(applied: Match, known: Match, holdings: Holdings) -> tuple[Result, Person | None, Match | None]:
    """What becomes of somebody: the result, who he or she certainly is, and who perhaps."""
    if is_certain(applied):
        return "已申请", applied.right, applied
    if is_certain(known):
        assert known.right
        return ("已去世" if known.right.number in holdings.dead else "在册未申请"), known.right, known
    for found in (applied, known):
        if found.right:
            return "疑似匹配", None, found
    return "查无此人", None, None


def _basis(result: Result, found: Match | None, holdings: Holdings) -> str:
    if found is None or found.right is None:
        return "各表里都没有找到：没有相同的身份证号，也没有姓名和入伍、退役、出生时间都对得上的人"
    where = f"{holdings.title(found.right.form)} 第 {found.right.row} 行"
    return f"{where}：{found.why}" if result != "疑似匹配" else f"可能是{where}：{found.why}"


def _whom(
    one: Held, person: Person, certain: Person | None, found: Match | None, holdings: Holdings, codes: Mapping[str, str]
) -> Whom:
    """Who it is: as the townships know him or her, else as far as the roster tells.

    Somebody who is only likely found is for the township of origin, or else for the one in which the likeness lives, whose
    village and telephone number help to ask.
    """
    if certain:
        return holdings.whom(certain)._replace(name=person.name)
    origin = codes.get(str(one.values.get("origin_township") or ""), "")
    perhaps = holdings.whom(found.right) if found and found.right else Whom("", "")
    if origin in {"", perhaps.township}:
        return perhaps._replace(name=person.name, number=person.number)
    return Whom(person.name, person.number, origin)


def _placement(
    one: Held, applied: Match, known: Match, form: Form, holdings: Holdings, codes: Mapping[str, str]
) -> Placement:
    result, certain, found = _result(applied, known, holdings)
    return Placement(
        _whom(one, applied.left, certain, found, holdings, codes),
        result,
        _basis(result, found, holdings),
        "；".join(shown(form, SAID, one.values)),
        str(one.values.get("notified") or ""),
        f"{one.row.sheet} 第 {one.row.row} 行",
        likeness(found, holdings) if result == "疑似匹配" else None,
    )


def placements(holdings: Holdings, codes: Mapping[str, str]) -> list[Placement]:
    """What becomes of everybody on the roster, in its order. `codes` are the townships' codes by name."""
    people = holdings.people(FORM)
    applied, known = match(people, _applicants(holdings)), match(people, _registered(holdings))
    form = holdings.forms[FORM]
    return [
        _placement(*three, form, holdings, codes) for three in zip(holdings.held(FORM), applied, known, strict=True)
    ]

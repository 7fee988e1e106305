"""Whom the people of an old list are among those whom the county knows: old lists lack numbers, or have those of 15 digits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sync_service.doubles.evidence import DAY, Evidence, agreeing, same_month
from sync_service.doubles.person import Person, renewed
from sync_service.doubles.sounds import sound_alike, sound_keys
from sync_service.doubles.suspicion import Match
from workbook_templates.catalogue import catalogue

FOUND = "身份证号和姓名都相同"
NOBODY = "没有找到身份证号相同的人，也没有姓名和入伍、退役、出生时间都对得上的人"
_SUREST = ("", "J06", "J02", "J08", "J07", "J04", "J10")


def _rules(listed: Person, one: Person, evidence: Evidence) -> Iterator[str]:
    """The rules that say that the person of the list is this one."""
    same_name = listed.name == one.name
    alike = same_name or sound_alike(listed.name, one.name, dialect=evidence.dialect)
    if listed.whole and listed.number == one.number:
        yield from ("" if code == "J01" else code for code in evidence.same_number(listed, one) if code != "J09")
        return
    if alike and one.whole and renewed(listed.number) == one.number:
        yield "J02"
    born, enlisted, discharged = (
        same_month(getattr(listed, role), getattr(one, role)) for role in ("birth", "enlisted", "discharged")
    )
    employed = bool(listed.employer) and listed.employer == one.employer
    if listed.whole and one.whole:  # two good numbers: the day of birth must be the same, or it is somebody else
        if same_name and len(listed.birth) == DAY and listed.birth == one.birth:
            yield "J04"
    elif same_name and discharged and born is not False and (enlisted or born or employed):
        yield "J08"
    elif alike and discharged and born:
        yield "J07"


def _best(listed: Person, others: Sequence[Person], evidence: Evidence) -> Match:
    found = []
    for one in others:
        codes = sorted(_rules(listed, one, evidence), key=_SUREST.index)
        if codes:
            found.append(((_SUREST.index(codes[0]), -len(agreeing(listed, one))), one.place, codes[0], one))
    if not found:
        return Match(listed, None, "", NOBODY)
    rank, _, code, best = min(found, key=lambda one: one[:2])
    rivals = {str(one.identity) for other, _, _, one in found if other == rank and one.identity != best.identity}
    said = catalogue()[code].message if code else FOUND
    return Match(listed, best, code, f"{said}。两边相同的：{agreeing(listed, best) or '无'}", len(rivals))


def match(listed: Iterable[Person], people: Iterable[Person], *, dialect: bool = False) -> list[Match]:
    """For each person of an old list, in its order, the one of `people` who it most likely is, or nobody.

    Number and name tell; else one name, the month of discharge, and the month of enlistment or birth or the employer (J08).
    """
    evidence = Evidence(dialect=dialect)
    by_number: dict[str, list[Person]] = defaultdict(list)
    by_sound: dict[str, list[Person]] = defaultdict(list)
    for one in sorted(people, key=lambda one: one.place):
        if one.whole:
            by_number[one.number].append(one)
        for key in sound_keys(one.name, dialect=dialect) if one.name else ():
            by_sound[key].append(one)
    matches = []
    for one in listed:
        others = {other.place: other for other in by_number.get(renewed(one.number), ())}
        for key in sound_keys(one.name, dialect=dialect) if one.name else ():
            others |= {other.place: other for other in by_sound.get(key, ())}
        matches.append(_best(one, [*others.values()], evidence))
    return matches

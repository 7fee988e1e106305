"""Likely the same person under different rows: the one door to the search for doubles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from sync_service.doubles.blocking import candidates
from sync_service.doubles.evidence import Evidence, agreeing, differing, owner_of
from sync_service.doubles.person import Person
from sync_service.doubles.register import Register
from sync_service.doubles.suspicion import STRENGTHS, IdChange, Suspicion
from workbook_templates.catalogue import catalogue

SHARED = 5
"""A telephone number that so many people have is nobody's own: a village's, or a cadre's (as rule P06 has it)."""
_ORDER = {code: n for n, code in enumerate(STRENGTHS)}


def _suspicion(a: Person, b: Person, codes: Iterable[str]) -> Suspicion:
    left, right = sorted((a, b), key=lambda one: one.place)
    ordered = tuple(sorted(codes, key=_ORDER.__getitem__))
    # Both numbers hold together: that telephone or account is the same may have another reason.
    doubtful = ordered[0] == "J05" and a.whole and b.whole
    reasons = "；".join(catalogue()[code].message.format(what="身份证号") for code in ordered)
    return Suspicion(
        ordered[0],
        "review" if doubtful else STRENGTHS[ordered[0]],
        left,
        right,
        f"{reasons}。两边相同的：{agreeing(left, right) or '无'}",
        ordered,
        differing(left, right),
        owner_of(left, right),
    )


def _in_two_townships(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """The rows of one ID number that stand in two townships: of each form that both have, else of any, one each."""
    by_number: dict[str, dict[str, dict[str, Person]]] = defaultdict(lambda: defaultdict(dict))
    for one in people:
        if one.whole:
            by_number[one.number][one.township].setdefault(one.form, one)
    for townships in by_number.values():
        for here, there in combinations(townships.values(), 2):
            both = [form for form in here if form in there]
            if both:
                yield from ((here[form], there[form]) for form in both)
            else:
                yield next(iter(here.values())), next(iter(there.values()))


def _shared_phones(people: Sequence[Person]) -> set[str]:
    owners: dict[str, set[object]] = defaultdict(set)
    for one in people:
        if one.phone:
            owners[one.phone].add(one.identity)
    return {phone for phone, them in owners.items() if len(them) >= SHARED}


def _rank(one: Suspicion) -> tuple[object, ...]:
    """Which of several pairs of rows shows best what is suspected of two people: the surest, and of one form if possible."""
    return _ORDER[one.code], one.left.form != one.right.form, -len(one.codes), one.left.place, one.right.place


def found_among(rows: Sequence[Person], renewed: Mapping[str, str], *, dialect: bool) -> list[Suspicion]:
    """What is suspected of these rows, in no particular order. `renewed` are the numbers that replaced others."""
    rows = sorted(rows, key=lambda one: one.place)
    evidence = Evidence(_shared_phones(rows), dialect=dialect)
    found = [_suspicion(a, b, evidence.same_number(a, b)) for a, b in _in_two_townships(rows)]
    best: dict[frozenset[object], Suspicion] = {}
    compared: set[tuple[int, int]] = set()
    for a, b in candidates(rows, renewed, dialect=dialect):
        if a.identity == b.identity or not (a.whole or b.whole) or (id(a), id(b)) in compared:
            continue
        compared |= {(id(a), id(b)), (id(b), id(a))}
        codes = [*evidence.other_number(a, b)]
        if renewed.get(a.number, a.number) == renewed.get(b.number, b.number):
            codes.append("J11")
        if codes:
            one, two = _suspicion(a, b, codes), frozenset((a.identity, b.identity))
            best[two] = min(best.get(two, one), one, key=_rank)
    return [*found, *best.values()]


def surest_first(found: Iterable[Suspicion]) -> list[Suspicion]:
    """Suspicions in their order."""
    return sorted(found, key=lambda one: (_ORDER[one.code], one.left.place, one.right.place))


def suspicions(people: Iterable[Person], changes: Iterable[IdChange] = (), *, dialect: bool = False) -> list[Suspicion]:
    """Every two rows of rosters that may be about one person, each two people once, surest first.

    Rows of one ID number are suspected only between townships, once for each form (the first row of the form stands for
    others of the same number); within a township the sheets' own checks tell (K01, X01, X33). `changes` are the ID numbers
    that the police replaced. With `dialect`, sounds that dialects confuse count as one.
    """
    renewed = {change.old: change.new for change in changes}
    return surest_first(found_among([one for one in people if one.roster], renewed, dialect=dialect))


def suspicions_in(register: Register, *, dialect: bool = False) -> list[Suspicion]:
    """What `suspicions` finds among all rows of a register."""
    return surest_first(found_among(register.company(), register.renewed, dialect=dialect))

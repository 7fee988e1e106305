"""What two rows have in common, and which rules therefore suspect that they are about one person."""

from collections.abc import Container, Iterator

from rapidfuzz.distance import DamerauLevenshtein

from sync_service.doubles.lookalikes import look_alike
from sync_service.doubles.person import AT_HOME, Person, renewed
from sync_service.doubles.sounds import sound_alike

FEW_SLIPS = 2
"""A number with more slips than this against another one is another person's, unless more than the name speaks for it (J08)."""
NEIGHBOURS = 2
"""How far apart the sequence numbers of twins are at most: they are odd for men and even for women."""
DAY, MONTH = 10, 7
"""How long a date and a month are as ISO text."""


class Evidence:
    """How two rows are compared. `shared_phones` are numbers that so many people have that they are nobody's own."""

    def __init__(self, shared_phones: Container[str] = (), *, dialect: bool = False) -> None:
        self.shared_phones, self.dialect = shared_phones, dialect

    def same_number(self, a: Person, b: Person) -> Iterator[str]:
        """The rules that speak of two rows of different townships with the same ID number."""
        if a.name == b.name:
            yield "J01"
        elif sound_alike(a.name, b.name, dialect=self.dialect) or look_alike(a.name, b.name):
            yield "J06"
        else:
            yield "J10"
        if bool(a.state) != bool(b.state):
            yield "J09"

    def other_number(self, a: Person, b: Person) -> Iterator[str]:
        """The rules that suspect two rows with different ID numbers, of which one at least holds together.

        Twins have one surname, birth date and address, and numbers side by side: they are nobody's double (J12).
        """
        if not (a.name and b.name):
            return
        if a.whole and b.whole:
            if a.name == b.name and len(a.birth) == DAY and a.birth == b.birth:
                yield "J04"
            if a.name == b.name and self._reached_alike(a, b):
                yield "J05"
            return
        if are_twins(a, b):
            return
        spoilt, sound = (a, b) if b.whole else (b, a)
        alike = a.name == b.name or sound_alike(a.name, b.name, dialect=self.dialect)
        if alike and renewed(spoilt.number) == sound.number:
            yield "J02"
        elif alike and DamerauLevenshtein.distance(spoilt.number, sound.number, score_cutoff=1) == 1:
            yield "J03"
        if a.name == b.name and self._reached_alike(a, b):
            yield "J05"
        if alike and len(a.birth) == DAY and a.birth == b.birth and a.village == b.village and a.township == b.township:
            yield "J07"
        if a.name == b.name and _served_alike(a, b) and _may_be(spoilt.number, sound.number):
            yield "J08"

    def _reached_alike(self, a: Person, b: Person) -> bool:
        own = bool(a.phone) and a.phone == b.phone and a.phone not in self.shared_phones
        return own or (bool(a.account) and a.account == b.account)


def same_month(a: str, b: str) -> bool | None:
    """Whether two dates lie in one month; None if one of them is missing."""
    return a[:MONTH] == b[:MONTH] if a and b else None


def _served_alike(a: Person, b: Person) -> bool:
    served = same_month(a.enlisted, b.enlisted) and same_month(a.discharged, b.discharged)
    return bool(served) and same_month(a.birth, b.birth) is not False


def _may_be(spoilt: str, number: str) -> bool:
    """Whether a number that is wrong or missing may be meant for this one."""
    return not spoilt or DamerauLevenshtein.distance(renewed(spoilt), number, score_cutoff=FEW_SLIPS) <= FEW_SLIPS


def are_twins(a: Person, b: Person) -> bool:
    """Whether two rows are about twins: one surname, birth date and address, sequence numbers side by side, other names."""
    if not (a.name != b.name and a.name[:1] == b.name[:1] and a.birth == b.birth and a.address == b.address):
        return False
    one, other = (renewed(each.number)[14:17] for each in (a, b))
    return bool(a.address and one.isdecimal() and other.isdecimal()) and 0 < abs(int(one) - int(other)) <= NEIGHBOURS


def owner_of(a: Person, b: Person) -> str:
    """The township to which a person of two townships belongs: the only one that says that the household is there; else ""."""
    claiming = {one.township for one in (a, b) if one.residence in AT_HOME and not one.state}
    return claiming.pop() if len(claiming) == 1 else ""


WORDS = {
    "name": "姓名", "birth": "出生日期", "village": "村(社区)", "phone": "联系电话", "account": "银行账号",
    "enlisted": "入伍时间", "discharged": "退役时间", "employer": "安置单位", "address": "户籍地址",
}  # fmt: skip
"""What the coordinator looks at when she compares two rows, in her words."""


def agreeing(a: Person, b: Person) -> str:
    """What both rows say alike, in words."""
    alike = [word for role, word in WORDS.items() if (said := getattr(a, role)) and said == getattr(b, role)]
    return "、".join(alike)


def differing(a: Person, b: Person) -> tuple[str, ...]:
    """The roles in which both rows say something, and not the same."""
    roles = ("number", *WORDS, "state")
    return tuple(role for role in roles if (x := getattr(a, role)) and (y := getattr(b, role)) and x != y)

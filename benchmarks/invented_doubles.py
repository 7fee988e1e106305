"""A county of invented people some of whom are registered twice, in every way that is known, and who is who."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from pypinyin import lazy_pinyin

from sync_service.doubles.lookalikes import LOOKS
from sync_service.doubles.person import Person, birth_in, holds_together
from sync_service.doubles.suspicion import IdChange
from workbook_templates.kinds.resident_id import make_number

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest surnames, the commonest first."""
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉梅红建国志文斌春燕海波永立金福贵德生忠义林峰飞鹏辉东亮宝山水成庆喜祥荣"
    "兴旺发财富学良才胜利民新光武卫爱兰凤琴莲珍香云月花玲淑芬莉萍云松柏青长江河安康宁乐顺达全有根木火土大小中正仁礼智信凯旋俊"
    "豪威龙虎彪健壮锋剑钢铁宏鸿洪红均君俊培佩沛炳秉彬宾滨兵丙继纪季绍少邵振镇震世士仕思斯"
)
SHARES = tuple(accumulate(1 / (n + 6) for n in range(len(SURNAMES))))
VILLAGES = tuple(f"{a}{b}村" for a in "东西南北上下" for b in "风河山湾桥")
TOWNSHIPS, COUNTY = 15, "990101"
ROSTER = "veterans"


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who somebody is, and what a careful clerk writes about him or her."""

    who: int
    name: str
    number: str
    township: str
    village: str
    phone: str
    enlisted: str
    discharged: str
    address: str

    def row(self, **said: object) -> Person:
        """A row of a roster about the person, with what the clerk says otherwise."""
        number = str(said.get("number", self.number))
        stored = holds_together(number)
        known: dict[str, object] = {
            "township": self.township, "form": ROSTER, "key": number if stored else "", "name": self.name, "number": number,
            "birth": birth_in(number), "village": self.village, "phone": self.phone, "enlisted": self.enlisted,
            "discharged": self.discharged, "address": self.address, "residence": "人户一致", "stored": stored,
        }  # fmt: skip
        return Person(**{**known, **said})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Planted:
    """Two rows that were made so: what happened, and the rule that sees it best ("" if none should)."""

    kind: str
    code: str
    left: Person
    right: Person


@dataclass(frozen=True, slots=True)
class Invented:
    """The county: its rows, whose each is by place, what was planted, and the ID numbers that the police replaced."""

    rows: tuple[Person, ...]
    owners: Mapping[tuple[str, str, str], int]
    planted: tuple[Planted, ...]
    changes: tuple[IdChange, ...]


class Inventor:
    """Invents people, many of whom have common names."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._numbers: set[str] = set()
        self._n = 0

    def number(self, birth: date, sequence: int | None = None) -> str:
        """A number that nobody else has."""
        while True:
            number = make_number(COUNTY, birth, sequence or self.random.randrange(1, 999))
            if number not in self._numbers:
                self._numbers.add(number)
                return number
            sequence = None

    def name(self) -> str:
        """A name such as many have."""
        surname = self.random.choices(SURNAMES, cum_weights=SHARES)[0]
        return surname + "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2, 2, 2, 2))))

    def somebody(self, **known: object) -> Somebody:
        """Somebody born between 1940 and 2003."""
        pick = self.random
        birth = date(1940, 1, 1) + timedelta(days=pick.randrange(63 * 365))
        enlisted = date(birth.year + pick.randrange(18, 22), pick.choice((9, 11, 12)), 1)
        discharged = enlisted.year * 12 + enlisted.month + pick.randrange(24, 60)
        village = pick.choice(VILLAGES)
        self._n += 1
        said: dict[str, object] = {
            "who": self._n, "name": self.name(), "number": "", "township": f"{COUNTY}{pick.randrange(1, TOWNSHIPS + 1):03d}",
            "village": village, "phone": f"139{pick.randrange(10**8):08d}", "enlisted": f"{enlisted:%Y-%m}",
            "discharged": f"{discharged // 12}-{discharged % 12 + 1:02d}", "address": f"{village}{pick.randrange(1, 12)}组{self._n}号",
        } | known  # fmt: skip
        return Somebody(**{**said, "number": said["number"] or self.number(birth)})  # type: ignore[arg-type]

    def elsewhere(self, one: Somebody) -> str:
        """Another township."""
        return f"{COUNTY}{int(one.township[6:]) % TOWNSHIPS + 1:03d}"

    def again(self, one: Somebody, *, there: bool | None = None, **said: object) -> Person:
        """The person's row as another clerk writes it, in half of the cases one of another township (`there`).

        Much has changed, is left out or written otherwise: every third telephone number, every fifth village or month of
        enlistment or discharge, and every tenth name sounds only alike.
        """
        chance = self.random.random
        month = f"{int(one.discharged[:4]) - 1}-12"
        known: dict[str, object] = {
            "phone": one.phone if chance() < 0.67 else self.random.choice(("", f"138{self.random.randrange(10**8):08d}")),
            "enlisted": one.enlisted if chance() < 0.8 else "",
            "discharged": one.discharged if chance() < 0.8 else month,
            "address": "同户籍" if chance() < 0.5 else one.address,
            "name": (chance() < 0.1 and self.homophone(one.name)) or one.name,
        }  # fmt: skip
        if (chance() < 0.5) if there is None else there:
            known |= {
                "township": self.elsewhere(one),
                "village": self.random.choice(VILLAGES),
                "residence": "人在户不在",
            }
        elif chance() < 0.2:
            known["village"] = self.random.choice(VILLAGES)
        return one.row(**{**known, **said})

    def slipped(self, number: str) -> str:
        """A number with one slip of the finger that the check digit shows."""
        while True:
            at = self.random.randrange(6, len(number) - 1)
            match self.random.randrange(5):
                case 0:
                    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
                case 1:
                    wrong = number[:at] + number[at + 1 :]
                case 2:
                    wrong = number[:at] + number[at] + number[at:]
                case _:
                    wrong = number[:at] + self.random.choice("0123456789") + number[at + 1 :]
            if wrong != number and not holds_together(wrong):
                return wrong

    def _instead(self, name: str, others: Callable[[str], list[str]]) -> str:
        for at in self.random.sample(range(1, len(name)), len(name) - 1):
            if found := others(name[at]):
                return name[:at] + self.random.choice(found) + name[at + 1 :]
        return ""

    def homophone(self, name: str) -> str:
        """The name with one character of the same sound; "" if none is known."""
        return self._instead(name, lambda c: [o for o in dict.fromkeys(GIVEN) if o != c and _sound(o) == _sound(c)])

    def lookalike(self, name: str) -> str:
        """The name with one character that looks alike; "" if none is known."""
        return self._instead(name, lambda c: sorted(LOOKS.get(c, frozenset()) - {c}))


@cache
def _sound(character: str) -> str:
    return lazy_pinyin(character)[0]


Same = Callable[[Inventor, Somebody], Person | None]
"""How somebody comes to stand in a second row; None if it cannot happen to this one."""


def _born(one: Somebody) -> date:
    return date.fromisoformat(birth_in(one.number))


def _called(change: Callable[[Inventor, str], str]) -> Same:
    def make(of: Inventor, one: Somebody) -> Person | None:
        name = change(of, one.name)
        return of.again(one, there=True, name=name) if name else None

    return make


def _old_number(of: Inventor, one: Somebody) -> Person | None:
    return of.again(one, number=one.number[:6] + one.number[8:17]) if one.number[6:8] == "19" else None


def _sounds_like(of: Inventor, one: Somebody) -> Person | None:
    name = of.homophone(one.name)
    return of.again(one, name=name, number="", birth=birth_in(one.number)) if name else None


def _corrected_birth(of: Inventor, one: Somebody) -> Person:
    return of.again(one, number=of.number(_born(one) + timedelta(days=of.random.randrange(20, 700))))


SAME: Mapping[tuple[str, str], Same] = {
    ("两个乡镇都登记", "J01"): lambda of, one: of.again(one, there=True, name=one.name),
    ("两个乡镇都登记，一边已标去世", "J09"): lambda of, one: of.again(one, there=True, state="去世"),
    ("号码相同，姓名同音", "J06"): _called(lambda of, name: of.homophone(name)),
    ("号码相同，姓名形近", "J06"): _called(lambda of, name: of.lookalike(name)),
    ("号码错一处", "J03"): lambda of, one: of.again(one, number=of.slipped(one.number)),
    ("号码错两处", "J05"): lambda of, one: of.again(one, number=of.slipped(of.slipped(one.number))),
    ("15 位旧号", "J02"): _old_number,
    ("没有号码，只有出生日期", "J07"): lambda of, one: of.again(one, number="", birth=birth_in(one.number)),
    ("没有号码，姓名同音，有出生日期", "J07"): _sounds_like,
    ("没有号码，也没有出生日期", "J08"): lambda of, one: of.again(one, number="", birth=""),
    ("换过号码，出生日期没有变", "J04"): lambda of, one: of.again(one, number=of.number(_born(one))),
    ("换过号码，出生日期也变了", "J05"): _corrected_birth,
    ("换过号码，县里登记过", "J11"): _corrected_birth,
}  # fmt: skip
"""How one person comes to stand in two rows, and the rule that sees it best."""

Other = Callable[[Inventor, Somebody], tuple[Somebody, Person]]
"""Another person who looks like somebody, and the row about that one."""


def _dragged(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    other = of.somebody()
    return other, other.row(number=one.number, township=of.elsewhere(one))


def _twin(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    sequence = int(one.number[14:17])
    number = of.number(_born(one), sequence + 2 if sequence < 997 else sequence - 2)
    name = of.homophone(one.name) or one.name[0] + of.name()[1:]
    home = {"village": one.village, "township": one.township, "address": one.address}
    twin = of.somebody(number=number, name=name, phone=one.phone, **home)
    # With the other twin's check digit, the number looks like the other's with a slip in its sequence.
    wrong = number[:17] + one.number[17]
    return twin, twin.row(number=number if holds_together(wrong) else wrong)


def _namesake(**said: object) -> Other:
    """Somebody else of the same name, with what the row says."""

    def make(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
        other = of.somebody(name=one.name)
        row = other.row(**said)
        return other, row._replace(
            number=of.slipped(other.number), key="", stored=False
        ) if not row.stored and row.birth else row

    return make


def _comrade(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    other = of.somebody(name=one.name, enlisted=one.enlisted, discharged=one.discharged)
    return other, other.row(number="", birth="")


def _born_the_same_day(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    other = of.somebody(name=one.name, number=of.number(_born(one)))
    return other, other.row()


def _father(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    home = {"village": one.village, "township": one.township, "address": one.address}
    other = of.somebody(name=one.name[0] + of.name()[1:], phone=one.phone, **home)
    return other, other.row(number="", birth="")


def _cousin(of: Inventor, one: Somebody) -> tuple[Somebody, Person]:
    other = of.somebody(name=one.name, phone=one.phone, village=one.village, township=one.township)
    return other, other.row(number="", birth="")


OTHERS: Mapping[tuple[str, str], tuple[Other, float]] = {
    ("用了别人的号码", "J10"): (_dragged, 1),
    ("双胞胎，一个号码有错", ""): (_twin, 1),
    ("只是同名", ""): (_namesake(), 5),
    ("只是同名，一个没有号码", ""): (_namesake(number="", birth=""), 3),
    ("只是同名，一个号码有错", ""): (_namesake(number="", birth="1900-01-01"), 3),
    ("同名，又同一天生", "J04"): (_born_the_same_day, 1),
    ("同名，又一起入伍退役，一个没有号码", "J08"): (_comrade, 0.02),
    ("父子共用电话", ""): (_father, 1),
    ("堂兄弟同名，又共用电话，一个没有号码", "J05"): (_cousin, 0.03),
}  # fmt: skip
"""How another person comes to look like somebody, the rule that has to ask, and how common it is beside one of SAME."""


def _planted(of: Inventor, people: list[Somebody], n: int) -> Iterator[tuple[Planted, int, int]]:
    """Each way `n` times, or as common as it is, with whom both rows are about."""
    for (kind, code), way in SAME.items():
        made = 0
        while made < n:
            one = people.pop()
            if row := way(of, one):
                made += 1
                yield Planted(kind, code, one.row(), row), one.who, one.who
            else:
                people.insert(0, one)
    for (kind, code), (other_way, common) in OTHERS.items():
        for _ in range(max(1, round(n * common))):
            one = people.pop()
            other, row = other_way(of, one)
            yield Planted(kind, code, one.row(), row), one.who, other.who


def invent(n: int, seed: int = 20260701, share: float = 0.004) -> Invented:
    """About `n` people; what can go wrong happens to `share` of them, in each way."""
    of = Inventor(Random(seed))
    people = [of.somebody() for _ in range(n)]
    offices = [f"0571-8{of.random.randrange(10**6):06d}" for _ in range(40)]
    planted: list[Planted] = []
    owners: dict[tuple[str, str, str], int] = {}
    for one, left, right in _planted(of, people, max(2, round(n * share))):
        planted.append(one)
        owners |= {one.left.place: left, one.right.place: right}
    rows = [row for one in planted for row in (one.left, one.right)]
    for somebody in people:
        # One in twenty has no telephone of his own, and the village's is written down.
        row = somebody.row(phone=of.random.choice(offices)) if of.random.random() < 0.05 else somebody.row()
        rows.append(row)
        owners[row.place] = somebody.who
    changes = [IdChange(one.left.number, one.right.number) for one in planted if one.code == "J11"]
    of.random.shuffle(rows)
    return Invented(tuple({row.place: row for row in rows}.values()), owners, tuple(planted), tuple(changes))

"""The clerks of the soak: they edit, their workbooks come to harm, and a model of them knows what the store must hold."""

from collections import Counter
from collections.abc import Iterator
from random import Random

from tests.county import CountyOnDisk, number, veteran, workbook

FAULTS = ("half saved", "gone", "open", "protected")
WRONG = "wrong"
"""Stands for a telephone number in a row that nobody can accept."""


class Clerks:
    """What the townships' workbooks say, what of it is valid, and what is wrong with them at the moment."""

    def __init__(self, county: CountyOnDisk, names: list[str], chance: Random) -> None:
        self.county, self._chance = county, chance
        self.edits, self.faults = 0, Counter[str]()
        self.good: dict[str, dict[int, str]] = {}
        self._shown: dict[str, dict[int, str]] = {}
        self.faulty: dict[str, str] = {}
        self._next = 0
        for name in names:
            people = {self._new(): self._phone() for _ in range(chance.randint(4, 9))}
            self.good[name], self._shown[name] = dict(people), dict(people)
            self._save(name)

    def _new(self) -> int:
        self._next += 1
        return self._next

    def _phone(self) -> str:
        return f"139{self._chance.randrange(10**8):08d}"

    def _save(self, name: str) -> None:
        rows = [
            invented(n, self._phone(), village="火星村") if phone == WRONG else invented(n, phone)
            for n, phone in self._shown[name].items()
        ]
        self.county.write(name, workbook(name, rows))

    def _edit(self, name: str) -> None:
        """One edit: a right one, a wrong one, or a wrong one mended."""
        good, shown = self.good[name], self._shown[name]
        person = self._chance.choice(list(shown))
        match self._chance.randrange(4):
            case 0:
                person = self._new()
                good[person] = shown[person] = self._phone()
            case 1 if len(shown) > 2:
                del good[person], shown[person]
            case 2:
                shown[person] = WRONG  # refused: the last right one stands
            case _:
                good[person] = shown[person] = self._phone()
        self.edits += 1

    def _harm(self, name: str, fault: str) -> None:
        path = self.county.book(name)
        owner = path.with_name(f"~${path.name}")
        match fault:
            case "half saved":
                path.write_bytes(path.read_bytes()[:3000])
            case "gone":
                path.unlink()
            case "open":
                owner.write_bytes(b"somebody")
            case "protected":
                path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
        self.county.age(path) if path.exists() else None
        self.faults[fault] += 1

    def mend(self) -> None:
        """Whatever is wrong with a workbook is put right; it says what it said before."""
        for name in self.faulty:
            path = self.county.book(name)
            path.with_name(f"~${path.name}").unlink(missing_ok=True)
            self._save(name)
        self.faulty.clear()

    def work(self, most: int) -> None:
        """Some hours of the clerks' work."""
        self.mend()
        names = self._chance.sample(list(self.good), k=min(len(self.good), self._chance.randint(1, most)))
        *edited, last = names
        for name in edited or [last]:
            self._edit(name)
            self._save(name)
        if edited and self._chance.random() < 0.5:
            self.faulty[last] = self._chance.choice(FAULTS)
            self._harm(last, self.faulty[last])


def invented(n: int, phone: str, **changes: object) -> dict[str, object]:
    """Person n, unlike any other."""
    return veteran(
        n, **changes, phone=phone, id_number=number(n), name="王" + chr(0x4E00 + n % 2000) + chr(0x5200 + n // 2000)
    )


def differences(clerks: Clerks) -> Iterator[str]:
    """Where the store is not what the model says."""
    codes = {township.name: township.code for township in clerks.county.setup.townships}
    stored = {key: row["phone"] for key, row in clerks.county.veterans().items()}
    said = {(codes[name], number(n)): phone for name, people in clerks.good.items() for n, phone in people.items()}
    for key in sorted(stored.keys() | said.keys()):
        if stored.get(key) != said.get(key):
            yield f"{key[0]} {key[1][-4:]}: stored {stored.get(key)}, in the file {said.get(key)}"

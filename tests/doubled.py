"""Rows about invented people for the tests of likely doubles: 张建国 of 东风村 unless something else is said."""

from datetime import date

from sync_service.doubles.person import Person, birth_in, holds_together
from sync_service.doubles.suspicion import IdChange, Suspicion
from sync_service.doubles.suspicions import suspicions
from workbook_templates.kinds.resident_id import make_number

EAST, WEST = "990101001", "990101002"
BORN = date(1968, 3, 12)


def number(sequence: int = 11, birth: date = BORN) -> str:
    """A good ID number of somebody of this birth date."""
    return make_number("990101", birth, sequence)


def person(id_number: str | None = None, **said: object) -> Person:
    """A row; one whose number does not hold together was not taken over."""
    written = number() if id_number is None else id_number
    stored = holds_together(written)
    known: dict[str, object] = {
        "township": EAST, "form": "veterans", "key": written if stored else "", "name": "张建国", "number": written,
        "birth": birth_in(written), "village": "东风村", "stored": stored,
    }  # fmt: skip
    return Person(**{**known, **said})  # type: ignore[arg-type]


def suspected(*people: Person, changes: tuple[IdChange, ...] = (), dialect: bool = False) -> list[Suspicion]:
    """What is suspected of these rows."""
    return suspicions(people, changes, dialect=dialect)


def codes(*people: Person, changes: tuple[IdChange, ...] = (), dialect: bool = False) -> list[str]:
    """Under which rules pairs of these rows are shown."""
    return [one.code for one in suspected(*people, changes=changes, dialect=dialect)]

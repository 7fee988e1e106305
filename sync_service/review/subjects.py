"""By what cases, corrections and reviews are known again from run to run, and by what it shows that they changed."""

import hashlib
from collections.abc import Iterable, Mapping

import orjson

from sync_service.review.records import CaseKind
from workbook_templates.form import Form

Place = tuple[str, str, str]
"""Form, township and key of a row."""

_IDENTIFYING = frozenset(["name", "id18", "idold", "phone", "account"])


def digest_of(*parts: object) -> str:
    """Sixteen letters that change with any of the parts."""
    return hashlib.blake2b(orjson.dumps(parts), digest_size=8).hexdigest()


def case_id(kind: CaseKind, places: Iterable[Place], column: str = "") -> str:
    """The id of the case about these rows (and a column), in whatever order they come."""
    return digest_of(kind, sorted(places), column)


def correction_id(form: str, township: str, key: str, column: str) -> str:
    """The id of whatever is corrected in one cell."""
    return digest_of("correction", form, township, key, column)


def review_id(form: str, township: str, period: str) -> str:
    """The id of the review of a township's form in a period."""
    return digest_of("review", form, township, period)


def identity(form: Form, values: Mapping[str, object]) -> str:
    """Changes with what tells whose row it is: key, names, numbers, telephone and account; not with anything else."""
    names = {*form.key, *form.key_else, *form.recognise, form.person}
    told = [column.id for column in form.stored if column.id in names or column.kind in _IDENTIFYING]
    return digest_of([values.get(name) for name in sorted(told)])


def stamp(shown: str, n: int) -> str:
    """What stands in the hidden column 校对码: what was shown, and the number of the statement in the input cells (0: none)."""
    return f"{shown}.{n}"


def unstamped(text: str) -> tuple[str, int]:
    """What was shown, and the number of the statement; "" and 0 where it cannot be read."""
    shown, dot, number = text.strip().rpartition(".")
    return (shown, int(number)) if dot and number.isascii() and number.isdecimal() else ("", 0)

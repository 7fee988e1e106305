"""The two rows of a case beside each other, as text: where each stands, who it is about, and what differs between them.

Nothing is said by colour alone: ≠ stands before what differs, ＝ before what is the same.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sync_service.review.records import Case, Side
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms

_MOST = 12  # more differing columns than this are only counted
_BLANK, _NOWHERE = "（空）", "（没有这一行）"
_TELLING = {"village", "phone"}
"""Kinds of columns by which people tell persons apart; they are shown even where they are the same."""


class Shown(NamedTuple):
    """One side in words."""

    where: str
    who: str
    what: str


class Compared(NamedTuple):
    """Both sides in words (乙 is None where there is only 甲), and whether who and what differ."""

    left: Shown
    right: Shown | None
    other_person: bool
    other_content: bool


def _text(side: Side, column: Column) -> str:
    value = side.values.get(column.id)
    if value is None or value == "":
        return _BLANK
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _where(side: Side, form: Form, names: Mapping[str, str]) -> str:
    row = f"第 {side.row} 行" if side.row else ""
    rejected = "有错误，没有入库" if side.row and not side.key else ""
    return "\n".join(filter(None, (names.get(side.township, side.township), form.title, row, rejected)))


def _who(side: Side, form: Form) -> str:
    named = [*[column.id for column in form.stored if column.kind == "name"][:1], form.person]
    found = [str(side.values[name]) for name in named if side.values.get(name)]
    return "\n".join(found or [side.key.replace("|", " · ") or _BLANK])


def _columns(case: Case, forms: Forms) -> list[Column]:
    """The columns that every side has, in the order of 甲's form."""
    shared = frozenset.intersection(*(frozenset(forms[side.form].by_id) for side in case.sides))
    return [column for column in forms[case.sides[0].form].stored if column.id in shared]


def _what(side: Side, columns: list[Column], differing: set[str], telling: set[str]) -> Iterator[str]:
    if not side.values:
        yield _NOWHERE
        return
    apart = [column for column in columns if column.id in differing]
    for column in apart[:_MOST]:
        yield f"≠ {column.header}：{_text(side, column)}"
    if len(apart) > _MOST:
        yield f"≠ 还有 {len(apart) - _MOST} 列不同"
    for column in columns:
        if column.id in telling - differing and side.values.get(column.id):
            yield f"{'＝ ' if differing else ''}{column.header}：{_text(side, column)}"


def compared(case: Case, forms: Forms, names: Mapping[str, str]) -> Compared:
    """A case in words. `names` are the townships' names by code."""
    columns = _columns(case, forms)
    first = forms[case.sides[0].form]
    both = len(case.sides) > 1 and all(side.values for side in case.sides)
    differing = {*case.differing} & {column.id for column in columns} if both else set()
    telling = {column.id for column in columns if column.kind in _TELLING} | {*first.recognise}
    shown = [
        Shown(
            _where(side, forms[side.form], names),
            _who(side, forms[side.form]) if side.values else _NOWHERE,
            "\n".join(_what(side, columns, differing, telling)),
        )
        for side in case.sides
    ]
    left, right = shown[0], shown[1] if len(shown) > 1 else None
    return Compared(left, right, bool(both and right and left.who != right.who), bool(differing))

"""People whom two townships of the demo have registered under different names or ID numbers: likely doubles."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sync_service.demo.draft import Bundle, Draft
from sync_service.demo.inventor import Inventor, Row
from workbook_templates.cells import Raw

SOUNDS = {"王": "汪", "李": "黎", "张": "章", "吴": "伍", "徐": "许", "朱": "祝", "何": "贺"}
"""Surnames with one that sounds alike."""
FIRST = 4
"""The first of these people lives in this township, counted from 0, and the next one in the next."""


class Likely(NamedTuple):
    """A case that must be shown: the rule, and the townships in which both rows stand."""

    code: str
    townships: frozenset[str]


Instead = Mapping[Raw, Raw]
"""What stands in the second township's rows instead of what is right."""


def _homophone(row: Row, of: Inventor) -> Instead:
    del of
    name = str(row["name"])
    return {name: SOUNDS[name[0]] + name[1:]}


def _renumbered(row: Row, of: Inventor) -> Instead:
    born = row["birth_date"]
    assert isinstance(born, date)
    return {row["id_number"]: of.number(born, str(row["sex"])), row["phone"]: of.phone()}


def _born_later(row: Row, of: Inventor) -> Instead:
    born = row["birth_date"]
    assert isinstance(born, date)
    later = born + timedelta(days=30)
    return {born: later, row["id_number"]: of.number(later, str(row["sex"]))}


_WAYS: tuple[tuple[str, Callable[[Row, Inventor], Instead]], ...] = (
    ("J06", _homophone),
    ("J04", _renumbered),
    ("J05", _born_later),
    ("J11", _born_later),
)
"""How the second row differs, by the rule that has to suspect it."""


def _changed(bundle: Bundle, instead: Instead) -> Bundle:
    records = {
        form: tuple({name: instead.get(cell, cell) for name, cell in row.items()} for row in rows)
        for form, rows in bundle.records.items()
    }
    return Bundle(records, records)


def _registered(row: Row, instead: Instead, of: Inventor) -> Bundle:
    """What the bureau knows of a number that was replaced."""
    known = of.this_year()
    change: Row = {
        "name": row["name"], "old_number": row["id_number"], "new_number": instead[row["id_number"]],
        "change_reason": "出生日期更正", "change_date": known, "evidence": f"城关派出所证明〔{known.year}〕1号",
    }  # fmt: skip
    return Bundle({"number_changes": (change,)}, {"number_changes": (change,)})


def likely_doubles(codes: Sequence[str]) -> Iterator[Likely]:
    """The cases that must be shown, for the codes of the county's townships."""
    for n, (code, _) in enumerate(_WAYS, FIRST):
        yield Likely(code, frozenset(codes[n : n + 2]))


def register_twice(
    drafts: Sequence[Draft],
    able: Callable[[Bundle], bool],
    elsewhere: Callable[[Bundle, Draft], Bundle],
    inventor: Callable[[Draft], Inventor],
) -> tuple[list[Draft], tuple[str, ...], tuple[Bundle, ...]]:
    """The townships' drafts with the likely doubles, the keys of those who stand twice under one number, and what the
    bureau knows of numbers that were replaced.

    `able` tells which people can be taken, `elsewhere` how the second township registers somebody.
    """
    doubled, shared, known = list(drafts), [], []
    for n, (code, differ) in enumerate(_WAYS, FIRST):
        of = inventor(drafts[n + 1])
        bundle = next(
            one for one in drafts[n].bundles[1:] if able(one) and str(one.records["veterans"][0]["name"])[0] in SOUNDS
        )
        row = bundle.records["veterans"][0]
        instead = differ(row, of)
        there = _changed(elsewhere(bundle, drafts[n + 1]), instead)
        doubled[n + 1] = replace(doubled[n + 1], bundles=(*doubled[n + 1].bundles, there))
        if row["id_number"] not in instead:
            shared.append(str(row["id_number"]))
        if code == "J11":
            known.append(_registered(row, instead, of))
    return doubled, tuple(shared), tuple(known)

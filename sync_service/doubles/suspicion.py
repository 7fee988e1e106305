"""What is suspected of two rows: that they are about one person, why, and how sure that is."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from sync_service.doubles.person import Person

Strength = Literal["certain", "suggestion", "review"]
"""Certain: one person, counted once from the start. Suggestion: most likely one. Review: as likely two as one; the coordinator
has to look. Suggestions and reviews wait for her decision."""

STRENGTHS: Mapping[str, Strength] = {
    "J11": "certain", "J10": "review", "J09": "certain", "J01": "certain", "J06": "certain",
    "J03": "suggestion", "J02": "suggestion", "J05": "suggestion", "J07": "suggestion", "J08": "suggestion", "J04": "review",
}  # fmt: skip
"""How sure each rule is, the strongest first: two rows that several rules suspect are shown under the first of them.

Not here are J12 and J13 (twins and namesakes, who are two people), J14 to J16 (plaques of one household, the same row
twice and several categories of one person: the checks of a sheet tell K07, K03 and X21)."""


class Suspicion(NamedTuple):
    """Two rows that may be about one person. `left` comes before `right` by form, township and key.

    `code` is the strongest rule, `codes` are all of them. `why` says it in Chinese, and names columns only, never what
    stands in them. `differing` are the columns (ids of `left`'s form) in which the rows say different things of the person.
    `owner` is the township that the person belongs to, if the rows tell: the only one that says that the household is there.
    Rows of two different forms (`left.form != right.form`) are not each other's double even if the person is the same.
    """

    code: str
    strength: Strength
    left: Person
    right: Person
    why: str
    codes: tuple[str, ...]
    differing: tuple[str, ...]
    owner: str = ""


class Match(NamedTuple):
    """Whom a person of an old list is among `people`, if anybody: the rule that says so, why, and how many others fit as well.

    `code` is "" where number and name agree, or (with `right` None) where nobody was found.
    """

    left: Person
    right: Person | None
    code: str
    why: str
    rivals: int = 0


class IdChange(NamedTuple):
    """An ID number that the police has replaced by another one (J11)."""

    old: str
    new: str

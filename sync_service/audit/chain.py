"""The chain: each entry carries the hash of the one before it, so that changing, removing or adding one breaks all that follow."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

FIRST = "0" * 64
"""What the first entry carries in the place of an earlier one's hash."""

About = Mapping[str, str | int]
"""What an entry is about: numbers of runs, codes of townships and forms, keyed hashes of people. Never a personal value."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `who` did `what` (a word of `words.WHAT`) at the moment `at` (UTC text). `n` counts from 1 in each county."""

    n: int
    at: str
    who: str
    what: str
    about: About
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the chain does not hold: the entry's number, and why in Chinese."""

    n: int
    why: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash: whoever has noted them can tell later whether the end was cut off."""

    n: int
    hash: str


def _hash(county: str, n: int, at: str, who: str, what: str, about: About, before: str) -> str:
    """SHA-256 over the entry as canonical JSON: sorted keys, no spaces, UTF-8."""
    told = {"county": county, "n": n, "at": at, "who": who, "what": what, "about": dict(about), "before": before}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def chained(county: str, before: Head, at: str, who: str, what: str, about: About) -> Entry:
    """The entry that follows `before`."""
    n = before.n + 1
    return Entry(n, at, who, what, about, before.hash, _hash(county, n, at, who, what, about, before.hash))


def first_broken(county: str, entries: Iterable[Entry], noted: Head | None = None) -> Broken | None:
    """The first place where a county's entries, given in their order, do not hold together; None if they do.

    `noted` is the head as somebody noted it earlier: the chain must still hold that entry.
    """
    head = Head(0, FIRST)
    for entry in entries:
        if entry.n != head.n + 1:
            return Broken(head.n + 1, "这一条不见了")
        if entry.before != head.hash:
            return Broken(entry.n, "接不上前一条")
        if entry.hash != _hash(county, entry.n, entry.at, entry.who, entry.what, entry.about, entry.before):
            return Broken(entry.n, "内容被改过")
        if noted and noted.n == entry.n and noted.hash != entry.hash:
            return Broken(entry.n, "和当时记下的校验码不一样，整条链被重写过")
        head = Head(entry.n, entry.hash)
    if noted and noted.n > head.n:
        return Broken(head.n + 1, "从这一条起被截掉了")
    return None

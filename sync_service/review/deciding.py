"""Decisions: which of those that were typed can be carried out, and what they do to rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sync_service.review.correcting import payload_of
from sync_service.review.history import CLOSING, SETTLING, Stated, side_of
from sync_service.review.judging import News, news, stands_still
from sync_service.review.records import Case, Side
from sync_service.review.subjects import digest_of, identity, unstamped
from sync_service.review.typed import TypedLine
from sync_service.store.review_records import CLEARED, DONE, REFUSED, STALE, Act, ActKind, Statement
from workbook_templates.form import Forms

LOST_ID = "认不出是哪一件事：隐藏的“案号”不见了。请在新的总台账里找到那一行，再填一次。"
UNKNOWN = "这件事已经不在了：两边的行变了或没有了。如果它又出现，请再填一次。"
STALE_WORDS = "填写以后，这里的行变了，所以没有采用“{choice}”。请看看现在的样子，再定一次。"
NO_HAND = "没有填“处理人”，还没有采用。请填上名字。"
NO_CHOICE = "还没有选“处理决定”。"
TWICE = "同一件事写了几种不同的内容（{places}），都没有采用。请只留一种。"
NOT_OFFERED = "“{choice}”不能用在这里，没有采用。这里可以选：{choices}。"


class Carried(NamedTuple):
    """What is to be stated, and done to rows."""

    statements: list[Statement]
    acts: list[Act]


class Decider:
    """Judges decisions against the cases that were open when this run began. `names` are the townships' names by code."""

    def __init__(self, forms: Forms, names: Mapping[str, str], cases: Mapping[str, Case], stated: Stated) -> None:
        self._forms, self._names, self._cases, self._stated = forms, names, cases, stated

    def _detail(self, case: Case) -> dict[str, Any]:
        identities = [identity(self._forms[side.form], side.values) for side in case.sides]
        return {
            "kind": case.kind, "code": case.code, "sides": [list(side) for side in case.sides], "why": case.why,
            "choices": case.choices, "shown": case.shown, "identities": identities,
        }  # fmt: skip

    def _answer(self, subject: str, said: News) -> Carried:
        case, force = self._cases.get(subject), self._stated.in_force("case").get(subject)
        detail = self._detail(case) if case else dict(force.detail) if force else None
        choice, hand, _ = said.cells

        def answered(state: str, outcome: str) -> Carried:
            return Carried([Statement("case", subject, *said.cells, said.stamp, state, outcome, detail or {})], [])

        if detail is None:
            return answered(STALE, UNKNOWN)
        if said.places:
            return answered(STALE, TWICE.format(places="、".join(said.places)))
        if not choice and force and stands_still(self._stated, "case", subject, said.stamp):
            cleared = Statement(
                "case", subject, "", hand, said.cells[2], said.stamp, CLEARED, "已撤回，恢复原样", detail
            )
            return Carried([cleared], [*_reversed(force)])
        if not choice:
            return answered(REFUSED, NO_CHOICE)
        if choice not in detail["choices"]:
            return answered(STALE, NOT_OFFERED.format(choice=choice, choices="、".join(detail["choices"])))
        if unstamped(said.stamp)[0] != detail["shown"]:
            return answered(STALE, STALE_WORDS.format(choice=choice))
        if not hand:
            return answered(REFUSED, NO_HAND)
        sides = [side_of(side) for side in detail["sides"]]
        outcome = self._outcome(detail["kind"], choice, sides)
        if force and force.choice == choice and force.detail["shown"] == detail["shown"]:
            return answered(DONE, outcome)
        acts = [*(_reversed(force) if force else ()), *_done(detail["kind"], choice, sides)]
        return Carried(answered(DONE, outcome).statements, acts)

    def _outcome(self, kind: str, choice: str, sides: Sequence[Side]) -> str:
        towns = [self._names.get(side.township, side.township) for side in sides]
        if kind in CLOSING and choice in SETTLING:
            kept, closed = (towns[1 - SETTLING[choice]], towns[SETTLING[choice]])
            return f"已由{kept}登记；{closed}的这一行不再计入，已告诉{closed}"
        if kind == "reviewed" and choice == "采用甲":
            return "已恢复审核时的样子，已告诉乡镇"
        if kind == "correction":
            return "县里的值继续用着，已告诉乡镇" if choice == "采用甲" else "已改用乡镇的值，更正到此为止"
        return {
            "两者保留": "两行都保留，按同一个人计数" if kind != "row" else "两行都保留",
            "不是同一人": "已记住不是同一人，不再问",
            "确认删除": "已删除",
            "恢复": "已保留这一行，已告诉乡镇补回",
            "已迁移": "已确认迁移，历史已衔接",
            "退回更正": f"已请{'、'.join(dict.fromkeys(towns))}核对",
            "采用乙": "已认可现在的样子",
        }[choice]

    def decide(self, lines: Iterable[TypedLine]) -> Carried:
        """What follows from the lines of 重复与冲突 and 待确认."""
        done = Carried([], [])
        for subject, same in grouped(lines).items():
            if not subject:
                done.statements.extend(strays(same, LOST_ID))
                continue
            said = news(self._stated, "case", subject, same)
            if said:
                carried = self._answer(subject, said)
                done.statements.extend(carried.statements)
                done.acts.extend(carried.acts)
        return done


def grouped(lines: Iterable[TypedLine]) -> dict[str, list[TypedLine]]:
    """The lines by what they are about, in a fixed order."""
    found: dict[str, list[TypedLine]] = {}
    for line in lines:
        found.setdefault(line.identity, []).append(line)
    return dict(sorted(found.items()))


def strays(lines: Iterable[TypedLine], outcome: str) -> Iterator[Statement]:
    """Lines that belong to nothing."""
    for line in lines:
        if any(line.cells):
            detail = {"place": line.place}
            yield Statement("stray", digest_of(line.cells), *line.cells, line.stamp, STALE, outcome, detail)


def _act(kind: ActKind, side: Side, payload: bytes = b"") -> Act:
    return Act(kind, side.form, side.township, side.key, payload)


def _done(kind: str, choice: str, sides: Sequence[Side]) -> Iterator[Act]:
    """What a decision does to rows; most only say something about them."""
    if kind in CLOSING and choice in SETTLING:
        yield _act("drop", sides[SETTLING[choice]])
    elif kind == "held" and choice == "确认删除":
        yield _act("delete", sides[0])
    elif kind == "held" and choice == "恢复":
        yield _act("keep", sides[0])
    elif kind == "reviewed" and choice == "采用甲":
        then, now = sides
        if then.values and now.values:
            yield _act("refuse", now)
            yield _act("write", then, payload_of(then.values))
        elif then.values:
            yield from (_act("reopen", then), _act("keep", then))
        else:
            yield _act("drop", now)


def _reversed(force: Statement) -> Iterator[Act]:
    """What takes a decision back."""
    kind, choice = force.detail["kind"], force.choice
    sides = [side_of(side) for side in force.detail["sides"]]
    if kind in CLOSING and choice in SETTLING:
        yield _act("reopen", sides[SETTLING[choice]])
    elif kind == "held" and choice in {"确认删除", "恢复"}:
        yield from (_act("reopen", sides[0]), _act("hold", sides[0]))
    elif kind == "reviewed" and choice == "采用甲":
        then, now = sides
        if then.values and now.values:
            yield _act("write", now, payload_of(now.values))
        elif then.values:
            yield _act("delete", then)
        else:
            yield _act("reopen", now)

"""Corrections that were typed: which cell each one means, whether it can be taken, and what it does to the row."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson

from sync_service.review.correcting import (
    CONFLICT,
    Correction,
    correction_of,
    judge,
    overlaid,
    payload_of,
    standing,
)
from sync_service.review.deciding import NO_HAND, TWICE, Carried
from sync_service.review.history import Stated
from sync_service.review.judging import News, news, stands_still
from sync_service.review.places import EMPTY
from sync_service.review.subjects import Place, case_id, correction_id, digest_of
from sync_service.review.typed import TypedValue, text_in
from sync_service.store.review_records import CLEARED, DONE, ENDED, REFUSED, STALE, Act, Statement
from workbook_templates.cells import Raw
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting, Value
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township

NO_ROW = "认不出是哪一行：请写明乡镇、表和登记主键，或在新的总台账那一行的“更正列名”“更正为”里填。"
NO_KEY = (
    "{township}的“{form}”里没有登记主键是“{key}”的行（登记主键大多就是身份证号）：请核对，或在那一行最右边的黄格里填。"
)
NO_COLUMN = "“{form}”里没有“{column}”这一列。"
NO_VALUE = "“更正为”是空的。要把这一格改成空白，请写“（空）”。"
GONE = "这一行已经不在了。"
MOVED_ON = "填写以后，这一格已经变成“{now}”，没有采用。请看看现在的值，再填一次。"
SAME = "和现在的值一样，不用更正。"


class _Cell(NamedTuple):
    """A cell that somebody means to correct; `seen` is what stood in it when she did, if that is known."""

    form: str
    township: str
    key: str
    column: str
    seen: tuple[Value | None] | None

    @property
    def subject(self) -> str:
        """The correction's id."""
        return correction_id(self.form, self.township, self.key, self.column)


class Current:
    """The rows as they will stand when what has been settled so far is done, each fetched once."""

    def __init__(self, fetch: Callable[[Place], Mapping[str, Value] | None]) -> None:
        self._fetch = fetch
        self._known: dict[Place, Mapping[str, Value] | None] = {}

    def values(self, place: Place) -> Mapping[str, Value] | None:
        """The row's values; None if it does not stand."""
        if place not in self._known:
            self._known[place] = self._fetch(place)
        return self._known[place]

    def write(self, place: Place, values: Mapping[str, Value | None]) -> Act:
        """The row with other values from now on."""
        payload = payload_of(values)
        self._known[place] = orjson.loads(payload)
        return Act("write", *place, payload)


class Settler:
    """Judges corrections as if the townships had typed them."""

    def __init__(
        self,
        forms: Forms,
        townships: Mapping[str, Township],
        stated: Stated,
        current: Current,
        versions: Mapping[int, tuple[str, str, str, bytes]],
        today: date,
    ) -> None:
        self._forms, self._townships, self._stated, self._current = forms, townships, stated, current
        self._versions, self._today = versions, today

    def _cell(self, line: TypedValue) -> _Cell | str:
        """Which cell a line means, or why that cannot be told."""
        known = self._stated.newest("correction").get(line.identity)
        if known:
            detail = known.detail
            return _Cell(detail["form"], detail["township"], detail["key"], detail["column"], None)
        if line.version in self._versions:
            form_id, township, key, payload = self._versions[line.version]
        else:
            titles = {form.title: form.id for form in self._forms.values()}
            codes = {one.name: code for code, one in self._townships.items()}
            form_id, township, key = titles.get(line.form, ""), codes.get(line.township, line.township), line.key
            payload = b""
        if form_id not in self._forms or self._current.values((form_id, township, key)) is None:
            return GONE if payload else self._no_row(line, form_id, township)
        form = self._forms[form_id]
        column = form.headers.get(folded(line.column))
        if column is None or not column.stored:
            return NO_COLUMN.format(form=form.title, column=line.column)
        return _Cell(form_id, township, key, column.id, (orjson.loads(payload).get(column.id),) if payload else None)

    def _no_row(self, line: TypedValue, form_id: str, township: str) -> str:
        if not (form_id in self._forms and township in self._townships and line.key):
            return NO_ROW
        name, form = self._townships[township].name, self._forms[form_id].title
        return NO_KEY.format(township=name, form=form, key=line.key)

    def _take(self, cell: _Cell, said: News, raw: Raw) -> Carried:
        form = self._forms[cell.form]
        place = cell.form, cell.township, cell.key
        values = self._current.values(place)
        force = self._stated.in_force("correction").get(cell.subject)
        before = correction_of(force) if force else None
        theirs = before.theirs if before else (values or {}).get(cell.column)
        detail: dict[str, Any] = {
            "form": cell.form, "township": cell.township, "key": cell.key, "column": cell.column,
            "base": theirs, "value": None, "theirs": theirs,
        }  # fmt: skip

        def answered(state: str, outcome: str, *acts: Act, **more: object) -> Carried:
            stated = Statement("correction", cell.subject, *said.cells, said.stamp, state, outcome, {**detail, **more})
            return Carried([stated], [*acts])

        if said.places:
            return answered(STALE, TWICE.format(places="、".join(said.places)))
        if values is None:
            return answered(STALE, GONE)
        text, hand, _ = said.cells
        if not text and before and stands_still(self._stated, "correction", cell.subject, said.stamp):
            back = self._current.write(place, self._with(form, values, cell.column, theirs))
            return answered(CLEARED, "已撤回，恢复乡镇的值", back, value=before.value)
        if not text:
            return answered(REFUSED, NO_VALUE)
        if not hand:
            return answered(REFUSED, NO_HAND)
        if cell.seen and cell.seen[0] != values.get(cell.column):
            return answered(STALE, MOVED_ON.format(now=_text(values.get(cell.column))))
        unit = self._townships[cell.township]
        blank = text_in(text) == text_in(EMPTY)
        judged = judge(form, values, cell.column, None if blank else raw, Setting(unit, self._today))
        if judged.refusal:
            return answered(REFUSED, judged.refusal)
        if judged.value == theirs:
            return answered(REFUSED, SAME)
        write = self._current.write(place, self._with(form, values, cell.column, judged.value))
        outcome = f"已更正：{_text(theirs)} → {_text(judged.value)}；已告诉{unit.name}照改"
        return answered(DONE, outcome, write, value=judged.value)

    def _with(
        self, form: Form, values: Mapping[str, Value], column: str, value: Value | None
    ) -> Mapping[str, Value | None]:
        return overlaid(form, values, {column: value}, self._today)

    def settle(self, lines: Iterable[TypedValue]) -> Carried:
        """What follows from the lines of 更正 and of the merged sheets."""
        done = Carried([], [])
        by_subject: dict[str, tuple[_Cell, list[TypedValue]]] = {}
        for line in lines:
            cell = self._cell(line)
            if isinstance(cell, str):
                done.statements.append(_stray(line, cell))
            elif not self._is_read(cell, line):
                by_subject.setdefault(cell.subject, (cell, []))[1].append(line)
        for subject, (cell, same) in sorted(by_subject.items()):
            said = news(self._stated, "correction", subject, map(_stamped, same))
            if said:
                raw = next((line.value for line in same if line.cells == said.cells), None)
                seen = next((line for line in same if line.cells == said.cells), same[0])
                carried = self._take(cell if seen.version else cell._replace(seen=None), said, raw)
                done.statements.extend(carried.statements)
                done.acts.extend(carried.acts)
        return done

    def _is_read(self, cell: _Cell, line: TypedValue) -> bool:
        """Whether this very line of a merged sheet has been read: a master that is saved once more repeats itself."""
        known = self._stated.versions("correction", cell.subject)
        return bool(line.version) and any(
            (one.choice, one.hand, one.note, one.stamp) == (*line.cells, _stamped(line).stamp) for one in known
        )

    def after(self, decided: Iterable[Statement]) -> Carried:
        """What decisions about conflicting corrections mean for the corrections."""
        done = Carried([], [])
        for one in decided:
            if one.kind != "case" or one.detail.get("kind") != "correction" or one.state not in {DONE, CLEARED}:
                continue
            for known in self._stated.newest("correction").values():
                correction = correction_of(known)
                if case_id("correction", [correction.place] * 2, correction.column) == one.subject:
                    carried = self._rebased(correction, one)
                    done.statements.extend(carried.statements)
                    done.acts.extend(carried.acts)
        return done

    def _rebased(self, correction: Correction, decided: Statement) -> Carried:
        """The correction after its conflict was decided, or after that decision was taken back."""
        values = self._current.values(correction.place)
        versions = self._stated.versions("correction", correction.statement.subject)
        disputed = [one for one in versions if one.state == DONE and correction_of(one).state == CONFLICT]
        if values is None or not disputed:
            return Carried([], [])
        last, form = disputed[-1], self._forms[correction.form]
        of_county, of_township = (
            self._with(form, values, correction.column, last.detail[name]) for name in ("value", "theirs")
        )
        if decided.state == CLEARED:
            return Carried([last], [self._current.write(correction.place, of_county)])
        if decided.choice == "采用甲":
            kept = last._replace(outcome="县里的值继续用着", detail={**last.detail, "base": last.detail["theirs"]})
            return Carried([kept], [self._current.write(correction.place, of_county)])
        if decided.choice == "采用乙":
            ended = last._replace(state=ENDED, outcome="已改用乡镇的值")
            return Carried([ended], [self._current.write(correction.place, of_township)])
        return Carried([], [])


def in_conflict(stated: Stated) -> list[Correction]:
    """The corrections whose cell the township has changed to something else."""
    return [one for one in standing(stated) if one.state == CONFLICT]


def _text(value: Value | None) -> str:
    return "空白" if value is None else str(value)


def _stray(line: TypedValue, why: str) -> Statement:
    said = (f"{line.column} → {line.cells[0]}", line.hand, line.note)
    return Statement(
        "stray", digest_of(said, line.form, line.version), *said, line.stamp, STALE, why, {"place": line.place}
    )


def _stamped(line: TypedValue) -> TypedValue:
    """A line of a merged sheet carries the row's number for a stamp, by which it is known when it is read again."""
    return line._replace(stamp=f"v{line.version}.0") if line.version else line

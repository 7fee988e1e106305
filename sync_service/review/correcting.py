"""Corrections: cells that the county set right. They lie over what the township writes until it changes that very cell.

The base of a correction is what the township's cell held when it was made. While the cell still holds that, the county's value
stands. Once it holds the county's own value, the correction is over: taken over. Anything else is a conflict, in which the
county's value stands until the coordinator decides.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import orjson

from sync_service.review.history import Stated
from sync_service.review.subjects import Place
from sync_service.store.review_records import ENDED, Statement
from validators.checked import CheckedRow, CheckedSheet
from validators.problems import problem
from validators.rules import apply_rules, derived_values
from validators.table import Reference, Table, reference_table, severity_of
from workbook_templates.cells import Raw
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting, Value

STANDS, CONFLICT, TAKEN_OVER = "stands", "conflict", "taken over"


class Correction(NamedTuple):
    """A correction in force: the cell, what the township had (`base`), what the county says, what the township has now."""

    form: str
    township: str
    key: str
    column: str
    base: Value | None
    value: Value | None
    theirs: Value | None
    statement: Statement

    @property
    def place(self) -> Place:
        """Form, township and key of the row."""
        return self.form, self.township, self.key

    @property
    def state(self) -> str:
        """Whether it just stands, is in conflict, or has been taken over."""
        if self.theirs == self.value:
            return TAKEN_OVER
        return STANDS if self.theirs == self.base else CONFLICT


class Judged(NamedTuple):
    """A corrected value as it will be stored, or (`refusal`) why it cannot be."""

    value: Value | None
    refusal: str = ""


def correction_of(one: Statement) -> Correction:
    """The correction that a statement made."""
    cell = {name: one.detail[name] for name in Correction._fields if name != "statement"}
    return Correction(**cell, statement=one)


def standing(stated: Stated) -> list[Correction]:
    """The corrections in force, in a fixed order."""
    found = [correction_of(one) for one in stated.in_force("correction").values()]
    return sorted(found, key=lambda one: (*one.place, one.column))


def payload_of(values: Mapping[str, Value | None]) -> bytes:
    """A row's values as the checker writes them: sorted, without blanks."""
    return orjson.dumps({name: value for name, value in sorted(values.items()) if value is not None})


def payload_digest(payload: bytes) -> bytes:
    """The digest of a row's payload."""
    return hashlib.blake2b(payload, digest_size=16).digest()


def overlaid(
    form: Form, values: Mapping[str, Value], cells: Mapping[str, Value | None], today: date
) -> dict[str, Value | None]:
    """A row with other values in some cells, and with what is derived from them."""
    table = _table(form, {**values, **cells}, cells)
    for column in form.stored:
        if column.derive and table.values[column.id] == [None]:
            table.values[column.id] = derived_values(table, column, today)
    return {column.id: table.values[column.id][0] for column in form.stored}


def _table(form: Form, values: Mapping[str, Value | None], changed: Iterable[str]) -> Table:
    """The row as a table of one, in which what is derived from `changed` columns is still blank."""
    names = {*changed}
    blank = {column.id for column in form.stored if column.derive and names & {*form.expression(column.derive).names}}
    told = {
        name: value for name, value in values.items() if name in form.by_id and name not in blank and value is not None
    }
    return reference_table(form, [Reference(1, told)])


def _errors(form: Form, values: Mapping[str, Value | None], column: str, today: date) -> dict[tuple[str, str], str]:
    """What the row's rules find wrong, by column and code."""
    table = _table(form, values, [column])
    apply_rules(table, today)
    found = {}
    for (_, name), findings in table.found.items():
        header = form.by_id[name].header
        for finding in findings:
            if severity_of(finding) == "error":
                told = problem(finding.code, {"v": "", **finding.words}, header=header, row=1, sheet=form.title)
                found[name, finding.code] = f"{told.message}。{told.cure}"
    return found


def judge(form: Form, values: Mapping[str, Value], column_id: str, raw: Raw, setting: Setting) -> Judged:
    """A correction of one cell of a stored row, judged as if the township had typed it: by its column, and by the row's rules."""
    column = form.by_id[column_id]
    if column_id in form.key or column_id in form.key_else or column_id == form.person:
        return Judged(None, f"“{column.header}”是认这一行用的，不能在这里更正；请用“退回更正”，由乡镇改。")
    if not column.typed:
        return Judged(None, f"“{column.header}”是自动算出来的，请更正它所依据的那一列。")
    parsed = column.of.parser(column, setting)(raw)
    for finding in parsed.findings:
        if severity_of(finding) == "error" or parsed.value is None:
            told = problem(
                finding.code, {"v": str(raw), **finding.words}, header=column.header, row=1, sheet=form.title
            )
            return Judged(None, f"{told.message}。{told.cure}")
    before = _errors(form, values, column_id, setting.today)
    after = _errors(form, {**values, column_id: parsed.value}, column_id, setting.today)
    fresh = [text for place, text in after.items() if place not in before]
    return Judged(None, fresh[0]) if fresh else Judged(parsed.value)


def _heard(one: Correction, theirs: Value | None) -> Correction:
    """The correction after the township's cell has been seen to hold `theirs`."""
    return one._replace(theirs=theirs)


def _told(one: Correction) -> Statement:
    """What follows by itself from what the township's cell holds now."""
    detail = {**one.statement.detail, "theirs": one.theirs}
    if one.state == TAKEN_OVER:
        return one.statement._replace(state=ENDED, outcome="乡镇已照改，更正到此为止", detail=detail)
    outcome = (
        "乡镇又改成了别的，见“重复与冲突”；县里的值先用着"
        if one.state == CONFLICT
        else "乡镇的表里还没有照改，县里的值用着"
    )
    return one.statement._replace(outcome=outcome, detail=detail)


def corrected(
    form: Form, sheet: CheckedSheet, corrections: Iterable[Correction], today: date
) -> tuple[CheckedSheet, list[Statement]]:
    """A township's sheet with the county's corrections laid over it, and what is new to be stated of them.

    Rows that are not valid stay as they are: of them, the last good version stands, as it was corrected.
    """
    by_key: dict[str, list[Correction]] = {}
    for one in corrections:
        by_key.setdefault(one.key, []).append(one)
    if not by_key or not sheet.complete:
        return sheet, []
    rows: list[CheckedRow] = []
    stated: dict[str, Statement] = {}
    for row in sheet.rows:
        if not row.valid or row.key not in by_key:
            rows.append(row)
            continue
        values = orjson.loads(row.payload)
        heard = [_heard(one, values.get(one.column)) for one in by_key[row.key]]
        stated |= {
            one.statement.subject: _told(one)
            for one, before in zip(heard, by_key[row.key], strict=True)
            if one != before
        }
        cells = {one.column: one.value for one in heard}
        payload = payload_of(overlaid(form, values, cells, today))
        rows.append(row._replace(payload=payload, digest=payload_digest(payload)))
    return replace(sheet, rows=tuple(rows)), [stated[subject] for subject in sorted(stated)]


def by_sheet(corrections: Sequence[Correction]) -> Mapping[tuple[str, str], list[Correction]]:
    """The corrections of each form of each township."""
    found: dict[tuple[str, str], list[Correction]] = {}
    for one in corrections:
        found.setdefault((one.form, one.township), []).append(one)
    return found

"""An old register becomes a filled standard workbook of a township, with an account of every row and cell."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sync_service.placing import writing
from sync_service.settings import CountySetup
from sync_service.sources.base import Limits
from sync_service.sources.excel import read_book
from sync_service.takeover.account import COLUMNS, Account, Row, write_account
from sync_service.takeover.carrying import Carried, carry
from sync_service.takeover.drafting import Draft
from sync_service.takeover.matching import CONTENT, SIMILAR, Match, Proposal
from validators.check import check
from validators.header import Header
from validators.problems import Problem
from workbook_templates.excel import write_template
from workbook_templates.form import Forms
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.resident_id import mask_number
from workbook_templates.kinds.texts import folded
from workbook_templates.sheet import CONFIRM_HEADER, STATUS_HEADER

LONG_NUMBER = re.compile(r"\d{10,}[Xx]?")


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was written, and what is still wrong in it."""

    path: Path
    account: Path
    carried: Carried
    problems: tuple[Problem, ...]


def _header(one: Draft, proposal: Proposal) -> Header:
    texts = {old.j: old.own for old in one.heading.columns}
    ids = {match.old.j: match.column for match in proposal.matches}
    written = {
        j: text
        for j, cell in enumerate(one.sheet.rows[one.heading.first - 1])
        if j in ids and isinstance(cell, str) and (text := cell)
    }
    own = frozenset(j for j, text in texts.items() if folded(text) == STATUS_HEADER)
    confirm = next((j for j, text in texts.items() if folded(text) == CONFIRM_HEADER), None)
    return Header(ids, written, own, one.heading.first, one.heading.last, (), confirm, None)


def grounds(match: Match) -> str:
    """On what grounds an old column is taken for a form's, in words."""
    if match.basis == SIMILAR:
        return f"{SIMILAR} {match.share:.0%}"
    if match.basis == CONTENT and match.fit:
        return f"{match.fit.fitting / match.fit.cells:.0%} 像“{match.column.header}”（{match.fit.cells} 格）"
    return match.basis


def _columns(one: Draft, proposal: Proposal) -> list[Row]:
    sheet = one.sheet.title
    rows: list[tuple[int, Row]] = [
        (m.old.j, (sheet, m.old.j + 1, m.old.name, m.column.header, grounds(m), "" if m.column.stored else "自动编号"))
        for m in proposal.matches
    ]
    rows += [(left.old.j, (sheet, left.old.j + 1, left.old.name, "", "", left.why)) for left in proposal.unmatched]
    blank: list[Row] = [
        (sheet, None, "", column.header, "", "旧表没有这一列" + ("，必填" if column.required else ""))
        for column in proposal.blank
    ]
    assert all(len(row) == len(COLUMNS) for _, row in rows)
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])] + blank


def carried_over(one: Draft, proposal: Proposal, today: date, *, keep_rest: bool) -> Carried:
    """The old sheet's rows as the proposal says."""
    names = {old.j: old.name for old in one.heading.columns}
    setting = Setting(one.township, today, one.from_1904)
    return carry(one.form, one.sheet, _header(one, proposal), setting, names, typed=False, keep_rest=keep_rest)


def by_column(adopted: Adopted) -> dict[str, Counter[str]]:
    """How many problems of each severity each column of the new sheet has, columns in order."""
    found: dict[str, Counter[str]] = {}
    for column in adopted.carried.form.columns:
        counts = Counter(one.severity for one in adopted.problems if one.header == column.header)
        if counts:
            found[column.header] = Counter({str(name): n for name, n in counts.items()})
    return found


def first_cell(one: Draft, match: Match) -> str:
    """A cell of an old column as it may be shown on a screen."""
    cells = one.samples.get(match.old.j, ())
    shown = match.column.of.mask(plain_text(cells[0]).strip()) if cells else ""
    return LONG_NUMBER.sub(lambda found: mask_number(found[0]), shown)


def adopt(
    setup: CountySetup, forms: Forms, one: Draft, proposal: Proposal, now: datetime, *, keep_rest: bool
) -> Adopted:
    """Writes the workbook and the account of it, and judges the result as a sync would.

    `proposal` is the draft's, without what was refused. Raises TaizhangError if a file cannot be written.
    """
    theirs = forms.of(one.township)
    carried = carried_over(one, proposal, now.date(), keep_rest=keep_rest)
    with writing(one.target):
        write_template(one.target, theirs, one.township, setup.settings.period, {one.form.id: carried.rows})
    verdict = check(theirs, read_book(one.target, Limits()), one.township, now.date(), setup.settings.period)
    problems = tuple(found for found in verdict.problems if found.form == one.form.id)
    facts = [f"{one.township.name} {one.form.title}：接收 {len(carried.rows)} 行，写到 {one.target.name}。"]
    facts += [f"工作表“{title}”没有接收。" for title in one.others]
    account = Account(
        f"{one.township.name} {one.form.title} 接收说明", tuple(facts), tuple(_columns(one, proposal)), (carried,)
    )
    with writing(one.account):
        write_account(account, one.account, now)
    return Adopted(one.target, one.account, carried, problems)

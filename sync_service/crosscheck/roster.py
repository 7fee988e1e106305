"""A roster of all who were given work over the years, in a workbook of any layout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from sync_service.crosscheck.holdings import Held
from sync_service.doubles.person import Person, not_taken_over, people_of, typed_number
from sync_service.errors import TaizhangError
from sync_service.one_book import read_one
from sync_service.settings import BUREAU_CODE, BUREAU_NAME, CountySetup
from sync_service.store.records import Row
from sync_service.takeover.drafting import register_in, samples_of
from sync_service.takeover.heading import Heading
from sync_service.takeover.matching import Proposal, propose
from validators.checked import Rejected
from validators.header import Header
from validators.layout import table_under
from validators.raw import RawSheet
from validators.table import Table, parse_table
from workbook_templates.form import Form
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.resident_id import MARKS
from workbook_templates.place import Township

FORM = "placement_history"
RECOGNISED_BY = ("id_number", "birth_month", "discharge_date")
"""One of these a roster must have besides the name, or nobody on it can be told from a namesake."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it was read: its rows, the person of each, what it is called, and how it was read."""

    name: str
    held: Sequence[Held]
    people: Sequence[Person]
    remarks: Sequence[str]


def _header(heading: Heading, proposal: Proposal) -> Header:
    ids = {match.old.j: match.column for match in proposal.matches if match.sure}
    texts = {old.j: old.own for old in heading.columns if old.j in ids}
    return Header(ids, texts, frozenset(), heading.first, heading.last, (), None, None)


def _remarks(proposal: Proposal) -> list[str]:
    taken = "、".join(f"{m.old.name}→{m.column.header}" for m in proposal.matches if m.sure)
    left = [m.old.name for m in proposal.matches if not m.sure] + [one.old.name for one in proposal.unmatched]
    unused = f"；没有用到的列：{'、'.join(left)}" if left else ""
    return [f"名册里用到的列：{taken}{unused}。"]


def _rows(form: Form, sheet: RawSheet, table: Table, file: str) -> Iterator[tuple[Held, Person]]:
    """The rows of a sheet. What cannot be read in a cell is left out; a number that is wrong is kept as it was typed."""
    raws = table.layout.columns.get(form.person, ())
    for i, number in enumerate(table.layout.rows):
        values = {column: cells[i] for column, cells in table.values.items() if cells[i] is not None}
        row = Row("", str(number), orjson.dumps(values), "", file, sheet.title, number, ())
        if form.person in values or not raws or raws[i] is None:
            (person,) = people_of(form, [row])
        else:
            typed = typed_number(MARKS.sub("", plain_text(raws[i])).upper())
            person = not_taken_over(form, "", Rejected(form.id, sheet.title, number, typed, row.payload))
        yield Held(row, values, i), person


def read_roster(setup: CountySetup, form: Form, path: Path, sheet_name: str, today: date) -> Roster:
    """A roster in a workbook of any layout; its headers are recognised as those of old registers are.

    Raises TaizhangError if it cannot be read, or does not say who its people are.
    """
    book = read_one(path, setup.settings.limits)
    sheet, heading = register_in(form, book, sheet_name)
    bureau = Township(setup.county, setup.county.code + BUREAU_CODE, BUREAU_NAME, (), "county")
    setting = Setting(bureau, today, book.from_1904)
    proposal = propose(form, heading, samples_of(heading, sheet), setting, {})
    here = {match.column.id for match in proposal.matches if match.sure}
    if "name" not in here or not here.intersection(RECOGNISED_BY):
        names = "、".join(form.by_id[name].header for name in RECOGNISED_BY)
        raise TaizhangError(
            f"“{path.name}”里认不出名册上的人", f"表头里要有“姓名”，另外至少要有一列：{names}。请改好列名再试。"
        )
    table = parse_table(table_under(form, sheet, _header(heading, proposal)), setting)
    rows = list(_rows(form, sheet, table, path.name))
    held, people = [held for held, _ in rows], [person for _, person in rows]
    return Roster(f"{path.name} {sheet.title}", held, people, _remarks(proposal))

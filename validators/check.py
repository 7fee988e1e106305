"""The only door to judgement: a township's workbook in, checked rows and problems out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import orjson

from validators.between_rows import (
    dragged_numbers,
    find_outliers,
    find_repeats,
    missing_from,
    names_said,
    repeated_keys,
    slipped_columns,
)
from validators.between_sheets import look_up
from validators.bounded import bounded
from validators.checked import Checked, CheckedRow, CheckedSheet, Rejected
from validators.header import Header, Remark, Unreadable, find_header
from validators.layout import lay_out
from validators.problems import Problem, problem
from validators.raw import RawBook, RawSheet
from validators.rules import apply_rules
from validators.table import Reference, Table, parse_table, reference_table, severity_of
from validators.whose import sheet_of, versions, whose
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.resident_id import bare_number
from workbook_templates.place import Township
from workbook_templates.sheet import OWN_SHEETS

SHOWN_LENGTH = 60


def _has_cells(sheet: RawSheet) -> bool:
    return any(cell is not None for row in sheet.rows for cell in row)


def assigned(forms: Forms, book: RawBook) -> tuple[dict[str, RawSheet], list[Problem]]:
    """Which sheet holds which form: by its title, else by its columns if only one can be meant; and what else there is."""
    sheets = {form.id: sheet for form in forms.values() if (sheet := sheet_of(form, book))}
    taken = {sheet.title for sheet in sheets.values()}
    problems = []
    strange = [s for s in book.sheets if s.title not in taken and s.title not in OWN_SHEETS and _has_cells(s)]
    for form in forms.values():
        if form.id in sheets or form.layout == "cover":
            continue
        alike = [s for s in strange if s.visible and isinstance(find_header(form, s), Header)]
        if len(alike) == 1:
            sheets[form.id] = alike[0]
            strange.remove(alike[0])
            problems.append(problem("F38", {"std": form.title}, sheet=alike[0].title, form=form.id))
    problems += [problem("F39" if sheet.visible else "F19", sheet=sheet.title) for sheet in strange]
    return sheets, problems


def _remarked(form: Form | None, sheet: str, remarks: Iterable[Remark]) -> list[Problem]:
    return [
        problem(
            remark.code,
            remark.words,
            sheet=sheet,
            form=form.id if form else "",
            row=remark.row,
            column=remark.column,
            value=remark.value,
        )
        for remark in remarks
    ]


def _shown(raw: Raw) -> str:
    text = plain_text(raw)
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"


def _problems(table: Table, keys: Sequence[str]) -> list[Problem]:
    found = []
    layout = table.layout
    for (i, name), findings in sorted(table.found.items()):
        column = table.form.by_id[name]
        row, at = layout.at(layout.rows[i], name)
        raws = layout.columns.get(name)
        raw = raws[i] if raws else None
        value = raw.text if isinstance(raw, CellError) else column.of.mask(_shown(raw))
        for finding in findings:
            severity = severity_of(finding)
            found.append(
                problem(
                    finding.code,
                    {"v": value, **finding.words},
                    severity=severity,
                    sheet=layout.sheet,
                    form=table.form.id,
                    row=row,
                    column=at,
                    header=column.header,
                    value=value,
                    key=keys[i],
                    confirmed=severity == "warning" and i in layout.confirmed,
                )
            )
    return found


def _parts(table: Table, names: Sequence[str], *, blank: bool) -> list[str]:
    """Each row's key made of some columns; "" where one is wrong, or blank though it must not be (or none may be)."""
    columns = [table.values[name] for name in names]
    wrong = set().union(*(table.errors.get(name, ()) for name in names))
    needed = [not blank or table.form.by_id[name].required for name in names]
    return [
        ""
        if i in wrong
        or all(v is None for v in values)
        or any(v is None and must for v, must in zip(values, needed, strict=True))
        else "|".join("" if value is None else str(value).replace("|", "¦") for value in values)
        for i, values in enumerate(zip(*columns, strict=True))
    ]


def _keys(table: Table) -> list[str]:
    form = table.form
    keys = _parts(table, form.key, blank=not form.key_else)
    if not form.key_else:
        return keys
    wrong = set().union(*(table.errors.get(name, ()) for name in form.key))
    others = _parts(table, form.key_else, blank=True)
    return [key or ("" if i in wrong else other) for i, (key, other) in enumerate(zip(keys, others, strict=True))]


def _payloads(table: Table) -> list[bytes]:
    names = sorted(column.id for column in table.form.stored)
    columns = [table.values[name] for name in names]
    return [
        orjson.dumps({name: value for name, value in zip(names, values, strict=True) if value is not None})
        for values in zip(*columns, strict=True)
    ]


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=16).digest()


def _sheets(forms: Forms, book: RawBook, setting: Setting) -> tuple[dict[str, Table], dict[str, str], list[Problem]]:
    """The sheets that can be judged as tables by form, the titles of those that cannot ("" if missing), and why."""
    tables: dict[str, Table] = {}
    unreadable: dict[str, str] = {}
    sheets, problems = assigned(forms, book)
    younger = {form.id for form in forms.values() if book.stamp and form.id not in book.stamp.versions}
    if lacking := [form.title for form in forms.values() if form.id in younger - {*sheets}]:
        problems.append(problem("F40", {"forms": "、".join(lacking)}))
    for form in forms.values():
        sheet = sheets.get(form.id)
        if sheet is None:
            if form.id not in younger:
                problems.append(problem("F09", {"form": form.title}, form=form.id))
            unreadable[form.id] = ""
            continue
        layout = lay_out(form, sheet)
        problems += _remarked(form, sheet.title, layout.remarks)
        if isinstance(layout, Unreadable):
            unreadable[form.id] = sheet.title
        else:
            tables[form.id] = parse_table(layout, setting)
    return tables, unreadable, problems


def _finished(table: Table) -> tuple[CheckedSheet, list[Problem]]:
    """A judged sheet's rows with their keys, and every problem on it."""
    keys, payloads = _keys(table), _payloads(table)
    digests = [_digest(payload) for payload in payloads]
    repeated_keys(table, keys, digests)
    rows = tuple(
        CheckedRow(key, payload, digest, row, i not in table.bad)
        for i, (key, payload, digest, row) in enumerate(zip(keys, payloads, digests, table.layout.rows, strict=True))
        if i not in table.dropped
    )
    return CheckedSheet(table.form.id, table.layout.sheet, True, rows), _problems(table, keys)


def _rejected(table: Table, sheet: CheckedSheet) -> list[Rejected]:
    """The rows of a roster of which nobody can tell whose they are: the ID number is wrong or missing."""
    form, layout = table.form, table.layout
    wrong = table.errors.get(form.person) if form.roster else None
    if not wrong:
        return []
    typed = dict(zip(layout.rows, layout.columns[form.person], strict=True))
    rows = {layout.rows[i] for i in wrong}
    return [
        Rejected(form.id, sheet.sheet, row.row, bare_number(plain_text(typed[row.row])), row.payload)
        for row in sheet.rows
        if row.row in rows
    ]


def _between(table: Table, tables: Mapping[str, Table], today: date) -> None:
    """What must hold between the table's rows, and between them and other sheets."""
    for repeat in table.form.repeats:
        find_repeats(table, repeat, today)
    for outlier in table.form.outliers:
        find_outliers(table, outlier, today)
    for lookup in table.form.lookups:
        look_up(table, lookup, tables, today)


def _uncovered(table: Table, township: Township, today: date) -> list[Problem]:
    """What the sheet should have rows about and has none."""
    return [
        problem(
            coverage.code,
            {"missing": missing, **coverage.words},
            severity=coverage.severity_on(today),
            sheet=table.layout.sheet,
            form=table.form.id,
            header=table.form.by_id[coverage.at].header,
        )
        for coverage in table.form.coverages
        if township.filler == coverage.by and (missing := missing_from(table, coverage, township.villages, today))
    ]


def check(
    forms: Forms,
    book: RawBook,
    township: Township,
    today: date,
    period: str = "",
    references: Mapping[str, Sequence[Reference]] = MappingProxyType({}),
) -> Checked:
    """Judges the workbook of one township, or of the county bureau: every problem of every row in one pass.

    `today` is the date in the county, `period` the one that the county is collecting (2026上半年; "" asks for none).
    `references` are the rows, by form id, that the county bureau holds and others' rows are looked up in.
    """
    mine = forms.of(township)
    problems = [problem(code, words) for code, words in book.notices]
    about, readable = whose(mine, book, township, period)
    problems += about
    if not readable:
        return Checked(township.code, tuple(CheckedSheet(form, "", False) for form in mine), tuple(problems))
    tables, unreadable, of_sheets = _sheets(mine, book, Setting(township, today, book.from_1904))
    problems += [*versions(mine, book), *of_sheets]
    said = names_said(tables.values())
    for table in tables.values():
        dragged_numbers(table)
        slipped_columns(table, said)
        apply_rules(table, today)
    held = {form: reference_table(forms[form], rows) for form, rows in references.items() if form not in mine}
    for table in tables.values():
        _between(table, {**held, **tables}, today)
        problems += _uncovered(table, township, today)
    sheets, rejected = [], list[Rejected]()
    for form_id in mine:
        if form_id in unreadable:
            sheets.append(CheckedSheet(form_id, unreadable[form_id], False))
            continue
        sheet, found = _finished(tables[form_id])
        sheets.append(sheet)
        problems += found
        rejected += _rejected(tables[form_id], sheet)
    return Checked(township.code, tuple(sheets), bounded(problems), tuple(rejected))

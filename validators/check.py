"""The only door to judgement: a township's workbook in, checked rows and problems out."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import orjson

from validators.across import dragged_numbers, look_up, repeated_keys
from validators.checked import Checked, CheckedRow, CheckedSheet
from validators.header import Header, Remark, Unreadable, find_header
from validators.layout import Layout, lay_out
from validators.problems import Problem, problem
from validators.raw import RawBook, RawSheet
from validators.rules import apply_rules
from validators.table import Table, parse_table, severity_of
from workbook_templates.cells import CellError, Raw
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township
from workbook_templates.sheet import GUIDE

SHOWN_LENGTH = 60


def _sheet_of(form: Form, book: RawBook) -> RawSheet | None:
    """The visible sheet that bears the form's title, however it is spaced."""
    wanted = folded(form.title)
    named = [sheet for sheet in book.sheets if folded(sheet.title) == wanted]
    return next((sheet for sheet in named if sheet.visible), None)


def _has_cells(sheet: RawSheet) -> bool:
    return any(cell is not None for row in sheet.rows for cell in row)


def _assigned(forms: Forms, book: RawBook) -> tuple[dict[str, RawSheet], list[Problem]]:
    """Which sheet holds which form: by its title, else by its columns if only one can be meant; and what else there is."""
    sheets = {form.id: sheet for form in forms.values() if (sheet := _sheet_of(form, book))}
    taken = {sheet.title for sheet in sheets.values()}
    problems = []
    strange = [s for s in book.sheets if s.title not in taken and s.title != GUIDE and _has_cells(s)]
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


def _keys(table: Table) -> list[str]:
    columns = [table.values[name] for name in table.form.key]
    wrong = set().union(*(table.errors.get(name, ()) for name in table.form.key))
    return [
        "" if i in wrong or None in values else "|".join(str(value).replace("|", "¦") for value in values)
        for i, values in enumerate(zip(*columns, strict=True))
    ]


def _payloads(table: Table) -> list[bytes]:
    names = sorted(column.id for column in table.form.stored)
    columns = [table.values[name] for name in names]
    return [
        orjson.dumps({name: value for name, value in zip(names, values, strict=True) if value is not None})
        for values in zip(*columns, strict=True)
    ]


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=16).digest()


def _period(text: str) -> str:
    """A period as it is compared: 2026 年下半年 is 2026下半年."""
    return folded(text).replace("年", "")


def _whose(forms: Forms, book: RawBook, township: Township, period: str) -> tuple[list[Problem], bool]:
    """What stamp and cover say of whose workbook this is, and whether it may be read at all."""
    words = {"file": book.name, "township": township.name}
    if book.stamp and (book.stamp.county, book.stamp.township) != (township.county.code, township.code):
        owner = "外县" if book.stamp.county != township.county.code else "另一个乡镇"
        return [problem("F31", {**words, "owner": owner})], False
    cover = next((form for form in forms.values() if form.layout == "cover"), None)
    sheet = _sheet_of(cover, book) if cover else None
    layout = lay_out(cover, sheet) if cover and sheet else None
    stated = (
        {name: plain_text(cells[0]).strip() for name, cells in layout.columns.items()}
        if isinstance(layout, Layout)
        else {}
    )
    named = stated.get("township", "")
    if not named and not book.stamp:
        return [problem("F04", sheet=sheet.title) if sheet else problem("F37")], False
    if named and folded(named) not in {folded(township.name), township.code}:
        return [problem("F31", {**words, "owner": f"“{named}”"}, sheet=cover.title if cover else "")], False
    if cover and period and stated.get("period") and _period(stated["period"]) != _period(period):
        words = {"period": stated["period"], "current": period}
        return [problem("F06", words, sheet=cover.title, form=cover.id)], True
    return [], True


def _versions(forms: Forms, book: RawBook) -> list[Problem]:
    known = book.stamp.versions if book.stamp else {}
    return [
        problem(
            "F05",
            {"form": form.title, "version": known[form.id], "current": form.version},
            sheet=form.title,
            form=form.id,
        )
        for form in forms.values()
        if form.id in known and known[form.id] < form.version
    ]


def _sheets(forms: Forms, book: RawBook, setting: Setting) -> tuple[dict[str, Table], dict[str, str], list[Problem]]:
    """The sheets that can be judged as tables by form, the titles of those that cannot ("" if missing), and why."""
    tables: dict[str, Table] = {}
    unreadable: dict[str, str] = {}
    sheets, problems = _assigned(forms, book)
    for form in forms.values():
        sheet = sheets.get(form.id)
        if sheet is None:
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


def check(forms: Forms, book: RawBook, township: Township, today: date, period: str = "") -> Checked:
    """Judges one township's workbook: every problem of every row in one pass.

    `today` is the date in the county, `period` the one that the county is collecting (2026上半年; "" asks for none).
    """
    problems = [problem(code, words) for code, words in book.notices]
    about, readable = _whose(forms, book, township, period)
    problems += about
    if not readable:
        return Checked(township.code, tuple(CheckedSheet(form, "", False) for form in forms), tuple(problems))
    tables, unreadable, of_sheets = _sheets(forms, book, Setting(township, today))
    problems += [*_versions(forms, book), *of_sheets]
    for table in tables.values():
        dragged_numbers(table)
        apply_rules(table, today)
    for table in tables.values():
        for lookup in table.form.lookups:
            if lookup.form in tables:
                look_up(table, lookup, tables[lookup.form], today)
    sheets = []
    for form_id in forms:
        if form_id in unreadable:
            sheets.append(CheckedSheet(form_id, unreadable[form_id], False))
            continue
        sheet, found = _finished(tables[form_id])
        sheets.append(sheet)
        problems += found
    return Checked(township.code, tuple(sheets), tuple(problems))

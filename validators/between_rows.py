"""What must hold between the rows of one sheet: no row twice, no dragged numbers, nothing shared that is one's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

from validators.layout import spans
from validators.table import Table, rows_where, values_of
from workbook_templates.form import Form
from workbook_templates.kinds.base import Finding, number_text
from workbook_templates.kinds.choices import shown
from workbook_templates.kinds.resident_id import ResidentId, born, sex_of
from workbook_templates.rule import Coverage, Outlier, Repeat, Rule

DRAGGED = 3
SHIFTED, MOSTLY = 5, 0.6
"""So many rows must disagree, and this share of them agree with the row beside, before a column is said to have slipped."""


def dragged_numbers(table: Table) -> None:
    """Reports runs of ID numbers that count up by one: the fill handle was dragged (I14). The first may be right."""
    for column in table.form.stored:
        raws = table.layout.columns.get(column.id)
        if raws is None or not isinstance(column.of, ResidentId):
            continue
        numbers = [int(raw) if isinstance(raw, str) and len(raw) == 18 and raw.isdecimal() else None for raw in raws]
        start = 0
        for i in range(1, len(numbers) + 1):
            previous = numbers[i - 1]
            if i < len(numbers) and previous is not None and numbers[i] == previous + 1:
                continue
            if i - start >= DRAGGED:
                rows = spans(table.layout.rows[k] for k in range(start, i))
                for k in range(start + 1, i):
                    table.found.pop((k, column.id), None)
                    table.errors.setdefault(column.id, set()).add(k)
                    table.bad.add(k)
                table.report(start + 1, column.id, Finding("I14", {"rows": rows}))
            start = i


def _slipped(own: Sequence[object], wanted: Sequence[object]) -> list[int]:
    """The rows from which on `own` stands one row off from what is `wanted` there; none if it did not slip.

    None in either says nothing of a row.
    """
    wrong = [i for i, (a, b) in enumerate(zip(own, wanted, strict=True)) if a and b and a != b]
    if len(wrong) < SHIFTED:
        return []
    for step in (-1, 1):
        beside = [i for i in wrong if 0 <= i + step < len(own) and own[i + step] == wanted[i]]
        if len(beside) >= MOSTLY * len(wrong):  # a wrong row elsewhere is wrong for a reason of its own
            return [i for i in wrong if beside[0] - 1 <= i <= beside[-1] + 1]
    return []


def names_said(tables: Iterable[Table]) -> Mapping[str, Sequence[tuple[Form, str]]]:
    """By ID number, the names that the sheets of a workbook give a person, each with the form that says so."""
    found: dict[str, list[tuple[Form, str]]] = defaultdict(list)
    for table in tables:
        form = table.form
        name = next((c.id for c in form.stored if c.kind == "name" and c.id in form.recognise), None)
        if not form.person or name is None:
            continue
        for number, called in {*zip(table.values[form.person], table.values[name], strict=True)}:
            if number and called:
                found[str(number)].append((form, str(called)))
    return found


def _known_name(form: Form, said: Iterable[tuple[Form, str]]) -> str | None:
    """The name that a row of `form` is measured by: that of rosters; in a roster itself, one in which at least two other
    sheets agree."""
    names = [name for other, name in said if other.id != form.id and (form.roster or other.roster)]
    enough = 2 if form.roster else 1
    return names[0] if len(names) >= enough and len({*names}) == 1 else None


def slipped_columns(table: Table, said: Mapping[str, Sequence[tuple[Form, str]]]) -> None:
    """Reports a column that slipped by a row against the ID numbers: one problem (F25), not one for each row.

    `said` are the names by ID number that the sheets of the workbook know. Where sex and birth date were typed, they tell
    it too.
    """
    form = table.form
    numbers = [str(v) if v else None for v in table.values.get(form.person, [None] * len(table))]
    known: dict[str, Sequence[object]] = {}
    for column in form.stored:
        if column.kind == "name" and column.id in form.recognise:
            known[column.id] = [_known_name(form, said.get(number, ())) if number else None for number in numbers]
        elif column.derive == f"birth({form.person})":
            known[column.id] = [born(number).isoformat() if number else None for number in numbers]
        elif column.derive == f"sex({form.person})":
            known[column.id] = [sex_of(number) if number else None for number in numbers]
    for name, wanted in known.items():
        rows = _slipped(table.values[name], wanted)
        if rows and name in table.layout.columns:
            for i in rows:
                table.errors.setdefault(name, set()).add(i)
                table.bad.add(i)
            what = form.by_id[name].header
            table.report(
                rows[0], name, Finding("F25", {"row": table.layout.rows[rows[0]], "what": what, "n": len(rows)})
            )


def repeated_keys(table: Table, keys: Sequence[str], digests: Sequence[bytes]) -> None:
    """Reports rows with the same key: alike, one is kept (K03); different, none is taken over (the form's `repeated`)."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            by_key[key].append(i)
    what = "＋".join(table.form.by_id[name].header for name in table.form.key)
    at = table.form.key[0]
    for alike in by_key.values():
        if len(alike) == 1:
            continue
        words = {"rows": spans(table.layout.rows[i] for i in alike), "what": what}
        if len({digests[i] for i in alike}) == 1:
            table.dropped.update(alike[1:])
            table.report(alike[1], at, Finding("K03", words))
            continue
        for i in alike:
            table.report(i, at, Finding(table.form.repeated, words))


def _groups(table: Table, rule: Rule, same: Iterable[str], today: date) -> list[list[int]]:
    """The rows for which the rule's `when` is true, by what they say in `same`."""
    form = table.form
    when = form.expression(rule.when) if rule.when else None
    rows = rows_where(table, when, today) if when else range(len(table))
    expressions = [form.expression(text) for text in same]
    rows = table.judged(rows, [name for expression in expressions for name in expression.names])
    columns = [values_of(table, expression, today) for expression in expressions]
    said = [*zip(*columns, strict=True)]
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i in rows:
        if None not in said[i]:
            groups[said[i]].append(i)
    return [*groups.values()]


def find_repeats(table: Table, repeat: Repeat, today: date) -> None:
    """Reports rows that say what only one row may say."""
    for alike in _groups(table, repeat, repeat.same, today):
        n = len(alike)
        if n < repeat.least:
            continue
        if repeat.distinct:
            n = len({table.values[repeat.distinct][i] for i in alike} - {None})
        if n >= repeat.least:
            words = {"n": n, "rows": spans(table.layout.rows[i] for i in alike), **repeat.words}
            table.report(alike[0], repeat.at, Finding(repeat.code, words, repeat.severity_on(today)))


def find_outliers(table: Table, outlier: Outlier, today: date) -> None:
    """Reports amounts far from what is usual among rows of their sort."""
    values = table.values[outlier.at]
    for alike in _groups(table, outlier, outlier.same, today):
        amounts = {i: float(value) for i in table.judged(alike, [outlier.at]) if (value := values[i])}
        if len(amounts) < outlier.least:
            continue
        usual = median(amounts.values())
        for i, amount in amounts.items():
            if amount > usual * outlier.times or amount < usual / outlier.times:
                words = {"median": number_text(usual), **outlier.words}
                table.report(i, outlier.at, Finding(outlier.code, words, outlier.severity_on(today)))


def missing_from(table: Table, coverage: Coverage, villages: Sequence[str], today: date) -> str:
    """What of `of` no row of the sheet is about, in words; "" if all is there, or nothing was filled in yet."""
    if not len(table):
        return ""
    rows = rows_where(table, table.form.expression(coverage.when), today) if coverage.when else range(len(table))
    there = {table.values[coverage.at][i] for i in rows}
    wanted = villages if coverage.of == "villages" else coverage.of
    return shown(tuple(one for one in wanted if one not in there))

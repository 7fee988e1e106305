"""What must hold within a row: required cells, derived cells, and the rules between columns."""

from datetime import date

from validators.table import Table, rows_where, severity_of, values_of
from workbook_templates.column import Column
from workbook_templates.kinds.base import Finding, Value, from_serial
from workbook_templates.kinds.dates import Day


def _shown(value: Value | None) -> str:
    return "（空）" if value is None else str(value)


def _required(table: Table, column: Column, today: date) -> None:
    values = table.values[column.id]
    if None not in values:
        return
    for i, value in enumerate(values):
        if value is None and i not in table.errors.get(column.id, ()):
            found = table.found.get((i, column.id), [])
            if not any(finding.code == "P03" for finding in found):
                found.clear()
                table.report(i, column.id, Finding(column.absent, {}, column.absence_on(today)))


def _required_when(table: Table, column: Column, today: date) -> None:
    expression = table.form.expression(column.required_when)
    needed = set(rows_where(table, expression, today))
    optional = table.form.expression(column.optional_when) if column.optional_when else None
    allowed = set(rows_where(table, optional, today)) if optional else set()
    values = table.values[column.id]
    first = table.form.by_id[expression.names[0]]
    filled = [table.values[name] for name in expression.compared]
    asked = (*expression.names, *(optional.names if optional else ()))
    judged = set(table.judged(range(len(table)), asked)) - allowed
    for i, value in enumerate(values):
        if (i in needed) is (value is not None):
            continue
        words = {"cond": first.header, "cond_v": _shown(table.values[first.id][i])}
        if value is None:
            if i not in table.errors.get(column.id, ()):
                found = table.found.get((i, column.id), [])
                found[:] = [other for other in found if severity_of(other) != "notice"]
                table.report(i, column.id, Finding(column.absent, words, column.absence_on(today)))
        elif i in judged and all(other[i] is not None for other in filled):
            table.report(i, column.id, Finding("M03", words))


def derived_values(table: Table, column: Column, today: date) -> list[Value | None]:
    """What a derived column holds in each row if nobody typed over it; None where its source is blank or wrong."""
    values = values_of(table, table.form.expression(column.derive), today)
    if not isinstance(column.of, Day):
        return values
    return [None if value is None else from_serial(value).isoformat() for value in values]


def _derive(table: Table, column: Column, today: date) -> None:
    differs = table.form.derived_code(column)
    typed = table.values[column.id]
    for i, value in enumerate(derived_values(table, column, today)):
        if value is None:
            continue
        if typed[i] is None:
            if i not in table.errors.get(column.id, ()):
                typed[i] = value
        elif typed[i] != value and i not in table.errors.get(column.id, ()):
            table.report(i, column.id, Finding(differs, {"std": value}))
    table.comparables.pop(column.id, None)


def apply_rules(table: Table, today: date) -> None:
    """Adds what breaks the form's rules to the table's findings, and fills in derived cells."""
    if not len(table):
        return
    for column in table.form.stored:
        if column.derive:
            _derive(table, column, today)
    for column in table.form.stored:
        if column.required:
            _required(table, column, today)
    for column in table.form.stored:
        if column.required_when:
            _required_when(table, column, today)
    for rule in table.form.rules:
        for i in rows_where(table, table.form.expression(rule.when), today):
            table.report(i, rule.at, Finding(rule.code, rule.words, rule.severity_on(today)))

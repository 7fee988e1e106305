"""What must hold within a row: required cells, derived cells, and the rules between columns."""

from datetime import date

from validators.table import Table, rows_where, values_of
from workbook_templates.form import Column
from workbook_templates.kinds.base import Finding, Value, from_serial
from workbook_templates.kinds.dates import Day


def _shown(value: Value | None) -> str:
    return "（空）" if value is None else str(value)


def _required(table: Table, column: Column) -> None:
    values = table.values[column.id]
    if None not in values:
        return
    for i, value in enumerate(values):
        if value is None and i not in table.errors.get(column.id, ()):
            found = table.found.get((i, column.id), [])
            if not any(finding.code == "P03" for finding in found):
                found.clear()
                table.report(i, column.id, Finding("M01"))


def _required_when(table: Table, column: Column, today: date) -> None:
    expression = table.form.expression(column.required_when)
    needed = set(rows_where(table, expression, today))
    values = table.values[column.id]
    first = table.form.by_id[expression.names[0]]
    filled = [table.values[name] for name in expression.compared]
    judged = set(table.judged(range(len(table)), expression.names))
    for i, value in enumerate(values):
        words = {"cond": first.header, "cond_v": _shown(table.values[first.id][i])}
        if i in needed and value is None and i not in table.errors.get(column.id, ()):
            table.found.pop((i, column.id), None)
            table.report(i, column.id, Finding("M02", words))
        elif i not in needed and value is not None and i in judged and all(other[i] is not None for other in filled):
            table.report(i, column.id, Finding("M03", words))


def _derive(table: Table, column: Column, today: date) -> None:
    is_date = isinstance(column.of, Day)
    typed = table.values[column.id]
    for i, derived in enumerate(values_of(table, table.form.expression(column.derive), today)):
        if derived is None:
            continue
        value = from_serial(derived).isoformat() if is_date else derived
        if typed[i] is None:
            if i not in table.errors.get(column.id, ()):
                typed[i] = value
        elif typed[i] != value:
            table.report(i, column.id, Finding("I08", {"std": value}))
    table.comparables.pop(column.id, None)


def apply_rules(table: Table, today: date) -> None:
    """Adds what breaks the form's rules to the table's findings, and fills in derived cells."""
    for column in table.form.stored:
        if column.derive:
            _derive(table, column, today)
    for column in table.form.stored:
        if column.required:
            _required(table, column)
    for column in table.form.stored:
        if column.required_when:
            _required_when(table, column, today)
    for rule in table.form.rules:
        for i in rows_where(table, table.form.expression(rule.when), today):
            table.report(i, rule.at, Finding(rule.code, {}, rule.severity))

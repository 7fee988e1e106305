"""What a cell accepts while typing, as a data validation of Google Sheets; the twin of workbook_templates.entry."""

from collections.abc import Mapping
from typing import Any

from workbook_templates.column import Column
from workbook_templates.kinds.base import Cell, EntryRule, Setting, from_serial

Validation = Mapping[str, Any]


def _bound(rule: EntryRule, bound: str) -> str:
    """A bound as a formula. Google compares a date with dates only, not with their serial numbers."""
    if rule.type == "date" and bound.isdecimal():
        day = from_serial(int(bound))
        return f"=DATE({day.year},{day.month},{day.day})"
    return f"={bound}"


def _condition(rule: EntryRule, areas: Mapping[str, str]) -> dict[str, Any]:
    match rule.type:
        case "list":
            # The place of the list, for the API promises to take no name of a range here.
            kind, values = "ONE_OF_RANGE", [f"={areas[rule.formula]}"]
        case "custom":
            kind, values = "CUSTOM_FORMULA", [f"={rule.formula}"]
        case "date":
            kind, values = "DATE_BETWEEN", [_bound(rule, rule.low), _bound(rule, rule.high)]
        case "whole" | "decimal":
            # Google knows no whole numbers here: a fraction is left to the 校验 column.
            kind, values = "NUMBER_BETWEEN", [_bound(rule, rule.low), _bound(rule, rule.high)]
    return {"type": kind, "values": [{"userEnteredValue": value} for value in values]}


def validation(column: Column, cell: Cell, setting: Setting, areas: Mapping[str, str]) -> Validation | None:
    """What the column accepts in cells of which `cell` is the first; `areas` are the places of lists by their names.

    Google has one message only, which is shown both when the clerk comes to the cell and when she is refused. A column that
    accepts anything, but has something to say, has a formula that is always true.
    """
    rule = column.of.entry(cell, column, setting)
    message = "\n".join(filter(None, (column.of.prompt(column), rule.error if rule else "")))
    if not message:
        return None
    if rule is None:
        anything = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=TRUE"}]}
        return {"condition": anything, "inputMessage": message, "strict": False}
    shown = {"showCustomUi": True} if rule.type == "list" else {}
    return {"condition": _condition(rule, areas), "inputMessage": message, "strict": True, **shown}

"""What a cell accepts while typing, as a spreadsheet's data validation."""

from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.column import Column
from workbook_templates.kinds.base import Cell, Setting

TITLE_LIMIT, TEXT_LIMIT = 32, 255
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""


def _validation(column: Column, cell: Cell, setting: Setting) -> dict[str, Any]:
    rule = column.of.entry(cell, column, setting)
    if rule is None:
        return {"validate": "any"}
    about: dict[str, Any] = {"error_title": f"{column.header}填得不对"[:TITLE_LIMIT], "error_message": rule.error}
    match rule.type:
        case "list":
            return {"validate": "list", "source": f"={rule.formula}", **about}
        case "custom":
            return {"validate": "custom", "value": f"={rule.formula}", **about}
    bounds = {"criteria": "between", "minimum": f"={rule.low}", "maximum": f"={rule.high}"}
    return {"validate": "integer" if rule.type == "whole" else rule.type, **bounds, **about}


def accept(page: Worksheet, area: Area, column: Column, cell: Cell, setting: Setting) -> None:
    """Lets the cells of `area`, whose first one is `cell`, accept what the column accepts, with a prompt and an error.

    Raises ValueError if the spreadsheet format has no room for it: a fault of the form file.
    """
    validation = _validation(column, cell, setting)
    if prompt := column.of.prompt(column):
        validation |= {"input_title": column.header[:TITLE_LIMIT], "input_message": prompt[:TEXT_LIMIT]}
    elif validation["validate"] == "any":
        return
    if page.data_validation(*area, validation) != 0:
        raise ValueError(f"“{column.header}”的录入检查写不进表格：{validation}")

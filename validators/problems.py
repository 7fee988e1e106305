"""A problem as a clerk reads it: where it is, what is wrong, how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbook_templates.catalogue import Severity, catalogue
from workbook_templates.printable import printable


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `row` counts as the clerk sees it and `column` is the column's letter; both None for a whole sheet.

    `value` is what stands in the cell, masked where it is personal. `key` is the row's key if it could be told.
    `confirmed` is true for a warning that the clerk confirmed in the 属实说明 column.
    """

    code: str
    severity: Severity
    message: str
    cure: str
    sheet: str = ""
    form: str = ""
    row: int | None = None
    column: str | None = None
    header: str = ""
    value: str = ""
    key: str = ""
    confirmed: bool = False

    @property
    def place(self) -> str:
        """The cell in words: 退役军人 C7, or the sheet or nothing where there is no cell."""
        cell = f"{self.column or ''}{self.row or ''}"
        return f"{self.sheet} {cell}".strip()

    @property
    def open(self) -> bool:
        """Whether somebody still has to act: an error, or a warning that nobody confirmed."""
        return self.severity == "error" or (self.severity == "warning" and not self.confirmed)


def problem(
    code: str,
    arguments: Mapping[str, object] | None = None,
    *,
    severity: Severity | None = None,
    sheet: str = "",
    form: str = "",
    row: int | None = None,
    column: str | None = None,
    header: str = "",
    value: str = "",
    key: str = "",
    confirmed: bool = False,
) -> Problem:
    """The problem `code` of the catalogue, with its placeholders filled in from `arguments` and the place.

    Raises KeyError if the catalogue has no such code or an argument is missing: a fault of ours, never the clerk's.
    """
    entry = catalogue()[code]
    words = {"sheet": sheet, "row": row, "col": header, "v": value, **(arguments or {})}
    message, cure = printable(entry.message.format_map(words)), printable(entry.cure.format_map(words))
    return Problem(
        code, severity or entry.severity, message, cure,
        printable(sheet), form, row, column, printable(header), printable(value), key, confirmed,
    )  # fmt: skip

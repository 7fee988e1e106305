"""Formulas that every row of a sheet has, written as shared formulas into the sheet's XML.

Sharing keeps a workbook small and quick to open: written out, the formulas of one sheet would take 50 MB. XlsxWriter does
not write them, and 200,000 of its formula cells would take half a minute.
"""

import re
from collections.abc import Mapping, Sequence

_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_MARKED = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)><f>(\w+)</f><v></v></c>')
_TEXT_OR_CELL = re.compile(r'"[^"]*"|(?<![\w.$])[A-Z]{1,3}\d+\b')


def _order(cell: tuple[str, str]) -> tuple[int, str]:
    return len(cell[0]), cell[0]


def _escaped(formula: str) -> str:
    return formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _moved(formula: str, first: int, row: int) -> str:
    """A formula about row `first`, and no other row of data, as it reads for `row`."""
    if row == first:
        return formula
    at = re.compile(rf"([A-Z]+){first}")
    return _TEXT_OR_CELL.sub(
        lambda found: at.sub(rf"\g<1>{row}", found[0]) if at.fullmatch(found[0]) else found[0], formula
    )


def _repeated(marked: Sequence[tuple[str, int, str, str]]) -> list[str]:
    """The cells of a row that holds nothing else, cut where its number belongs."""
    cells = [
        (column, f'"{style} t="str"><f t="shared" si="{index}"/><v></v></c>')
        for index, (column, _, style, _) in enumerate(marked)
    ]
    text = "".join(f'<c r="{column}\n{rest}' for column, rest in sorted(cells, key=_order))
    return text.split("\n")


def with_shared_formulas(xml: str, formulas: Mapping[str, str], first: int, last: int) -> str:
    """A sheet's `xml` that holds marks as formulas, with `formulas[mark]`, which is for row `first`, in all rows to `last`.

    A mark stands in the first row whose cell holds nothing else; cells below it that do are left as they are. The cached
    value of the formulas is the empty text: a viewer that does not calculate shows nothing, rather than 0.
    """
    marked = [(m[1], int(m[2]), m[3], m[4]) for m in _MARKED.finditer(xml) if m[4] in formulas]
    if not marked:
        return xml
    kept = {int(match[1]): (match[2], match[3] or "") for match in _ROW.finditer(xml)}
    repeated = _repeated(marked)
    rows = []
    for number in sorted({*kept, *range(first, last + 1)}):
        attributes, cells = kept.get(number, ("", ""))
        if number not in kept:
            cells = str(number).join(repeated)
        elif first <= number <= last:
            found = {match[1]: match[0] for match in _CELL.finditer(cells)}
            for index, (column, start, style, mark) in enumerate(marked):
                formula = f'<f t="shared" si="{index}"/>'
                if number == start:
                    area = f"{column}{start}:{column}{last}"
                    written = _escaped(_moved(formulas[mark], first, start))
                    formula = f'<f t="shared" ref="{area}" si="{index}">{written}</f>'
                elif column in found:
                    continue
                found[column] = f'<c r="{column}{number}"{style} t="str">{formula}<v></v></c>'
            cells = "".join(text for _, text in sorted(found.items(), key=_order))
        rows.append(f'<row r="{number}"{attributes}>{cells}</row>')
    start, end = xml.index("<sheetData>") + len("<sheetData>"), xml.index("</sheetData>")
    return xml[:start] + "".join(rows) + xml[end:]

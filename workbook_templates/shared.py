"""Formulas that every row of a sheet has, written as shared formulas into the sheet's XML.

Sharing keeps a workbook small and quick to open: written out, the formulas of one sheet would take 50 MB. XlsxWriter does
not write them, and 200,000 of its formula cells would take half a minute.
"""

import re
from collections.abc import Mapping

_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_MARKED = re.compile(r'<c r="([A-Z]+)\d+"([^>]*)><f>(\w+)</f><v></v></c>')


def _order(cell: tuple[str, str]) -> tuple[int, str]:
    return len(cell[0]), cell[0]


def _escaped(formula: str) -> str:
    return formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_shared_formulas(xml: str, formulas: Mapping[str, str], first: int, last: int) -> str:
    """A sheet's `xml` whose row `first` holds marks as formulas, with `formulas[mark]` shared by all rows to `last`.

    Their cached value is the empty text: a viewer that does not calculate shows nothing, rather than 0.
    """
    marked = [(match[1], match[2], match[3]) for match in _MARKED.finditer(xml) if match[3] in formulas]
    if not marked:
        return xml
    kept = {int(match[1]): (match[2], match[3] or "") for match in _ROW.finditer(xml)}
    rows = []
    for number in sorted({*kept, *range(first, last + 1)}):
        attributes, cells = kept.get(number, ("", ""))
        if first <= number <= last:
            found = {match[1]: match[0] for match in _CELL.finditer(cells)}
            for index, (column, style, mark) in enumerate(marked):
                formula = f'<f t="shared" si="{index}"/>'
                if number == first:
                    area = f"{column}{first}:{column}{last}"
                    formula = f'<f t="shared" ref="{area}" si="{index}">{_escaped(formulas[mark])}</f>'
                found[column] = f'<c r="{column}{number}"{style} t="str">{formula}<v></v></c>'
            cells = "".join(text for _, text in sorted(found.items(), key=_order))
        rows.append(f'<row r="{number}"{attributes}>{cells}</row>')
    start, end = xml.index("<sheetData>") + len("<sheetData>"), xml.index("</sheetData>")
    return xml[:start] + "".join(rows) + xml[end:]

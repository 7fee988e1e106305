"""What ECMA-376 demands of a workbook, as far as ours make use of it: what stands in its parts, in which order, and what must exist.

The numbers are those of Part 1's clauses (5th edition); the order of children is that of the sequences in its annex A. What Excel
refuses on top of that (rows and cells out of order, links into nothing) is told like any other fault.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from workbook_templates.sheet import column_number, letter

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE = "/officeDocument"
LAST_ROW, LAST_COLUMN, LONGEST = 1_048_576, 16_384, 32_767

CHILDREN: Mapping[str, str] = {
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames"
    " calcPr oleSize customWorkbookViews pivotCaches webPublishing fileRecoveryPr webPublishObjects extLst",  # 18.2.27
    "sheets": "sheet*",  # 18.2.20
    "definedNames": "definedName*",  # 18.2.6
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols* sheetData sheetCalcPr sheetProtection protectedRanges scenarios"
    " autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting* dataValidations hyperlinks"
    " printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags"
    " drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst",  # 18.3.1.99
    "sheetPr": "tabColor outlinePr pageSetUpPr",  # 18.3.1.82
    "sheetViews": "sheetView* extLst",  # 18.3.1.88
    "sheetView": "pane selection* pivotSelection* extLst",  # 18.3.1.87
    "cols": "col*",  # 18.3.1.17
    "sheetData": "row*",  # 18.3.1.80
    "row": "c* extLst",  # 18.3.1.73
    "c": "f v is extLst",  # 18.3.1.4
    "is": "t r* rPh* phoneticPr",  # 18.3.1.53
    "si": "t r* rPh* phoneticPr",  # 18.4.8
    "sst": "si* extLst",  # 18.4.9
    "mergeCells": "mergeCell*",  # 18.3.1.55
    "conditionalFormatting": "cfRule* extLst",  # 18.3.1.18
    "cfRule": "formula* colorScale dataBar iconSet extLst",  # 18.3.1.10
    "dataValidations": "dataValidation*",  # 18.3.1.33
    "dataValidation": "formula1 formula2",  # 18.3.1.32
    "hyperlinks": "hyperlink*",  # 18.3.1.48
    "headerFooter": "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter",  # 18.3.1.46
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",  # 18.8.39
    "xf": "alignment protection extLst",  # 18.8.45
    "dxf": "font numFmt fill alignment border protection extLst",  # 18.8.14
    "border": "start end left right top bottom diagonal vertical horizontal",  # 18.8.4
}  # fmt: skip
"""The children that an element may have, in order; those with * more than once. Others are not looked into."""

ATTRIBUTES: Mapping[str, str] = {
    "row": "r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph",
    "c": "r s t cm vm ph",
    "dimension": "ref",
    "col": "min max width style hidden bestFit customWidth phonetic outlineLevel collapsed",
    "hyperlink": "ref location tooltip display",
    "dataValidation": "type errorStyle imeMode operator allowBlank showDropDown showInputMessage showErrorMessage errorTitle error"
    " promptTitle prompt sqref",
}  # fmt: skip
"""The attributes that an element may have, besides those of other namespaces."""

NEEDED: Mapping[str, str] = {
    "c": "r",
    "row": "r",
    "dimension": "ref",
    "mergeCell": "ref",
    "hyperlink": "ref",
    "sheet": "name sheetId",
}
"""Those that we never leave out, or must not."""

_COUNTED = ("cellXfs", "sst", "dxfs")
"""What cells and rules name by number: their styles, shared texts, and the styles of rules."""
_BOOLEANS = {"0", "1", "true", "false"}


def _name(element: Element) -> str:
    """The name of an element of spreadsheets; "" of any other."""
    return element.tag.removeprefix(MAIN) if element.tag.startswith(MAIN) else ""


def _order(parent: Element) -> Iterator[str]:
    name = _name(parent)
    allowed = CHILDREN.get(name, "").split()
    names = [one.rstrip("*") for one in allowed]
    at = -1
    for child in parent:
        if not allowed or not (found := _name(child)):
            continue
        if found not in names:
            yield f"<{found}> in <{name}>"
        elif (now := names.index(found)) < at:
            yield f"<{found}> after <{names[at]}>"
        elif now == at and not allowed[at].endswith("*"):
            yield f"<{found}> twice in <{name}>"
        else:
            at = now
    if name in ATTRIBUTES:
        yield from (
            f"{one} of <{name}>" for one in parent.attrib.keys() - {*ATTRIBUTES[name].split()} if "{" not in one
        )
    yield from (f"<{name}> without {one}" for one in NEEDED.get(name, "").split() if one not in parent.attrib)


def place(reference: str) -> tuple[int, int]:
    """Row and column of a cell, from 1; (0, 0) if the reference is none."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", reference)
    if not found:
        return 0, 0
    return int(found[2]), column_number(found[1])


def _cell(cell: Element, row: int, before: int, styles: int, shared: int) -> Iterator[str]:
    name, kind = cell.get("r", ""), cell.get("t", "n")
    at, column = place(name)
    if at != row or not before < column <= LAST_COLUMN:
        yield f"{name} in row {row} after column {letter(before) if before else 0}"
    if not 0 <= int(cell.get("s", "0")) < styles:
        yield f"{name} has style {cell.get('s')} of {styles}"
    value, inline = cell.findtext(f"{MAIN}v"), cell.find(f"{MAIN}is")
    if (inline is None) == (kind == "inlineStr") or (value is not None and inline is not None):
        yield f"{name} is {kind} and holds something else"
    elif inline is not None and len("".join(inline.itertext()).encode("utf-16-le")) // 2 > LONGEST:
        yield f"{name} is too long"
    elif kind == "s" and not 0 <= int(value or -1) < shared:
        yield f"{name} has text {value} of {shared}"
    elif kind == "b" and value not in _BOOLEANS:
        yield f"{name} is true or false and holds {value}"
    elif kind == "n" and value is not None and not re.fullmatch(r"-?\d+(\.\d+)?(E[+-]?\d+)?", value):
        yield f"{name} is a number and holds {value}"


def _sheet(sheet: Element, styles: int, shared: int, dressed: int) -> Iterator[str]:
    """What is wrong with a sheet's rows and cells."""
    dimension = sheet.find(f"{MAIN}dimension")
    ends = [place(one) for one in dimension.get("ref", "").split(":")] if dimension is not None else []
    last, used = 0, [0, 0]
    for row in sheet.iter(f"{MAIN}row"):
        number, column = int(row.get("r", "0")), 0
        if not last < number <= LAST_ROW:
            yield f"row {number} after row {last}"
        for cell in row.iter(f"{MAIN}c"):
            yield from _cell(cell, number, column, styles, shared)
            column = place(cell.get("r", ""))[1]
        last, used = number, [max(used[0], number if len(row) else 0), max(used[1], column)]
    if ends and (ends[-1][0] < used[0] or ends[-1][1] < used[1]):
        yield f"the dimension ends before {letter(used[1])}{used[0]}"
    for rule in sheet.iter(f"{MAIN}cfRule"):
        if int(rule.get("dxfId", "0")) >= max(1, dressed):
            yield f"a rule has style {rule.get('dxfId')} of {dressed}"


def _resolved(parts: Mapping[str, Element], names: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the content types and relationships (Part 2), with the part that it is about."""
    types = parts["[Content_Types].xml"]
    endings = {one.get("Extension") for one in types.iter(f"{_TYPES}Default")}
    overridden = [str(one.get("PartName")) for one in types.iter(f"{_TYPES}Override")]
    yield from ((one, "has a content type and is not there") for one in overridden if one[1:] not in names)
    yield from ((one, "has two content types") for one in {*overridden} if overridden.count(one) > 1)
    yield from (
        (name, "has no content type")
        for name in names
        if f"/{name}" not in overridden and name.rpartition(".")[2] not in endings
    )
    for name, part in parts.items():
        folder, file = posixpath.split(name)
        related = parts.get(f"{folder}/_rels/{file}.rels", Element("none"))
        known = {str(one.get("Id")) for one in related.iter(_RELATIONSHIPS)}
        used = {link for element in part.iter() if (link := element.get(_LINK))}
        yield from ((name, f"uses {one}, which leads nowhere") for one in used - known)
        if name.endswith(".rels"):
            base = posixpath.dirname(folder)
            inside = [
                str(one.get("Target")) for one in part.iter(_RELATIONSHIPS) if one.get("TargetMode") != "External"
            ]
            targets = [posixpath.normpath(posixpath.join("/", base, one))[1:] for one in inside]
            yield from ((name, f"leads to {one}, which is not there") for one in targets if one not in names)


def faults(path: Path) -> list[str]:
    """All that is wrong with the workbook at `path`, each with the part in which it is; none if it is as it should be."""
    with ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}
    found = [f"{name}: twice" for name in {*names} if names.count(name) > 1]
    found += [f"{name}: {fault}" for name, fault in _resolved(parts, {*names})]
    if not any(str(one.get("Type")).endswith(_OFFICE) for one in parts["_rels/.rels"]):
        found.append("_rels/.rels: leads to no workbook")
    sizes = [sum(len(these) for part in parts.values() for these in part.iter(f"{MAIN}{name}")) for name in _COUNTED]
    for name, part in parts.items():
        found += [f"{name}: {fault}" for element in part.iter() for fault in _order(element)]
        if part.tag == f"{MAIN}worksheet":
            found += [f"{name}: {fault}" for fault in _sheet(part, *sizes)]
    return found

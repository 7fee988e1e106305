"""The kinds of columns, one module a family."""

from workbook_templates.kinds.base import Kind
from workbook_templates.kinds.choices import Choice, Several, YesNo
from workbook_templates.kinds.dates import Day, Month, MonthOrDay, Year
from workbook_templates.kinds.numbered import Account, Phone
from workbook_templates.kinds.numbers import Money, RowNumber, Whole
from workbook_templates.kinds.places import OwnTownship, Village
from workbook_templates.kinds.resident_id import OldResidentId, ResidentId
from workbook_templates.kinds.texts import Address, Name, Text, Unit

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        RowNumber(), Text(), Address(), Name(), Unit(), ResidentId(), OldResidentId(), Phone(), Account(), Day(), MonthOrDay(), Month(),
        Year(), Whole(), Money(), Choice(), YesNo(), Several(), Village(), OwnTownship(),
    )
}  # fmt: skip
"""Every kind by the name that form files use."""

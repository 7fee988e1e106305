"""One cell of a column, read alone."""

from tests.small import SETTING
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.kinds.base import Parsed, Setting


def read(kind: str, raw: Raw, setting: Setting = SETTING, **options: object) -> Parsed:
    """What becomes of `raw` in a column of `kind`."""
    column = Column.model_validate({"id": "cell", "header": "格", "kind": kind, **options})
    return column.of.parser(column, setting)(raw)


def said(parsed: Parsed) -> tuple[object, list[str]]:
    """The value and the codes of what was found."""
    return parsed.value, [finding.code for finding in parsed.findings]

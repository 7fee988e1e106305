"""The columns of a form's sheet: what stands over each and how its cells look; pure, so that every rendering has the same.

The sheet begins with 校验, then the form's own columns, then 属实说明, then hidden columns of formulas.
"""

from dataclasses import dataclass

from workbook_templates.column import Column
from workbook_templates.form import Form
from workbook_templates.in_sheet import InSheet
from workbook_templates.sheet import (
    CONFIRM_HEADER,
    CONFIRM_ID,
    HEADER_ROW,
    ID_ROW,
    NOTE_ROW,
    STATUS_HEADER,
    STATUS_ID,
    TITLE_ROW,
    Place,
    confirm_column,
    places,
)
from workbook_templates.value_cells import shown_as

STATUS_WIDTH, CONFIRM_WIDTH, HIDDEN_WIDTH = 26, 20, 9
"""In characters, as all widths here."""
ROW_HEIGHT = 18
"""In points, as all heights here."""
HEAD_HEIGHTS = {TITLE_ROW: 30, NOTE_ROW: 20, ID_ROW: None, HEADER_ROW: 44}
LEGEND = "深蓝＝必填　浅蓝加粗＝视情况填　浅蓝＝选填　灰＝自动生成"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of the sheet. Its `style` and `number_format` are those of its cells, `header_style` that of its header.

    `formula`, without the equals sign, is that of its first data row; "" where the column is typed in. A hidden column has
    no header. `place` is None where the column is not one of the form's own.
    """

    number: int
    id: str
    width: int
    style: str
    header: str = ""
    header_style: str = ""
    number_format: str = ""
    formula: str = ""
    hidden: bool = False
    place: Place | None = None


def _header_style(column: Column) -> str:
    if not column.typed:
        return "by_sheet"
    if column.required:
        return "required"
    return "sometimes" if column.required_when else "optional"


def note_line(form: Form) -> str:
    """What stands under the sheet's title."""
    return f"{form.note}　表头颜色：{LEGEND}。"


def name_column(form: Form) -> int:
    """The number of the column up to which a sheet stays in view: a person's name, else the first part of the key."""
    named = [place.number for place in places(form) if form.person and place.column.of.name == "name"]
    return named[0] if named else next(place.number for place in places(form) if place.column.id in form.key)


def table_columns(form: Form, checks: InSheet) -> tuple[TableColumn, ...]:
    """The columns of the form's sheet from A on; `checks` are its formulas."""
    formulas = {formula.number: formula.formula for formula in checks.formulas}
    confirm = confirm_column(form)
    columns = [TableColumn(1, STATUS_ID, STATUS_WIDTH, "status", STATUS_HEADER, "by_sheet", formula=formulas[1])]
    for place in places(form):
        column = place.column
        columns.append(
            TableColumn(
                place.number,
                column.id,
                column.width or column.of.width,
                "entry" if column.typed else "computed",
                column.header,
                _header_style(column),
                shown_as(column),
                formulas.get(place.number, ""),
                place=place,
            )
        )
    columns.append(TableColumn(confirm, CONFIRM_ID, CONFIRM_WIDTH, "entry", CONFIRM_HEADER, "optional", "@"))
    hidden = sorted((formula for formula in checks.formulas if formula.hidden), key=lambda formula: formula.number)
    columns.extend(
        TableColumn(one.number, one.id, HIDDEN_WIDTH, "entry", formula=one.formula, hidden=True) for one in hidden
    )
    return tuple(columns)

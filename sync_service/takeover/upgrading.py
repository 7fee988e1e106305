"""An older township workbook becomes today's: its rows and its cover in a new template, every cell as it was typed.

What has no place in today's forms is never dropped silently: it is named in the account beside the new workbook, cell by
cell, or, if that is asked for, written into 备注.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync_service.asking import township_named
from sync_service.errors import TaizhangError
from sync_service.one_book import read_one
from sync_service.placing import refuse_to_harm, writing
from sync_service.settings import CountySetup
from sync_service.takeover.account import Account, Row, write_account
from sync_service.takeover.carrying import Carried, carry
from validators.check import assigned
from validators.header import Header, Unreadable, column_of, find_header, text_of
from validators.layout import Layout, lay_out
from validators.problems import problem
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.excel import write_template
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting, plain_text
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township
from workbook_templates.sheet import COVER_LABEL_COLUMN, COVER_VALUE_COLUMN, OWN_SHEETS, STATUS_HEADER

OWN_LABELS = frozenset(["模板版本"])
"""Labels of the cover that the template fills in by itself."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was written. `facts` are sentences about the sheets and the cover; `new` forms were not in the old workbook."""

    path: Path
    account: Path
    township: Township
    sheets: tuple[Carried, ...]
    facts: tuple[str, ...]


def _owner(setup: CountySetup, book: RawBook, stated: str, named: str) -> Township:
    """Whose workbook it is: by its stamp, else by its cover, else as named. Raises TaizhangError unless they agree."""
    if book.stamp and book.stamp.county != setup.county.code:
        raise TaizhangError(f"“{book.name}”是外县的工作簿", "请核对文件。")
    said = [book.stamp.township if book.stamp else "", stated, named]
    owners = {township_named(setup, name) for name in said if name}
    if not owners:
        raise TaizhangError(f"看不出“{book.name}”是哪个乡镇的", "请加 --township 写明乡镇。")
    if len(owners) > 1:
        names = "、".join(sorted(owner.name for owner in owners))
        raise TaizhangError(f"“{book.name}”说不清是哪个乡镇的：{names}", "请核对封面上的乡镇和文件是否拿对了。")
    return owners.pop()


def _stated(cover: Form | None, sheet: RawSheet | None) -> Mapping[str, Raw]:
    """What stands on the cover, by column id."""
    layout = lay_out(cover, sheet) if cover and sheet else None
    if not isinstance(layout, Layout):
        return {}
    return {name: cells[0] for name, cells in layout.columns.items() if cells[0] is not None}


def _rest_of_cover(cover: Form, sheet: RawSheet) -> Iterator[str]:
    """The lines of the cover that have no place on today's."""
    for row in sheet.rows:
        label = text_of(row[COVER_LABEL_COLUMN - 1]).rstrip(":：") if row else ""
        value = row[COVER_VALUE_COLUMN - 1] if len(row) >= COVER_VALUE_COLUMN else None
        if label and value is not None and label not in OWN_LABELS and not column_of(cover, label):
            yield f"封面上的“{label}：{plain_text(value)}”现在没有地方填。"


def _header(form: Form, sheet: RawSheet) -> Header:
    """The sheet's header, with columns missing if need be. Raises TaizhangError if there is none."""
    header = find_header(form, sheet, whole=False)
    if isinstance(header, Unreadable):
        (remark,) = header.remarks
        told = problem(remark.code, remark.words, sheet=sheet.title, row=remark.row, value=remark.value)
        raise TaizhangError(f"“{sheet.title}”：{told.message}", told.cure)
    return header


def _names(sheet: RawSheet, header: Header) -> dict[int, str]:
    """What the sheet's columns are called."""
    return {
        j: text
        for number in range(header.first, header.row + 1)
        for j, cell in enumerate(sheet.rows[number - 1])
        if (text := text_of(cell))
    }


def _without_status(header: Header, names: Mapping[int, str]) -> Header:
    """The header of a sheet whose row of ids is gone, with 校验 among the columns that the sheet fills by itself."""
    status = frozenset(j for j, text in names.items() if folded(text) == STATUS_HEADER)
    return Header(
        header.ids, header.texts, header.own | status, header.first, header.row, (), header.confirm, header.id_row
    )


def _carried(
    forms: Forms, sheets: Mapping[str, RawSheet], setting: Setting, *, keep_rest: bool
) -> Iterator[tuple[Carried, Mapping[int, str]]]:
    for form in forms.values():
        if form.layout == "table" and form.id in sheets:
            sheet = sheets[form.id]
            header = _header(form, sheet)
            names = _names(sheet, header)
            whole = _without_status(header, names)
            carried = carry(form, sheet, whole, setting, names, typed=True, keep_rest=keep_rest)
            yield carried, {j: name for j, name in names.items() if j not in {*whole.ids, *whole.own, whole.confirm}}


def _columns(sheets: Sequence[tuple[Carried, Mapping[int, str]]]) -> Iterator[Row]:
    for carried, strange in sheets:
        for j, name in strange.items():
            yield carried.sheet, j + 1, name, "", "", "今天的模板没有这一列"
        for column in carried.blank:
            yield carried.sheet, None, "", column.header, "", "新增的列，待填" + ("，必填" if column.required else "")


def _facts(forms: Forms, book: RawBook, sheets: Mapping[str, RawSheet]) -> Iterator[str]:
    for form in forms.values():
        if form.id in sheets and form.layout == "cover":
            yield from _rest_of_cover(form, sheets[form.id])
        elif form.id not in sheets and form.layout == "table":
            yield f"“{form.title}”是旧工作簿没有的表，空着。"
    taken = {sheet.title for sheet in sheets.values()} | OWN_SHEETS
    for page in book.sheets:
        filled = sum(cell is not None for row in page.rows for cell in row)
        if page.title not in taken and filled:
            yield f"工作表“{page.title}”（{filled} 格有内容）不是今天的表，没有带过来。"


def upgrade(
    setup: CountySetup,
    forms: Forms,
    old: Path,
    now: datetime,
    *,
    township: str = "",
    out: Path | None = None,
    keep_rest: bool = False,
    force: bool = False,
) -> Upgraded:
    """Writes today's workbook with the rows of `old`, and the account of it. `township` is needed only if nothing tells.

    Raises TaizhangError if `old` cannot be read, is nobody's or another county's, has a sheet without a header, or if a file
    that is to be written is in the way.
    """
    book = read_one(old, setup.settings.limits)
    cover = next((form for form in forms.values() if form.layout == "cover"), None)
    found, _ = assigned(forms, book)
    stated = _stated(cover, found.get(cover.id) if cover else None)
    owner = _owner(setup, book, plain_text(stated.get("township")).strip(), township)
    target = out or setup.path(setup.settings.files.templates) / f"{owner.name}_升级.xlsx"
    refuse_to_harm(setup, target, old, force=force)
    theirs = forms.of(owner)
    sheets = {form_id: sheet for form_id, sheet in found.items() if form_id in theirs}
    carried = list(_carried(theirs, sheets, Setting(owner, now.date(), book.from_1904), keep_rest=keep_rest))
    rows = {one.form.id: one.rows for one, _ in carried}
    with writing(target):
        write_template(target, theirs, owner, setup.settings.period, rows, stated)
    facts = tuple(_facts(theirs, book, sheets))
    moved = tuple(one for one, _ in carried)
    path = target.with_name(f"{target.stem}说明.xlsx")
    with writing(path):
        write_account(Account(f"{owner.name} 升级说明", facts, tuple(_columns(carried)), moved), path, now)
    return Upgraded(target, path, owner, moved, facts)

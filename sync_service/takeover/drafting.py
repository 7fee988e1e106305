"""An old register, understood: which sheet and header, and a proposal for each column, before anything is written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sync_service.asking import form_named, township_named
from sync_service.errors import TaizhangError
from sync_service.one_book import read_one
from sync_service.placing import refuse_to_harm
from sync_service.settings import CountySetup
from sync_service.takeover.heading import Heading, OldColumn, find_heading
from sync_service.takeover.matching import Proposal, propose
from validators.header import column_of
from validators.raw import RawBook, RawSheet
from workbook_templates.cells import Raw
from workbook_templates.column import Column
from workbook_templates.form import Form, Forms
from workbook_templates.kinds.base import Setting
from workbook_templates.kinds.texts import folded
from workbook_templates.place import Township
from workbook_templates.sheet import CONFIRM_HEADER, STATUS_HEADER, letter

LEAST_CELLS_IN_ROW = 2
"""A row below the header with fewer cells than this is a note."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants: which old file, as which form of which township; `maps` are lines 旧列名=列名."""

    old: Path
    form: str
    township: str
    sheet: str = ""
    maps: tuple[str, ...] = ()
    out: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An old sheet, understood as far as it goes. `samples` are the cells below each column; `others` the sheets left out.

    `from_1904`: its workbook counts days from 1904 on.
    """

    form: Form
    township: Township
    sheet: RawSheet
    heading: Heading
    samples: Mapping[int, Sequence[Raw]]
    proposal: Proposal
    others: tuple[str, ...]
    target: Path
    from_1904: bool

    @property
    def account(self) -> Path:
        """Where the account is written."""
        return self.target.with_name(f"{self.target.stem}说明.xlsx")


def _filled_sheets(book: RawBook) -> list[RawSheet]:
    return [page for page in book.sheets if any(cell is not None for row in page.rows for cell in row)]


def register_in(form: Form, book: RawBook, name: str) -> tuple[RawSheet, Heading]:
    """The sheet that is named, or the only one that may be meant, with its header."""
    pages = _filled_sheets(book)
    titles = "、".join(f"“{page.title}”" for page in pages) or "（都是空的）"
    if name:
        pages = [page for page in pages if folded(page.title) == folded(name)]
        if not pages:
            raise TaizhangError(f"“{book.name}”里没有“{name}”这张工作表，或者它是空的", f"有内容的工作表：{titles}。")
    found = [(page, heading) for page in pages if (page.visible or name) and (heading := find_heading(form, page))]
    if not found:
        raise TaizhangError(
            f"“{book.name}”里找不到表头", f"请在旧表里留一行列名（前 15 行内）。有内容的工作表：{titles}。"
        )
    if len(found) > 1:
        titles = "、".join(f"“{page.title}”" for page, _ in found)
        raise TaizhangError(f"“{book.name}”里有几张工作表都像台账，不知道要哪一张", f"请用 --sheet 指定：{titles}。")
    return found[0]


def samples_of(heading: Heading, sheet: RawSheet) -> dict[int, list[Raw]]:
    """The filled cells of each column below the header, without those of notes, and of the header where it is repeated."""
    rows = [row for row in sheet.rows[heading.last :] if sum(cell is not None for cell in row) >= LEAST_CELLS_IN_ROW]
    return {
        old.j: [
            cell for row in rows if old.j < len(row) and (cell := row[old.j]) is not None and cell not in old.levels
        ]
        for old in heading.columns
    }


def _old_named(heading: Heading, name: str) -> OldColumn:
    """The old column that is named by its header, its letter (C) or its place (第3列)."""
    wanted = folded(name)
    place = re.fullmatch(r"第?(\d+)列", wanted)
    found = [
        old
        for old in heading.columns
        if wanted in {folded(text) for text in (old.name, old.name.replace("／", "/"), *old.names)}
    ] or [
        old
        for old in heading.columns
        if wanted == letter(old.j + 1).casefold() or (place and int(place[1]) == old.j + 1)
    ]
    if len(found) != 1:
        names = "、".join(f"{letter(old.j + 1)} {old.name}" for old in heading.columns)
        why = "有好几列都叫" if found else "没有一列叫"
        raise TaizhangError(f"旧表里{why}“{name}”", f"也可以写列的字母，例如 --map C=姓名。旧表的列：{names}。")
    return found[0]


def _given(form: Form, heading: Heading, maps: Sequence[str]) -> dict[int, Column | None]:
    """What 旧列名=列名 say, by position; nothing after the equals sign means that the column is not taken over."""
    given: dict[int, Column | None] = {}
    for line in maps:
        name, equals, header = (part.strip() for part in line.rpartition("="))
        if not name or not equals:
            raise TaizhangError(f"--map {line} 不行", "请写成 --map 旧列名=新列名，例如 --map 住址=户籍地址。")
        column = form.by_id.get(header) or column_of(form, header) if header else None
        if header and not column:
            titles = "、".join(one.header for one in form.columns)
            raise TaizhangError(f"“{form.title}”没有“{header}”这一列", f"可用的有：{titles}。")
        if column and column in given.values():
            raise TaizhangError(f"--map 把两列都指给了“{column.header}”", "请只留一个。")
        given[_old_named(heading, name).j] = column
    return given


def draft(setup: CountySetup, forms: Forms, request: Request, today: date) -> Draft:
    """Reads the old file and proposes what is to become of each column.

    Raises TaizhangError if there is nothing to propose: no such form, township, sheet or header, an unreadable file.
    """
    township = township_named(setup, request.township)
    form = form_named(forms.of(township), request.form)
    if form.layout == "cover":
        raise TaizhangError("封面不能从旧表接收", "请用 --form 指定一张表，例如 退役军人。")
    target = request.out or setup.path(setup.settings.files.templates) / f"{township.name}_{form.title}_接收.xlsx"
    refuse_to_harm(setup, target, request.old, force=request.force)
    book = read_one(request.old, setup.settings.limits)
    sheet, heading = register_in(form, book, request.sheet)
    texts = {old.j: old.own for old in heading.columns}
    own = {j for j, text in texts.items() if folded(text) in {STATUS_HEADER, CONFIRM_HEADER}}
    about = Heading(heading.first, heading.last, tuple(old for old in heading.columns if old.j not in own))
    samples = samples_of(heading, sheet)
    given = _given(form, about, request.maps)
    proposal = propose(form, about, samples, Setting(township, today, book.from_1904), given)
    if not proposal.matches:
        raise TaizhangError(
            f"“{sheet.title}”的列一列也对不上“{form.title}”",
            f"请核对 --form 和 --sheet，或用 --map 逐列指定。旧表的列：{'、'.join(old.name for old in about.columns)}。",
        )
    others = tuple(page.title for page in _filled_sheets(book) if page.title != sheet.title)
    return Draft(form, township, sheet, heading, samples, proposal, others, target, book.from_1904)

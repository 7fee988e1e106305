"""A township's feedback workbook: what is wrong in its workbook, cell by cell, and copies of its sheets with the cells marked.

It is written anew from the values that were read: loading thirty workbooks with openpyxl in order to mark them would take ten times
as long as everything else, and the clerk's own file is not touched in any way. Nothing of other townships goes in.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook

from sync_service.copies import cell_name, marked, reference, write_copy
from sync_service.grouping import WHOLE_BOOK, Block, Part, by_place, grouped
from sync_service.look import Look, line_count, open_book, plain, print_page, quoted, safe
from sync_service.quick_sheet import LightSheet
from sync_service.reuse.splicing import splice
from validators.problems import Problem
from validators.raw import RawBook, RawSheet
from workbook_templates.form import Forms
from workbook_templates.place import Township

SUMMARY = "校验结果"
_ACROSS, _CELL_WIDTH, _NUMBER_WIDTH = 5, 20, 5
_TEXT_WIDTH = _ACROSS * _CELL_WIDTH
_MOST_LINKS = 65_000  # Excel takes 65,530 on a sheet
_MOST_NAMED = 12
_BAD_TITLE = re.compile(r"[\[\]:*?/\\]")
_HELP = (
    "1. 请在自己的工作簿里改，不要在这本里改。改好保存就行，县里下次同步会自动读取。",
    "2. 点下面蓝色的单元格名称，会跳到副本里的那一格：红色粗框是错误，黄色虚线框是提醒，鼠标移上去有说明。",
    "3. 提醒如果属实，在自己工作簿那一行最后的“属实说明”里写一句，就不再提醒了。",
)


class _Page:
    """校验结果, written from top to bottom."""

    def __init__(self, book: Workbook, look: Look, titles: Mapping[str, str]) -> None:
        self.sheet: LightSheet = book.add_worksheet(SUMMARY, LightSheet)
        self._look, self._titles = look, titles
        self._row = self._links = 0
        self.sheet.hide_gridlines(2)
        self.sheet.set_column(0, 0, _NUMBER_WIDTH)
        self.sheet.set_column(1, _ACROSS, _CELL_WIDTH)

    def gap(self) -> None:
        self._row += 1

    def across(self, text: str, *names: str, first: int = 0, height: float = 0, **more: object) -> None:
        style = self._look(*names, "wrap", **more)
        self.sheet.set_row(self._row, height or 5 + 15 * line_count(text, _TEXT_WIDTH))
        if first:
            self.sheet.write_blank(self._row, 0, None, self._look())
        self.sheet.merge_range(self._row, first, self._row, _ACROSS, safe(text), style)
        self._row += 1

    def cards(self, cards: Sequence[tuple[str, int]]) -> None:
        edges = [0, 2, 4, _ACROSS + 1]
        for height, offset, name in ((20, 0, "label"), (36, 1, "figure")):
            self.sheet.set_row(self._row, height)
            for number, card in enumerate(cards):
                place = (self._row, edges[number], self._row, edges[number + 1] - 1)
                self.sheet.merge_range(*place, card[offset], self._look(name, right=5, right_color="#FFFFFF"))
            self._row += 1

    def _cells(self, problems: Sequence[Problem]) -> None:
        """Their cells side by side, each leading to the same cell in the copy."""
        cells = []
        for column, found in enumerate(problems, 1):
            text = cell_name(found) + (f"　{found.value}" if found.value else "")
            title = self._titles.get(found.sheet)
            if title and found.row and self._links < _MOST_LINKS:
                text = plain(text)
                self.sheet.put_link(self._row, column, f"internal:{quoted(title)}!{reference(found)}", text)
                self._links += 1
                cells.append((text, self._look("cell", "link", "text", shrink=True)))
            else:
                cells.append((text, self._look("cell", "text")))
        self.sheet.put_cells(self._row, cells, 18, first=1)
        self._row += 1

    def block(self, number: int, block: Block) -> None:
        text = block.heading
        self.sheet.set_row(self._row, 7 + 15 * line_count(text, _TEXT_WIDTH - _CELL_WIDTH))
        self.sheet.write_number(self._row, 0, number, self._look("centre", bold=True))
        self.sheet.merge_range(
            self._row, 1, self._row, _ACROSS - 1, safe(text), self._look("wrap", bold=True, font_size=11)
        )
        self.sheet.write_string(self._row, _ACROSS, f"{len(block.problems)} 处", self._look("right", bold=True))
        self._row += 1
        if block.cure:
            self.across(f"怎么改：{block.cure}", "subtitle", first=1)
        named = [found for found in block.problems if cell_name(found)]
        for start in range(0, len(named), _ACROSS):
            self._cells(named[start : start + _ACROSS])
        self.gap()

    def short(self, block: Block) -> None:
        names = [name for found in block.problems if (name := cell_name(found))]
        where = "、".join(names[:_MOST_NAMED]) + (f" 等 {len(names)} 处" if len(names) > _MOST_NAMED else "")
        self.across(block.message + (f"：{where}" if where and where not in block.message else ""), "cell", first=1)

    def part(self, part: Part) -> None:
        self.across(f"{part.heading}（共 {part.count} 处）", "section", part.style, height=26, border=0)
        sheet = None
        for number, block in enumerate(part.blocks, 1):
            if block.sheet != sheet:
                sheet = block.sheet
                self.across(f"【{sheet or WHOLE_BOOK}】", height=24, bold=True, font_size=12, font_color="#1F4E79")
            if part.in_full:
                self.block(number, block)
            else:
                self.short(block)
        self.gap()


def _titles(sheets: Sequence[RawSheet]) -> dict[str, str]:
    """What each copy is called: as the sheet itself, where a workbook can have a sheet of that name."""
    taken, titles = {SUMMARY}, {}
    for raw in sheets:
        wanted = _BAD_TITLE.sub("_", plain(raw.title)).strip("'")[:31].strip("'") or "表"
        title, number = wanted, 2
        while title.casefold() in taken:
            title, number = f"{wanted[:24]}({number})", number + 1
        taken.add(title.casefold())
        titles[raw.title] = title
    return titles


def _summary(page: _Page, township: str, name: str, parts: Sequence[Part], made_at: datetime) -> None:
    errors, warnings, confirmed, _ = parts
    page.across(f"{township}　校验反馈", "title", height=38, font_size=20)
    page.across(f"工作簿：{name}　　校验时间：{made_at:%Y-%m-%d %H:%M}", "subtitle")
    page.gap()
    if errors.blocks or warnings.blocks:
        page.cards(
            [("× 要改正的错误", errors.count), ("▲ 要核对的提醒", warnings.count), ("√ 已说明的提醒", confirmed.count)]
        )
        page.gap()
        for line in _HELP:
            page.across(line)
    else:
        page.across(
            "√ 没有发现问题，各表都已收进县里的总台账。辛苦了！",
            "confirmed",
            "centre",
            height=60,
            bold=True,
            font_size=16,
        )
    page.gap()
    for part in parts:
        if part.blocks:
            page.part(part)
    page.sheet.set_tab_color("#1F4E79")
    page.sheet.activate()
    print_page(page.sheet, landscape=False, heading=f"{township}　校验反馈")


def write_feedback(
    target: Path, township: Township, book: RawBook, problems: Sequence[Problem], forms: Forms, made_at: datetime
) -> None:
    """Write a township's feedback workbook to `target`: what was found in `book`, and copies of the sheets concerned.

    `book` has no sheets if it could not be read. `problems` are this township's only; their sheets and rows are those of `book`.
    `made_at` is local time without a zone. Equal input gives equal bytes. Raises OSError if the file cannot be written.
    """
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    for found in sorted(problems, key=by_place):
        by_sheet[found.sheet].append(found)
    concerned = [raw for raw in book.sheets if any(map(marked, by_sheet[raw.title]))]
    titles = _titles(concerned)
    parts = grouped(problems, [raw.title for raw in book.sheets])
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        frame = Path(folder) / target.name
        with open_book(frame, made_at, f"{township.name}校验反馈", light=True) as workbook:
            look = Look(workbook)
            name = book.name if book.sheets else "没有读到"
            _summary(_Page(workbook, look, titles), township.name, name, parts, made_at)
            copies = [
                write_copy(workbook, look, titles[raw.title], raw, by_sheet[raw.title], forms) for raw in concerned
            ]
        splice(frame, target, {part: rows for part, rows in copies if rows})

"""The county's workbook of a crosscheck: how many of what in which township, and every list in full."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from sync_service.crosscheck.definitions import ListCheck, list_checks
from sync_service.crosscheck.pages import WHO, Column, Page, alike, who, write_list
from sync_service.crosscheck.records import PLACED, PLACED_TITLE, RESULTS, Crosscheck
from sync_service.look import Look, line_count, open_book, print_page

SUMMARY, ALL_PLACED = "汇总", "历年安排工作比对"
NOWHERE = "（乡镇不详）"
_TOWN = Column("乡镇", 12)


def _order(found: Crosscheck) -> list[str]:
    """The townships in the county's order, and "" where somebody belongs to none that is known."""
    people = [*(one.whom for one in found.placements), *(one.whom for one in found.entries)]
    return [*found.townships, *([""] if any(not one.township for one in people) else [])]


def _town(found: Crosscheck, code: str) -> str:
    return found.townships.get(code, NOWHERE)


def _placed(found: Crosscheck) -> Page:
    order = {code: n for n, code in enumerate(_order(found))}
    people = sorted(found.placements, key=lambda one: (order[one.whom.township], RESULTS.index(one.result)))
    columns = (
        _TOWN, *WHO, Column("结果", 12, ("centre",)), Column("是否要通知", 9, ("centre",)), Column("依据", 34),
        Column("名册上的情况", 28), Column("通知情况", 10, ("centre",)), Column("名册位置", 14),
    )  # fmt: skip
    rows = [
        [
            _town(found, one.whom.township), *who(n, one.whom, one.whom.number), one.result, "要" if one.to_notify else "",
            one.basis, one.said, one.notified, one.source,
        ]
        for n, one in enumerate(people, 1)
    ]  # fmt: skip
    note = "按身份证号核对；没有号码或号码不对的，再看姓名和入伍、退役、出生时间，算“疑似匹配”，要人来认。"
    return Page(ALL_PLACED, f"{found.county}　历年安排工作人员比对（{len(rows)} 人）", note, columns, rows)


def _listed(found: Crosscheck, check: ListCheck) -> Page:
    order = {code: n for n, code in enumerate(_order(found))}
    people = [one for one in found.entries if one.check == check.id]
    people.sort(key=lambda one: (order[one.whom.township], one.whom.village, one.whom.name))
    columns = (_TOWN, *WHO, Column("情况", 36), Column("出处", 20), Column("可能是同一个人", 34))
    rows = [
        [
            _town(found, one.whom.township), *who(n, one.whom, one.whom.number), one.about, one.source,
            alike(one.likely, found.townships),
        ]
        for n, one in enumerate(people, 1)
    ]  # fmt: skip
    return Page(check.title, f"{found.county}　{check.title}（{len(rows)} 人）", check.meaning, columns, rows)


def _numbers(found: Crosscheck, code: str, checks: Sequence[ListCheck]) -> list[int]:
    results = Counter(one.result for one in found.placements if one.whom.township == code)
    lists = found.counts(code)
    return [*(results[name] for name in RESULTS), lists[PLACED], *(lists[check.id] for check in checks)]


def _summary(book: Workbook, look: Look, found: Crosscheck) -> None:
    checks = list_checks()
    sheet: Any = book.add_worksheet(SUMMARY)
    headers = ("乡镇", *RESULTS, PLACED_TITLE, *(check.title for check in checks))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, len(headers) - 1, 11)
    sheet.set_row(0, 36)
    sheet.write_string(0, 0, f"{found.county}　名册核对", look("title", font_size=20))
    told = f"核对日期：{found.day}　填报期：{found.period}　安排工作名册：{found.roster}（{len(found.placements)} 人）"
    sheet.write_string(1, 0, told, look("subtitle"))
    sheet.merge_range(2, 1, 2, len(RESULTS), "历年安排工作人员比对", look("header", bg_color="#52606D"))
    sheet.merge_range(2, len(RESULTS) + 1, 2, len(headers) - 1, "要办的人", look("header", bg_color="#8A5A00"))
    sheet.set_row(3, 48)
    sheet.write_row(3, 0, headers, look("header"))
    codes, row = _order(found), 3
    for row, code in enumerate(codes, 4):
        sheet.set_row(row, 21)
        sheet.write_string(row, 0, _town(found, code), look("cell", bold=True))
        for column, number in enumerate(_numbers(found, code, checks), 1):
            sheet.write_number(row, column, number, look("cell", "count"))
    sums = [sum(column) for column in zip(*(_numbers(found, code, checks) for code in codes), strict=True)]
    sheet.set_row(row + 1, 24)
    sheet.write_string(row + 1, 0, "合计", look("cell", "total"))
    for column, number in enumerate(sums, 1):
        sheet.write_number(row + 1, column, number, look("cell", "count", "total"))
    notes = [*found.remarks, *(f"{check.title}：{check.meaning}" for check in checks)]
    width = 14 + 11 * (len(headers) - 1)
    for at, note in enumerate(notes, row + 3):
        sheet.set_row(at, 5 + 15 * line_count(note, width))
        sheet.merge_range(at, 0, at, len(headers) - 1, note, look("wrap", "subtitle"))
    sheet.freeze_panes(4, 1)
    print_page(sheet, landscape=True, heading=f"{found.county}　名册核对")


def write_county_book(target: Path, found: Crosscheck, made_at: datetime) -> None:
    """Write the county's workbook to `target`. It holds whole ID numbers. Raises OSError if it cannot be written."""
    with open_book(target, made_at, f"{found.county}名册核对") as book:
        look = Look(book)
        _summary(book, look, found)
        for page in (_placed(found), *(_listed(found, check) for check in list_checks())):
            write_list(book, look, page, f"{found.county}　{page.title}　{found.day}")

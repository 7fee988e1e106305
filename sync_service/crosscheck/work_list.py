"""A township's work list: its own people only, whom to see and about what, with columns to fill in; it can be printed.

ID numbers are masked: to find somebody, name, village and telephone are enough, and a printed list lies about.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sync_service.crosscheck.definitions import ListCheck, list_checks
from sync_service.crosscheck.pages import WHO, Column, Page, alike, who, write_list
from sync_service.crosscheck.records import PLACED_TITLE, Crosscheck, Entry, Placement
from sync_service.look import Look, line_count, open_book, print_page
from workbook_templates.kinds.resident_id import mask_number

FIRST_SHEET = "待办"
NOTIFY = (
    "历年由政府安排工作、还没有通知到的人。请逐一联系本人或家属，讲清社保接续政策；愿意申请的帮助受理。"
    "“查无此人”的请向村里的老同志打听；“疑似匹配”的请核对是不是同一个人。"
)
FILLED = ("是否已通知", "日期", "备注")
DONE = ("是否已办理", "日期", "备注")
_MATTER, _LIKE = Column("情况", 34), Column("可能是同一个人", 30)


def _by_place(one: Placement | Entry) -> tuple[str, str, str]:
    return one.whom.village or "\uffff", one.whom.name, one.whom.number


def _placed(found: Crosscheck, township: str) -> Page:
    people = sorted((one for one in found.unnotified if one.whom.township == township), key=_by_place)
    rows = [
        [
            *who(n, one.whom, mask_number(one.whom.number)),
            f"{one.result}{'（联系不上）' if one.notified == '联系不上' else ''}；{one.said}",
            alike(one.likely, found.townships, township),
        ]
        for n, one in enumerate(people, 1)
    ]
    heading = f"{found.townships[township]}　{PLACED_TITLE}（{len(rows)} 人）"
    return Page(PLACED_TITLE, heading, NOTIFY, (*WHO, _MATTER, _LIKE), rows, FILLED)


def _listed(found: Crosscheck, township: str, check: ListCheck) -> Page:
    people = [one for one in found.entries if (one.check, one.whom.township) == (check.id, township)]
    rows = [
        [
            *who(n, one.whom, mask_number(one.whom.number)),
            one.about or one.source,
            alike(one.likely, found.townships, township),
        ]
        for n, one in enumerate(sorted(people, key=_by_place), 1)
    ]
    heading = f"{found.townships[township]}　{check.title}（{len(rows)} 人）"
    return Page(check.title, heading, check.meaning + check.ask, (*WHO, _MATTER, _LIKE), rows, DONE)


def pages_for(found: Crosscheck, township: str) -> Iterator[Page]:
    """The lists of a township on which somebody stands."""
    pages = [_placed(found, township), *(_listed(found, township, check) for check in list_checks())]
    return (page for page in pages if page.rows)


def write_work_list(target: Path, found: Crosscheck, township: str, made_at: datetime) -> None:
    """Write a township's work list to `target`. Nothing of other townships goes in. Raises OSError if it cannot be written."""
    name = found.townships[township]
    pages = list(pages_for(found, township))
    margin = f"{name}　待办名单　{found.day}"
    with open_book(target, made_at, f"{name}待办名单") as book:
        look = Look(book)
        sheet = book.add_worksheet(FIRST_SHEET)
        sheet.hide_gridlines(2)
        for column, width in enumerate((24, 10, 70)):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 36)
        sheet.write_string(0, 0, f"{name}　待办名单", look("title", font_size=20))
        sheet.write_string(1, 0, f"{found.county}　核对日期：{found.day}　填报期：{found.period}", look("subtitle"))
        sheet.merge_range(
            2,
            0,
            2,
            2,
            "请按各张名单逐人办理，在黄底的三列里填写，办完发回县局。名单含个人信息：不要转发到工作群，用完收好。",
            look("wrap", bold=True),
        )
        sheet.set_row(2, 36)
        sheet.write_row(3, 0, ("名单", "人数", "说明"), look("header"))
        for row, page in enumerate(pages, 4):
            sheet.set_row(row, 8 + 15 * line_count(page.note, 70))
            sheet.write_url(row, 0, f"internal:'{page.title}'!A1", look("cell", "link"), page.title)
            sheet.write_number(row, 1, len(page.rows), look("cell", "count"))
            sheet.write_string(row, 2, page.note, look("cell", "wrap"))
        if not pages:
            sheet.merge_range(4, 0, 4, 2, "√ 没有要办的人。辛苦了！", look("confirmed", "centre", bold=True))
        print_page(sheet, landscape=True, heading=margin)
        for page in pages:
            write_list(book, look, page, margin)

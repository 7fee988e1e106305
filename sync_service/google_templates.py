"""Laying a township's forms into a Google spreadsheet that somebody has made and shared: service accounts own no files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from sync_service.asking import township_named
from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup
from sync_service.sources.base import Limits, TooBigError
from sync_service.sources.google.account import WRITING, account
from sync_service.sources.google.cells import FIELDS, book_told, parse_answer
from sync_service.sources.google.client import NoAccessError, Patience, RefusedError, SheetsClient, UnreachableError
from sync_service.sources.google.link import SCHEME, spreadsheet_id
from validators.raw import RawBook, RawSheet
from workbook_templates.form import Form, Forms
from workbook_templates.google.requests import Request, add_sheet
from workbook_templates.google.template import sheet_id, template_requests
from workbook_templates.place import Township
from workbook_templates.sheet import FIRST_ROW, GUIDE, confirm_column, places

MOST_BYTES = 900_000
"""How long one batch is at most: Google recommends to stay under 2 MB, and a slow line has to carry it in time."""

_PATIENCE = Patience(10, 120, 180)
_WHAT_IS_THERE = "namedRanges.namedRangeId,developerMetadata.metadataId,sheets.properties.sheetId"
_BETWEEN = "台账正在写入"
"""The sheet that is there while all others are replaced: a spreadsheet has one at least."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A spreadsheet that now holds the forms: its title, its township, and its address for county.toml."""

    title: str
    township: Township
    address: str


def _typed_in(form: Form, sheet: RawSheet) -> bool:
    """Whether one of the cells that clerks fill in, below the header, holds anything."""
    free = [place.number for place in places(form) if place.column.typed] + [confirm_column(form)]
    return any(
        row[number - 1] is not None for row in sheet.rows[FIRST_ROW - 1 :] for number in free if number <= len(row)
    )


def _filled(forms: Forms, book: RawBook) -> list[str]:
    """The titles of the sheets in which somebody has typed; of sheets that are not the template's, any cell counts."""
    by_title = {form.title: form for form in forms.values()}
    found = []
    for sheet in book.sheets:
        form = by_title.get(sheet.title)
        if form is None:
            typed = bool(sheet.rows) and sheet.title != GUIDE
        else:
            typed = form.layout == "table" and _typed_in(form, sheet)
        if typed:
            found.append(sheet.title)
    return found


def clearing(there: dict[str, list[dict[str, object]]], between: int) -> Iterator[Request]:
    """The requests that empty a spreadsheet, whatever an earlier attempt has left; the sheet `between` remains."""
    yield add_sheet(between, _BETWEEN, 1, 1)
    for name in there.get("namedRanges", ()):
        yield {"deleteNamedRange": {"namedRangeId": name["namedRangeId"]}}
    for note in there.get("developerMetadata", ()):
        lookup = {"metadataId": note["metadataId"]}
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
    for sheet in there["sheets"]:
        properties = sheet["properties"]
        assert isinstance(properties, dict)
        yield {"deleteSheet": {"sheetId": properties.get("sheetId", 0)}}


def batches(requests: Sequence[Request]) -> Iterator[bytes]:
    """The requests in order, as the bodies of calls none of which is longer than MOST_BYTES."""
    batch: list[bytes] = []
    for one in map(orjson.dumps, requests):
        if batch and sum(map(len, batch)) + len(one) > MOST_BYTES:
            yield b'{"requests":[' + b",".join(batch) + b"]}"
            batch = []
        batch.append(one)
    yield b'{"requests":[' + b",".join(batch) + b"]}"


def _township(setup: CountySetup, spreadsheet: str, only: str) -> Township:
    if only:
        return township_named(setup, only)
    for township in setup.townships:
        address = setup.addresses[township.code]
        if address.lower().startswith(SCHEME) and spreadsheet_id(address) == spreadsheet:
            return township
    raise TaizhangError("不知道这张谷歌表格是哪个乡镇的", "请加 --township 乡镇名，或先把链接写进 county.toml。")


def _lay(client: SheetsClient, forms: Forms, township: Township, period: str, spreadsheet: str, *, force: bool) -> str:
    """Lays the forms and gives the spreadsheet's title."""
    link, compact = SPREADSHEET_URL % spreadsheet, {"prettyPrint": "false"}
    book = book_told(client.fetch(link, {"fields": FIELDS, **compact}, parse_answer), Limits())
    filled = _filled(forms, book)
    if filled and not force:
        raise TaizhangError(
            f"“{book.name}”里已经填了内容（{'、'.join(filled)}），没有动它",
            "请另建一张空白的谷歌表格；如果里面的内容确实都不要了，请加 --force，原有的工作表会全部删去。",
        )
    between = sheet_id(_BETWEEN)
    there = client.fetch(link, {"fields": _WHAT_IS_THERE, **compact})
    requests = [*clearing(there, between), *template_requests(forms, township, period, between)]
    for number, body in enumerate(batches(requests)):
        try:
            client.request(
                "post", SPREADSHEET_BATCH_UPDATE_URL % spreadsheet, data=body,
                params={"fields": "spreadsheetId"}, headers={"Content-Type": "application/json"},
            )  # fmt: skip
        except UnreachableError as error:
            raise TaizhangError(
                f"“{book.name}”{'只写好了一部分' if number else '没有写成'}：{error}",
                "请再运行一次同样的命令，会清掉没写完的部分，从头写好；写好以前请不要让人填。",
            ) from None
    return book.name


def lay_template(setup: CountySetup, forms: Forms, link: str, *, only: str = "", force: bool = False) -> Laid:
    """Makes a township's workbook of the spreadsheet that `link` names; what was on its sheets goes.

    The township is `only`, or the one whose address it is in county.toml. Raises TaizhangError if somebody has typed in it
    and it is not to be overwritten (`force`), and if it cannot be opened or written.
    """
    try:
        spreadsheet = spreadsheet_id(link)
    except ValueError as error:
        raise TaizhangError("这不是谷歌表格的链接", str(error)) from None
    township = _township(setup, spreadsheet, only)
    who = account(setup.access, WRITING)
    client = SheetsClient(who.credentials, setup.access.google_root, _PATIENCE)
    try:
        title = _lay(client, forms, township, setup.settings.period, spreadsheet, force=force)
    except NoAccessError:
        raise TaizhangError(
            "打不开这张谷歌表格，或者没有编辑的权限",
            f"请打开表格，点右上角的“共享”，把 {who.name or '县里的谷歌账号'} 加为“编辑者”，再运行一次。",
        ) from None
    except (RefusedError, UnreachableError, ValueError, TooBigError) as error:
        raise TaizhangError(
            f"谷歌表格没有写成：{error}", "请检查网络，并照“管理手册”里“用谷歌在线表格”一节核对密钥和谷歌项目。"
        ) from None
    return Laid(title, township, SCHEME + spreadsheet)

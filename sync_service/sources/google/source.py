"""Shared spreadsheets as a source: one look at Drive for the whole county, one request for each spreadsheet that changed."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_URL

from sync_service.errors import TaizhangError
from sync_service.sources.access import Access
from sync_service.sources.base import Found, Item, ItemGone, Limits, Mark, Refused, SourceDown, TooBigError
from sync_service.sources.google.account import READING, account
from sync_service.sources.google.cells import FIELDS, book_told, parse_answer
from sync_service.sources.google.client import NoAccessError, Patience, RefusedError, SheetsClient, UnreachableError
from sync_service.sources.google.link import PLACE, SCHEME, spreadsheet_id
from validators.problems import Problem, problem
from validators.raw import RawBook

_ABOUT = "id,name,version,modifiedTime,trashed"
_SPREADSHEETS = "mimeType = 'application/vnd.google-apps.spreadsheet'"
File = Mapping[str, Any]


def _moment(file: File) -> datetime:
    return datetime.fromisoformat(file["modifiedTime"])


def _mark(file: File) -> Mark:
    """Drive's version moves with every change, with many that nobody sees too: the rows tell whether it is one of those."""
    said = f"{file['id']}\0{file['version']}\0{file['modifiedTime']}"
    changed = round(_moment(file).timestamp() * 1000)
    return Mark(changed, int(file["version"]), blake2b(said.encode(), digest_size=16).digest(), by_version=True)


@lru_cache(maxsize=4)
def _signed_in(access: Access, process: int) -> tuple[SheetsClient, str]:  # noqa: ARG001 - processes share no connection
    """The client of this process, and who it is at Google."""
    who = account(access, READING)
    patience = Patience(access.seconds, 3 * access.seconds, 4.5 * access.seconds)
    return SheetsClient(who.credentials, access.google_root, patience), who.name


@dataclass(frozen=True, slots=True)
class GoogleSource:
    """The spreadsheets of townships, each id by the township's code."""

    spreadsheets: Mapping[str, str]
    access: Access

    @classmethod
    def of(cls, workbooks: Mapping[str, str], access: Access) -> "GoogleSource":
        """The source for addresses by township code. Raises TaizhangError if the key file cannot be used."""
        account(access, READING)
        return cls({code: spreadsheet_id(text) for code, text in workbooks.items()}, access)

    def look(self) -> tuple[Found, ...]:
        """All spreadsheets that are shared with us, in one call to Drive. Raises SourceDown."""
        with self._asking():
            files = {file["id"]: file for file in self._files()}
        return tuple(self._found(township, files.get(one)) for township, one in self.spreadsheets.items())

    def mark(self, item: Item, known: Mark | None) -> Mark:  # noqa: ARG002 - the answer costs one call, whatever is known
        """What Drive says of it now. Raises ItemGone, SourceDown."""
        with self._asking():
            link = f"{DRIVE_FILES_API_V3_URL}/{spreadsheet_id(item.place)}"
            file = self._client.fetch(link, {"fields": _ABOUT, "supportsAllDrives": "true"})
        if file.get("trashed"):
            raise ItemGone(self._gone("在回收站里"))
        return _mark(file)

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The whole spreadsheet, in one request. Raises Refused (F30), ItemGone, SourceDown."""
        with self._asking():
            link = SPREADSHEET_URL % spreadsheet_id(item.place)
            told = self._client.fetch(link, {"fields": FIELDS, "prettyPrint": "false"}, parse_answer)
            try:
                return book_told(told, limits)
            except TooBigError as error:
                raise Refused(problem("F30", {"file": item.name, "limit": str(error)})) from None
            except ValueError:
                raise UnreachableError("谷歌的回答读不懂") from None

    @property
    def _client(self) -> SheetsClient:
        return _signed_in(self.access, os.getpid())[0]

    def _files(self) -> Iterator[File]:
        asked = {
            "q": _SPREADSHEETS, "pageSize": 1000, "fields": f"nextPageToken,files({_ABOUT})",
            "supportsAllDrives": "true", "includeItemsFromAllDrives": "true",
        }  # fmt: skip
        while True:
            page = self._client.fetch(DRIVE_FILES_API_V3_URL, asked)
            yield from page.get("files", ())
            if not page.get("nextPageToken"):
                return
            asked["pageToken"] = page["nextPageToken"]

    def _found(self, township: str, file: File | None) -> Found:
        if file is None:
            return Found(township, None, (self._gone("没有共享给县里的账号，或已被彻底删除"),))
        if file.get("trashed"):
            return Found(township, None, (self._gone("在回收站里"),))
        item = Item(township, file["name"], SCHEME + file["id"], _moment(file).timestamp())
        return Found(township, item, mark=_mark(file))

    def _gone(self, why: str) -> Problem:
        who = _signed_in(self.access, os.getpid())[1]
        return problem("F45", {"why": why, "account": who or "县里的谷歌账号"})

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Everything that may go wrong on the way to Google, as a source says it."""
        try:
            yield
        except NoAccessError:
            raise ItemGone(self._gone("没有共享给县里的账号，或已被彻底删除")) from None
        except (RefusedError, TaizhangError) as error:
            raise SourceDown(problem("F46", {"why": str(error)})) from None
        except UnreachableError as error:
            raise SourceDown(problem("F41", {"place": PLACE, "why": str(error)})) from None

"""A kind of place of its own, as docs/接入新来源.md describes it: an export service that gives each sheet as CSV over HTTP.

GET <root>/<book>          {"title": "城关镇", "version": "7", "changed": 1795505720, "sheets": ["封面", "退役军人"]}
GET <root>/<book>/<sheet>  the sheet as CSV, in UTF-8
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from sync_service.sources.access import Access, Account, account
from sync_service.sources.address import Address
from sync_service.sources.base import Found, Item, ItemGone, Limits, Mark, Refused, SourceDown
from sync_service.sources.deadline import within
from sync_service.sources.kinds import Kind
from validators.problems import problem
from validators.raw import RawBook, RawSheet

SCHEME = "csvs"


def server(address: str) -> str:
    """The machine that an address leads to: all its workbooks are one source."""
    parts = urlsplit(address)
    if not parts.netloc or "@" in parts.netloc:
        raise ValueError("位置应像 csvs://服务器:端口/工作簿。密码请写进账号文件。")
    return parts.netloc


@dataclass(frozen=True, slots=True)
class CsvService:
    """The workbooks of townships by code on one such service."""

    workbooks: Mapping[str, str]
    account: Account = field(repr=False)
    seconds: float

    @classmethod
    def of(cls, workbooks: Mapping[str, str], access: Access) -> "CsvService":
        """The source for workbooks on one service."""
        parts = urlsplit(next(iter(workbooks.values())))
        address = Address(SCHEME, "", parts.hostname or "", parts.port, parts.path)
        return cls(workbooks, account(access, address), access.seconds)

    def _get(self, url: str) -> bytes:
        host = urlsplit(url).netloc
        asked = Request(
            quote(url.replace(SCHEME, "http", 1), ":/"), headers={"Authorization": quote(self.account.password)}
        )

        def answer() -> bytes:
            with urlopen(asked, timeout=self.seconds) as found:
                data: bytes = found.read()
                return data

        try:
            return within(self.seconds * 2, answer)
        except HTTPError as error:
            error.close()
            if error.code == 404:
                raise ItemGone(problem("F28", {"file": "/".join(url.split("/")[-2:])})) from None
            if error.code in (401, 403):
                raise SourceDown(problem("F42", {"place": host, "why": "账号或密码不对"})) from None
            raise SourceDown(problem("F41", {"place": host, "why": f"服务器回答 {error.code}"})) from None
        except OSError:  # TimeoutError is one
            raise SourceDown(problem("F41", {"place": host, "why": "没有回音，或网络不通"})) from None

    def _about(self, url: str) -> dict[str, Any]:
        try:
            about: dict[str, Any] = json.loads(self._get(url))
        except ValueError:
            why = "回答看不懂"
            raise SourceDown(problem("F41", {"place": urlsplit(url).netloc, "why": why})) from None
        return about

    @staticmethod
    def _mark(about: Mapping[str, Any]) -> Mark:
        version = sha256(str(about["version"]).encode()).digest()
        return Mark(0, int.from_bytes(version[:7], "big"), version, by_version=True)

    def look(self) -> tuple[Found, ...]:
        looks = []
        for township, url in self.workbooks.items():
            try:
                about = self._about(url)
            except SourceDown:
                raise
            except Refused as refused:
                looks.append(Found(township, None, (refused.problem,)))
            else:
                item = Item(township, about["title"], url, about["changed"])
                looks.append(Found(township, item, mark=self._mark(about)))
        return tuple(looks)

    def mark(self, item: Item, known: Mark | None) -> Mark:  # noqa: ARG002 - asking is all that it takes
        return self._mark(self._about(item.place))

    def read(self, item: Item, limits: Limits) -> RawBook:  # noqa: ARG002 - a service like this gives small answers
        sheets = []
        for title in self._about(item.place)["sheets"]:
            text = self._get(f"{item.place}/{title}").decode("utf-8")
            rows = [tuple(cell or None for cell in line) for line in csv.reader(io.StringIO(text))]
            sheets.append(RawSheet(title, rows))
        return RawBook(item.name, tuple(sheets))


KIND = Kind(server, CsvService.of)

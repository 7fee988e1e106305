"""The kinds of places other than folders of this machine, by what an address in county.toml begins with.

Another kind is one module and one line in KINDS; docs/接入新来源.md shows how. Nothing heavy is imported until it is used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync_service.sources.access import Access
from sync_service.sources.address import parse
from sync_service.sources.google.link import PLACE as GOOGLE
from sync_service.sources.google.link import READS_A_MINUTE, spreadsheet_id

if TYPE_CHECKING:
    from sync_service.sources.base import Source


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place. `server` tells by a workbook's address which place it lies in: what has one name is one source.

    `make` makes the source for some workbooks there, by township code. Raises TaizhangError if the settings do not suffice.
    """

    server: Callable[[str], str]
    make: Callable[[Mapping[str, str], Access], "Source"]
    a_minute: int = 0
    """How many workbooks may be read there in a minute; 0 is as many as one likes."""


def _remote(workbooks: Mapping[str, str], access: Access) -> "Source":
    from sync_service.sources.remote import RemoteFolders

    return RemoteFolders.of({code: parse(text) for code, text in workbooks.items()}, access)


def _server(text: str) -> str:
    address = parse(text)
    return f"{address.user}@{address.server}" if address.user else address.server


def _google(workbooks: Mapping[str, str], access: Access) -> "Source":
    from sync_service.sources.google.source import GoogleSource

    return GoogleSource.of(workbooks, access)


def _spreadsheets(text: str) -> str:
    spreadsheet_id(text)  # a wrong link is told now
    return GOOGLE


_FOLDERS = Kind(_server, _remote)
KINDS: dict[str, Kind] = dict.fromkeys(("webdav", "webdavs", "dav", "davs", "sftp", "smb"), _FOLDERS)
KINDS["google"] = Kind(_spreadsheets, _google, READS_A_MINUTE)
"""By what an address begins with. A path, or a file: URL, is a folder of this machine."""

"""What the kinds of servers have in common: files in a listing, and why one cannot be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sync_service.sources.access import Account
from sync_service.sources.address import Address
from sync_service.sources.naming import Entry


@dataclass(frozen=True, slots=True)
class RemoteFile(Entry):
    """A file on a server. `size` is in bytes, `version` whatever else the server says that moves with every change."""

    size: int
    version: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something cannot be had: it is not there, somebody holds it, we may not, the account is
    wrong, or the server does not do its part.

    `why` is Chinese, for the coordinator, and quotes nothing that the server said.
    """

    kind: Literal["gone", "busy", "denied", "login", "down"]
    why: str = ""


class Server(Protocol):
    """A connection to one server. Its methods raise whatever they like; `explain` tells what that means."""

    def __init__(self, address: Address, account: Account, seconds: float) -> None:
        """Connects; a server that does not answer within `seconds` is an error."""

    def listing(self, folder: str) -> list[RemoteFile]:
        """The files in a folder, got by one request where the protocol allows it. Raises FileNotFoundError."""

    def about(self, path: str) -> RemoteFile:
        """One file as it is now. Raises FileNotFoundError."""

    def fetch(self, path: str) -> bytes:
        """A file's bytes. Others may go on using it meanwhile."""

    def close(self) -> None:
        """Ends the connection."""

    @staticmethod
    def explain(error: BaseException) -> Trouble | None:
        """What an error of this kind of server means; None for what any server might raise."""


WRONG_LOGIN = Trouble("login", "账号或密码不对")
FORBIDDEN = Trouble("denied", "没有读取的权限")
SILENT = Trouble("down", "没有回音")


def remote_file(info: Mapping[str, Any], changed: float, *version: object) -> RemoteFile:
    """The file that fsspec describes by `info`."""
    name = str(info["name"]).rstrip("/").rpartition("/")[2]
    return RemoteFile(name, changed, int(info["size"] or 0), " ".join(map(str, version)))


def explain_any(error: BaseException) -> Trouble:
    """What an error means that any server might raise."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return Trouble("gone")
        case PermissionError():
            return FORBIDDEN
        case TimeoutError():
            return SILENT
        case ConnectionRefusedError():
            return Trouble("down", "那边没有开着")
        case OSError():
            return Trouble("down", "网络不通")
    return Trouble("down", "回答看不懂")

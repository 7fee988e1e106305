"""Workbooks in the folders of one server: WebDAV, SFTP or SMB. Nothing of them is kept on this machine's disk."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TypeVar, TypeVarTuple

from sync_service.errors import TaizhangError
from sync_service.sources.access import Access, Account, account
from sync_service.sources.address import Address
from sync_service.sources.base import Found, Item, ItemBusy, ItemGone, Limits, Mark, Refused, SourceDown, TooBigError
from sync_service.sources.deadline import within
from sync_service.sources.excel import read_bytes
from sync_service.sources.naming import choose
from sync_service.sources.servers import RemoteFile, Server, Trouble, explain_any
from validators.problems import problem
from validators.raw import RawBook

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

_SERVERS = {
    "webdav": ("webdav", "WebDav"),
    "webdavs": ("webdav", "WebDav"),
    "sftp": ("sftp", "Sftp"),
    "smb": ("smb", "Smb"),
}
"""The module and class for each scheme: each loads a library of its own."""

_RACY = 3.0
"""Seconds: times on servers are as coarse as one or two, so that a file just saved may change again unseen."""


class FolderDenied(SourceDown):
    """One folder of the server must not be read; the others may."""


def _kind(scheme: str) -> type[Server]:
    module, name = _SERVERS[scheme]
    try:
        found: type[Server] = getattr(import_module(f"sync_service.sources.{module}"), name)
    except ImportError as error:
        raise TaizhangError(
            f"要读 {scheme}:// 的位置，还缺软件包 {error.name}", '请运行 pip install "taizhang[remote]"，再运行一次。'
        ) from error
    return found


def _mark(file: RemoteFile) -> Mark:
    told = hashlib.sha256(f"{file.size}\0{file.changed!r}\0{file.version}".encode()).digest()
    return Mark(file.size, int.from_bytes(told[:7], "big"), told, by_version=True)


@dataclass(frozen=True, slots=True)
class RemoteFolders:
    """The workbooks of townships by code, all on one server. A workbook counts as changed if its size, time or etag did."""

    workbooks: Mapping[str, Address]
    account: Account = field(repr=False)
    seconds: float

    @classmethod
    def of(cls, workbooks: Mapping[str, Address], access: Access) -> "RemoteFolders":
        """The source for workbooks on one server. Raises TaizhangError if accounts or a library are missing."""
        address = next(iter(workbooks.values()))
        _kind(address.scheme)
        return cls(workbooks, account(access, address), access.seconds)

    @property
    def _address(self) -> Address:
        return next(iter(self.workbooks.values()))

    def _refusal(self, trouble: Trouble, path: str) -> Refused:
        """How a trouble with the file at `path` is told; "" if it was with the server itself."""
        server, (folder, _, name) = self._address.server, path.rpartition("/")
        match trouble.kind:
            case "gone" if path:
                return ItemGone(problem("F28", {"file": f"{folder.rpartition('/')[2]}/{name}".lstrip("/")}))
            case "busy":
                return ItemBusy(problem("F27", {"file": name or server}))
            case "denied":
                return FolderDenied(problem("F42", {"place": server + folder, "why": trouble.why}))
            case "login":
                return SourceDown(problem("F42", {"place": server, "why": trouble.why}))
        return SourceDown(problem("F41", {"place": server, "why": trouble.why or "网络不通"}))

    @contextmanager
    def _connected(self) -> Iterator[Server]:
        address = self._address
        kind = _kind(address.scheme)
        try:
            server = kind(address, self.account, self.seconds)
        except Exception as error:  # every library has errors of its own
            raise self._refusal(kind.explain(error) or explain_any(error), "") from None
        try:
            yield server
        finally:
            with suppress(Exception):  # what was wanted is there, or is told already
                server.close()

    def _tried(self, path: str, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """What `function` gives; its errors as what is told of the file at `path`. Nothing of theirs is kept: it may quote anything."""
        try:
            return function(*arguments)
        except Refused:
            raise
        except TooBigError as error:
            name = path.rpartition("/")[2]
            raise Refused(problem("F30", {"file": name, "limit": str(error)})) from None
        except Exception as error:
            kind = _kind(self._address.scheme)
            raise self._refusal(kind.explain(error) or explain_any(error), path) from None

    def look(self) -> tuple[Found, ...]:
        """Each township's workbook, by one listing of each folder.

        Problems: F27 open, F28 missing, F29 several, F34 copies beside it, F42 folder denied, F43 saved this very moment.
        Raises SourceDown (F41, F42).
        """
        with self._connected() as server:
            return tuple(self._looked(server))

    def _looked(self, server: Server) -> Iterator[Found]:
        for folder in {address.folder: None for address in self.workbooks.values()}:
            here = {code: address.name for code, address in self.workbooks.items() if address.folder == folder}
            try:
                files = self._tried(f"{folder}/", server.listing, folder)
            except ItemGone:
                files = []
            except FolderDenied as refused:
                yield from (Found(code, None, (refused.problem,)) for code in here)
                continue
            yield from (self._found(code, folder, name, files, set(here.values())) for code, name in here.items())

    def _found(self, township: str, folder: str, name: str, files: list[RemoteFile], taken: set[str]) -> Found:
        now = time.time()
        file, problems = choose(name, folder.rpartition("/")[2], files, taken, now)
        if file is None:
            return Found(township, None, problems)
        if abs(now - file.changed) < _RACY:
            return Found(township, None, (*problems, problem("F43", {"file": file.name})))
        place = f"{self._address.scheme}://{self._address.server}{folder.rstrip('/')}/{file.name}"
        return Found(township, Item(township, file.name, place, file.changed), problems, _mark(file))

    @staticmethod
    def _path(item: Item) -> str:
        return "/" + item.place.partition("://")[2].partition("/")[2]

    def mark(self, item: Item, known: Mark | None) -> Mark:  # noqa: ARG002 - asking is all that it takes
        """The file's mark, from its size, its time and its etag: saving it again without a change moves it too. Raises Refused."""
        path = self._path(item)

        def asked() -> RemoteFile:
            with self._connected() as server:
                return server.about(path)

        return _mark(self._tried(path, within, self.seconds * 2, asked))

    def read(self, item: Item, limits: Limits) -> RawBook:
        """The workbook's sheets; see read_bytes. Raises Refused."""
        path = self._path(item)

        def fetched() -> bytes:
            with self._connected() as server:
                if server.about(path).size > limits.unpacked_mb * 2**20:
                    raise TooBigError(f"文件超过 {limits.unpacked_mb} MB")
                return server.fetch(path)

        # What is left of the time is for reading: a slow network is not to be taken for a workbook that is too big.
        data = self._tried(path, within, limits.seconds * 0.7, fetched)
        return read_bytes(item.name, data, limits)

"""Every kind of place that a township's workbook may lie in, each with hands to change what lies there.

A new kind joins by a class with the methods of Stage, in STAGES. What it leaves out of the methods under "if it can", the
laws that ask for them leave out too.
"""

import csv
import json
import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import pytest

from sync_service.sources.access import Access
from sync_service.sources.base import Source
from sync_service.sources.folder import FolderSource
from sync_service.sources.kinds import KINDS
from tests.allowed_skips import allowed_skip
from tests.conformance import servers
from tests.conformance.csv_service import KIND, SCHEME
from tests.conformance.google_stage import GoogleHands
from tests.conformance.servers import PASSWORD, Server
from tests.drawn import Drawn, write_xlsx

TOWN, EMPTY_TOWN = "990101001", "990101002"
"""The township that has a workbook, and the one that has none."""


class Stage(ABC):
    """A place with the workbook of one township, and none of another.

    `addresses` are the workbooks' by township code, as county.toml says them, and `passwords` is the accounts file's text.

    If it can: remove_folder, copy_beside, lock, unlock; and a place on the network: go_down, come_back, go_silent, change_password.
    If it keeps numbers and dates apart from text: types.
    """

    addresses: dict[str, str]
    passwords = ""

    @abstractmethod
    def put(self, drawn: Drawn) -> None:
        """Saves the workbook, as a clerk does, some time ago."""

    @abstractmethod
    def rename(self) -> None:
        """Gives the workbook a name under which it is not known."""

    @abstractmethod
    def delete(self) -> None:
        """Takes the workbook away."""

    @abstractmethod
    def source(self, access: Access) -> Source:
        """The source that reads it."""

    @abstractmethod
    def close(self) -> None:
        """Puts away what the stage had opened, and sets right what it broke."""


class FolderStage(Stage):
    """A folder of this machine."""

    types = True

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._path = folder / "城关镇.xlsx"
        self._saved = time.time() - 5000
        self.addresses = {TOWN: str(self._path), EMPTY_TOWN: str(folder / "柳河乡.xlsx")}

    def put(self, drawn: Drawn) -> None:
        # As a program saves: the new file takes the place of the old one at once.
        write_xlsx(self._folder / "saving.tmp", drawn).replace(self._path)
        self._saved += 10
        os.utime(self._path, (self._saved, self._saved))

    def rename(self) -> None:
        self._path.rename(self._folder / "城关镇终稿.xlsx")

    def delete(self) -> None:
        self._path.unlink()

    def remove_folder(self) -> None:
        self._folder.rename(self._folder.with_name(f"{self._folder.name}-old"))

    def copy_beside(self) -> None:
        shutil.copy2(self._path, self._folder / "城关镇 (冲突副本).xlsx")

    def lock(self) -> None:
        (self._folder / "~$城关镇.xlsx").write_bytes(b"somebody")

    def unlock(self) -> None:
        (self._folder / "~$城关镇.xlsx").unlink()

    def source(self, access: Access) -> Source:  # noqa: ARG002 - nobody asks for a password here
        return FolderSource({code: Path(address) for code, address in self.addresses.items()})

    def close(self) -> None:
        pass


class OnServer(Stage):
    """What lies behind a server, and the server's moods."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._set_password(PASSWORD)

    def _set_password(self, password: str) -> None:
        lines = [f'{name} = "{value}"' for name, value in {**self._server.account, "password": password}.items()]
        self.passwords = "\n".join([f'["{self._server.name}"]', *lines])

    def change_password(self) -> None:
        """From now on ours is wrong."""
        self._set_password(f"{PASSWORD}-old")

    def go_down(self) -> None:
        self._server.stop()

    if os.name == "posix":  # elsewhere a process cannot be made to hold its breath

        def go_silent(self) -> None:
            self._server.silence()

    def come_back(self) -> None:
        if os.name == "posix":
            self._server.speak()
        self._server.start()

    def source(self, access: Access) -> Source:
        scheme = self.addresses[TOWN].partition(":")[0]
        return KINDS[scheme].make(self.addresses, access)

    def close(self) -> None:
        self.come_back()


class ServerStage(OnServer, FolderStage):
    """The same folder as here, seen through a server."""

    def __init__(self, server: Server) -> None:
        FolderStage.__init__(self, Path(tempfile.mkdtemp(prefix="上报", dir=server.folder)))
        OnServer.__init__(self, server)
        for code, address in self.addresses.items():
            self.addresses[code] = f"{server.url}/{self._folder.name}/{Path(address).name}"


class CsvStage(OnServer):
    """The example of docs/接入新来源.md: no files, but sheets that a service gives out."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._book = Path(tempfile.mkdtemp(prefix="book", dir=server.folder))
        self._version = 0
        self.addresses = {TOWN: f"{server.url}/{self._book.name}", EMPTY_TOWN: f"{server.url}/nobody"}

    def put(self, drawn: Drawn) -> None:
        self._version += 1
        self._book.mkdir(exist_ok=True)
        for title, page in drawn.items():
            with (self._book / f"{title}.csv").open("w", encoding="utf-8", newline="") as file:
                for row in page.rows:
                    filled = max((n for n, cell in enumerate(row, 1) if cell is not None), default=0)
                    csv.writer(file).writerow(["" if cell is None else cell for cell in row[:filled]])
        about = {"title": "城关镇", "version": self._version, "changed": 1.7e9, "sheets": list(drawn)}
        (self._book / "about.json").write_text(json.dumps(about), "utf-8")

    def rename(self) -> None:
        self._book.rename(self._book.with_name(f"{self._book.name}-old"))

    def delete(self) -> None:
        shutil.rmtree(self._book)


class GoogleStage(GoogleHands, Stage):
    """A shared Google spreadsheet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(TOWN, EMPTY_TOWN, folder)


class Hall:
    """The servers of one test session: each is started when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Server] = {}

    def server(self, kind: str, make: Callable[[Path], Server]) -> Server:
        if kind not in self._running:
            folder = self._folder / kind
            folder.mkdir()
            self._running[kind] = make(folder)
        self._running[kind].start()
        return self._running[kind]

    def close(self) -> None:
        for server in self._running.values():
            server.stop()


def _webdav(hall: Hall, folder: Path) -> Stage:  # noqa: ARG001
    return ServerStage(hall.server("webdav", servers.webdav))


def _sftp(hall: Hall, folder: Path) -> Stage:  # noqa: ARG001
    return ServerStage(hall.server("sftp", servers.sftp))


def _smb(hall: Hall, folder: Path) -> Stage:  # noqa: ARG001
    if os.name != "posix" or os.geteuid() != 0:
        allowed_skip("smbd answers only where root starts it")
    if servers.smbd() is None:
        pytest.skip("smbd is not here: apt-get install samba")
    return ServerStage(hall.server("smb", servers.smb))


def _csv(hall: Hall, folder: Path) -> Stage:  # noqa: ARG001
    return CsvStage(hall.server("csv", servers.csv_service))


KINDS[SCHEME] = KIND
STAGES: dict[str, tuple[type[Stage], Callable[[Hall, Path], Stage]]] = {
    "folder": (FolderStage, lambda _, folder: FolderStage(folder / "上报")),
    "webdav": (ServerStage, _webdav),
    "sftp": (ServerStage, _sftp),
    "smb": (ServerStage, _smb),
    "csv": (CsvStage, _csv),
    "google": (GoogleStage, lambda _, folder: GoogleStage(folder)),
}
"""Each kind's class, which tells what it can, and how to build one for a test."""

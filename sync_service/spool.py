"""What the processes of one run hand each other without holding a whole county in memory: a folder that ends with the run.

It holds personal data: folder and files are for their own user alone, and what a killed run left goes when the next begins.
What is taken out was put in by this very run: everything is signed with a key that only its processes have.
"""

import hashlib
import os
import pickle
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync_service.errors import TaizhangError
from sync_service.troubles import of_system

FOLDER = ".taizhang.spool"
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Spool:
    """Objects by name in `folder`, which is made with the first. A name is a file's: letters, digits and hyphens."""

    folder: Path
    key: bytes = field(repr=False)

    def _signature(self, name: str, data: bytes | memoryview) -> bytes:
        signed = hashlib.blake2b(f"{name}\0".encode(), digest_size=_SIGNATURE, key=self.key)
        signed.update(data)
        return signed.digest()

    def keep(self, name: str, what: object) -> None:
        """Keeps a picklable object for the other processes. Raises TaizhangError if it cannot be written."""
        data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(self.folder / name, flags, 0o600), "wb") as file:
                file.write(self._signature(name, data))
                file.write(data)
        except OSError as error:
            trouble, cure = of_system(error)
            where = f"文件夹“{self.folder.name}”"
            raise TaizhangError(f"{where}里写不了文件：{trouble}", f"{cure}，再运行一次。") from error

    def holds(self, name: str) -> bool:
        """Whether something is kept under a name."""
        return (self.folder / name).is_file()

    def kept(self, name: str) -> Any:
        """What is kept under a name. Raises TaizhangError if it is not there any more, or not as this run put it there."""
        try:
            stored = memoryview((self.folder / name).read_bytes())
        except OSError as error:
            raise self._disturbed() from error
        data = stored[_SIGNATURE:]
        if not secrets.compare_digest(stored[:_SIGNATURE], self._signature(name, data)):
            raise self._disturbed()
        return pickle.loads(data)

    def _disturbed(self) -> TaizhangError:
        return TaizhangError(f"文件夹“{self.folder.name}”在运行时被动过", "请不要动它，再运行一次。")

    def drop(self, name: str) -> None:
        """Makes room: nobody will ask for it again."""
        with suppress(OSError):  # it goes with the folder
            (self.folder / name).unlink(missing_ok=True)


def swept(folder: Path) -> None:
    """Removes what a run in `folder` left. The caller holds the county's lock (sync_service.alone)."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)


@contextmanager
def spooled(folder: Path) -> Iterator[Spool]:
    """The spool of a run of the county in `folder`, gone afterwards. The caller holds the county's lock (sync_service.alone)."""
    swept(folder)
    try:
        yield Spool(folder / FOLDER, secrets.token_bytes(32))
    finally:
        swept(folder)

"""A folder beside the store with what runs have worked out; everything in it can be made again, and it may be deleted at any time.

Entries are known by a name and a fingerprint over all that they were made from. Fingerprints name runs by their numbers,
which a store brought back from a backup uses a second time: so store and shelf carry one token, which every run that puts
something on the shelf changes in both. If they differ, the shelf is another store's or a killed run's, and is emptied.
"""

import hashlib
import os
import shutil
import struct
import zlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = ".taizhang.shelf"
_TOKEN = "token"
_DIGEST = 16
_CHECKSUM = struct.Struct("<I")


def _digest(fingerprint: bytes) -> bytes:
    return hashlib.blake2b(fingerprint, digest_size=_DIGEST).digest()


def _checksum(entry: bytes) -> bytes:
    """Tells damage; against people the folder is closed."""
    return _CHECKSUM.pack(zlib.crc32(entry))


def _write(path: Path, data: bytes) -> None:
    """It holds personal data: only its own user may read it."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb"
    ) as file:
        file.write(data)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries in `folder`. Processes may share it as long as each puts entries of its own."""

    folder: Path

    def open(self, token: str) -> None:
        """Makes it ready for a run whose store has `token`. Until it is sealed again, nobody else takes anything from it."""
        try:
            known = (self.folder / _TOKEN).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            known = ""
        if not token or known != token:
            self.empty()
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            (self.folder / _TOKEN).unlink(missing_ok=True)

    def seal(self, token: str) -> None:
        """Says that everything on it is of the store that has this token now."""
        with suppress(OSError):  # a full disk: the next run begins with an empty shelf
            _write(self.folder / _TOKEN, token.encode())

    def empty(self) -> None:
        """Removes everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, name: str, fingerprint: bytes) -> bytes | None:
        """The entry, if it was made from the same and is whole."""
        try:
            with (self.folder / name).open("rb") as file:
                if file.read(_DIGEST) != _digest(fingerprint):
                    return None
                checksum, entry = file.read(_CHECKSUM.size), file.read()
        except OSError:
            return None
        return entry if checksum == _checksum(entry) else None

    def put(self, name: str, fingerprint: bytes, entry: bytes) -> None:
        """Keeps an entry in the place of any earlier one of this name."""
        with suppress(OSError):  # a full disk: it is made again next time
            _write(self.folder / name, _digest(fingerprint) + _checksum(entry) + entry)

    def keep_only(self, beginning: str, names: Collection[str]) -> None:
        """Removes the entries that begin so and are not among `names`: what is on the shelf never outgrows what there is."""
        with suppress(OSError):
            for path in self.folder.glob(f"{beginning}*"):
                if path.name not in names:
                    path.unlink()

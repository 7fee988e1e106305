"""The townships' passwords (口令) for the check page and the button: made here, known only to whoever was given one.

A file beside county.toml, readable by its owner alone, holds the SHA-256 of each: with 160 random bits there is nothing that a
slower hash would protect. A file and not the store, because several counties may share a store, and whoever copies the store
for analysis is not to carry the passwords along. The running server sees a new or a revoked one with the next request.
"""

import hashlib
import hmac
import os
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import orjson
from filelock import FileLock

from sync_service.errors import TaizhangError
from workbook_templates.place import Township

BITS = 160
_GROUP = 4
_SEPARATORS = "-_ \t\r\n"
MOST_TYPED = 200
"""Longer than anything that was meant as a password."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a password. `id` names it in the log, `made` and `used` are days (2026-11-24), `used` "" if never."""

    id: str
    township: str
    digest: str
    made: str
    used: str = ""


def _digest(typed: str) -> str:
    """The SHA-256 of a password however it was typed: case, full-width letters, spaces and dashes do not matter."""
    folded = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).upper()
    return hashlib.sha256("".join(c for c in folded if c not in _SEPARATORS).encode()).hexdigest()


def _readable(bits: bytes) -> str:
    """Letters and digits that are not taken for each other (no 0, 1, 8, 9), in groups of four."""
    text = b32encode(bits).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


class Tokens:
    """The passwords of a county's townships. Raises TaizhangError where the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every password that holds, as the file says now."""
        try:
            about = self._path.stat()
            seen = (about.st_mtime_ns, about.st_size, about.st_ino)
            if seen != self._seen:
                self._tokens = tuple(Token(**one) for one in orjson.loads(self._path.read_bytes()))
                self._seen = seen
        except FileNotFoundError:
            self._seen, self._tokens = None, ()
        except (OSError, ValueError, TypeError) as error:
            raise TaizhangError(
                f"口令文件“{self._path.name}”读不了", "请检查它的权限；如果已经损坏，请删除它，再给各乡镇做新的口令。"
            ) from error
        return self._tokens

    def holder(self, typed: str) -> Token | None:
        """The password that was typed, if it holds. Every one is compared, each in constant time."""
        found = None
        for token in self.all():
            if hmac.compare_digest(token.digest, _digest(typed)):
                found = token
        return found

    def new(self, township: Township, today: date, *, replaced: bool) -> str:
        """A new password for the township; the only time that it can be read.

        Raises TaizhangError if it has one already and that is not to be `replaced`.
        """
        text = _readable(secrets.token_bytes(BITS // 8))
        token = Token(secrets.token_hex(4), township.code, _digest(text), today.isoformat())
        with self._changing() as kept:
            if not replaced and any(one.township == township.code for one in kept):
                raise TaizhangError(
                    f"{township.name}已经有口令了，没有动它",
                    "口令只在做好时显示一次，找不回来；要换一个新的请加 --replace，旧的随即失效。",
                )
            kept[:] = [*(one for one in kept if one.township != township.code), token]
        return text

    def revoke(self, township: Township) -> None:
        """The township's password holds no longer. Raises TaizhangError if it has none."""
        with self._changing() as kept:
            left = [one for one in kept if one.township != township.code]
            if len(left) == len(kept):
                raise TaizhangError(f"{township.name}没有口令", "taizhang tokens list 会列出现有的口令。")
            kept[:] = left

    def touch(self, token: Token, today: date) -> None:
        """Remembers that a password was used today; written once a day."""
        day = today.isoformat()
        if token.used == day:
            return
        with self._changing() as kept:
            kept[:] = [replace(one, used=day) if one.id == token.id else one for one in kept]

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        """The passwords, to be changed in place; written whole or not at all, by one process at a time."""
        with FileLock(self._path.with_name(f".{self._path.name}.lock")):
            self._seen = None
            kept = list(self.all())
            yield kept
            temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.tmp")
            try:
                handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(orjson.dumps([asdict(one) for one in kept], option=orjson.OPT_INDENT_2))
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(self._path)
            except OSError as error:
                raise TaizhangError(
                    f"口令文件“{self._path.name}”写不了", "请检查磁盘空间和文件夹的写入权限。"
                ) from error
            finally:
                temporary.unlink(missing_ok=True)

"""What stands for a person, a row or a password where it must not be named: a keyed hash (HMAC-SHA256).

Without the key nobody can try numbers out until one fits: there are few enough ID numbers for that. The key is a file at the
county, for its owner's eyes only.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup
from sync_service.sources.access import read_private
from sync_service.troubles import of_system
from sync_service.whole_files import write_whole

BYTES = 32


def _key(path: Path) -> bytes:
    """The key, made at its first use. Raises TaizhangError if it cannot be read or written, or others may read it."""
    if not path.exists():
        try:
            write_whole(path, lambda file: file.write(secrets.token_hex(BYTES).encode()))
        except OSError as error:
            what, cure = of_system(error)
            raise TaizhangError(f"密钥文件“{path.name}”写不了：{what}", f"{cure}，再运行一次。") from error
    text = read_private(path).strip()
    if len(text) != 2 * BYTES:
        raise TaizhangError(
            f"密钥文件“{path.name}”坏了", "请从备份里找回这个文件；不要另做一个，否则删除过的人会认不出来。"
        )
    return text


class PersonKey:
    """The county's key, read once."""

    def __init__(self, setup: CountySetup) -> None:
        """Raises TaizhangError if the key cannot be had."""
        self._key = _key(setup.path(setup.settings.privacy.key))

    def of(self, *parts: str) -> str:
        """64 letters that stand for these parts, the same every time."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def person(self, number: str) -> str:
        """What stands for the person with this ID number."""
        return self.of("person", number)

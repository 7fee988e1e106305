"""Accounts of places on the network: from a file that only its owner can read, or from the environment. Never logged."""

import os
import re
import stat
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sync_service.errors import TaizhangError
from sync_service.sources.address import Address

ENVIRONMENT = "TAIZHANG_PASSWORD_"
"""Before the server's name in capitals, with _ for all that is no letter or digit: TAIZHANG_PASSWORD_DAV_EXAMPLE_CN."""


class Account(BaseModel):
    """How to log on to one server. `key` and `known_hosts` are files for SFTP, `certificates` one for WebDAV and mail (PEM).

    `url` is the address of a group's robot: whoever knows it can write to the group, so that it is kept like a password.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str = ""
    password: str = Field("", repr=False)
    key: str = ""
    known_hosts: str = ""
    certificates: str = ""
    url: str = Field("", repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """How sources get in: the files that hold accounts and keys, and how many seconds a server may keep silent.

    `google_root` is where Google's interfaces are reached instead of at Google's own hosts, "" for those.
    """

    passwords: Path | None = None
    google: Path | None = None
    google_root: str = ""
    seconds: float = 10


def read_private(path: Path) -> bytes:
    """A file with a secret in it.

    Raises TaizhangError if it is not there, or others than its owner may read it (Windows keeps that elsewhere).
    """
    try:
        with path.open("rb") as file:
            if os.name != "nt" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise TaizhangError(
                    f"“{path.name}”里有密码或密钥，别人也能读它，没有使用",
                    f"请运行 chmod 600 {path.name}，再运行一次。",
                )
            return file.read()
    except OSError as error:
        raise TaizhangError(
            f"读不了“{path.name}”：{error.strerror}", "请核对 county.toml 里 [access] 写的文件名。"
        ) from error


def _accounts(path: Path) -> dict[str, Account]:
    text = read_private(path)
    try:
        return TypeAdapter(dict[str, Account]).validate_python(tomllib.loads(text.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError):  # its text might quote a password
        raise TaizhangError(
            f"账号文件“{path.name}”写法不对",
            '每个服务器写一段：["服务器名"]，下面是 user = "…" 和 password = "…"（SFTP 可以用 key、known_hosts）；存成 UTF-8。',
        ) from None


def account_named(access: Access, name: str, sections: Sequence[str] = ()) -> Account:
    """The account in the section of that name, or in the first of `sections` that there is.

    The password may also come by the environment, under `name`. File names in it are completed from the accounts file's folder.
    Raises TaizhangError if that file cannot be used.
    """
    known = _accounts(access.passwords) if access.passwords else {}
    found = next((known[section] for section in sections or (name,) if section in known), Account())
    folder = access.passwords.parent if access.passwords else Path()
    files = {
        file: str(folder / value) for file in ("key", "known_hosts", "certificates") if (value := getattr(found, file))
    }
    password = os.environ.get(ENVIRONMENT + re.sub(r"[^A-Z0-9]", "_", name.upper())) or found.password
    return found.model_copy(update={**files, "password": password})


def account(access: Access, address: Address) -> Account:
    """The account for a server: by user@server or by server in the accounts file, the password also by the environment.

    Raises TaizhangError if that file cannot be used.
    """
    sections = (f"{address.user}@{address.server}", address.server, address.host)
    found = account_named(access, address.server, sections)
    return found.model_copy(update={"user": address.user or found.user})

"""Where a workbook lies, as county.toml says it: a path, or a URL of a place on the network. A password is never part of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

SCHEMES = {"webdav": "webdav", "webdavs": "webdavs", "dav": "webdav", "davs": "webdavs", "sftp": "sftp", "smb": "smb"}
"""What a URL of a folder may begin with, and the one name for it."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)  # two letters at least: C: is a drive


@dataclass(frozen=True, slots=True)
class Address:
    """A workbook on another machine. `port` is None for the usual one, `path` begins with a slash and is not encoded."""

    scheme: str
    user: str
    host: str
    port: int | None
    path: str

    @property
    def server(self) -> str:
        """The machine, as messages and the accounts file name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @property
    def folder(self) -> str:
        """The path of the folder that it lies in."""
        return self.path.rpartition("/")[0] or "/"

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]


def scheme_of(text: str) -> str:
    """What stands before the colon of a URL, in lower case; "" for a path."""
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


def is_local(text: str) -> bool:
    """Whether an address is a path or a file: URL."""
    return scheme_of(text) in ("", "file")


def local_path(text: str) -> Path:
    """The path that `text` is, or that a file: URL names."""
    if scheme_of(text) != "file":
        return Path(text)
    from urllib.request import url2pathname  # takes long to load

    parts = urlsplit(text)
    share = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
    return Path(url2pathname(share + parts.path))


def parse(text: str) -> Address:
    """The address that a URL of a folder's file names. Raises ValueError with what is wrong and the cure, never with `text`."""
    scheme = SCHEMES.get(scheme_of(text))
    if scheme is None:
        raise ValueError(f"不认识“{scheme_of(text)}:”开头的位置。可以用 {'、'.join(SCHEMES)}、file 或 google。")
    _, marks, rest = text.partition("://")
    server, _, path = rest.partition("/")
    login, _, _ = server.rpartition("@")
    if ":" in login:
        raise ValueError("位置里写了密码。密码不能写在 county.toml 里，请写进 [access] passwords 指定的账号文件。")
    try:
        parts = urlsplit(f"//{server}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    path = "/" + unquote(path)
    if not marks or not host or path.endswith("/"):
        raise ValueError(f"位置写得不完整，应像 {scheme}://服务器/文件夹/城关镇.xlsx。请写到工作簿的文件名为止。")
    return Address(scheme, unquote(login), host, port, path)

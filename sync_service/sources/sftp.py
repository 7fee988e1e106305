"""Folders of a machine that speaks SFTP (SSH)."""

from typing import Any

import asyncssh
from fsspec.exceptions import FSTimeoutError
from sshfs import SSHFileSystem

from sync_service.sources.access import Account
from sync_service.sources.address import Address
from sync_service.sources.servers import FORBIDDEN, SILENT, WRONG_LOGIN, RemoteFile, Trouble, remote_file

_HOME = "/~/"
"""How a path begins that starts from the account's own folder."""


def _path(path: str) -> str:
    return path.removeprefix(_HOME) if path.startswith(_HOME) else path


class Sftp:
    """A server over SSH. Its times have a resolution of one second. Its key must be a known one."""

    def __init__(self, address: Address, account: Account, seconds: float) -> None:
        login: dict[str, Any] = {"client_keys": [account.key]} if account.key else {"password": account.password}
        # sshfs by itself takes the key of any server; an empty list is asyncssh's default: the user's own known_hosts.
        known = account.known_hosts or ()
        self._files = SSHFileSystem(
            address.host, port=address.port or 22, username=account.user, known_hosts=known, skip_instance_cache=True,
            connect_timeout=seconds, login_timeout=seconds, timeout=seconds * 2, **login,
        )  # fmt: skip

    def listing(self, folder: str) -> list[RemoteFile]:
        return [self._file(info) for info in self._files.ls(_path(folder)) if info["type"] in ("file", "link")]

    def about(self, path: str) -> RemoteFile:
        return self._file(self._files.info(_path(path)))

    @staticmethod
    def _file(info: dict[str, Any]) -> RemoteFile:
        return remote_file(info, info["mtime"].timestamp())

    def fetch(self, path: str) -> bytes:
        return bytes(self._files.cat_file(_path(path)))

    def close(self) -> None:
        del self._files  # sshfs ends it then

    @staticmethod
    def explain(error: BaseException) -> Trouble | None:
        match error:
            case asyncssh.HostKeyNotVerifiable():
                return Trouble("down", "不认识它的密钥，可能不是原来那台服务器")
            case asyncssh.PermissionDenied():
                return WRONG_LOGIN
            case asyncssh.SFTPPermissionDenied():
                return FORBIDDEN
            case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
                return Trouble("gone")
            case asyncssh.KeyImportError():
                return Trouble("login", "密钥文件不能用")
            case FSTimeoutError():
                return SILENT
            case asyncssh.Error():
                return Trouble("down", "连接断了")
            case PermissionError() if isinstance(error.__cause__, asyncssh.PermissionDenied):
                return WRONG_LOGIN
        return None

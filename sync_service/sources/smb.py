"""Folders that a Windows machine or a NAS shares, without a drive letter for them.

fsspec has SMB too, but asks about every file of a folder one by one, and keeps connections across a fork.
"""

import errno
import os
from typing import Any

import smbclient
from smbprotocol.exceptions import (
    AccessDenied,
    BadNetworkName,
    LogonFailure,
    SharingViolation,
    SMBAuthenticationError,
    SMBException,
    SMBOSError,
    WrongPassword,
)
from smbprotocol.header import NtStatus

from sync_service.sources.access import Account
from sync_service.sources.address import Address
from sync_service.sources.servers import FORBIDDEN, WRONG_LOGIN, RemoteFile, Trouble

_EVERYBODY = "rwd"
"""Others may read, write and rename meanwhile: otherwise the clerk would be locked out of the file."""

_NO_SHARE = Trouble("down", "没有这个共享文件夹")
_STATUS = {
    NtStatus.STATUS_SHARING_VIOLATION: Trouble("busy"),
    NtStatus.STATUS_ACCESS_DENIED: FORBIDDEN,
    NtStatus.STATUS_BAD_NETWORK_NAME: _NO_SHARE,
}


class Smb:
    """A server over SMB 2 or 3. The first folder of a path is the share."""

    def __init__(self, address: Address, account: Account, seconds: float) -> None:
        self._host = address.host
        # Its own cache: a connection of the process that this one was forked from would never answer here.
        self._via: dict[str, Any] = {"port": address.port or 445, "connection_cache": {}}
        smbclient.register_session(
            address.host, account.user or None, account.password or None, connection_timeout=seconds, **self._via
        )

    def _unc(self, path: str) -> str:
        return f"\\\\{self._host}" + path.replace("/", "\\")

    def listing(self, folder: str) -> list[RemoteFile]:
        return self._scan(folder)

    def about(self, path: str) -> RemoteFile:
        folder, _, name = path.rpartition("/")
        for file in self._scan(folder, name):  # asked so, its time is rounded as in a listing
            return file
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _scan(self, folder: str, pattern: str = "*") -> list[RemoteFile]:
        with smbclient.scandir(self._unc(folder), pattern, **self._via) as found:
            return [
                RemoteFile(entry.name, about.last_write_time.timestamp(), about.end_of_file, "")
                for entry in found
                if entry.is_file() and (about := entry.smb_info)
            ]

    def fetch(self, path: str) -> bytes:
        with smbclient.open_file(self._unc(path), "rb", share_access=_EVERYBODY, **self._via) as file:
            return bytes(file.read())

    def close(self) -> None:
        smbclient.reset_connection_cache(fail_on_error=False, connection_cache=self._via["connection_cache"])

    @staticmethod
    def explain(error: BaseException) -> Trouble | None:
        match error:
            case SMBOSError(ntstatus=status) if status in _STATUS:
                return _STATUS[status]
            case SMBOSError(errno=errno.ENOENT):
                return Trouble("gone")
            case SMBOSError():
                return Trouble("down", "连接断了")
            case LogonFailure() | WrongPassword() | SMBAuthenticationError():
                return WRONG_LOGIN
            case SharingViolation():
                return Trouble("busy")
            case AccessDenied():
                return FORBIDDEN
            case BadNetworkName():
                return _NO_SHARE
            case SMBException():
                return Trouble("down", "连接断了")
            case ValueError():  # what smbprotocol makes of a machine that cannot be reached
                return Trouble("down", "网络不通，或那边没有开着")
        return None

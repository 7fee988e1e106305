"""Folders of a cloud that speaks WebDAV: Nextcloud, Nutstore (坚果云) and many others."""

import ssl

import httpx
from webdav4.client import ForbiddenOperation, HTTPError, ResourceLocked
from webdav4.fsspec import WebdavFileSystem

from sync_service.sources.access import Account
from sync_service.sources.address import Address
from sync_service.sources.servers import FORBIDDEN, SILENT, WRONG_LOGIN, RemoteFile, Trouble, remote_file

_STATUS = {
    401: WRONG_LOGIN,
    403: FORBIDDEN,
    404: Trouble("gone"),
    423: Trouble("busy"),
    429: Trouble("down", "请求太频繁，对方让等一会儿"),
}


class WebDav:
    """A server over HTTP. Its times have a resolution of one second; most tell an etag besides."""

    def __init__(self, address: Address, account: Account, seconds: float) -> None:
        trusted = ssl.create_default_context(cafile=account.certificates or None)
        self._files = WebdavFileSystem(
            f"http{'s' if address.scheme == 'webdavs' else ''}://{address.server}",
            auth=(account.user, account.password) if account.user else None,
            timeout=seconds,
            verify=trusted,
            retry=False,  # the next run is soon enough
        )

    def listing(self, folder: str) -> list[RemoteFile]:
        return [self._file(info) for info in self._files.ls(folder) if info["type"] == "file"]

    def about(self, path: str) -> RemoteFile:
        return self._file(self._files.info(path))

    @staticmethod
    def _file(info: dict[str, object]) -> RemoteFile:
        modified = info["modified"]
        return remote_file(info, modified.timestamp() if modified else 0, info["etag"])  # type: ignore[attr-defined]

    def fetch(self, path: str) -> bytes:
        return bytes(self._files.cat_file(path))

    def close(self) -> None:
        self._files.client.http.close()

    @staticmethod
    def explain(error: BaseException) -> Trouble | None:
        match error:
            case HTTPError(status_code=status):
                return _STATUS.get(status, Trouble("down", f"服务器回答 {status}"))
            case httpx.HTTPStatusError():
                return _STATUS.get(
                    error.response.status_code, Trouble("down", f"服务器回答 {error.response.status_code}")
                )
            case ForbiddenOperation():
                return FORBIDDEN
            case ResourceLocked():
                return Trouble("busy")
            case httpx.TimeoutException():
                return SILENT
            case httpx.ConnectError() if "CERTIFICATE" in str(error).upper():
                return Trouble("down", "它的证书不受信任")
            case httpx.TransportError():
                return Trouble("down", "网络不通，或那边没有开着")
        return None

"""gspread's client with what it lacks: time limits, a bounded number of tries, and roots that can be told."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
import requests
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient

Result = TypeVar("Result")
_SHEETS, _DRIVE = "https://sheets.googleapis.com", "https://www.googleapis.com"
_PASSING = frozenset([408, 429, 500, 502, 503, 504])
_UNTOUCHED = frozenset([429, 503])
"""The refusals after which nothing was written for certain, so that writing may be tried again."""

_TOO_FAST = frozenset(["userRateLimitExceeded", "rateLimitExceeded"])
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 16.0


class NoAccessError(Exception):
    """The spreadsheet is not there, or not shared with us (403, 404)."""


class RefusedError(Exception):
    """Google does not let the account in, or does not do what was asked; the text says why, in Chinese."""


class UnreachableError(Exception):
    """Google cannot be asked now; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to wait for a connection, for an answer, and for all tries of one request together."""

    connect: float = 10
    answer: float = 30
    altogether: float = 45


@dataclass(frozen=True, slots=True)
class _Failure:
    """One try that failed: why, what it is to be called in the end, and how long Google asks to wait."""

    why: str
    error: type[Exception] | None
    wait: float = 0


def _reasons(error: APIError) -> set[str]:
    """What the Drive API and the Sheets API call the reason."""
    told = error.error if isinstance(error.error, dict) else {}
    parts = [*told.get("errors", []), *told.get("details", [])]
    return {str(part.get("reason")) for part in parts if isinstance(part, dict)}


def _refusal(error: APIError) -> _Failure:
    code, reasons = error.response.status_code, _reasons(error)
    asked = error.response.headers.get("retry-after", "")
    wait = float(asked) if asked.isdigit() else 0
    if code in _PASSING or (code == 403 and reasons & _TOO_FAST):
        busy = code in {403, 429}
        return _Failure("请求太多，谷歌要求稍等" if busy else f"谷歌的服务器出错（{code}）", None, wait)
    if "SERVICE_DISABLED" in reasons or "accessNotConfigured" in reasons:
        return _Failure("谷歌项目里还没有启用 Google Sheets API 和 Google Drive API", RefusedError)
    if code in {403, 404}:
        return _Failure("", NoAccessError)
    if code == 401:
        return _Failure("谷歌不认这个账号的密钥", RefusedError)
    return _Failure(f"谷歌不接受这个请求（{code}）", RefusedError)


def _failure(error: Exception) -> _Failure:
    match error:
        case APIError():
            return _refusal(error)
        case RefreshError() if not error.retryable:
            return _Failure("谷歌不认这个账号的密钥（也可能是本机的时钟差了五分钟以上）", RefusedError)
        case requests.Timeout():
            return _Failure("等不到谷歌的回音", None)
        case ValueError():
            return _Failure("谷歌的回答中途断了", None)
    return _Failure("连不上谷歌", None)


class SheetsClient(HTTPClient):
    """A client that gives up in the end. `root` is where Google's interfaces are reached, if not at Google's own hosts."""

    def __init__(
        self,
        credentials: Credentials,
        root: str = "",
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(credentials)
        self._patience, self._root, self._sleep = patience or Patience(), root.rstrip("/"), sleep
        self.set_timeout((self._patience.connect, self._patience.answer))

    def _url(self, endpoint: str) -> str:
        return endpoint.replace(_SHEETS, self._root).replace(_DRIVE, self._root) if self._root else endpoint

    def request(self, method: str, endpoint: str, *more: Any, **asked: Any) -> requests.Response:
        """As gspread's own. Raises NoAccessError, RefusedError, or UnreachableError after the last try."""

        def ask() -> requests.Response:
            response = super(SheetsClient, self).request(method, self._url(endpoint), *more, **asked)
            if response.content:
                response.json()  # half an answer must fail here, where it is asked for again
            return response

        return self._tried(ask, repeatable=method == "get")

    def fetch(self, endpoint: str, asked: Mapping[str, Any], parse: Callable[[bytes], Any] = orjson.loads) -> Any:
        """What `parse` makes of an answer, which may be large. Raises as `request` does."""

        def ask() -> Any:
            return parse(super(SheetsClient, self).request("get", self._url(endpoint), params=dict(asked)).content)

        return self._tried(ask, repeatable=True)

    def _tried(self, ask: Callable[[], Result], *, repeatable: bool) -> Result:
        """`ask`, again and again while that may help and can do no harm."""
        began, tries = time.monotonic(), 0
        while True:
            try:
                return ask()
            except (APIError, GoogleAuthError, requests.RequestException, ValueError) as error:
                failure = _failure(error)
                if failure.error:
                    raise failure.error(failure.why) from None
                again = repeatable or (isinstance(error, APIError) and error.response.status_code in _UNTOUCHED)
            backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * (0.5 + random.random() / 2)
            wait = max(backoff, failure.wait)
            if not again or time.monotonic() - began + wait > self._patience.altogether:
                raise UnreachableError(failure.why)
            self._sleep(wait)
            tries += 1

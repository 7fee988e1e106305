"""Signing in at Google: with the key file of a service account, or of somebody who signed in with gspread."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from google.auth.credentials import Credentials
from google.oauth2 import credentials as personal
from google.oauth2 import service_account

from sync_service.errors import TaizhangError
from sync_service.sources.access import Access, read_private

ENVIRONMENT = "GOOGLE_APPLICATION_CREDENTIALS"
READING = (
    "https://www.googleapis.com/auth/spreadsheets.readonly",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
WRITING = ("https://www.googleapis.com/auth/spreadsheets",)
_HOW = "“管理手册”里“用谷歌在线表格”一节说了怎么得到这个文件。"


class _ServiceAccount(service_account.Credentials):
    """Google's library would ask another host, in a thread of its own, which regions requests may pass through.

    Nothing depends on the answer here, that host may be out of reach, and processes with threads cannot be forked safely.
    """

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in. `name` is the address to which spreadsheets have to be shared, "" if the key does not tell."""

    name: str
    credentials: Credentials


def key_file(access: Access) -> Path:
    """Where the key is. Raises TaizhangError if neither the settings nor the environment say it."""
    said = os.environ.get(ENVIRONMENT, "")
    if access.google is None and not said:
        raise TaizhangError(
            "有乡镇用谷歌表格，但没有写密钥文件在哪里",
            f'请在 county.toml 的 [access] 里写 google = "密钥.json"，或设环境变量 {ENVIRONMENT}。{_HOW}',
        )
    return access.google or Path(said)


def _credentials(told: Any, scopes: Sequence[str]) -> Account:
    match told:
        case {"type": "service_account"}:
            made = _ServiceAccount.from_service_account_info(told, scopes=scopes)  # type: ignore[no-untyped-call]
            return Account(str(told["client_email"]), made)
        case {"type": "authorized_user"}:
            owner = personal.Credentials.from_authorized_user_info(told, scopes)  # type: ignore[no-untyped-call]
            return Account(str(told.get("account", "")), owner)
    raise ValueError


def account(access: Access, scopes: Sequence[str]) -> Account:
    """The account that the key file holds, for `scopes`.

    Raises TaizhangError if there is no such file, others may read it, or it is no key.
    """
    path = key_file(access)
    text = read_private(path)
    try:
        return _credentials(orjson.loads(text), scopes)
    except (ValueError, KeyError, TypeError):  # its text would quote the key
        raise TaizhangError(f"“{path.name}”不是谷歌的密钥文件", f"请重新下载 JSON 格式的密钥。{_HOW}") from None

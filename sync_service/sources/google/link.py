"""Which spreadsheet an address means: google:<id>, or google: and the link that the browser shows."""

import re

SCHEME, PLACE = "google:", "谷歌表格"
READS_A_MINUTE = 50
"""Google allows one account 60 in a minute; the rest is for tries that are repeated."""

_ID = re.compile(r"[A-Za-z0-9_-]{20,}")
_LINK = re.compile(r"https?://docs\.google\.com/.*?/d/([A-Za-z0-9_-]{20,})(?:[/?#].*)?")


def spreadsheet_id(text: str) -> str:
    """The id of the spreadsheet. Raises ValueError with what is wrong and the cure."""
    said = text.strip()
    if said[: len(SCHEME)].lower() == SCHEME:
        said = said[len(SCHEME) :].strip()
    found = _LINK.fullmatch(said)
    if found:
        return found[1]
    if _ID.fullmatch(said):
        return said
    raise ValueError(
        "谷歌表格的位置写得不对。请打开表格，复制浏览器地址栏里的整个链接，写成 google:https://docs.google.com/spreadsheets/d/…/edit。"
    )

"""Workbooks with a password."""

import io

from msoffcrypto.format.ooxml import OOXMLFile


def encrypted(data: bytes, password: str) -> bytes:
    """The .xlsx `data` as Excel saves it with an opening password."""
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, locked)
    return locked.getvalue()

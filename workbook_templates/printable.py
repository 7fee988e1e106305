"""Characters that no sheet shows and no clerk types, but a crafted or damaged workbook may hold.

They are dropped before anything is stored or told: a database refuses NUL (PostgreSQL), a terminal obeys ESC, a lone
half of a surrogate pair cannot be encoded, and an override of the writing direction makes one text look like another.
"""

import re

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: str) -> str:
    """`text` without them; line breaks and tabs stay."""
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)

"""Traditional and variant characters in names: shown beside their simplified forms, never replaced.

於 and 于, 鍾 and 钟 are different surnames, so only the identity card can tell. GB 2312 holds simplified characters alone but
for a few, so a name of those needs no dictionary; OpenCC knows the others, and is loaded when the first one comes.
"""

from functools import cache

from opencc import OpenCC

ALSO_SIMPLIFIED = frozenset("於後徵麽麴薹甯")
"""What GB 2312 holds although its simplified form is another; 乾 is not among them, which is simplified as in 乾坤."""
GB_2312 = (
    frozenset(
        bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode(
            "gb2312", "ignore"
        )
    )
    - ALSO_SIMPLIFIED
)


@cache
def _dictionary() -> OpenCC:
    return OpenCC("t2s")


@cache
def _simplified(character: str) -> str:
    return str(_dictionary().convert(character))


def simplified(text: str) -> str:
    """`text` with each character in its simplified form."""
    if GB_2312.issuperset(text):
        return text
    return "".join(c if c in GB_2312 else _simplified(c) for c in text)

"""How names sound: what an input method takes for another character of the same sound (建军 for 剑军).

A character may have several readings, and as a surname another one than usual (单 is shan, 曾 is zeng): two characters sound
alike if any reading of the one is a reading of the other. Tones play no part, for nobody types them.
"""

import os
import re
from functools import lru_cache
from itertools import product

BLOCKED = 4
"""So many characters of a name go into its keys; long names of minorities would have thousands of them."""
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_FINALS = re.compile("(?<=[aei]n)g$")


@lru_cache(maxsize=1 << 14)
def readings(character: str) -> frozenset[str]:
    """Every reading of a character without its tone; the character itself if it has none."""
    os.environ["PYPINYIN_NO_PHRASES"] = "true"  # its table of phrases is large, and single characters do not need it
    from pypinyin import Style, pinyin  # loading its tables takes longer than a run in which no name changed

    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


@lru_cache(maxsize=1 << 14)
def dialect_readings(character: str) -> frozenset[str]:
    """The readings as a dialect has them that takes n for l, f for h, zh ch sh for z c s, and ang eng ing for an en in."""
    return frozenset(map(_folded, readings(character)))


def _folded(reading: str) -> str:
    for initial, instead in _INITIALS:
        if reading.startswith(initial):
            reading = instead + reading[len(initial) :]
            break
    return _FINALS.sub("", re.sub("^hu(?=[aeio])", "h", reading))


@lru_cache(maxsize=1 << 17)
def sound_keys(name: str, *, dialect: bool = False) -> frozenset[str]:
    """Keys of a name's sound: two names of one length sound alike only if they share one."""
    read = dialect_readings if dialect else readings
    said = [sorted(read(character)) for character in name[:BLOCKED]]
    return frozenset(f"{len(name)} {' '.join(one)}" for one in product(*said))


def sound_alike(a: str, b: str, *, dialect: bool = False) -> bool:
    """Whether two names sound alike, character by character."""
    read = dialect_readings if dialect else readings
    return len(a) == len(b) and all(x == y or read(x) & read(y) for x, y in zip(a, b, strict=True))

"""Which six-digit division codes (GB/T 2260) counties have ever had: a hint at most, for codes change and people do not.

The table is the one that python-stdnum carries (cn/loc.dat: a province's two digits at the start of a line, below it the four
other digits of each county, each after two spaces). It is only asked whether a code is in it: the years in it say when a county
got its present code, and nobody born before got a new number. The package itself is not imported, which takes longer
than checking a sheet, nor is the table taken apart, for a sheet holds few different codes.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def _table() -> bytes:
    found = find_spec("stdnum")
    assert found
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "cn" / "loc.dat").read_bytes()


@cache
def _counties(province: str) -> bytes:
    """The part of the table below a province's line; empty if there is no such province."""
    _, _, below = _table().partition(f"\n{province} province=".encode())
    return re.split(rb"\n(?! )", below, maxsplit=1)[0]


@cache
def known_area(code: str) -> bool:
    """Whether a county ever had the six-digit `code`."""
    return f"\n  {code[2:]} ".encode() in _counties(code[:2])

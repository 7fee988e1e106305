"""Workbooks with something wrong in them that nobody has thought of: parts, elements, attributes and bytes changed at random."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from sync_service.feedback import write_feedback
from sync_service.sources.base import Limits, Refused
from sync_service.sources.excel import read_bytes
from tests.county import NOW, PERIOD, VILLAGES
from tests.hostile_files import FORMS, Parts, parts_of, sound, zipped
from validators.check import check
from workbook_templates.excel import write_template
from workbook_templates.place import County, Township

TOWNSHIP = Township(County("990101", "清河县", ("城关镇",)), "990101001", "城关镇", VILLAGES)
LIMITS = Limits(seconds=20, memory_mb=700)
_ELEMENT = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?(?:/>|>[^<]*</\1>)")
_ATTRIBUTE = re.compile(rb'[\w:]+="[^"<>]*"')
_NUMBER = re.compile(rb"\d+")
_ODD = (
    b"", b"0", b"-1", b"1048577", b"4294967295", b"99999999999999999999", b"1e400", b"NaN", b"\xff\xfe", b"\x00", b"&#0;",
    b"&nope;", b"_x0000_", b"A0", b"XFE1", b"zzz9", b"<!--", b"<![CDATA[", "\u202e钾".encode(), b"]]>", b"'", b'"',
)  # fmt: skip


@cache
def template() -> bytes:
    """A template with three filled rows, formulas, lists, rules and all."""
    made = BytesIO()
    write_template(made, FORMS, TOWNSHIP, PERIOD, {"veterans": []})
    return made.getvalue()


BASES: Mapping[str, Callable[[], bytes]] = {
    "a.xlsx": lambda: sound(".xlsx"),
    "b.xlsx": template,
    "c.ods": lambda: sound(".ods"),
    "d.xls": lambda: sound(".xls"),
}
"""What is spoiled."""


def _bytes(data: bytes, random: Random) -> bytes:
    """Some bytes are others; a stretch is missing, twice there, or moved."""
    spoiled = bytearray(data)
    for _ in range(random.choice((1, 3, 20))):
        spoiled[random.randrange(len(spoiled))] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    begin = random.randrange(len(spoiled))
    end = min(len(spoiled), begin + random.choice((1, 4, 512)))
    match random.randrange(5):
        case 0:
            del spoiled[begin:end]
        case 1:
            spoiled[begin:begin] = spoiled[begin:end]
        case 2:
            del spoiled[begin:]
    return bytes(spoiled)


def _element(xml: bytes, random: Random) -> bytes:
    """An element is gone, there many times, or inside itself."""
    found = _some(_ELEMENT, xml, random)
    if found is None:
        return xml
    put = random.choice(
        (b"", found[0] * 2, found[0] * 2000, b"<x>" + found[0] + b"</x>", b"<" + found[1] + b">" + found[0])
    )
    return xml[: found.start()] + put + xml[found.end() :]


def _attribute(xml: bytes, random: Random) -> bytes:
    """Two attributes have changed places, or one has another's value or an odd one."""
    first, second = _some(_ATTRIBUTE, xml, random), _some(_ATTRIBUTE, xml, random)
    if first is None or second is None:
        return xml
    name = first[0].partition(b"=")[0]
    other = second[0].partition(b"=")[2]
    put = random.choice(
        (b"", second[0], name + b"=" + other, name + b'="' + random.choice(_ODD) + b'"', first[0] + b" " + first[0])
    )
    return xml[: first.start()] + put + xml[first.end() :]


def _number(xml: bytes, random: Random) -> bytes:
    """A number is an odd thing."""
    found = _some(_NUMBER, xml, random)
    return xml if found is None else xml[: found.start()] + random.choice(_ODD) + xml[found.end() :]


def _some(pattern: re.Pattern[bytes], xml: bytes, random: Random) -> re.Match[bytes] | None:
    """A match somewhere in the part."""
    return pattern.search(xml, random.randrange(len(xml))) or pattern.search(xml)


def _encoding(xml: bytes, random: Random) -> bytes:
    """The part is written in another encoding, or says that it is."""
    text = xml.decode("utf-8", "replace")
    return random.choice((
        text.encode("utf-16"), xml.replace(b"UTF-8", b"GB18030", 1), xml.replace(b"UTF-8", b"utf-7", 1), b"\xef\xbb\xbf" + xml,
        text.replace("<", "<x:").encode(), xml + xml,
    ))  # fmt: skip


_OF_PARTS: Sequence[Callable[[bytes, Random], bytes]] = (
    _bytes,
    _element,
    _attribute,
    _number,
    _number,
    _element,
    _encoding,
)


def _parts(parts: Parts, random: Random) -> Parts:
    """One part is changed, gone, empty, or another's."""
    name = random.choice(sorted(parts))
    match random.randrange(8):
        case 0:
            return {one: content for one, content in parts.items() if one != name}
        case 1:
            return parts | {name: parts[random.choice(sorted(parts))]}
        case 2:
            return parts | {name: b""}
    return parts | {name: random.choice(_OF_PARTS)(parts[name], random)} if parts[name] else parts


def spoiled(name: str, seed: int) -> bytes:
    """The base `name`, spoiled in one to four ways that `seed` decides on."""
    random = Random(seed)
    data = BASES[name]()
    if name.endswith(".xls") or random.randrange(8) == 0:
        return _bytes(data, random)
    parts = parts_of(data)
    for _ in range(random.randint(1, 4)):
        parts = _parts(parts, random) or parts
    return zipped(parts)


def judged(name: str, data: bytes) -> str:
    """All that becomes of a workbook before anything is stored: the code that refuses it, or read. Whatever else is raised is our fault."""
    try:
        book = read_bytes(name, data, LIMITS)
    except Refused as refused:
        return refused.problem.code
    except BadZipFile as error:
        raise AssertionError("the reader let it through") from error
    checked = check(FORMS, book, TOWNSHIP, date(2026, 11, 23), PERIOD)
    with TemporaryDirectory() as folder:
        write_feedback(Path(folder) / "a.xlsx", TOWNSHIP, book, checked.problems, FORMS, NOW.replace(tzinfo=None))
    return "read"

"""What passes between the server and its checking processes: a few words as JSON, and bytes, each with its length before it.

JSON and not pickle: a process that a hostile workbook has taken over must not be able to have the server run anything.
"""

import asyncio
from dataclasses import asdict, dataclass, field
from struct import Struct
from typing import BinaryIO, Literal

import orjson

_LENGTHS = Struct(">IQ")
MOST_WORDS, MOST_BYTES = 2**26, 2**30
"""How long a frame's two halves may be: more is a sign that its writer is out of its mind."""


FILES = ("check", "copy", "submit")
"""What the page asks for a workbook that comes as a file."""
BUTTONS = ("check_sheet", "check_all", "next_problem", "clear_marks", "show_feedback")
"""What the buttons ask for, named after the functions in macros/buttons.py."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a checking process is to do: an `action` of FILES or BUTTONS with the workbook `body`, called `name`, of a township."""

    action: str
    township: str
    name: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job.

    `kind` says what `body` is: JSON, a workbook, or nothing because the job was refused, with `message` and `cure` for the
    clerk. `outcome` is one word for the log; `numbers` are counts for it; `ending` is that of a workbook to be kept.
    A `fault` of ours is told by where it happened, never by what it was about.
    """

    kind: Literal["json", "workbook", "refused", "fault"]
    outcome: str = "ok"
    message: str = ""
    cure: str = ""
    ending: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    body: bytes = b""


def packed(frame: Job | Done) -> bytes:
    """The frame as bytes."""
    words = asdict(frame)
    body: bytes = words.pop("body")
    told: bytes = orjson.dumps(words)
    return _LENGTHS.pack(len(told), len(body)) + told + body


def _lengths(head: bytes) -> tuple[int, int]:
    words, body = _LENGTHS.unpack(head)
    if words > MOST_WORDS or body > MOST_BYTES:
        raise ValueError("a frame of such a length is none")
    return words, body


async def read_done(stream: asyncio.StreamReader) -> Done:
    """The next frame from a checking process.

    Raises asyncio.IncompleteReadError if the process has ended, ValueError or TypeError if it does not speak as it should.
    """
    words, body = _lengths(await stream.readexactly(_LENGTHS.size))
    told = orjson.loads(await stream.readexactly(words))
    return Done(**told, body=await stream.readexactly(body))


def read_job(stream: BinaryIO) -> Job | None:
    """The next job; None if the server has ended."""
    head = stream.read(_LENGTHS.size)
    if len(head) < _LENGTHS.size:
        return None
    words, body = _lengths(head)
    told = orjson.loads(stream.read(words))
    return Job(**told, body=stream.read(body))

"""When somebody is told, and what: one message for each change of what needs a person, not one for each thing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sync_service.moments import moment
from sync_service.notify.situation import Concern

DAILY = timedelta(hours=24)
"""How often what still needs somebody is told again."""
MOST = 20
"""So many things are told one by one; of the others only how many they are."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one channel has been told: the amount of each thing by its key, its text, and when (UTC text, "" for never).

    `owed` are the morning's words that have not got through yet.
    """

    amounts: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    owed: str = ""


class Message(NamedTuple):
    """What is sent: a title of one line, and lines."""

    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join([self.title, *self.lines])


def _rested(told: Told, now: datetime, wait: timedelta) -> bool:
    """Whether so much time has passed since the last message; a moment from the future was a wrong clock."""
    if not told.at:
        return True
    return not timedelta(0) <= now - datetime.fromisoformat(told.at) < wait


def _listed(texts: Sequence[str]) -> list[str]:
    rest = len(texts) - MOST
    return [*(f"· {text}" for text in texts[:MOST]), *([f"……还有 {rest} 件"] if rest > 0 else [])]


def owing(told: Told, words: str) -> Told:
    """The channel is owed the morning's words."""
    return replace(told, owed=words)


def message_for(
    told: Told, concerns: Sequence[Concern], county: str, now: datetime, hours: float
) -> tuple[Message | None, Told]:
    """The message that is due to a channel, None if none is; and what it has been told once that has got through.

    Due is: the morning's words; something new or more of it, or something settled, when the last message is `hours` old; and
    once a day what still stands.
    """
    fresh = [one for one in concerns if one.amount > told.amounts.get(one.key, 0)]
    standing = [one for one in concerns if one not in fresh]
    settled = [text for key, text in told.texts.items() if key not in {one.key for one in concerns}]
    changed = (fresh or settled) and _rested(told, now, timedelta(hours=hours))
    again = concerns and _rested(told, now, DAILY)
    if not (told.owed or changed or again):
        return None, told
    lines = [told.owed] if told.owed else []
    for heading, texts in (
        ("新的：", [one.text for one in fresh]),
        ("还没处理的：", [one.text for one in standing]),
        ("已经好了，不用管了：", settled),
    ):
        if texts:
            lines += [heading, *_listed(texts)]
    title = f"【台账】{county}：" + (f"有 {len(concerns)} 件事要人管" if concerns else "没有要人管的事")
    after = Told({one.key: one.amount for one in concerns}, {one.key: one.text for one in concerns}, moment(now))
    return Message(title, tuple(lines)), after

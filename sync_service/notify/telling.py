"""Telling people: what needs somebody now, through each channel of county.toml, as often as `digest.py` says."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sync_service.errors import TaizhangError
from sync_service.notify import mail, robots
from sync_service.notify.digest import Message, Told, message_for, owing
from sync_service.notify.memory import remember, remembered
from sync_service.notify.robots import UndeliveredError
from sync_service.notify.situation import Concern, morning_words, situation
from sync_service.settings import CountySetup
from sync_service.sources.access import account_named
from workbook_templates.form import Forms

Send = Callable[[Message, datetime], None]


class Delivery(NamedTuple):
    """What became of a message to one channel: "" in `trouble` if it got through, else why not, in Chinese."""

    channel: str
    trouble: str


def _channels(setup: CountySetup) -> Iterator[tuple[str, Send]]:
    """Each channel with what sends a message there and raises UndeliveredError or TaizhangError."""
    part, access = setup.settings.notify, setup.access

    def by_robot(robot: str, message: Message, now: datetime) -> None:
        robots.send(robot, account_named(access, robot), message, now)

    def by_mail(message: Message, now: datetime) -> None:
        mail.send(part, account_named(access, part.mail_server), message, now)

    for robot in part.robots:
        yield robot, partial(by_robot, robot)
    if part.mail_to:
        yield "邮件", by_mail


def _deliver(channel: str, send: Send, message: Message, now: datetime) -> Delivery:
    try:
        send(message, now)
    except UndeliveredError as error:
        return Delivery(channel, f"{error}。")
    except TaizhangError as error:
        return Delivery(channel, f"{error}。{error.hint}")
    return Delivery(channel, "")


def tell(
    setup: CountySetup, forms: Forms, now: datetime, *, also: Sequence[Concern] = (), morning: bool = False
) -> list[Delivery]:
    """Tells each channel what needs a person now, if it is time to; what became of each message that was due.

    `also` is what only the caller knows of. With `morning`, a night has just been gone through, and each channel is owed a
    summary. A message that does not get through is due again at the next call. Raises nothing but what is a fault of ours.
    """
    channels = dict(_channels(setup))
    if not channels:
        return []
    concerns = [*also, *situation(setup, now)]
    told = remembered(setup.folder)
    words = morning_words(setup, forms) if morning and setup.settings.notify.morning else ""
    done = []
    for channel, send in channels.items():
        so_far = told.get(channel, Told())
        if words:
            so_far = told[channel] = owing(so_far, words)
        message, after = message_for(so_far, concerns, setup.county.name, now, setup.settings.notify.hours)
        if message:
            delivery = _deliver(channel, send, message, now)
            done.append(delivery)
            if not delivery.trouble:
                told[channel] = after
    if done or words:
        remember(setup.folder, {name: one for name, one in told.items() if name in channels})
    return done

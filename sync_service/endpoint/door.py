"""Who may come in: a request's password, and how often it and its address may try."""

from datetime import datetime
from ipaddress import ip_address
from urllib.parse import unquote

from starlette.requests import Request

from sync_service.endpoint.answers import LOCKED, NO_TOKEN, NOT_HERE, TOO_OFTEN, WRONG_TOKEN, TurnedAway
from sync_service.endpoint.limits import EachMinute
from sync_service.settings import CountySetup
from sync_service.tokens import Token, Tokens
from workbook_templates.place import Township

WRONG_A_MINUTE = 10
"""So many wrong passwords an address may send in a minute. Nobody guesses 160 bits: it keeps noise away from the log."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Door:
    """Lets in those who hold a township's password."""

    def __init__(self, setup: CountySetup) -> None:
        self._units = {unit.code: unit for unit in setup.townships}
        self._tokens = Tokens(setup.path(setup.settings.endpoint.tokens))
        self._wrong = EachMinute(WRONG_A_MINUTE)
        self._often = EachMinute(setup.settings.endpoint.each_minute)

    def admit(self, request: Request, now: datetime) -> tuple[Token, Township]:
        """The password that came with a request, and the township whose workbooks alone it opens. Raises TurnedAway."""
        address = request.client.host if request.client else ""
        typed = unquote(request.headers.get("authorization", "")).removeprefix("Bearer ").strip()
        if not typed:
            raise TurnedAway(NO_TOKEN)
        token = self._tokens.holder(typed)
        if token is None or token.township not in self._units:
            if self._wrong.exceeded(address):
                raise TurnedAway(LOCKED)
            self._wrong.count(address)
            raise TurnedAway(WRONG_TOKEN)
        self._tokens.touch(token, now.date())
        return token, self._units[token.township]

    def admit_county(self, request: Request, now: datetime) -> None:
        """Lets in whoever sits at this very PC, or holds the county bureau's password. Raises TurnedAway.

        A proxy on this PC passes others' requests on as if they came from here: what it adds to a request tells. The address
        that a browser was sent to tells a page elsewhere that would have it ask here.
        """
        if "authorization" in request.headers:
            _, unit = self.admit(request, now)
            if unit.filler == "county":
                return
        host = request.client.host if request.client else ""
        passed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
        if passed_on or not _is_loopback(host) or not _is_loopback(request.url.hostname or ""):
            raise TurnedAway(NOT_HERE)

    def pace(self, token: Token) -> None:
        """Counts one more use of a password. Raises TurnedAway if there were too many within a minute."""
        if self._often.exceeded(token.id):
            raise TurnedAway(TOO_OFTEN)
        self._often.count(token.id)

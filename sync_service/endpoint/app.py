"""The endpoint: who asks, whether they may, what a checking process makes of it, and how it is answered."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import PureWindowsPath
from urllib.parse import unquote

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sync_service.audit.acting import by_token
from sync_service.audit.noting import note
from sync_service.endpoint.answers import (
    BUSY,
    FAULT,
    NO_PAGE,
    TOO_SLOW,
    Refusal,
    TurnedAway,
    crashed,
    refused,
    too_large,
    too_long,
)  # fmt: skip
from sync_service.endpoint.audit import Audit
from sync_service.endpoint.door import Door
from sync_service.endpoint.frames import BUTTONS, FILES, Done, Job
from sync_service.endpoint.headers import StrictHeaders
from sync_service.endpoint.limits import AtOnce, drain, read_body
from sync_service.endpoint.page import check_page
from sync_service.endpoint.pool import NoAnswer, Pool
from sync_service.endpoint.standing import show_status
from sync_service.endpoint.submitting import submit
from sync_service.errors import TaizhangError
from sync_service.moments import moment
from sync_service.settings import CountySetup
from sync_service.tokens import Token
from workbook_templates.place import Township

AT_ONCE = 20
"""So many requests with one password at the same time: one township cannot fill the line for all the others."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_NAME = 120

_Render = Callable[[Refusal], Response]


def _as_json(refusal: Refusal) -> Response:
    told = orjson.dumps({"message": refusal.message, "cure": refusal.cure})
    return Response(told, refusal.status, media_type="application/json")


def _as_text(refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.text, refusal.status)


def _file_name(request: Request) -> str:
    """The workbook's name on the clerk's PC, without the folders."""
    given = PureWindowsPath(unquote(request.headers.get("x-file-name", ""))).name
    return "".join(c for c in given if c.isprintable())[-_LONGEST_NAME:] or "工作簿.xlsx"


class Endpoint:
    """Answers requests for one county with the help of `pool`; `now` tells the time in the county."""

    def __init__(self, setup: CountySetup, pool: Pool, now: Callable[[], datetime]) -> None:
        self._setup, self._pool, self._now = setup, pool, now
        self.door = Door(setup)
        self._audit = Audit(setup.path(setup.settings.endpoint.log))
        self._at_once = AtOnce(AT_ONCE)
        self._placing = asyncio.Lock()
        self._most = setup.settings.endpoint.upload_mb * 2**20

    async def _check(self, job: Job) -> Done:
        try:
            done = await self._pool.do(job)
        except NoAnswer as none:
            told = {"busy": BUSY, "time": too_long(self._setup), "crash": crashed(job.name)}[none.why]
            raise TurnedAway(told) from none
        if done.kind == "refused":
            raise TurnedAway(refused(done))
        if done.kind == "fault":
            raise TurnedAway(FAULT)
        return done

    def _place(self, token: Token, township: Township, body: bytes, ending: str, now: datetime) -> bool:
        """Notes who hands what in, and puts it where runs look for it. Raises TaizhangError."""
        about: dict[str, str | int] = {
            "township": township.code,
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        note(self._setup, "submit", now, by_token(township.code, token.id), **about)
        return submit(self._setup, township, ending, body, now)

    async def _submit(self, token: Token, township: Township, job: Job, done: Done) -> Response:
        now = self._now()
        try:
            async with self._placing:
                new = await asyncio.to_thread(self._place, token, township, job.body, done.ending, now)
        except TaizhangError as error:
            raise TurnedAway(Refusal(409, "place", str(error), error.hint)) from error
        told = {"new": new, "at": f"{now:%Y-%m-%d %H:%M}", **done.numbers}
        return Response(orjson.dumps(told), media_type="application/json")

    async def _answer(self, request: Request, name: str, render: _Render) -> Response:
        began = time.monotonic()
        action = request.url.path.rpartition("/")[2]
        about: dict[str, str | int] = {"township": "", "token": "", "action": action, "bytes": 0}
        try:
            token, township = self.door.admit(request, self._now())
            about |= {"township": township.code, "token": token.id}
            self.door.pace(token)
            with self._at_once.inside(token.id):
                body = await read_body(request, self._most, too_large(self._setup))
                about |= {"bytes": len(body)}
                job = Job(action, township.code, name, body)
                done = await self._check(job)
                about |= done.numbers
                if action == "submit":
                    response = await self._submit(token, township, job, done)
                else:
                    kind = WORKBOOK if done.kind == "workbook" else "application/json"
                    response = Response(done.body, media_type=kind)
            outcome = done.outcome
        except TurnedAway as turned:
            if turned.refusal is not TOO_SLOW:
                await drain(request, self._most)
            response, outcome = render(turned.refusal), turned.refusal.outcome
        if outcome != "locked":  # or whoever rattles at the door could fill the disk
            took = round(1000 * (time.monotonic() - began))
            self._audit.write(at=moment(self._now()), **about, outcome=outcome, ms=took)
        return response

    async def file(self, request: Request) -> Response:
        """A workbook from the page, to be checked, marked or handed in."""
        return await self._answer(request, _file_name(request), _as_json)

    async def button(self, request: Request) -> Response:
        """A button in Excel or Google Sheets."""
        return await self._answer(request, "工作簿", _as_text)


def _no_page(request: Request, error: Exception) -> Response:
    del request, error
    return _as_text(NO_PAGE)


def _fault(request: Request, error: Exception) -> Response:
    del request, error
    return _as_text(FAULT)


def make_app(setup: CountySetup, pool: Pool, now: Callable[[], datetime]) -> ASGIApp:
    """The application for an ASGI server; the pool's processes live as long as it does."""
    endpoint = Endpoint(setup, pool, now)
    html, policy = check_page(setup)

    async def page(request: Request) -> Response:
        del request
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    async def health(request: Request) -> Response:
        del request
        return PlainTextResponse("ok")

    async def status(request: Request) -> Response:
        return await show_status(request, endpoint.door, setup, now())

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        del app
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()

    routes = [
        Route("/", page),
        Route("/healthz", health),
        Route("/status", status),
        Route("/status.json", status),
        *(Route(f"/{action}", endpoint.file, methods=["POST"]) for action in FILES),
        *(Route(f"/xlwings/{action}", endpoint.button, methods=["POST"]) for action in BUTTONS),
    ]
    handlers = {HTTPException: _no_page, Exception: _fault}
    return StrictHeaders(Starlette(routes=routes, lifespan=life, exception_handlers=handlers))

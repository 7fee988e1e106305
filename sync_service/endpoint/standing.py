"""/status and /status.json: how the county stands, for those at the county."""

import asyncio
from datetime import datetime

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from sync_service.endpoint.answers import TurnedAway
from sync_service.endpoint.door import Door
from sync_service.errors import TaizhangError
from sync_service.service.status import county_status
from sync_service.service.status_page import status_page
from sync_service.settings import CountySetup


async def show_status(request: Request, door: Door, setup: CountySetup, now: datetime) -> Response:
    """The answer to a request for either: a page, or JSON. Others than those at the county are turned away."""
    try:
        door.admit_county(request, now)
        status = await asyncio.to_thread(county_status, setup, now)
    except TurnedAway as turned:
        return PlainTextResponse(turned.refusal.text, turned.refusal.status)
    except TaizhangError as error:
        return PlainTextResponse(f"{error}。\n{error.hint}", 503)
    if request.url.path.endswith(".json"):
        return Response(orjson.dumps(status), media_type="application/json")
    html, policy = status_page(status)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})

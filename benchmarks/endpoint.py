"""The button's answer against a plain echo of the same request, through the same server on this machine.

python -m benchmarks.endpoint [--rows 3000] [--clicks 10] [--clerks 20]

The request is what xlwings' VBA client sends of a workbook with that many rows of 退役军人. The echo is what the network, the
server and the client cost by themselves: it reads the request and sends it back.
"""

import argparse
import logging
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.inventing import VILLAGES, make_workbook
from sync_service.endpoint.app import make_app
from sync_service.endpoint.pool import Pool
from sync_service.settings import CountyPart, TownshipPart, load_settings
from sync_service.settings_text import render_settings
from sync_service.tokens import Tokens
from tests.ports import free_port
from tests.xlwings_clients import vba_body

NAME = "第1镇"


def _with_echo(app: ASGIApp) -> ASGIApp:
    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/echo":
            body = await Request(scope, receive).body()
            await Response(body, media_type="application/json")(scope, receive, send)
        else:
            await app(scope, receive, send)

    return either


@contextmanager
def _served(settings: Path, scratch: Path) -> Iterator[str]:
    setup, port = load_settings(settings), free_port()
    pool = Pool(setup, settings, scratch)
    app = _with_echo(make_app(setup, pool, lambda: datetime.now().astimezone()))
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="on", log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _seconds(click: Callable[[], httpx.Response]) -> float:
    started = time.perf_counter()
    answer = click()
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code}: {answer.text}")
    return took


def main() -> None:
    """Prints the median of echo and answer with their ratio, and how long the last of many clerks waits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--clicks", type=int, default=10)
    parser.add_argument("--clerks", type=int, default=20)
    options = parser.parse_args()
    logging.disable()
    with TemporaryDirectory() as name:
        folder = Path(name)
        scratch = folder / "scratch"
        scratch.mkdir()
        settings = folder / "county.toml"
        part = TownshipPart(code="990101001", name=NAME, workbook=f"上报/{NAME}.xlsx", villages=VILLAGES)
        county = CountyPart(code="990101", name="清河县")
        text = render_settings("2026下半年", county, [part]).replace("each_minute = 30", "each_minute = 1000")
        settings.write_text(text, "utf-8")
        setup = load_settings(settings)
        (township,) = setup.townships
        book = folder / f"{NAME}.xlsx"
        make_workbook(book, township, options.rows, seed=1)
        body = vba_body(book)
        token = Tokens(setup.path(setup.settings.endpoint.tokens)).new(township, datetime.now().date(), replaced=True)
        headers = {"Authorization": token, "Content-Type": "application/json"}
        with _served(settings, scratch) as url:

            def click(path: str) -> httpx.Response:
                return httpx.post(f"{url}/{path}", content=body, headers=headers, timeout=120)

            taken: dict[str, list[float]] = {"echo": [], "xlwings/check_all": []}
            for path in taken:
                click(path)
            for _ in range(options.clicks):
                for path, seconds in taken.items():
                    seconds.append(_seconds(lambda path=path: click(path)))  # type: ignore[misc]
            started = time.perf_counter()
            with ThreadPoolExecutor(options.clerks) as clerks:
                list(clerks.map(lambda _: _seconds(lambda: click("xlwings/check_all")), range(options.clerks)))
            all_answered = time.perf_counter() - started
    echo, answer = (statistics.median(seconds) for seconds in taken.values())
    print(
        f"{options.rows} rows, {len(body) / 2**20:.1f} MiB a request, median of {options.clicks}, {os.cpu_count()} cores"
    )
    print(f"echo                 {1000 * echo:8.0f} ms")
    print(f"校验全部             {1000 * answer:8.0f} ms  {answer / echo:8.1f} x the echo")
    print(f"{options.clerks} clerks at once    {1000 * all_answered:8.0f} ms  until the last is answered")


if __name__ == "__main__":
    main()

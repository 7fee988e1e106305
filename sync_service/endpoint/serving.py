"""Serving the endpoint: sockets, encryption, and the patience with which connections are kept."""

import asyncio
import logging
import shutil
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync_service.audit.noting import note
from sync_service.endpoint.app import make_app
from sync_service.endpoint.limits import BODY_SECONDS, DRAIN_SECONDS
from sync_service.endpoint.pool import WAIT_SECONDS, Pool
from sync_service.errors import TaizhangError
from sync_service.settings import CountySetup

REQUEST_SECONDS = 10
"""So long a new connection may take until its request's headers are there."""
ANSWER_SECONDS = 120
"""So long a client may take to fetch its answer, and a little more for all the rest."""
SCRATCH = ".taizhang.serve"


def _patient(setup: CountySetup) -> type[H11Protocol]:
    """uvicorn's protocol with bounds that it does not have: for the first request, and for the connection's whole life."""
    life = BODY_SECONDS + DRAIN_SECONDS + WAIT_SECONDS + setup.settings.endpoint.seconds + ANSWER_SECONDS

    class Patient(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.bounds = [
                self.loop.call_later(REQUEST_SECONDS, self.end_unless_asked),
                self.loop.call_later(life, transport.abort),
            ]

        def end_unless_asked(self) -> None:
            if self.cycle is None:
                self.transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            for bound in self.bounds:
                bound.cancel()
            super().connection_lost(exc)

    return Patient


def _listening(setup: CountySetup) -> socket.socket:
    part = setup.settings.endpoint
    try:
        family = socket.AF_INET6 if ":" in part.host else socket.AF_INET
        return socket.create_server((part.host, part.port), family=family, backlog=128)
    except OSError as error:
        raise TaizhangError(
            f"打不开 {part.host} 的端口 {part.port}：{error.strerror}",
            "可能已经有一个 taizhang serve 在运行，或 county.toml 里的 host、port 不对。",
        ) from error


def _check_certificate(setup: CountySetup) -> tuple[Path | None, Path | None]:
    """The files of certificate and key, None for what is not set. Raises TaizhangError if they cannot be used."""
    part = setup.settings.endpoint
    if not part.certificate:
        return None, None
    certificate, key = setup.path(part.certificate), setup.path(part.key) if part.key else None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise TaizhangError(
            f"证书用不了：{certificate.name}", "请核对 county.toml 里的 certificate 和 key，要 PEM 格式、私钥不带密码。"
        ) from error
    return certificate, key


@contextmanager
def _scratch(setup: CountySetup) -> Iterator[Path]:
    """The folder in which workbooks lie while they are made; what an earlier server that was killed left there goes.

    Raises TaizhangError if another server is at work for this county.
    """
    folder = setup.path(SCRATCH)
    lock = FileLock(setup.path(f"{SCRATCH}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise TaizhangError("这个县已经有一个 taizhang serve 在运行", "先停下那一个，再运行一次。") from error
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def is_open_to_others(setup: CountySetup) -> bool:
    """Whether anybody but this very machine can reach the endpoint."""
    host = setup.settings.endpoint.host
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def serve(
    setup: CountySetup, settings_file: Path, now: Callable[[], datetime], ready: Callable[[], None] = lambda: None
) -> None:
    """Serves until Ctrl-C or SIGTERM; `ready` is called when the address is taken.

    Raises TaizhangError if it cannot be served: address taken, certificate of no use, a store that cannot be opened.
    """
    certificate, key = _check_certificate(setup)
    with _scratch(setup) as scratch, _listening(setup) as listening:
        note(setup, "serve", now())  # which brings the store to today's version, before many ask it
        logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
        config = uvicorn.Config(
            make_app(setup, Pool(setup, settings_file, scratch), now),
            http=_patient(setup),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            timeout_graceful_shutdown=5,
        )
        # uvicorn ends well and then lets the signal do what it would have done: kill this process before it has cleaned up.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        ready()
        uvicorn.Server(config).run(sockets=[listening])

"""The stand-in as a web server on the loopback address, with a service account that may use it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.google_stand_in.a1 import Json
from tests.google_stand_in.errors import ApiError
from tests.google_stand_in.world import Asked, Fault, World

ACCOUNT = "taizhang@county.test"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem_pair() -> tuple[str, str]:
    private = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = _key().public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    return private.decode(), public.decode()


class _Handler(BaseHTTPRequestHandler):
    world: ClassVar[World]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing: the world keeps its own log."""

    def _asked(self) -> Asked:
        url = urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        query = {name: "\n".join(found) for name, found in parse_qs(url.query).items()}
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        is_json = form.startswith(("{", "["))
        return Asked(self.command, url.path, query, json.loads(form) if is_json else {}, form, bearer)

    def _respond(self) -> None:
        asked = self._asked()
        self.world.log.append(f"{asked.method} {asked.path}")
        fault = self.world.fault_of(asked) or Fault("")
        self.world.wait(fault)
        if fault.status:
            self._send(fault.status, fault.body, fault)
            return
        try:
            status, headers, body = 200 if asked.method != "DELETE" else 204, {}, self.world.answer(asked)
        except ApiError as error:
            status, headers, body = error.code, dict(error.headers), error.body()
            if asked.path == "/token":
                body = {"error": error.message}
        self._send(status, body, Fault("", headers=headers, cut=fault.cut))
        if fault.then:
            fault.then()

    def _send(self, status: int, body: str | Json, fault: Fault) -> None:
        is_text = isinstance(body, str)
        data = body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()
        data = b"" if status == 204 else data
        sent = data[: len(data) // 2] if fault.cut else data
        self.send_response(status)
        self.send_header("content-type", "text/html" if is_text else "application/json; charset=UTF-8")
        self.send_header("content-length", str(len(data if fault.cut == "connection" else sent)))
        for name, value in fault.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up waiting
            self.wfile.write(sent)
        self.close_connection = fault.cut == "connection"

    do_GET = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815 (the base class names them)


@dataclass(frozen=True)
class StandIn:
    """A running stand-in: where it is, and what it knows."""

    url: str
    world: World

    def key_file(self, folder: Path) -> Path:
        """The file with which the service account signs in, as Google gives it to the county."""
        private, public = _pem_pair()
        self.world.keys[ACCOUNT] = public
        path = folder / "谷歌密钥.json"
        told = {
            "type": "service_account",
            "project_id": "county",
            "private_key_id": "1",
            "private_key": private,
            "client_email": ACCOUNT,
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(told), "utf-8")
        path.chmod(0o600)
        return path


@contextmanager
def standing_in(world: World | None = None) -> Iterator[StandIn]:
    """The stand-in while it runs."""
    known = world or World()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"world": known})) as server:
        server.daemon_threads = True
        server.block_on_close = False  # a silence that a test asked for need not be waited for
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield StandIn(f"http://127.0.0.1:{server.server_address[1]}", known)
        finally:
            server.shutdown()

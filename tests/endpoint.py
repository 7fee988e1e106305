"""A county's endpoint, served for real: `taizhang serve` as a process of its own."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import quote

import httpx
import orjson

from sync_service.tokens import Tokens
from tests.county import NOW, CountyOnDisk
from tests.ports import free_port
from tests.program import started

SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A county with its endpoint."""

    county: CountyOnDisk
    url: str
    tokens: Mapping[str, str]
    process: BaseProcess

    def post(
        self, path: str, body: bytes, name: str = "城关镇.xlsx", *, token: str | None = None, of: str = "城关镇"
    ) -> httpx.Response:
        """Sends a body as the page does, with the password of a township, or with `token`."""
        headers = {"Authorization": self.tokens[of] if token is None else token, "X-File-Name": quote(name)}
        # There is no certificate to be verified, and reading those of the system would take 30 ms each time.
        return httpx.post(f"{self.url}/{path}", content=body, headers=headers, timeout=SECONDS, verify=False)

    def log(self) -> list[dict[str, object]]:
        """The lines of the log."""
        lines = (self.county.folder / "校验网页记录.jsonl").read_bytes().splitlines()
        return [orjson.loads(line) for line in lines]


def set_up(county: CountyOnDisk, **settings: object) -> None:
    """Changes settings of [endpoint] in county.toml."""
    lines = county.settings.read_text("utf-8").splitlines()
    at = lines.index("[endpoint]")
    for name, value in settings.items():
        number = next(n for n, line in enumerate(lines) if n > at and line.startswith(f"{name} = "))
        lines[number] = f"{name} = {orjson.dumps(value).decode()}"
    county.settings.write_text("\n".join(lines), "utf-8")


@contextmanager
def served(county: CountyOnDisk, *, scheme: str = "http", at_once: int = 1, **settings: object) -> Iterator[Served]:
    """The county's endpoint while this lasts, with a password for each township.

    It checks one workbook at a time, for each checking process takes a second of CPU to start.
    """
    port = free_port()
    set_up(county, port=port, at_once=at_once, **settings)
    setup = county.setup
    tokens = Tokens(setup.path(setup.settings.endpoint.tokens))
    texts = {unit.name: tokens.new(unit, NOW.date(), replaced=True) for unit in setup.townships}
    process = started("serve", "--county", county.settings)
    try:
        url = f"{scheme}://127.0.0.1:{port}"
        _wait(url, process)
        yield Served(county, url, texts, process)
    finally:
        process.terminate()
        process.join(SECONDS)
        assert process.exitcode is not None
        process.close()


def _wait(url: str, process: BaseProcess) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            httpx.get(f"{url}/healthz", verify=False)
        except httpx.TransportError:
            if not process.is_alive() or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def files_of(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

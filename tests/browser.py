"""A headless Chromium, driven by the WebDriver protocol (W3C) through Debian's chromedriver."""

import base64
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.ports import free_port

CHROMEDRIVER = shutil.which("chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The protocol's name for the id of an element."""
SECONDS = 60


@dataclass(frozen=True)
class Browser:
    """One window."""

    session: httpx.Client
    downloads: Path

    def _ask(self, method: str, path: str, **words: object) -> Any:
        answer = self.session.request(method, path, json=words if method == "POST" else None)
        value = answer.json()["value"]
        if answer.status_code != 200:
            raise RuntimeError(f"{method} {path}: {value['error']}: {value['message']}")
        return value

    def open(self, url: str) -> None:
        """Goes to a page."""
        self._ask("POST", "url", url=url)

    def run(self, script: str, *arguments: object) -> Any:
        """What the script returns."""
        return self._ask("POST", "execute/sync", script=script, args=list(arguments))

    def _element(self, css: str) -> str:
        element: str = self._ask("POST", "element", using="css selector", value=css)[ELEMENT]
        return element

    def type(self, css: str, text: str) -> None:
        """Types into a field, or chooses a file in a file field."""
        self._ask("POST", f"element/{self._element(css)}/value", text=text)

    def click(self, css: str) -> None:
        """Clicks on something."""
        self._ask("POST", f"element/{self._element(css)}/click")

    def text(self, css: str) -> str:
        """The text that is to be seen there."""
        shown: str = self._ask("GET", f"element/{self._element(css)}/text")
        return shown

    def accept(self) -> str:
        """Says yes to a question; what was asked."""
        asked: str = self._ask("GET", "alert/text")
        self._ask("POST", "alert/accept")
        return asked

    def until(self, css: str, part: str) -> str:
        """Waits until `part` is to be seen there; the whole text. Raises TimeoutError."""
        end = time.monotonic() + SECONDS
        while part not in (text := self.text(css)):
            if time.monotonic() > end:
                raise TimeoutError(f"{css} never said {part!r}, but {text!r}")
            time.sleep(0.05)
        return text

    def picture(self, css: str = "") -> bytes:
        """A PNG of the window, or of one element."""
        path = f"element/{self._element(css)}/screenshot" if css else "screenshot"
        return base64.b64decode(self._ask("GET", path))

    def complaints(self) -> list[str]:
        """What the browser had to complain of: scripts that fail, things that the page's policy forbids."""
        entries: list[Mapping[str, str]] = self._ask("POST", "se/log", type="browser")
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]


def _until_ready(driver: httpx.Client) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            if driver.get("status").json()["value"]["ready"]:
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > end:
            raise TimeoutError("chromedriver does not come up")
        time.sleep(0.05)


@contextmanager
def browser(width: int = 1000, height: int = 900, options: Sequence[str] = ()) -> Iterator[Browser]:
    """A window of that size; all that the browser keeps is gone afterwards."""
    assert CHROMEDRIVER
    port = free_port()
    with TemporaryDirectory() as name:
        folder = Path(name)
        downloads = folder / "downloads"
        downloads.mkdir()
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--lang=zh-CN", "--hide-scrollbars",
                     "--disable-dev-shm-usage", f"--window-size={width},{height}", f"--user-data-dir={folder / 'profile'}",
                     *options]  # fmt: skip
        wanted = {
            "unhandledPromptBehavior": "ignore",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments, "prefs": {"download.default_directory": str(downloads)}},
        }
        command = [CHROMEDRIVER, f"--port={port}"]
        with (
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as driver,
        ):
            try:
                _until_ready(driver)
                answer = driver.post("session", json={"capabilities": {"alwaysMatch": wanted}}).json()["value"]
                session = f"session/{answer['sessionId']}"
                with httpx.Client(base_url=f"{driver.base_url}/{session}/", timeout=SECONDS) as client:
                    try:
                        yield Browser(client, downloads)
                    finally:
                        driver.delete(session).raise_for_status()
            finally:
                process.terminate()
                process.wait()

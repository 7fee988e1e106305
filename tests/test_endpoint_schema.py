"""The endpoint does what its OpenAPI document says, whatever it is sent, and tells nobody what it is made of."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync_service.endpoint.frames import BUTTONS, FILES
from sync_service.endpoint.openapi import openapi
from tests.county import make_county, veteran
from tests.endpoint import Served, files_of, served

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance", "ignored_auth",
)  # fmt: skip
TELLING = re.compile(r"uvicorn|starlette|python|Traceback|site-packages|\.py\b|/tmp/|[Vv]ersion|server:", re.IGNORECASE)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    county = make_county(tmp_path_factory.mktemp("schema") / "county")
    county.fill({"城关镇": [veteran(1)]})
    with served(county, each_minute=1000) as running:
        yield running


def test_every_route_is_in_the_document_and_no_other() -> None:
    wanted = {"/", "/healthz", "/status", "/status.json"}
    assert set(openapi()["paths"]) == wanted | {f"/{a}" for a in FILES} | {f"/xlwings/{a}" for a in BUTTONS}


def test_the_document_is_not_to_be_had_from_the_endpoint(endpoint: Served) -> None:
    for path in ("/openapi.json", "/docs", "/redoc", "/.well-known/openapi.json"):
        assert httpx.get(endpoint.url + path).status_code == 404


def test_the_endpoint_keeps_to_its_document_whatever_it_is_sent(endpoint: Served, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi()), "utf-8")
    lay = files_of(endpoint.county.folder / "上报")
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", endpoint.url, "--checks", ",".join(CHECKS),
        "--header", f"Authorization: {endpoint.tokens['城关镇']}", "--max-examples", "12", "--seed", "9", "--phases", "coverage,fuzzing",
        "--no-color", "--continue-on-failure",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "12/12" in done.stdout
    assert files_of(endpoint.county.folder / "上报") == lay


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/healthz"), ("GET", "/status"), ("GET", "/nowhere"), ("POST", "/"), ("TRACE", "/check"),
        ("POST", "/check"), ("GET", "/../county.toml"), ("GET", "/%2e%2e/taizhang.db"), ("POST", "/xlwings/check_all"),
    ],
)  # fmt: skip
def test_no_answer_tells_what_serves_it_or_where(endpoint: Served, method: str, path: str) -> None:
    answer = httpx.request(method, endpoint.url + path, content=b"\0" if method == "POST" else None)
    told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    assert TELLING.findall(told) == []
    if path != "/":  # the page has a program of its own
        assert TELLING.findall(answer.text) == []
    assert str(endpoint.county.folder) not in answer.text


def test_the_password_file_holds_only_hashes_and_only_its_owner_reads_it(endpoint: Served) -> None:
    path = endpoint.county.folder / "taizhang.tokens"
    kept = path.read_text("utf-8")
    assert all(len(one["digest"]) == 64 for one in json.loads(kept))
    assert [text for text in endpoint.tokens.values() if text in kept or text.replace("-", "") in kept] == []
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0

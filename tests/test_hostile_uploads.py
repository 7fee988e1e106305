"""Whatever is sent to the endpoint, under whatever name: nothing is written but the township's own workbook, and it goes on answering."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.county import make_county, veteran, workbook
from tests.drawn import write_xlsx
from tests.endpoint import Served, files_of, served
from tests.hostile_files import FILES

NAMES = (
    "../../../etc/cron.d/x.xlsx", "..\\..\\x.xlsx", "C:\\Windows\\x.xlsx", "/etc/passwd", "..", "a\0.xlsx", "a\r\nSet-Cookie: x",
    "\u202exslx.exe", "x" * 4000 + ".xlsx", "CON", "~$城关镇.xlsx", "石桥镇.xlsx", "<script>alert(1)</script>.xlsx", "\x1b]0;x\x07",
)  # fmt: skip
BOOK = b'"book":{"name":"a","active_sheet_index":0,"selection":null}'
PAYLOADS = (
    b"[" * 100_000, b"{" * 100_000, b'{"client":"VBA","version":' + b"9" * 100_000 + b"}", b'"\\ud800"', b"\xff\xfe", b"null",
    b'{"client":"VBA",' + BOOK + b',"sheets":[{"name":"\\u0000","values":[[{}]]}]}',
    b'{"client":"VBA",' + BOOK + b',"sheets":[{"name":"a","values":[["2026-13-45T99:00:00Z"]]}]}',
    b'{"client":"VBA",' + BOOK.replace(b":0,", b":99,") + b',"sheets":[]}',
)  # fmt: skip


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    county = make_county(tmp_path_factory.mktemp("uploads") / "county")
    with served(county, each_minute=1000) as running:
        yield running


def saved(folder: Path, rows: int) -> bytes:
    return write_xlsx(folder / "a.xlsx", workbook("城关镇", [veteran(n) for n in range(rows)])).read_bytes()


def test_a_file_s_name_decides_neither_where_it_goes_nor_what_is_answered(endpoint: Served, tmp_path: Path) -> None:
    county = endpoint.county
    before = files_of(county.folder)
    for number, name in enumerate(NAMES, 1):
        answer = endpoint.post("submit", saved(tmp_path, number), name)
        assert (answer.status_code, answer.json()["new"]) == (200, True), name
        assert "set-cookie" not in answer.headers
    new = files_of(county.folder) - before
    assert {one for one in new if "历次上报" not in one} - {"校验网页记录.jsonl"} == {"上报/城关镇.xlsx"}
    assert len([one for one in new if "历次上报" in one]) == len(NAMES) - 1
    assert not any(c in line for line in (county.folder / "校验网页记录.jsonl").read_text("utf-8") for c in "\x1b\0\r")


def test_hostile_files_are_refused_one_by_one_and_take_no_place(endpoint: Served, tmp_path: Path) -> None:
    stood = endpoint.county.book("城关镇").read_bytes() if endpoint.county.book("城关镇").exists() else None
    for name in (
        "laughing sheet.xlsx",
        "texts that inflate to 3 GB and claim a few bytes.xlsx",
        "looping.xls",
        "locked.xlsx",
    ):
        answer = endpoint.post("submit", FILES[name][0](), name)
        assert answer.status_code == 422, name
        assert answer.json()["cure"]
    parts = httpx.Request("POST", endpoint.url, files={"file": ("a.xlsx", saved(tmp_path, 1))})
    assert endpoint.post("submit", parts.read()).status_code == 422, "a form is no workbook"
    now = endpoint.county.book("城关镇").read_bytes() if endpoint.county.book("城关镇").exists() else None
    assert now == stood


@pytest.mark.parametrize("body", PAYLOADS, ids=range(len(PAYLOADS)))
def test_what_no_button_sends_is_answered_in_chinese(endpoint: Served, body: bytes) -> None:
    answer = endpoint.post("xlwings/check_all", body)
    assert answer.status_code in {200, 422, 500}
    assert "Traceback" not in answer.text
    assert "/" not in answer.text or answer.status_code == 200
    assert httpx.get(f"{endpoint.url}/healthz").text == "ok"

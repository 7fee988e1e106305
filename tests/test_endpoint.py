"""Laws of the endpoint, asked through HTTP as the page and the button ask it."""

import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.county import NAMES, make_county, number, veteran, workbook
from tests.drawn import write_ods, write_xls, write_xlsx
from tests.endpoint import Served, files_of, served
from tests.test_reading_refusals import encrypt
from tests.xlwings_clients import vba_body
from validators.problems import problem
from validators.raw import RawSheet
from workbook_templates.stamp import Stamp

ROWS = [veteran(0), veteran(1, phone="1390000"), veteran(2, political_status="党员 ")]
BUTTONS = ("check_sheet", "check_all", "show_feedback")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("county")
    with served(make_county(folder / "清河县"), at_once=2, upload_mb=1, each_minute=1000) as running:
        yield running


def saved(folder: Path, township: str = "城关镇", rows: list[dict[str, object]] = ROWS) -> Path:
    return write_xlsx(folder / f"{township}.xlsx", workbook(township, rows))


def stamped(folder: Path, code: str) -> Path:
    """A workbook of 城关镇 by its cover, and of the township `code` by its stamp."""
    stamp = RawSheet("字典", ((str(Stamp("990101", code, {})),),), visible=False)
    return write_xlsx(folder / "城关镇.xlsx", {**workbook("城关镇", ROWS), "字典": stamp})


# What is refused


@pytest.mark.parametrize("button", [False, True], ids=["page", "button"])
def test_a_refusal_is_json_for_the_page_and_plain_text_for_xlwings_message_box(endpoint: Served, button: bool) -> None:
    answer = endpoint.post("xlwings/check_all" if button else "check", b"{}", token="aaaa")
    assert answer.status_code == 403
    if button:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text == "口令不对，或者已经换过了。\n请照县里发的口令重新填一次；还是不行，请向县里要新的。"
    else:
        assert answer.json() == {
            "message": "口令不对，或者已经换过了",
            "cure": "请照县里发的口令重新填一次；还是不行，请向县里要新的。",
        }


def test_without_a_password_nothing_is_answered(endpoint: Served, tmp_path: Path) -> None:
    for path in ("check", "copy", "submit", *(f"xlwings/{name}" for name in BUTTONS)):
        answer = endpoint.post(path, saved(tmp_path).read_bytes(), token="")
        assert (answer.status_code, "没有填口令" in answer.text) == (403, True)


def test_a_workbook_that_is_too_large_is_refused_by_what_it_says_and_by_what_comes(endpoint: Served) -> None:
    def in_pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield bytes(2**16)

    headers = {"Authorization": endpoint.tokens["城关镇"]}
    at_once = endpoint.post("check", bytes(2**20 + 1))
    piecemeal = httpx.post(f"{endpoint.url}/check", content=in_pieces(), headers=headers)
    for answer in (at_once, piecemeal):
        assert (answer.status_code, answer.json()["message"]) == (413, "工作簿太大，超过了 1 MB")
    assert endpoint.post("xlwings/check_all", bytes(2**20 + 1)).text.startswith("工作簿太大，超过了 1 MB。\n")


def test_what_is_no_workbook_is_refused_in_the_words_of_the_service(endpoint: Served, tmp_path: Path) -> None:
    whole = saved(tmp_path).read_bytes()
    locked = encrypt(saved(tmp_path), "secret").read_bytes()
    for code, body in (("F01", b"<html></html>"), ("F26", whole[:-100]), ("F02", locked), ("F32", bytes(1000))):
        told = problem(code, {"file": "甲.xlsx"})
        for path in ("check", "copy", "submit"):
            answer = endpoint.post(path, body, "C:\\表\\甲.xlsx")
            assert answer.status_code == 422
            assert answer.json() == {"message": told.message, "cure": told.cure}
    assert endpoint.post("xlwings/check_all", b"no json").text.startswith("收到的不是工作簿。")
    assert endpoint.post("xlwings/check_all", b'{"client": "VBA"}').status_code == 422


@pytest.mark.parametrize("by", ["cover", "stamp"])
def test_a_password_opens_the_workbooks_of_its_own_township_only(endpoint: Served, tmp_path: Path, by: str) -> None:
    other = saved(tmp_path, "石桥镇") if by == "cover" else stamped(tmp_path, "990101002")
    for path in ("check", "copy", "submit", *(f"xlwings/{name}" for name in BUTTONS)):
        body = vba_body(other) if path.startswith("xlwings") else other.read_bytes()
        answer = endpoint.post(path, body)
        assert answer.status_code == 403
        assert "不是城关镇的" in answer.text
    assert not endpoint.county.book("城关镇").exists()
    assert endpoint.post("check", other.read_bytes(), of="石桥镇").status_code == 200 if by == "cover" else True


def test_what_there_is_not_is_said_in_chinese_and_gives_nothing_away(endpoint: Served) -> None:
    for method, path in (("GET", "/nix"), ("GET", "/check"), ("POST", "/xlwings/eval"), ("PUT", "/"), ("GET", "/../x")):
        answer = httpx.request(method, endpoint.url + path)
        assert answer.status_code in (404, 405)
        assert answer.text == "没有这个网页。\n请核对县里给的网址。"
        assert "server" not in answer.headers
        assert not [word for word in ("uvicorn", "starlette", "Python", "/work") if word in str(answer.headers)]


def test_every_answer_forbids_what_a_page_of_ours_never_needs(endpoint: Served) -> None:
    for answer in (
        httpx.get(endpoint.url),
        httpx.get(f"{endpoint.url}/nix"),
        endpoint.post("check", b"", token="a"),
        endpoint.post("check", b""),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_the_page_takes_nothing_from_elsewhere(endpoint: Served) -> None:
    html = httpx.get(endpoint.url).text
    assert "清河县" in html
    assert "://" not in html
    assert "{{" not in html


# What is answered


def test_the_page_and_the_service_find_the_same(endpoint: Served, tmp_path: Path) -> None:
    county = make_county(tmp_path / "other")
    county.fill({"城关镇": ROWS})
    county.sync()
    with county.store() as store:
        stored = [known.problem for known in store.problems("990101001")]
    told = endpoint.post("check", county.book("城关镇").read_bytes()).json()
    found = [(b["sheet"], b["code"], c["cell"]) for p in told["parts"] for b in p["blocks"] for c in b["cells"]]
    assert found
    assert sorted(found) == sorted((p.sheet, p.code, f"{p.column or ''}{p.row}") for p in stored if p.row)
    assert told["errors"] == sum(p.severity == "error" for p in stored)


def test_the_copy_is_marked(endpoint: Served, tmp_path: Path) -> None:
    answer = endpoint.post("copy", saved(tmp_path).read_bytes())
    copy = openpyxl.load_workbook(BytesIO(answer.content))
    assert copy.sheetnames == ["校验结果", "退役军人"]
    assert copy["退役军人"]["L3"].comment


@pytest.mark.parametrize("action", BUTTONS)
def test_a_button_gets_what_xlwings_is_to_do(endpoint: Served, tmp_path: Path, action: str) -> None:
    answer = endpoint.post(f"xlwings/{action}", vba_body(saved(tmp_path)))
    assert answer.status_code == 200
    functions = [one["func"] for one in answer.json()["actions"]]
    assert functions[-1] == "alert"
    if action == "check_all":
        assert {"addSheet", "setValues", "runMacro"} <= set(functions)


def test_a_button_shows_what_the_county_said(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    county.fill({"城关镇": ROWS})
    county.sync()
    with served(county) as running:
        answer = running.post("xlwings/show_feedback", vba_body(county.book("城关镇")))
    (values,) = [one["values"] for one in answer.json()["actions"] if one["func"] == "setValues"]
    assert "县里最近一次的反馈" in values[0][0]
    assert any("不是 11 位手机号" in str(cell) for line in values for cell in line)


def test_twenty_at_once_are_all_answered(endpoint: Served, tmp_path: Path) -> None:
    bodies = {name: vba_body(saved(tmp_path, name, [veteran(n) for n in range(100)])) for name in NAMES}
    clicks = [NAMES[n % 3] for n in range(20)]

    with ThreadPoolExecutor(20) as clerks:
        answers = clerks.map(lambda name: endpoint.post("xlwings/check_all", bodies[name], of=name), clicks)
        assert [answer.status_code for answer in answers] == [200] * 20


# What is handed in


def test_what_is_handed_in_takes_its_place_whole_and_the_earlier_one_is_kept(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    with served(county) as running:
        first, second = (saved(tmp_path, rows=ROWS[:n]).read_bytes() for n in (1, 2))
        answer = running.post("submit", first, "我的表.xlsx").json()
        assert (answer["new"], answer["errors"]) == (True, 0)
        assert county.book("城关镇").read_bytes() == first
        assert running.post("submit", first).json()["new"] is False
        assert files_of(county.folder / "上报") == {"城关镇.xlsx"}
        answer = running.post("submit", second).json()
        assert (answer["new"], answer["errors"]) == (True, 1)
        assert county.book("城关镇").read_bytes() == second
        (kept,) = (county.folder / "上报" / "历次上报").iterdir()
        assert kept.read_bytes() == first
        old_format = write_xls(tmp_path / "a.xls", workbook("城关镇", ROWS[:1])).read_bytes()
        assert running.post("submit", old_format, "a.xlsx").json()["new"] is True
    assert files_of(county.folder / "上报") & {"城关镇.xlsx", "城关镇.xls"} == {"城关镇.xls"}
    county.age(county.book("城关镇", ".xls"))
    report = next(line for line in county.sync().townships if line.name == "城关镇")
    assert (report.status, report.rows) == ("ok", 1)


def test_a_workbook_that_the_county_has_open_is_not_replaced(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    county.write("城关镇", workbook("城关镇", ROWS[:1]))
    before = county.book("城关镇").read_bytes()
    (county.folder / "上报" / "~$城关镇.xlsx").write_bytes(b"")
    with served(county) as running:
        answer = running.post("submit", saved(tmp_path).read_bytes())
        assert (answer.status_code, "县里正打开着" in answer.json()["message"]) == (409, True)
    assert county.book("城关镇").read_bytes() == before
    assert files_of(county.folder / "上报") == {"城关镇.xlsx", "~$城关镇.xlsx"}


def test_where_the_county_collects_elsewhere_a_workbook_can_be_checked_but_not_handed_in(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    text = county.settings.read_text("utf-8").replace('"上报/城关镇.xlsx"', '"smb://nas/share/城关镇.xlsx"')
    county.settings.write_text(text, "utf-8")
    with served(county) as running:
        assert running.post("check", saved(tmp_path).read_bytes()).status_code == 200
        answer = running.post("submit", saved(tmp_path).read_bytes())
    assert (answer.status_code, "不在这台电脑上" in answer.json()["message"]) == (409, True)


def test_a_workbook_with_nothing_to_read_is_not_taken(endpoint: Served, tmp_path: Path) -> None:
    empty = write_ods(tmp_path / "a.ods", {"草稿": RawSheet("草稿", (("随便",),))}).read_bytes()
    shown = endpoint.post("check", empty, "a.ods").json()
    assert (shown["readable"], shown["errors"]) == (False, 1)
    answer = endpoint.post("submit", empty, "a.ods")
    assert (answer.status_code, answer.json()["message"]) == (422, problem("F37").message)


# What is left behind


def test_nothing_is_left_of_a_workbook_that_was_not_handed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county = make_county(tmp_path / "county")
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(elsewhere))
    with served(county) as running:
        before = files_of(county.folder)
        assert running.post("check", saved(tmp_path).read_bytes()).status_code == 200
        assert running.post("copy", saved(tmp_path).read_bytes()).status_code == 200
        assert running.post("xlwings/check_all", vba_body(saved(tmp_path))).status_code == 200
        assert running.post("submit", saved(tmp_path, "石桥镇").read_bytes()).status_code == 403
        assert files_of(county.folder) - before == {"校验网页记录.jsonl"}
    assert files_of(elsewhere) == set()
    assert not (county.folder / ".taizhang.serve").exists()


def test_the_log_tells_what_was_done_and_nothing_personal(tmp_path: Path) -> None:
    county = make_county(tmp_path / "county")
    with served(county, each_minute=3) as running:
        running.post("check", saved(tmp_path).read_bytes(), "王一东.xlsx")
        running.post("submit", saved(tmp_path).read_bytes())
        running.post("xlwings/check_all", vba_body(saved(tmp_path)))
        often = running.post("check", b"")
        assert (often.status_code, "次数太多" in often.json()["message"]) == (429, True)
        assert running.post("check", b"", of="石桥镇").status_code == 422
        running.post("check", b"", token="no-such-token")
    lines = running.log()
    assert [(line["action"], line["township"], line["outcome"]) for line in lines] == [
        ("check", "990101001", "ok"),
        ("submit", "990101001", "ok"),
        ("check_all", "990101001", "ok"),
        ("check", "990101001", "often"),
        ("check", "990101002", "F26"),
        ("check", "", "token"),
    ]
    assert set(lines[0]) == {"at", "township", "token", "action", "bytes", "errors", "warnings", "outcome", "ms"}
    assert (lines[0]["bytes"], lines[0]["errors"]) == (len(saved(tmp_path).read_bytes()), 1)
    path = county.folder / "校验网页记录.jsonl"
    text = path.read_text("utf-8")
    told = (*running.tokens.values(), number(0), str(veteran(0)["name"]), "王一东", "1390000", "no-such", "127.0.0.1")
    assert [word for word in told if word in text] == []
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

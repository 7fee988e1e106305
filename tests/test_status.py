"""taizhang status, and /status of the endpoint as a browser shows it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest

from sync_service.service.status import county_status
from sync_service.service.words import ago, facts, size, state, trouble
from tests.browser import CHROMEDRIVER, browser
from tests.county import NOW, CountyOnDisk, make_county, number, veteran, workbook
from tests.endpoint import Served, served
from tests.program import taizhang

WRONG = number(3)[:17] + "?"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A county that was synced: one township has an error, one a broken file of a nasty name, one nothing, and a bureau."""
    made = make_county(tmp_path_factory.mktemp("county") / "清河县", bureau="上报/县本级.xlsx")
    made.write("城关镇", workbook("城关镇", [veteran(1), veteran(2), veteran(3, id_number=WRONG)]))
    made.settings.write_text(made.settings.read_text("utf-8").replace("上报/石桥镇", "上报/<b>石桥镇"), "utf-8")
    made.book("<b>石桥镇").write_bytes(b"broken")
    made.age(made.book("<b>石桥镇"))
    made.sync()
    with served(made) as running:
        yield running


@pytest.fixture(scope="module")
def county(endpoint: Served) -> CountyOnDisk:
    return endpoint.county


def get(endpoint: Served, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{endpoint.url}/{path}", headers=headers, timeout=60)


def test_each_township_is_told_with_its_rows_its_age_and_what_is_in_the_way(county: CountyOnDisk) -> None:
    found = county_status(county.setup, NOW + timedelta(hours=3))
    first, second, third, _ = found.townships
    assert (first.name, first.rows, first.errors, first.status) == ("城关镇", 2, 1, "ok")
    assert (ago(first.reached_at, found.at), state(first)) == ("3 小时前", "有错误待改")
    assert "<b>石桥镇.xlsx" in trouble(second)
    assert second.cure in trouble(second)
    assert (third.status, third.reached_at, trouble(third)) == ("F36", "", "")
    told = dict(facts(found))
    assert told["自动运行"].startswith("没有在运行")
    assert told["最近一次有变化"] == "第 1 次运行，3 小时前"
    assert told["登记库"] == size(found.store_bytes or 0)


def test_a_county_without_a_store_has_a_status_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    new = make_county(tmp_path_factory.mktemp("new") / "清河县")
    found = county_status(new.setup, NOW)
    assert {one.state for one in found.townships} == {"还没有收到"}
    assert not (new.folder / "taizhang.db").exists()


def test_the_command_shows_it_and_gives_it_to_programs(county: CountyOnDisk) -> None:
    shown = taizhang("status", "--county", county.settings).stdout
    assert "▲ 有错误待改" in shown
    assert "○ 还没有收到" in shown
    assert WRONG not in shown
    told = taizhang("status", "--json", "--county", county.settings).stdout
    assert [one["rows"] for one in orjson.loads(told)["townships"]] == [2, 0, 0, 0]


def test_the_endpoint_tells_whoever_sits_at_the_pc_or_holds_the_bureaus_password(endpoint: Served) -> None:
    assert get(endpoint, "status.json").json()["townships"][0]["rows"] == 2
    bureau = {"Authorization": endpoint.tokens["县本级"], "Host": "tz.example.cn"}
    assert get(endpoint, "status.json", **bureau).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "10.1.2.3"},
        {"Forwarded": "for=10.1.2.3"},
        {"Via": "1.1 proxy"},
        {"Host": "evil.example"},
        {"Authorization": "城关镇", "Host": "tz.example.cn"},
        {"Authorization": "wrong"},
    ],
)
def test_nobody_else_is_told(endpoint: Served, headers: dict[str, str]) -> None:
    if headers.get("Authorization") in endpoint.tokens:
        headers = headers | {"Authorization": endpoint.tokens[headers["Authorization"]]}
    for path in ("status", "status.json"):
        answer = get(endpoint, path, **headers)
        assert answer.status_code == 403
        assert "石桥" not in answer.text


def test_the_answers_say_to_browsers_what_the_others_say(endpoint: Served) -> None:
    page, other = get(endpoint, "status"), get(endpoint, "")
    for name in ("X-Frame-Options", "X-Content-Type-Options", "Cache-Control", "Referrer-Policy"):
        assert page.headers[name] == other.headers[name]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.skipif(not CHROMEDRIVER, reason="needs chromium-driver")
def test_the_page_shows_it_in_a_browser_and_nothing_in_it_is_markup(endpoint: Served) -> None:
    with browser() as window:
        window.open(f"{endpoint.url}/status")
        shown = window.text("main")
        assert "▲ 有错误待改" in shown
        assert "<b>石桥镇.xlsx" in shown
        assert window.run("return getComputedStyle(document.querySelector('th')).backgroundColor") == "rgb(31, 78, 121)"
        assert window.run("return document.querySelectorAll('tbody b').length") == 0
        assert window.complaints() == []


def test_a_moment_from_the_future_is_shown_as_what_it_is() -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    told = [ago((now - timedelta(seconds=s)).isoformat(), now.isoformat()) for s in (5, 300, 7200, 200_000, -3600)]
    assert told[:4] == ["刚才", "5 分钟前", "2 小时前", "2 天前"]
    assert "比电脑的时间还晚" in told[4]

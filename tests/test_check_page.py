"""The check page as a clerk uses it: a real browser, a real server, a real workbook."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.browser import CHROMEDRIVER, Browser, browser
from tests.county import make_county, veteran, workbook
from tests.drawn import write_xls, write_xlsx
from tests.endpoint import Served, served

pytestmark = [pytest.mark.skipif(not CHROMEDRIVER, reason="needs chromium-driver")]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make_county(tmp_path_factory.mktemp("county") / "清河县"), upload_mb=1) as running:
        yield running


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def window(endpoint: Served, opened: Browser) -> Iterator[Browser]:
    """The page, freshly opened."""
    opened.open(endpoint.url)
    opened.run("window.localStorage.clear()")
    opened.open(endpoint.url)
    yield opened
    assert [line for line in opened.complaints() if "Failed to load resource" not in line] == []


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A workbook with a telephone number that is too short, and a cell that would be markup."""
    rows = [veteran(0), veteran(1, phone="1390000"), veteran(2, political_status="<b>群众</b>")]
    return write_xlsx(tmp_path / "城关镇.xlsx", workbook("城关镇", rows))


def choose(window: Browser, path: Path, token: str = "") -> None:
    if token:
        window.type("#token", token)
    window.type("#file", str(path))


def test_a_workbook_is_checked_and_every_cell_named(endpoint: Served, window: Browser, wrong: Path) -> None:
    choose(window, wrong, endpoint.tokens["城关镇"])
    window.until("#says", "查好了")
    found = endpoint.post("check", wrong.read_bytes()).json()
    assert window.text("#errors") == str(found["errors"])
    assert window.text("#warnings") == str(found["warnings"])
    shown = window.text("#parts")
    for part in found["parts"]:
        for block in part["blocks"]:
            assert block["message"] in shown
            assert all(cell["cell"] in shown for cell in block["cells"])
    assert "<b>群众</b>" in shown


def test_the_marked_copy_is_downloaded(endpoint: Served, window: Browser, wrong: Path) -> None:
    choose(window, wrong, endpoint.tokens["城关镇"])
    window.until("#says", "查好了")
    window.click("#copy")
    window.until("#submitted", "副本已下载")
    (copy,) = window.downloads.glob("*.xlsx")
    assert copy.name == "城关镇_标注.xlsx"
    assert openpyxl.load_workbook(copy).sheetnames[0] == "校验结果"


def test_a_workbook_is_handed_in_only_by_the_button_and_after_a_question(
    endpoint: Served, window: Browser, tmp_path: Path
) -> None:
    book = write_xls(tmp_path / "石桥镇上报.xls", workbook("石桥镇", [veteran(3), veteran(4, phone="1")]))
    choose(window, book, endpoint.tokens["石桥镇"])
    window.until("#says", "查好了")
    place = endpoint.county.book("石桥镇", ".xls")
    assert not place.exists()
    window.click("#submit")
    asked = window.accept()
    assert "石桥镇上报.xls" in asked
    assert "处错误没有改" in asked
    window.until("#submitted", "已交给县里")
    assert place.read_bytes() == book.read_bytes()
    window.click("#submit")
    window.accept()
    window.until("#submitted", "内容一模一样")


def test_what_goes_wrong_is_said_on_the_page(endpoint: Served, window: Browser, wrong: Path, tmp_path: Path) -> None:
    def says(token: str) -> str:
        window.run("document.getElementById('token').value = ''")
        window.type("#token", f"{token}\t")
        return window.until("#says", "。")

    window.type("#file", str(wrong))
    assert window.text("#says") == "请先填①里的口令。"
    assert "口令不对" in says("aaaa-bbbb")
    assert "口令不对" in says("口令")
    assert "不是石桥镇的" in says(endpoint.tokens["石桥镇"])
    assert "查好了" in says(endpoint.tokens["城关镇"].upper().replace("-", " "))
    large = tmp_path / "大.xlsx"
    large.write_bytes(bytes(2**20 + 1))
    window.type("#file", str(large))
    assert "超过了 1 MB" in window.text("#says")
    page = tmp_path / "网页.xlsx"
    page.write_text("<html></html>", "utf-8")
    window.type("#file", str(page))
    window.until("#says", "它不是 Excel 表格")


def test_the_password_is_kept_on_this_pc_only_if_that_is_asked_for(endpoint: Served, window: Browser) -> None:
    window.type("#token", "abcd")
    window.open(endpoint.url)
    assert window.run("return document.getElementById('token').value") == ""
    window.click("#keep")
    window.type("#token", "abcd\t")
    window.open(endpoint.url)
    assert window.run("return document.getElementById('token').value") == "abcd"
    window.click("#keep")
    window.open(endpoint.url)
    assert window.run("return document.getElementById('token').value") == ""


def test_a_file_may_be_dropped_anywhere_on_the_page(endpoint: Served, window: Browser) -> None:
    window.type("#token", endpoint.tokens["城关镇"])
    window.run("""
        const carried = new DataTransfer();
        carried.items.add(new File(['no workbook'], '拖来的.xlsx'));
        document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
    """)
    window.until("#says", "打不开“拖来的.xlsx”")

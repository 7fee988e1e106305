"""Whatever a server answers, what is told of it is one of a few plain things, and nothing that it said."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sync_service.errors import TaizhangError
from sync_service.sources.access import Access, Account, account
from sync_service.sources.address import parse
from sync_service.sources.base import Item, Limits, Refused, SourceDown
from sync_service.sources.remote import RemoteFolders
from sync_service.sources.sftp import Sftp

SECRET = "Geheim-6174"
LISTING = """<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response><d:href>/ok/a.xlsx</d:href><d:propstat><d:prop>
<d:getcontentlength>5</d:getcontentlength><d:getlastmodified>Mon, 23 Nov 2026 01:00:00 GMT</d:getlastmodified>
<d:getetag>"1"</d:getetag><d:resourcetype/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"""


class _Moody(BaseHTTPRequestHandler):
    """Answers as the first part of the path says."""

    def _answer(self) -> None:
        mood = self.path.split("/")[1]
        if mood.isdigit():
            status, body = int(mood), f"<html>{SECRET}</html>".encode()
        elif mood == "html":
            status, body = 207, f"<html><p>{SECRET} log in".encode()
        elif mood == "cut":
            status, body = 207, LISTING[:-90].encode()
        else:
            status, body = 207, f"{LISTING}</d:multistatus>".encode()
        if self.command == "GET":
            self.send_response(200)
            self.send_header("Content-Length", "500000")
            self.end_headers()
            self.wfile.write(b"PK\3\4 half of it")
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PROPFIND = do_GET = do_HEAD = do_OPTIONS = _answer  # noqa: N815 - so the base class looks for them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
        pass


@pytest.fixture(scope="module")
def moody() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Moody) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"webdav://127.0.0.1:{server.server_port}"
        server.shutdown()


def folders(*addresses: str) -> RemoteFolders:
    return RemoteFolders(
        {str(n): parse(text) for n, text in enumerate(addresses)}, Account(user="a", password=SECRET), 3
    )


@pytest.mark.parametrize(
    ("mood", "code", "why"),
    [
        ("401", "F42", "账号或密码不对"),
        ("429", "F41", "请求太频繁"),
        ("500", "F41", "服务器回答 500"),
        ("503", "F41", "服务器回答 503"),
        ("302", "F41", "服务器回答 302"),
        ("html", "F41", "回答看不懂"),
        ("cut", "F41", "回答看不懂"),
    ],
)
def test_a_server_that_does_not_do_its_part_is_down(moody: str, mood: str, code: str, why: str) -> None:
    with pytest.raises(SourceDown) as caught:
        folders(f"{moody}/{mood}/a.xlsx").look()
    assert caught.value.problem.code == code
    assert why in caught.value.problem.message
    assert SECRET not in repr(caught.value) + str(caught.value.__cause__)


def test_a_folder_that_is_denied_takes_nothing_from_the_others(moody: str) -> None:
    denied, there = folders(f"{moody}/403/a.xlsx", f"{moody}/ok/a.xlsx").look()
    assert (denied.item, [one.code for one in denied.problems]) == (None, ["F42"])
    assert (there.item, there.problems) == (Item("1", "a.xlsx", f"{moody}/ok/a.xlsx"), ())


def test_a_missing_folder_is_a_missing_workbook(moody: str) -> None:
    (found,) = folders(f"{moody}/404/a.xlsx").look()
    assert (found.item, [one.code for one in found.problems]) == (None, ["F28"])


def test_an_answer_that_breaks_off_is_no_workbook(moody: str) -> None:
    source = folders(f"{moody}/ok/a.xlsx")
    with pytest.raises(Refused) as caught:
        source.read(Item("0", "a.xlsx", f"{moody}/ok/a.xlsx"), Limits())
    assert caught.value.problem.code in ("F26", "F41")


def test_a_server_without_its_known_key_is_not_talked_to() -> None:
    import asyncssh

    trouble = Sftp.explain(asyncssh.HostKeyNotVerifiable("no"))
    assert trouble is not None
    assert (trouble.kind, "密钥" in trouble.why) == ("down", True)


def accounts(folder: Path, text: str, mode: int = 0o600) -> Access:
    path = folder / "账号.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return Access(path)


def test_an_account_is_found_by_its_server_and_files_beside_the_accounts(tmp_path: Path) -> None:
    access = accounts(tmp_path, '["h.cn"]\nuser = "甲"\npassword = "p"\nkey = "id"\n["乙@h.cn"]\npassword = "q"\n')
    first = account(access, parse("sftp://h.cn/上报/a.xlsx"))
    assert (first.user, first.password, first.key) == ("甲", "p", str(tmp_path / "id"))
    second = account(access, parse("sftp://乙@h.cn/上报/a.xlsx"))
    assert (second.user, second.password) == ("乙", "q")
    assert account(access, parse("sftp://anders.cn/a.xlsx")) == Account()


def test_a_password_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_PASSWORD_H_CN_8443", SECRET)
    access = accounts(tmp_path, '["h.cn:8443"]\nuser = "甲"\n')
    assert account(access, parse("webdavs://h.cn:8443/a.xlsx")).password == SECRET
    assert SECRET not in repr(account(access, parse("webdavs://h.cn:8443/a.xlsx")))


@pytest.mark.skipif("os.name == 'nt'", reason="Windows keeps elsewhere who may read a file")
def test_an_accounts_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="别人也能读它") as caught:
        account(accounts(tmp_path, "", 0o640), parse("sftp://h.cn/a.xlsx"))
    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize("text", [f'password = "{SECRET}', f'["h.cn"]\npasswort = "{SECRET}"\n', f'x = "{SECRET}"'])
def test_a_broken_accounts_file_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(TaizhangError, match="写法不对") as caught:
        account(accounts(tmp_path, text), parse("sftp://h.cn/a.xlsx"))
    assert SECRET not in str(caught.value) + caught.value.hint + repr(caught.value.__cause__)


def test_a_missing_accounts_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="账号"):
        account(Access(tmp_path / "账号.toml"), parse("sftp://h.cn/a.xlsx"))

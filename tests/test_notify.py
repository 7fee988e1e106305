"""Laws of telling people: what needs somebody is told once and in time, nothing personal leaves, and no failure stops anything."""

import asyncio
import base64
import hashlib
import hmac
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.soak_service import START, SimulatedClock
from sync_service.backup.keeping import keep
from sync_service.moments import moment
from sync_service.notify.digest import Told, message_for, owing
from sync_service.notify.robots import MOST_BYTES, shortened
from sync_service.notify.situation import Concern, situation
from sync_service.notify.telling import tell
from sync_service.service.runner import Runner
from sync_service.store.pulls import Night, Pull
from tests.county import NAMES, NOW, CountyOnDisk, make_county, number, veteran, workbook
from tests.ports import free_port

HOUR = timedelta(hours=1)
HELD, DOWN = Concern("held/1", "城关镇：有 30 行待确认删除。", 30), Concern("unreachable/2", "石桥镇：没有读到。")


def told_over(*moments: tuple[float, Sequence[Concern]], hours: float = 4) -> list[tuple[float, str]]:
    """What is said when at each hour these things need somebody, and every message gets through."""
    told, said = Told(), []
    for hour, concerns in moments:
        message, told = message_for(told, concerns, "清河县", NOW + hour * HOUR, hours)
        if message:
            said.append((hour, message.text))
    return said


def test_something_new_is_told_at_once_and_then_rests() -> None:
    said = told_over((0, []), (1, [HELD]), (2, [HELD]), (10, [HELD]))
    assert [hour for hour, _ in said] == [1]
    assert "新的：\n· 城关镇：有 30 行待确认删除。" in said[0][1]
    assert said[0][1].startswith("【台账】清河县：有 1 件事要人管")


def test_what_changes_soon_after_waits_and_goes_together() -> None:
    said = told_over((0, [HELD]), (1, [HELD, DOWN]), (2, [DOWN]), (4, [DOWN]), (5, [DOWN]))
    assert [hour for hour, _ in said] == [0, 4]
    assert "新的：\n· 石桥镇" in said[1][1]
    assert "已经好了，不用管了：\n· 城关镇" in said[1][1]


def test_what_still_stands_is_told_again_once_a_day() -> None:
    assert [hour for hour, _ in told_over(*((hour, [HELD]) for hour in range(60)))] == [0, 24, 48]


def test_what_is_settled_is_told_once() -> None:
    said = told_over((0, [HELD]), *((hour, []) for hour in range(5, 60)))
    assert [hour for hour, _ in said] == [0, 5]
    assert said[1][1].splitlines()[0] == "【台账】清河县：没有要人管的事"


def test_what_came_and_went_between_two_messages_is_never_told() -> None:
    assert [hour for hour, _ in told_over((0, [HELD]), (1, [HELD, DOWN]), (2, [HELD]), (9, [HELD]))] == [0]


def test_more_of_it_is_told_and_less_is_not() -> None:
    fewer, more = Concern("held/1", "29 行", 29), Concern("held/1", "31 行", 31)
    assert [hour for hour, _ in told_over((0, [HELD]), (5, [fewer]), (6, [more]))] == [0, 6]


def test_a_clock_set_back_does_not_silence_anything() -> None:
    assert [hour for hour, _ in told_over((0, [HELD]), (-24 * 300, [HELD, DOWN]))] == [0, -24 * 300]


def test_the_morning_s_words_are_told_even_if_nobody_is_needed_and_only_once() -> None:
    message, after = message_for(owing(Told(), "早报：12 个单位"), [], "清河县", NOW, 4)
    assert message
    assert message.lines == ("早报：12 个单位",)
    assert message_for(after, [], "清河县", NOW + 2 * HOUR, 4)[0] is None


def test_a_long_list_fits_into_a_robot_s_message_and_says_that_it_was_cut() -> None:
    many = [Concern(f"held/{n}", f"{n:03d}镇：" + "有很多行待确认" * 20) for n in range(60)]
    message, _ = message_for(Told(), many, "清河县", NOW, 4)
    assert message
    assert "……还有 40 件" in message.text
    assert len(shortened(message.text).encode()) <= MOST_BYTES
    assert "太长" in shortened(message.text)


class Group(ThreadingHTTPServer):
    """A robot's server: keeps what it was sent, and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
        self.status = 200

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Answering(BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        pass


@pytest.fixture
def group() -> Iterator[Group]:
    server = Group()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Post:
    """A mail server that speaks just enough SMTP, and asks for a password."""

    def __init__(self) -> None:
        self.port, self.mails, self.login = free_port(), list[bytes](), ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif word == b"AUTH":
                self.login = base64.b64decode(line.split()[2]).decode()
                writer.write(b"235 ok\r\n" if self.login.endswith("geheim") else b"535 no\r\n")
            elif word == b"DATA":
                writer.write(b"354 go\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 ok\r\n")
            else:
                writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        writer.close()


@pytest.fixture
def post() -> Iterator[Post]:
    desk, loop = Post(), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(desk.serve, "127.0.0.1", desk.port))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield desk
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


@pytest.fixture(scope="module")
def synced_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = make_county(tmp_path_factory.mktemp("notify") / "county")
    county.fill({NAMES[0]: [veteran(n) for n in range(5)]})
    county.sync()
    return county.folder


@pytest.fixture
def synced(synced_once: Path, tmp_path: Path) -> CountyOnDisk:
    """A county after its first run, with nothing to worry about but that it has no backup."""
    return CountyOnDisk(Path(shutil.copytree(synced_once, tmp_path / "synced")))


def configure(county: CountyOnDisk, accounts: str = "", **settings: object) -> None:
    """Sets these values of [notify], and writes the accounts file."""
    text = county.settings.read_text("utf-8").replace('passwords = ""', 'passwords = "账号.toml"')
    head, section, rest = text.partition("[notify]\n")
    lines = rest.split("\n")
    for name, value in settings.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{name} = "))
        lines[at] = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    county.settings.write_text(head + section + "\n".join(lines), "utf-8")
    (county.folder / "账号.toml").write_text(accounts, "utf-8")
    (county.folder / "账号.toml").chmod(0o600)


def with_robots(county: CountyOnDisk, group: Group, robots: Sequence[str] = ("企业微信",), **settings: object) -> None:
    sections = [f'["{robot}"]\nurl = "{group.url("/send?key=geheim")}"\npassword = "SECx"\n' for robot in robots]
    configure(county, "\n".join(sections), robots=list(robots), **settings)


def trouble(county: CountyOnDisk) -> None:
    """Thirty rows of a named person's neighbours vanish at once, and one person stands in two townships."""
    county.fill({NAMES[0]: [veteran(n) for n in range(30)], NAMES[1]: [veteran(0)]})
    county.sync()
    county.write(NAMES[0], workbook(NAMES[0], [veteran(0)]))
    county.sync(NOW + HOUR)
    keep(county.setup, NOW + HOUR, "nightly")


def texts(group: Group) -> list[str]:
    return [str(body["text"]["content"]) for _, body in group.asked]  # type: ignore[index]


def test_each_maker_s_robot_gets_its_own_form_and_signature(county: CountyOnDisk, group: Group) -> None:
    with_robots(county, group, ("企业微信", "钉钉", "飞书值班群"))
    group.answer = b'{"errcode": 0, "code": 0}'
    assert [one.trouble for one in tell(county.setup, county.forms, NOW, also=[HELD])] == ["", "", ""]
    (plain, wecom), (signed, dingtalk), (path, feishu) = group.asked
    assert plain == path == "/send?key=geheim"
    assert wecom["msgtype"] == dingtalk["msgtype"] == "text"
    assert wecom["text"] == dingtalk["text"] == {"content": feishu["content"]["text"]}  # type: ignore[index]
    given = {name: values[0] for name, values in parse_qs(urlsplit(signed).query).items()}
    assert given["timestamp"] == str(int(NOW.timestamp() * 1000))
    assert given["sign"] == _signed(b"SECx", f"{given['timestamp']}\nSECx".encode())
    assert feishu["msg_type"] == "text"
    assert feishu["sign"] == _signed(f"{int(NOW.timestamp())}\nSECx".encode(), b"")


def _signed(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def test_held_rows_and_conflicts_are_told_in_counts_and_names_of_townships_and_nothing_personal(
    county: CountyOnDisk, group: Group
) -> None:
    trouble(county)
    with_robots(county, group)
    tell(county.setup, county.forms, NOW + 2 * HOUR)
    (text,) = texts(group)
    assert "城关镇：有 29 行待确认" in text
    assert "重复与冲突" in text
    for row in (veteran(n) for n in range(30)):
        assert not [value for value in (row["name"], row["id_number"], row["phone"]) if str(value) in text]
    assert number(0)[-6:] not in text


def test_a_restart_repeats_nothing_and_a_failed_message_is_due_again(county: CountyOnDisk, group: Group) -> None:
    with_robots(county, group)
    group.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    (failed,) = tell(county.setup, county.forms, NOW, also=[HELD])
    assert "没有收（93000）" in failed.trouble
    assert "geheim" not in failed.trouble
    group.answer = b'{"errcode": 0}'
    assert [one.trouble for one in tell(county.setup, county.forms, NOW, also=[HELD])] == [""]
    assert tell(county.setup, county.forms, NOW + HOUR, also=[HELD]) == []


def test_one_channel_s_failure_keeps_nothing_from_the_others(county: CountyOnDisk, group: Group) -> None:
    with_robots(county, group, ("企业微信", "飞书"))
    text = (county.folder / "账号.toml").read_text("utf-8").replace(f":{group.server_port}", f":{free_port()}", 1)
    (county.folder / "账号.toml").write_text(text, "utf-8")
    down, up = tell(county.setup, county.forms, NOW, also=[HELD])
    assert ("连不上" in down.trouble, up.trouble) == (True, "")
    assert [one.channel for one in tell(county.setup, county.forms, NOW + HOUR, also=[HELD])] == ["企业微信"]


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [(b"<html>", 502, "看不懂（HTTP 502）"), (b"[]", 200, "没有收"), (b"", 302, "看不懂（HTTP 302）")],
)
def test_an_answer_that_is_none_counts_as_not_delivered(
    county: CountyOnDisk, group: Group, answer: bytes, status: int, words: str
) -> None:
    with_robots(county, group)
    group.answer, group.status = answer, status
    (failed,) = tell(county.setup, county.forms, NOW, also=[HELD])
    assert words in failed.trouble


def test_a_morning_that_does_not_get_through_is_owed(synced: CountyOnDisk, group: Group) -> None:
    keep(synced.setup, NOW, "nightly")
    with_robots(synced, group)
    group.status, group.answer = 500, b""
    assert tell(synced.setup, synced.forms, NOW, morning=True)[0].trouble
    group.status, group.answer = 200, b'{"errcode": 0}'
    tell(synced.setup, synced.forms, NOW + HOUR)
    assert "早报：3 个单位，5 行；还有 0 处错误" in texts(group)[-1]
    assert tell(synced.setup, synced.forms, NOW + 2 * HOUR) == []


def test_a_robot_without_its_section_is_told_with_the_cure(county: CountyOnDisk) -> None:
    configure(county, robots=["钉钉"])
    (failed,) = tell(county.setup, county.forms, NOW, also=[HELD])
    assert '["钉钉"]' in failed.trouble


def test_an_accounts_file_that_others_can_read_stops_the_message_and_nothing_else(
    county: CountyOnDisk, group: Group
) -> None:
    with_robots(county, group)
    (county.folder / "账号.toml").chmod(0o644)
    (failed,) = tell(county.setup, county.forms, NOW, also=[HELD])
    assert "chmod 600" in failed.trouble
    assert group.asked == []


def test_mail_goes_out_with_the_password_of_the_accounts_file(county: CountyOnDisk, post: Post) -> None:
    account = '["127.0.0.1"]\nuser = "tz@example.cn"\npassword = "geheim"\n'
    mail = {"mail_to": ["a@example.cn", "b@example.cn"], "mail_from": "tz@example.cn", "mail_server": "127.0.0.1"}
    configure(county, account, **mail, mail_port=post.port, mail_security="none")
    assert [one.trouble for one in tell(county.setup, county.forms, NOW, also=[HELD])] == [""]
    assert post.login == "\0tz@example.cn\0geheim"
    letter = message_from_bytes(post.mails[0], policy=default)
    assert letter["Subject"] == "【台账】清河县：有 1 件事要人管"
    assert letter["To"] == "a@example.cn, b@example.cn"
    assert "城关镇：有 30 行" in letter.get_content()


@pytest.mark.parametrize(
    ("password", "security", "words"),
    [("falsch", "none", "不认账号或授权码"), ("geheim", "starttls", "不肯加密")],
)
def test_a_mail_server_that_refuses_is_told_and_never_quotes_the_password(
    county: CountyOnDisk, post: Post, password: str, security: str, words: str
) -> None:
    account = f'["127.0.0.1"]\nuser = "tz@example.cn"\npassword = "{password}"\n'
    mail = {"mail_to": ["a@example.cn"], "mail_server": "127.0.0.1", "mail_port": post.port}
    configure(county, account, **mail, mail_security=security)
    (failed,) = tell(county.setup, county.forms, NOW, also=[HELD])
    assert words in failed.trouble
    assert password not in failed.trouble
    assert post.mails == []


@contextmanager
def remembered(county: CountyOnDisk, *pulls: Pull, night: Night | None = None) -> Iterator[None]:
    with closing(county.store()) as store:
        store.pulled(pulls)
        if night:
            store.night_done(night)
    yield


def keys(county: CountyOnDisk, now: datetime = NOW) -> set[str]:
    return {one.key for one in situation(county.setup, now)}


def test_a_township_that_was_reached_before_and_is_not_for_a_day_needs_somebody(synced: CountyOnDisk) -> None:
    def pull(code: str, hours: float, reached: str = "2026-11-01T00:00:00Z") -> Pull:
        return Pull(code, moment(NOW), reached, "F41", 3, moment(NOW - hours * HOUR), moment(NOW))

    keep(synced.setup, NOW, "nightly")
    with remembered(synced, pull("990101001", 25), pull("990101002", 23), pull("990101003", 90, "")):
        (one,) = situation(synced.setup, NOW)
    assert one.key == "unreachable/990101001"
    assert "城关镇：从11月22日" in one.text


def test_a_night_or_a_backup_that_failed_needs_somebody(synced: CountyOnDisk) -> None:
    with remembered(synced, night=Night("2026-11-23", moment(NOW), "backup")):
        assert keys(synced) == {"night", "backup"}
        keep(synced.setup, NOW, "nightly")
        assert keys(synced, NOW + 25 * HOUR) == {"night"}
        assert keys(synced, NOW + 27 * HOUR) == {"night", "backup"}


def test_a_store_that_cannot_be_used_is_told_too(synced: CountyOnDisk, group: Group) -> None:
    keep(synced.setup, NOW, "nightly")
    (synced.folder / "taizhang.db").write_bytes(b"no database" * 5000)
    with_robots(synced, group)
    tell(synced.setup, synced.forms, NOW, morning=True)
    assert "登记库损坏了" in texts(group)[0]
    assert "taizhang restore" in texts(group)[0]


def test_what_cannot_be_written_down_is_told_once_all_the_same(county: CountyOnDisk, group: Group) -> None:
    with_robots(county, group)
    (county.folder / ".taizhang.notify.json").mkdir()  # nothing can take its place
    tell(county.setup, county.forms, NOW, also=[HELD])
    tell(county.setup, county.forms, NOW + HOUR, also=[HELD])
    assert len(group.asked) == 1


def test_before_the_first_run_nothing_can_have_failed(county: CountyOnDisk) -> None:
    assert keys(county) == set()


def test_with_nobody_to_tell_nothing_is_looked_at(county: CountyOnDisk) -> None:
    (county.folder / "taizhang.db").write_bytes(b"no database" * 5000)
    assert tell(county.setup, county.forms, NOW, also=[HELD], morning=True) == []


def test_a_service_that_cannot_store_anything_any_more_says_so(
    synced: CountyOnDisk, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_service.store.engine.BUSY_MILLISECONDS", 20)
    keep(synced.setup, NOW, "nightly")
    with_robots(synced, group)
    clock = SimulatedClock((NOW - START).total_seconds())
    runner = Runner(synced.settings, clock, Random(1))
    synced.write(NAMES[0], workbook(NAMES[0], [veteran(1)]))
    with closing(sqlite3.connect(synced.folder / "taizhang.db", isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        for _ in range(40):
            clock.sleep(max(60, runner.tick()))
    assert any("自动读取连着几次没有做成" in text for text in texts(group))

"""What the endpoint stands: killed processes, slow and greedy clients, full lines; and how it starts and ends."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync_service.tokens import Tokens
from tests.county import NAMES, CountyOnDisk, make_county, veteran, workbook
from tests.drawn import write_xlsx
from tests.endpoint import Served, served, set_up
from tests.ports import free_port
from tests.program import STARTED_ANEW, taizhang

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")


@pytest.fixture
def county(tmp_path: Path) -> CountyOnDisk:
    return make_county(tmp_path / "county")


def saved(folder: Path, rows: int = 3, township: str = "城关镇") -> bytes:
    drawn = workbook(township, [veteran(n) for n in range(rows)])
    return write_xlsx(folder / f"{township}.xlsx", drawn).read_bytes()


def checkers(running: Served) -> list[int]:
    """The ids of the checking processes."""
    listed = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text("utf-8")
    return [int(child) for child in listed.split()]


def worked(process: int) -> int:
    """How long a process has been at work, in ticks of its system."""
    _, _, fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(") ")
    return sum(int(field) for field in fields.split()[11:13])


@LINUX
def test_a_process_that_dies_takes_one_check_along_and_is_replaced(county: CountyOnDisk, tmp_path: Path) -> None:
    with served(county) as running, ThreadPoolExecutor(1) as clerk:
        (idle,) = checkers(running)
        os.kill(idle, signal.SIGKILL)
        assert running.post("check", saved(tmp_path)).status_code == 200, "nobody notices that an idle one died"
        (busy,) = checkers(running)
        assert busy != idle
        before = worked(busy)
        waiting = clerk.submit(running.post, "check", saved(tmp_path, 3000))
        while worked(busy) == before:
            time.sleep(0.01)
        os.kill(busy, signal.SIGKILL)
        answer = waiting.result()
        assert (answer.status_code, "已损坏" in answer.json()["message"]) == (422, True)
        assert running.post("check", saved(tmp_path)).status_code == 200
        assert busy not in checkers(running)


def test_a_check_that_takes_too_long_is_ended(county: CountyOnDisk, tmp_path: Path) -> None:
    with served(county, seconds=0.01) as running:
        for _ in range(3):
            answer = running.post("check", saved(tmp_path, 500))
            assert answer.status_code == 504
            assert answer.json()["message"] == "工作簿太复杂，0.01 秒还没有查完"


def test_when_the_line_is_full_those_behind_are_asked_to_come_again(county: CountyOnDisk, tmp_path: Path) -> None:
    bodies = {name: saved(tmp_path, 1500, name) for name in NAMES}
    with served(county, waiting=2) as running, ThreadPoolExecutor(9) as clerks:
        answers = list(clerks.map(lambda n: running.post("check", bodies[NAMES[n % 3]], of=NAMES[n % 3]), range(9)))
        told = [answer for answer in answers if answer.status_code == 503]
        assert {answer.status_code for answer in answers} == {200, 503}
        assert told[0].json()["message"] == "这会儿校验的人太多，排不上队"
        assert running.post("check", bodies["城关镇"]).status_code == 200


def test_who_tries_too_many_wrong_passwords_waits_and_the_others_do_not(county: CountyOnDisk, tmp_path: Path) -> None:
    with served(county) as running:
        tried = [running.post("check", b"", token=f"wrong-{n}").status_code for n in range(12)]
        assert tried == [403] * 10 + [429] * 2
        assert "次数太多" in running.post("check", b"", token="wrong").json()["message"]
        assert running.post("check", saved(tmp_path)).status_code == 200
        outcomes = [line["outcome"] for line in running.log()]
        assert outcomes == ["token"] * 10 + ["ok"], "whoever rattles at the door does not fill the disk"


def test_a_password_that_is_revoked_opens_nothing_from_that_moment_on(county: CountyOnDisk, tmp_path: Path) -> None:
    with served(county) as running:
        assert running.post("check", saved(tmp_path)).status_code == 200
        used = [token.used for token in Tokens(county.folder / "taizhang.tokens").all()]
        assert used.count("") == 2
        assert taizhang("tokens", "revoke", "城关镇", "--county", county.settings).returncode == 0
        assert running.post("check", saved(tmp_path)).status_code == 403


def _until_closed(asking: socket.socket) -> bytes:
    """Everything that comes until the server ends the connection."""
    received = b""
    try:
        while part := asking.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


@pytest.mark.slow
def test_clients_that_dawdle_are_let_go(county: CountyOnDisk, tmp_path: Path) -> None:
    def dawdle(begun: bytes) -> tuple[float, bytes]:
        with socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2]))) as asking:
            asking.settimeout(60)
            asking.sendall(begun)
            start = time.monotonic()
            return time.monotonic() - start, _until_closed(asking)

    with served(county) as running, ThreadPoolExecutor(4) as clients:
        head = f"POST /check HTTP/1.1\r\nHost: a\r\nAuthorization: {running.tokens['城关镇']}\r\n"
        begun = (b"", head.encode(), f"{head}Content-Length: 1000\r\n\r\nPK".encode())
        silent, headers, body = clients.map(dawdle, begun)
        assert running.post("check", saved(tmp_path)).status_code == 200
    assert (silent[1], headers[1]) == (b"", b"")
    assert body[1].startswith(b"HTTP/1.1 408 ")
    assert "网络太慢，工作簿没有传完" in body[1].decode()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "证书.pem", folder / "私钥.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def test_with_a_certificate_nothing_is_sent_in_the_clear(county: CountyOnDisk, tmp_path: Path) -> None:
    certificate, private = _certificate(county.folder)
    with served(county, scheme="https", certificate=certificate.name, key=private.name) as running:
        trusting = ssl.create_default_context(cafile=certificate)
        headers = {"Authorization": running.tokens["城关镇"]}
        answer = httpx.post(f"{running.url}/check", content=saved(tmp_path), headers=headers, verify=trusting)
        assert answer.status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(running.url.replace("https", "http"))


def test_what_keeps_it_from_being_served_is_told_with_its_cure(county: CountyOnDisk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        set_up(county, port=taken.getsockname()[1])
        told = taizhang("serve", "--county", county.settings)
        assert (told.returncode, "端口" in told.stderr, "怎么办" in told.stderr) == (2, True, True)
    set_up(county, port=free_port(), certificate="没有.pem")
    told = taizhang("serve", "--county", county.settings)
    assert (told.returncode, "证书用不了" in told.stderr) == (2, True)
    set_up(county, certificate="", host="不是地址")
    assert taizhang("serve", "--county", county.settings).returncode == 2
    set_up(county, host="127.0.0.1", at_once=0)
    assert "endpoint.at_once = 0 不行" in taizhang("serve", "--county", county.settings).stderr
    assert not (county.folder / ".taizhang.serve").exists()


def test_a_county_is_served_once(county: CountyOnDisk) -> None:
    with served(county):
        set_up(county, port=free_port())
        told = taizhang("serve", "--county", county.settings)
    assert (told.returncode, "已经有一个 taizhang serve" in told.stderr) == (2, True)


@pytest.fixture
def left(county: CountyOnDisk) -> Path:
    """What a server that was killed left of a copy that it was making."""
    folder = county.folder / ".taizhang.serve" / "0123"
    folder.mkdir(parents=True)
    (folder / "copy.xlsx").write_bytes(b"PK")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="sends Ctrl-C")
def test_it_ends_by_ctrl_c_and_takes_its_processes_and_traces_along(county: CountyOnDisk, left: Path) -> None:
    port = free_port()
    set_up(county, port=port)
    command = [sys.executable, "-c", STARTED_ANEW, "serve", "--county", str(county.settings)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    ) as process:
        assert process.stdout
        said = process.stdout.readline().decode()
        assert f"校验网页已打开：http://127.0.0.1:{port}" in said
        assert "还没有哪个乡镇有口令" in process.stdout.readline().decode()
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        assert not left.exists()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert "校验网页已停止" in process.stdout.read().decode()
    assert not (county.folder / ".taizhang.serve").exists()

"""Real servers on loopback, each on a folder of its own, that can be stopped, started again and made to keep silent."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from tests.ports import free_port

PASSWORD = "Geheim-6174-密码"
"""What may appear nowhere."""


@dataclass
class Server:
    """A server that `command` starts. `url` leads to the folder, as county.toml says it; `account` is for the accounts file."""

    folder: Path
    port: int
    url: str
    command: Sequence[str]
    account: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it, if it does not run, and waits until it answers."""
        if self._process is None:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def _signal(self, number: int) -> None:
        if self._process:
            os.killpg(self._process.pid, number)

    def stop(self) -> None:
        """Takes it down at once."""
        if self._process:
            if os.name == "posix":  # smbd has children
                self._signal(signal.SIGKILL)
            else:
                self._process.kill()
            self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None

    def silence(self) -> None:
        """It still takes connections, as the kernel does that, and says nothing more."""
        self._signal(signal.SIGSTOP)

    def speak(self) -> None:
        """It goes on."""
        self._signal(signal.SIGCONT)


def webdav(folder: Path) -> Server:
    shared, port = folder / "shared", free_port()
    shared.mkdir()
    command = [sys.executable, "-m", "tests.conformance.webdav_server", str(shared), str(port), PASSWORD]
    account = {"user": "clerk", "password": PASSWORD}
    return Server(shared, port, f"webdav://127.0.0.1:{port}/dav", command, account)


def sftp(folder: Path) -> Server:
    shared, port = folder / "shared", free_port()
    shared.mkdir()
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "host")
    known = folder / "known_hosts"
    known.write_bytes(f"[127.0.0.1]:{port} ".encode() + key.export_public_key())
    module = "tests.conformance.sftp_server"
    command = [sys.executable, "-m", module, str(shared), str(port), PASSWORD, str(folder / "host")]
    account = {"user": "clerk", "password": PASSWORD, "known_hosts": str(known)}
    return Server(shared, port, f"sftp://127.0.0.1:{port}", command, account)


def csv_service(folder: Path) -> Server:
    shared, port = folder / "shared", free_port()
    shared.mkdir()
    command = [sys.executable, "-m", "tests.conformance.csv_server", str(shared), str(port), PASSWORD]
    return Server(shared, port, f"csvs://127.0.0.1:{port}", command, {"password": PASSWORD})


def smbd() -> str | None:
    """Debian's Samba server, if it is here."""
    return shutil.which("smbd", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


def smb(folder: Path) -> Server:
    shared, port, program = folder / "shared", free_port(), smbd()
    assert program
    for name in (shared, *(folder / part for part in ("private", "lock", "state", "cache", "pid", "ncalrpc"))):
        name.mkdir()
    conf = folder / "smb.conf"
    conf.write_text(
        f"""[global]
server role = standalone server
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = {port}
disable netbios = yes
disable spoolss = yes
load printers = no
passdb backend = tdbsam:{folder}/private/passdb.tdb
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
log file = {folder}/log
[shared]
path = {shared}
read only = no
""",
        "utf-8",
    )
    subprocess.run(
        ["pdbedit", "-s", str(conf), "-a", "-t", "-u", "root"],
        input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
        check=True,
        capture_output=True,
    )
    command = [program, "-F", "--no-process-group", "-s", str(conf)]
    return Server(shared, port, f"smb://127.0.0.1:{port}/shared", command, {"user": "root", "password": PASSWORD})

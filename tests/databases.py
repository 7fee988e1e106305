"""Databases to test the store with: SQLite, and PostgreSQL where its server is installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_NUMBERS = count(1)


def _programs() -> Path:
    """The folder of the server's programs; the test is skipped where there is none."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not (found or debian):
        pytest.skip("the PostgreSQL server is not installed (Debian: apt-get install postgresql)")
    return Path(found).parent if found else debian[-1].parent


def _owner() -> str | None:
    """The account to run the server as: it refuses to run as root."""
    if os.name == "nt" or os.geteuid():
        return None
    import pwd  # POSIX only

    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no account postgres")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A server of its own in a temporary folder, reached by a socket: the folder of the socket."""
    programs, owner = _programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="taizhang-"))
    try:
        if owner:
            shutil.chown(folder, owner)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)

        run("initdb", "-A", "trust", "-U", "taizhang", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def postgresql_database(server: str) -> str:
    """The URL of a new, empty database on a server."""
    name = f"taizhang_{next(_NUMBERS)}"
    with psycopg.connect(host=server, user="taizhang", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://taizhang@/{name}?host={server}"

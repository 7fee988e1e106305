"""Fixtures that several test modules share."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sync_service.store import Store
from tests.allowed_skips import REASON
from tests.databases import postgresql_database, postgresql_server
from tests.stored import COUNTY

# Drawing is slow now and then, for LibreOffice works beside it.
settings.register_profile("taizhang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("taizhang")

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""In bytes; what the tests have open at one time is a tenth of it."""


def pytest_configure() -> None:
    """Where memory has room for them, and lets programs be run from there, the tests' files lie in it: what a disk keeps when
    the power goes is not told here, but in benchmarks/soak.py, and waiting for the disk is a part of each run."""
    if sys.platform == "linux" and MEMORY.is_dir():
        runs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        if runs and shutil.disk_usage(MEMORY).free > ROOM:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: a worker that begins one of them last keeps the others waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'taizhang.db'}"
    return postgresql_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url, COUNTY) as opened:
        yield opened


def _lost(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """The tests that were skipped although what they need can be installed; a reason is (file, line, text)."""
    skipped = reporter.stats.get("skipped", [])
    return [one for one in skipped if REASON not in str(one.longrepr)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where everything is installed (.ci/run says so), a skipped test is a test that was lost."""
    skipped = _lost(terminalreporter)
    if skipped and os.environ.get("TAIZHANG_NO_SKIPS"):
        terminalreporter.write_line(f"{len(skipped)} tests were skipped, and none may be here", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fails the run for the same reason."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = _lost(reporter) if reporter else []
    if skipped and os.environ.get("TAIZHANG_NO_SKIPS") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

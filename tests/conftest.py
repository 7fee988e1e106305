"""Fixtures that several test modules share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_service.store import Store
from tests.databases import postgresql_database, postgresql_server
from tests.stored import COUNTY


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

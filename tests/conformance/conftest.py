"""Every law of the suite is run on every kind of place that can do what the law needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.stages import STAGES, Hall, Stage


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stage" in metafunc.fixturenames:
        needed = [name for mark in metafunc.definition.iter_markers("needs") for name in mark.args]
        kinds = [kind for kind, (made, _) in STAGES.items() if all(hasattr(made, name) for name in needed)]
        metafunc.parametrize("stage", kinds, indirect=True)


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.close()


@pytest.fixture
def stage(request: pytest.FixtureRequest, hall: Hall, tmp_path: Path) -> Iterator[Stage]:
    stage = STAGES[request.param][1](hall, tmp_path)
    yield stage
    stage.close()

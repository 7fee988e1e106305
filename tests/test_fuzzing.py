"""Whatever is wrong with a workbook, it is read or refused: nothing of ours falls over it (benchmarks/fuzz.py goes on for longer)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_service.sources.crew import run_all
from sync_service.sources.worker import Failure
from tests.fuzzing import BASES, LIMITS, judged, spoiled

REFUSALS = {"F01", "F02", "F26", "F30", "F32", "F47"}


@pytest.mark.parametrize("name", BASES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_spoiled_workbook_is_read_or_refused(name: str, seed: int) -> None:
    ((_, outcome),) = run_all(judged, [(name, spoiled(name, seed))], LIMITS)
    if isinstance(outcome, Failure):
        assert outcome.kind != "time", "so small a file must not take so long"
    else:
        assert outcome in REFUSALS | {"read"}


@pytest.mark.parametrize("name", BASES)
def test_a_sound_workbook_is_read(name: str) -> None:
    assert judged(name, BASES[name]()) == "read"

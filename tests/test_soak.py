"""The soak in small: benchmarks/soak.py is the long one."""

import os
from pathlib import Path

import pytest

from benchmarks.soak import soak

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")]


def test_after_edits_faults_and_power_cuts_the_store_is_what_the_files_say_and_no_night_is_lost(tmp_path: Path) -> None:
    result = soak(tmp_path / "county", townships=2, days=1, seed=5, progress=print, cuts=0.9)
    assert result.wrong == []
    assert result.kills
    assert result.edits
    assert result.nights == 3, "the one before, one, and one more in which all is mended"

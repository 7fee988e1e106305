"""Skipping a test that needs what cannot be installed, even where no test may be skipped (see conftest.py)."""

from typing import NoReturn

import pytest

REASON = "not to be had here: "
"""How the reason of such a skip begins."""


def allowed_skip(reason: str) -> NoReturn:
    """Skips the test."""
    pytest.skip(REASON + reason)

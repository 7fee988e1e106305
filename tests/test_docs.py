"""What is written under docs/ says what the code says."""

import pytest

from docs.pages import pages


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path) -> None:  # type: ignore[no-untyped-def]
    assert path.read_text("utf-8") == pages()[path], "run make docs"
